"""Distance over the sphere between places given by longitude and latitude."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088  # mean radius of the Earth, IUGG: (2 a + b) / 3 of WGS 84


def great_circle_km(
    lon: ArrayLike, lat: ArrayLike, to_lon: ArrayLike, to_lat: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle distance; arguments broadcast against each other.  [km]

    d = 2 R asin sqrt(sin^2(dlat/2) + cos(lat) cos(to_lat) sin^2(dlon/2)), the haversine
    formula (Sinnott 1984, "Virtues of the Haversine", Sky and Telescope 68:159), which
    keeps its digits for places a few metres apart.

    Parameters
    ----------
    lon, lat, to_lon, to_lat
        Degrees east and north.  [deg]

    A quarter of the way round is a quarter of 2 pi R, whatever the direction:

    >>> round(float(great_circle_km(0.0, 0.0, 90.0, 0.0)), 1)
    10007.6
    >>> round(float(great_circle_km(0.0, 0.0, 0.0, 1.0)), 3)
    111.195
    """
    x, y, to_x, to_y = (
        np.radians(np.asarray(v, float)) for v in (lon, lat, to_lon, to_lat)
    )
    haversine = (
        np.sin((to_y - y) / 2) ** 2
        + np.cos(y) * np.cos(to_y) * np.sin((to_x - x) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0)))


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Points on the unit sphere, shape (n, 3).  [-]

    The straight chord between two of them grows with their great-circle distance, so
    the nearest by chord is the nearest over ground.
    """
    x, y = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=-1)
