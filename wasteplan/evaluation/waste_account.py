"""Where the waste of every region and stream ends, in the last year of each period."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from wasteplan.evaluation.books import Books, technology_of
from wasteplan.evaluation.fates import RECYCLING, ends
from wasteplan.evaluation.flows import summed
from wasteplan.evaluation.lots import BURNING_KINDS, UNROUTED, Lot
from wasteplan.evaluation.result import WASTE_COLUMNS
from wasteplan.plan.records import RAW

LANDFILLED = "landfilled_t"
RESIDUES = "residues_landfilled_t"
OF_COMBUSTION = "combustion_residues_landfilled_t"


def waste_account(books: Books) -> pd.DataFrame:
    """The waste table (see `WASTE_COLUMNS`).

    Waste that ends is in exactly one of leaked, landfilled, residues landfilled,
    recycled, released and exported, so these sum to generated and what plants added
    to it (`auxiliary_t`, reagents that leave as residue).  `recovered_t` is on the
    way: into combustion, co-processing or an outlet that counts as recovery, counted
    the first time only.  Of effluent only the sludge is there, generated where it is
    treated.
    """
    sums: dict[tuple[int, str, str], dict[str, float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for t, made in enumerate(books.sources.tonnes):
        for lot, last_t in zip(books.sources.lot, made[:, -1].tolist(), strict=True):
            if books.is_liquid(lot):
                continue
            sums[t, lot.region, lot.stream]["generated_t"] += last_t
    for t, _, lot, sludge in books.sludge:  # where effluent becomes solid waste
        sums[t, lot.region, lot.stream]["generated_t"] += float(sludge[-1])
    index, reagents = books.course.index, _reagents_t_per_t(books)
    for t, flows in enumerate(books.course.flows):
        groups, tonnes, _ = summed(flows.tonnes[:, -1:], flows.destination, flows.lot)
        for (where, number), last_t in zip(groups, tonnes[:, 0].tolist(), strict=True):
            lot = index.lots[number]
            if books.is_liquid(lot):
                continue
            for column in _columns(books, index.places[where], lot):
                sums[t, lot.region, lot.stream][column] += last_t
            added = reagents.get(technology_of(index.places[where]), 0.0)
            sums[t, lot.region, lot.stream]["auxiliary_t"] += added * last_t
    for t, _, lot, amounts in books.course.released:
        if books.is_liquid(lot):
            continue
        sums[t, lot.region, lot.stream]["released_t"] += float(amounts[-1])
    periods = books.scenario.periods
    names = list(WASTE_COLUMNS)[3:]
    rows = [
        (periods[t].id, region, stream, *(columns.get(name, 0.0) for name in names))
        for (t, region, stream), columns in sorted(sums.items())
    ]
    return pd.DataFrame(rows, columns=list(WASTE_COLUMNS))


def _reagents_t_per_t(books: Books) -> dict[str, float]:
    """Reagents that a technology adds to a tonne, if it converts anything.  [t/t]"""
    converts = {y.technology for y in books.scenario.yields}
    return {
        t.id: t.reagent_t_per_t
        for t in books.scenario.technologies
        if t.reagent_t_per_t and t.id in converts and t.kind != "disposal"
    }


def _columns(books: Books, destination: str, lot: Lot) -> tuple[str, ...]:
    """The columns that a flow counts in; none while it is on its way."""
    scenario = books.scenario
    if destination == UNROUTED:
        return ("leaked_t",)
    if destination in scenario.outlet:
        return _at_outlet(scenario.outlet[destination].counts_as, lot)
    technology = scenario.technology.get(technology_of(destination))
    if technology is None:
        end = ends(scenario).get(destination)
        if end is None:
            return ()  # a centre
        return ("recycled_t" if end.counts_as == RECYCLING else "leaked_t",)
    if technology.kind == "disposal":
        return _landfilled(lot)
    if technology.kind in BURNING_KINDS and not lot.was_burnt:
        return ("recovered_t",)
    return ()


def _at_outlet(counts_as: str, lot: Lot) -> tuple[str, ...]:
    if counts_as == "recycling":
        return ("recycled_t",)
    if counts_as == "leakage":
        return ("leaked_t",)
    if counts_as == "landfill":
        return _landfilled(lot)
    return ("exported_t",) if lot.was_burnt else ("exported_t", "recovered_t")


def _landfilled(lot: Lot) -> tuple[str, ...]:
    if lot.product == RAW:
        return (LANDFILLED,)
    return (RESIDUES, OF_COMBUSTION) if lot.was_burnt else (RESIDUES,)
