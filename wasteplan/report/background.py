"""The outline behind the map, from the scenario folder, made small enough to carry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = "background.geojson"
POINTS_MAX = 8000
"""Points of all lines together; beyond, the lines are drawn coarser."""
DECIMALS = 4
"""Of a degree: about 11 m."""
COARSEST_DEG = 0.2


def read_background(folder: Path | None) -> dict[str, Any] | None:
    """Areas and lines of `background.geojson`; None if the folder has none.

    Returns `areas`, a list of (name, polygons as lists of rings), and `lines`.
    """
    if folder is None or not (folder / FILE).is_file():
        return None
    collection: Any = json.loads((folder / FILE).read_text(encoding="utf-8"))
    features = collection.get("features", [collection])
    areas: list[tuple[str, list[list[list[list[float]]]]]] = []
    lines: list[list[list[float]]] = []
    for feature in features:
        geometry = feature.get("geometry", feature) or {}
        name = str((feature.get("properties") or {}).get("name") or "")
        coordinates: Any = geometry.get("coordinates")
        match geometry.get("type"):
            case "Polygon":
                areas.append((name, [coordinates]))
            case "MultiPolygon":
                areas.append((name, coordinates))
            case "LineString":
                lines.append(coordinates)
            case "MultiLineString":
                lines.extend(coordinates)
    return _small_enough(areas, lines) if areas or lines else None


def _small_enough(
    areas: list[tuple[str, list[list[list[list[float]]]]]],
    lines: list[list[list[float]]],
) -> dict[str, Any]:
    tolerance = 0.0
    while True:
        drawn = {
            "areas": [
                [name, [[_thin(ring, tolerance) for ring in poly] for poly in polygons]]
                for name, polygons in areas
            ],
            "lines": [_thin(line, tolerance) for line in lines],
        }
        if _points(drawn) <= POINTS_MAX or tolerance > COARSEST_DEG:
            return drawn
        tolerance = max(0.0005, tolerance * 2)


def _points(drawn: dict[str, Any]) -> int:
    rings = [ring for _, polygons in drawn["areas"] for p in polygons for ring in p]
    return sum(len(line) for line in (*rings, *drawn["lines"]))


def _thin(line: list[list[float]], tolerance_deg: float) -> list[list[float]]:
    points = np.asarray([p[:2] for p in line], dtype=float)
    if tolerance_deg > 0 and len(points) > 4:
        points = points[simplified(points, tolerance_deg)]
    return [[round(float(x), DECIMALS), round(float(y), DECIMALS)] for x, y in points]


def simplified(points: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Which points of a line to keep so that it moves less than the tolerance.

    Douglas, D. H. and Peucker, T. K. (1973), Algorithms for the reduction of the number
    of points required to represent a digitized line or its caricature.
    doi:10.3138/FM57-6770-U75U-7727

    Parameters
    ----------
    points
        The line, shape (n, 2).
    tolerance
        Largest distance of a left-out point from the drawn line, in the same unit.

    >>> line = np.array([[0, 0], [1, 0.01], [2, 0], [2, 2]], dtype=float)
    >>> simplified(line, 0.1).tolist()
    [True, False, True, True]
    """
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        distance = _distance(points[first + 1 : last], points[first], points[last])
        farthest = int(distance.argmax())
        if distance[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            stack += [(first, middle), (middle, last)]
    return keep


def _distance(
    points: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distance of points from a line segment."""
    along = end - start
    length_2 = float(along @ along)
    share = (
        np.zeros(len(points)) if length_2 == 0 else (points - start) @ along / length_2
    )
    nearest = start + np.clip(share, 0.0, 1.0)[:, None] * along
    return np.asarray(np.hypot(*(points - nearest).T))
