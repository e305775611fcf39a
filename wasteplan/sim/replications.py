"""Replications one after another, or spread over processes; the answer is the same."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import active_children, get_context

from wasteplan.sim.case import Case
from wasteplan.sim.measures import Replication, replicate

_CASES: list[Case] = []  # of a worker process


def replications_of(
    cases: Sequence[Case], seed: int, n: int, workers: int
) -> Iterator[Replication]:
    """All replications of all cases, in order."""
    tasks = list(product(range(len(cases)), range(n)))
    if workers <= 1 or len(tasks) == 1:
        for case, replication in tasks:
            yield replicate(cases[case], seed, replication, keep=replication == 0)
        return
    context = get_context("spawn")
    others = set(active_children())
    pool = ProcessPoolExecutor(
        min(workers, len(tasks)),
        mp_context=context,
        initializer=_remember,
        initargs=(list(cases),),
    )
    with pool:
        try:
            jobs = [pool.submit(_one, case, seed, r) for case, r in tasks]
            for job in jobs:
                yield job.result()
        except BaseException:
            # Nobody waits for the rest: replications of minutes end at once.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - others:
                process.terminate()
            raise


def _remember(cases: list[Case]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks ends us
    _CASES[:] = cases


def _one(case: int, seed: int, replication: int) -> Replication:
    return replicate(_CASES[case], seed, replication, keep=replication == 0)
