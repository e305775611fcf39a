"""Collection centres and outlets."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import Protocol

from wasteplan.sim.bins import WaitingBin, sharings
from wasteplan.sim.case import CentreCase, Commodity, OutletCase
from wasteplan.sim.load import Load
from wasteplan.sim.log import CENTRE_FULL, OUTLET_FULL, TIPPED
from wasteplan.sim.plant import ROOM, Surroundings
from wasteplan.sim.queueing import Servers


class Shipper(Surroundings, Protocol):
    """The world as a centre sees it."""

    def ship(self, ready_h: float, load: Load, gone: Callable[[float], None]) -> None:
        """Haul a bulk load; `gone` is told when it leaves."""


def _log_tipped(world: Surroundings, number: int, now_h: float, load: Load) -> None:
    """A load is emptied at once; the truck leaves after unloading."""
    left = now_h + load.haul.unload_h
    world.log.append(
        (
            load.origin, number, load.name, load.haul.vehicle, TIPPED,
            len(load.refused_by), load.tonnes, 2.0 * load.km, load.start_h, now_h,
            now_h, left, 0.0,
        )
    )  # fmt: skip
    if load.has_fleet:
        world.release(left, load)


class Centre:
    """Takes loads while there is room, fills bulk trucks, one at a time.

    Attributes
    ----------
    stock_t, stock_max_t
        Content with what waits for a truck; its maximum.  [t]
    received_t, hauled_t, refused_t
        Taken in; put onto bulk trucks; turned away, by cause.  [t]
    unbaled_t
        Waits for the baler or is in it.  [t]
    area
        Integral of the stock over time.  [t h]
    """

    def __init__(
        self,
        world: Shipper,
        number: int,
        case: CentreCase,
        names: dict[str, int],
        commodities: Sequence[Commodity],
    ) -> None:
        self.world, self.number, self.case = world, number, case
        self.bins = [
            WaitingBin(b, names[b.name], number, commodities) for b in case.bins
        ]
        self._sharings = sharings(self.bins)
        self._is_impatient = any(b.is_impatient for b in self.bins)
        self._loader, self._baler = Servers(1), Servers(1)
        self._bales = not math.isinf(case.baler_t_per_h)
        self.unbaled_t = 0.0
        self._leaving: list[tuple[float, float]] = []  # time and tonnes
        self.stock_t = self.stock_max_t = self.area = self._time = 0.0
        self.received_t = self.hauled_t = 0.0
        self.refused_t: dict[int, float] = {}

    def settle(self, now_h: float) -> None:
        """Take out the bulk loads that have left by now."""
        while self._leaving and self._leaving[0][0] <= now_h:
            when, tonnes = heappop(self._leaving)
            self._pass_time(when)
            self.stock_t -= tonnes
        self._pass_time(now_h)

    def _pass_time(self, now_h: float) -> None:
        if now_h > self._time:
            self.area += self.stock_t * (now_h - self._time)
            self._time = now_h

    def arrive(self, now_h: float, load: Load) -> None:
        """A truck comes with waste."""
        self.settle(now_h)
        load.arrive_h = now_h
        if self.stock_t + load.tonnes > self.case.storage_t + ROOM:
            found = self.refused_t.get(CENTRE_FULL, 0.0)
            self.refused_t[CENTRE_FULL] = found + load.tonnes
            self.world.refuse(now_h, self.number, load, CENTRE_FULL)
            return
        self.stock_t += load.tonnes
        self.stock_max_t = max(self.stock_max_t, self.stock_t)
        self.received_t += load.tonnes
        _log_tipped(self.world, self.number, now_h, load)
        if not self._bales:
            self._keep(now_h, load)
            return
        self.unbaled_t += load.tonnes
        hours = load.tonnes / self.case.baler_t_per_h
        baled = self._baler.serve(now_h, hours) + hours
        self.world.call_at(baled, self._bale, load)

    def _bale(self, now_h: float, load: Load) -> None:
        """A load has been baled."""
        self.settle(now_h)
        self.unbaled_t = max(self.unbaled_t - load.tonnes, 0.0)
        self._keep(now_h, load)

    def _keep(self, now_h: float, load: Load) -> None:
        """Put a load into the bins; what fills a bulk truck is loaded."""
        sharing = self._sharings[load.name]
        for k, part in load.mix:
            tonnes = {k: part * load.tonnes}
            for b, share in zip(sharing.bins, sharing.of(tonnes), strict=True):
                if share:
                    b.add(tonnes, share)
        self._send_from(now_h, self.bins if self._is_impatient else sharing.bins)

    def send(self, now_h: float) -> None:
        """Load the bulk trucks that are full, or whose waste has waited too long."""
        self._send_from(now_h, self.bins)

    def _send_from(self, now_h: float, bins: Iterable[WaitingBin]) -> None:
        for b in bins:
            for bulk in b.loads(now_h):
                self._load_truck(now_h, bulk)

    def _load_truck(self, now_h: float, bulk: Load) -> None:
        self.hauled_t += bulk.tonnes
        hours = bulk.tonnes / self.case.loads_t_per_h
        ready = self._loader.serve(now_h, hours) + hours
        self.world.ship(
            ready, bulk, lambda when: heappush(self._leaving, (when, bulk.tonnes))
        )


class OutletGate:
    """Takes what it can sell or bury; it lies across the boundary.

    Attributes
    ----------
    received_t, refused_t
        Taken; turned away, by cause.  [t]
    received_of_t
        Taken, by commodity number.  [t]
    room_t
        Taken at most, counted from the start of the run.  [t]
    """

    def __init__(self, world: Surroundings, number: int, case: OutletCase) -> None:
        self.world, self.number, self.case = world, number, case
        self.received_t = 0.0
        self.received_of_t: dict[int, float] = {}
        self.refused_t: dict[int, float] = {}
        self.room_t = math.inf

    def begin_year(self) -> None:
        """The limit holds from now on."""
        self.room_t = self.received_t + self.case.limit_t

    def arrive(self, now_h: float, load: Load) -> None:
        """A truck delivers."""
        load.arrive_h = now_h
        if self.received_t + load.tonnes > self.room_t * (1 + ROOM) + ROOM:
            found = self.refused_t.get(OUTLET_FULL, 0.0)
            self.refused_t[OUTLET_FULL] = found + load.tonnes
            self.world.refuse(now_h, self.number, load, OUTLET_FULL)
            return
        self.received_t += load.tonnes
        load.add_to(self.received_of_t)
        _log_tipped(self.world, self.number, now_h, load)
