"""Small maps side by side: where waste arises and goes in the last period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wasteplan.report.document import Chart
from wasteplan.report.subject import KIND_NAMES

Place = list[Any]
"""[name, kind, lon, lat, t/y]"""
PER_ROW = 3
HEIGHT_PX = 300
RIM = 0.06
"""Empty rim around the places, as a share of their extent."""


def placed(features: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Places of a GeoJSON of a plan, in the last period; what is used only.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is no such GeoJSON.
    """
    found = []
    for feature in features:
        about, shape = feature["properties"], feature["geometry"]
        tonnes = [v for k, v in about.items() if k.startswith("t_per_y_")]
        if shape is None:  # known by its distances only
            continue
        if shape["type"] == "Point" and tonnes and tonnes[-1]:
            lon, lat = shape["coordinates"][:2]
            found.append([about["name"], about["kind"], lon, lat, tonnes[-1]])
    return found


def maps_chart(
    id: str, title: str, runs: Sequence[tuple[str, Sequence[Place]]], note: str = ""
) -> Chart | None:
    """One map for each run; None if no more than one place has a position."""
    points = [p for _, places in runs for p in places]
    if len(points) < 2:
        return None
    lon, lat = [p[2] for p in points], [p[3] for p in points]
    rim = RIM * max(max(lon) - min(lon), max(lat) - min(lat), 1e-3)
    kinds = list(dict.fromkeys(p[1] for p in points))
    return Chart(
        id=id,
        kind="maps",
        title=title,
        summary="; ".join(
            f"{name}: " + ", ".join(p[0] for p in places if p[1] != "generator")
            for name, places in runs
        ),
        data={
            "runs": [{"name": name, "places": list(places)} for name, places in runs],
            "kinds": [[k, KIND_NAMES.get(k, k)] for k in KIND_NAMES if k in kinds],
            "box": [min(lon) - rim, min(lat) - rim, max(lon) + rim, max(lat) + rim],
            "most": max(p[4] for p in points),
        },
        height=80 + HEIGHT_PX * -(-len(runs) // PER_ROW),
        note=note,
        is_wide=len(runs) > 1,
    )
