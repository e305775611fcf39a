"""The page on shipments says what the program does."""

from itertools import pairwise
from pathlib import Path

from wasteplan.shipments.formats import READERS
from wasteplan.shipments.own_format import column_notes
from wasteplan.shipments.states import TRANSITIONS

PAGE = Path(__file__).parents[2] / "docs" / "shipments.md"


def test_every_column_and_format_stands_in_the_page() -> None:
    """With unit and meaning, as the template's second sheet has them."""
    text = PAGE.read_text(encoding="utf-8")
    for name, unit, need, meaning in column_notes():
        assert f"| `{name}` | {unit or '-'} | {need} | {meaning} |" in text
    for name in READERS:
        assert f"`{name}`" in text


def test_the_steps_of_the_page_are_legal() -> None:
    """Every arrow of the drawing is a transition."""
    text = PAGE.read_text(encoding="utf-8")
    drawing = text.split("```")[1]
    steps = []
    for line in drawing.replace(";", "\n").splitlines():
        chain = [part.split(",") for part in line.strip().split(" -> ")]
        for first, then in pairwise(chain):
            steps += [(a.strip(), then[0].strip()) for a in first]
    assert len(steps) == 14
    assert all(b in TRANSITIONS[a] for a, b in steps)
