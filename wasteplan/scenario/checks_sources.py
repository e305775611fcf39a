"""Rules on how numbers are known: every one has a status, every source is listed.

They look at the rows as the folder states them, before the catalogue fills cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from wasteplan.scenario.findings import Finding, about, row_name
from wasteplan.scenario.records import ProvenanceLine
from wasteplan.scenario.registry import TABLE
from wasteplan.tables import columns_of
from wasteplan.units import SourcedRecord
from wasteplan.wording import did_you_mean

Rows = Mapping[str, Iterable[SourcedRecord]]


def source_findings(rows: Rows, sources: Collection[str]) -> list[Finding]:
    """What both rules find in rows as stated."""
    return [
        *every_source_is_listed(rows, sources),
        *every_number_has_a_status(rows),
    ]


def every_source_is_listed(rows: Rows, sources: Collection[str]) -> Iterator[Finding]:
    """A source key names an entry of `sources.toml`."""
    for table, records in rows.items():
        for row in records:
            if row.source and row.source not in sources:
                hint = did_you_mean(row.source, sources)
                message = f"no entry '{row.source}' in sources.toml{hint}"
                yield about(table, row, "source", message)


def measured_columns(table: str) -> frozenset[str]:
    """Columns with numbers that must be known from somewhere.

    Key columns and calendar years say which row it is, or frame the study.
    """
    spec = TABLE[table]
    return frozenset(
        c.name
        for c in columns_of(spec.record).values()
        if c.is_number and c.name not in spec.key and c.unit != "year"
    )


def every_number_has_a_status(rows: Rows) -> Iterator[Finding]:
    """A row with a number has status and source, itself or in `provenance.csv`.

    An assumption may stand without a source if its note says why.
    """
    lines = [r for r in rows.get("provenance", ()) if isinstance(r, ProvenanceLine)]
    covered: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        if not lacking(line):
            covered.setdefault((line.table, line.row), set()).add(line.column)
    for table, records in rows.items():
        if table == "provenance":
            for row in records:
                if lacking(row):
                    yield about(table, row, lacking(row), "is empty and must be filled")
            continue
        numbers = measured_columns(table)
        everywhere = covered.get((table, "*"), set())
        for row in records:
            stated = numbers & row.model_fields_set
            missing = lacking(row)
            if not stated or not missing:
                continue
            here = covered.get((table, row_name(table, row)), set())
            bare = sorted(stated - everywhere - here)
            if bare:
                yield about(table, row, missing, _message(missing, bare))


def lacking(row: Any) -> str:
    """The column, `status` or `source`, that a row needs for its numbers; or empty."""
    if row.status is None:
        return "status"
    is_explained = row.status == "assumption" and row.note
    return "" if row.source or is_explained else "source"


def _message(missing: str, columns: list[str]) -> str:
    names = ", ".join(columns[:4]) + (" ..." if len(columns) > 4 else "")
    fix = "fill it, or a line in provenance.csv"
    if missing == "source":
        fix += ", or say in the note of an assumption why it is made"
    return f"is empty, so it is unknown how {names} is known; {fix}"
