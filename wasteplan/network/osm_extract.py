"""Roads of an OpenStreetMap extract, read with the optional package osmium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wasteplan.network.graph import NetworkError, RoadGraph
from wasteplan.network.great_circle import great_circle_km

ROAD_CLASSES = frozenset(
    {
        "motorway",
        "motorway_link",
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
    }
)
"""Values of the `highway` tag on which a collection truck drives."""

NODE_EVERY_KM = 1.0  # a long road without junctions still gets nodes to hang on
KM_PER_MILE = 1.609344

Way = tuple[list[tuple[int, float, float]], float]
"""The nodes of a way as (id, lon, lat), and its speed or NaN."""


def graph_from_osm(file: Path) -> RoadGraph:
    """The road graph of an extract (`.osm.pbf`, `.osm.bz2` or `.osm`).

    Nodes are junctions, ends of ways and points about a kilometre apart between them.
    Speed is the `maxspeed` tag where it is a number.  One-way rules are ignored: a
    truck that goes out must come back.

    Raises
    ------
    NetworkError
        The file is not there, osmium is not installed, or there is no road in it.
    """
    if not file.is_file():
        raise NetworkError(f"no OpenStreetMap extract {file}")
    try:
        import osmium
    except ImportError as missing:
        raise NetworkError(
            f"reading {file.name} needs osmium: pip install 'wasteplan[osm]', or use "
            "[roads] provider = 'graph' with nodes.csv and edges.csv"
        ) from missing
    return graph_from_ways(list(_ways(osmium, file)))


def graph_from_ways(ways: Iterable[Way]) -> RoadGraph:
    """Join ways at the nodes that they share.

    A cross of two roads has its four arms as edges:

    >>> east = ([(1, 0.0, 0.0), (2, 0.001, 0.0), (3, 0.002, 0.0)], 50.0)
    >>> north = ([(4, 0.001, 0.001), (2, 0.001, 0.0), (5, 0.001, -0.001)], float("nan"))
    >>> graph = graph_from_ways([east, north])
    >>> len(graph.ids), len(graph.length_km)
    (5, 4)
    """
    ways = list(ways)
    uses = Counter(node[0] for way, _ in ways for node in way)
    index: dict[int, int] = {}
    position: list[tuple[float, float]] = []
    edges: list[tuple[int, int, float, float]] = []

    def number(node: tuple[int, float, float]) -> int:
        if node[0] not in index:
            index[node[0]] = len(position)
            position.append(node[1:])
        return index[node[0]]

    for way, speed in ways:
        for first, last, km in _pieces(way, uses):
            edges.append((number(first), number(last), km, speed))
    if not edges:
        raise NetworkError("the extract holds no road for trucks")
    tail, head, length_km, speeds = zip(*edges, strict=True)
    return RoadGraph(
        ids=tuple(str(i) for i in index),
        lon=np.array([p[0] for p in position]),
        lat=np.array([p[1] for p in position]),
        tail=np.array(tail, np.intp),
        head=np.array(head, np.intp),
        length_km=np.array(length_km, float),
        speed_km_per_h=np.array(speeds, float),
    )


def _pieces(
    way: list[tuple[int, float, float]], uses: Counter[int]
) -> Iterator[tuple[tuple[int, float, float], tuple[int, float, float], float]]:
    """Cut a way at junctions and about every kilometre: (first node, last node, km)."""
    lon = np.array([n[1] for n in way])
    lat = np.array([n[2] for n in way])
    step_km = great_circle_km(lon[:-1], lat[:-1], lon[1:], lat[1:])
    start, km = 0, 0.0
    for i in range(1, len(way)):
        km += float(step_km[i - 1])
        at_end = i == len(way) - 1
        if (at_end or uses[way[i][0]] > 1 or km >= NODE_EVERY_KM) and km > 0:
            yield way[start], way[i], km
            start, km = i, 0.0


def _ways(osmium: Any, file: Path) -> Iterator[Way]:
    """Ways with positions of their nodes."""
    reader = osmium.FileProcessor(str(file)).with_locations()
    for thing in reader:
        if not thing.is_way() or thing.tags.get("highway") not in ROAD_CLASSES:
            continue
        nodes = [(n.ref, n.lon, n.lat) for n in thing.nodes if n.location.valid()]
        if len(nodes) > 1:
            yield nodes, speed_of_tag(thing.tags.get("maxspeed"))


def speed_of_tag(text: str | None) -> float:
    """The number of a `maxspeed` tag, NaN if it holds none.  [km/h]

    >>> speed_of_tag("40"), round(speed_of_tag("30 mph"), 1), speed_of_tag("signals")
    (40.0, 48.3, nan)
    """
    number, _, unit = (text or "").partition(" ")
    if not number.isdecimal() or int(number) == 0:
        return float("nan")
    return float(number) * (KM_PER_MILE if unit.strip() == "mph" else 1.0)
