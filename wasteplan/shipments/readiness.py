"""The questions of the self-check in three levels, their answers, and points."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from wasteplan.shipments.mistakes import ShipmentError
from wasteplan.units import Id, Record, Unit

Reply = Literal["yes", "partial", "no", "unknown"]
CREDIT: Mapping[str, float] = {"yes": 1.0, "partial": 0.5, "no": 0.0, "unknown": 0.0}
LEVEL_SHARES = (0.25, 0.5, 0.25)
"""Part of each level in the whole, after the scheme the self-check is modelled on."""
READINESS_COLUMNS = {
    "question": "id",
    "level": "1, 2 or 3",
    "text": "the question",
    "answer": "yes, partial, no or unknown",
    "evidence": "what the answer rests on",
}


class Question(Record):
    """A question of the self-check."""

    id: Id
    level: Annotated[int, Field(ge=1, le=3), Unit("level")]
    text: str
    from_shipments: bool = False
    """Answered from the data, not by the user."""


class Evidence(Record):
    """An answer to a question with what supports it."""

    question: Id
    answer: Reply
    document: str = ""
    """Name of a permit, contract, photograph, training list."""
    date: str = ""
    note: str = ""

    def __str__(self) -> str:
        parts = (self.document, self.date, self.note)
        return ", ".join(p for p in parts if p) or "no evidence recorded"


@lru_cache(maxsize=1)
def questions() -> tuple[Question, ...]:
    """The packaged questions, by level."""
    folder = resources.files("wasteplan.shipments") / "data"
    text = (folder / "self_check_questions.csv").read_text(encoding="utf-8")
    names = Question.model_fields
    return tuple(
        Question.model_validate({k: v for k, v in row.items() if k in names})
        for row in csv.DictReader(text.splitlines())
    )


def gated_points(level: tuple[float, ...], is_open: bool) -> float:
    """Points over all levels; the second and third count once the gate is open.  [-]

    >>> gated_points((1.0, 0.5, 0.2), True), gated_points((0.8, 0.5, 0.2), False)
    (0.55, 0.2)
    """
    counted = level if is_open else (level[0], 0.0, 0.0)
    total = sum(s * p for s, p in zip(LEVEL_SHARES, counted, strict=True))
    return round(total, 12)


def level_points(
    readiness: pd.DataFrame, weights: Mapping[str, float]
) -> tuple[float, ...]:
    """Weighted share of each level: yes counts 1, partial a half, the rest 0.  [-]"""
    weight = readiness["question"].map(weights).fillna(0.0)
    credit = readiness["answer"].map(CREDIT)
    found = []
    for level in (1, 2, 3):
        of_level = readiness["level"] == level
        total = float(weight[of_level].sum())
        reached = float((weight * credit)[of_level].sum())
        found.append(reached / total if total > 0 else 0.0)
    return tuple(found)


def gate_is_open(readiness: pd.DataFrame) -> bool:
    """Whether every question of the first level is answered with yes."""
    first = readiness[readiness["level"] == 1]
    return bool((first["answer"] == "yes").all())


def questions_exist(
    answers: Sequence[Evidence], weights: Mapping[str, float] | None
) -> None:
    """Raise a ShipmentError for answers and weights that belong to no open question."""
    known = {q.id: q for q in questions()}
    for name in [*(a.question for a in answers), *(weights or {})]:
        if name not in known:
            raise ShipmentError(f"the self-check has no question '{name}'")
    for answer in answers:
        if known[answer.question].from_shipments:
            raise ShipmentError(f"'{answer.question}' is answered from the shipments")


def readiness_table(answers: Mapping[str, Evidence]) -> pd.DataFrame:
    """All questions with their answers; columns of `READINESS_COLUMNS`."""
    rows = []
    for q in questions():
        given = answers.get(q.id)
        answer = "unknown" if given is None else given.answer
        said = "not answered" if given is None else str(given)
        rows.append((q.id, q.level, q.text, answer, said))
    return pd.DataFrame(rows, columns=list(READINESS_COLUMNS))
