"""How far a simulation is: simulated date and replications done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from wasteplan.sim.calendar import first_day
from wasteplan.sim.case import Case

TELL_EVERY_S = 0.2


@dataclass(frozen=True)
class SimulationProgress:
    """Where a simulation stands.

    Attributes
    ----------
    period, replication
        The run that was moved on last; replications count from 1.
    replications
        Of each period.
    today
        The simulated date of that run.
    share
        Of all simulated days of all runs.  [-]
    """

    period: str
    replication: int
    replications: int
    today: date
    share: float

    def __str__(self) -> str:
        return (
            f"{self.period}, replication {self.replication} of {self.replications}, "
            f"{self.today.isoformat()}, {100 * self.share:.0f} %"
        )


Listener = Callable[[SimulationProgress], None]


@dataclass
class Teller:
    """Turns days done by each run into progress, a few times a second at most.

    Parameters
    ----------
    tasks
        (case, replication) of every run, in order.
    """

    cases: Sequence[Case]
    tasks: Sequence[tuple[int, int]]
    listener: Listener
    told: float = field(default=float("-inf"))

    def tell(self, days: Sequence[int], *, always: bool = False) -> None:
        """Say how far it is, given the simulated days of every run."""
        now = time.monotonic()
        if not always and now - self.told < TELL_EVERY_S:
            return
        self.told = now
        at = max((i for i, d in enumerate(days) if d > 0), default=0)
        case_number, replication = self.tasks[at]
        case = self.cases[case_number]
        in_all = sum(self.cases[c].days_in_all for c, _ in self.tasks)
        start = first_day(case.year, case.warm_up_d)
        self.listener(
            SimulationProgress(
                case.period,
                replication + 1,
                1 + max(r for _, r in self.tasks),
                start + timedelta(days=max(0, days[at] - 1)),
                sum(days) / in_all,
            )
        )
