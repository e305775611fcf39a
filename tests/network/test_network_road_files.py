"""Road graphs from GeoJSON, GraphML and OpenStreetMap ways."""

from __future__ import annotations

import json
import math
from pathlib import Path

import networkx as nx
import pytest

from wasteplan.network import road_files
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


LINE = '{"type": "LineString", "coordinates": [[1, 1], [2, 2]]}'
BAD_GEOJSON = {
    "one point twice": (
        '{"properties": {"length_km": 5}, "geometry": {"type": "LineString",'
        ' "coordinates": [[1, 1], [1, 1]]}}',
        "two different points",
    ),
    "nothing": ("null", "feature 1"),
    "points as text": (
        '{"geometry": {"type": "LineString", "coordinates": [["a", "b"], [1, 2]]}}',
        "feature 1 .*'a' is no coordinate",
    ),
    "coordinates as text": (
        '{"geometry": {"type": "LineString", "coordinates": "here"}}',
        "feature 1",
    ),
    "points of one number": (
        '{"geometry": {"type": "LineString", "coordinates": [[1], [2]]}}',
        "feature 1",
    ),
    "off the earth": (
        '{"geometry": {"type": "LineString", "coordinates": [[999, 1], [1, 1]]}}',
        "feature 1: lon",
    ),
    "speed as text": (
        f'{{"properties": {{"speed_km_per_h": "fast"}}, "geometry": {LINE}}}',
        "feature 1: speed_km_per_h: 'fast' is not a number",
    ),
    "length as text": (
        f'{{"properties": {{"length_km": "far"}}, "geometry": {LINE}}}',
        "feature 1",
    ),
    "properties as list": (f'{{"properties": [1], "geometry": {LINE}}}', "feature 1"),
    "geometry as text": ('{"geometry": "LineString"}', "feature 1"),
}


@pytest.mark.parametrize("name", BAD_GEOJSON)
def test_a_bad_feature_is_named(name: str, tmp_path: Path) -> None:
    feature, words = BAD_GEOJSON[name]
    file = tmp_path / "roads.geojson"
    file.write_text(f'{{"features": [{feature}]}}')
    with pytest.raises(NetworkError, match=words):
        nodes_edges_from_geojson(file)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b'{"features": {"a": 1}}',
        b"[" * 100_000,
        b"",
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_geojson_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "roads.geojson"
    file.write_bytes(content)
    with pytest.raises(NetworkError, match=r"roads\.geojson is no"):
        nodes_edges_from_geojson(file)


@pytest.mark.parametrize(
    "content", [b"<graphml><broken>", b"", b"\xff\xfe\x00", b"<a/>"]
)
def test_what_is_no_graphml_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "roads.graphml"
    file.write_bytes(content)
    with pytest.raises(NetworkError, match=r"roads\.graphml is no GraphML"):
        nodes_edges_from_graphml(file)


def test_a_graphml_with_a_position_as_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roads.graphml"
    other = nx.Graph()
    other.add_node("a", lon="east", lat="0")
    nx.write_graphml(other, file)
    with pytest.raises(NetworkError, match=r"node a .*east"):
        nodes_edges_from_graphml(file)


def test_road_files_have_a_largest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "roads.geojson"
    file.write_text(lines(([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], {})))
    monkeypatch.setattr(road_files, "ROWS_MAX", 1)
    with pytest.raises(NetworkError, match="more than 1 pieces"):
        nodes_edges_from_geojson(file)
    monkeypatch.setattr(road_files, "FILE_BYTES_MAX", 10)
    with pytest.raises(NetworkError, match="larger than 0 MB"):
        nodes_edges_from_geojson(file)
    with pytest.raises(NetworkError, match="larger than 0 MB"):
        nodes_edges_from_graphml(file)


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
