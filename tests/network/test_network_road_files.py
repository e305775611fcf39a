"""Road graphs from GeoJSON, GraphML and OpenStreetMap ways."""

from __future__ import annotations

import json
import math
from pathlib import Path

import networkx as nx
import pytest

from wasteplan.network.graph import NetworkError, road_graph, shortest_ways
from wasteplan.network.great_circle import great_circle_km
from wasteplan.network.osm_extract import graph_from_osm, graph_from_ways
from wasteplan.network.road_files import (
    nodes_edges_from_geojson,
    nodes_edges_from_graphml,
)


def lines(*features: tuple[list[list[float]], dict[str, float]]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "LineString", "coordinates": points},
                    "properties": properties,
                }
                for points, properties in features
            ],
        }
    )


def test_geojson_lines_meet_at_shared_vertices(tmp_path: Path) -> None:
    """A line of two equal pieces declared 300 km long, and a branch from its middle."""
    file = tmp_path / "roads.geojson"
    trunk = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]
    file.write_text(
        lines((trunk, {"length_km": 300.0}), ([[1.0, 0.0], [1.0, 1.0]], {}))
    )
    graph = road_graph(*nodes_edges_from_geojson(file))
    ways = shortest_ways(graph, [0], [1, 2, 3]).distance_km[0]
    branch_km = float(great_circle_km(1, 0, 1, 1))
    assert ways == pytest.approx([150, 300, 150 + branch_km])


def test_a_geojson_without_lines_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roads.geojson"
    file.write_text(lines())
    with pytest.raises(NetworkError, match="no LineString"):
        nodes_edges_from_geojson(file)
    file.write_text("[]")
    with pytest.raises(NetworkError, match="no GeoJSON"):
        nodes_edges_from_geojson(file)


def test_graphml_in_kilometres_or_metres(tmp_path: Path) -> None:
    other = nx.MultiGraph()
    other.add_node("a", lon=0.0, lat=0.0)
    other.add_node("b", x=1.0, y=0.0)
    other.add_edge("a", "b", length_km=130.0)
    other.add_edge("b", "a", length=120_000.0, speed_kph=60.0)
    file = tmp_path / "roads.graphml"
    nx.write_graphml(other, file)
    nodes, edges = nodes_edges_from_graphml(file)
    assert [n.id for n in nodes] == ["a", "b"]
    assert [(e.length_km, e.speed_km_per_h) for e in edges] == [(120.0, 60.0)]


def test_graphml_without_position_or_length_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roads.graphml"
    other = nx.Graph()
    other.add_node("a", lon=0.0, lat=0.0)
    other.add_node("b", lon=1.0, lat=0.0)
    other.add_edge("a", "b")
    nx.write_graphml(other, file)
    with pytest.raises(NetworkError, match="a - b has no length_km"):
        nodes_edges_from_graphml(file)
    del other.nodes["b"]["lat"]
    nx.write_graphml(other, file)
    with pytest.raises(NetworkError, match="node b has no lon"):
        nodes_edges_from_graphml(file)


def test_a_long_road_without_junctions_still_gets_nodes() -> None:
    """Ten steps of 0.01 degree (1.112 km each) are ten pieces."""
    way = [(i, 0.01 * i, 0.0) for i in range(11)]
    graph = graph_from_ways([(way, math.nan)])
    assert len(graph.ids) == 11
    assert graph.length_km.sum() == pytest.approx(float(great_circle_km(0, 0, 0.1, 0)))


def test_bends_between_junctions_stay_in_the_length() -> None:
    """Two legs of a right angle, 0.003 degree each, one edge of their sum."""
    graph = graph_from_ways(
        [([(1, 0.0, 0.0), (2, 0.003, 0.0), (3, 0.003, 0.003)], 50.0)]
    )
    legs = float(great_circle_km(0, 0, 0.003, 0) * 2)
    assert len(graph.ids) == 2
    assert graph.length_km == pytest.approx([legs], rel=1e-6)
    assert graph.speed_km_per_h.tolist() == [50.0]


def test_an_extract_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"no OpenStreetMap extract .*kh\.osm\.pbf"):
        graph_from_osm(tmp_path / "kh.osm.pbf")


def test_reading_a_small_extract(tmp_path: Path) -> None:
    """One road of two nodes; the footway beside it is not for trucks."""
    file = tmp_path / "place.osm"
    file.write_text(
        """<?xml version="1.0"?><osm version="0.6">
        <node id="1" version="1" lon="104.0" lat="11.0"/>
        <node id="2" version="1" lon="104.005" lat="11.0"/>
        <node id="3" version="1" lon="104.0" lat="11.001"/>
        <way id="7" version="1"><nd ref="1"/><nd ref="2"/>
          <tag k="highway" v="primary"/><tag k="maxspeed" v="60"/></way>
        <way id="8" version="1"><nd ref="1"/><nd ref="3"/>
          <tag k="highway" v="footway"/></way></osm>"""
    )
    graph = graph_from_osm(file)
    assert sorted(graph.ids) == ["1", "2"]
    assert graph.speed_km_per_h.tolist() == [60.0]
