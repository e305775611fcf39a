"""Distances on paper, along the Cambodian corridors, and against networkx."""

from __future__ import annotations

import csv
import math
import sys
from itertools import permutations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wasteplan.network.detours import detours
from wasteplan.network.distance import (
    GraphRoads,
    GreatCircleRoads,
    MatrixRoads,
    Place,
    roads,
)
from wasteplan.network.graph import NetworkError, RoadGraph, road_graph, shortest_ways
from wasteplan.network.great_circle import EARTH_RADIUS_KM, great_circle_km
from wasteplan.network.roads import RoadDistance, RoadEdge, RoadNode
from wasteplan.network.snapping import snap, standing

HERE = Path(__file__).parent
DEGREE_KM = math.pi * EARTH_RADIUS_KM / 180  # along the equator or a meridian


def node(id: str, lon: float, lat: float) -> RoadNode:
    return RoadNode(id=id, lon=lon, lat=lat)


def edge(a: str, b: str, km: float, speed: float | None = None) -> RoadEdge:
    return RoadEdge(from_node=a, to_node=b, length_km=km, speed_km_per_h=speed)


def corridor() -> RoadGraph:
    with (HERE / "kh_corridor_nodes.csv").open(encoding="utf-8") as file:
        nodes = [
            node(r["node"], float(r["lon"]), float(r["lat"]))
            for r in csv.DictReader(file)
        ]
    with (HERE / "kh_corridor_edges.csv").open(encoding="utf-8") as file:
        edges = [
            edge(r["from"], r["to"], float(r["length_km"]))
            for r in csv.DictReader(file)
        ]
    return road_graph(nodes, edges)


def on_node(graph: RoadGraph, name: str) -> Place:
    i = graph.ids.index(name)
    return Place(name, float(graph.lon[i]), float(graph.lat[i]))


@pytest.mark.parametrize(
    ("town", "sum_km"),
    [
        ("Poipet", 408),
        ("Sihanoukville", 214),
        ("Koh Kong", 284),
        ("Kampot", 154),
        ("Bavet", 167),
    ],
)
def test_corridor_distances_from_phnom_penh(town: str, sum_km: float) -> None:
    """Places on nodes have no access, so sums of road lengths come out, in whole km.

    Sihanoukville: 47.7 + 91.8 + 38.8 + 35.6 = 213.9; Koh Kong leaves that road at Sre
    Ambel: 47.7 + 91.8 + 144.5 = 284.0; Bavet: 58.9 + 66.7 + 41.4 = 167.0.
    """
    graph = corridor()
    network = GraphRoads(graph, circuity=1.3, speed_km_per_h=40.0)
    km, time_h = network.matrix([on_node(graph, "Phnom Penh")], [on_node(graph, town)])
    assert km[0, 0] == pytest.approx(sum_km, abs=0.45)
    assert time_h[0, 0] == pytest.approx(km[0, 0] / 40.0)


def test_the_corridor_graph_is_one_piece_with_one_doubtful_road_number() -> None:
    graph = corridor()
    found = standing(graph, [on_node(graph, "Takeo"), Place("field", 104.8, 11.5)])
    assert found.component_sizes == (65,)
    assert found.n_edges == 68
    assert found.snaps[0] == ("Takeo", "Takeo", 0.0, 0)
    nr11 = {("Neak Loeung", "Prey Veng"), ("Prey Veng", "Suong")}
    assert {(a, b) for a, b, _ in found.doubtful_edges} == nr11
    assert all(c == pytest.approx(1.76, abs=0.001) for _, _, c in found.doubtful_edges)
    assert "65 nodes" in found.summary()


def square(speed: float | None = None) -> RoadGraph:
    """A road along the equator, three nodes a degree apart, each edge 120 km."""
    nodes = [node("a", 0, 0), node("b", 1, 0), node("c", 2, 0)]
    return road_graph(nodes, [edge("a", "b", 120, speed), edge("b", "c", 120)])


def test_access_road_access_by_hand() -> None:
    """0.1 degree north of a to 0.2 north of c: 1.5 x 0.3 degree + 240 km."""
    network = GraphRoads(square(), circuity=1.5, speed_km_per_h=40.0)
    km, time_h = network.matrix([Place("p", 0, 0.1)], [Place("q", 2, 0.2)])
    assert km[0, 0] == pytest.approx(1.5 * 0.3 * DEGREE_KM + 240)
    assert time_h[0, 0] == pytest.approx(km[0, 0] / 40)


def test_a_road_with_a_speed_gives_its_time_the_rest_takes_the_vehicles() -> None:
    """a-b 120 km at 60 km/h is 2 h; b-c 120 km at the vehicle's 30 km/h is 4 h."""
    network = GraphRoads(square(60.0), circuity=1.5, speed_km_per_h=40.0)
    ends = [Place("p", 0, 0)], [Place("q", 2, 0)]
    assert network.matrix(*ends)[1][0, 0] == pytest.approx(2 + 120 / 40)
    assert network.matrix(*ends, speed_km_per_h=30.0)[1][0, 0] == pytest.approx(6.0)


