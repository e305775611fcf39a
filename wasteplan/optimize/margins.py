"""Room kept free where real blends take more than the model thought.

The relaxed model may fill a landfill or a boiler to the last bit with blends that no
plant can send.  Followed as they are, they overfill it by a little.  The overshoot says
how much room to keep; planning again with that much less makes the real blends fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wasteplan.evaluation.result import Violation
from wasteplan.superstructure.experience import Experience
from wasteplan.superstructure.model import Superstructure

SPARE = 1e-4  # kept free besides, so that rounding does not miss again
OVERSHOOT_MAX = 0.05  # what misses by more is no matter of blends
OF_CAPACITY = frozenset({"heat_capacity", "mass_capacity", "centre_throughput"})
OF_AIRSPACE = "airspace"


def with_margins(
    s: Superstructure, missed: Iterable[Violation]
) -> Superstructure | None:
    """The options with less room where it was overfilled; None if that cannot help.

    Capacities and airspace that were overfilled by up to 5 % shrink by as much; any
    other requirement that is missed needs another answer.
    """
    worst: dict[tuple[str, str], Violation] = {}
    for v in missed:
        is_room = v.requirement in OF_CAPACITY or v.requirement == OF_AIRSPACE
        if not is_room or not v.limit < v.value <= (1 + OVERSHOOT_MAX) * v.limit:
            return None
        key = (v.place, "" if v.requirement == OF_AIRSPACE else v.period)
        if key not in worst or v.value / v.limit > _times(worst[key]):
            worst[key] = v
    known = s.experience
    for v in worst.values():
        known = _shrunk(known, v, 1.0 / _times(v) - SPARE)
    return replace(s, experience=known)


def _times(missed: Violation) -> float:
    return missed.value / missed.limit


def _shrunk(known: Experience, missed: Violation, share: float) -> Experience:
    place = missed.place
    if missed.requirement == OF_AIRSPACE:
        left = {**known.airspace_share, place: known.airspace(place) * share}
        return replace(known, airspace_share=left)
    key = (place, missed.period)
    return known.limited({key: known.capacity(*key) * share})
