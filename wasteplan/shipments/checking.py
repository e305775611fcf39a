"""Turning columns of reported text into typed columns, with every mistake told.

Reported files repeat themselves, so the text of a column is kept as categories and
each different text is checked once; a million rows cost little more than a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wasteplan.errors import Problem
from wasteplan.shipments.mistakes import LISTED_MAX
from wasteplan.tables import BOOLEANS
from wasteplan.wording import did_you_mean, not_a_number

TIME_FORM = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
SHOWN_LENGTH_MAX = 60
EARLIEST = pd.Timestamp("1990-01-01")
LATEST = pd.Timestamp("2100-01-01")


@dataclass
class Checker:
    """Checks the columns of one file and gathers what is wrong.

    Parameters
    ----------
    file
        Name of the file in messages.
    rows
        Row number in the file of every row; shape (n,).
    """

    file: str
    rows: np.ndarray
    problems: list[Problem] = field(default_factory=list)

    def numbers(
        self,
        column: pd.Categorical,
        name: str,
        *,
        unit: str,
        low: float = 0.0,
        high: float = np.inf,
        above: bool = False,
    ) -> np.ndarray:
        """A column of numbers; NaN where empty or wrong.  [unit]

        Parameters
        ----------
        low, high
            Bounds that the numbers keep.  [unit]
        above
            Whether the lower bound itself is outside.
        """
        texts = column.categories
        values = pd.to_numeric(pd.Series(texts), errors="coerce").to_numpy(dtype=float)
        is_number = np.isfinite(values)
        self._tell(column, ~is_number, name, lambda text: _number_hint(text))
        too_low = is_number & (values <= low if above else values < low)
        word = "must be above" if above else "is below"
        self._tell(column, too_low, name, lambda t: f"{_with(t, unit)} {word} {low:g}")
        too_high = is_number & (values > high)
        self._tell(
            column,
            too_high,
            name,
            lambda t: f"{_with(t, unit)} is above {high:g}; check the unit",
        )
        values = np.where(is_number & ~too_low & ~too_high, values, np.nan)
        return np.append(values, np.nan)[column.codes]

    def times(self, column: pd.Categorical, name: str) -> np.ndarray:
        """A column of times; NaT where empty or wrong; offsets are put in UTC."""
        texts = texts_of(column)
        formed = [t if TIME_FORM.fullmatch(t) else None for t in texts]
        parsed = pd.DatetimeIndex(
            pd.to_datetime(
                pd.Series(formed, dtype="object"),
                format="ISO8601",
                utc=True,
                errors="coerce",
            )
        ).tz_localize(None)
        wrong = np.asarray(parsed.isna(), dtype=bool)
        self._tell(column, wrong, name, _time_hint)
        outside = ~wrong & np.asarray((parsed < EARLIEST) | (parsed > LATEST))
        span = f"outside {EARLIEST.year}-{LATEST.year}; check the year"
        self._tell(column, outside, name, lambda text: f"'{text}' is {span}")
        values = parsed.to_numpy().astype("datetime64[ns]")
        values = np.where(outside, np.datetime64("NaT", "ns"), values)
        return np.append(values, np.datetime64("NaT", "ns"))[column.codes]

    def flags(self, column: pd.Categorical, name: str) -> pd.Series:
        """A column of yes or no; NA where empty or wrong."""
        of_text = [BOOLEANS.get(t.lower()) for t in texts_of(column)]
        wrong = np.array([v is None for v in of_text], dtype=bool)
        self._tell(
            column, wrong, name, lambda t: f"'{t}' is neither 0, 1, true nor false"
        )
        values = np.array([*of_text, None], dtype=object)[column.codes]
        return pd.Series(values, dtype="boolean")

    def choices(
        self,
        column: pd.Categorical,
        name: str,
        known: Sequence[str] | Mapping[str, str],
    ) -> pd.Categorical:
        """A column of known words; missing where empty or wrong.

        Parameters
        ----------
        known
            The words that may stand there, or the word of ours for each of theirs.
        """
        ours = known if isinstance(known, Mapping) else {k: k for k in known}
        wrong = np.array([t not in ours for t in texts_of(column)], dtype=bool)
        listed = ", ".join(ours)

        def hint(text: str) -> str:
            return f"'{text}' is none of {listed}{did_you_mean(text, ours)}"

        self._tell(column, wrong, name, hint)
        return mapped(column, lambda text: ours.get(text))

    def not_longer(self, column: pd.Categorical, name: str, length: int) -> None:
        """No text of the column is longer than so many characters."""
        lengths = np.array([len(t) for t in texts_of(column)], dtype=int)
        message = f"has more than {length:,} characters"
        self._tell(column, lengths > length, name, lambda t: f"'{t}...' {message}")

    def required(self, column: pd.Categorical, name: str, fix: str) -> None:
        """Every row must have something in the column."""
        self.where(column.codes < 0, name, f"is empty; {fix}")

    def where(self, mask: np.ndarray, name: str, message: str) -> None:
        """One problem for every row of the mask; after `LISTED_MAX` a count."""
        positions = np.flatnonzero(mask)
        for row in self.rows[positions[:LISTED_MAX]]:
            self.problems.append(Problem(self.file, int(row), name, message))
        self._count_rest(len(positions), name)

    def _tell(
        self,
        column: pd.Categorical,
        wrong: np.ndarray,
        name: str,
        message: Callable[[str], str],
    ) -> None:
        """One problem for every row whose text is wrong."""
        if not wrong.any():
            return
        is_wrong = np.append(wrong, False)[column.codes]
        positions = np.flatnonzero(is_wrong)
        for at in positions[:LISTED_MAX]:
            text = str(column.categories[column.codes[at]])
            shown = text[:SHOWN_LENGTH_MAX]
            told = Problem(self.file, int(self.rows[at]), name, message(shown))
            self.problems.append(told)
        self._count_rest(len(positions), name)

    def _count_rest(self, n: int, name: str) -> None:
        """Say how many rows were not listed."""
        if n > LISTED_MAX:
            more = f"{n - LISTED_MAX:,} more rows have the same mistake"
            self.problems.append(Problem(self.file, None, name, more))


def texts_of(column: pd.Categorical) -> list[str]:
    """The different texts of a column, as plain strings."""
    return [str(t) for t in column.categories.to_numpy(dtype=object)]


def stripped(column: pd.Categorical) -> pd.Categorical:
    """The column without blanks around its texts; a blank text is missing."""
    texts = texts_of(column)
    if all(t and t == t.strip() for t in texts):
        return column
    return mapped(column, lambda text: text.strip() or None)


def mapped(
    column: pd.Categorical, change: Callable[[str], str | None]
) -> pd.Categorical:
    """The column with every different text changed once; None becomes missing."""
    after = [change(t) for t in texts_of(column)]
    names = list(dict.fromkeys(t for t in after if t is not None))
    place = {name: i for i, name in enumerate(names)}
    codes = np.array([-1 if t is None else place[t] for t in after] + [-1], dtype=int)
    return pd.Categorical.from_codes(
        codes[column.codes], categories=pd.Index(names, dtype=object)
    )


def missing_column(n_rows: int) -> pd.Categorical:
    """A column in which every row is empty."""
    return pd.Categorical.from_codes(
        np.full(n_rows, -1), categories=pd.Index([], dtype=object)
    )


def _number_hint(text: str) -> str:
    return not_a_number(text)


def _time_hint(text: str) -> str:
    example = "write 2025-03-31 or 2025-03-31T14:05"
    return f"'{text}' is no time; {example}, with Z or an offset if it has one"


def _with(text: str, unit: str) -> str:
    """A number with its unit, if it has one."""
    return f"{text} {unit}" if unit else text
