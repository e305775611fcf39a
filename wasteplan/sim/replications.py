"""Replications one after another, or spread over processes; the answer is the same."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from itertools import product
from multiprocessing import active_children, get_context

from wasteplan.sim.case import Case
from wasteplan.sim.measures import Replication, replicate
from wasteplan.sim.progress import TELL_EVERY_S, Listener, Teller

_CASES: list[Case] = []  # of a worker process
_DAYS: list[MutableSequence[int]] = []  # days done by every run, shared by all


def replications_of(
    cases: Sequence[Case],
    seed: int,
    n: int,
    workers: int,
    progress: Listener | None = None,
) -> Iterator[Replication]:
    """All replications of all cases, in order."""
    tasks = list(product(range(len(cases)), range(n)))
    teller = None if progress is None else Teller(cases, tasks, progress)
    if workers <= 1 or len(tasks) == 1:
        done = [0] * len(tasks)
        for task, (case, replication) in enumerate(tasks):
            on_day = None if teller is None else _telling(teller, done, task)
            yield replicate(
                cases[case], seed, replication, keep=replication == 0, on_day=on_day
            )
        return
    context = get_context("spawn")
    others = set(active_children())
    days = context.RawArray("i", len(tasks))
    pool = ProcessPoolExecutor(
        min(workers, len(tasks)),
        mp_context=context,
        initializer=_remember,
        initargs=(list(cases), days),
    )
    with pool:
        try:
            jobs = [pool.submit(_one, i, c, seed, r) for i, (c, r) in enumerate(tasks)]
            for job in jobs:
                if teller is not None:
                    _wait(job, teller, days)
                yield job.result()
        except BaseException:
            # Nobody waits for the rest: replications of minutes end at once.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - others:
                process.terminate()
            raise


def _telling(teller: Teller, done: list[int], task: int) -> Callable[[int], None]:
    def on_day(days: int) -> None:
        done[task] = days
        teller.tell(done)

    return on_day


def _wait(job: Future[Replication], teller: Teller, days: Sequence[int]) -> None:
    """Wait for a run, telling how far all of them are."""
    while not wait([job], timeout=TELL_EVERY_S).done:
        teller.tell(list(days))


def _remember(cases: list[Case], days: MutableSequence[int]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks ends us
    _CASES[:] = cases
    _DAYS[:] = [days]


def _one(task: int, case: int, seed: int, replication: int) -> Replication:
    days = _DAYS[0]

    def on_day(done: int) -> None:
        days[task] = done

    return replicate(
        _CASES[case], seed, replication, keep=replication == 0, on_day=on_day
    )
