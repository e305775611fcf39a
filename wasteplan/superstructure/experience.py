"""What running a plan has taught about its plants, as the planner is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

PlantPeriod = tuple[str, str]
"""Plant, centre or outlet id; period id."""


@dataclass(frozen=True)
class Experience:
    """How plants and targets of a scenario are to be read when planning again.

    The scenario itself stays as it is: a plan made with experience meets every
    requirement of the scenario, and is judged against the scenario.

    Attributes
    ----------
    capacity_share
        What the lines can take in practice, as a share of the capacity planned with;
        1 where nothing is said.  [-]
    lost_share
        Share of what is sent to a plant that is turned away and ends in a landfill or
        nowhere, whatever the load; it counts against diversion.  [-]
    margin
        What a diversion rate loses besides, by period; targets are tightened by it. [-]
    target_margin
        What the waste of a target loses more than that, by target id and period, or
        less if negative.  Whatever it is, the target is met on paper.  [-]
    airspace_share
        Share of the airspace of a landfill that may be planned with, by plant; what
        real blends need more than planned is kept free.  [-]
    floor
        What a target has to reach on paper, by target id and period, if that is more
        than it asks for.  [-]
    """

    capacity_share: Mapping[PlantPeriod, float] = field(default_factory=dict)
    lost_share: Mapping[PlantPeriod, float] = field(default_factory=dict)
    margin: Mapping[str, float] = field(default_factory=dict)
    target_margin: Mapping[tuple[str, str], float] = field(default_factory=dict)
    airspace_share: Mapping[str, float] = field(default_factory=dict)
    floor: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def airspace(self, plant: str) -> float:
        """The share of a landfill's airspace that may be planned with.  [-]"""
        return self.airspace_share.get(plant, 1.0)

    def capacity(self, plant: str, period: str) -> float:
        """The share of a plant's capacity that works.  [-]"""
        return self.capacity_share.get((plant, period), 1.0)

    def lost(self, plant: str, period: str) -> float:
        """The share of what a plant is sent that is lost to diversion.  [-]"""
        return self.lost_share.get((plant, period), 0.0)

    def limited(self, capacity: Mapping[PlantPeriod, float]) -> Experience:
        """The same with capacities at most as given.

        >>> Experience({("a", "p"): 0.9}).limited({("a", "p"): 0.8}).capacity("a", "p")
        0.8
        """
        lower = {k: min(v, self.capacity(*k)) for k, v in capacity.items()}
        both = {**self.capacity_share, **lower}
        return replace(self, capacity_share=both)

    def giving_way(self, way: Mapping[tuple[str, str], float]) -> Experience:
        """The same with targets loosened, by target id and period.  [-]

        >>> known = Experience(target_margin={("t", "p"): 0.25})
        >>> known.giving_way({("t", "p"): 0.125}).target_margin["t", "p"]
        0.125
        """
        less = {k: self.target_margin.get(k, 0.0) - v for k, v in way.items()}
        return replace(self, target_margin={**self.target_margin, **less})


def strictest(known: Sequence[Experience]) -> Experience:
    """Of several experiences the least capacity, the highest losses and margins.

    >>> one, two = Experience(margin={"p": 0.1}), Experience(margin={"p": 0.2})
    >>> strictest([one, two]).margin["p"]
    0.2
    """

    def of(name: str, choose: Callable[[float, float], float]) -> dict[Any, float]:
        found: dict[Any, float] = {}
        for each in known:
            for key, value in getattr(each, name).items():
                found[key] = choose(value, found.get(key, value))
        return found

    return Experience(
        of("capacity_share", min),
        of("lost_share", max),
        of("margin", max),
        of("target_margin", max),
        of("airspace_share", min),
        of("floor", max),
    )


NO_EXPERIENCE = Experience()
