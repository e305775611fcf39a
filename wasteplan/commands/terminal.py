"""What commands have in common: how they speak, show progress, fail and exit."""

from __future__ import annotations

import functools
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec

import typer

from wasteplan.errors import NoAnswer, ScenarioError, WasteplanError
from wasteplan.shipments.mistakes import ShipmentFileError

if TYPE_CHECKING:
    import pandas as pd

    from wasteplan.optimize.running import Progress
    from wasteplan.sim.progress import SimulationProgress
    from wasteplan.sim.sampling import Kind
    from wasteplan.spreading import Mapper
    from wasteplan.study.ensemble import Way
    from wasteplan.study.run import Watch

P = ParamSpec("P")

NOISE = 1e-9
EXIT_BUG = 1
EXIT_INPUT = 2
EXIT_STOPPED = 4

ScenarioPath = Annotated[
    Path, typer.Argument(help="Scenario folder, or one workbook (.xlsx).")
]
PlanPath = Annotated[
    Path, typer.Argument(help="Plan file (.json), or the output folder of a run.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Gap = Annotated[
    float | None,
    typer.Option("--gap", min=0, max=1, help="Stop at this share of the gross cost."),
]
TimeLimit = Annotated[
    float | None, typer.Option("--time-limit", min=0, help="Stop after [s].")
]
Threads = Annotated[
    int | None, typer.Option("--threads", min=1, help="Threads of the solver.")
]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, help="Seed of the simulation.")
]
Replications = Annotated[
    int | None, typer.Option("--replications", min=1, help="Simulation runs.")
]
Days = Annotated[
    int | None, typer.Option("--days", min=7, help="Simulated days a period.")
]
HalfWidth = Annotated[
    float | None,
    typer.Option(
        "--half-width",
        min=1e-6,
        max=1,
        help="Replicate until 95 % intervals are this narrow, as a share of the mean.",
    ),
]
ReplicationsMax = Annotated[
    int | None,
    typer.Option("--replications-max", min=8, help="At most, with --half-width."),
]
SteadyState = Annotated[
    bool | None,
    typer.Option(
        "--steady-state/--terminating",
        help="Warm up until stocks settle (MSER-5), or for the stated time.",
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        min=0,
        help="Processes to work on; 0: as many as processors, at most 4.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        help="Work on a Dask cluster, by the address of its scheduler "
        "(tcp://HOST:8786), instead of processes here.",
    ),
]


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose mistakes of the user end in a message and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.get("as_json", False))
        try:
            command(*args, **kwargs)
        except WasteplanError as error:
            fail(error, as_json, error.exit_code)
        except KeyboardInterrupt:
            fail(WasteplanError("stopped before there was a result"), as_json, 4)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone; nothing to say
            raise typer.Exit(0) from None
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            text = f"{place}{error.strerror or error}"
            fail(WasteplanError(text), as_json, EXIT_INPUT)

    return run


def leave_if_missed(broken: Sequence[str], where: Path, as_json: bool) -> None:
    """Leave with the code of no answer if a plan misses what the scenario asks for.

    Parameters
    ----------
    broken
        Requirements that it misses, one sentence each.
    where
        Where it is written, to be looked at.
    as_json
        Whether they have been told already.
    """
    if not broken:
        return
    if not as_json:
        n = f"{len(broken)} requirement{'s' if len(broken) > 1 else ''}"
        head = f"NO ANSWER: the best plan found misses {n}; it is written to {where}"
        typer.echo("\n".join([head, *(f"  missed: {b}" for b in broken)]), err=True)
    raise typer.Exit(NoAnswer.exit_code)


def fail(error: WasteplanError, as_json: bool, code: int) -> NoReturn:
    """Print an error and leave with its exit code."""
    if as_json:
        content: dict[str, Any] = {"error": str(error), "exit_code": code}
        if isinstance(error, ScenarioError | ShipmentFileError):
            content["problems"] = [
                {"file": p.file, "row": p.row, "field": p.field, "message": p.message}
                for p in error.problems
            ]
        print_json(content)
    else:
        typer.echo(str(error), err=True)
    raise typer.Exit(code)