def test_places_on_the_same_node_go_straight() -> None:
    """Both hang on b; they are 0.2 degree apart and do not pass through b."""
    network = GraphRoads(square(), circuity=1.5, speed_km_per_h=40.0)
    km, _ = network.matrix([Place("p", 0.9, 0)], [Place("q", 1.1, 0)])
    assert km[0, 0] == pytest.approx(1.5 * 0.2 * DEGREE_KM)


def test_neighbours_far_from_the_road_go_straight() -> None:
    """0.49 and 0.51 hang on a and b, 0.4 degree off the road, 0.02 from each other."""
    network = GraphRoads(square(), circuity=1.5, speed_km_per_h=40.0)
    km, _ = network.matrix([Place("p", 0.49, 0.4)], [Place("q", 0.51, 0.4)])
    straight_km = float(great_circle_km(0.49, 0.4, 0.51, 0.4))
    assert km[0, 0] == pytest.approx(1.5 * straight_km)


def test_pieces_without_a_road_between_them_are_infinitely_far() -> None:
    nodes = [node(n, i, 0) for i, n in enumerate("abcd")]
    graph = road_graph(nodes, [edge("a", "b", 120), edge("c", "d", 120)])
    network = GraphRoads(graph, circuity=1.3, speed_km_per_h=40.0)
    km, time_h = network.matrix(
        [on_node(graph, "a")], [on_node(graph, "b"), on_node(graph, "d")]
    )
    assert km[0, 0] == pytest.approx(120)
    assert np.isinf(km[0, 1])
    assert np.isinf(time_h[0, 1])
    assert standing(graph, [on_node(graph, "d")]).component_sizes == (2, 2)


def test_parallel_roads_count_by_the_shorter() -> None:
    graph = road_graph(
        [node("a", 0, 0), node("b", 1, 0)],
        [edge("a", "b", 200), edge("b", "a", 115), edge("a", "b", 130)],
    )
    assert shortest_ways(graph, [0], [1]).distance_km[0, 0] == pytest.approx(115)


def test_a_road_shorter_than_the_great_circle_is_refused() -> None:
    with pytest.raises(NetworkError, match=r"a - b: 100 km, great circle 111.2"):
        road_graph([node("a", 0, 0), node("b", 1, 0)], [edge("a", "b", 100)])


def test_an_edge_to_nowhere_is_refused() -> None:
    with pytest.raises(NetworkError, match="not there: z"):
        road_graph([node("a", 0, 0)], [edge("a", "z", 100)])


def test_a_place_too_far_or_without_position_is_named() -> None:
    graph = square()
    with pytest.raises(NetworkError, match=r"lost \(111.2 km from a\)"):
        snap(graph, [Place("lost", 0, 1), Place("near", 0, 0.1)], snap_max_km=50)
    with pytest.raises(NetworkError, match="no lon/lat for nowhere"):
        snap(graph, [Place("nowhere", None, None)])


def test_great_circle_roads_by_hand() -> None:
    """One degree of the equator, 111.195 km, x 1.4 at 50 km/h."""
    network = GreatCircleRoads(circuity=1.4, speed_km_per_h=50.0)
    km, time_h = network.matrix([Place("p", 0, 0)], [Place("q", 1, 0)])
    assert km[0, 0] == pytest.approx(1.4 * 111.195, rel=1e-5)
    assert time_h[0, 0] == pytest.approx(km[0, 0] / 50)


def test_matrix_rows_serve_both_directions_unless_both_are_given() -> None:
    rows = [
        RoadDistance(origin="p", destination="q", distance_km=10, time_h=0.4),
        RoadDistance(origin="q", destination="r", distance_km=20),
        RoadDistance(origin="r", destination="q", distance_km=25),
    ]
    network = MatrixRoads(rows, speed_km_per_h=40.0)
    p, q, r = (Place(n, None, None) for n in "pqr")
    km, time_h = network.matrix([p, q, r], [p, q, r])
    assert km.tolist() == [[0, 10, math.inf], [10, 0, 20], [math.inf, 25, 0]]
    assert time_h[1].tolist() == [0.4, 0, 0.5]
    assert network.matrix([q], [r], speed_km_per_h=10.0)[1][0, 0] == 2.0


def test_providers_by_name() -> None:
    common = {"circuity": 1.3, "speed_km_per_h": 40.0}
    assert isinstance(roads("matrix", **common), MatrixRoads)
    assert isinstance(roads("great_circle", **common), GreatCircleRoads)
    with pytest.raises(NetworkError, match="no roads provider 'crow'"):
        roads("crow", **common)
    with pytest.raises(NetworkError, match="needs file"):
        roads("osm", **common)


def test_an_extract_without_osmium_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    file = tmp_path / "place.osm"
    file.write_text("<osm/>")
    with pytest.raises(NetworkError, match=r"wasteplan\[osm\]"):
        roads("osm", circuity=1.3, speed_km_per_h=40.0, osm_file=file)


