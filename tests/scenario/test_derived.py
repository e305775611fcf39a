"""Look-ups that rooms share, against numbers that can be checked on paper."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_case import edit, write_case

from wasteplan.scenario import derived
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation, Period
from wasteplan.waste.material import lhv_mj_per_kg

KM_PER_DEGREE = 111.195  # of a great circle, earth radius 6371 km


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(write_case(tmp_path_factory.mktemp("case") / "small"))


def changed(tmp_path: Path, *edits: tuple[str, str, str]) -> Scenario:
    folder = write_case(tmp_path / "small")
    for each in edits:
        edit(folder, *each)
    return load_scenario(folder)


# Tonnage ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "tonnes"),
    [
        (2020, 40_000),  # before the first row: constant
        (2025, 40_000),
        (2028, 46_000),  # 40,000 + 3/5 x 10,000
        (2030, 50_000),
        (2032, 51_005),  # 50,000 x 1.01^2, the growth of the last row
    ],
)
def test_tonnage_between_before_and_after_its_rows(
    small: Scenario, year: int, tonnes: float
) -> None:
    assert derived.tonnage(small, "town", "msw", year) == pytest.approx(tonnes)


def test_tonnage_without_a_row_is_zero(small: Scenario) -> None:
    assert derived.tonnage(small, "zone", "msw", 2030) == 0.0


@given(
    rows=st.dictionaries(
        st.integers(2020, 2040), st.floats(0, 1e6), min_size=1, max_size=5
    ),
    year=st.integers(2000, 2060),
)
def test_tonnage_without_growth_stays_within_its_rows(
    rows: dict[int, float], year: int
) -> None:
    """A straight line never leaves the range of its ends, in any order of rows."""
    generation = tuple(
        Generation(generator="g", stream="s", year=y, waste_t_per_y=t)
        for y, t in rows.items()
    )
    scenario = Scenario(settings=None, generation=generation)  # type: ignore[arg-type]
    tonnes = derived.tonnage(scenario, "g", "s", year)
    low, high = min(rows.values()), max(rows.values())
    assert low - 1e-6 <= tonnes <= high + 1e-6
    if year in rows:
        assert tonnes == rows[year]


# Leakage ----------------------------------------------------------------------------


def test_leakage_before_and_after_the_penalty(small: Scenario) -> None:
    """Factory: legal price 30.  Burning pays 0, penalty 20 from 2031; dealers pay 15.

    early (2030): burning 0 + 30 - 0 = 30 >= 20, so the step of 20: 0.2.
    late (2035): burning 0 + 30 - 20 = 10 < 20, so the step without a bound: 0.05.
    Dealers: 15 + 30 = 45 >= 40: 0.1 in both.
    """
    early = derived.leakage_shares(small, "factory", "garment", "early")
    late = derived.leakage_shares(small, "factory", "garment", "late")
    assert early == {"burning": 0.2, "dealer": 0.1}
    assert late == {"burning": 0.05, "dealer": 0.1}


def test_a_step_not_reached_leaks_nothing(tmp_path: Path) -> None:
    """Dealers that pay 5 offer an advantage of 35, below their only step at 40."""
    scenario = changed(tmp_path, ("fates.csv", "informal,15", "informal,5"))
    assert derived.leakage_shares(scenario, "factory", "garment", "late") == {
        "burning": 0.05
    }


def test_the_advantage_may_just_reach_the_step(tmp_path: Path) -> None:
    """15 + 30 = 45 reaches a step at 45: not above it is enough."""
    scenario = changed(tmp_path, ("leakage.csv", "dealer,40", "dealer,45"))
    shares = derived.leakage_shares(scenario, "factory", "garment", "late")
    assert shares["dealer"] == 0.1


@pytest.mark.parametrize(("response", "burning"), [("low", 0.1), ("high", 0.3)])
def test_low_and_high_response(response: str, burning: float, tmp_path: Path) -> None:
    """The low and high columns of the step that applies; central where empty."""
    more = f'[leakage]\nresponse = "{response}"\n[economics]'
    scenario = changed(tmp_path, ("scenario.toml", "[economics]", more))
    shares = derived.leakage_shares(scenario, "factory", "garment", "early")
    assert shares["burning"] == burning
    assert derived.leakage_shares(scenario, "household", "msw", "early") == {
        "burning": 0.1
    }


def test_a_class_without_rows_does_not_leak(small: Scenario) -> None:
    assert derived.leakage_shares(small, "household", "garment", "early") == {}


# Money and factors ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "value"), [(2020, 0.08), (2025, 0.08), (2030, 0.09), (2050, 0.10)]
)
def test_a_price_between_and_outside_its_years(
    small: Scenario, year: int, value: float
) -> None:
    assert derived.price(small, "electricity_sold", year) == pytest.approx(value)


def test_a_price_of_another_currency_and_year(tmp_path: Path) -> None:
    """100 EUR of 2015 are 142.63 USD of 2023 (see `convert_money`)."""
    scenario = changed(
        tmp_path, ("prices.csv", "2025,0.08,USD,2023", "2025,100,EUR,2015")
    )
    value = derived.price(scenario, "electricity_sold", 2025)
    assert value == pytest.approx(142.63, abs=0.005)


def test_a_factor_between_its_years(small: Scenario) -> None:
    assert derived.factor(small, "grid_kg_co2e_per_kwh", 2030) == pytest.approx(0.5)


def test_a_missing_price_is_named(small: Scenario) -> None:
    with pytest.raises(derived.MissingItem, match=r"prices\.csv has no row for 'coal'"):
        derived.price(small, "coal", 2030)


# Waste ------------------------------------------------------------------------------


def test_material_of_a_stream(small: Scenario) -> None:
    """Msw: 0.6 x 0.7 + 0.4 x 0.2 = 0.5 water.

    LHV = 0.6 (16 x 0.3 - 2.443 x 0.7) + 0.4 (35 x 0.8 - 2.443 x 0.2) = 12.8585 MJ/kg
    """
    msw = derived.material(small, "msw")
    table = derived.fractions(small)
    assert msw.mass[table.index["kitchen"]] == pytest.approx(0.6)
    assert np.nansum(msw.mass * msw.water) == pytest.approx(0.5)
    assert lhv_mj_per_kg(msw, table) == pytest.approx(12.8585)


def test_answers_stay_with_their_scenario(small: Scenario) -> None:
    """Asked twice, computed once; a changed scenario does not see the old answer."""
    assert derived.material(small, "msw") is derived.material(small, "msw")
    other = dataclasses.replace(
        small,
        fates=tuple(f.model_copy(update={"price_paid_per_t": 0}) for f in small.fates),
    )
    assert derived.leakage_shares(small, "factory", "garment", "late")["dealer"] == 0.1
    assert "dealer" not in derived.leakage_shares(other, "factory", "garment", "late")


def test_what_a_technology_takes(small: Scenario) -> None:
    assert derived.accepted_by(small, "burner") == {"garment", "msw"}
    assert derived.accepted_by(small, "dump") == {"garment", "msw", "grate_ash"}
    assert derived.accepted_by(small, "laundry") == frozenset()


# Time -------------------------------------------------------------------------------


def test_lead_time(small: Scenario) -> None:
    """Base year 2025; the burner takes 3 years, so not in 2026, but in 2031."""
    assert not derived.opening_is_possible(small, "burner", "early")
    assert derived.opening_is_possible(small, "burner", "late")
    assert derived.opening_is_possible(small, "transfer", "early")  # 2025 + 1


def test_life_of_a_build(small: Scenario) -> None:
    """Opened 2026: with 10 years it works to 2035, with 9 the late period is lost."""
    assert derived.build_works_in(small, 10, 2026, "late")
    assert not derived.build_works_in(small, 9, 2026, "late")
    assert derived.build_works_in(small, 9, 2026, "early")
    assert not derived.build_works_in(small, 10, 2031, "early")


@pytest.mark.parametrize(
    ("opened", "closes_after", "early", "late"),
    [
        (2010, 2040, True, True),
        (2010, 2035, True, True),
        (2010, 2034, True, False),
        (2028, 2040, False, True),
        (1971, 2040, True, False),  # 60 years end with 2030
    ],
)
def test_an_existing_facility(
    opened: int, closes_after: int, early: bool, late: bool, tmp_path: Path
) -> None:
    scenario = changed(
        tmp_path, ("facilities.csv", "2010,2040", f"{opened},{closes_after}")
    )
    assert derived.facility_works_in(scenario, "old_dump", "early") is early
    assert derived.facility_works_in(scenario, "old_dump", "late") is late


def test_sites_and_outlets_open_and_close(small: Scenario) -> None:
    """The outlet takes material 2028 to 2033: in no period does it every year."""
    assert derived.site_is_open_in(small, "north", "early")
    assert not derived.outlet_works_in(small, "road_works", "early")
    assert not derived.outlet_works_in(small, "road_works", "late")
    middle = Period(id="middle", first_year=2028, last_year=2033)
    assert derived.outlet_works_in(small, "road_works", middle)


def test_owners(small: Scenario) -> None:
    """A row says so; else plants are an operator's and centres the public's."""
    assert derived.owner(small, "dump_site.dump") == "public"
    assert derived.owner(small, "dump") == "public"
    assert derived.owner(small, "north.burner") == "operator"
    assert derived.owner(small, "transfer") == "public"


# Places and hauls -------------------------------------------------------------------


def test_places(small: Scenario) -> None:
    assert derived.place(small, "zone").lon == 104.80
    assert derived.place(small, "north.burner") == derived.place(small, "north")
    assert derived.place(small, "road_works").lat == 11.60
    with pytest.raises(KeyError):
        derived.place(small, "nowhere")


def test_hauls_from_two_classes_with_two_trucks(small: Scenario) -> None:
    """All places stand on nodes, so ways are roads.

    zone -> north: 12 km at 50 km/h and 13 km at the provider's 40: 25 km, 0.565 h.
    The tipper carries min(8 t, 20 m3 x 100 kg/m3) = 2 t of loose garment waste:
    hours 0.3 + 0.2 + 2 x 0.565 = 1.63; (2 x 25 x 0.5 + 1.63 x 4) / 2 = 15.76 per t.
    town -> dump_site: 12 km at 50 and 14 km at the press's own 30: 26 km, 0.706667 h.
    It compacts: min(10 t, 20 x 500 kg/m3) = 10 t; hours 0.7 + 2 x 0.706667 = 2.113333;
    (2 x 26 x 0.6 + 2.113333 x 5) / 10 = 4.176667 per t; 5.2 truck km, 4.68 kg CO2.
    """
    garment = derived.haul(small, ["zone"], ["north.burner", "dump_site"], "garment")
    assert garment.vehicles == ("tipper",)
    assert garment.distance_km[0, 0] == pytest.approx(25)
    assert garment.time_h[0, 0] == pytest.approx(0.565)
    assert garment.load_t[0, 0] == pytest.approx(2)
    assert garment.cost_per_t[0, 0] == pytest.approx(15.76)

    msw = derived.haul(small, ["zone", "town"], ["north", "dump_site"], "msw")
    assert msw.vehicles == ("tipper", "press")
    assert msw.distance_km[1, 1] == pytest.approx(26)
    assert msw.load_t[1, 1] == pytest.approx(10)
    assert msw.cost_per_t[1, 1] == pytest.approx(4.176667)
    assert msw.truck_km_per_t[1, 1] == pytest.approx(5.2)
    assert msw.co2_kg_per_t[1, 1] == pytest.approx(4.68)
    assert msw.possible.all()


def test_hauls_of_products_and_from_centres(small: Scenario) -> None:
    """Ash: min(8 t, 20 m3 x 1200 kg/m3) = 8 t.  Compacted: min(8, 20 x 0.5) = 8 t."""
    ash = derived.haul(small, ["north.burner"], ["dump_site"], "grate_ash")
    assert ash.load_t[0, 0] == pytest.approx(8)
    bulk = derived.haul(small, ["transfer"], ["north"], "msw")
    assert bulk.vehicles == ("tipper",)
    assert bulk.load_t[0, 0] == pytest.approx(8)
    loose = derived.haul(small, ["transfer"], ["north"], "msw", "loose")
    assert loose.load_t[0, 0] == pytest.approx(5)  # 20 m3 x 250 kg/m3


def test_a_haul_beyond_its_leg_is_impossible(tmp_path: Path) -> None:
    """The press goes 25.5 km at most: north is 25 km away, the dump 26 km."""
    scenario = changed(tmp_path, ("legs.csv", "press,100", "press,25.5"))
    found = derived.haul(scenario, ["town"], ["north", "dump_site"], "msw")
    assert found.possible.tolist() == [[True, False]]
    assert found.cost_per_t[0, 1] == np.inf
    assert np.isnan(found.load_t[0, 1])
    assert found.distance_km[0, 1] == pytest.approx(26)


def test_a_haul_without_a_leg_is_impossible(small: Scenario) -> None:
    only_homes = tuple(leg for leg in small.legs if leg.id == "homes")
    scenario = dataclasses.replace(small, legs=only_homes)
    found = derived.haul(scenario, ["zone", "town"], ["north"], "msw")
    assert found.vehicles == ("", "press")
    assert found.possible.tolist() == [[False], [True]]
    assert np.isinf(found.cost_per_t[0, 0])


def test_roads_of_the_great_circle(tmp_path: Path) -> None:
    """0.1 degree of latitude is 11.12 km; times circuity 1.3 at 40 km/h."""
    folder = write_case(tmp_path / "small")
    edit(folder, "scenario.toml", '"graph"', '"great_circle"')
    scenario = load_scenario(folder)
    km, hours = derived.distances(scenario, ("road_works",), ("town",))
    assert km[0, 0] == pytest.approx(1.3 * 0.1 * KM_PER_DEGREE, rel=1e-4)
    assert hours[0, 0] == pytest.approx(km[0, 0] / 40)


def test_roads_from_a_file_in_the_folder(tmp_path: Path) -> None:
    """One line of 30 km from west to east instead of the tables."""
    folder = write_case(tmp_path / "small")
    edit(folder, "scenario.toml", '"graph"', '"graph"\nfile = "roads.geojson"')
    (folder / "roads.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature",'
        '"properties": {"length_km": 30}, "geometry": {"type": "LineString",'
        '"coordinates": [[104.80, 11.50], [105.00, 11.50]]}}]}'
    )
    km, _ = derived.distances(load_scenario(folder), ("zone",), ("town",))
    assert km[0, 0] == pytest.approx(30)
