"""What part load costs a burner, by hand.

10,000 t a year of `dry` (20 MJ/kg) at 18 %: 1,000 kWh/t at full load.  The curve falls
straight from 1 at full load to 0.9 at half load.
"""

from dataclasses import replace
from typing import Any

import pytest
from evaluation_cases import (
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

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.inventorying import inventory
from wasteplan.evaluation.result import Evaluation
from wasteplan.scenario.checks_gas import part_load_is_of_burners
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Price, YearlyFactor
from wasteplan.treatment.records import PartLoad

CURVE = ((0.5, 0.9), (1.0, 1.0))
PLAN = plan(route("town", "works.wte"))


def burner(
    t: float = 10_000.0,
    capacity_t: float = 10_000.0,
    curve: tuple[tuple[float, float], ...] = CURVE,
    own_use: float = 0.0,
) -> Scenario:
    """A burner with a rating of `capacity_t` at 20 MJ/kg."""
    prices: list[Any] = [
        Price(item=i, year=2024, value=v, currency="USD", price_year=2024, **READ)
        for i, v in (("electricity_sold", 0.1), ("electricity_bought", 0.2))
    ]
    grid = YearlyFactor(item="grid_kg_co2e_per_kwh", year=2024, value=0.5, **READ)
    found = case(
        setting=settings(),
        generators=[generator("town")],
        generation=[tonnes("town", "dry", t)],
        sites=[site("works", "wte")],
        technologies=[
            technology(
                "wte",
                "combustion",
                efficiency_electric_net=0.18,
                electricity_kwh_per_t=own_use,
            )
        ],
        sizes=[size("wte", t=capacity_t, lhv_design_mj_per_kg=20.0)],
        facilities=[standing("wte", "works")],
        acceptance=takes("wte", "dry"),
        products=[GAS],
        yields=splits("wte", gas=1.0),
        prices=prices,
        factors=[grid],
    )
    rows = (
        PartLoad(technology="wte", load=a, efficiency_share=b, **READ) for a, b in curve
    )
    return replace(found, part_load=tuple(rows))


def power(found: Evaluation) -> float:
    costs = found.costs
    return float(costs.loc[costs["term"] == "electricity", "amount"].sum())


def credit(found: Evaluation) -> float:
    rows = found.emissions
    return float(rows.loc[rows["stage"] == "avoided", "kg_co2e"].sum())


def test_a_full_burner_makes_what_the_planner_counts() -> None:
    for curve in ((), CURVE):
        found = evaluate(burner(curve=curve), PLAN)
        assert power(found) == pytest.approx(-10_000 * 1000 * 0.1)


def test_three_quarters_full() -> None:
    """Load 0.75: 95 % of 1,000 kWh/t; 7,500 t sell 7,125 MWh and avoid half a kg each.

    The mean of the year's credit is in the inventory too.
    """
    scenario = burner(7500.0)
    found = evaluate(scenario, PLAN)
    assert power(found) == pytest.approx(-7500 * 950 * 0.1)
    assert credit(found) == pytest.approx(-7500 * 950 * 0.5)
    row = found.facilities.iloc[0]
    assert row["electricity_mwh_per_y"] == pytest.approx(7500 * 0.95)
    table = inventory(scenario, PLAN)
    avoided = table.loc[table["is_credit"], "kg"].sum()
    assert avoided == pytest.approx(credit(found), rel=1e-12)


def test_below_the_curve_the_last_point_holds() -> None:
    """Load 0.2 counts as 0.5: 900 kWh/t."""
    assert power(evaluate(burner(2000.0), PLAN)) == pytest.approx(-2000 * 900 * 0.1)


def test_own_use_stays_and_may_have_to_be_bought() -> None:
    """1,000 made, 950 used: 50 sold when full; at half load 900 made, 50 bought."""
    full = evaluate(burner(own_use=950.0), PLAN)
    assert power(full) == pytest.approx(-10_000 * 50 * 0.1)
    half = evaluate(burner(5000.0, own_use=950.0), PLAN)
    assert power(half) == pytest.approx(5000 * 50 * 0.2)
    assert credit(half) == pytest.approx(0.0, abs=1e-6)
    used = half.emissions
    bought = used.loc[used["stage"] == "electricity", "kg_co2e"].sum()
    assert bought == pytest.approx(5000 * 50 * 0.5)


def test_as_planned_there_is_no_part_load() -> None:
    """The pass that is compared with the optimizer counts full load."""
    scenario = burner(5000.0)
    planned = evaluate(scenario, PLAN, blends=False)
    assert power(planned) == pytest.approx(-5000 * 1000 * 0.1)
    assert power(evaluate(scenario, PLAN)) == pytest.approx(-5000 * 900 * 0.1)


def test_a_curve_that_does_not_end_at_full_load_is_refused() -> None:
    short = burner(curve=((0.5, 0.9), (0.9, 1.0)))
    (found,) = part_load_is_of_burners(short)
    assert "ends with 1 at load 0.9" in found.message
    assert not list(part_load_is_of_burners(burner()))
