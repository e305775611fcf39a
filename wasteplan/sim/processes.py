"""Work spread over processes; results come back in order, whoever was first."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 2  # tasks handed out per process: enough that none waits

_SHARED: list[Any] = []  # of a worker process


def in_order(
    work: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Iterable[Task],
    workers: int,
    meanwhile: Callable[[], None] | None = None,
    every_s: float = 1.0,
) -> Iterator[Result]:
    """What `work(shared, task)` gives for each task, in the order of the tasks.

    Tasks are taken as results are asked for, so there may be any number of them; when
    the caller stops asking, what is still being worked on is thrown away.

    Parameters
    ----------
    work
        A function of a module: it must be found again in another process.
    shared
        Sent once to each process.
    workers
        Processes; 1 works in this one.
    meanwhile
        Called about every so many seconds while other processes are waited for.
    """
    if workers <= 1:
        yield from (work(shared, task) for task in tasks)
        return
    others = set(active_children())
    with ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=_remember,
        initargs=(shared,),
    ) as pool:
        try:
            left = iter(tasks)
            jobs: deque[Future[Result]] = deque(
                pool.submit(_one, work, task) for task in islice(left, AHEAD * workers)
            )
            while jobs:
                job = jobs.popleft()
                while meanwhile is not None and not wait([job], every_s).done:
                    meanwhile()
                done = job.result()
                jobs.extend(pool.submit(_one, work, t) for t in islice(left, 1))
                yield done
        except BaseException:
            # Nobody waits for the rest: tasks of minutes end at once.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - others:
                process.terminate()
            raise


def _remember(shared: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks ends us
    _SHARED[:] = [shared]


def _one(work: Callable[[Any, Task], Result], task: Task) -> Result:
    return work(_SHARED[0], task)
