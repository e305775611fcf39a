"""The map: who produces waste, where it is treated, and how it travels."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from wasteplan.report.background import read_background
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.frames import largest_first, sums
from wasteplan.report.numbers import number_text
from wasteplan.report.subject import KIND_NAMES, Subject

GENERATORS_MAX = 1500
"""Generators drawn, the largest first; the workbook has them all."""
LINES_MAX = 600
"""Flow lines drawn per period, the largest first."""
BUSY_SHARE = 0.6
BUSY_EXTENT_MAX = 0.4
MARGIN = 0.06
"""Empty rim around the places, as a share of their extent."""


def map_section(subject: Subject) -> Section | None:
    """The map with its table of places; None if fewer than two places have one."""
    flows = subject.evaluation.flows
    places = _places(subject, flows)
    if len(places) < 2:
        return None
    roads = _roads(subject)
    by_period = {
        period: _of_period(subject, flows[flows["period"] == period], places)
        for period in subject.period_ids
    }
    drawn = list(places)
    data = {
        "periods": [[p, subject.period_label(p)] for p in subject.period_ids],
        "places": [
            [
                subject.name(p),
                subject.kind(p),
                *places[p],
                subject.name(p.partition(".")[0]),
            ]
            for p in drawn
        ],
        "kind_names": KIND_NAMES,
        "by_period": by_period,
        "roads": roads,
        "background": read_background(subject.scenario.folder),
        "views": _views(subject, flows, places),
    }
    chart = Chart(
        id="map",
        kind="map",
        title="Places and flows",
        summary=_summary(subject, by_period, drawn),
        data=data,
        table=_table(subject, flows, places),
        height=620,
        note="Circles of generators and squares of facilities grow with their tonnes "
        "in the last year of the period; lines are drawn straight from place to place, "
        "as wide as the tonnes they carry. Drag to move, scroll or pinch to zoom.",
    )
    return Section("map", "The plan on the map", charts=(chart,), short="Map")


def _places(subject: Subject, flows: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Every place that sends or receives waste in some period, and its position."""
    busy: dict[str, float] = {}
    for end in ("origin", "destination"):
        for (place,), tonnes in sums(flows, [end], "t_per_y").items():
            if tonnes > 0:
                busy[place] = max(tonnes, busy.get(place, 0.0))
    chosen: dict[str, tuple[float, float]] = {}
    n_generators = 0
    for place, _ in largest_first(busy):
        position = subject.position(place)
        if position is None:
            continue
        if subject.kind(place) == "generator":
            n_generators += 1
            if n_generators > GENERATORS_MAX:
                continue
        chosen[place] = position
    return dict(sorted(chosen.items()))


def _of_period(
    subject: Subject, flows: pd.DataFrame, places: dict[str, tuple[float, float]]
) -> dict[str, Any]:
    index = {place: i for i, place in enumerate(places)}
    positions = list(places.values())
    sent = sums(flows, ["origin"], "t_per_y")
    received = sums(flows, ["destination"], "t_per_y")
    to_fates = flows[[subject.kind(d) == "leakage" for d in flows["destination"]]]
    leaked = sums(to_fates, ["origin"], "t_per_y")
    tonnes = []
    for place in places:
        if subject.kind(place) == "generator":
            tonnes.append([sent.get((place,), 0.0), leaked.get((place,), 0.0)])
        else:
            tonnes.append([received.get((place,), 0.0), 0.0])
    lines = flows.assign(
        is_raw=(flows["product"] == "raw"),
        at=[index.get(o, -1) for o in flows["origin"]],
        to=[index.get(d, -1) for d in flows["destination"]],
    )
    lines = lines[(lines["at"] >= 0) & (lines["to"] >= 0) & (lines["t_per_y"] > 0)]
    carried = largest_first(sums(lines, ["at", "to", "is_raw"], "t_per_y"))
    return {
        "tonnes": tonnes,
        "lines": [
            [int(at), int(to), int(is_raw), float(t)]
            for (at, to, is_raw), t in carried[:LINES_MAX]
            if positions[at] != positions[to]
        ],
    }


def _roads(subject: Subject) -> list[list[float]]:
    """Road edges as pairs of positions: lon, lat, lon, lat.  [deg]"""
    node = {n.id: (n.lon, n.lat) for n in subject.scenario.nodes}
    return [
        [*node[e.from_node], *node[e.to_node]]
        for e in subject.scenario.edges
        if e.from_node in node and e.to_node in node
    ]