@st.composite
def graphs(draw: st.DrawFn) -> RoadGraph:
    """A random, possibly broken graph with sound lengths and some speeds."""
    n = draw(st.integers(2, 9))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(103, 105, n), rng.uniform(11, 13, n)
    n_edges = draw(st.integers(1, 14))
    tail, head = rng.integers(0, n, n_edges), rng.integers(0, n, n_edges)
    straight = great_circle_km(lon[tail], lat[tail], lon[head], lat[head])
    length = straight * rng.uniform(1.0, 2.0, n_edges) + 1e-3
    speed = rng.choice([30.0, 60.0, np.nan], n_edges)
    return RoadGraph(
        tuple(str(i) for i in range(n)), lon, lat, tail, head, length, speed
    )


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_ways_are_those_of_networkx(graph: RoadGraph) -> None:
    """Length of every pair, and time along that very way."""
    other = nx.Graph()
    other.add_nodes_from(range(len(graph.ids)))
    for a, b, km, speed in zip(
        graph.tail, graph.head, graph.length_km, graph.speed_km_per_h, strict=True
    ):
        old = other.get_edge_data(int(a), int(b))
        if a != b and (old is None or km < old["km"]):
            other.add_edge(int(a), int(b), km=float(km), speed=float(speed))
    every = np.arange(len(graph.ids))
    ways = shortest_ways(graph, every, every)
    for a in every:
        lengths, paths = nx.single_source_dijkstra(other, int(a), weight="km")
        for b in every:
            if b not in lengths:
                assert np.isinf(ways.distance_km[a, b])
                continue
            assert ways.distance_km[a, b] == pytest.approx(lengths[b])
            hops = [other[u][v] for u, v in nx.utils.pairwise(paths[b])]
            timed = sum(h["km"] / h["speed"] for h in hops if h["speed"] == h["speed"])
            bare = sum(h["km"] for h in hops if h["speed"] != h["speed"])
            assert ways.timed_h[a, b] == pytest.approx(timed, abs=1e-12)
            assert ways.untimed_km[a, b] == pytest.approx(bare, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(graphs(), st.integers(0, 2**32 - 1), st.floats(1.0, 2.0))
def test_distance_is_symmetric_and_never_below_the_great_circle(
    graph: RoadGraph, seed: int, circuity: float
) -> None:
    """Also a metric, once neighbours off the road are counted by road (GraphRoads)."""
    rng = np.random.default_rng(seed)
    places = [
        Place(f"p{i}", *xy)
        for i, xy in enumerate(
            zip(*rng.uniform([[103], [11]], [[105], [13]], (2, 6)), strict=True)
        )
    ]
    network = GraphRoads(graph, circuity, 40.0)
    km, time_h = network.matrix(places, places)
    np.testing.assert_allclose(km, km.T, rtol=1e-12)
    np.testing.assert_allclose(time_h, time_h.T, rtol=1e-12)
    lon, lat = np.array([[p.lon, p.lat] for p in places]).T
    straight = great_circle_km(lon[:, None], lat[:, None], lon, lat)
    assert (km >= straight * (1 - 1e-12)).all()
    assert (np.diag(km) == 0).all()

    hang = snap(graph, places)
    way = shortest_ways(graph, hang.node, hang.node).distance_km
    by_road = way + circuity * (hang.distance_km[:, None] + hang.distance_km)
    is_apart = hang.node[:, None] != hang.node
    is_near = (straight < np.minimum(hang.distance_km[:, None], hang.distance_km)) & (
        is_apart
    )
    metric = np.where(is_near, by_road, km)
    for a, b, c in permutations(range(len(places)), 3):
        assert km[a, c] <= (metric[a, b] + metric[b, c]) * (1 + 1e-9)


def test_swapping_sides_gives_the_transpose() -> None:
    """The search starts on the smaller side; the answer must not show it."""
    graph = corridor()
    towns = [on_node(graph, n) for n in graph.ids[:20]]
    network = GraphRoads(graph, 1.3, 40.0)
    few, many = towns[:3], towns[3:]
    np.testing.assert_allclose(
        network.matrix(few, many)[0], network.matrix(many, few)[0].T
    )


def test_neighbours_on_two_spurs_are_named() -> None:
    """Zones 0.02 degree (2.2 km) apart, each 12 km from town: 24 km by road, 10.8 x."""
    nodes = [node("town", 0.0, 0.0), node("p", 0.1, 0.01), node("q", 0.1, -0.01)]
    graph = road_graph(nodes, [edge("town", "p", 12), edge("town", "q", 12)])
    network = GraphRoads(graph, 1.3, 40.0)
    places = [on_node(graph, n) for n in graph.ids]
    (found,) = detours(network, places)
    assert (found.a, found.b) == ("p", "q")
    assert found.road_km == pytest.approx(24)
    assert str(found) == "p - q: 2.2 km apart, 24.0 km by road"
    assert detours(network, places, ratio_min=11) == ()
