"""Run a plan hour by hour, several times, and say what happens with which certainty."""

from __future__ import annotations

from wasteplan.errors import PlanError
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.sim.airspace import airspace_left_m3
from wasteplan.sim.assembly import assemble
from wasteplan.sim.progress import Listener
from wasteplan.sim.replications import replications_of
from wasteplan.sim.result import SimulationResult, gather


def simulate(
    scenario: Scenario,
    plan: Plan,
    *,
    period: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    days: int | None = None,
    progress: Listener | None = None,
) -> SimulationResult:
    """Simulate a plan, one representative year (the last) of each period.

    Every run is terminating: it starts with empty bunkers `warm_up_d` days before
    1 January, and only what happens from then on is measured. The same scenario, plan
    and seed give the same result to the last digit, whatever the number of workers.

    Parameters
    ----------
    period
        Only this period; all by default.
    replications, seed, days
        As in the scenario's `[simulation]` settings by default.
    workers
        Processes; 1 runs in this one.
    progress
        Told a few times a second how far the runs are.

    Raises
    ------
    PlanError
        If the plan does not fit the scenario.
    AuditError
        If a replication breaks a conservation law; then there is no result.
    """
    settings = scenario.settings.simulation
    known = [p.id for p in scenario.periods]
    if period is not None and period not in known:
        raise PlanError(f"no period '{period}' in {scenario.name}: {', '.join(known)}")
    n = settings.replications if replications is None else replications
    if n < 1:
        raise ValueError("a simulation needs at least one replication")
    used_seed = settings.seed if seed is None else seed
    airspace_m3 = airspace_left_m3(scenario, plan)
    cases = [
        assemble(
            scenario,
            plan,
            p,
            days=settings.days if days is None else days,
            warm_up_d=settings.warm_up_d,
            airspace_m3=airspace_m3,
        )
        for p in ([period] if period else known)
    ]
    found = list(replications_of(cases, used_seed, n, workers, progress))
    runs = [(case, found[i * n : (i + 1) * n]) for i, case in enumerate(cases)]
    return gather(runs, used_seed)
