"""The scenarios that ship with the project: they load, add up and stand on sources."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from wasteplan.plan.files import read_plan
from wasteplan.scenario.derived import fractions, material, place, roads_of
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.study.burning_window import burning_window
from wasteplan.study.element_tables import element_tables
from wasteplan.study.power_intensity import power_intensity
from wasteplan.units import words
from wasteplan.waste.material import lhv_mj_per_kg

FOLDERS = sorted(
    path.parent
    for path in (Path(__file__).parents[1] / "scenarios").glob("*/scenario.toml")
)
HOME = next(f for f in FOLDERS if f.name == "phnom-penh")


@cache
def loaded(name: str) -> Scenario:
    """A shipped scenario by the name of its folder."""
    return load_scenario(HOME.parent / name)


def tonnes(scenario: Scenario) -> dict[str, float]:
    """Waste of the base year by region.  [t/y]"""
    total: dict[str, float] = defaultdict(float)
    for row in scenario.generation:
        total[scenario.generator[row.generator].region] += row.waste_t_per_y
    return total


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
def test_every_shipped_scenario_loads_and_says_what_it_is(folder: Path) -> None:
    scenario = loaded(folder.name)

    assert scenario.settings.scenario.notes
    assert (folder / "README.md").is_file()


@pytest.mark.parametrize(
    ("name", "waste_t_per_y"),
    [
        ("phnom-penh", 200_000),
        ("phnom-penh-low-waste", 100_000),
        ("phnom-penh-high-waste", 300_000),
    ],
)
def test_the_capital_region_has_the_published_total(
    name: str, waste_t_per_y: float
) -> None:
    """Zones and clusters are together the low, middle and high that are published."""
    assert tonnes(loaded(name))["phnom_penh"] == pytest.approx(waste_t_per_y, abs=1)


def test_the_country_has_the_published_total_and_the_towns_their_reports() -> None:
    """2.85 Mt; Phnom Penh 1,015,980 t (2019) x 1.063^5; the rest is shared out."""
    scenario = loaded("cambodia-municipal")
    by_town: dict[str, float] = defaultdict(float)
    for row in scenario.generation:
        if row.year == 2024:
            by_town[row.generator] += row.waste_t_per_y

    assert sum(by_town.values()) == pytest.approx(2_850_000)
    assert by_town["phnom_penh"] == pytest.approx(1_015_980 * 1.063**5, abs=1)
    assert by_town["siem_reap"] == pytest.approx(480 * 365 * 1.063**4, abs=1)
    # two provinces without a report: in proportion to their people
    people = scenario.generator["takeo"].population / (
        scenario.generator["kampot"].population
    )
    assert by_town["takeo"] / by_town["kampot"] == pytest.approx(people, rel=1e-4)


def test_municipal_growth_declines_and_stays() -> None:
    """6.3 % in the first year, 2.5 % from 2035 on."""
    rows = [
        r
        for r in loaded("cambodia-municipal").generation
        if (r.generator, r.stream) == ("phnom_penh", "msw_mixed")
    ]
    tonnes_by_year = {r.year: r.waste_t_per_y for r in rows}
    years = sorted(tonnes_by_year)
    growth = [
        (tonnes_by_year[b] / tonnes_by_year[a]) ** (1 / (b - a)) - 1
        for a, b in pairwise(years)
    ]

    assert growth[0] == pytest.approx(0.063)
    assert growth == sorted(growth, reverse=True)
    assert rows[-1].growth_per_y == 0.025


def test_the_measured_composition_is_used_for_what_is_left_after_picking() -> None:
    """Mixed waste keeps the measured heating value; the picked streams are apart."""
    scenario = loaded("cambodia-municipal")
    mixed = material(scenario, "msw_mixed")

    assert lhv_mj_per_kg(mixed, fractions(scenario)) == pytest.approx(7.77, abs=1e-6)
    picked = sum(
        r.waste_t_per_y
        for r in scenario.generation
        if r.year == 2024 and r.stream.startswith("picked")
    )
    assert picked == pytest.approx(0.04 * 2_850_000, rel=1e-4)


def test_streams_without_a_composition_are_passed_over() -> None:
    """What programmes keep apart has none: tables by stream leave it out."""
    scenario = loaded("cambodia-municipal")
    plan = read_plan(HOME.parent / "cambodia-municipal" / "plans" / "status-quo.json")

    assert "source_organics" not in {s for _, s in element_tables(scenario)}
    assert len(power_intensity(scenario))
    assert "msw_mixed" in set(burning_window(scenario, plan)["name"])


def test_food_works_have_the_published_volume_as_effluent() -> None:
    """2.41 million m3/y, in no solid tonnage; every plant states its methane."""
    scenario = loaded("food-sme-effluent")
    liquid = {s.id for s in scenario.streams if s.is_effluent}
    m3 = sum(r.waste_t_per_y for r in scenario.generation if r.stream in liquid)

    assert m3 == pytest.approx(2_410_000)
    assert all(g.kind == "cluster" for g in scenario.generators)
    works = [t for t in scenario.technologies if t.kind == "effluent"]
    assert {t.methane_correction for t in works} == {0, 0.2, 0.3, 0.8}


def test_a_zone_of_garment_factories_makes_its_workers_times_the_rate() -> None:
    """Manhattan zone: 28,051 workers x 0.18 t textiles / 0.70 = 7,213 t/y."""
    row = next(
        r
        for r in loaded("phnom-penh").generation
        if (r.generator, r.stream) == ("manhattan", "industrial_garment")
    )

    assert row.waste_t_per_y == pytest.approx(28_051 * 0.18 / 0.70, abs=1)


def test_factory_waste_is_dry_and_hot() -> None:
    """About 18 MJ/kg: a line for 10.6 MJ/kg is full at some 58 % of its tonnes."""
    scenario = loaded("phnom-penh")
    lhv = lhv_mj_per_kg(material(scenario, "industrial_garment"), fractions(scenario))

    assert lhv == pytest.approx(18.4, abs=0.3)


@pytest.mark.parametrize(
    ("name", "farthest_km"), [("phnom-penh", 1000), ("cambodia-municipal", 1100)]
)
def test_every_place_is_on_the_roads(name: str, farthest_km: float) -> None:
    """No place hangs off the graph, and every generator reaches every site."""
    scenario = loaded(name)
    places = [
        place(scenario, row.id)
        for table in ("generators", "sites", "centres", "outlets", "depots")
        for row in getattr(scenario, table)
    ]
    km, _ = roads_of(scenario).matrix(places, places)

    assert km.max() < farthest_km


@pytest.mark.parametrize("name", ["phnom-penh", "cambodia-municipal"])
def test_targets_are_called_illustrative_wherever_they_stand(name: str) -> None:
    scenario = loaded(name)

    assert scenario.targets
    assert all("illustrative" in t.definition for t in scenario.targets)
    assert any("illustrative" in n for n in scenario.settings.scenario.notes)


def test_no_numbers_are_left_for_invented_factories() -> None:
    """Generators are named zones or clusters that say they stand for many factories."""
    for generator in loaded("phnom-penh").generators:
        assert generator.kind in ("zone", "cluster")
        if generator.kind == "cluster":
            assert generator.status == "assumption"
            assert "many factories" in generator.note


@pytest.mark.parametrize(
    "name", ["phnom-penh", "cambodia-municipal", "food-sme-effluent"]
)
def test_the_status_quo_routes_all_waste_and_builds_nothing(name: str) -> None:
    """Shares of every generator, stream and period sum to 1."""
    scenario = loaded(name)
    plan = read_plan(HOME.parent / name / "plans" / "status-quo.json")
    shares: dict[tuple[str, str, str], float] = defaultdict(float)
    for route in plan.routes:
        if route.origin in scenario.generator:
            shares[route.period, route.origin, route.stream] += route.share

    assert plan.builds == ()
    assert set(shares) == {
        (period.id, row.generator, row.stream)
        for period in scenario.periods
        for row in scenario.generation
    }
    assert all(share == pytest.approx(1) for share in shares.values())


def test_the_background_of_the_map_is_small() -> None:
    path = HOME / "background.geojson"

    assert path.stat().st_size <= 40_000
    assert len(json.loads(path.read_text(encoding="utf-8"))["features"]) == 24


def test_sites_name_only_technologies_with_a_size() -> None:
    scenario = loaded("phnom-penh")
    sized = {size.technology for size in scenario.sizes}

    for site in scenario.sites:
        assert set(words(site.technologies)) <= sized
