"""How a simulation is sampled: from when on it is measured, and how often it is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wasteplan.errors import PlanError
from wasteplan.scenario.settings import SimulationSettings
from wasteplan.sim.case import Case
from wasteplan.sim.measures import KPIS, Replication
from wasteplan.sim.precision import Precision
from wasteplan.sim.progress import Listener
from wasteplan.sim.replications import replications_of
from wasteplan.sim.run_in import filled_after
from wasteplan.sim.statistics import mser5
from wasteplan.spreading import Mapper

Kind = Literal["terminating", "steady_state"]

PILOTS = 3  # replications that are averaged before the warm-up is cut off
LATEST_CUT = 0.45  # of a pilot run; MSER-5 looks at no more than half of it


@dataclass(frozen=True)
class Sampling:
    """What is declared about a simulation before it is run.

    Parameters
    ----------
    kind
        `terminating`: the days after a stated warm-up are what is asked about.
        `steady_state`: they stand for the long run, and the warm-up is found.
    replications
        Of each period, unless `precision` is given.
    precision
        Until when replications go on; None: `replications` are run.
    """

    kind: Kind
    replications: int
    precision: Precision | None = None

    def __str__(self) -> str:
        often = f"{self.replications} replications"
        if self.precision is not None:
            wish = self.precision
            often = (
                f"replications until half-widths are within {100 * wish.target:g} % "
                f"of the mean of {', '.join(wish.indicators)}, at most "
                f"{wish.replications_max}"
            )
        return f"{self.kind.replace('_', ' ')}, {often}"


def sampling_of(
    settings: SimulationSettings,
    *,
    replications: int | None = None,
    half_width_target: float | None = None,
    replications_max: int | None = None,
    kind: Kind | None = None,
) -> Sampling:
    """What the settings declare, unless something else is asked for.

    A stated number of replications goes before the settings' half-width.

    Raises
    ------
    PlanError
        If an indicator is not one of the simulation's.
    """
    target = half_width_target
    if target is None and replications is None:
        target = settings.half_width_target
    unknown = [name for name in settings.half_width_of if name not in KPIS]
    if unknown:
        raise PlanError(
            f"scenario.toml [simulation], half_width_of: no indicator {unknown[0]!r}; "
            f"there are {', '.join(KPIS)}"
        )
    most = replications_max or settings.replications_max
    n = settings.replications if replications is None else replications
    if n < 1:
        raise ValueError("a simulation needs at least one replication")
    return Sampling(
        kind or settings.kind,
        n,
        None if target is None else Precision(target, settings.half_width_of, most),
    )


def sample(
    assembled: Callable[[int], list[Case]],
    warm_up_d: int,
    seed: int,
    sampling: Sampling,
    workers: int,
    progress: Listener | None = None,
    mapper: Mapper | None = None,
) -> tuple[list[tuple[Case, list[Replication]]], list[str]]:
    """Run the cases as declared.

    Parameters
    ----------
    assembled
        Makes the cases of all periods for a warm-up of so many days.
    warm_up_d
        The stated warm-up, the least in a steady state.  [d]

    Returns
    -------
    The replications of each case, and what is to be said about them.
    """
    cases = assembled(warm_up_d)
    notes: list[str] = []
    if sampling.kind == "steady_state":
        found_d, notes = settled_after(cases, seed, workers, mapper)
        # containers fill too, and what lies in them is not seen
        found_d = max(found_d, *(filled_after(case) for case in cases))
        if found_d > warm_up_d:
            cases = assembled(found_d)
    wish = sampling.precision
    if wish is None:
        n = sampling.replications
        found = list(replications_of(cases, seed, n, workers, progress, mapper))
        runs = [(case, found[i * n : (i + 1) * n]) for i, case in enumerate(cases)]
        return runs, notes
    runs = []
    for case in cases:
        seen: list[Replication] = []
        is_met = False
        for one in replications_of(
            [case], seed, wish.replications_max, workers, progress, mapper
        ):
            seen.append(one)
            is_met = wish.is_met(r.kpis for r in seen)
            if is_met:
                break
        if not is_met:
            notes.append(
                f"{case.period}, the half-width is not met after {len(seen)} "
                "replications"
            )
        runs.append((case, seen))
    return runs, notes


def settled_after(
    cases: Sequence[Case], seed: int, workers: int, mapper: Mapper | None = None
) -> tuple[int, list[str]]:
    """Days until what lies in bunkers and centres has settled, and remarks.  [d]

    A few pilot runs that begin empty are averaged; MSER-5 cuts off their run-in. The
    longest of the periods holds for all, so that they stay comparable.
    """
    pilots = list(replications_of(cases, seed, PILOTS, workers, mapper=mapper))
    longest, notes = 0, []
    for i, case in enumerate(cases):
        mine = pilots[i * PILOTS : (i + 1) * PILOTS]
        content = np.mean([r.content_t for r in mine], axis=0)
        cut = mser5(content)
        longest = max(longest, cut)
        if cut >= LATEST_CUT * len(content):
            notes.append(
                f"{case.period}, no steady state is seen within {len(content)} days: "
                "what lies in bunkers and centres has not settled"
            )
    return longest, notes
