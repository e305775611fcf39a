"""Payments between the actors of a plan; they cost the system nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from wasteplan.evaluation.books import Books, technology_of
from wasteplan.evaluation.flows import summed
from wasteplan.evaluation.informal import trade_payments
from wasteplan.evaluation.lots import Floats
from wasteplan.evaluation.measures import price_matching
from wasteplan.evaluation.result import TRANSFER_COLUMNS
from wasteplan.scenario.derived import owner

Payment = tuple[int, str, str, str, Floats]
"""(period, who pays, who receives, reason, amount of each year)."""


def transfers(books: Books) -> pd.DataFrame:
    """Collection charges and gate fees (see `TRANSFER_COLUMNS`).

    Generators pay the legal price of their class to the public for what does not leak.
    Who brings waste to a plant pays its gate fee to the owner: the public for untreated
    waste, the owner of the plant before for its outputs.  Price matching is paid by the
    public to generators; informal trades buy from generators, and get premiums of the
    public and wages of operators.  Nobody pays himself.
    """
    sums: dict[tuple[int, str, str, str], Floats] = {}
    for payments in (
        _charges(books),
        _gate_fees(books),
        price_matching(books),
        trade_payments(books),
    ):
        for t, payer, receiver, reason, amounts in payments:
            if payer == receiver:
                continue
            key = (t, payer, receiver, reason)
            sums[key] = sums[key] + amounts if key in sums else amounts
    rows = [
        (year, payer, receiver, reason, amount, amount * books.discount(year))
        for (t, payer, receiver, reason), amounts in sums.items()
        for year, amount in zip(books.years[t], amounts.tolist(), strict=True)
        if amount != 0
    ]
    frame = pd.DataFrame(rows, columns=list(TRANSFER_COLUMNS))
    by = ["year", "reason", "from_actor", "to_actor"]
    return frame.sort_values(by, kind="stable", ignore_index=True)


def _charges(books: Books) -> Iterator[Payment]:
    price = defaultdict(
        float, {c.id: c.legal_price_per_t for c in books.scenario.generator_classes}
    )
    per_t = np.array([price[c] for c in books.sources.generator_class])
    for t, tonnes in enumerate(books.sources.tonnes):
        amounts = (per_t * books.sources.kept(t)) @ tonnes
        yield t, "generator", "public", "collection_charge", amounts


def _gate_fees(books: Books) -> Iterator[Payment]:
    places = books.course.index.places
    for t, flows in enumerate(books.course.flows):
        groups, sums, _ = summed(
            flows.tonnes, books.sender[flows.origin], flows.destination
        )
        for (sender, where), tonnes in zip(groups, sums, strict=True):
            technology = books.scenario.technology.get(technology_of(places[where]))
            if technology is None or not technology.gate_fee_per_t:
                continue
            payer = _payer(books, places[sender])
            receiver = owner(books.scenario, places[where])
            yield t, payer, receiver, "gate_fee", technology.gate_fee_per_t * tonnes


def _payer(books: Books, sender: str) -> str:
    if sender in books.scenario.generator or sender in books.scenario.centre:
        return "public"
    return owner(books.scenario, sender)
