"""What running a plan has taught about its plants, as the planner is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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
        By how much simulations missed a target, by target id and period; it is
        tightened by that too.  [-]
    airspace_share
        Share of the airspace of a landfill that may be planned with, by plant; what
        real blends need more than planned is kept free.  [-]
    """

    capacity_share: Mapping[PlantPeriod, float] = field(default_factory=dict)
    lost_share: Mapping[PlantPeriod, float] = field(default_factory=dict)
    margin: Mapping[str, float] = field(default_factory=dict)
    target_margin: Mapping[tuple[str, str], float] = field(default_factory=dict)
    airspace_share: Mapping[str, float] = field(default_factory=dict)

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

    def scaled(self, factor: float) -> Experience:
        """The same with losses and margins times a factor; capacities stay.

        >>> Experience(lost_share={("a", "p"): 0.2}).scaled(0.5).lost("a", "p")
        0.1
        """
        return Experience(
            self.capacity_share,
            {k: factor * v for k, v in self.lost_share.items()},
            {k: factor * v for k, v in self.margin.items()},
            {k: factor * v for k, v in self.target_margin.items()},
            self.airspace_share,
        )


NO_EXPERIENCE = Experience()
