"""Road graphs in files of other tools: GeoJSON lines and GraphML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError

from pydantic import ValidationError

from wasteplan.network.graph import NetworkError
from wasteplan.network.great_circle import great_circle_km
from wasteplan.network.roads import RoadEdge, RoadNode
from wasteplan.tables import FILE_BYTES_MAX, ROWS_MAX
from wasteplan.wording import explanation

JOIN_DECIMALS = 6  # lines meet where their coordinates agree to about 0.1 m

Point = tuple[float, float]
T = TypeVar("T")
Tables = tuple[tuple[RoadNode, ...], tuple[RoadEdge, ...]]


def nodes_edges_from_geojson(file: Path) -> Tables:
    """Nodes and edges of the LineStrings and MultiLineStrings of a GeoJSON file.

    Every vertex becomes a node; lines that share a vertex meet there.  With a property
    `length_km` the length of the line is spread over its pieces in proportion; without,
    a piece is as long as its great circle.  `speed_km_per_h` and `road` are taken over.

    Raises
    ------
    NetworkError
        The file is no GeoJSON feature collection, is too large, holds no line, or a
        feature (counted from 1) has coordinates or properties that cannot be.
    """
    _is_not_too_large(file)
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
    except UnicodeDecodeError as cause:
        raise NetworkError(f"{file.name} is not UTF-8 text") from cause
    except (ValueError, KeyError, TypeError, RecursionError) as cause:
        raise NetworkError(f"{file.name} is no GeoJSON feature collection") from cause
    if not isinstance(features, list):
        raise NetworkError(f"{file.name} is no GeoJSON feature collection")
    nodes: dict[Point, RoadNode] = {}
    edges: dict[tuple[str, str], RoadEdge] = {}
    for number, feature in enumerate(features, start=1):
        where = f"{file.name}: feature {number}"
        _understood(where, partial(_add_feature, feature, nodes, edges))
        if len(edges) > ROWS_MAX:
            raise NetworkError(f"{file.name} has more than {ROWS_MAX:,} pieces of road")
    if not edges:
        raise NetworkError(f"{file.name} holds no LineString of two different points")
    return tuple(nodes.values()), tuple(edges.values())


def _add_feature(
    feature: Any, nodes: dict[Point, RoadNode], edges: dict[tuple[str, str], RoadEdge]
) -> None:
    """Add the pieces of a feature; of two between the same ends the shorter stays."""
    if not isinstance(feature, dict):
        raise ValueError("is no object")
    properties = feature.get("properties") or {}
    for line in _lines(feature.get("geometry") or {}):
        for a, b, km in _pieces(line, properties.get("length_km")):
            for point in (a, b):
                nodes.setdefault(point, _node(point, len(nodes)))
            ends = (nodes[a].id, nodes[b].id)
            old = edges.get(ends)
            if old is None or km < old.length_km:
                edges[ends] = RoadEdge(
                    from_node=ends[0],
                    to_node=ends[1],
                    road=str(properties.get("road") or ""),
                    length_km=km,
                    speed_km_per_h=properties.get("speed_km_per_h"),
                )


def _is_not_too_large(file: Path) -> None:
    if file.stat().st_size > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // 1_000_000
        raise NetworkError(f"{file.name} is larger than {limit} MB")


def _understood(where: str, read: Callable[[], T]) -> T:
    """What `read` gives; what it cannot understand is an error that names the place."""
    try:
        return read()
    except ValidationError as cause:
        detail = cause.errors(include_url=False)[0]
        what = explanation(dict(detail), None)
        message = f"{where}: {detail['loc'][0]}: {what}"
        raise NetworkError(message) from cause
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as cause:
        message = f"{where} has coordinates or properties that cannot be read"
        raise NetworkError(f"{message} ({cause})") from cause


def nodes_edges_from_graphml(file: Path) -> Tables:
    """Nodes and edges of a GraphML file.

    Nodes need `lon` and `lat` (or `x` and `y`); edges need `length_km` (or `length` in
    metres) and may give `speed_km_per_h` (or `speed_kph`).

    Raises
    ------
    NetworkError
        The file is no GraphML, is too large, a node has no position, an edge no length,
        or one of them is no number or out of range.
    """
    import networkx

    _is_not_too_large(file)
    try:
        graph = networkx.read_graphml(file)
    except (ParseError, networkx.NetworkXError, ValueError, KeyError) as cause:
        raise NetworkError(f"{file.name} is no GraphML: {cause}") from cause
    except (TypeError, AttributeError, StopIteration) as cause:
        raise NetworkError(f"{file.name} is no GraphML") from cause
    if graph.number_of_edges() > ROWS_MAX:
        raise NetworkError(f"{file.name} has more than {ROWS_MAX:,} edges")
    nodes = tuple(
        _understood(
            f"{file.name}: node {n}",
            partial(_graphml_node, file, n, data),
        )
        for n, data in graph.nodes(data=True)
    )
    best: dict[tuple[str, str], RoadEdge] = {}
    for a, b, data in graph.edges(data=True):
        edge = _understood(
            f"{file.name}: edge {a} - {b}",
            partial(_graphml_edge, file, str(a), str(b), data),
        )
        ends = (min(edge.from_node, edge.to_node), max(edge.from_node, edge.to_node))
        if ends not in best or edge.length_km < best[ends].length_km:
            best[ends] = edge
    return nodes, tuple(best.values())


def _lines(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    kind = geometry.get("type")
    raw = geometry.get("coordinates", [])
    lines = [raw] if kind == "LineString" else raw if kind == "MultiLineString" else []
    for line in lines:
        yield [(_degrees(p[0]), _degrees(p[1])) for p in line]


def _degrees(value: Any) -> float:
    """A coordinate, rounded so that lines meet; a text is no coordinate."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no coordinate")
    return round(float(value), JOIN_DECIMALS)


def _pieces(
    line: list[Point], length_km: float | None
) -> Iterator[tuple[Point, Point, float]]:
    pairs = [(a, b) for a, b in pairwise(line) if a != b]
    if not pairs:
        return  # a line without extent leads nowhere
    straight_km = [float(great_circle_km(*a, *b)) for a, b in pairs]
    scale = 1.0 if length_km is None else float(length_km) / sum(straight_km)
    for (a, b), km in zip(pairs, straight_km, strict=True):
        yield a, b, km * scale


def _node(point: Point, number: int) -> RoadNode:
    return RoadNode(id=f"n{number}", lon=point[0], lat=point[1])


def _graphml_node(file: Path, name: Any, data: dict[str, Any]) -> RoadNode:
    lon, lat = data.get("lon", data.get("x")), data.get("lat", data.get("y"))
    if lon is None or lat is None:
        raise NetworkError(f"{file.name}: node {name} has no lon and lat")
    return RoadNode(
        id=str(name), name=str(data.get("name", "")), lon=float(lon), lat=float(lat)
    )


def _graphml_edge(file: Path, a: str, b: str, data: dict[str, Any]) -> RoadEdge:
    km = data.get("length_km")
    if km is None and data.get("length") is not None:
        km = float(data["length"]) / 1000.0  # metres, as street-network tools write it
    if km is None:
        raise NetworkError(f"{file.name}: edge {a} - {b} has no length_km")
    speed = data.get("speed_km_per_h", data.get("speed_kph"))
    return RoadEdge(
        from_node=a,
        to_node=b,
        length_km=float(km),
        speed_km_per_h=None if speed is None else float(speed),
    )
