"""What requirements cost at the margin, from the linear program with builds fixed.

The integers of a solved plan are fixed; rows that only repeat others (the links of
throughput and shares to open plants) are taken out, so that no price hides in them.
The price of a row is its dual value, confirmed by solving again one small step to
either side.  Sizes come in lumps: where a target is exceeded its price here is 0, which
does not mean that it costs nothing (see `steps` for that).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import highspy
import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import total
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.equity import EXPOSED, HOSTED, LOWEST
from wasteplan.optimize.handover import Problem, problem, solver
from wasteplan.optimize.horizon import horizon_targets
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.optimize.targets import most_generated_kt, rows_of_metric
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import EMISSION_METRICS
from wasteplan.scenario.totals import TOTALS
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.model import OUTLET, Floats

REPEATS = ("material_bounds", "open_takers")
"""Families that say nothing new once the builds are fixed."""
STEP = 1e-5  # of a row's size, for the check to either side
NOISE_M = 1e-9  # millions per model unit
KT_PER_T = 1e-3
POINT = "percentage point"


@dataclass(frozen=True)
class ShadowPrice:
    """A requirement and what one unit of it is worth.

    Money is present value over the horizon, units are of the period's last year.
    """

    family: str
    place: str
    """Target, plant, outlet or site id."""
    period: str
    """Empty for all years."""
    unit: str
    room: float
    """How far the requirement is from binding.  [unit]"""
    looser: float
    """Cost saved by one unit more room.  [money/unit]"""
    tighter: float
    """Cost added by one unit less; inf where nothing gives way.  [money/unit]"""
    valid_looser: float
    """The price holds at least as far as this when loosened.  [unit]"""
    valid_tighter: float
    """The price holds at least as far as this when tightened.  [unit]"""
    is_floor: bool = False
    """Whether it asks for at least so much: less of it gives room; else more does."""

    @property
    def binds(self) -> bool:
        """Whether a little more room would change the plan's cost."""
        return self.looser > 0 or self.tighter > 0


@dataclass(frozen=True)
class _Row:
    """A row that a planner can move: its number and how a unit of it is counted."""

    row: int
    family: str
    place: str
    period: str
    unit: str
    per_unit: float
    """Model units in one unit of the requirement."""
    is_target: bool = False
    is_floor: bool = False


def shadow_prices(scenario: Scenario, plan: Plan) -> tuple[ShadowPrice, ...]:
    """Marginal prices of targets, caps, capacities, limits and permits.

    Parameters
    ----------
    scenario, plan
        A case and a plan for it; the flows are those that are cheapest for its builds.

    Returns
    -------
    tuple of ShadowPrice
        Every target; of other requirements those with a price.

    Raises
    ------
    WasteplanError
        The builds of the plan have no flows that meet every requirement.
    """
    p = problem(PlanningData(superstructure(scenario)))
    h = _fixed(p, decisions_of(p, plan))
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise WasteplanError(
            "prices need a plan whose builds can meet every requirement; this one's "
            "cannot"
        )
    base = float(h.getInfo().objective_function_value)
    solution = h.getSolution()
    dual = np.array(solution.row_dual)
    activity = np.array(solution.row_value)
    sizes = np.asarray(abs(p.matrix) @ np.abs(np.array(solution.col_value)))
    _, ranging = h.getRanging()
    ends = np.array(ranging.row_bound_dn.value_), np.array(ranging.row_bound_up.value_)
    found = []
    for row in _movable(p):
        if not row.is_target and abs(dual[row.row]) <= NOISE_M:
            continue
        found.append(_priced(h, p, row, base, activity, sizes, ends))
    known = [_with_real_room(scenario, plan, x) for x in found]
    return tuple(x for x in known if x.binds or x.family in TARGETS)


def _with_real_room(scenario: Scenario, plan: Plan, price: ShadowPrice) -> ShadowPrice:
    """The room of a limit on the worst or the most of all, from the plan itself.

    In the model these are variables that may lie anywhere between the plan's value and
    the limit.
    """
    target = next((t for t in scenario.targets if t.id == price.place), None)
    if target is None or target.metric not in (LOWEST, HOSTED, EXPOSED):
        return price
    limit = target.max if target.min is None else target.min
    tables = evaluate(scenario, plan, compare=False, headlines=False)
    value = total(scenario, target.metric, tables)
    per_unit = 0.01 if price.unit == POINT else 1.0
    return replace(price, room=abs(value - (limit or 0.0)) / per_unit)


TARGETS = ("landfill_diversion", "recycling", "emissions_cap", "horizon_limits")


