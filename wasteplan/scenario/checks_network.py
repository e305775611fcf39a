"""Rules on roads and hauls: every place can be reached, at a known cost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

from wasteplan.network.distance import GraphRoads
from wasteplan.network.graph import (
    CIRCUITY_DOUBTFUL,
    ROUNDING_KM,
    ROUNDING_SHARE,
    NetworkError,
)
from wasteplan.network.great_circle import great_circle_km
from wasteplan.network.haul_cost import choose_leg
from wasteplan.network.snapping import snap
from wasteplan.scenario.checks_names import PLACE_TABLES
from wasteplan.scenario.checks_treatment import technologies_in_use
from wasteplan.scenario.derived import accepted_by
from wasteplan.scenario.findings import Finding, Rule, about, on_table, reads
from wasteplan.scenario.hauls import haul, place, roads_of
from wasteplan.scenario.model import Scenario
from wasteplan.units import words

ROAD_TABLES = ("scenario.toml", "nodes", "edges", "distances")


@reads("vehicles")
def vehicles_have_a_cost(scenario: Scenario) -> Iterator[Finding]:
    """A flat rate alone, or a payload with a cost per kilometre or hour."""
    for row in scenario.vehicles:
        running = row.cost_per_km is not None or row.cost_per_h is not None
        if row.cost_per_t_km is not None and running:
            message = "is a second cost basis beside cost_per_km and cost_per_h"
            yield about("vehicles", row, "cost_per_t_km", message)
        elif row.cost_per_t_km is None and row.payload_t is None:
            message = "is empty, and so is cost_per_t_km: a load has no cost"
            yield about("vehicles", row, "payload_t", message)
        elif row.cost_per_t_km is None and not running:
            message = "is empty, and so are cost_per_h and cost_per_t_km"
            yield about("vehicles", row, "cost_per_km", message)
        if row.co2_kg_per_km and row.payload_t is None:
            message = "is empty, but co2_kg_per_km needs the load of a truck"
            yield about("vehicles", row, "payload_t", message)


@reads(*PLACE_TABLES)
def places_have_positions(scenario: Scenario) -> Iterator[Finding]:
    """Every place has lon and lat, unless distances come from a matrix."""
    has_matrix = scenario.settings.roads.provider == "matrix"
    for table in PLACE_TABLES:
        for row in getattr(scenario, table):
            if (row.lon is None) != (row.lat is None):
                column = "lon" if row.lon is None else "lat"
                yield about(table, row, column, "is empty, but the other one is given")
            elif row.lon is None and not has_matrix:
                provider = scenario.settings.roads.provider
                message = f"is empty; roads of '{provider}' need positions"
                yield about(table, row, "lon", message)


@reads("nodes", "edges", "distances")
def roads_have_their_data(scenario: Scenario) -> Iterator[Finding]:
    """The provider of `[roads]` finds its tables or its file inside the folder."""
    chosen = scenario.settings.roads
    needed = {"matrix": ("distances",), "graph": ("nodes", "edges")}
    if chosen.file:
        yield from _road_file(scenario, chosen.file)
    elif chosen.provider == "osm":
        yield on_table(
            "scenario.toml", "provider 'osm' needs an extract", "[roads] file"
        )
    else:
        for table in needed.get(chosen.provider, ()):
            if not getattr(scenario, table):
                message = f"has no rows, but roads are of provider '{chosen.provider}'"
                yield on_table(table, message)


def _road_file(scenario: Scenario, name: str) -> Iterator[Finding]:
    """A road file lies in the scenario folder and exists."""
    column = "[roads] file"
    path = Path(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        message = f"'{name}' leads outside the scenario folder"
        yield on_table("scenario.toml", message, column)
        return
    if scenario.folder is None:
        return
    target = (scenario.folder / path).resolve()
    if not target.is_relative_to(scenario.folder.resolve()):
        message = f"'{name}' leads outside the scenario folder"
        yield on_table("scenario.toml", message, column)
    elif not target.is_file():
        yield on_table("scenario.toml", f"no file '{name}'", column)


@reads("nodes", "edges")
def edges_are_not_shorter_than_great_circle(scenario: Scenario) -> Iterator[Finding]:
    """A road is at least as long as the great circle; far above it, it is doubtful.

    Rounding of published lengths and positions is allowed for.
    """
    position = {n.id: (n.lon, n.lat) for n in scenario.nodes}
    rows = [e for e in scenario.edges if {e.from_node, e.to_node} <= set(position)]
    if not rows:
        return
    ends = np.array([(*position[e.from_node], *position[e.to_node]) for e in rows])
    straight = great_circle_km(*ends.T)
    for row, km in zip(rows, straight, strict=True):
        circuity = row.length_km / max(km, 1e-9)
        if row.length_km < km * (1 - ROUNDING_SHARE) - ROUNDING_KM:
            message = (
                f"{row.length_km:g} km is shorter than the great circle {km:.2f} km"
            )
            yield about("edges", row, "length_km", message)
        elif circuity > CIRCUITY_DOUBTFUL and row.length_km > km + ROUNDING_KM:
            message = (
                f"{row.length_km:g} km is {circuity:.2f} times the great circle "
                f"(above {CIRCUITY_DOUBTFUL:g})"
            )
            yield about("edges", row, "length_km", message, is_warning=True)


@reads("legs", "generators", "centres", "technologies", "streams", "products")
def one_leg_serves_each_haul(scenario: Scenario) -> Iterator[Finding]:
    """No two legs fit a haul equally well."""
    streams = [s.id for s in scenario.streams]
    states = ("loose", "compacted", "baled")
    classes = dict.fromkeys(g.generator_class for g in scenario.generators)
    hauls = [*product(classes, streams, ("loose",))]
    hauls += product(["centre"] if scenario.centres else [], streams, states)
    made = {(y.technology, y.output) for y in scenario.yields}
    for technology, output in sorted(made):
        if output in scenario.product:
            hauls.append((technology, output, scenario.product[output].state))
    seen = set()
    for kind, carries, state in hauls:
        try:
            choose_leg(
                scenario.legs, origin_kinds=(kind,), carries=(carries,), state=state
            )
        except NetworkError as error:
            if str(error) not in seen:
                seen.add(str(error))
                yield on_table("legs", str(error), "id")


@reads(*PLACE_TABLES, *ROAD_TABLES)
def places_are_near_a_road(scenario: Scenario) -> Iterator[Finding]:
    """No place is farther than `snap_max_km` from its nearest node."""
    roads = roads_of(scenario)
    if not isinstance(roads, GraphRoads):
        return
    limit = scenario.settings.roads.snap_max_km
    for table in PLACE_TABLES:
        rows = getattr(scenario, table)
        if not rows:
            continue
        snapped = snap(roads.graph, [place(scenario, row.id) for row in rows])
        for i in np.flatnonzero(snapped.distance_km > limit):
            node = roads.graph.ids[snapped.node[i]]
            message = (
                f"is {snapped.distance_km[i]:.1f} km from {node}, the nearest node; at "
                f"most {limit:g} km (snap_max_km)"
            )
            yield about(table, rows[int(i)], "lon", message)


def destinations_of(scenario: Scenario, stream: str) -> list[str]:
    """Sites and centres that may take a stream straight from its generator."""
    takers = {
        t.id
        for t in technologies_in_use(scenario)
        if stream in accepted_by(scenario, t.id)
    }
    standing = {f.site for f in scenario.facilities if f.technology in takers}
    sites = [
        s.id
        for s in scenario.sites
        if s.id in standing or takers & set(words(s.technologies))
    ]
    centres = [
        c.id for c in scenario.centres if not c.accepts or stream in words(c.accepts)
    ]
    return sites + centres


@reads(
    "generation",
    "streams",
    "acceptance",
    "technologies",
    "facilities",
    "legs",
    "vehicles",
    *PLACE_TABLES,
    *ROAD_TABLES,
)
def every_generator_is_reachable(scenario: Scenario) -> Iterator[Finding]:
    """From every generator a road and a leg lead to some place that takes its waste."""
    generates: dict[str, dict[str, None]] = {}
    for row in scenario.generation:
        generates.setdefault(row.stream, {})[row.generator] = None
    for stream, members in generates.items():
        generators = list(members)
        places = destinations_of(scenario, stream)
        if not places:
            message = (
                "no technology on any site and no centre takes it (acceptance.csv)"
            )
            yield about("streams", scenario.stream[stream], "id", message)
            continue
        found = haul(scenario, generators, places, stream)
        for i in np.flatnonzero(~found.possible.any(axis=1)):
            generator = scenario.generator[generators[int(i)]]
            message = f"{stream} cannot be hauled to {_few(places)}: "
            if not found.vehicles[i]:
                message += "no leg fits (legs.csv)"
            elif not np.isfinite(found.distance_km[i]).any():
                message += "no road leads there"
            else:
                nearest = np.nanmin(found.distance_km[i])
                message += (
                    f"the nearest is {nearest:.1f} km away, beyond its leg's limit"
                )
            yield about("generators", generator, "id", message)


@reads(*PLACE_TABLES, "distances")
def every_place_has_a_distance(scenario: Scenario) -> Iterator[Finding]:
    """With a matrix, a site, centre or generator in no row can never be used."""
    if scenario.settings.roads.provider != "matrix":
        return
    joined = {d.origin for d in scenario.distances}
    joined |= {d.destination for d in scenario.distances}
    for table in ("generators", "sites", "centres"):
        for row in getattr(scenario, table):
            if row.id not in joined:
                message = (
                    f"{row.id}: no distance to any other place; it can never be used"
                )
                yield about(table, row, "id", message, is_warning=True)


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")


ROAD_RULES: tuple[Rule, ...] = (
    places_have_positions,
    roads_have_their_data,
    edges_are_not_shorter_than_great_circle,
    vehicles_have_a_cost,
    one_leg_serves_each_haul,
)
SNAP_RULES: tuple[Rule, ...] = (places_are_near_a_road,)
HAUL_RULES: tuple[Rule, ...] = (
    every_generator_is_reachable,
    every_place_has_a_distance,
)
