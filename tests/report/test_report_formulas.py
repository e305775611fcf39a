"""Text and value of a formula say the same, whatever it is built from."""

import operator

from hypothesis import assume, given
from hypothesis import strategies as st

from wasteplan.report.formulas import (
    Formula,
    Range,
    choose,
    formula,
    number,
    product_sum,
    ratio,
    smallest,
    text,
    total,
)
from wasteplan.report.ledger import Sheet, sheet_name

NUMBERS = st.integers(-9, 9).map(lambda n: formula(float(n)))
WORK = st.sampled_from([operator.add, operator.sub, operator.mul, operator.truediv])


def built(parts):
    pairs = st.tuples(parts, WORK, parts).map(lambda p: p[1](p[0], p[2]))
    return pairs | parts.map(operator.neg) | parts.map(lambda p: p**2)


@given(st.recursive(NUMBERS, built, max_leaves=8))
def test_brackets_stand_where_they_are_needed(found):
    """The text read as arithmetic gives the value that the formula carries."""
    assume(found.value == found.value and abs(number(found)) < 1e12)
    try:
        told = eval(found.text.replace("^", "**"))
    except ZeroDivisionError:
        assume(False)
    assert abs(told - number(found)) <= 1e-9 * max(1.0, abs(told))


def test_minus_and_power_in_the_order_of_a_spreadsheet():
    """A spreadsheet reads -2^2 as (-2)^2 = 4: the power needs its brackets."""
    two = formula(2.0)
    assert (-(two**2)).text == "-(2^2)"
    assert ((two**2) ** two).text == "(2^2)^2"
    assert (formula(-2.0) ** 2).text == "(-2)^2"


def test_functions_by_hand():
    """1, 2 and words: sum 3, least 1, product with itself 1 + 4."""
    pair = Range("A1:B1", (Formula("A1", 1.0), Formula("B1", 2.0)))
    mixed = Range("A1:C1", (*pair.cells, Formula("C1", "")))
    assert (total(mixed).text, total(mixed).value) == ("SUM(A1:C1)", 3.0)
    assert smallest(mixed).value == 1.0
    assert product_sum(pair, pair).value == 5.0
    assert ratio(1.0, 0.0, "none").value == "none"
    taken = choose(formula(1.0) > 0, 5.0, formula(1.0) / 0.0)
    assert (taken.text, taken.value) == ("IF(1>0,5,1/0)", 5.0)


def test_quotation_marks_cannot_end_a_text():
    assert text('a"&B1&"').text == '"a""&B1&"""'


def test_cells_of_other_sheets_are_named_with_theirs():
    sheet = Sheet("it's")
    line = sheet.line("cash", "USD", [1.0, 2.0])
    assert line[1].text == "'it''s'!E1"
    assert line.range.text == "'it''s'!$D1:$E1"
    assert sheet_name("a/b " * 20, []) == "a b a b a b a b a b a b a b a b"
    assert sheet_name("a/b", ["A b"]) == "a b 2"
