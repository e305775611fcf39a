"""What is written as TOML reads back the same."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from wasteplan.scenario.tomltext import (
    cell_of,
    plain_or_literal,
    section_name,
    section_path,
    toml_text,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.dates()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner),
    max_leaves=6,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_any_settings_read_back_the_same(data: dict) -> None:
    assert tomllib.loads(toml_text(data)) == data


@given(SCALARS)
def test_any_cell_reads_back_the_same(value: object) -> None:
    back = plain_or_literal(cell_of(value))
    assert back == value
    assert type(back) is type(value)


@given(st.lists(TEXTS, max_size=3).map(tuple))
def test_any_section_name_reads_back_the_same(path: tuple[str, ...]) -> None:
    assert section_path(section_name(path)) == path


def test_a_long_list_is_written_one_item_a_line() -> None:
    text = toml_text({"notes": ["a" * 60, "b" * 60]})
    assert text == f'notes = [\n  "{"a" * 60}",\n  "{"b" * 60}",\n]\n'
