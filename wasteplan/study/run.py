"""From a scenario to a folder of results: solve, evaluate, simulate, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.running import Progress
from wasteplan.optimize.solving import solve
from wasteplan.plan.files import in_order, plan_text, read_plan
from wasteplan.plan.records import Plan
from wasteplan.scenario.checks_network import every_place_has_a_distance
from wasteplan.scenario.conventions import conventions
from wasteplan.scenario.loading import lineage, load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.writing import written_whole
from wasteplan.spreading import Mapper
from wasteplan.study.answer import Answer, Result, answer
from wasteplan.study.assess import Assessment, assess
from wasteplan.study.opening import opened
from wasteplan.study.provenance import (
    PROVENANCE_FILE,
    Options,
    Provenance,
    input_hashes,
    output_hashes,
    relative_to,
    shipment_hashes,
    trade_off_hashes,
    versions,
    write_provenance,
)
from wasteplan.study.result_files import (
    write_loop,
    write_simulation,
    write_tables,
)

if TYPE_CHECKING:
    from wasteplan.finance.appraisal_result import AppraisalResult
    from wasteplan.sim.progress import SimulationProgress
    from wasteplan.sim.result import SimulationResult
    from wasteplan.study.loop_result import LoopResult

PLAN_FILE = "plan.json"
REPORT_FILE = "report.html"
STATUS_QUO = Path("plans") / "status-quo.json"


class ReportWriter(Protocol):
    """Writes what people read: report.html, results.xlsx, plan.geojson.

    The report stands above studies, so it is handed in rather than imported.
    """

    def __call__(
        self,
        out: Path,
        scenario: Scenario,
        plan: Plan,
        evaluation: Evaluation,
        *,
        baseline: Evaluation | None,
        simulation: SimulationResult | None,
        answer: str,
        appraisal: AppraisalResult | None,
        loop: LoopResult | None,
        assessment: Assessment | None,
    ) -> object:
        """Write into the folder `out`."""


@dataclass
class Watch:
    """Who is told what is going on, and how long each step took."""

    on_step: Callable[[str], None] = lambda step: None
    on_progress: Callable[[Progress], None] | None = None
    workers: int = 1
    mapper: Mapper | None = None
    on_warning: Callable[[str], None] = lambda warning: None
    on_simulated: Callable[[SimulationProgress], None] | None = None
    wall_s: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announce a step and time it."""
        self.on_step(name)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.wall_s[name] = round(time.perf_counter() - start, 3)


@dataclass(frozen=True)
class Run:
    """A finished run: where it lies, what it found."""

    out: Path
    result: Result
    answer: Answer
    note: str = ""
    """What is missing because the run was stopped; empty if nothing."""


SIMULATION_STOPPED = "simulation stopped: plan, evaluation and report are without it"
LOOP_STOPPED = "loop stopped after round {}: the best plan so far is kept"


def run(
    scenario: str | Path,
    out: str | Path,
    *,
    options: Options | None = None,
    plan: Plan | None = None,
    write_report: ReportWriter | None = None,
    watch: Watch | None = None,
    shipments: str | Path | None = None,
    trade_offs: Sequence[str | Path] = (),
) -> Run:
    """Solve, evaluate, simulate and report a scenario; write everything to a folder.

    The folder appears whole or not at all; all but `provenance.json` are the same bytes
    for the same inputs, options and versions, unless the time limit cut the search.
    A simulation stopped by Ctrl-C is left out, and on record as not asked for.

    Parameters
    ----------
    scenario
        A scenario folder or workbook.
    out
        The folder to write; the output of an earlier run is replaced.
    options
        What is asked beyond the scenario's own settings.
    plan
        A plan that exists already; None finds the best one.
    write_report, watch
        Writes report, workbook and map (None: without); is told about the progress.
    shipments
        Where the reported shipments lie that `write_report` shows; for the record.
    trade_offs
        Where the fronts, alternatives and switch points lie that it shows.

    Raises
    ------
    ScenarioError, PlanError, NoAnswer, StoppedWithoutPlan
        The input has mistakes; there is no plan; it was stopped too early.
    """
    asked, watch = options or Options(), watch or Watch()
    with opened(scenario) as folder, written_whole(out, PROVENANCE_FILE) as temporary:
        inputs = input_hashes(scenario)
        case = _read(folder, watch)
        result = _found(case, folder, plan, asked, watch)
        with watch.step("write"):
            _write(result, temporary, write_report)
        record = _record(result, scenario, out, asked, is_plan_given=plan is not None)
        record = replace(
            record,
            shipments=relative_to(shipments, out) if shipments else "",
            shipment_inputs=shipment_hashes(shipments),
            trade_offs=tuple(relative_to(folder, out) for folder in trade_offs),
            trade_off_inputs=trade_off_hashes(trade_offs),
            inputs=inputs,
            outputs=output_hashes(temporary),
            wall_s=watch.wall_s,
        )
        write_provenance(record, temporary)
    report = str(Path(out) / REPORT_FILE) if write_report else ""
    return Run(Path(out), result, answer(result, report), _note(result, asked))


