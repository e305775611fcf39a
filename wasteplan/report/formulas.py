"""Formulas of a spreadsheet that know their own value.

Each formula is built from cells and other formulas; it holds the text for the sheet and
the number that the text gives.  A reader that cannot calculate sees the number, one
that can finds the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wasteplan.finance.annuity import discount_factor
from wasteplan.finance.payoff import rate_of_return

Value = float | str

NO_RATE = "none"
"""Stands where cash has no single rate of return."""

GUESSES = ("0.1", "-0.3", "-0.5", "-0.6", "-0.7", "-0.8", "-0.9", "-0.95")
"""Where a spreadsheet begins its search, after the rate as delivered to two digits;
rates of heavy losses are found from near only."""

_COMPARE, _ADD, _MULTIPLY, _POWER, _ATOM = range(5)
"""How tightly an operator binds, loosest first."""


@dataclass(frozen=True)
class Formula:
    """Text of a formula without its `=`, and what it gives."""

    text: str
    value: Value
    binding: int = _ATOM

    def __add__(self, other: Operand) -> Formula:
        return _joined(self, "+", other, _ADD, lambda a, b: a + b)

    def __radd__(self, other: Operand) -> Formula:
        return formula(other) + self

    def __sub__(self, other: Operand) -> Formula:
        return _joined(self, "-", other, _ADD, lambda a, b: a - b)

    def __rsub__(self, other: Operand) -> Formula:
        return formula(other) - self

    def __mul__(self, other: Operand) -> Formula:
        return _joined(self, "*", other, _MULTIPLY, lambda a, b: a * b)

    def __rmul__(self, other: Operand) -> Formula:
        return formula(other) * self

    def __truediv__(self, other: Operand) -> Formula:
        return _joined(self, "/", other, _MULTIPLY, lambda a, b: a / b)

    def __pow__(self, other: Operand) -> Formula:
        return _joined(self, "^", other, _POWER, lambda a, b: a**b)

    def __neg__(self) -> Formula:
        return Formula(f"-{_inside(self, _ATOM)}", -number(self), _MULTIPLY)

    def __gt__(self, other: Operand) -> Formula:
        return _joined(self, ">", other, _COMPARE, lambda a, b: float(a > b))

    def __ge__(self, other: Operand) -> Formula:
        return _joined(self, ">=", other, _COMPARE, lambda a, b: float(a >= b))

    def __lt__(self, other: Operand) -> Formula:
        return _joined(self, "<", other, _COMPARE, lambda a, b: float(a < b))

    def __le__(self, other: Operand) -> Formula:
        return _joined(self, "<=", other, _COMPARE, lambda a, b: float(a <= b))


Operand = Formula | float


@dataclass(frozen=True)
class Range:
    """Neighbouring cells of one row or column."""

    text: str
    cells: tuple[Formula, ...]

    @property
    def numbers(self) -> list[float]:
        """The numbers of the cells; text is passed over, as a spreadsheet does."""
        return [c.value for c in self.cells if not isinstance(c.value, str)]


def formula(value: Operand) -> Formula:
    """A number as a formula.

    >>> formula(0.5).text, formula(-3).text
    ('0.5', '-3')
    """
    if isinstance(value, Formula):
        return value
    binding = _ATOM if value >= 0 else _MULTIPLY
    return Formula(f"{value:.15g}", float(value), binding)


def number(value: Operand) -> float:
    """The number that a formula gives; TypeError if it gives text."""
    found = value.value if isinstance(value, Formula) else value
    if isinstance(found, str):
        raise TypeError(f"{value} gives text")
    return float(found)


def text(words: str) -> Formula:
    """Text inside a formula, with its quotation marks doubled.

    >>> len(text('a "b"').text)  # five, two marks doubled, two around
    9
    """
    doubled = words.replace('"', '""')
    return Formula(f'"{doubled}"', words)


def total(*parts: Range) -> Formula:
    """SUM of ranges."""
    words = ",".join(p.text for p in parts)
    return Formula(f"SUM({words})", sum(sum(p.numbers) for p in parts))


def counted(cells: Range) -> Formula:
    """COUNT: how many cells hold numbers."""
    return Formula(f"COUNT({cells.text})", float(len(cells.numbers)))


def is_number(cell: Formula) -> Formula:
    """ISNUMBER."""
    value = 0.0 if isinstance(cell.value, str) else 1.0
    return Formula(f"ISNUMBER({cell.text})", value)


def smallest(*parts: Range | Operand) -> Formula:
    """MIN of ranges and formulas; 0 if there is no number, as a spreadsheet has it.

    >>> smallest(formula(3) + 4, 5).text
    'MIN(3+4,5)'
    """
    return _over("MIN", parts, min)


def largest(*parts: Range | Operand) -> Formula:
    """MAX of ranges and formulas."""
    return _over("MAX", parts, max)


def mean(cells: Range, otherwise: str = "") -> Formula:
    """AVERAGE of the numbers of a range; words if there are none."""
    found = cells.numbers
    value: Value = sum(found) / len(found) if found else otherwise
    words = text(otherwise).text
    return Formula(f"IF(COUNT({cells.text})=0,{words},AVERAGE({cells.text}))", value)


def magnitude(part: Operand) -> Formula:
    """ABS."""
    inner = formula(part)
    return Formula(f"ABS({inner.text})", abs(number(inner)))


def product_sum(first: Range, second: Range) -> Formula:
    """SUMPRODUCT of two ranges of numbers of equal length."""
    pairs = zip(first.cells, second.cells, strict=True)
    value = sum(number(a) * number(b) for a, b in pairs)
    return Formula(f"SUMPRODUCT({first.text},{second.text})", value)


def choose(test: Formula, then: Formula | float, other: Formula | float) -> Formula:
    """IF; the branch that is not taken is not calculated here and may not exist."""
    yes, no = formula(then), formula(other)
    value = yes.value if number(test) else no.value
    return Formula(f"IF({test.text},{yes.text},{no.text})", value)


def ratio(above: Operand, below: Operand, otherwise: str = "") -> Formula:
    """A quotient, or words where there is nothing to divide by."""
    a, b = formula(above), formula(below)
    value: Value = number(a) / number(b) if number(b) > 0 else otherwise
    quotient = f"{_inside(a, _MULTIPLY)}/{_inside(b, _POWER)}"
    return Formula(f"IF({b.text}>0,{quotient},{text(otherwise).text})", value)


def pick(place: Operand, *options: Operand) -> Formula:
    """CHOOSE: the n-th of the options, counted from 1."""
    at = formula(place)
    found = [formula(o) for o in options]
    words = ",".join([at.text, *(o.text for o in found)])
    return Formula(f"CHOOSE({words})", found[int(number(at)) - 1].value)


def looked_up(cells: Range, place: Formula) -> Formula:
    """INDEX: the n-th cell of a range, counted from 1."""
    chosen = cells.cells[int(number(place)) - 1]
    return Formula(f"INDEX({cells.text},{place.text})", chosen.value)


def both(*tests: Formula) -> Formula:
    """AND of tests."""
    words = ",".join(t.text for t in tests)
    return Formula(f"AND({words})", float(all(number(t) for t in tests)))


def either(*tests: Formula) -> Formula:
    """OR of tests."""
    words = ",".join(t.text for t in tests)
    return Formula(f"OR({words})", float(any(number(t) for t in tests)))


def sign(part: Operand) -> Formula:
    """SIGN: 1, 0 or -1."""
    inner = formula(part)
    value = number(inner)
    return Formula(f"SIGN({inner.text})", float((value > 0) - (value < 0)))


def return_rate(cash: Range, is_one: Formula) -> Formula:
    """IRR where there is one; words where there is none.

    Parameters
    ----------
    cash
        Net cash of successive years.  [money]
    is_one
        Whether there is exactly one above any doubt.
    """
    words = text(NO_RATE)
    value: Value = NO_RATE
    if number(is_one):
        by_year = {i: number(c) for i, c in enumerate(cash.cells)}
        value = rate_of_return(by_year).value
    near = [] if isinstance(value, str) else [f"{value:.2f}"]
    guesses = [*near, *GUESSES]
    found = f"IRR({cash.text},{guesses[-1]})"
    for guess in reversed(guesses[:-1]):
        found = f"IFERROR(IRR({cash.text},{guess}),{found})"
    return Formula(f"IF({is_one.text},{found},{words.text})", value)


def excel_npv(rate: Formula, cash: Range) -> Formula:
    """The spreadsheet's own NPV, in which the first amount is one year away."""
    value = sum(
        number(c) * discount_factor(number(rate), i, 0)
        for i, c in enumerate(cash.cells, start=1)
    )
    return Formula(f"NPV({rate.text},{cash.text})", value)


def _over(
    name: str,
    parts: Sequence[Range | Operand],
    pick: Callable[[list[float]], float],
) -> Formula:
    numbers: list[float] = []
    for part in parts:
        numbers += part.numbers if isinstance(part, Range) else [number(part)]
    texts = (p.text if isinstance(p, Range) else formula(p).text for p in parts)
    return Formula(f"{name}({','.join(texts)})", pick(numbers) if numbers else 0.0)


def _joined(
    left: Formula,
    operator: str,
    right: Operand,
    binding: int,
    work: Callable[[float, float], float],
) -> Formula:
    """Two operands and the operator between them, with brackets where needed."""
    other = formula(right)
    first = _inside(left, _ATOM if binding == _POWER else binding)
    second = _inside(other, binding + 1)
    return Formula(f"{first}{operator}{second}", _worked(work, left, other), binding)


def _worked(
    work: Callable[[float, float], float], left: Formula, right: Formula
) -> float:
    """NaN where there is no number: it stands in a branch that is not taken."""
    try:
        return float(work(number(left), number(right)))
    except (ZeroDivisionError, OverflowError):
        return math.nan


def _inside(part: Formula, binding: int) -> str:
    return part.text if part.binding >= binding else f"({part.text})"
