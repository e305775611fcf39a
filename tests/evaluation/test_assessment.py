"""Impacts by method and what contributes to them, on cases worked out on paper."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluation_cases import (
    ASH,
    GAS,
    READ,
    case,
    generator,
    plan,
    route,
    settings,
    site,
    size,
    splits,
    standing,
    takes,
    technology,
    tonnes,
)

from wasteplan.errors import ScenarioError, WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.inventorying import STAGES, inventory
from wasteplan.lca.methods import impact_matrix, packaged_methods, user_methods
from wasteplan.lca.pollutants import INVENTORIED, LIMITS
from wasteplan.report.impacts import impacts_section
from wasteplan.report.subject import Subject
from wasteplan.scenario.records import Price, YearlyFactor
from wasteplan.scenario.settings import Assessment
from wasteplan.study.assess import assess
from wasteplan.study.compare import compare
from wasteplan.study.ranking import assumptions_of, ranking
from wasteplan.treatment.combustion import is_autothermal

GRID = 0.5
PLAN = plan(
    route("town", "works.burner", stream="dry"),
    route("town", "hole.tip", stream="wet"),
    route("works.burner", "hole.tip", product="slag"),
)


def town(**assessment: Any):
    """1,000 t of dry burnt at 20 % net, its 100 t of ash and 600 t of wet buried."""
    return case(
        setting=settings(assessment=Assessment(**assessment)),
        generators=[generator("town")],
        generation=[tonnes("town", "dry", 1000.0), tonnes("town", "wet", 600.0)],
        sites=[site("works", "burner"), site("hole", "tip")],
        technologies=[
            technology("burner", "combustion", efficiency_electric_net=0.2),
            technology("tip", "disposal"),
        ],
        sizes=[size("burner"), size("tip")],
        facilities=[standing("burner", "works"), standing("tip", "hole")],
        products=[ASH, GAS],
        yields=splits("burner", slag=0.1, gas=0.9),
        acceptance=[*takes("burner", "dry"), *takes("tip", "wet", "slag")],
        factors=[
            YearlyFactor(item="grid_kg_co2e_per_kwh", year=2024, value=GRID, **READ)
        ],
        prices=[
            Price(item=i, year=2024, value=0, currency="USD", price_year=2024, **READ)
            for i in ("electricity_sold", "electricity_bought")
        ],
    )


def net(scenario: Any, method: str) -> float:
    found = assess(scenario, PLAN, methods=[method]).impacts
    return float(found["net"].iloc[0])


def test_acidification_of_a_burner_by_hand() -> None:
    """Per tonne burnt 848 g NOx x 0.7 + 87 g SO2 x 1 + 3 g NH3 x 1.88 = 686.24 g."""
    assert net(town(), "acidification_traci21") == pytest.approx(686.24)


def test_ozone_and_particles_by_hand() -> None:
    """NMVOC 5.9 + NOx 848 x 1.22 + CO 41 x 0.11 = 1,044.97 g; CH4 by 0.014.

    Particles: 3.2 + 848 x 0.88 + 87 x 0.54 + 3 x 0.64 = 798.34 g.
    """
    methane = 1000 * 0.2e-3 + 600 * 1000 * 0.2 * 0.25 * 16 / 12  # kg
    expected = 1044.97 + 0.014 * methane
    assert net(town(), "photochemical_ozone_eea") == pytest.approx(expected)
    assert net(town(), "particulate_matter_eea") == pytest.approx(798.34)


@pytest.mark.parametrize("gwp", ["AR4", "AR5", "AR6"])
def test_the_inventory_warms_as_the_evaluation_says(gwp: str) -> None:
    scenario = town(gwp=gwp)
    own = evaluate(scenario, PLAN).emissions["kg_co2e"].sum()
    assert net(scenario, f"gwp100_{gwp.lower()}") == pytest.approx(own, rel=1e-12)


def test_twenty_years_weigh_methane_three_times() -> None:
    """600 t of wet: 66.667 kg/t CH4 x 79.7 instead of 27."""
    scenario = town()
    difference = net(scenario, "gwp20_ar6") - net(scenario, "gwp100_ar6")
    buried = 600 * 1000 * 0.2 * 0.25 * 16 / 12 * (79.7 - 27.0)
    stack = 1000 * 0.2e-3 * (82.5 - 29.8)
    assert difference == pytest.approx(buried + stack, rel=1e-9)


def test_contributions_add_up_and_know_their_stage() -> None:
    found = assess(town(), PLAN)
    for method, total in zip(
        found.impacts["method"], found.impacts["net"], strict=True
    ):
        own = found.contributions[found.contributions["method"] == method]
        for _, part in own.groupby("by"):
            assert part["net"].sum() == pytest.approx(total, rel=1e-9)
    stages = set(found.inventory["stage"])
    assert stages == {"process", "landfill", "avoided"}
    assert stages <= set(STAGES)
    streams = found.contributions.query("method == 'gwp100_ar6' and by == 'stream'")
    by_stream = streams.set_index("name")
    assert by_stream.loc["wet", "avoided"] == 0
    assert by_stream.loc["dry", "avoided"] > 0


def test_stages_are_those_of_the_life_cycle_and_add_up() -> None:
    """One vocabulary: the printed stages are those of the contributions."""
    found = assess(town(), PLAN)
    by = found.contributions
    method = by["method"] == f"gwp100_{found.gwp.lower()}"
    named = by[method & (by["by"] == "stage")].set_index("name")["net"]
    printed = found.stages.groupby("stage")["t_co2e"].sum() * 1000
    assert set(printed.index) <= set(STAGES)
    for stage, kg in printed.items():
        assert kg == pytest.approx(named[stage], rel=1e-12), stage
    assert found.stages["t_co2e"].sum() == pytest.approx(found.net_t_co2e, rel=1e-12)


def test_ash_in_a_landfill_is_a_stage_of_its_own() -> None:
    scenario = town()
    diesel = [
        t.model_copy(update={"diesel_l_per_t": 1.0}) if t.id == "tip" else t
        for t in scenario.technologies
    ]
    found = inventory(replace(scenario, technologies=tuple(diesel)), PLAN)
    by_stage = found[found["substance"] == "co2_fossil"].groupby("stage")["kg"].sum()
    assert by_stage["residues"] == pytest.approx(100 * 2.697)
    assert by_stage["landfill"] == pytest.approx(600 * 2.697)


def test_cut_off_subtracts_nothing_and_is_not_mixed_with_expansion() -> None:
    expansion, cut_off = assess(town(), PLAN), assess(town(credits=False), PLAN)
    assert cut_off.net_t_co2e == cut_off.emitted_t_co2e == expansion.emitted_t_co2e
    assert expansion.net_t_co2e < cut_off.net_t_co2e
    assert (cut_off.impacts["avoided"] == 0).all()
    with pytest.raises(WasteplanError, match="not comparable"):
        compare(
            {name: evaluate(town(credits=c), PLAN) for name, c in (("a", 1), ("b", 0))}
        )


def test_a_method_of_the_scenario_folder(tmp_path: Path) -> None:
    """A method of its own: 2 points per kg of fossil CO2."""
    write(tmp_path, "ours", "substance,factor,unit,status\nco2_fossil,2,points,read\n")
    scenario = replace(town(), folder=tmp_path)
    found = assess(scenario, PLAN, methods=["ours"]).impacts.iloc[0]
    assert found["unit"] == "points"
    assert found["net"] == pytest.approx(2 * 1000 * 1000 * 0.5 * 44 / 12)
    assert "ours" in set(assess(scenario, PLAN).impacts["method"])


def write(folder: Path, name: str, text: str) -> None:
    (folder / "methods").mkdir(exist_ok=True)
    (folder / "methods" / f"{name}.csv").write_text(text, encoding="utf-8")


def test_mistakes_in_a_method_are_all_named(tmp_path: Path) -> None:
    rows = "noxx,2,kg,read,\nso2,1,g,read,who\nnh3,many,kg,read,\n"
    write(tmp_path, "ours", "substance,factor,unit,status,source\n" + rows)
    write(tmp_path, "gwp100_ar6", "substance,factor,unit,status\nso2,1,kg,read\n")
    write(tmp_path, "Our Method", "substance,factor,unit,status\nso2,1,kg,read\n")
    with pytest.raises(ScenarioError) as caught:
        user_methods(tmp_path)
    text = str(caught.value)
    for part in (
        "methods/ours.csv row 2, substance: no substance 'noxx' (did you mean 'nox'?)",
        "methods/ours.csv row 3, source: no source 'who'",
        "methods/ours.csv row 4, factor",
        "has the name of a packaged method",
        "its name is no id",
    ):
        assert part in text


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(WasteplanError, match="did you mean 'gwp100_ar6'"):
        assess(town(), PLAN, methods=["gwp100_ar66"])


def test_methods_are_one_matrix_over_what_is_inventoried() -> None:
    """Inventory x matrix is what the methods give one by one."""
    scenario = town()
    methods = tuple(packaged_methods().values())
    found = assess(scenario, PLAN)
    kg = found.inventory.groupby("substance")["kg"].sum()
    row = [float(kg.get(s, 0.0)) for s in INVENTORIED]
    product = row @ impact_matrix(methods)
    assert product.tolist() == pytest.approx(found.impacts["net"].tolist(), rel=1e-12)


def test_fossil_carbon_of_power_beside_the_grid() -> None:
    """1,833.33 kg CO2 and 1,111.11 kWh per tonne: 1.65 kg/kWh against 0.5."""
    found = assess(town(), PLAN).power.iloc[0]
    assert found["net_kwh_per_t"] == pytest.approx(1111.11, abs=0.01)
    assert found["fossil_co2_kg_per_kwh"] == pytest.approx(1.65)
    assert found["grid_kg_co2e_per_kwh"] == GRID


def test_a_cleaner_grid_turns_the_ranking_of_two_plans() -> None:
    """Burning dry emits 1,833.333 + 0.006 + 13.65 + 10 kg/t and saves 1,111.1 kWh.

    Buried it emits nothing, so burning leads where the grid is above 1.6713 kg/kWh.
    """
    scenario = town()
    scenario = replace(
        scenario,
        acceptance=(*scenario.acceptance, *takes("tip", "dry")),
        factors=tuple(f.model_copy(update={"value": 1.0}) for f in scenario.factors),
    )
    plans = {
        "burn": PLAN,
        "bury": plan(route("town", "hole.tip")),
    }
    found = ranking(scenario, plans, assumptions_of(scenario)).set_index("assumption")
    grid = found.loc["grid factor, times"]
    assert (grid["best_at_low"], grid["best_at_central"]) == ("bury", "bury")
    assert grid["best_at_high"] == "burn"
    kwh = 20_000 * 0.2 / 3.6
    direct = 1000 * 0.5 * 44 / 12 + 0.0002 * 29.8 + 0.05 * 273 + 10
    assert grid["switch_value"] == pytest.approx(direct / kwh, abs=1e-5)
    assert grid["switch_value"] == pytest.approx(1.6713, abs=1e-4)
    assert grid["switch_to"] == "burn"
    assert list(found.index) == ["grid factor, times", "moisture, times"]
    assert found.loc["moisture, times", "switch_to"] == ""


def test_one_plan_cannot_be_ranked() -> None:
    with pytest.raises(WasteplanError, match="at least two plans"):
        ranking(town(), {"one": PLAN}, ())


def test_the_window_of_the_tanner_diagram_by_hand() -> None:
    """`dry` is 90 % combustible and 10 % ash; the burner takes nothing else.

    At 61 % water the measured mix of Phnom Penh lies outside.
    """
    window = assess(town(), PLAN).window.set_index(["kind", "name"])
    blend = window.loc[("blend", "works.burner")]
    assert blend["combustible"] == pytest.approx(0.9)
    assert blend["ash"] == pytest.approx(0.1)
    assert blend["is_autothermal"]
    assert ("blend", "hole.tip") not in window.index
    assert not is_autothermal(0.6092, 0.0319, 0.3589)


def test_the_report_shows_impacts_and_the_window() -> None:
    scenario = town()
    found = assess(scenario, PLAN)
    subject = Subject(scenario, PLAN, evaluate(scenario, PLAN), assessment=found)
    section = impacts_section(subject)
    assert section is not None
    contributions, tanner = section.charts
    for i in range(len(found.impacts)):
        shares = [s["values"][i] for s in contributions.data["series"]]
        assert sum(map(abs, shares)) == pytest.approx(1.0)
    assert len(tanner.data["points"]) == len(found.window) == 3
    assert tanner.summary == "All streams and blends lie inside the window"
    assert section.points == (LIMITS,)
    assert impacts_section(replace(subject, assessment=None)) is None


def test_an_unknown_impact_does_not_hide_the_others() -> None:
    scenario = town()
    found = assess(scenario, PLAN)
    is_sour = found.impacts["method"] == "acidification_traci21"
    impacts = found.impacts.assign(net=found.impacts["net"].mask(is_sour))
    gap = replace(found, impacts=impacts)
    evaluation = evaluate(scenario, PLAN)
    section = impacts_section(Subject(scenario, PLAN, evaluation, assessment=gap))
    assert section is not None
    labels = section.charts[0].data["labels"]
    assert len(labels) == len(found.impacts) - 1
    assert "Acidification, TRACI 2.1" not in labels
    assert section.points[1].startswith("Acidification, TRACI 2.1: not known")
    nothing = replace(found, impacts=found.impacts.assign(net=float("nan")))
    none = Subject(scenario, PLAN, evaluation, assessment=nothing)
    assert impacts_section(none) is None
