"""The simulation runs the waste that the measures of a plan leave."""

import pytest
from small_network import ASH, route, settings, tables

from wasteplan.errors import PlanError
from wasteplan.plan.records import MeasureAtWork, Plan
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.measure_records import LeakageMeasure, Programme
from wasteplan.scenario.records import LeakageStep
from wasteplan.sim import simulate
from wasteplan.waste.records import Stream

YEAR = {"days": 364, "warm_up_d": 28, "replications": 2}


def with_measures(**more):
    rows = tables(leaks=0.3)
    rows["streams"].append(Stream(id="apart", density_compacted_kg_per_m3=500.0))
    rows["acceptance"] += [
        r.model_copy(update={"accepts": "apart"}) for r in rows["acceptance"][:2]
    ]
    rows["programmes"] = [
        Programme(
            id="sort",
            kind="segregation",
            generator_class="homes",
            fraction="mixed",
            participation=0.5,
            capture=0.4,
            to_stream="apart",
            from_year=2030,
        )
    ]
    rows["leakage"] = [
        rows["leakage"][0].model_copy(update={"advantage_min": 0.0}),
        LeakageStep(generator_class="homes", stream="msw", fate="fires", share=0.1),
    ]
    rows["leakage_measures"] = [
        LeakageMeasure(
            id="police",
            kind="enforcement",
            generator_class="homes",
            penalty_added_per_t=1.0,
            from_year=2030,
        )
    ]
    return make_scenario(settings(**YEAR), check=False, **(rows | more))


def by_hand(*measures):
    routes = [
        route(g, "hill.burner" if s == "msw" else "pit.dump", stream=s)
        for g in ("town", "village")
        for s in ("msw", "apart")
    ]
    return Plan(
        scenario="small",
        name="by hand",
        routes=(*routes, route("hill.burner", "pit.dump", product="slag")),
        measures=tuple(MeasureAtWork(measure=m, period="p1") for m in measures),
    )


def test_separated_waste_goes_its_own_way_and_leaks_less():
    """40,150 t/y: 20 % set apart to the dump, of the rest 10 % burns in the open.

    0.8 x 0.9 = 72 % reach the burner, 20 % of that are slag: with the 20 % dumped and
    the 8 % lost, 1 - 0.2 - 0.08 - 0.72 x 0.2 are diverted.
    """
    result = simulate(with_measures(), by_hand("sort", "police"))

    assert result.kpi("generated_t") == pytest.approx(40_150)
    expected = 1 - 0.2 - 0.08 - 0.72 * ASH
    assert result.kpi("landfill_diversion_rate") == pytest.approx(expected, abs=3e-3)


def test_without_measures_it_leaks_as_the_table_says():
    """30 % lost, of the rest 20 % slag."""
    result = simulate(with_measures(), by_hand())

    expected = 1 - 0.3 - 0.7 * ASH
    assert result.kpi("landfill_diversion_rate") == pytest.approx(expected, abs=3e-3)


def test_a_measure_that_is_not_there_is_named():
    plan = by_hand("sort").model_copy(
        update={"measures": (MeasureAtWork(measure="sortt", period="p1"),)}
    )

    with pytest.raises(PlanError, match="no measure 'sortt'"):
        simulate(with_measures(), plan)
