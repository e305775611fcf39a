"""Effluent is in no figure of solid waste, wherever studies say one."""

import pandas as pd
import pytest
from effluent_case import WATER, diversion_target, two_works
from evaluation_cases import READ, build, plan, route

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.network.haulage import Vehicle
from wasteplan.scenario.standing import standing
from wasteplan.study.appraisal_drivers import _collected_t
from wasteplan.study.assess import assess
from wasteplan.study.building import builds_said
from wasteplan.study.sdg_reporting import sdg_rows
from wasteplan.study.target_monitoring import target_rows

ON_SITE_AND_CENTRAL = plan(
    route("town", "tip.landfill", stream="dry"),
    route("a", "at_a.on_site", stream=WATER),
    route("at_a.on_site", "tip.landfill", product="cake"),
    route("b", "estate.central", stream=WATER),
    route("estate.central", "tip.landfill", product="cake"),
    builds=(build("at_a", "on_site"), build("estate", "central")),
)


def loads(*rows: tuple[str, str, str, float, bool]) -> pd.DataFrame:
    columns = ["origin", "stream", "fate", "waste_t", "is_first"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(year=2025, region="", facility="tip")


def test_an_assessment_is_per_tonne_of_solid_waste() -> None:
    """1,000 t of the town and 150 t of cake; the 20,000 m3 are no waste."""
    scenario = two_works()
    found = assess(scenario, ON_SITE_AND_CENTRAL)
    own = evaluate(scenario, ON_SITE_AND_CENTRAL)
    climate = found.impacts.set_index("method").loc["gwp100_ar6"]

    assert found.generated_t == pytest.approx(1_150)
    assert climate["net_per_t"] == pytest.approx(own.kpi("co2e_kg_per_t"))
    assert climate["net"] == pytest.approx(own.emissions["kg_co2e"].sum())


def test_tankers_of_effluent_are_collection_and_in_no_figure_per_tonne() -> None:
    """1,000 loads of 10 t of water over 2 x 10 km at 1 kg: 20 t CO2, none of waste."""
    tanker = Vehicle(
        id="truck",
        payload_t=10.0,
        cost_per_km=1.0,
        cost_per_h=0.0,
        speed_km_per_h=30.0,
        co2_kg_per_km=1.0,
        **READ,
    )
    found = assess(two_works(vehicles=[tanker]), ON_SITE_AND_CENTRAL)
    stages = found.stages.set_index("stage")
    climate = found.impacts.set_index("method").loc["gwp100_ar6"]
    emitted, avoided = found.of_effluent_t_co2e
    solid_t = found.net_t_co2e - emitted + avoided

    of_solid = stages.loc["collection", "kg_co2e_per_t"] * found.generated_t / 1000
    assert stages.loc["collection", "t_co2e"] - of_solid == pytest.approx(20.0)
    assert climate["net_per_t"] == pytest.approx(found.per_t(solid_t))
    assert stages["kg_co2e_per_t"].sum() == pytest.approx(found.per_t(solid_t))


def test_the_summary_says_what_effluent_emits() -> None:
    """2.3 t of CH4 at 27 and 10 MWh at 0.5 kg/kWh: 67.1 t CO2e, apart."""
    found = assess(two_works(), ON_SITE_AND_CENTRAL)
    emitted = found.stages.loc[~found.stages["is_credit"].astype(bool)]
    solid = emitted["kg_co2e_per_t"].sum() * found.generated_t / 1000

    assert found.of_effluent_t_co2e == pytest.approx((67.1, 0.0))
    assert "of solid waste, without 67 t of effluent" in found.summary()
    assert emitted["t_co2e"].sum() - solid == pytest.approx(67.1)


def test_check_counts_water_in_cubic_metres_of_its_own() -> None:
    found = standing(two_works())
    streams = {s.stream: (s.first_t_per_y, s.unit) for s in found.streams}

    assert streams == {
        "dry": (1_000, "t/y"),
        WATER: (20_000, "m3/y"),
        "all solid waste": (1_000, "t/y"),
    }
    assert [(t.waste_t_per_y, t.unit, t.share) for t in found.tonnage] == [
        (20_000, "m3/y", 1.0),
        (1_000, "t/y", 1.0),
    ]
    assert "20,000 m3/y in the first year" in found.summary()


def test_builds_of_effluent_plants_are_said_in_cubic_metres() -> None:
    scenario = two_works()
    said = builds_said(
        scenario, ON_SITE_AND_CENTRAL, evaluate(scenario, ON_SITE_AND_CENTRAL)
    )

    assert "40,000 m3/y from 2025" in said
    assert "kt/y" not in said


def test_reported_diversion_is_of_solid_waste() -> None:
    """500 of 1,000 t recycled and everything treated of the water: one half."""
    scenario = two_works(targets=(diversion_target(0.0),))
    reported = loads(
        ("town", "dry", "recycling", 500, True),
        ("town", "dry", "landfill", 500, True),
        ("a", WATER, "recycling", 20_000, True),
    )
    row = target_rows(
        scenario, evaluate(scenario, ON_SITE_AND_CENTRAL), reported, {2025: 1.0}
    ).iloc[0]

    assert (row["reported_low"], row["reported_high"]) == pytest.approx((0.5, 0.5))


def test_recycling_reported_to_the_united_nations_is_of_solid_waste() -> None:
    reported = loads(("town", "dry", "recycling", 250, True))
    rows = sdg_rows(two_works(), reported, {2025: 1.0}, {}, frozenset())

    rate = rows.set_index("indicator").loc["12.5.1", "low"]
    assert rate == pytest.approx(0.25)


def test_tonnes_that_a_gate_fee_rests_on_are_solid() -> None:
    assert _collected_t(two_works()) == pytest.approx(1_000)
