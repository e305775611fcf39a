"""The trips of a simulation as an object-centric event log, OCEL 2.0 JSON.

Format: Berti et al. (2023), OCEL 2.0 Specification, https://www.ocel-standard.org,
arXiv:2403.01975, whose JSON schema (section 8.2) has every value as text; the declared
type of the attribute says how to read it. Objects are loads, places (generators and
rounds too) and vehicle types; a load that was turned away is a new load on its next
way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from wasteplan.scenario.model import Scenario

LOAD, PLACE, VEHICLE = "load", "place", "vehicle type"
DEPART, ARRIVE, LEAVE = "depart", "arrive", "leave"
TIP, TURN_AWAY, GIVE_UP = "tip", "turn away", "give up"
UNTREATED, TIPPED = "untreated", "tipped"
TONNES = {"name": "tonnes", "type": "float"}
OBJECT_TYPES = [
    {
        "name": LOAD,
        "attributes": [
            TONNES,
            {"name": "carries", "type": "string"},
            {"name": "period", "type": "string"},
            {"name": "attempt", "type": "integer"},
            {"name": "truck_km", "type": "float"},
        ],
    },
    {"name": PLACE, "attributes": []},
    {"name": VEHICLE, "attributes": []},
]
EVENT_TYPES = [
    {"name": DEPART, "attributes": []},
    {"name": ARRIVE, "attributes": []},
    {"name": TIP, "attributes": [TONNES, {"name": "wait_h", "type": "float"}]},
    {"name": TURN_AWAY, "attributes": [TONNES, {"name": "cause", "type": "string"}]},
    {"name": GIVE_UP, "attributes": [TONNES]},
    {"name": LEAVE, "attributes": []},
]


def write_ocel(scenario: Scenario, trips: pd.DataFrame, path: Path) -> None:
    """Write the trips of replication 0, object by object and event by event.

    Parameters
    ----------
    trips
        The trip log of a simulation; a simulated year is the last of its period. Times
        are local, written as if they were UTC.
    """
    starts = {p.id: datetime(p.last_year, 1, 1) for p in scenario.periods}
    rows = trips.to_dict("records")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write('{"objectTypes": ' + json.dumps(OBJECT_TYPES))
        file.write(',\n"eventTypes": ' + json.dumps(EVENT_TYPES))
        file.write(',\n"objects": [')
        _write_all(file, _objects(rows, starts))
        file.write('],\n"events": [')
        _write_all(file, _events(rows, starts))
        file.write("]}\n")


def _write_all(file: TextIO, items: Iterator[dict[str, Any]]) -> None:
    separator = "\n"
    for item in items:
        file.write(separator + json.dumps(item, ensure_ascii=False))
        separator = ",\n"


Rows = list[dict[Any, Any]]


def _objects(rows: Rows, starts: dict[str, datetime]) -> Iterator[dict[str, Any]]:
    places = {str(r[c]) for r in rows for c in ("origin", "destination")}
    for name in sorted(places):
        yield {"id": f"place:{name}", "type": PLACE}
    for name in sorted({str(r["vehicle"]) for r in rows}):
        yield {"id": f"vehicle:{name}", "type": VEHICLE}
    for i, row in enumerate(rows):
        when = _time(row, "start_h", starts)
        values = ("tonnes", "carries", "period", "attempt", "truck_km")
        yield {
            "id": _load(i),
            "type": LOAD,
            "attributes": [
                {"name": name, "time": when, "value": str(row[name])} for name in values
            ],
            "relationships": [
                {"objectId": f"vehicle:{row['vehicle']}", "qualifier": "carried by"}
            ],
        }


def _events(rows: Rows, starts: dict[str, datetime]) -> Iterator[dict[str, Any]]:
    for i, row in enumerate(rows):
        origin, there = f"place:{row['origin']}", f"place:{row['destination']}"
        tonnes = {"name": "tonnes", "value": str(row["tonnes"])}
        end: tuple[str, list[dict[str, Any]]]
        if row["outcome"] == UNTREATED:
            end = (GIVE_UP, [tonnes])
        elif row["outcome"] == TIPPED:
            end = (TIP, [tonnes, {"name": "wait_h", "value": str(row["wait_h"])}])
        else:
            cause = {"name": "cause", "value": str(row["outcome"])}
            end = (TURN_AWAY, [tonnes, cause])
        steps = [
            (DEPART, "start_h", origin, "from", []),
            (ARRIVE, "arrive_h", there, "at", []),
            (end[0], "tipped_h", there, "at", end[1]),
            (LEAVE, "left_h", there, "from", []),
        ]
        for number, (kind, column, place, qualifier, attributes) in enumerate(steps):
            if end[0] == GIVE_UP and kind != GIVE_UP:
                continue
            yield {
                "id": f"{_load(i)}:{number}",
                "type": kind,
                "time": _time(row, column, starts),
                "attributes": attributes,
                "relationships": [
                    {"objectId": _load(i), "qualifier": "load"},
                    {"objectId": place, "qualifier": qualifier},
                ],
            }


def _load(number: int) -> str:
    return f"load:{number + 1:07d}"


def _time(row: dict[Any, Any], column: str, starts: dict[str, datetime]) -> str:
    moment = starts[row["period"]] + timedelta(seconds=round(row[column] * 3600))
    return moment.isoformat() + "Z"
