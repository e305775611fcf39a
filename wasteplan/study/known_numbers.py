"""Every number of the package and how it is known, file by file."""

from __future__ import annotations

import csv
import io
from importlib.resources import files

import pandas as pd

from wasteplan.units import STATUS_ORDER, WEAK_STATUSES

ROOMS = ("waste", "treatment", "lca", "finance", "sim", "shipments")
NUMBER_COLUMNS = {
    "file": "room/data file",
    "row": "what names the row",
    "value": "central value as written",
    "unit": "its unit",
    "status": "how it is known",
    "source": "key in the room's sources.toml",
    "note": "what the row says of itself",
}
VALUES = ("value", "central", "share", "factor", "a")
NOT_NAMES = frozenset(
    (*VALUES, "low", "high", "unit", "status", "source", "note", "name")
)
NAME_PARTS = 4


def packaged_numbers() -> pd.DataFrame:
    """All rows of the packaged tables (see `NUMBER_COLUMNS`).

    Rows without a status of their own (choices, code lists without numbers) are left
    out.
    """
    rows = [
        row
        for room in ROOMS
        for file in sorted(_tables(room))
        for row in _rows(room, file)
    ]
    return pd.DataFrame(rows, columns=list(NUMBER_COLUMNS))


def weak_numbers() -> pd.DataFrame:
    """The rows from memory or assumption."""
    found = packaged_numbers()
    weak = found["status"].isin(WEAK_STATUSES)
    return found[weak].reset_index(drop=True)


def counts_by_file() -> pd.DataFrame:
    """Rows by file and status; columns file, one a status, and share_weak."""
    found = packaged_numbers()
    counts = found.groupby(["file", "status"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(STATUS_ORDER), fill_value=0)
    weak = counts[[s for s in STATUS_ORDER if s in WEAK_STATUSES]].sum(axis=1)
    counts["share_weak"] = weak / counts.sum(axis=1)
    return counts.reset_index().rename_axis(columns=None)


def _tables(room: str) -> list[str]:
    folder = files(f"wasteplan.{room}") / "data"
    return [p.name for p in folder.iterdir() if p.name.endswith(".csv")]


def _rows(room: str, file: str) -> list[tuple[str, ...]]:
    text = (files(f"wasteplan.{room}") / "data" / file).read_text(encoding="utf-8")
    found: list[tuple[str, ...]] = []
    for row in csv.DictReader(io.StringIO(text)):
        if row.get("status") not in STATUS_ORDER:
            continue
        value = next((row[c] for c in VALUES if row.get(c)), "")
        names = [v for c, v in row.items() if c not in NOT_NAMES and v]
        found.append(
            (
                f"{room}/{file}",
                " ".join(names[:NAME_PARTS]),
                value,
                row.get("unit") or "",
                row["status"],
                row.get("source") or "",
                row.get("note") or "",
            )
        )
    return found