def _views(
    subject: Subject, flows: pd.DataFrame, places: dict[str, tuple[float, float]]
) -> list[tuple[str, list[float]]]:
    """Everything, and a closer look at where most of the waste arises.

    The closer look is offered when the places that send `BUSY_SHARE` of the tonnes, the
    nearest to their middle first, lie within `BUSY_EXTENT_MAX` of the whole extent.
    """
    whole = _bounds(list(places.values()))
    sent = sums(flows[flows["product"] == "raw"], ["origin"], "t_per_y")
    weights = {
        place: sent.get((place,), 0.0)
        for place in places
        if subject.kind(place) == "generator"
    }
    total = sum(weights.values())
    if total <= 0:
        return [("Everything", whole)]
    lon = _weighted_median([(places[p][0], w) for p, w in weights.items()])
    lat = _weighted_median([(places[p][1], w) for p, w in weights.items()])
    near = sorted(
        weights, key=lambda p: math.hypot(places[p][0] - lon, places[p][1] - lat)
    )
    chosen, reached = [], 0.0
    for place in near:
        chosen.append(places[place])
        reached += weights[place]
        if reached >= BUSY_SHARE * total:
            break
    busy = _bounds(chosen)
    if _extent(busy) > BUSY_EXTENT_MAX * _extent(whole):
        return [("Everything", whole)]
    return [("Everything", whole), ("Where most waste arises", busy)]


def _weighted_median(values: list[tuple[float, float]]) -> float:
    half = sum(weight for _, weight in values) / 2
    reached = 0.0
    for value, weight in sorted(values):
        reached += weight
        if reached >= half:
            return value
    return values[0][0]


def _extent(bounds: list[float]) -> float:
    west, south, east, north = bounds
    return max(east - west, north - south)


def _bounds(positions: list[tuple[float, float]]) -> list[float]:
    """West, south, east and north of the places with a margin.  [deg]"""
    lons, lats = zip(*positions, strict=True)
    width = max(max(lons) - min(lons), 0.02)
    height = max(max(lats) - min(lats), 0.02)
    rim = MARGIN * math.hypot(width, height)
    return [min(lons) - rim, min(lats) - rim, max(lons) + rim, max(lats) + rim]


def _summary(
    subject: Subject, by_period: dict[str, dict[str, Any]], drawn: list[str]
) -> str:
    last = subject.period_ids[-1]
    tonnes = by_period[last]["tonnes"]
    plants = sorted(
        (
            (t[0], subject.name(p))
            for p, t in zip(drawn, tonnes, strict=True)
            if subject.kind(p) != "generator" and t[0] > 0
        ),
        key=lambda x: (-x[0], x[1]),
    )
    named = "; ".join(f"{name} {number_text(t)} t/y" for t, name in plants[:12])
    n = sum(subject.kind(p) == "generator" for p in drawn)
    years = subject.period_label(last)
    return f"Map of {n} waste generators. Received in {years}: {named}"


def _table(
    subject: Subject, flows: pd.DataFrame, places: dict[str, tuple[float, float]]
) -> Table:
    sent = sums(flows, ["origin", "period"], "t_per_y")
    received = sums(flows, ["destination", "period"], "t_per_y")
    order = list(KIND_NAMES)

    def row(place: str) -> tuple[Any, ...]:
        side = sent if subject.kind(place) == "generator" else received
        kind = KIND_NAMES.get(subject.kind(place), "")
        tonnes = [side.get((place, p), 0.0) for p in subject.period_ids]
        return (subject.name(place), kind, *places[place], *tonnes)

    def rank(place: str) -> tuple[bool, int, str]:
        kind = subject.kind(place)
        is_generator = kind == "generator"
        return is_generator, order.index(kind) if kind in order else 99, place

    columns = (
        Column("Place"),
        Column("Kind"),
        Column("Longitude", "°", "degrees"),
        Column("Latitude", "°", "degrees"),
        *(
            Column(f"Tonnes {subject.period_label(p)}", "t/y", "number")
            for p in subject.period_ids
        ),
    )
    return Table(
        "Places: tonnes sent by generators, received by all others",
        columns,
        tuple(row(place) for place in sorted(places, key=rank)),
    )
