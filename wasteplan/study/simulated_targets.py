"""Whether the simulation meets what the plan meets on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wasteplan.evaluation.reaching import reached
from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.study.wording import is_known

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult

DIVERSION = "landfill_diversion_rate"
TOLERANCE = 1e-9  # share
LOADS = 1e-3  # share; a plan in whole loads can be off by as much

Told = Literal["met", "open", "missed"]
Verdict = Literal["met", "open", "missed", "at risk", "not simulated"]


@dataclass(frozen=True)
class InSimulation:
    """One target in one period as the simulation sees it."""

    target: Target
    period: str
    limit: float
    verdict: Verdict
    """`open`: the interval holds the limit.  `at risk`: the simulation has no value
    for this waste alone, but over all waste it loses more than the target's room."""
    mean: float = math.nan
    """Of the waste of the target; of all waste if that is not simulated alone.  [-]"""
    half_width: float = math.nan
    """Of the 95 % interval; NaN for one run.  [-]"""
    loss: float = math.nan
    """Planned less simulated, of the same waste.  [-]"""

    @property
    def room(self) -> float:
        """The mean less the limit, positive on the side asked for.  [-]"""
        sign = 1 if self.target.min is not None else -1
        return sign * (self.mean - self.limit)


def simulated_targets(
    scenario: Scenario,
    plan: Plan,
    evaluation: Evaluation,
    simulation: SimulationResult | None,
) -> list[InSimulation]:
    """Every diversion target and period that was simulated, in the table's order."""
    if simulation is None:
        return []
    found = []
    for target in scenario.targets:
        for period in scenario.periods:
            if target.metric != DIVERSION or target.period not in ("", period.id):
                continue
            value = reached(scenario, plan, evaluation, target, period.id)
            one = _judged(evaluation, simulation, target, period.id, value)
            if one is not None:
                found.append(one)
    return found


def _judged(
    evaluation: Evaluation,
    simulation: SimulationResult,
    target: Target,
    period: str,
    value: float | None,
) -> InSimulation | None:
    limit = target.min if target.min is not None else target.max
    if value is None or limit is None:
        return None
    sign = 1 if target.min is not None else -1
    own = simulated_diversion(simulation, period, target.region, target.stream)
    if own is not None:
        mean, half = own
        verdict: Verdict = told(sign * (mean - limit), half)
        return InSimulation(target, period, limit, verdict, mean, half, value - mean)
    overall = simulated_diversion(simulation, period)
    if overall is None:
        return None
    mean, half = overall
    loss = _planned(evaluation, period) - mean
    room = sign * (value - limit)
    is_short = is_known(loss) and sign * loss > max(room, 0.0) + TOLERANCE
    verdict = "at risk" if is_short and room >= 0 else "not simulated"
    return InSimulation(target, period, limit, verdict, mean, half, loss)


def told(room: float, half_width: float) -> Told:
    """What an interval says of a limit.

    Parameters
    ----------
    room
        The mean less the limit, positive on the side asked for.  [-]
    half_width
        Of the interval; NaN for one run, which is taken at its word.  [-]

    >>> told(0.02, 0.01), told(0.005, 0.01), told(-0.02, 0.01)
    ('met', 'open', 'missed')
    """
    spread = half_width if is_known(half_width) else 0.0
    is_sharp = spread <= LOADS and is_known(half_width)
    if room >= spread - TOLERANCE or (is_sharp and room >= -LOADS):
        return "met"
    return "missed" if room < -spread - TOLERANCE else "open"


def simulated_diversion(
    simulation: SimulationResult, period: str, region: str = "", stream: str = ""
) -> tuple[float, float] | None:
    """Mean and half-width of the diversion of a scope, if it was simulated.  [-]"""
    if region or stream:
        table, name = simulation.diversion, DIVERSION
        if table.empty:
            return None
        rows = table[(table["region"] == region) & (table["stream"] == stream)]
    else:
        table, name = simulation.kpis, "mean"
        rows = table[table["id"] == DIVERSION]
    rows = rows[rows["period"] == period]
    if rows.empty or not is_known(float(rows[name].iloc[0])):
        return None
    return float(rows[name].iloc[0]), float(rows["half_width"].iloc[0])


def _planned(evaluation: Evaluation, period: str) -> float:
    try:
        return evaluation.kpi(DIVERSION, period)
    except KeyError:
        return math.nan
