"""Blend limits at a gate: what the last bunkerful was on average."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wasteplan.sim.bunker import Mix
from wasteplan.sim.case import BlendCase

SLACK = 1e-6  # relative; a plan that just keeps a limit is not refused by rounding


class Blend:
    """The mean of every limited property over the last bunkerful that was taken.

    A load that keeps the limits by itself is always taken; another one only while the
    mean with it keeps them. An unknown property never turns a load away.

    Parameters
    ----------
    limits
        What is limited.
    memory_t
        How much of what came last counts; older loads fade.  [t]

    >>> limit = BlendCase("moisture", -math.inf, 0.5, (0.4, 0.7))
    >>> blend = Blend([limit], memory_t=100.0)
    >>> blend.take(((0, 1.0),), 20.0)  # 20 t with 40 % of water
    >>> blend.suits(((1, 1.0),), 10.0)  # (20 x 0.4 + 10 x 0.7) / 30 = 0.5
    True
    >>> blend.suits(((1, 1.0),), 11.0)
    False
    """

    __slots__ = ("_mass", "_mean", "limits", "memory_t")

    def __init__(self, limits: Sequence[BlendCase], memory_t: float) -> None:
        self.limits, self.memory_t = tuple(limits), memory_t
        self._mass = [0.0] * len(self.limits)
        self._mean = [0.0] * len(self.limits)

    def suits(self, mix: Mix, tonnes: float) -> bool:
        """Whether a load may be taken."""
        for i, limit in enumerate(self.limits):
            value = _value(limit, mix)
            if math.isnan(value) or _keeps(limit, value):
                continue
            mass = self._mass[i] + tonnes
            mean = (self._mass[i] * self._mean[i] + tonnes * value) / mass
            if not _keeps(limit, mean):
                return False
        return True

    def take(self, mix: Mix, tonnes: float) -> None:
        """Remember a load that was taken."""
        for i, limit in enumerate(self.limits):
            value = _value(limit, mix)
            if math.isnan(value):
                continue
            mass = self._mass[i] + tonnes
            self._mean[i] += (value - self._mean[i]) * tonnes / mass
            self._mass[i] = min(mass, self.memory_t)


def _value(limit: BlendCase, mix: Mix) -> float:
    if len(mix) == 1:  # most loads come from one place
        k, share = mix[0]
        return share * limit.values[k]
    return sum(share * limit.values[k] for k, share in mix)


def _keeps(limit: BlendCase, value: float) -> bool:
    slack = SLACK * abs(value)
    return limit.min - slack <= value <= limit.max + slack
