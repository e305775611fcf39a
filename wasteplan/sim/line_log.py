"""When lines stood still and why: what a Gantt chart of the lines is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wasteplan.sim.line import FAILURE, OVERHAUL, Switch
from wasteplan.sim.plant import Plant

FORCED, PLANNED = "forced", "planned"

LineStop = tuple[float, int, int, str, bool]
"""Time [h], number of the place, line, cause, whether it stops (else it starts)."""
Outage = tuple[int, int, str, float, float]
"""Number of the place, line, cause, from, to.  [h]"""


def noted(plant: Plant, cause: str, stops: list[LineStop]) -> Switch:
    """The switch of a plant's lines, writing down every use for one cause."""
    why = OVERHAUL if cause == PLANNED else FAILURE

    def switch(now_h: float, line: int, is_stop: bool) -> None:
        stops.append((now_h, plant.number, line, cause, is_stop))
        plant.switch(now_h, line, is_stop, why)

    return switch


def outages_between(
    stops: Iterable[LineStop], begin_h: float, end_h: float
) -> Iterator[Outage]:
    """Outages cut to a window, in order of their beginning.

    >>> stops = [(5.0, 0, 0, "forced", True), (9.0, 0, 0, "forced", False),
    ...          (11.0, 0, 1, "planned", True)]
    >>> list(outages_between(stops, 6.0, 12.0))
    [(0, 0, 'forced', 6.0, 9.0), (0, 1, 'planned', 11.0, 12.0)]
    """
    since: dict[tuple[int, int, str], float] = {}
    found: list[Outage] = []
    for now_h, place, line, cause, is_stop in stops:
        key = (place, line, cause)
        if is_stop:
            since[key] = now_h
        else:
            found.append((*key, since.pop(key), now_h))
    found += [(*key, start, end_h) for key, start in since.items()]
    cut = [(p, n, c, max(a, begin_h), min(b, end_h)) for p, n, c, a, b in found]
    return iter(sorted((o for o in cut if o[4] > o[3]), key=lambda o: (o[3], *o[:3])))