def print_json(content: Any) -> None:
    """Print JSON; a number that is not known becomes null."""
    text = json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False)
    typer.echo(text)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a data frame, for JSON."""
    return frame.to_dict("records")  # type: ignore[return-value]


def print_table(frame: pd.DataFrame) -> None:
    """Print a data frame as aligned text; what is not known is a dash."""
    if frame.empty:
        typer.echo("(nothing)")
        return
    typer.echo(frame.to_string(index=False, float_format=short_number, na_rep="-"))


def short_number(value: float) -> str:
    """A number in at most five digits where that loses nothing a reader needs.

    What floating-point sums leave behind is written as 0.

    >>> [short_number(v) for v in (1234567.8, 0.12345, 3.0, -1.5e-14)]
    ['1,234,568', '0.1235', '3', '0']
    """
    if not math.isfinite(value):
        return "-"
    if abs(value) < NOISE:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


@dataclass
class Telling:
    """Progress to people on stderr: a live line on a terminal, else a line a step."""

    is_quiet: bool
    live: Any = None
    step: str = ""

    def on_step(self, step: str) -> None:
        """A new step begins."""
        self.step = step
        self._say(step, is_new=True)

    def on_warning(self, warning: str) -> None:
        """Something is allowed but may surprise."""
        if not self.is_quiet:
            typer.echo(f"warning: {warning}", err=True)

    def on_progress(self, progress: Progress) -> None:
        """The solver has news."""
        self._say(f"{self.step or 'solve'}: {progress_text(progress)}", is_new=False)

    def on_simulated(self, progress: SimulationProgress) -> None:
        """The simulation has moved on."""
        if self.live is not None:
            text = f"{self.step or 'simulate'}: {bar(progress.share)} {progress}"
            self.live.update(text)

    def _say(self, text: str, is_new: bool) -> None:
        if self.live is not None:
            self.live.update(text)
        elif is_new and not self.is_quiet:
            typer.echo(f"{text} ...", err=True)


BAR_WIDTH = 20  # characters


def bar(share: float) -> str:
    """A share as a bar of text.

    >>> bar(0.25)
    '#####---------------'
    """
    full = round(BAR_WIDTH * min(max(share, 0.0), 1.0))
    return "#" * full + "-" * (BAR_WIDTH - full)


def progress_text(progress: Progress) -> str:
    """One line of where the solver stands."""
    parts = [f"{progress.step}, {progress.time_s:.0f} s"]
    if progress.incumbent is not None:
        parts.append(f"best plan {progress.incumbent:,.4g} million")
    if progress.bound is not None:
        parts.append(f"bound {progress.bound:,.4g}")
    if progress.gap_of_gross is not None:
        parts.append(f"gap {100 * progress.gap_of_gross:.2f} % of gross cost")
    return ", ".join(parts)


@contextmanager
def telling(is_quiet: bool) -> Iterator[Telling]:
    """Show progress on stderr while the block runs."""
    from rich.console import Console

    console = Console(stderr=True)
    if is_quiet or not console.is_terminal:
        yield Telling(is_quiet)
        return
    with console.status("start") as live:
        yield Telling(is_quiet, live)


WORKERS_MAX = 4  # more processes than replications of a period gain little


def workers_of(asked: int) -> int:
    """The number of processes; results are the same for any number."""
    return asked or max(1, min(WORKERS_MAX, os.cpu_count() or 1))


def mapper_of(cluster: str | None, said: Telling) -> Mapper | None:
    """Where work is done: the workers of a cluster, or None for processes here."""
    if cluster is None:
        return None
    from wasteplan.study.cluster import DaskCluster

    return DaskCluster(cluster, say=said.on_warning)


def way_of(
    target: Path, step: str, said: Telling, where: tuple[int, Mapper | None]
) -> Way:
    """Where a part of the work is kept and told of; what is kept begins with a dot."""
    from wasteplan.study.ensemble import Way

    keep = target.parent / f".{target.name}.{step}.jsonl"

    def progress(done: int, of_all: int) -> None:
        if said.live is not None:
            said.live.update(f"{step}: {bar(done / of_all)} {done:,} of {of_all:,}")

    def say(sentence: str) -> None:
        if not said.is_quiet:
            typer.echo(sentence, err=True)

    said.on_step(step)
    return Way(*where, keep, progress, say)


def kind_of(steady_state: bool | None) -> Kind | None:
    """What a run is declared to be; None: as the scenario says."""
    if steady_state is None:
        return None
    return "steady_state" if steady_state else "terminating"


def watch_of(said: Telling, workers: int = 0, cluster: str | None = None) -> Watch:
    """The watch of a run that tells its progress."""
    from wasteplan.study.run import Watch

    return Watch(
        said.on_step,
        said.on_progress,
        workers_of(workers),
        mapper_of(cluster, said),
        on_warning=said.on_warning,
        on_simulated=None if said.is_quiet else said.on_simulated,
    )


def _plain(value: Any) -> Any:
    """Anything as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "item"):  # a numpy number
        return _plain(value.item())
    return str(value)