def _record(
    result: Result,
    scenario: str | Path,
    out: str | Path,
    asked: Options,
    *,
    is_plan_given: bool,
) -> Provenance:
    """The record of a run, but for hashes and times."""
    return Provenance(
        scenario=result.scenario.name,
        folder=relative_to(scenario, out),
        options=_done_of(asked, result),
        is_plan_given=is_plan_given,
        seed=_seed(result.scenario, asked),
        inputs={},
        outputs={},
        versions=versions(),
        conventions=conventions(result.scenario),
    )


def _done_of(options: Options, result: Result) -> Options:
    """What a rerun must ask: a simulation that was stopped was not asked."""
    if options.simulate and result.simulation is None:
        return replace(options, simulate=False, loop=False)
    return options


def _note(result: Result, asked: Options) -> str:
    """What is missing because the run was stopped."""
    if result.loop is not None and result.loop.ending == "stopped":
        return LOOP_STOPPED.format(len(result.loop.rounds))
    is_missing = asked.simulate and result.simulation is None
    return SIMULATION_STOPPED if is_missing else ""


def _read(folder: Path, watch: Watch) -> Scenario:
    with watch.step("read"):
        case = load_scenario(folder)
    for found in every_place_has_a_distance(case):
        watch.on_warning(str(found.problem({})))
    return case


def status_quo(scenario: Scenario, folder: Path) -> Plan | None:
    """Today's plan of a scenario, its own or that of a scenario it extends."""
    for each in reversed(lineage(folder, [])):
        if (each / STATUS_QUO).is_file():
            plan = read_plan(each / STATUS_QUO)
            return plan.model_copy(update={"scenario": scenario.name})
    return None


def _found(
    case: Scenario, folder: Path, plan: Plan | None, options: Options, watch: Watch
) -> Result:
    loop, is_looped = None, plan is None and options.loop
    if is_looped:
        loop, plan = _looped(case, options, watch)
    if plan is None:
        with watch.step("solve"):
            plan = solve(
                case,
                gap=options.gap,
                time_limit_s=options.time_limit_s,
                threads=options.threads,
                progress=watch.on_progress,
            )
    plan = in_order(plan)
    with watch.step("evaluate"):
        evaluation = evaluate(case, plan)
        today = status_quo(case, folder)
        baseline = evaluate(case, today) if today is not None else None
    simulation = None if loop is None else loop.kept.simulation
    if options.simulate and not is_looped:
        simulation = _simulated(case, plan, options, watch)
    return Result(case, plan, evaluation, baseline, simulation, loop)


def _looped(
    case: Scenario, options: Options, watch: Watch
) -> tuple[LoopResult | None, Plan]:
    """The rounds and the plan kept; the first plan alone if it was not simulated."""
    from wasteplan.study.loop_result import LoopResult
    from wasteplan.study.looping import LoopWatch, close_loop

    with watch.step("loop"):
        found = close_loop(
            case,
            options,
            LoopWatch(
                watch.on_step,
                watch.on_progress,
                watch.on_simulated,
                watch.workers,
                watch.mapper,
            ),
        )
    if isinstance(found, LoopResult):
        return found, found.kept.plan
    return None, found


def _simulated(
    case: Scenario, plan: Plan, options: Options, watch: Watch
) -> SimulationResult | None:
    """The simulation of a plan; None if it was stopped by Ctrl-C."""
    from wasteplan.sim.simulating import simulate  # only then is the simulator loaded

    try:
        with watch.step("simulate"):
            return simulate(
                case,
                plan,
                replications=options.replications,
                seed=options.seed,
                workers=watch.workers,
                mapper=watch.mapper,
                days=options.days,
                progress=watch.on_simulated,
            )
    except KeyboardInterrupt:
        return None


def _write(result: Result, folder: Path, report: ReportWriter | None) -> None:
    """Everything but the provenance; no file holds a time or a path."""
    (folder / PLAN_FILE).write_bytes(plan_text(result.plan).encode())
    write_tables(result, folder)
    if result.simulation is not None:
        write_simulation(
            result.scenario, result.plan, result.simulation, folder / "sim"
        )
    if result.loop is not None:
        write_loop(result.loop, folder)
    if report is not None:
        report(
            folder,
            result.scenario,
            result.plan,
            result.evaluation,
            baseline=result.baseline,
            simulation=result.simulation,
            answer=str(answer(result, REPORT_FILE)),
            appraisal=_appraised(result),
            loop=result.loop,
            assessment=assess(result.scenario, result.plan, result.evaluation),
        )


def _appraised(result: Result) -> AppraisalResult | None:
    """The investment appraisal, if the scenario states how it is financed."""
    if "finance" not in result.scenario.settings.model_fields_set:
        return None
    from wasteplan.study.appraising import appraise  # costs seconds: only if asked for

    return appraise(
        result.scenario,
        result.plan,
        result.evaluation,
        baseline=result.baseline,
        simulation=result.simulation,
    )


def _seed(case: Scenario, options: Options) -> int:
    return case.settings.simulation.seed if options.seed is None else options.seed