def _fixed(p: Problem, decisions: Floats) -> highspy.Highs:
    """The linear program with integers fixed and repeating rows free."""
    whole = p.is_integer
    lower, upper = p.lower.copy(), p.upper.copy()
    lower[whole] = upper[whole] = np.round(decisions[whole])
    taken = [p.column_of[id(v)] for v in p.model.throughput.values()]
    upper[taken] = np.inf  # bounds derived from capacities, which have rows
    row_lower, row_upper = p.row_lower.copy(), p.row_upper.copy()
    said = [row for (family, _), row in p.row_of.items() if family in REPEATS]
    first = len(p.row_lower) - p.block.rows.n
    said += [first + link for link in p.block.links]
    row_lower[said], row_upper[said] = -np.inf, np.inf
    free = replace(
        p, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper
    )
    return solver(free, as_lp=True)


def _priced(
    h: highspy.Highs,
    p: Problem,
    row: _Row,
    base: float,
    activity: Floats,
    sizes: Floats,
    ends: tuple[Floats, Floats],
) -> ShadowPrice:
    """The price of a row by a small step to either side."""
    i = row.row
    is_upper = np.isfinite(p.row_upper[i])
    bound = float(p.row_upper[i] if is_upper else p.row_lower[i])
    out = 1.0 if is_upper else -1.0  # the way that loosens
    step = STEP * max(abs(bound), float(sizes[i]), row.per_unit)
    values = {}
    for way in (out, -out):
        _move(h, i, bound + way * step, is_upper)
        values[way] = _objective(h)
    _move(h, i, bound, is_upper)
    money = 1e6 * row.per_unit / step
    looser = max(0.0, base - values[out]) * money
    tighter = (values[-out] - base) * money
    floor = NOISE_M * 1e6 * row.per_unit
    low, high = float(ends[0][i]), float(ends[1][i])
    loose_end, tight_end = (high, low) if is_upper else (low, high)
    return ShadowPrice(
        row.family,
        row.place,
        row.period,
        row.unit,
        room=abs(bound - float(activity[i])) / row.per_unit,
        looser=looser if looser > floor else 0.0,
        tighter=tighter if tighter > floor else 0.0,
        valid_looser=abs(loose_end - bound) / row.per_unit,
        valid_tighter=abs(tight_end - bound) / row.per_unit,
        is_floor=row.is_floor,
    )


def _move(h: highspy.Highs, row: int, bound: float, is_upper: bool) -> None:
    inf = highspy.kHighsInf
    h.changeRowBounds(row, *((-inf, bound) if is_upper else (bound, inf)))


def _objective(h: highspy.Highs) -> float:
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return float("inf")
    return float(h.getInfo().objective_function_value)


def _movable(p: Problem) -> Iterator[_Row]:
    """Rows that stand for something a planner or a permit could change."""
    yield from _targets(p)
    s = p.data.s
    spans = [span.id for span in s.spans]
    for (family, index), row in p.row_of.items():
        if family not in ("mass_capacity", "heat_capacity", "permit"):
            continue
        where, t = index
        if family == "permit":
            yield _Row(row, family, where, spans[t], "t/y", KT_PER_T)
            continue
        plant = s.plants[where]
        if plant.technology == OUTLET:
            yield _Row(row, "outlet_limit", plant.id, spans[t], "t/y", KT_PER_T)
        elif p.data.capacity_max_kt[where, t] > 0:  # a price of nothing is no news
            unit, per = ("TJ/y", 1.0) if "heat" in family else ("t/y", KT_PER_T)
            yield _Row(row, family, plant.id, spans[t], unit, per)


def _targets(p: Problem) -> Iterator[_Row]:
    """Targets: rates by percentage point of what is generated, others by tonne."""
    data = p.data
    spans = [span.id for span in data.s.spans]
    metrics = {
        "landfill_diversion": ("landfill_diversion_rate",),
        "recycling": ("recycling_rate",),
        "emissions_cap": EMISSION_METRICS,
    }
    for family, names in metrics.items():
        for k, (target, t, side, _) in enumerate(rows_of_metric(data, names)):
            row = p.row_of.get((family, k))
            if row is None:
                continue
            unit, per = "t CO2e/y", KT_PER_T
            if family != "emissions_cap":
                unit, per = POINT, 0.01 * most_generated_kt(data, target, t)
            yield _Row(row, family, target.id, spans[t], unit, per, True, side == "min")
    for k, target in enumerate(horizon_targets(data)):
        row = p.row_of.get(("horizon_limits", k))
        if row is not None:
            counted = TOTALS[target.metric]
            per = 1.0 / counted.per_model_unit
            unit, is_floor = counted.unit, counted.more_is_better
            if unit == "-":
                unit, per = POINT, 1.0
            yield _Row(row, "horizon_limits", target.id, "", unit, per, True, is_floor)
