"""Reading and writing files of shipments in every format that is known."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from wasteplan.errors import Problem
from wasteplan.shipments.allbaro import read_allbaro, write_allbaro
from wasteplan.shipments.england_receipt import (
    read_england_receipt,
    write_england_receipt,
)
from wasteplan.shipments.mistakes import ShipmentError, ShipmentFileError, in_order
from wasteplan.shipments.own_format import (
    read_own_csv,
    read_own_xlsx,
    write_own_csv,
    write_own_xlsx,
)
from wasteplan.shipments.table import ShipmentTable, concatenated
from wasteplan.shipments.us_emanifest import read_us_emanifest
from wasteplan.shipments.us_emanifest_writing import write_us_emanifest
from wasteplan.wording import did_you_mean

T = TypeVar("T")
Reader = Callable[[Path, str, list[Problem]], ShipmentTable]
Writer = Callable[[ShipmentTable, Path], None]

READERS: dict[str, Reader] = {
    "own_csv": read_own_csv,
    "own_xlsx": read_own_xlsx,
    "us_emanifest": read_us_emanifest,
    "england_receipt": read_england_receipt,
    "allbaro": read_allbaro,
}
WRITERS: dict[str, Writer] = {
    "own_csv": write_own_csv,
    "own_xlsx": write_own_xlsx,
    "us_emanifest": write_us_emanifest,
    "england_receipt": write_england_receipt,
    "allbaro": write_allbaro,
}
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
SUFFIXES = (".csv", ".xlsx", *JSON_SUFFIXES)
LOOKED_AT = 65_536  # characters at the head of a file that tell its format


@dataclass(frozen=True)
class Reading:
    """What was read: the shipments, and every mistake in the files.

    A row with a mistake stays in the table; the wrong cell is unknown in it.
    """

    table: ShipmentTable
    problems: tuple[Problem, ...]

    def checked(self, where: str = "the files") -> ShipmentTable:
        """The table, if nothing is wrong.

        Raises
        ------
        ShipmentFileError
            There are problems; all are listed.
        """
        if self.problems:
            raise ShipmentFileError(where, self.problems)
        return self.table


def read_shipments(
    paths: str | Path | Sequence[str | Path], *, file_format: str | None = None
) -> Reading:
    """Read files of shipments, or every such file of a folder, into one table.

    Parameters
    ----------
    paths
        A file, a folder or several files.
    file_format
        One of `READERS`; by default told from the name and the first keys or columns.

    Raises
    ------
    ShipmentError
        A path does not exist, a folder holds no such file, or the format is unknown.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    problems: list[Problem] = []
    tables = []
    for path in _files([Path(p) for p in given]):
        name = file_format or format_of(path, problems)
        if name is not None:
            tables.append(_known(READERS, name)(path, path.name, problems))
    return Reading(concatenated(tables), in_order(problems))


def write_shipments(table: ShipmentTable, path: str | Path, file_format: str) -> None:
    """Write a table in one of the formats.

    Raises
    ------
    ShipmentError
        The format is unknown.
    """
    _known(WRITERS, file_format)(table, Path(path))


def format_of(path: Path, problems: list[Problem]) -> str | None:
    """The format of a file, or None and a problem that says what was expected."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return "own_xlsx"
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        head = text.read(LOOKED_AT)
    if suffix == ".csv":
        header = next(csv.reader(head.splitlines()[:1]), [])
        return "allbaro" if "handover_no" in header else "own_csv"
    if suffix in JSON_SUFFIXES:
        if suffix == ".json" and len(head) < LOOKED_AT and (why := _no_json(head)):
            problems.append(Problem(path.name, None, "", why))
            return None
        keys = {"us_emanifest": '"wastes"', "england_receipt": '"wasteItems"'}
        keys_first = {"us_emanifest": '"manifestTrackingNumber"'}
        for name, key in (*keys_first.items(), *keys.items()):
            if key in head:
                return name
        message = "holds neither 'wastes' (e-Manifest) nor 'wasteItems' (receipt)"
        problems.append(Problem(path.name, None, "", f"{message}; name its format"))
        return None
    message = f"ends in none of {', '.join(SUFFIXES)}; name its format"
    problems.append(Problem(path.name, None, "", message))
    return None


def _no_json(text: str) -> str:
    """Why a whole file is no JSON; empty if it is."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"is no JSON ({error.msg}, line {error.lineno}); export it again"
    except RecursionError:
        return "is nested too deeply"
    return ""


def _files(paths: list[Path]) -> list[Path]:
    """The files; of a folder those with a known ending, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if p.suffix.lower() in SUFFIXES]
            if not inside:
                endings = ", ".join(SUFFIXES)
                raise ShipmentError(f"{path.name} holds no file that ends in {endings}")
            found.extend(inside)
        elif path.is_file():
            found.append(path)
        else:
            raise ShipmentError(f"there is no file or folder {path}")
    return found


def _known(known: dict[str, T], name: str) -> T:
    if name not in known:
        listed = ", ".join(known)
        hint = did_you_mean(name, known)
        raise ShipmentError(f"'{name}' is no format; one of {listed}{hint}")
    return known[name]
