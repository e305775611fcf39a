"""Payments between the actors of a plan; they cost the system nothing."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from wasteplan.evaluation.books import Books, technology_of
from wasteplan.evaluation.lots import Floats
from wasteplan.evaluation.result import TRANSFER_COLUMNS
from wasteplan.scenario.derived import owner


def transfers(books: Books) -> pd.DataFrame:
    """Collection charges and gate fees (see `TRANSFER_COLUMNS`).

    Generators pay the legal price of their class to the public for what does not leak.
    Who brings waste to a plant pays its gate fee to the owner: the public for untreated
    waste, the owner of the plant before for its outputs.  Nobody pays himself.
    """
    sums: dict[tuple[int, str, str, str], Floats | float] = defaultdict(float)
    charge = {c.id: c.legal_price_per_t for c in books.scenario.generator_classes}
    for source in books.sources:
        per_t = charge.get(source.generator_class, 0.0)
        for t, tonnes in enumerate(source.tonnes):
            key = (t, "generator", "public", "collection_charge")
            sums[key] = sums[key] + per_t * source.kept(t) * tonnes
    for flow in books.course.flows:
        technology = books.scenario.technology.get(technology_of(flow.destination))
        if technology is None or not technology.gate_fee_per_t:
            continue
        payer = _payer(books, flow.origin)
        owns = owner(books.scenario, flow.destination)
        key = (flow.period, payer, owns, "gate_fee")
        sums[key] = sums[key] + technology.gate_fee_per_t * flow.tonnes
    rows = [
        (year, payer, owns, reason, float(amount), float(amount) * books.discount(year))
        for (t, payer, owns, reason), amounts in sums.items()
        if payer != owns and not isinstance(amounts, float)
        for year, amount in zip(books.years[t], amounts, strict=True)
        if amount != 0
    ]
    frame = pd.DataFrame(rows, columns=list(TRANSFER_COLUMNS))
    by = ["year", "reason", "from_actor", "to_actor"]
    return frame.sort_values(by, kind="stable", ignore_index=True)


def _payer(books: Books, origin: str) -> str:
    if origin in books.scenario.generator or origin in books.scenario.centre:
        return "public"
    return owner(books.scenario, origin)
