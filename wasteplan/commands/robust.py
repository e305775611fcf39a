"""Commands about plans that must hold whatever comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.sampling_options import (
    MethodName,
    SamplesSeed,
    SamplingMethod,
)
from wasteplan.commands.terminal import (
    Cluster,
    Gap,
    Json,
    Quiet,
    ScenarioPath,
    Threads,
    TimeLimit,
    Workers,
    mapper_of,
    print_json,
    rows_of,
    telling,
    workers_of,
)
from wasteplan.errors import WasteplanError

if TYPE_CHECKING:
    from wasteplan.commands.terminal import Telling
    from wasteplan.optimize.running import Stop
    from wasteplan.scenario.model import Scenario
    from wasteplan.study.robust import Futures, Robust, Search
    from wasteplan.study.sample_average import SampleAverage

BATCH_SEED = 1_000
FRESH_SEED = 2_000
MORE_SEED = 3_000
"""Added to the seed: batches, fresh and further samples are draws of their own."""
FRESH = 100
"""Fresh samples unless told."""

SamplesOption = Annotated[
    int, typer.Option("--samples", min=1, help="Samples that the plan is made for.")
]
Objective = Annotated[
    str, typer.Option("--objective", help="expected, cvar, regret or chance.")
]
Alpha = Annotated[
    float, typer.Option("--alpha", help="cvar: mean of the worst 1 - alpha.")
]
Weight = Annotated[
    float, typer.Option("--weight", help="cvar: the rest is on expected cost.")
]
MissMax = Annotated[
    float, typer.Option("--miss-at-most", help="chance: of missing a requirement.")
]
Penalty = Annotated[
    float | None,
    typer.Option(
        "--penalty-per-t",
        min=0,
        help="Price of a tonne that misses a target [ten times the average cost].",
    ),
]
Frequency = Annotated[
    int,
    typer.Option(
        "--frequency",
        min=0,
        help="Samples solved alone to count sites [those of --samples].",
    ),
]
Batches = Annotated[
    int,
    typer.Option(
        "--batches", min=0, help="Batches of samples that bound the best plan."
    ),
]
Fresh = Annotated[
    int | None,
    typer.Option("--fresh", min=2, help="Fresh samples, with --batches [100]."),
]
Keep = Annotated[
    Path | None,
    typer.Option("--keep", help="File of what samples found, to continue from."),
]
RobustOut = Annotated[
    Path | None, typer.Option("--out", help="Output folder [out/<scenario>-robust].")
]


def robust(
    scenario: ScenarioPath,
    samples: SamplesOption = 10,
    objective: Objective = "expected",
    alpha: Alpha = 0.9,
    weight: Weight = 1.0,
    miss_at_most: MissMax = 0.1,
    penalty: Penalty = None,
    frequency: Frequency = 0,
    batches: Batches = 0,
    fresh: Fresh = None,
    seed: SamplesSeed = 1,
    method: SamplingMethod = MethodName.LATIN_HYPERCUBE,
    workers: Workers = 1,
    cluster: Cluster = None,
    keep: Keep = None,
    out: RobustOut = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the builds that are best over samples of what is uncertain, before knowing.

    Gap and time limit are those of each search. Ctrl-C keeps the best plan over all
    samples; while samples are solved alone, what --keep names is continued later.
    """
    from wasteplan.optimize.risk import Risk
    from wasteplan.optimize.solving import stop_of
    from wasteplan.report.page import rendered
    from wasteplan.report.robust import robust_document
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.robust import robust as plan_robustly
    from wasteplan.study.robust_files import write_robust

    risk = Risk(objective, alpha, weight, miss_at_most)  # type: ignore[arg-type]
    _check(risk.kind, batches, fresh)
    target = out or Path("out") / f"{output_name(scenario)}-robust"
    more = max(0, frequency - samples)
    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        stop = stop_of(case, gap, time_limit, threads)
        found = plan_robustly(
            case,
            drawn(case, samples, seed, method),
            risk,
            _search(stop, (workers, cluster), keep, said),
            per_t=penalty,
            more=drawn(case, more, seed + MORE_SEED, method) if more else (),
        )
        counts = (batches, samples, fresh or FRESH)
        average = _bounded(found, stop, counts, seed, said) if batches else None
        write_robust(
            target, found, lambda: rendered(robust_document(found, average)), average
        )
    _say(found, average, target, as_json)


def _check(objective: str, batches: int, fresh: int | None) -> None:
    if fresh is not None and not batches:
        raise WasteplanError(
            f"--fresh {fresh} is of use with --batches only: add --batches 2 or more"
        )
    if batches and objective != "expected":
        raise WasteplanError("--batches bound the expected cost: --objective expected")
    if batches == 1:
        raise WasteplanError("--batches 1 gives no interval: at least 2")


def _search(
    stop: Stop, where: tuple[int, str | None], keep: Path | None, said: Telling
) -> Search:
    from wasteplan.study.robust import Search

    workers, cluster = where
    return Search(
        stop,
        workers_of(workers),
        mapper_of(cluster, said),
        keep,
        said.on_step,
        said.on_progress,
        lambda done, of: _tell(said, done, of),
    )


def _tell(said: Telling, done: int, of: int) -> None:
    """How many samples are done, ten times in all."""
    if done and done % max(1, of // 10) == 0:
        said.on_step(f"{done} of {of} samples alone")


def drawn(case: Scenario, n: int, seed: int, method: str) -> Futures:
    """Samples of all that is uncertain in a case.

    Raises
    ------
    WasteplanError
        Nothing in it is uncertain, or there is no such method.
    """
    from wasteplan.scenario.sampling import draw
    from wasteplan.scenario.uncertain import uncertain_numbers
    from wasteplan.study.robust import Futures

    numbers = uncertain_numbers(case)
    if not numbers:
        raise WasteplanError(
            f"{case.settings.scenario.name}: no number has a range, so all samples "
            "would be alike; give low and high in the rows, or lines in ranges.csv"
        )
    return Futures(case, draw(numbers, n, seed, method))  # type: ignore[arg-type]


def _bounded(
    found: Robust, stop: Stop, counts: tuple[int, int, int], seed: int, said: Telling
) -> SampleAverage:
    """Bounds by batches and fresh samples."""
    from wasteplan.study.sample_average import sample_average

    batches, samples, fresh = counts
    case = found.scenario
    return sample_average(
        [
            drawn(case, samples, seed + BATCH_SEED + k, "latin_hypercube")
            for k in range(batches)
        ],
        drawn(case, fresh, seed + FRESH_SEED, "random"),
        found.found.decisions,
        found.recourse,
        stop,
        said.on_step,
    )


def _say(
    found: Robust, average: SampleAverage | None, target: Path, as_json: bool
) -> None:
    from wasteplan.study.answer import labelled
    from wasteplan.study.robust_files import summary
    from wasteplan.study.robust_tables import sample_table, site_table
    from wasteplan.study.robust_text import robust_lines

    if as_json:
        print_json(
            {
                "out": str(target),
                **summary(found, average),
                "samples": rows_of(sample_table(found)),
                "sites": rows_of(site_table(found)),
            }
        )
        return
    for line in robust_lines(found, average):
        typer.echo(labelled(*line))
    typer.echo(f"page: {target / 'robust.html'}")
