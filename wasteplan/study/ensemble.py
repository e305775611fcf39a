"""Many runs of one function: in order, on several processes, kept and continued.

`run_all` spreads work that takes minutes or more and keeps what is done: samples,
points of a front.  Where the work is done is a `Mapper`: processes of this machine by
default, a cluster otherwise (`spreading`, `study.cluster`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wasteplan.errors import WasteplanError
from wasteplan.spreading import Function, LocalProcesses, Mapper
from wasteplan.study.keeping import FORMAT, Kept, fingerprint, plain


class Stopped(WasteplanError):
    """The run was stopped before the end; what was done is kept if it was asked."""

    exit_code = 4


@dataclass(frozen=True)
class Way:
    """How an ensemble is worked out; nothing of it changes a result."""

    workers: int = 1
    mapper: Mapper | None = None
    keep: Path | None = None
    progress: Callable[[int, int], None] | None = None
    say: Callable[[str], None] | None = None


def run_all(
    function: Function,
    items: Sequence[Any],
    *,
    shared: Any = None,
    workers: int = 1,
    mapper: Mapper | None = None,
    keep: Path | None = None,
    inputs: str = "",
    progress: Callable[[int, int], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> list[Any]:
    """What `function(shared, item)` gives for each item, in the order of the items.

    The same whatever the mapper and the number of workers, and whether the run was
    stopped and continued: every result is put as JSON has it (`plain`).

    Parameters
    ----------
    function, shared
        Of a module, and its first argument, sent once to every process.
    items
        Second argument: JSON-able, or arrays.  Equal ones are done once.
    workers, mapper
        Processes of this machine, or another place to work.
    keep
        A file to which each result is appended whole as soon as it is there.  A later
        run with the same function, inputs and version takes from it what is done, also
        if there are more items now; with others it starts the file anew and says so.
    inputs
        What `shared` is, in short: see `fingerprint`.
    progress, say
        Told (done, of all) after each result; told what was found in `keep`.

    Raises `Stopped` after Ctrl-C, `WorkerLost` if processes die again and again.
    """
    marks = [fingerprint(item) for item in items]
    first = {mark: i for i, mark in reversed(list(enumerate(marks)))}
    kept = Kept(keep, _heading(function, inputs))
    done = kept.read(set(marks), say)
    left = sorted(i for mark, i in first.items() if mark not in done)
    tell = progress or (lambda done, of_all: None)
    tell(len(done), len(first))
    work = (mapper or LocalProcesses(workers))(
        function, shared, [items[i] for i in left]
    )
    try:
        for place, result in work:
            mark = marks[left[place]]
            done[mark] = plain(result)
            kept.append(mark, done[mark])
            tell(len(done), len(first))
    except KeyboardInterrupt:
        where = f"kept in {keep}; run it again to continue" if keep else "not kept"
        said = f"stopped after {len(done)} of {len(first)}; {where}"
        raise Stopped(said) from None
    finally:
        kept.close()
    return [done[mark] for mark in marks]


def _heading(function: Function, inputs: str) -> dict[str, str]:
    return {
        "format": FORMAT,
        "function": f"{function.__module__}.{function.__qualname__}",
        "version": vars(sys.modules["wasteplan"])["__version__"],
        "inputs": inputs,
    }
