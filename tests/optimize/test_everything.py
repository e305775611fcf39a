"""All constraint families at once: the two ways of writing the model agree."""

import pyomo.environ as pyo
import pytest
from everything import everything, with_everything
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from stored_lp import HAULS, components
from test_rendering import assert_same_matrix

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import objective_value
from wasteplan.optimize import solve
from wasteplan.optimize.rendering import as_pyomo
from wasteplan.scenario.totals import TOTALS


def test_every_family_is_switched_on():
    m = as_pyomo(everything(0))

    own = components() | {"heat_sold": ("heat_made",)}
    rows = {c.local_name for c in m.component_objects(pyo.Constraint) if len(c) > 0}
    silent = [name for name, parts in own.items() if not rows & set(parts)]
    assert set(HAULS) <= set(own)
    assert silent == []


@how(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([*TOTALS, "weighted"]))
def test_both_give_the_same_matrix(seed, objective):
    assert_same_matrix(everything(seed, objective))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_a_plan_with_everything_is_agreed_on(seed):
    """`solve` raises unless the evaluation says the same cost and finds no miss."""
    case = with_everything(seed)

    plan = solve(case, gap=1e-3, time_limit_s=60)

    found = evaluate(case, plan)
    assert not found.violations
    assert objective_value(case, found) == pytest.approx(
        plan.proof.objective, abs=0.01 * plan.proof.gross_cost
    )
