"""Where work of many like parts is done: here, on processes, or on a cluster.

A `Mapper` is anything that applies a function to items and yields (place, result).
Every ensemble goes through one: samples, replications, points of a front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol

from wasteplan.errors import WasteplanError
from wasteplan.processes import Workers

Function = Callable[[Any, Any], Any]
"""(shared, item) -> result; of a module, so that another process finds it."""


class WorkerLost(WasteplanError):
    """A process was killed again and again at the same work."""

    exit_code = 4


class Mapper(Protocol):
    """Something that applies a function to items and yields results in any order."""

    def __call__(
        self, function: Function, shared: Any, items: Sequence[Any]
    ) -> Iterator[tuple[int, Any]]:
        """(place in `items`, result) of each item, as they are done."""


@dataclass(frozen=True)
class LocalProcesses:
    """Processes of this machine; 1 works in this one.

    A process that dies (killed, out of memory) is replaced and its items are done
    again, `retries` times in a row without any result in between at most.  An
    exception that the function raises is a mistake in it and is not tried again.

    Attributes
    ----------
    meanwhile, every_s
        Called about so often while other processes are waited for.  [s]
    """

    workers: int = 1
    retries: int = 2
    meanwhile: Callable[[], None] | None = None
    every_s: float = 1.0

    def __call__(
        self, function: Function, shared: Any, items: Sequence[Any]
    ) -> Iterator[tuple[int, Any]]:
        """See `Mapper`; in order, a few ahead of what is asked for."""
        at = lost = 0
        workers = max(1, min(self.workers, len(items)))
        while at < len(items):
            try:
                with Workers(function, shared, workers) as ready:
                    for result in ready.results(
                        items[at:], self.meanwhile, self.every_s
                    ):
                        yield at, result
                        at, lost = at + 1, 0
            except BrokenProcessPool:
                lost += 1
                if lost > self.retries:
                    raise WorkerLost(
                        f"a worker process was lost {lost} times in a row (killed, or "
                        f"out of memory) after {at} of {len(items)} items; try fewer "
                        "workers"
                    ) from None


def in_order(work: Iterator[tuple[int, Any]]) -> Iterator[Any]:
    """Results in the order of their places, each as soon as those before it are there.

    >>> list(in_order(iter([(1, "b"), (0, "a"), (2, "c")])))
    ['a', 'b', 'c']
    """
    waiting: dict[int, Any] = {}
    at = 0
    for place, result in work:
        waiting[place] = result
        while at in waiting:
            yield waiting.pop(at)
            at += 1
