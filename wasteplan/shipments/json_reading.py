"""Reading documents in JSON: every value by its path, every mistake told."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wasteplan.errors import Problem
from wasteplan.shipments.checking import EARLIEST as EARLIEST_TIME
from wasteplan.shipments.checking import LATEST as LATEST_TIME
from wasteplan.shipments.json_stream import NoJson, values_in
from wasteplan.wording import did_you_mean

FILE_BYTES_MAX = 8_000_000_000  # read piece by piece; the table is what needs room
EARLIEST, LATEST = EARLIEST_TIME.to_pydatetime(), LATEST_TIME.to_pydatetime()
PROBLEMS_MAX = 10_000
TOO_MANY = "is the last one read: too many mistakes; mend those and read again"
SHOWN_LENGTH_MAX = 60


class Node:
    """An object of a document, with where it stands for messages.

    The readers below give None for what is missing or wrong; what is wrong, or
    missing though required, becomes a problem with file, document, path and value.
    The path is put together only when there is something to tell.
    """

    __slots__ = ("above", "file", "key", "number", "place", "problems", "value")

    def __init__(
        self,
        value: Mapping[str, Any],
        file: str,
        number: int,
        problems: list[Problem],
        key: str = "",
        above: Node | None = None,
        place: int | None = None,
    ) -> None:
        self.value = value
        self.file = file
        self.number = number
        self.problems = problems
        self.key = key
        self.above = above
        self.place = place

    @property
    def path(self) -> str:
        """The keys that lead here, joined by dots."""
        here = self.key if self.place is None else f"{self.key}[{self.place}]"
        return here if self.above is None else self.above.at(here)

    def at(self, key: str) -> str:
        """The path of a key."""
        path = self.path
        return f"{path}.{key}" if path else key

    def below(
        self, value: Mapping[str, Any], key: str, place: int | None = None
    ) -> Node:
        """The object at a key, or at a place of the list there."""
        return Node(value, self.file, self.number, self.problems, key, self, place)

    def tell(self, key: str, message: str) -> None:
        """Add a problem at a key."""
        self.problems.append(Problem(self.file, self.number, self.at(key), message))

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text; an empty one is missing."""
        value = self.value.get(key)
        if isinstance(value, str):
            value = value.strip()
            if value:
                return value
        elif value is not None:
            self.tell(key, f"{_shown(value)} is no text; put it in quotes")
            return None
        if required:
            self.tell(key, "is missing and must be given")
        return None

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
            time = utc(datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            self.tell(key, f"'{text[:SHOWN_LENGTH_MAX]}' is no time in ISO 8601")
            return None
        if EARLIEST <= time <= LATEST:
            return time
        span = f"outside {EARLIEST.year}-{LATEST.year}; check the year"
        self.tell(key, f"'{text[:SHOWN_LENGTH_MAX]}' is {span}")
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
        return Node(value, self.file, self.number, self.problems, key, self)

    def nodes(self, key: str, *, required: bool = False) -> list[Node]:
        """The objects of a list below."""
        if not required and self.value.get(key) in (None, []):
            return []
        return list(self.each(key, required=required))

    def each(self, key: str, *, required: bool = False) -> Iterator[Node]:
        """The objects of a list below, as far as they are asked for."""
        value = self.value.get(key)
        if value is None or value == []:
            if required:
                self.tell(key, "is empty; it needs at least one entry")
            return
        if not isinstance(value, list):
            self.tell(key, f"{_shown(value)} is no list")
            return
        for place, entry in enumerate(value):
            if isinstance(entry, dict):
                yield Node(
                    entry, self.file, self.number, self.problems, key, self, place
                )
            else:
                self.tell(f"{key}[{place}]", f"{_shown(entry)} is no object")

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
    before = len(problems)
    try:
        for number, value in values_in(path):
            if isinstance(value, dict):
                yield Node(value, file, number, problems)
            elif isinstance(value, NoJson):
                problems.append(Problem(file, number, "", str(value)))
            else:
                message = f"{_shown(value)} is no document; it must be an object"
                problems.append(Problem(file, number, "", message))
            if len(problems) - before > PROBLEMS_MAX:
                problems.append(Problem(file, number, "", TOO_MANY))
                return
    except NoJson as error:
        problems.append(Problem(file, None, "", str(error)))
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 ({error.reason}); save the file as UTF-8"
        problems.append(Problem(file, None, "", message))


def utc(time: datetime) -> datetime:
    """A time without a zone: in UTC if it has an offset, as written otherwise."""
    if time.tzinfo is None:
        return time
    in_utc = time if time.tzinfo is UTC else time.astimezone(UTC)
    return in_utc.replace(tzinfo=None)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_LENGTH_MAX else text[:SHOWN_LENGTH_MAX] + "..."
