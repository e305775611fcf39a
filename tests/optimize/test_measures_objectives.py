"""Measures where something else than cost is made least, or emissions are capped.

`solve` has every plan re-computed and refuses one on whose objective the two differ.
"""

import pytest
from measure_cases import Fate, Target, against, with_leakage
from networks import FractionProperty
from random_measures import measured

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import total
from wasteplan.evaluation.reaching import reached
from wasteplan.optimize import solve
from wasteplan.study.front_steps import aimed

CARBON = {
    "moisture_tropical_mixed": 0.2,
    "lhv_dry_mj_per_kg": 20.0,
    "carbon_dry": 0.5,
    "fossil_carbon_share": 1.0,
    "doc_dry": 0.0,
    "nitrogen_dry": 0.0,
    "ash_dry": 0.1,
}


def burning(*targets):
    """30 % is burnt in the open, 10 % under enforcement at 2,000,000 USD/y."""
    return with_leakage(
        against("police", penalty_added_per_t=4.0, cost_per_y=2e6),
        fates=(Fate(id="ditch", kind="open_burning"),),
        fraction_properties=tuple(
            FractionProperty(fraction="stuff", property=k, value=v)
            for k, v in CARBON.items()
        ),
        targets=targets,
    )


def direct_t(scenario, plan):
    return total(scenario, "co2e_direct_total_t", evaluate(scenario, plan))


@pytest.mark.parametrize("seed", range(1, 2))
def test_least_landfilled_uses_every_measure_that_helps(seed):
    scenario = aimed(measured(seed), "landfilled_total_t")
    plan = solve(scenario)  # these seeds have one

    assert {m.measure for m in plan.measures} >= {"cut"}


def test_least_emissions_enforce_whatever_it_costs():
    """A third of the burning is left, and nothing else of this waste emits."""
    cheap, clean = burning(), aimed(burning(), "co2e_direct_total_t")

    dear = solve(clean)

    assert {m.measure for m in dear.measures} == {"police"}
    assert not solve(cheap).measures
    assert direct_t(clean, dear) == pytest.approx(direct_t(cheap, solve(cheap)) / 3)


def test_a_cap_on_emissions_buys_enforcement():
    before = direct_t(burning(), solve(burning()))
    cap = Target(id="cap", metric="co2e_direct_t_per_y", max=before / 2)
    scenario = burning(cap)

    plan = solve(scenario)
    value = reached(scenario, plan, evaluate(scenario, plan), cap, "p1")

    assert {m.measure for m in plan.measures} == {"police"}
    assert value == pytest.approx(before / 3)
