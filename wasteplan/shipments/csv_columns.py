"""Reading a CSV of up to millions of rows as columns of categories."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from wasteplan.errors import Problem
from wasteplan.shipments.checking import stripped
from wasteplan.shipments.mistakes import LISTED_MAX
from wasteplan.wording import did_you_mean

FILE_BYTES_MAX = 4_000_000_000
ROWS_MAX = 20_000_000


@dataclass(frozen=True)
class TextColumns:
    """The columns of a file as text, and the row number of every row.

    `columns` holds a category array of shape (n,) by column name, without blanks
    around the texts; an empty cell is missing.
    """

    columns: dict[str, pd.Categorical]
    rows: np.ndarray


def read_csv_columns(
    path: Path,
    *,
    file: str,
    known: Sequence[str],
    required: Sequence[str],
    problems: list[Problem],
) -> TextColumns | None:
    """The columns of a CSV file; None if it cannot be read, with the reasons.

    Parameters
    ----------
    path, file
        The file on disk and its name in messages.
    known, required
        Columns that may and that must be in the header.
    problems
        What is wrong is added here.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // 1_000_000_000
        problems.append(Problem(file, None, "", f"is larger than {limit} GB"))
        return None
    rows = _rows_of(path, file, known, required, problems)
    if rows is None:
        return None
    frame = pd.read_csv(
        path,
        dtype="category",
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8-sig",
        skip_blank_lines=False,
        index_col=False,
        low_memory=False,
    )
    frame.columns = frame.columns.str.strip()
    if len(frame) > len(rows):  # blank lines hold nothing and are left out
        frame = frame.iloc[rows - 2]
    columns = {str(n): stripped(frame[n].array) for n in frame.columns}
    return _without_empty_rows(TextColumns(columns, rows))


def columns_from_cells(
    header: Sequence[str], cells: Iterable[Sequence[str]], rows: Sequence[int]
) -> TextColumns:
    """Cells of a sheet, row by row, as the same columns."""
    across = list(zip(*cells, strict=True)) or [()] * len(header)
    columns = {}
    for name, values in zip(header, across, strict=True):
        texts = pd.Series([v or None for v in values], dtype="object")
        columns[name] = stripped(pd.Categorical(texts))
    return TextColumns(columns, np.array(rows, dtype="int64"))


def header_is_good(
    header: Sequence[str],
    *,
    file: str,
    known: Sequence[str],
    required: Sequence[str],
    problems: list[Problem],
) -> bool:
    """No unknown, doubled or missing column."""
    before = len(problems)
    if len(header) == 1 and header[0] not in known:
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if mark in header[0]:
                message = f"columns are separated by {name}; separate them by commas"
                problems.append(Problem(file, 1, "", message))
                return False
    for at, name in enumerate(header):
        if not name:
            message = f"column {at + 1} has no name"
            problems.append(Problem(file, 1, "", message))
        elif name not in known:
            message = f"unknown column '{name}'{did_you_mean(name, known)}"
            problems.append(Problem(file, 1, name, message))
        elif name in header[:at]:
            problems.append(Problem(file, 1, name, "the column appears twice"))
    for name in required:
        if name not in header:
            problems.append(Problem(file, 1, name, "the column is missing"))
    return len(problems) == before


def _without_empty_rows(text: TextColumns) -> TextColumns:
    """The columns without rows of empty cells, which spreadsheets leave behind."""
    is_filled = np.zeros(len(text.rows), dtype=bool)
    for column in text.columns.values():
        is_filled |= column.codes >= 0
    if is_filled.all():
        return text
    kept = {name: column[is_filled] for name, column in text.columns.items()}
    return TextColumns(kept, text.rows[is_filled])


def _rows_of(
    path: Path,
    file: str,
    known: Sequence[str],
    required: Sequence[str],
    problems: list[Problem],
) -> np.ndarray | None:
    """Numbers of the rows that hold something; None and the reasons if unreadable."""
    before = len(problems)
    blank: list[int] = []
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.reader(text, strict=True)
            header = [name.strip() for name in next(lines, [])]
            if not header:
                message = "is empty; it needs a header row"
                problems.append(Problem(file, None, "", message))
                return None
            if not header_is_good(
                header, file=file, known=known, required=required, problems=problems
            ):
                return None
            width, number = len(header), 1
            for number, cells in enumerate(lines, start=2):
                if len(cells) == width:
                    continue
                if not cells:
                    blank.append(number)
                elif len(problems) - before < LISTED_MAX:
                    message = f"has {len(cells)} cells; the header has {width}"
                    message += "; put cells that hold a comma in quotes"
                    problems.append(Problem(file, number, "", message))
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 ({error.reason}); save the file as UTF-8"
        problems.append(Problem(file, number + 1, "", message))
    except csv.Error as error:
        message = f"cannot be read as comma-separated values: {error}"
        problems.append(Problem(file, number + 1, "", message))
    if number - 1 > ROWS_MAX:
        problems.append(Problem(file, None, "", f"has more than {ROWS_MAX:,} rows"))
    if len(problems) > before:
        return None
    return np.setdiff1d(np.arange(2, number + 1), blank)
