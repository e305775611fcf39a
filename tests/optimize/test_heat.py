"""Heat sold at a site: on paper, and planner, evaluation and emissions alike.

The town of `test_emission_terms`: 800 t a year of `dry` (20 MJ/kg) are left to burn, in
2025 and 2026.  At 30 % a tonne gives 6 GJ of heat, 4,800 GJ a year; a gigajoule brings
8 USD in 2025 and 10 in 2026 and avoids 60 kg CO2e.
"""

from dataclasses import replace

import pytest
from test_emission_terms import READ, both, town

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.holding import posed
from wasteplan.optimize.model import planning_model
from wasteplan.optimize.running import Stop, Watch, run
from wasteplan.optimize.selling import all_sold
from wasteplan.optimize.solving import solve
from wasteplan.scenario.checks_money import heat_has_buyers_and_a_price
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Price, YearlyFactor
from wasteplan.study.facility_money import Ledgers
from wasteplan.superstructure.assembly import superstructure

GJ_PER_Y = 800 * 20 * 0.3


def with_heat(
    demand_gj: float | None = 1e6, growth: float = 0.0, value: float = 10.0
) -> Scenario:
    base = town()
    burner = base.technology["burner"].model_copy(update={"efficiency_heat_net": 0.3})
    works = base.site["works"].model_copy(update={"heat_demand_gj_per_y": demand_gj})
    sold = [
        Price(
            item="heat_sold", year=y, value=v, currency="USD", price_year=2024, **READ
        )
        for y, v in ((2025, 0.8 * value), (2026, value))
    ]
    factor = YearlyFactor(item="heat_kg_co2e_per_gj", year=2025, value=60.0, **READ)
    return replace(
        base,
        technologies=tuple(
            burner if t.id == "burner" else t for t in base.technologies
        ),
        sites=tuple(works if s.id == "works" else s for s in base.sites),
        prices=(*base.prices, *sold),
        factors=(*base.factors, factor),
        generation=tuple(
            g.model_copy(update={"growth_per_y": growth}) for g in base.generation
        ),
    )


def heat_of(scenario: Scenario) -> dict[int, float]:
    """Revenue from heat by year, positive.  [USD/y]"""
    costs = evaluate(scenario, solve(scenario)).costs
    rows = costs[costs["term"] == "heat"].groupby("year")["amount"].sum()
    return {int(y): -float(v) for y, v in rows.items()}


def test_all_heat_is_sold_where_demand_is_large() -> None:
    assert heat_of(with_heat()) == pytest.approx(
        {2025: 8 * GJ_PER_Y, 2026: 10 * GJ_PER_Y}
    )


def test_heat_sold_is_a_headline_where_somebody_buys() -> None:
    scenario = with_heat(3000.0)
    assert evaluate(scenario, solve(scenario)).kpi("heat_sold_gj_per_y") == 3000.0
    nobody = evaluate(town(), solve(town()))
    assert all(k.id != "heat_sold_gj_per_y" for k in nobody.kpis)


def test_no_more_than_the_buyers_want() -> None:
    assert heat_of(with_heat(3000.0)) == pytest.approx({2025: 24_000, 2026: 30_000})


def test_demand_binds_year_by_year() -> None:
    """A tenth more waste a year: 5,280 GJ in 2025, 5,808 in 2026; buyers want 5,500."""
    found = heat_of(with_heat(5500.0, growth=0.1))
    assert found == pytest.approx({2025: 8 * 5280, 2026: 10 * 5500})


def test_nobody_wants_it_or_says_so() -> None:
    assert heat_of(with_heat(None)) == {}
    assert heat_of(town()) == {}


@pytest.mark.parametrize("demand", [1e6, 3000.0])
def test_planner_and_evaluation_agree(demand: float) -> None:
    """Cost to the cent (checked in `solve` too), emissions to 1e-9."""
    scenario = with_heat(demand, growth=0.03)
    plan = solve(scenario)
    assert plan.proof is not None
    found = evaluate(scenario, plan)
    assert plan.proof.objective == pytest.approx(found.cost_present_value, rel=1e-9)
    assert plan.proof.gap == pytest.approx(0.0, abs=0.01)  # the bound has it by year
    mine, own = both(scenario)
    without, _ = both(with_heat(None, growth=0.03))
    for name, value in own.items():
        assert mine[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
    made = 800 * 1.03**2 * 6.0
    sold = min(demand, made)
    assert mine["avoided"] - without["avoided"] == pytest.approx(-0.06 * sold, rel=1e-9)


def test_a_solution_stopped_before_all_was_sold_sells_the_rest() -> None:
    """Half of the sales of a solution taken away come back, and what they cost."""
    p = posed(PlanningData(superstructure(with_heat(5500.0, growth=0.1))))
    best = run(Watch(p, Stop(0.0, 60.0), None))
    assert best.solution is not None
    sold = [p.column_of[id(v)] for v in p.model.heat_sold.values()]
    x = best.solution.copy()
    x[sold] *= 0.5
    less = replace(best, solution=x, objective=best.objective + 1.0)
    found = all_sold(p, less)
    assert found.solution is not None
    assert found.solution == pytest.approx(best.solution)
    gained = 0.5 * (p.cost[sold] @ best.solution[sold])
    assert found.objective - less.objective == pytest.approx(gained)
    assert gained < 0


def test_a_cap_on_net_emissions_counts_heat() -> None:
    """A cap that only the credit of heat can meet: without buyers there is no plan."""
    mine, _ = both(with_heat())
    net = mine["direct"] + mine["avoided"]
    capped = with_heat()
    cap = capped.targets[0].model_copy(update={"max": net + 1.0})
    assert solve(replace(capped, targets=(cap,))).proof is not None
    with pytest.raises(WasteplanError):
        solve(replace(with_heat(None), targets=(cap,)))


def test_the_appraisal_books_it_with_fuel_saved() -> None:
    scenario = with_heat()
    plan = solve(scenario)
    ledger = Ledgers(scenario, plan, evaluate(scenario, plan)).of("works.burner")
    assert ledger.lines["fuel_saved"] == pytest.approx(
        {2025: 8 * GJ_PER_Y, 2026: 10 * GJ_PER_Y}
    )


def test_without_buyers_the_model_is_what_it_was() -> None:
    m = planning_model(PlanningData(superstructure(town())))
    assert m.find_component("heat_sold") is None
    assert m.find_component("heat_made") is None


def test_bad_input_is_named() -> None:
    both_too_much = with_heat()
    burner = both_too_much.technology["burner"].model_copy(
        update={"efficiency_heat_net": 0.9}
    )
    rows = tuple(burner if t.id == "burner" else t for t in both_too_much.technologies)
    (found,) = heat_has_buyers_and_a_price(replace(both_too_much, technologies=rows))
    assert "more than there is" in found.message
    priceless = replace(with_heat(), prices=(), factors=())
    texts = [f.message for f in heat_has_buyers_and_a_price(priceless)]
    assert any("'heat_sold'" in t for t in texts)
    assert any("'heat_kg_co2e_per_gj'" in t for t in texts)
    negative = list(heat_has_buyers_and_a_price(with_heat(value=-1.0)))
    assert any("below 0" in f.message for f in negative)
    nobody = list(heat_has_buyers_and_a_price(with_heat(None)))
    assert [f.is_warning for f in nobody] == [True]
