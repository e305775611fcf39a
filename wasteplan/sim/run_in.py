"""How long it takes until the waste of every generator has been on its way once."""

from __future__ import annotations

import math
from collections import defaultdict

from wasteplan.sim.case import Case

SLOW_SHARE = 1e-3  # of the waste may be collected for the first time later
HAUL_D = 2  # a load leaves the day after it is collected, an output after it is made


def filled_after(case: Case) -> int:
    """Days until containers are emptied as they fill, by their mean waste.  [d]

    A container is emptied for the first time within its interval, a truck that waits to
    be full leaves when so much has come. What comes once in a blue moon is left out: a
    thousandth of the waste.
    """
    daily = [0.0] * len(case.groups)
    parts: list[tuple[int, int, float]] = []
    for source in case.sources:
        kept = (1.0 - source.lost - source.recycled) * source.mean_t_per_d
        for member in source.members:
            tonnes = kept * member.share
            daily[member.group] += tonnes
            parts.append((source.every_d, member.group, tonnes))
    first = [
        0 if group.is_serviced or not t else math.ceil(group.haul.load_t / t)
        for group, t in zip(case.groups, daily, strict=True)
    ]
    tonnes_of: dict[int, float] = defaultdict(float)
    for every_d, group_number, tonnes in parts:
        tonnes_of[every_d + first[group_number]] += tonnes
    later = sum(tonnes_of.values())
    may_be_late = SLOW_SHARE * later
    for days, tonnes in sorted(tonnes_of.items()):
        later -= tonnes
        if later <= may_be_late:
            return days + HAUL_D
    return 0
