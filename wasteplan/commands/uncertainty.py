"""The command that says how sure a plan's headlines are, and what is worth knowing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wasteplan.commands.sampling_options import (
    MethodName,
    SamplesSeed,
    SamplingMethod,
)
from wasteplan.commands.studies import plan_from
from wasteplan.commands.terminal import (
    Cluster,
    Days,
    Gap,
    Json,
    Quiet,
    ScenarioPath,
    TimeLimit,
    Workers,
    mapper_of,
    print_json,
    rows_of,
    telling,
    way_of,
    workers_of,
)

if TYPE_CHECKING:
    from wasteplan.commands.terminal import Telling
    from wasteplan.plan.records import Plan
    from wasteplan.scenario.model import Scenario
    from wasteplan.study.ensemble import Way
    from wasteplan.study.uncertainty_text import UncertaintyStudy


LABEL_WIDTH = 10  # characters


Plans = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Plan files (.json) or output folders, the one asked about first; without "
        "any the scenario is solved."
    ),
]
Samples = Annotated[int, typer.Option("--samples", min=20, help="How many samples.")]
Sobol = Annotated[
    int,
    typer.Option(
        "--sobol",
        min=0,
        help="Base samples (a power of 2) of Sobol indices; 0: none. Needs extra uq.",
    ),
]
Apart = Annotated[
    int,
    typer.Option(
        "--factors",
        min=1,
        help="Factors with Sobol indices of their own: those that --morris ranks "
        "first, without it those that explain most of the samples; the rest is one.",
    ),
]
Morris = Annotated[
    int,
    typer.Option(
        "--morris", min=0, help="Trajectories of Morris effects; 0: none. Needs uq."
    ),
]
Runs = Annotated[
    int,
    typer.Option("--simulate", min=0, help="Simulation runs in every sample; 0: none."),
]
Assess = Annotated[
    bool, typer.Option("--assess", help="All impact categories in every sample.")
]
Appraise = Annotated[
    bool, typer.Option("--appraise", help="Investment appraisal in every sample.")
]
ValueCo2e = Annotated[
    float, typer.Option("--value-co2e", min=0, help="Loss per t CO2e [money].")
]
ValueLandfilled = Annotated[
    float, typer.Option("--value-landfilled", min=0, help="Loss per t landfilled.")
]
ReOptimise = Annotated[
    int,
    typer.Option(
        "--re-optimise",
        min=0,
        help="Plan anew in so many samples: regret of keeping the plan's builds.",
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Output folder [out/<scenario>-uncertainty]."),
]


def uncertainty(
    scenario: ScenarioPath,
    plans: Plans = None,
    samples: Samples = 200,
    seed: SamplesSeed = 1,
    method: SamplingMethod = MethodName.LATIN_HYPERCUBE,
    sobol: Sobol = 0,
    factors: Apart = 10,
    morris: Morris = 0,
    simulate: Runs = 0,
    days: Days = None,
    assessment: Assess = False,
    appraisal: Appraise = False,
    value_co2e: ValueCo2e = 0.0,
    value_landfilled: ValueLandfilled = 0.0,
    re_optimise: ReOptimise = 0,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    out: OutOption = None,
    workers: Workers = 0,
    cluster: Cluster = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Draw what is not known: how sure is a plan, what moves it, what to measure?

    With two or more plans it also says which is best how often and what knowing a
    number before choosing is worth, in money. Finished samples are kept beside the
    output folder: after Ctrl-C, or with more samples, the same command goes on.
    """
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.sample_outcome import Asked
    from wasteplan.study.uncertainty import uncertainty as work_out
    from wasteplan.study.uncertainty_text import UncertaintyStudy

    target = out or Path("out") / f"{output_name(scenario)}-uncertainty"
    with opened(scenario) as folder, telling(quiet) as said:
        case = load_scenario(folder)
        chosen = _plans(case, plans or [], said)
        where = (workers_of(workers), mapper_of(cluster, said))
        found = work_out(
            case,
            chosen,
            samples=samples,
            seed=seed,
            method=method.value,
            asked=Asked(simulate, days, assessment, appraisal),
            way=way_of(target, "samples", said, where),
        )
        study = _further(
            UncertaintyStudy(found),
            (sobol, factors, morris),
            (value_co2e, value_landfilled),
            (re_optimise, gap, time_limit),
            lambda name: way_of(target, name, said, where),
        )
        said.on_step("write")
        _write(study, target)
    _say(study, target, as_json)


