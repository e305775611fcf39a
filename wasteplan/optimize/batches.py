"""A dive that rounds many decisions at a time, for large cases."""

from __future__ import annotations

import numpy as np

from wasteplan.optimize.first_plan import Trials
from wasteplan.superstructure.model import Floats

UP_FROM, DOWN = 0.6, 0.3


def in_batches(trials: Trials) -> Floats | None:
    """Round a relaxed solution many decisions at a time, the surest ones first.

    All from `UP_FROM` on go up; if there are none, the lower `DOWN` of the others go
    down.  A batch that leaves nothing feasible is halved, a single one turned round.
    """
    whole = np.flatnonzero(trials.problem.is_integer)
    while not trials.is_enough():
        x = trials.solution()[whole]
        free = np.array([int(c) not in trials.fixed for c in whole])
        if not free.any():
            return trials.solution()
        up = np.flatnonzero(free & (x >= UP_FROM))
        goes_up = len(up) > 0
        order = np.flatnonzero(free)[np.argsort(x[free], kind="stable")]
        batch = up if goes_up else order[: max(1, int(DOWN * len(order)))]
        while True:
            columns = whole[batch].tolist()
            trials.fix(dict.fromkeys(columns, float(goes_up)))
            if np.isfinite(trials.cost()):
                break
            for column in columns:
                trials.free(column)
            if len(batch) > 1:
                batch = batch[: len(batch) // 2]
                continue
            trials.fix(dict.fromkeys(columns, float(not goes_up)))
            if not np.isfinite(trials.cost()):
                return None
            break
    return None
