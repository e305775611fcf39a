"""How numbers and lists read in the answer of a study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeGuard

UNKNOWN = "unknown"
NOISE = 1e-9
"""Smaller sizes are what floating-point sums leave behind; they are written as 0."""
UNSIGNED_UNITS = frozenset(
    {"-", "share", "%", "t", "t/y", "1/y", "km/y", "min", "d", "MWh", "FTE"}
)
"""Units of amounts that cannot be negative, with which intervals are cut at 0."""


def is_known(value: float | None) -> TypeGuard[float]:
    """Whether a value is a finite number."""
    return value is not None and math.isfinite(value)


def money(value: float | None, currency: str) -> str:
    """An amount in readable size.

    >>> money(9_811_656.25, "USD"), money(-1234.0, "USD"), money(26.9, "USD")
    ('9.81 million USD', '-1,234 USD', '26.9 USD')
    """
    if not is_known(value):
        return UNKNOWN
    for size, word in ((1e9, "billion "), (1e6, "million ")):
        if abs(value) >= size:
            return f"{three_digits(value / size)} {word}{currency}"
    return f"{three_digits(value)} {currency}"


def amount(value: float, unit: str) -> str:
    """An amount of a total; shares, which have the unit `-`, in percent.

    >>> amount(0.74, "-"), amount(1234.0, "t")
    ('74.0 %', '1,234 t')
    """
    return percent(value) if unit == "-" else money(value, unit)


def three_digits(value: float) -> str:
    """A number with about three digits and thousands separators.

    >>> [three_digits(v) for v in (1234.5, 99.51, 9.876, 0.0123, -1.8e-11)]
    ['1,234', '99.5', '9.88', '0.0123', '0']
    """
    size = abs(value)
    if size < NOISE:
        return "0"
    if size < 1:
        return f"{value:.3g}"
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    return f"{value:,.{decimals}f}"


def percent(share: float | None, decimals: int = 1) -> str:
    """A share in percent.

    >>> percent(0.6234), percent(-1e-12), percent(None)
    ('62.3 %', '0.0 %', 'unknown')
    """
    if not is_known(share):
        return UNKNOWN
    text = f"{100 * share:.{decimals}f}"
    return f"{text if float(text) else text.lstrip('-')} %"


def mean_text(mean: float, half_width: float) -> str:
    """A simulated share with its interval, if it has one.

    >>> mean_text(0.649, 0.008), mean_text(0.649, float("nan"))
    ('64.9 +- 0.8 %', '64.9 %, one run')
    """
    if not is_known(half_width):
        return f"{percent(mean)}, one run"
    return f"{100 * mean:.1f} +- {100 * half_width:.1f} %"


def currency_unit(unit: str, currency: str) -> str:
    """A unit with the currency in the place of money.

    >>> currency_unit("money/t", "USD")
    'USD/t'
    """
    return unit.replace("money", currency)


def interval_end(value: float, mean: float, unit: str) -> float:
    """An end of an interval without the part that the unit rules out.

    >>> interval_end(-0.5, 2.0, "t/y"), interval_end(-0.5, -0.2, "MWh/y")
    (0.0, -0.5)
    """
    is_cut = unit in UNSIGNED_UNITS and mean >= 0 and value < 0
    return 0.0 if is_cut else value


def tonnes_per_year(value: float, is_effluent: bool = False) -> str:
    """A yearly tonnage; of effluent cubic metres of 1 t.

    >>> tonnes_per_year(54_750.0), tonnes_per_year(800.0)
    ('54.8 kt/y', '800 t/y')
    >>> tonnes_per_year(1_250_000.0, is_effluent=True)
    '1,250,000 m3/y'
    """
    if is_effluent:
        return f"{three_digits(value)} m3/y"
    if abs(value) >= 10_000:
        return f"{three_digits(value / 1000)} kt/y"
    return f"{three_digits(value)} t/y"


def signed(text: str) -> str:
    """A written difference with its sign.

    >>> signed("3.1"), signed("-3.1")
    ('+3.1', '-3.1')
    """
    return text if text.startswith("-") or text in ("0", UNKNOWN) else f"+{text}"


def some_of(items: Sequence[str], most: int) -> str:
    """A list cut after `most` items, saying how many are left.

    >>> some_of(["a", "b", "c"], 2)
    'a; b; and 1 more'
    """
    shown = [*items[:most]]
    more = len(items) - most
    return "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])])
