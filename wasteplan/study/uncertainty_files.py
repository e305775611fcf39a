"""An uncertainty study as a folder: tables, page and plans; whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from wasteplan.plan.files import write_plan
from wasteplan.scenario.writing import written_whole
from wasteplan.study.uncertainty import Uncertainty
from wasteplan.study.uncertainty_tables import (
    headline_table,
    influence_table,
    missed_table,
    year_table,
)
from wasteplan.study.uncertainty_text import UncertaintyStudy

MARK = "chances.csv"
"""A folder with this file may be replaced."""
PAGE = "uncertainty.html"
PLANS = "plans"


def tables_of(study: UncertaintyStudy) -> dict[str, pd.DataFrame]:
    """File name -> table; what was not asked is left out.

    `chances` headlines, `missed` requirements, `years`, `influence`, `numbers` (what is
    uncertain and how), `samples` (values drawn), `outcomes` (headlines of every
    sample), `sobol`, `morris`, `information`, `regret`.
    """
    found = study.found
    tables = {
        "chances": headline_table(found),
        "missed": missed_table(found),
        "years": year_table(found),
        "influence": influence_table(found),
        "numbers": number_table(found),
        "samples": sample_table(found),
        "outcomes": outcome_table(found),
        "sobol": study.sobol,
        "morris": study.morris,
        "regret": study.regret,
    }
    if study.information is not None:
        tables["information"] = study.information.factors
    return {
        name: table
        for name, table in tables.items()
        if name in ("chances", "missed") or not table.empty
    }


def number_table(found: Uncertainty) -> pd.DataFrame:
    """Every uncertain number with its range; `factor` is what is drawn for it."""
    rows = [
        (
            *(n.name, n.table, n.row, n.column, n.unit, n.low, n.central, n.high),
            *(n.distribution, n.factor, n.status),
        )
        for n in found.samples.numbers
    ]
    columns = ["name", "table", "row", "column", "unit", "low", "central", "high"]
    return pd.DataFrame(rows, columns=[*columns, "distribution", "factor", "status"])


def sample_table(found: Uncertainty) -> pd.DataFrame:
    """The value of every number in every sample; a row a sample."""
    frame = pd.DataFrame(found.samples.values, columns=list(found.samples.names))
    frame.insert(0, "sample", range(1, len(frame) + 1))
    return frame


def outcome_table(found: Uncertainty) -> pd.DataFrame:
    """Every headline in every sample with an answer; a row a sample and plan."""
    parts = []
    for plan in found.plans:
        columns = {name: found.values(name, plan) for name in found.headlines}
        frame = pd.DataFrame(columns)
        frame.insert(0, "plan", plan)
        frame.insert(0, "sample", [i + 1 for i in found.kept])
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def write_uncertainty(
    out: str | Path, study: UncertaintyStudy, page: Callable[[], str]
) -> Path:
    """Write tables, page and plans: the folder whole or not at all.

    Raises
    ------
    WasteplanError
        If the folder holds something else.
    """
    with written_whole(out, MARK) as temporary:
        for name, table in tables_of(study).items():
            table.to_csv(temporary / f"{name}.csv", index=False, lineterminator="\n")
        (temporary / PAGE).write_text(page(), encoding="utf-8")
        for name, plan in study.found.plans.items():
            write_plan(plan, temporary / PLANS / f"{_file(name)}.json")
    return Path(out)


def _file(name: str) -> str:
    """A plan's name as a file name inside the folder."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:80] or "plan"
