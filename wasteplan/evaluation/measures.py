"""What measures of a plan cost and pay, and where the plan misuses them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wasteplan.evaluation.books import Books
from wasteplan.evaluation.checking import Results
from wasteplan.evaluation.costs import Account, Entry
from wasteplan.evaluation.lots import Floats
from wasteplan.evaluation.result import Violation
from wasteplan.scenario.measure_records import Integration, Programme
from wasteplan.scenario.measures import PROTECTION, Regime, measures, paid_per_t
from wasteplan.scenario.planned_measures import misused_measures
from wasteplan.scenario.setting_out import set_out

PUBLIC = "public"
MEASURE = "measure"
TERMS = {
    "segregation": "programmes",
    "prevention": "programmes",
    "awareness": "programmes",
    "enforcement": "enforcement",
    "price_matching": "price_matching",
    "cooperative": "integration",
    "buy_back": "integration",
    "sorting_jobs": "integration",
}
"""Kind of a measure -> term of the cost table."""

AtWork = tuple[int, str, Regime]
"""(period, class, measures)."""


def at_work(books: Books) -> Iterator[AtWork]:
    """Every regime of the plan, period by period."""
    number = {p.id: t for t, p in enumerate(books.scenario.periods)}
    for (kind, period), regime in sorted(books.sources.regimes.items()):
        yield number[period], kind, regime


def measures_costs(books: Books) -> Iterator[Entry]:
    """Costs of running measures, borne by the public.  [money/y]

    Of every row: cost per year + cost per tonne x tonnes (moved or prevented by a
    programme; collected from the class by a measure against leakage), or the social
    protection of the workers that an integration covers.
    """
    known = measures(books.scenario)
    for t, kind, regime in at_work(books):
        moved = moved_t(books, t, kind, regime)
        collected = collected_t(books, t, kind)
        for name in regime:
            for row in known[name].rows:
                term, table = TERMS[row.kind], known[name].table
                tonnes = collected
                if isinstance(row, Programme):
                    tonnes = moved.get(id(row), np.zeros_like(collected))
                lines = [(term, "cost_per_y", np.full_like(collected, row.cost_per_y))]
                if isinstance(row, Integration):
                    lines += _protection(row, collected)
                else:
                    lines.append((term, "cost_per_t", row.cost_per_t * tonnes))
                for what, column, amount in lines:
                    status = books.statuses.cell(table, row, column)
                    yield Account(t, what, name, MEASURE, PUBLIC, status), amount


def _protection(row: Integration, like: Floats) -> list[tuple[str, str, Floats]]:
    """Lines of social protection: term, column, amount of each year.  [money/y]"""
    return [
        (
            column.removesuffix("_per_worker_y"),
            column,
            np.full_like(like, getattr(row, column) * row.workers),
        )
        for column in PROTECTION
    ]


def moved_t(books: Books, t: int, kind: str, regime: Regime) -> dict[int, Floats]:
    """Id of a programme's row -> tonnes it moves or prevents in a period.  [t/y]"""
    found: dict[int, Floats] = {}
    every = zip(books.sources.stated, books.sources.stated_t[t], strict=True)
    for stated, tonnes in every:
        if stated.generator_class != kind:
            continue
        out = set_out(books.scenario, kind, stated.stream, stated.basis, regime)
        for one in out.moved:
            before = found.get(id(one.row), np.zeros_like(tonnes))
            found[id(one.row)] = before + one.share * tonnes
    return found


def collected_t(books: Books, t: int, kind: str) -> Floats:
    """What a class hands over to the legal system in a period.  [t/y]"""
    is_of = np.array([c == kind for c in books.sources.generator_class], float)
    collected: Floats = (is_of * books.sources.kept(t)) @ books.sources.tonnes[t]
    return collected


def price_matching(books: Books) -> Iterator[tuple[int, str, str, str, Floats]]:
    """What the public pays generators towards the legal route.  [money/y]"""
    for t, kind, regime in at_work(books):
        paid = paid_per_t(books.scenario, regime)
        if paid:
            amounts = paid * collected_t(books, t, kind)
            yield t, PUBLIC, "generator", "price_matching", amounts


def misused(r: Results) -> Iterator[Violation]:
    """Measures that exclude each other, start too early, or stop and may not."""
    for rule, measure, period in misused_measures(r.books.scenario, r.books.plan):
        yield Violation(f"measure_{rule}", measure, period.id, 1.0, 0.0, "measures")
