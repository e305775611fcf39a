"""How places hang on the road graph, and what the graph is like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wasteplan.network.graph import (
    CIRCUITY_DOUBTFUL,
    NetworkError,
    RoadGraph,
    edge_great_circle_km,
)
from wasteplan.network.great_circle import great_circle_km, unit_vectors


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is; a distance matrix knows it by id, a graph by position."""

    id: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Snap:
    """The nearest node of each place; arrays of one entry a place."""

    node: NDArray[np.intp]
    distance_km: NDArray[np.float64]
    """Great circle from the place to its node."""


@dataclass(frozen=True)
class NetworkStanding:
    """What distances rest on: pieces of the graph, odd roads, snap distances."""

    n_nodes: int
    n_edges: int
    component_sizes: tuple[int, ...]
    """Nodes of every connected piece, largest first."""
    doubtful_edges: tuple[tuple[str, str, float], ...]
    """From, to and circuity of roads far longer than the great circle."""
    snaps: tuple[tuple[str, str, float, int], ...]
    """Place, its node, great circle between them [km], rank of piece (0 largest)."""

    def summary(self) -> str:
        """A few lines for people."""
        lines = [
            f"roads: {self.n_nodes:,} nodes, {self.n_edges:,} edges, "
            f"{len(self.component_sizes)} connected piece(s)"
        ]
        if self.snaps:
            far = max(self.snaps, key=lambda s: s[2])
            lines.append(
                f"farthest place from its node: {far[0]} - {far[1]}, {far[2]:.1f} km"
            )
        apart = [place for place, _, _, piece in self.snaps if piece > 0]
        if apart:
            lines.append(f"not on the largest piece: {', '.join(apart)}")
        lines += [
            f"doubtful road: {a} - {b}, {circuity:.2f} times the great circle"
            for a, b, circuity in self.doubtful_edges
        ]
        return "\n".join(lines)


def coordinates(
    places: Sequence[Place],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes.  [deg]

    Raises
    ------
    NetworkError
        Some places have no position.
    """
    unplaced = [p.id for p in places if p.lon is None or p.lat is None]
    if unplaced:
        raise NetworkError(
            f"no lon/lat for {', '.join(unplaced)}: give them a position, or use a "
            "distance matrix"
        )
    lon = np.array([p.lon for p in places], float)
    lat = np.array([p.lat for p in places], float)
    return lon, lat


def snap(
    graph: RoadGraph, places: Sequence[Place], snap_max_km: float = np.inf
) -> Snap:
    """The nearest node of every place.

    Parameters
    ----------
    snap_max_km
        A place farther than this from every node is an error.  [km]

    Raises
    ------
    NetworkError
        Places without position or too far from the roads (all are named).
    """
    lon, lat = coordinates(places)
    if not graph.ids:
        raise NetworkError("the road graph has no nodes")
    _, found = graph.tree.query(unit_vectors(lon, lat))
    node = np.asarray(found, np.intp)
    km = great_circle_km(lon, lat, graph.lon[node], graph.lat[node])
    far = np.flatnonzero(km > snap_max_km)
    if len(far):
        named = ", ".join(
            f"{places[int(i)].id} ({km[i]:.1f} km from {graph.ids[node[i]]})"
            for i in far
        )
        raise NetworkError(
            f"too far from any road node (snap_max_km = {snap_max_km:g} km): {named}"
        )
    return Snap(node, km)


def standing(graph: RoadGraph, places: Sequence[Place]) -> NetworkStanding:
    """Components, doubtful roads and snap distances, for `check` and the report."""
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(graph.links, directed=False)
    sizes = np.bincount(label) if len(label) else np.zeros(0, int)
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty(len(sizes), int)
    rank[order] = np.arange(len(sizes))
    straight_km = edge_great_circle_km(graph)
    odd = np.flatnonzero(graph.length_km > CIRCUITY_DOUBTFUL * straight_km)
    snapped = snap(graph, places)
    return NetworkStanding(
        n_nodes=len(graph.ids),
        n_edges=len(graph.tail),
        component_sizes=tuple(int(n) for n in sizes[order]),
        doubtful_edges=tuple(
            (
                graph.ids[graph.tail[e]],
                graph.ids[graph.head[e]],
                float(graph.length_km[e] / straight_km[e])
                if straight_km[e]
                else np.inf,
            )
            for e in odd
        ),
        snaps=tuple(
            (place.id, graph.ids[int(n)], float(km), int(rank[label[n]]))
            for place, n, km in zip(
                places, snapped.node, snapped.distance_km, strict=True
            )
        ),
    )
