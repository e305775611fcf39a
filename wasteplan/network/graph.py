"""The road graph as arrays, and shortest ways between many of its nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wasteplan.errors import WasteplanError
from wasteplan.network.great_circle import great_circle_km, unit_vectors
from wasteplan.network.roads import RoadEdge, RoadNode

if TYPE_CHECKING:  # 25 MB that a case with a table of distances never needs
    from scipy.sparse import csr_matrix
    from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Nodes = NDArray[np.intp]

ROWS_AT_ONCE = 64  # sources whose distances to all nodes are held at the same time
ROUNDING_KM = 0.1  # published lengths and coordinates are rounded about so far
ROUNDING_SHARE = 0.005
CIRCUITY_DOUBTFUL = 1.6  # a longer road than this between two nodes is rare


class NetworkError(WasteplanError):
    """The road network cannot answer: unknown node, place too far, missing file."""


@dataclass(frozen=True)
class RoadGraph:
    """Nodes and two-way roads as arrays; every array is indexed by node or by edge."""

    ids: tuple[str, ...]
    lon: Floats
    lat: Floats
    tail: Nodes
    head: Nodes
    length_km: Floats
    speed_km_per_h: Floats
    """NaN where the road gives no speed."""

    @cached_property
    def directed(self) -> tuple[Nodes, Nodes, Floats, Floats]:
        """Tail, head, km, km/h of both directions; the shortest of parallel roads."""
        tail = np.concatenate([self.tail, self.head])
        head = np.concatenate([self.head, self.tail])
        km = np.tile(self.length_km, 2)
        speed = np.tile(self.speed_km_per_h, 2)
        order = np.lexsort((km, head, tail))
        tail, head = tail[order], head[order]
        first = np.ones(len(tail), bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        first &= tail != head
        return tail[first], head[first], km[order][first], speed[order][first]

    @cached_property
    def links(self) -> csr_matrix:
        """Road length from node to node, sparse, shape (nodes, nodes).  [km]"""
        from scipy.sparse import csr_matrix

        tail, head, km, _ = self.directed
        n = len(self.ids)
        return csr_matrix((km, (tail, head)), shape=(n, n))

    @cached_property
    def tree(self) -> cKDTree:
        """Nodes by position, for the nearest one."""
        from scipy.spatial import cKDTree

        return cKDTree(unit_vectors(self.lon, self.lat))


@dataclass(frozen=True)
class Ways:
    """Shortest ways between nodes, arrays of shape (from, to); inf without a way."""

    distance_km: Floats
    timed_h: Floats
    """Hours on the roads that give a speed."""
    untimed_km: Floats
    """Length on the roads that give none."""


def road_graph(nodes: Sequence[RoadNode], edges: Sequence[RoadEdge]) -> RoadGraph:
    """The graph of node and edge rows.

    Raises
    ------
    NetworkError
        An edge names a node that is not there, a node comes twice, or an edge is
        shorter than the great circle between its ends (beyond rounding).
    """
    index = {node.id: i for i, node in enumerate(nodes)}
    if len(index) < len(nodes):
        raise NetworkError("nodes: two nodes have the same id")
    ends = [(e.from_node, e.to_node) for e in edges]
    unknown = sorted({name for pair in ends for name in pair if name not in index})
    if unknown:
        raise NetworkError(f"edges name nodes that are not there: {', '.join(unknown)}")
    graph = RoadGraph(
        ids=tuple(index),
        lon=np.array([n.lon for n in nodes], float),
        lat=np.array([n.lat for n in nodes], float),
        tail=np.array([index[a] for a, _ in ends], np.intp),
        head=np.array([index[b] for _, b in ends], np.intp),
        length_km=np.array([e.length_km for e in edges], float),
        speed_km_per_h=np.array(
            [np.nan if e.speed_km_per_h is None else e.speed_km_per_h for e in edges]
        ),
    )
    return checked(graph)


def checked(graph: RoadGraph) -> RoadGraph:
    """The same graph, if no edge is shorter than the great circle between its ends."""
    straight_km = edge_great_circle_km(graph)
    floor_km = straight_km * (1 - ROUNDING_SHARE) - ROUNDING_KM
    short = np.flatnonzero(graph.length_km < floor_km)
    if len(short):
        lines = [
            f"  {graph.ids[graph.tail[e]]} - {graph.ids[graph.head[e]]}: "
            f"{graph.length_km[e]:g} km, great circle {straight_km[e]:.2f} km"
            for e in short[:20]
        ]
        head = f"{len(short)} edges are shorter than the great circle:"
        raise NetworkError("\n".join([head, *lines]))
    return graph


def edge_great_circle_km(graph: RoadGraph) -> Floats:
    """Great-circle distance between the ends of every edge.  [km]"""
    return great_circle_km(
        graph.lon[graph.tail],
        graph.lat[graph.tail],
        graph.lon[graph.head],
        graph.lat[graph.head],
    )


def shortest_ways(graph: RoadGraph, from_nodes: ArrayLike, to_nodes: ArrayLike) -> Ways:
    """Shortest ways by length from some nodes to others, and the time they take.

    Dijkstra's method (`scipy.sparse.csgraph`) from whichever side has fewer nodes,
    since every road is open both ways.  Time is that of the shortest way, not of the
    fastest.

    Parameters
    ----------
    from_nodes, to_nodes
        Indices into `graph.ids`, repeats allowed, lengths n and m.

    Returns
    -------
    Ways
        Arrays of shape (n, m); inf where there is no way.
    """
    starts, row = np.unique(np.asarray(from_nodes, np.intp), return_inverse=True)
    ends, column = np.unique(np.asarray(to_nodes, np.intp), return_inverse=True)
    turned = len(starts) > len(ends)
    sources, targets = (ends, starts) if turned else (starts, ends)
    shape = (len(sources), len(targets))
    km, timed_h, untimed_km = np.empty(shape), np.empty(shape), np.empty(shape)
    for first in range(0, len(sources), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        km[rows], timed_h[rows], untimed_km[rows] = _from_sources(
            graph, sources[rows], targets
        )
    if turned:
        km, timed_h, untimed_km = km.T, timed_h.T, untimed_km.T
    pick = np.ix_(row, column)
    return Ways(km[pick], timed_h[pick], untimed_km[pick])


def _from_sources(
    graph: RoadGraph, sources: Nodes, targets: Nodes
) -> tuple[Floats, Floats, Floats]:
    """Length, hours on timed roads and length of untimed roads, (sources, targets)."""
    from scipy.sparse.csgraph import dijkstra

    speed = graph.speed_km_per_h
    if len(speed) == 0 or np.isnan(speed).all() or (speed == speed[0]).all():
        km = dijkstra(graph.links, indices=sources)[:, targets]
        if len(speed) == 0 or np.isnan(speed).all():
            return km, np.where(np.isinf(km), np.inf, 0.0), km
        return km, km / speed[0], np.where(np.isinf(km), np.inf, 0.0)
    all_km, before = dijkstra(graph.links, indices=sources, return_predecessors=True)
    tail, head, length_km, speed = graph.directed
    hours = np.nan_to_num(length_km / speed)
    bare_km = np.where(np.isnan(speed), length_km, 0.0)
    shape = (len(sources), len(targets))
    timed_h, untimed_km = np.empty(shape), np.zeros(shape)
    for i, previous in enumerate(before):
        used = previous[head] == tail
        timed_h[i] = _along_tree(previous, head[used], hours[used])[targets]
        if bare_km.any():
            untimed_km[i] = _along_tree(previous, head[used], bare_km[used])[targets]
    km = all_km[:, targets]
    timed_h[np.isinf(km)] = untimed_km[np.isinf(km)] = np.inf
    return km, timed_h, untimed_km


def _along_tree(previous: NDArray[np.int32], node: Nodes, amount: Floats) -> Floats:
    """Sum of an edge amount from the root of a shortest-path tree to every node.

    `amount[k]` belongs to the tree edge that enters `node[k]`.  Each round doubles the
    stretch that is summed, so a tree of depth d needs log2(d) rounds.
    """
    total = np.zeros(len(previous))
    total[node] = amount  # the root and unreached nodes keep 0 and point at themselves
    above = np.where(previous < 0, np.arange(len(previous)), previous)
    while True:
        total = total + total[above]
        higher = above[above]
        if (higher == above).all():
            return total
        above = higher
