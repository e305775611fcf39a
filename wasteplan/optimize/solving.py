"""From a scenario to a proved plan."""

from __future__ import annotations

from wasteplan.optimize.real_blends import real_answer
from wasteplan.optimize.running import Stop
from wasteplan.optimize.searching import Listener
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.assembly import superstructure


def solve(
    scenario: Scenario,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    threads: int | None = None,
    progress: Listener | None = None,
    name: str = "solved",
) -> Plan:
    """The cheapest plan that meets every requirement of a scenario, with its proof.

    Parameters
    ----------
    scenario
        A validated case.
    gap
        Stop when (cost - bound) is at most this share of the gross cost.  [-]
    time_limit_s
        Stop after this many seconds with the best plan so far.  [s]
    threads
        Threads of the solver.
    progress
        Called about twice a second with time, incumbent, bound and gap.
    name
        Name of the plan.

    Returns
    -------
    Plan
        With `proof`: status, objective, bound and gap.

    Raises
    ------
    NoAnswer
        The requirements cannot hold together; the text says which, where, by how much.
    StoppedWithoutPlan
        Time or patience ran out before there was any plan.
    PlanDisagreement
        The independent evaluation contradicts the solver: a bug.
    """
    chosen = scenario.settings.solve
    stop = Stop(
        chosen.gap if gap is None else gap,
        chosen.time_limit_s if time_limit_s is None else time_limit_s,
        threads or chosen.threads,
    )
    return real_answer(superstructure(scenario), stop, progress, name)
