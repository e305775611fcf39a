"""Haul arcs: from generators, and from plants and centres onwards."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import haul
from wasteplan.scenario.hauls import Hauls as PairedHauls
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.commodities import LOOSE, Catalogue
from wasteplan.superstructure.model import CENTRE, Feeds, Floats, Hauls, Plant, Sources


def first_hauls(
    scenario: Scenario,
    sources: Sources,
    book: Catalogue,
    plants: tuple[Plant, ...],
    feeds: Feeds,
) -> Hauls:
    """Arcs from every source to every feed that takes its raw, loose waste."""
    by_origin: dict[int, list[int]] = defaultdict(list)
    for s, origin in enumerate(sources.origin):
        by_origin[int(origin)].append(s)
    feeds_of = _feeds_of_commodity(feeds)
    parts: list[tuple[np.ndarray, ...]] = []
    for origin, members in by_origin.items():
        raw = next(
            i
            for i, c in enumerate(book.commodities)
            if c.origins == (origin,) and c.state == LOOSE and c.product == RAW
        )
        takers = feeds_of.get(raw, [])
        if not takers:
            continue
        stream = book.origins[origin].stream
        names = [sources.generator[s] for s in members]
        ends = [plants[feeds.plant[f]].place for f in takers]
        found = haul(scenario, names, ends, stream, LOOSE)
        ok = found.possible & service_distance(scenario, found.distance_km)
        parts.append(_arcs(members, raw, takers, found, ok))
    return _joined(parts)


def service_distance(scenario: Scenario, distance_km: Floats) -> np.ndarray:
    """Waste is taken no farther than the settings allow: km <= max.  [km]

    A constraint family without rows: a haul that is too long is no column.  From
    generators only; what plants put out may go any way.

    Parameters
    ----------
    distance_km
        One way, any shape.

    Returns
    -------
    array of bool
        Of the same shape: which hauls may be.
    """
    most = scenario.settings.solve.service_distance_max_km
    within = np.ones(np.shape(distance_km), dtype=bool)
    return within if most is None else within & (distance_km <= most)


def later_hauls(
    scenario: Scenario, book: Catalogue, plants: tuple[Plant, ...], feeds: Feeds
) -> Hauls:
    """Arcs from every plant, for every commodity it can put out, to every taker."""
    feeds_of = _feeds_of_commodity(feeds)
    gives: dict[int, list[int]] = defaultdict(list)
    """commodity -> plants that can put it out."""
    plant_of_out = feeds.plant[feeds.out_feed]
    pairs = {
        (int(c), int(p)) for c, p in zip(feeds.out_commodity, plant_of_out, strict=True)
    }
    for c, p in sorted(pairs):
        gives[c].append(p)
    parts: list[tuple[np.ndarray, ...]] = []
    for c, tails in gives.items():
        takers = [
            f
            for f in feeds_of.get(c, [])
            if plants[feeds.plant[f]].technology != CENTRE
        ]
        if not takers:
            continue
        commodity = book.commodities[c]
        carries = book.name(commodity)
        ends = [plants[feeds.plant[f]].place for f in takers]
        names = [plants[p].id for p in tails]
        found = haul(scenario, names, ends, carries, commodity.state)
        parts.append(_arcs(tails, c, takers, found, found.possible))
    return _joined(parts)


def _arcs(
    tails: list[int],
    commodity: int,
    takers: list[int],
    found: PairedHauls,
    ok: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Columns of the arcs between tails and feeds that can be."""
    i, j = np.nonzero(ok)
    return (
        np.array(tails)[i],
        np.full(len(i), commodity),
        np.array(takers)[j],
        found.cost_per_t[i, j],
        found.co2_kg_per_t[i, j],
        found.distance_km[i, j],
    )


def _feeds_of_commodity(feeds: Feeds) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for f, c in enumerate(feeds.commodity):
        found[int(c)].append(f)
    return found


def _joined(parts: list[tuple[np.ndarray, ...]]) -> Hauls:
    """Arcs of all parts, in a fixed order: by tail, then feed."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        empty = np.zeros(0)
        return Hauls(none, none, none, empty, empty, empty)
    tail, commodity, feed, cost, co2, km = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((feed, commodity, tail))
    return Hauls(
        tail[order].astype(np.int64),
        commodity[order].astype(np.int64),
        feed[order].astype(np.int64),
        cost[order],
        np.nan_to_num(co2[order]),
        km[order],
    )
