"""Every number of the scenario with its unit, source and status."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import percent_text
from wasteplan.report.subject import Subject
from wasteplan.scenario.column_notes import column_notes
from wasteplan.scenario.findings import row_name
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLES
from wasteplan.scenario.remembering import remembered
from wasteplan.scenario.settings import Settings
from wasteplan.units import STATUS_ORDER, WEAK_STATUSES, Record, Unit, field_mark

NOT_LISTED = frozenset({"ranges", "provenance"})
"""Tables about numbers rather than of numbers; ranges stand beside their cell."""
SETTING = "setting"
"""Status of a number of `scenario.toml`: a choice of the study."""
CELLS_MAX = 6000
"""Numbers carried in the page; the workbook has all."""
TABLES_LAST = ("distances", "nodes", "edges", "generation", "generators")
"""Cut first when there are too many numbers for the page."""


@dataclass(frozen=True)
class Cell:
    """One number: where it stands, what it is, who says so."""

    table: str
    row: str
    column: str
    value: float
    unit: str
    status: str
    source: str
    is_filled: bool
    """Filled from the packaged catalogue, not from the scenario folder."""
    low: float | None = None
    high: float | None = None
    note: str = ""


@remembered
def cells(scenario: Scenario, money: str) -> list[Cell]:
    """All numbers of the scenario, table by table in the order of the registry.

    Parameters
    ----------
    scenario
        The case, completed from the catalogue.
    money
        Currency and price year, put in place of the word money in units.
    """
    said = {(p.table, p.row, p.column): p for p in scenario.provenance}
    ranges = {(r.table, r.row, r.column): (r.low, r.high) for r in scenario.ranges}
    found = _settings_cells(scenario.settings, money)
    for spec in TABLES:
        if spec.name in NOT_LISTED:
            continue
        numbers = [
            note
            for note in column_notes(spec.record)
            if note.kind in ("integer", "number") and note.name not in spec.key
        ]
        for record in getattr(scenario, spec.name):
            row = row_name(spec.name, record)
            for note in numbers:
                value = getattr(record, note.name)
                if value is None:
                    continue
                where = (spec.name, row, note.name)
                line = said.get(where) or said.get((spec.name, "", note.name))
                filled = scenario.filled_cells.get(where)
                low, high = ranges.get(where, (None, None))
                found.append(
                    Cell(
                        *where,
                        float(value),
                        _unit(note.unit, money),
                        filled
                        or (line.status if line else None)
                        or record.status
                        or "",
                        (line.source if line else "") or record.source,
                        filled is not None,
                        low,
                        high,
                        record.note,
                    )
                )
    return found


def assumptions_section(subject: Subject) -> Section:
    """The chapter: how sure the numbers are, by table."""
    found = cells(subject.scenario, subject.money)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for cell in found:
        counts[cell.table][cell.status or "not stated"] += 1
    order = (*STATUS_ORDER, SETTING, "not stated")
    statuses = [s for s in order if any(c[s] for c in counts.values())]
    weak = sum(c.status in WEAK_STATUSES for c in found)
    lead = (
        f"{len(found):,} numbers went into this report; {weak:,} of them "
        f"({percent_text(weak / len(found), 0)}) are recalled from memory or assumed "
        "and are marked so wherever they are shown."
        if found
        else ""
    )
    tables = list(counts)
    chart = Chart(
        id="statuses",
        kind="stack",
        title="How the numbers of each table are known",
        summary="; ".join(
            f"{table}: " + ", ".join(f"{n} {s}" for s, n in counts[table].items())
            for table in tables
        ),
        data={
            "labels": tables,
            "unit": "numbers",
            "series": [
                {"key": s, "name": s, "values": [counts[t][s] for t in tables]}
                for s in statuses
            ],
            "horizontal": True,
        },
        table=Table(
            "Numbers by status",
            (Column("Table"), *(Column(s, form="number") for s in statuses)),
            tuple((t, *(counts[t][s] for s in statuses)) for t in tables),
        ),
        height=90 + 26 * len(tables),
    )
    return Section(
        "assumptions",
        "What it stands on",
        lead,
        (chart,),
        _sources(subject, found),
        subject.scenario.settings.scenario.notes,
        short="Assumptions",
    )


def _sources(subject: Subject, found: list[Cell]) -> tuple[Table, ...]:
    """Every source that a number names, and how many do."""
    used = Counter(c.source for c in found)
    rows = tuple(
        (s.text, s.url, used[s.id]) for s in subject.scenario.sources if used[s.id]
    )
    columns = (Column("Source"), Column("Address"), Column("Numbers", form="number"))
    table = Table("Sources", columns, rows, is_folded=True)
    return (table,) if rows else ()


def inventory(subject: Subject) -> dict[str, Any]:
    """The searchable list as columns of short codes, small enough to carry."""
    found = cells(subject.scenario, subject.money)
    kept = _most_telling(found)
    texts = {s.id: s.text for s in subject.scenario.sources}
    words: dict[str, int] = {}

    def code(word: str) -> int:
        return words.setdefault(word, len(words))

    rows = {
        "table": [code(c.table) for c in kept],
        "row": [code(c.row) for c in kept],
        "column": [code(c.column) for c in kept],
        "unit": [code(c.unit) for c in kept],
        "status": [code(c.status or "not stated") for c in kept],
        "source": [code(c.source) for c in kept],
        "value": [c.value for c in kept],
        "filled": [i for i, c in enumerate(kept) if c.is_filled],
        "range": {
            str(i): [c.low, c.high] for i, c in enumerate(kept) if c.low is not None
        },
    }
    used = {c.source for c in kept}
    return {
        "words": list(words),
        "rows": rows,
        "sources": {k: t for k, t in texts.items() if k in used},
        "total": len(found),
        "weak": sorted(WEAK_STATUSES),
    }


def _most_telling(found: list[Cell]) -> list[Cell]:
    """All cells, or the bulky tables cut short, keeping the order."""
    surplus = len(found) - CELLS_MAX
    if surplus <= 0:
        return found
    cut: Counter[str] = Counter()
    for table in TABLES_LAST:
        size = sum(c.table == table for c in found)
        cut[table] = min(size, max(surplus, 0))
        surplus -= cut[table]
    kept = []
    for cell in reversed(found):
        if cut[cell.table] > 0:
            cut[cell.table] -= 1
        else:
            kept.append(cell)
    return kept[::-1][:CELLS_MAX]


def _settings_cells(settings: Settings, money: str) -> list[Cell]:
    found = []
    for section in type(settings).model_fields:
        record: Record = getattr(settings, section)
        for name, field in type(record).model_fields.items():
            value = getattr(record, name)
            unit = field_mark(field, Unit)
            if unit is None or value is None or isinstance(value, bool | str):
                continue
            text = _unit(unit.symbol, money)
            found.append(
                Cell(
                    "scenario.toml",
                    section,
                    name,
                    float(value),
                    text,
                    SETTING,
                    "",
                    False,
                )
            )
    return found


def _unit(unit: str, money: str) -> str:
    return unit.replace("money", money)
