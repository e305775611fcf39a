"""Distance and time between places: one interface, four providers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wasteplan.network.graph import (
    NetworkError,
    RoadGraph,
    road_graph,
    shortest_ways,
)
from wasteplan.network.great_circle import great_circle_km
from wasteplan.network.osm_extract import graph_from_osm
from wasteplan.network.roads import RoadDistance, RoadEdge, RoadNode
from wasteplan.network.snapping import Place, coordinates, snap

Floats = NDArray[np.float64]

__all__ = [
    "GraphRoads",
    "GreatCircleRoads",
    "MatrixRoads",
    "Place",
    "Roads",
    "roads",
]


class Roads(Protocol):
    """Distance and time from many places to many others."""

    def matrix(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        *,
        speed_km_per_h: float | None = None,
    ) -> tuple[Floats, Floats]:
        """Distance [km] and time [h], one way, shape (origins, destinations).

        `speed_km_per_h` is that of a vehicle; it holds where the road gives no time.
        Without it, the provider's own does.  inf means that there is no way.
        """
        ...


@dataclass(frozen=True)
class GreatCircleRoads:
    """Great circle times circuity: a rough fallback that knows no road."""

    circuity: float
    speed_km_per_h: float

    def matrix(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        *,
        speed_km_per_h: float | None = None,
    ) -> tuple[Floats, Floats]:
        """See `Roads.matrix`."""
        km = self.circuity * _straight_km(origins, destinations)
        return km, km / (speed_km_per_h or self.speed_km_per_h)


class MatrixRoads:
    """Rows of a distance table; a row serves both directions unless both are given."""

    def __init__(
        self, distances: Sequence[RoadDistance], speed_km_per_h: float
    ) -> None:
        self.speed_km_per_h = speed_km_per_h
        self._row = {(d.origin, d.destination): d for d in distances}

    def matrix(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        *,
        speed_km_per_h: float | None = None,
    ) -> tuple[Floats, Floats]:
        """See `Roads.matrix`; a pair without a row is not connected."""
        shape = (len(origins), len(destinations))
        km, time_h = np.full(shape, np.inf), np.full(shape, np.inf)
        speed = speed_km_per_h or self.speed_km_per_h
        for i, a in enumerate(origins):
            for j, b in enumerate(destinations):
                if a.id == b.id:
                    km[i, j] = time_h[i, j] = 0.0
                    continue
                row = self._row.get((a.id, b.id)) or self._row.get((b.id, a.id))
                if row is not None:
                    km[i, j] = row.distance_km
                    known = row.time_h is not None
                    time_h[i, j] = row.time_h if known else row.distance_km / speed
        return km, time_h


@dataclass(frozen=True)
class GraphRoads:
    """Shortest ways along a road graph, places hanging on their nearest node.

    The distance of places a and b with nodes p and q is

        access(a) + way(p, q) + access(b),  access = great circle x circuity,

    never less than the great circle.  Two exceptions take great circle x circuity
    between the places themselves: both hang on the same node; or they are nearer to
    each other than either is to its node (if that is shorter and a way exists).  The
    distance is symmetric.  With the first exception it is a metric: access obeys
    the triangle inequality around a node, and ways between nodes.  The second exception
    spares neighbours far from the road a trip there and back; three places can then
    break the triangle inequality, by at most what the exception saved.
    """

    graph: RoadGraph
    circuity: float
    speed_km_per_h: float
    snap_max_km: float = np.inf

    def matrix(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        *,
        speed_km_per_h: float | None = None,
    ) -> tuple[Floats, Floats]:
        """See `Roads.matrix`; access is driven at the vehicle's or provider's speed."""
        start = snap(self.graph, origins, self.snap_max_km)
        end = snap(self.graph, destinations, self.snap_max_km)
        ways = shortest_ways(self.graph, start.node, end.node)
        hang_km = start.distance_km[:, None] + end.distance_km[None, :]
        access_km = self.circuity * hang_km
        by_road_km = access_km + ways.distance_km
        straight_km = _straight_km(origins, destinations)
        direct_km = self.circuity * straight_km
        nearest_km = np.minimum(start.distance_km[:, None], end.distance_km[None, :])
        is_direct = (start.node[:, None] == end.node[None, :]) | (
            (straight_km < nearest_km)
            & (direct_km < by_road_km)
            & np.isfinite(by_road_km)
        )
        speed = speed_km_per_h or self.speed_km_per_h
        by_road_h = ways.timed_h + (access_km + ways.untimed_km) / speed
        km = np.where(is_direct, direct_km, np.maximum(by_road_km, straight_km))
        return km, np.where(is_direct, direct_km / speed, by_road_h)


def roads(
    provider: str,
    *,
    nodes: Sequence[RoadNode] = (),
    edges: Sequence[RoadEdge] = (),
    distances: Sequence[RoadDistance] = (),
    circuity: float,
    speed_km_per_h: float,
    snap_max_km: float = np.inf,
    osm_file: Path | None = None,
) -> Roads:
    """The provider that `[roads]` names.

    Parameters
    ----------
    provider
        `matrix` (rows of `distances`), `graph` (`nodes`, `edges`), `osm` (an extract
        read with osmium) or `great_circle`.
    circuity
        Length of an unknown road over the great circle.  [-]
    speed_km_per_h
        Where neither road nor vehicle gives one.  [km/h]
    snap_max_km
        Farthest that a place may be from its node.  [km]

    Raises
    ------
    NetworkError
        Unknown provider, unsound graph, missing extract or missing osmium.
    """
    if provider == "matrix":
        return MatrixRoads(distances, speed_km_per_h)
    if provider == "great_circle":
        return GreatCircleRoads(circuity, speed_km_per_h)
    if provider == "graph":
        graph = road_graph(nodes, edges)
    elif provider == "osm":
        if osm_file is None:
            raise NetworkError(
                "[roads] provider 'osm' needs file = an .osm.pbf extract"
            )
        graph = graph_from_osm(osm_file)
    else:
        raise NetworkError(
            f"no roads provider {provider!r}: matrix, graph, osm or great_circle"
        )
    return GraphRoads(graph, circuity, speed_km_per_h, snap_max_km)


def _straight_km(origins: Sequence[Place], destinations: Sequence[Place]) -> Floats:
    lon, lat = coordinates(origins)
    to_lon, to_lat = coordinates(destinations)
    return great_circle_km(lon[:, None], lat[:, None], to_lon[None, :], to_lat[None, :])
