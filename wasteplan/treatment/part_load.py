"""Electric efficiency of a burner that is not full."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wasteplan.treatment.decay import Floats
from wasteplan.treatment.records import PartLoad


def relative_efficiency(points: Sequence[PartLoad], load: Floats) -> Floats:
    """Electric efficiency over that at full load, straight between points.  [-]

    Below the first point that of the first; no points: 1, the efficiency is flat.

    Parameters
    ----------
    points
        Of one technology.
    load
        Thermal input over the available rating, any shape; above 1 counts as 1.  [-]

    >>> points = [
    ...     PartLoad(technology="wte", load=l, efficiency_share=e)
    ...     for l, e in ((1.0, 1.0), (0.5, 0.9))
    ... ]
    >>> relative_efficiency(points, np.array([0.4, 0.75, 1.1])).tolist()
    [0.9, 0.95, 1.0]
    """
    if not points:
        return np.ones_like(load)
    rows = sorted(points, key=lambda p: p.load)
    return np.interp(load, [p.load for p in rows], [p.efficiency_share for p in rows])
