"""Run a plan hour by hour, several times, and say what happens with which certainty."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wasteplan.errors import PlanError
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.sim.airspace import airspace_left_m3
from wasteplan.sim.assembly import assemble
from wasteplan.sim.case import Case
from wasteplan.sim.progress import Listener
from wasteplan.sim.result import SimulationResult, gather
from wasteplan.sim.sampling import Kind, sample, sampling_of
from wasteplan.spreading import Mapper


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
    kind: Kind | None = None,
    half_width_target: float | None = None,
    replications_max: int | None = None,
    mapper: Mapper | None = None,
) -> SimulationResult:
    """Simulate a plan, one representative year (the last) of each period.

    Every run starts with empty bunkers before 1 January, and only what happens from
    then on is measured: after the stated `warm_up_d` days if the run is terminating,
    after as many more as MSER-5 finds in a steady state. The same scenario, plan and
    seed give the same result to the last digit, whatever the number of workers.

    Parameters
    ----------
    period
        Only this period; all by default.
    replications, seed, days, kind, half_width_target, replications_max
        As in `[simulation]` by default; `replications` goes before its half-width.
    workers, mapper
        Processes, 1 runs in this one; a cluster or the like instead of them.
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
    used_seed = settings.seed if seed is None else seed
    wanted = periods_asked(scenario, period)
    sampling = sampling_of(
        settings,
        replications=replications,
        half_width_target=half_width_target,
        replications_max=replications_max,
        kind=kind,
    )
    length = settings.days if days is None else days
    cases = partial(assemble_all, scenario, plan, wanted, length)
    where = (workers, progress, mapper)
    runs, notes = sample(cases, settings.warm_up_d, used_seed, sampling, *where)
    return gather(runs, used_seed, str(sampling), notes)


def periods_asked(scenario: Scenario, period: str | None) -> list[str]:
    """One period, or all.

    Raises
    ------
    PlanError
        If the scenario has no such period.
    """
    known = [p.id for p in scenario.periods]
    if period is None:
        return known
    if period not in known:
        raise PlanError(f"no period '{period}' in {scenario.name}: {', '.join(known)}")
    return [period]


def assemble_all(
    scenario: Scenario,
    plan: Plan,
    periods: Sequence[str],
    days: int,
    warm_up_d: int,
) -> list[Case]:
    """The cases of some periods of a plan."""
    airspace_m3 = airspace_left_m3(scenario, plan)
    return [
        assemble(
            scenario,
            plan,
            period,
            days=days,
            warm_up_d=warm_up_d,
            airspace_m3=airspace_m3,
        )
        for period in periods
    ]
