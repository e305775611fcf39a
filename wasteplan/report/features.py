"""The plan as GeoJSON for a map program: places and flow lines."""

from __future__ import annotations

import json
from typing import Any

from wasteplan.report.embedding import plain
from wasteplan.report.frames import sums
from wasteplan.report.subject import Subject


def feature_collection(subject: Subject) -> str:
    """GeoJSON text (RFC 7946): places as points, flows as lines, one per period.

    A place without coordinates is a feature without geometry. One feature a line.
    """
    features = [*places(subject), *_flows(subject)]
    lines = ",\n".join(
        json.dumps(plain(feature), ensure_ascii=False, separators=(",", ":"))
        for feature in features
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def places(subject: Subject) -> list[dict[str, Any]]:
    """Places of a plan as GeoJSON points, with the tonnes of each period."""
    flows = subject.evaluation.flows
    sent = sums(flows, ["origin", "period"], "t_per_y")
    received = sums(flows, ["destination", "period"], "t_per_y")
    used = dict.fromkeys([*flows["origin"], *flows["destination"]])
    facilities = dict.fromkeys(subject.evaluation.facilities["plant"])
    features = []
    for place in sorted({str(p) for p in (*used, *facilities)}):
        if subject.kind(place) in ("leakage", "informal"):
            continue  # a fate is not a place
        is_generator = subject.kind(place) == "generator"
        side = sent if is_generator else received
        properties: dict[str, Any] = {
            "id": place,
            "name": subject.name(place),
            "kind": subject.kind(place),
        }
        for period in subject.period_ids:
            properties[f"t_per_y_{period}"] = side.get((place, period), 0.0)
        position = subject.position(place)
        features.append(_feature(properties, "Point", position))
    return features


def _flows(subject: Subject) -> list[dict[str, Any]]:
    flows = subject.evaluation.flows
    keys = ["period", "origin", "destination", "stream", "product"]
    carried = sums(flows, keys, "t_per_y")
    features = []
    for (period, origin, destination, stream, product), tonnes in carried.items():
        start, end = subject.position(origin), subject.position(destination)
        if start is None or end is None or tonnes <= 0:
            continue
        properties = {
            "kind": "flow",
            "period": period,
            "origin": origin,
            "destination": destination,
            "stream": stream,
            "product": product,
            "t_per_y": tonnes,
        }
        features.append(_feature(properties, "LineString", [start, end]))
    return features


def _feature(properties: dict[str, Any], shape: str, where: Any) -> dict[str, Any]:
    geometry = None if where is None else {"type": shape, "coordinates": where}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
