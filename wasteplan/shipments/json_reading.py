"""Reading documents in JSON: every value by its path, every mistake told."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem
from wasteplan.wording import did_you_mean

FILE_BYTES_MAX = 2_000_000_000
LINES_SUFFIXES = (".jsonl", ".ndjson")
SHOWN_LENGTH_MAX = 60


@dataclass(frozen=True)
class Node:
    """An object of a document, with where it stands for messages.

    The readers below give None for what is missing or wrong; what is wrong, or
    missing though required, becomes a problem with file, document, path and value.
    """

    value: Mapping[str, Any]
    file: str
    number: int
    path: str
    problems: list[Problem]

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def tell(self, key: str, message: str) -> None:
        """Add a problem at a key."""
        self.problems.append(Problem(self.file, self.number, self.at(key), message))

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text; an empty one is missing."""
        value = self.value.get(key)
        if value is None or value == "":
            if required:
                self.tell(key, "is missing and must be given")
            return None
        if not isinstance(value, str):
            self.tell(key, f"{_shown(value)} is no text; put it in quotes")
            return None
        return value.strip() or None

    def number_of(
        self, key: str, *, required: bool = False, above_zero: bool = False
    ) -> float | None:
        """A number that is not negative."""
        value = self.value.get(key)
        if value is None:
            if required:
                self.tell(key, "is missing and must be given")
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.tell(key, f"{_shown(value)} is no number; write it without quotes")
            return None
        if not math.isfinite(value) or value < 0 or (above_zero and value == 0):
            word = "must be above 0" if above_zero else "is below 0"
            self.tell(key, f"{value:g} {word}")
            return None
        return float(value)

    def flag(self, key: str, *, required: bool = False) -> bool | None:
        """True or false."""
        value = self.value.get(key)
        if value is None:
            if required:
                self.tell(key, "is missing; write true or false")
            return None
        if not isinstance(value, bool):
            self.tell(key, f"{_shown(value)} is neither true nor false")
            return None
        return value

    def time(self, key: str, *, required: bool = False) -> datetime | None:
        """A time in ISO 8601; one with an offset is put in UTC."""
        text = self.text(key, required=required)
        if text is None:
            return None
        try:
            return utc(datetime.fromisoformat(text))
        except ValueError:
            self.tell(key, f"'{text[:SHOWN_LENGTH_MAX]}' is no time in ISO 8601")
            return None

    def word(
        self, key: str, known: Mapping[str, Any], *, required: bool = False
    ) -> str | None:
        """One of some known words."""
        text = self.text(key, required=required)
        if text is None or text in known:
            return text
        listed = ", ".join(known)
        hint = did_you_mean(text, known)
        self.tell(key, f"'{text[:SHOWN_LENGTH_MAX]}' is none of {listed}{hint}")
        return None

    def node(self, key: str, *, required: bool = False) -> Node:
        """An object below; an empty one if it is missing."""
        value = self.value.get(key)
        if value is None:
            if required:
                self.tell(key, "is missing and must be given")
            value = {}
        elif not isinstance(value, dict):
            self.tell(key, f"{_shown(value)} is no object")
            value = {}
        return Node(value, self.file, self.number, self.at(key), self.problems)

    def nodes(self, key: str, *, required: bool = False) -> list[Node]:
        """The objects of a list below."""
        value = self.value.get(key)
        if value is None or value == []:
            if required:
                self.tell(key, "is empty; it needs at least one entry")
            return []
        if not isinstance(value, list):
            self.tell(key, f"{_shown(value)} is no list")
            return []
        found = []
        for i, entry in enumerate(value):
            place = f"{key}[{i}]"
            if not isinstance(entry, dict):
                self.tell(place, f"{_shown(entry)} is no object")
                continue
            at = self.at(place)
            found.append(Node(entry, self.file, self.number, at, self.problems))
        return found

    def texts(self, key: str, *, required: bool = False) -> list[str]:
        """The texts of a list."""
        value = self.value.get(key)
        if value is None or value == []:
            if required:
                self.tell(key, "is empty; it needs at least one entry")
            return []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.tell(key, f"{_shown(value)} is no list of texts")
            return []
        return [v.strip() for v in value if v.strip()]


def documents(path: Path, file: str, problems: list[Problem]) -> Iterator[Node]:
    """The documents of a file: one object, a list of them, or one a line (`.jsonl`).

    Parameters
    ----------
    path, file
        The file on disk and its name in messages.
    problems
        What is wrong is added here.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // 1_000_000_000
        problems.append(Problem(file, None, "", f"is larger than {limit} GB"))
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 ({error.reason}); save the file as UTF-8"
        problems.append(Problem(file, None, "", message))
        return
    if path.suffix.lower() in LINES_SUFFIXES:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                value = _parsed(line, file, number, problems)
                yield from _as_nodes(value, file, number, problems)
        return
    value = _parsed(text, file, None, problems)
    entries = value if isinstance(value, list) else [value]
    for number, entry in enumerate(entries, start=1):
        yield from _as_nodes(entry, file, number, problems)


def utc(time: datetime) -> datetime:
    """A time without a zone: in UTC if it has an offset, as written otherwise."""
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


def _parsed(text: str, file: str, number: int | None, problems: list[Problem]) -> Any:
    """The value of a text in JSON, or None and a problem."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = f"{error.msg}, line {error.lineno}"
    except (ValueError, RecursionError) as error:
        where = str(error)
    problems.append(Problem(file, number, "", f"is no JSON: {where}"))
    return None


def _as_nodes(
    value: Any, file: str, number: int, problems: list[Problem]
) -> Iterator[Node]:
    """The value as a document, if it is an object."""
    if isinstance(value, dict):
        yield Node(value, file, number, "", problems)
    elif value is not None:
        message = f"{_shown(value)} is no document; it must be an object"
        problems.append(Problem(file, number, "", message))


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON; leave the value out")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_LENGTH_MAX else text[:SHOWN_LENGTH_MAX] + "..."
