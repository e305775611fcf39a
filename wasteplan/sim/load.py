"""A truckload on its way."""

from __future__ import annotations

from wasteplan.sim.bunker import Mix
from wasteplan.sim.case import Haul


class Load:
    """What one truck carries, where it came from, and who refused it so far.

    `name` and `origin` are numbers in the run's tables of names and places.
    """

    __slots__ = (
        "arrive_h", "fleet", "gj", "km", "load_h", "mix", "name", "origin",
        "refused_by", "start_h", "time_h", "to", "tonnes", "unload_h",
        "vehicle", "way_back_h",
    )  # fmt: skip

    def __init__(
        self, name: int, tonnes: float, mix: Mix, gj: float, origin: int, haul: Haul
    ) -> None:
        self.name, self.tonnes, self.mix, self.gj = name, tonnes, mix, gj
        self.origin, self.to = origin, haul.destination
        self.vehicle, self.fleet = haul.vehicle, haul.fleet
        self.km, self.time_h, self.way_back_h = haul.km, haul.time_h, haul.time_h
        self.load_h, self.unload_h = haul.load_h, haul.unload_h
        self.start_h = self.arrive_h = 0.0
        self.refused_by: tuple[int, ...] = ()
