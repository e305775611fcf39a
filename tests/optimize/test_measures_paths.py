"""Every way through two periods tried one by one, with an income floor."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from measure_cases import Target
from random_measures import measured, numbers

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.running import Stop, Watch, run
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.measure_records import InformalTrade
from wasteplan.superstructure.assembly import superstructure

SETS = ((), ("police",), ("sort",), ("police", "sort"))
CAPTURE, PRICE = 0.2, 90.0


def case(seed, *, may_stop, floor=None):
    """Two periods; separation and enforcement, pickers of all that is dry."""
    base = measured(seed)
    targets = base.targets
    if floor is not None:
        target = Target(id="floor", metric="informal_income_share", min=floor)
        targets = (*targets, target)
    return replace(
        base,
        targets=targets,
        programmes=tuple(
            r.model_copy(update={"may_stop": may_stop})
            for r in base.programmes
            if r.id == "sort"
        ),
        leakage_measures=tuple(
            r.model_copy(update={"may_stop": may_stop}) for r in base.leakage_measures
        ),
        informal=(
            InformalTrade(
                id="pickers",
                generator_class="plain",
                fraction="dry",
                capture=CAPTURE,
                price_per_t=PRICE,
            ),
        ),
    )


def cost_of(scenario, path=None):
    """Optimum, with the regimes of a path fixed if there is one; inf without plan."""
    p = problem(PlanningData(superstructure(scenario)))
    for (r, t), variable in p.model.regime.items():
        if path is not None:
            is_on = float(p.data.s.regimes[r].measures == path[t])
            p.lower[p.column_of[id(variable)]] = is_on
            p.upper[p.column_of[id(variable)]] = is_on
    return run(Watch(p, Stop(1e-9, 60), None)).objective


def may_be(scenario, seed, path, floor):
    """What has started goes on; the dry that is left keeps enough of the income."""
    if not set(path[0]) <= set(path[1]):
        return False
    dry = {
        r.stream: r.share for r in scenario.composition if r.fraction == "dry"
    }  # 0.9 of the clean, the rest of the wet in the mixed
    for period, chosen in zip(scenario.periods, path, strict=True):
        before = after = 0.0
        for g in scenario.generation:
            t = tonnage(scenario, g.generator, g.stream, period.last_year)
            before += dry[g.stream] * t
            taken = numbers(seed).sort if "sort" in chosen else 0.0
            after += dry[g.stream] * t * (1 - taken * (g.stream == "mixed"))
        if after < floor * before:
            return False
    return True


@pytest.mark.parametrize(
    ("seed", "floor"), [pytest.param(2, 0.0, marks=pytest.mark.slow), (3, 0.97)]
)
def test_no_allowed_path_is_cheaper(seed, floor):
    free = case(seed, may_stop=True)
    each = {path: cost_of(free, path) for path in product(SETS, SETS)}
    allowed = [c for path, c in each.items() if may_be(free, seed, path, floor)]

    found = cost_of(case(seed, may_stop=False, floor=floor))

    assert found == pytest.approx(min(allowed), rel=1e-7)
    assert np.isfinite(found)
    assert len(allowed) < len(each)
