"""The road network as tables: nodes and edges of a graph, or rows of a matrix."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wasteplan.units import Amount, Latitude, Longitude, SourcedRecord, Unit


class RoadNode(SourcedRecord):
    """A town, junction or gate of the road graph."""

    id: str
    name: str = ""
    lon: Longitude
    lat: Latitude


class RoadEdge(SourcedRecord):
    """A road between two nodes, open in both directions."""

    from_node: str
    to_node: str
    road: str = ""
    length_km: Annotated[float, Field(gt=0), Unit("km")]
    speed_km_per_h: Annotated[float | None, Field(gt=0), Unit("km/h")] = None


class RoadDistance(SourcedRecord):
    """One entry of a distance matrix between two places of the scenario."""

    origin: str
    destination: str
    distance_km: Annotated[Amount, Unit("km")]
    time_h: Annotated[Amount | None, Unit("h")] = None