def _plans(case: Scenario, paths: list[Path], said: Telling) -> dict[str, Plan]:
    """Plans by name; two of one name are told apart by their paths."""
    from wasteplan.errors import WasteplanError
    from wasteplan.optimize.solving import solve

    if not paths:
        said.on_step("solve")
        return {"plan": solve(case, progress=said.on_progress)}
    named: dict[str, Plan] = {}
    for path in paths:
        plan = plan_from(path, case)
        name = plan.name if plan.name not in named else str(path)
        if name in named:
            raise WasteplanError(f"{path} is given twice")
        named[name] = plan
    return named


def _further(
    study: UncertaintyStudy,
    indices: tuple[int, int, int],
    values: tuple[float, float],
    anew: tuple[int, float | None, float | None],
    way_of: Callable[[str], Way],
) -> UncertaintyStudy:
    """What is asked beside the samples: indices, value of knowing more, regret."""
    from wasteplan.study.information_value import information_value, losses
    from wasteplan.study.sensitivity import require_power_of_two
    from wasteplan.study.uncertainty_indices import morris_of, sobol_of

    found = study.found
    base, apart, trajectories = indices
    if base:
        require_power_of_two(base)  # refused before the screening, which takes minutes
    if trajectories:
        study = replace(study, morris=morris_of(found, trajectories, way_of("morris")))
    if base:
        way = way_of("sobol")
        table = sobol_of(found, base, way, apart=apart, morris=study.morris)
        study = replace(study, sobol=table)
    if len(found.plans) > 1:
        known = information_value(
            losses(found, *values),
            list(found.plans),
            found.quantiles,
            found.samples.factors,
            found.samples.seed,
        )
        study = replace(study, information=known)
    if anew[0]:
        from wasteplan.optimize.solving import stop_of
        from wasteplan.study.regret import regret_table

        stop = stop_of(found.scenario, anew[1], anew[2], None)
        study = replace(
            study, regret=regret_table(found, anew[0], stop, way_of("regret"))
        )
    return study


def _write(study: UncertaintyStudy, target: Path) -> None:
    from wasteplan.report.page import rendered
    from wasteplan.report.uncertainty import uncertainty_document
    from wasteplan.study.uncertainty_files import write_uncertainty

    write_uncertainty(target, study, lambda: rendered(uncertainty_document(study)))


def _say(study: UncertaintyStudy, target: Path, as_json: bool) -> None:
    from wasteplan.study.uncertainty_files import PAGE, tables_of
    from wasteplan.study.uncertainty_text import said

    if as_json:
        left_out = ("samples", "outcomes")
        tables = {
            k: rows_of(t) for k, t in tables_of(study).items() if k not in left_out
        }
        print_json(
            {"out": str(target), "said": [list(line) for line in said(study)], **tables}
        )
        return
    for topic, sentence in (*said(study), ("Page", str(target / PAGE))):
        typer.echo(f"{topic:<{LABEL_WIDTH}}{sentence}")


def sample(
    scenario: ScenarioPath,
    number: Annotated[int, typer.Option("--number", min=1, help="Which sample.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="New folder [out/<scenario>-sample-1].")
    ] = None,
    samples: Samples = 200,
    seed: SamplesSeed = 1,
    method: SamplingMethod = MethodName.LATIN_HYPERCUBE,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="As drawn by uncertainty --simulate.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write one sample of what is not known as a scenario that every command takes.

    The same samples, seed and method as of `uncertainty` give the same sample.
    """
    from wasteplan.errors import WasteplanError
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.scenario.sample_folder import write_sample
    from wasteplan.scenario.sampling import draw
    from wasteplan.study.opening import opened, output_name
    from wasteplan.study.sample_outcome import Asked
    from wasteplan.study.uncertainty import numbers_asked

    if number > samples:
        raise WasteplanError(f"there is no sample {number} of {samples}")
    target = out or Path("out") / f"{output_name(scenario)}-sample-{number}"
    with opened(scenario) as folder, telling(quiet) as said:
        said.on_step("draw")
        case = load_scenario(folder)
        numbers = numbers_asked(case, Asked(replications=int(simulated)))
        drawn = draw(numbers, samples, seed, method.value)
        write_sample(case, drawn, number - 1, target)
    if as_json:
        print_json({"out": str(target), "number": number, "numbers": len(numbers)})
        return
    typer.echo(f"{len(numbers)} numbers drawn: {target}")
