"""How numbers are written in the report: fixed forms, so that runs give equal bytes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

UNKNOWN = "–"
"""Shown where a value is not known."""

SIGNIFICANT = 7
"""Digits kept of numbers that travel into charts."""


def is_known(value: Any) -> bool:
    """Whether the value is a finite number.

    >>> is_known(1), is_known(float("nan")), is_known(None), is_known("1")
    (True, False, False, False)
    """
    if value is None or isinstance(value, str):
        return False
    try:
        return math.isfinite(value)
    except TypeError:
        return False


def rounded(value: Any, significant: int = SIGNIFICANT) -> float | None:
    """A float with a fixed number of significant digits; None if it is not known.

    >>> rounded(1234567.891), rounded(float("nan"))
    (1234568.0, None)
    """
    if not is_known(value):
        return None
    number = float(f"{float(value):.{significant}g}")
    return 0.0 if number == 0 else number


def decimals_for(values: Iterable[Any]) -> int:
    """Decimals that give about three digits to the largest of the values.

    >>> decimals_for([1234.5, 3]), decimals_for([45.67]), decimals_for([0.1234])
    (0, 1, 3)
    """
    largest = max((abs(float(v)) for v in values if is_known(v)), default=0.0)
    if largest >= 100 or largest == 0:
        return 0
    if largest >= 10:
        return 1
    return 2 if largest >= 1 else 3


def number_text(value: Any, decimals: int | None = None) -> str:
    """A number with thousands separators and a true minus sign.

    >>> number_text(-1234567.8), number_text(0.1234), number_text(None)
    ('−1,234,568', '0.123', '–')
    """
    if not is_known(value):
        return UNKNOWN
    places = decimals_for([value]) if decimals is None else decimals
    text = f"{float(value):,.{places}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def percent_text(share: Any, decimals: int = 1) -> str:
    r"""A share written in percent; the sign never stands on a line of its own.

    >>> percent_text(0.4567)
    '45.7\xa0%'
    """
    if not is_known(share):
        return UNKNOWN
    return f"{number_text(100 * float(share), decimals)}\u00a0%"


def signed_text(value: Any, decimals: int | None = None) -> str:
    """A difference, with its sign.

    >>> signed_text(3.21), signed_text(-3.21)
    ('+3.21', '−3.21')
    """
    text = number_text(value, decimals)
    return f"+{text}" if is_known(value) and not text.startswith("−") else text


def scale_of(values: Iterable[Any]) -> tuple[float, str]:
    """The divisor and its word that make the largest value readable.

    >>> scale_of([2.5e6, 3.0]), scale_of([900.0])
    ((1000000.0, 'million '), (1.0, ''))
    """
    largest = max((abs(float(v)) for v in values if is_known(v)), default=0.0)
    if largest >= 1e6:
        return 1e6, "million "
    if largest >= 1e4:
        return 1e3, "thousand "
    return 1.0, ""
