"""Replications one after another, or spread over processes; the answer is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableSequence, Sequence
from itertools import product
from multiprocessing import get_context

from wasteplan.sim.case import Case
from wasteplan.sim.measures import Replication, replicate
from wasteplan.sim.progress import TELL_EVERY_S, Listener, Teller
from wasteplan.spreading import LocalProcesses, Mapper, in_order

Task = tuple[int, int, int]
"""Number of the run, case, replication."""

Shared = tuple[Sequence[Case], int, MutableSequence[int], Teller | None]
"""Cases, seed, days done by every run, and whom this process tells of them."""


def replications_of(
    cases: Sequence[Case],
    seed: int,
    n: int,
    workers: int,
    progress: Listener | None = None,
    mapper: Mapper | None = None,
) -> Iterator[Replication]:
    """All replications of all cases, in order.

    They are run as they are asked for (a few ahead with several workers, all at once
    by a mapper of the caller), so a caller that has seen enough just stops asking.
    """
    pairs = list(product(range(len(cases)), range(n)))
    tasks = [(i, case, replication) for i, (case, replication) in enumerate(pairs)]
    teller = None if progress is None else Teller(cases, pairs, progress)
    if mapper is not None:
        yield from in_order(_spread(mapper, cases, seed, tasks, teller))
        return
    workers = min(workers, len(tasks))
    meanwhile: Callable[[], None] | None = None
    days: MutableSequence[int] = [0] * len(tasks)
    told = teller
    if workers > 1:
        days = get_context("spawn").RawArray("i", len(tasks))
        told = None  # other processes only count; this one tells
        if teller is not None:
            meanwhile = _tell(teller, days)
    shared: Shared = (list(cases), seed, days, told)
    here = LocalProcesses(workers, meanwhile=meanwhile, every_s=TELL_EVERY_S)
    yield from in_order(here(_one, shared, tasks))


def _spread(
    mapper: Mapper,
    cases: Sequence[Case],
    seed: int,
    tasks: Sequence[Task],
    teller: Teller | None,
) -> Iterator[tuple[int, Replication]]:
    """Work done where no days can be counted from here: told of whole replications."""
    days = [0] * len(tasks)
    shared: Shared = (list(cases), seed, list(days), None)
    for place, found in mapper(_one, shared, tasks):
        days[place] = cases[tasks[place][1]].days_in_all
        if teller is not None:
            teller.tell(days, always=True)
        yield place, found


def _tell(teller: Teller, days: Sequence[int]) -> Callable[[], None]:
    return lambda: teller.tell(list(days))


def _one(shared: Shared, task: Task) -> Replication:
    cases, seed, days, teller = shared
    number, case, replication = task

    def on_day(done: int) -> None:
        days[number] = done
        if teller is not None:
            teller.tell(days)

    return replicate(
        cases[case], seed, replication, keep=replication == 0, on_day=on_day
    )
