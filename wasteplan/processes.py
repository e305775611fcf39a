"""Work spread over processes; results come back in order, whoever was first."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from typing import Any, Generic, Self, TypeVar

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 2  # tasks handed out per process: enough that none waits

_SHARED: list[Any] = []  # of a worker process


class Workers(Generic[Shared, Task, Result]):
    """Processes that stand ready to do one kind of work; used in a `with` block.

    Parameters
    ----------
    work
        A function of a module: it must be found again in another process.
    shared
        First argument of `work`; sent once to each process.
    workers
        Processes; 1 works in this one.
    """

    def __init__(
        self, work: Callable[[Shared, Task], Result], shared: Shared, workers: int
    ) -> None:
        self._work, self._shared, self._workers = work, shared, workers
        self._pool: ProcessPoolExecutor | None = None
        self._others = set(active_children())

    def __enter__(self) -> Self:
        if self._workers > 1:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=get_context("spawn"),
                initializer=_remember,
                initargs=(self._shared,),
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is None:
            return
        if kind is None:
            self._pool.shutdown()
            return
        # Nobody waits for the rest: tasks of minutes end at once.
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in set(active_children()) - self._others:
            process.terminate()

    def results(
        self,
        tasks: Iterable[Task],
        meanwhile: Callable[[], None] | None = None,
        every_s: float = 1.0,
    ) -> Iterator[Result]:
        """What `work(shared, task)` gives for each task, in the order of the tasks.

        Parameters
        ----------
        tasks
            Taken as results are asked for, so there may be any number of them.
        meanwhile
            Called about every so many seconds while other processes are waited for.
        """
        pool = self._pool
        if pool is None:
            yield from (self._work(self._shared, task) for task in tasks)
            return
        left = iter(tasks)
        jobs: deque[Future[Result]] = deque(
            pool.submit(_one, self._work, task)
            for task in islice(left, AHEAD * self._workers)
        )
        while jobs:
            job = jobs.popleft()
            while meanwhile is not None and not wait([job], every_s).done:
                meanwhile()
            done = job.result()
            jobs.extend(pool.submit(_one, self._work, t) for t in islice(left, 1))
            yield done


def _remember(shared: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _SHARED[:] = [shared]


def _end_with_parent() -> None:
    """End this process when the one that asks is gone; killed, it could not tell us.

    The pool alone would wait for work for ever: each worker holds an end of its queue.
    """
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _one(work: Callable[[Any, Task], Result], task: Task) -> Result:
    return work(_SHARED[0], task)
