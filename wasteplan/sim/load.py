"""A truckload on its way."""

from __future__ import annotations

from wasteplan.sim.bunker import Mix
from wasteplan.sim.case import Haul


class Load:
    """What one truck carries, where it came from, and who refused it so far.

    `name` and `origin` are numbers in the run's tables of names and places; `haul` is
    the first way it takes, `km` and `time_h` are those of the present one. `rest_h` is
    when the crew's break begins, if it lies ahead; `ready_h` when a trip of a fleet may
    start, `out_h` when it does, `wait_h` what it waited at the last gate; these four
    are set when a fleet takes the load on, `start_h` and `arrive_h` on the way.
    """

    __slots__ = (
        "arrive_h",
        "gj",
        "has_fleet",
        "haul",
        "km",
        "mix",
        "name",
        "origin",
        "out_h",
        "ready_h",
        "refused_by",
        "rest_h",
        "start_h",
        "time_h",
        "to",
        "tonnes",
        "wait_h",
        "way_back_h",
    )  # fmt: skip

    start_h: float
    arrive_h: float
    ready_h: float
    out_h: float
    wait_h: float
    rest_h: float

    def __init__(
        self,
        name: int,
        tonnes: float,
        mix: Mix,
        gj: float,
        origin: int,
        haul: Haul,
        km: float,
        time_h: float,
    ) -> None:
        self.name = name
        self.tonnes = tonnes
        self.mix = mix
        self.gj = gj
        self.origin = origin
        self.haul = haul
        self.to = haul.destination
        self.has_fleet = haul.fleet >= 0
        self.km = km
        self.time_h = self.way_back_h = time_h
        self.refused_by: tuple[int, ...] = ()

    def add_to(self, tonnes_of: dict[int, float]) -> None:
        """Add what it carries to tonnes by commodity number.  [t]"""
        for k, share in self.mix:
            tonnes_of[k] = tonnes_of.get(k, 0.0) + share * self.tonnes
