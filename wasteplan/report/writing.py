"""Writing the three files of a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import Plan
from wasteplan.report.features import feature_collection
from wasteplan.report.page import html
from wasteplan.report.subject import Subject
from wasteplan.report.workbook import write_workbook
from wasteplan.scenario.model import Scenario
from wasteplan.shipments.table import ShipmentTable

if TYPE_CHECKING:
    from wasteplan.finance.appraisal_result import AppraisalResult
    from wasteplan.sim.result import SimulationResult
    from wasteplan.study.assess import Assessment
    from wasteplan.study.loop_result import LoopResult
    from wasteplan.study.trade_off_files import Found


def write_report(
    out: Path,
    scenario: Scenario,
    plan: Plan,
    evaluation: Evaluation,
    *,
    baseline: Evaluation | None = None,
    simulation: SimulationResult | None = None,
    answer: str = "",
    appraisal: AppraisalResult | None = None,
    loop: LoopResult | None = None,
    shipments: ShipmentTable | None = None,
    assessment: Assessment | None = None,
    trade_offs: tuple[Found, ...] = (),
) -> list[Path]:
    """Write `report.html`, `results.xlsx` and `plan.geojson` into a folder.

    The page opens from disk and asks the network for nothing. Equal inputs give equal
    bytes.

    Parameters
    ----------
    out
        Folder to write into; made if it is not there.
    scenario, plan, evaluation
        The case, what is built, and what that costs, moves and emits.
    baseline, simulation
        The status quo evaluated (for differences); the plan run hour by hour.
    answer
        The answer in ten lines or so, shown first.
    appraisal, loop
        The plan as an investment, with a page for a board and live sheets; the rounds
        of planning and simulating that led to the plan.
    shipments, assessment
        Reported ones, shown by month in place of simulated ones; impacts by category.
    trade_offs
        Fronts, alternatives and switch points to show as chapters.

    Returns
    -------
    The files written.
    """
    subject = Subject(
        scenario,
        plan,
        evaluation,
        baseline,
        simulation,
        answer,
        appraisal,
        loop,
        shipments,
        assessment,
        trade_offs,
    )
    return _written(Path(out), subject)


def _written(out: Path, subject: Subject) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    page, book, shapes = (
        out / name for name in ("report.html", "results.xlsx", "plan.geojson")
    )
    page.write_text(html(subject), encoding="utf-8", newline="\n")
    write_workbook(book, subject)
    shapes.write_text(feature_collection(subject), encoding="utf-8", newline="\n")
    return [page, book, shapes]
