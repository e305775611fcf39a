"""A plant: gate, bunker and lines for treatment; only a gate for disposal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.bins import WaitingBin, sharings
from wasteplan.sim.blend import Blend
from wasteplan.sim.bunker import Bunker
from wasteplan.sim.case import Commodity, PlantCase
from wasteplan.sim.chance import Spread, chance, draws, draws_below
from wasteplan.sim.dwell_store import DwellStore
from wasteplan.sim.furnace_bunker import FurnaceBunker
from wasteplan.sim.line import FAILURE, Lines
from wasteplan.sim.load import Load
from wasteplan.sim.log import (
    AIRSPACE_FULL,
    BLEND,
    BUNKER_FULL,
    CLOSED,
    REJECTED,
    TIPPED,
    YARD_FULL,
    TripLog,
)
from wasteplan.sim.priority_gate import gate_of
from wasteplan.sim.stops import ramp_steps
from wasteplan.sim.yard import Visit
from wasteplan.units import HOURS_PER_DAY

ROOM = 1e-9  # t; a load that misses by less has room


class Surroundings(Protocol):
    """What a place asks of the world around it."""

    log: TripLog

    def refuse(self, now_h: float, place: int, load: Load, cause: int) -> None:
        """Send a load on that the place does not take."""

    def release(self, left_h: float, load: Load) -> None:
        """The truck is empty and leaves."""

    def call_at(
        self, when_h: float, what: Callable[[float, Any], None], load: Any
    ) -> None:
        """Come back at a time."""


class Plant:
    """Takes loads, treats them at the speed of its lines, fills bins with the outputs.

    Attributes
    ----------
    received_t, refused_t
        Tipped; turned away, by cause.  [t]
    released_t, kept_t, unrouted_t
        Left the solid system; stays for good; output for which no route is known.  [t]
    electricity_mwh
        Net export.  [MWh]
    """

    def __init__(
        self,
        world: Surroundings,
        number: int,
        case: PlantCase,
        names: dict[str, int],
        commodities: Sequence[Commodity],
        seed: int,
        replication: int,
    ) -> None:
        self.world, self.number, self.case = world, number, case
        self.accepts = frozenset(names[n] for n in case.accepts)
        self.lines = Lines(case.ratings)
        self._ramp = ramp_steps(case.ramp_h) if case.ramp_h else ()
        self._starts = [0] * len(case.ratings)
        self.bunker = _bunker(case, seed, replication)
        self._furnace = self.bunker if isinstance(self.bunker, FurnaceBunker) else None
        if any(case.electricity_mwh_per_t.values()) and not case.is_disposal:
            self.bunker.by_hour = [0.0] * int(HOURS_PER_DAY)
        self._tune()
        self.blend = Blend(case.blends, case.bunker_t) if case.blends else None
        self._unfit = draws_below(
            case.rejected_share, chance(seed, replication, case.id, "inspection")
        )
        self._inspects = case.rejected_share > 0
        self.room_t = math.inf
        variation = assumptions()["tip_variation"]
        tip = Spread("lognormal", 1.0, variation)
        if case.gate.bays is None:
            tip = Spread("deterministic", 1.0)

        spreads = {"weigh in": case.weigh_in, "tip": tip, "weigh out": case.weigh_out}
        weigh_in, tipping, weigh_out = (
            draws(spread, chance(seed, replication, case.id, purpose))
            for purpose, spread in spreads.items()
        )
        again = chance(seed, replication, case.id, "weigh again")
        self.gate = gate_of(case.gate, weigh_in, tipping, weigh_out, case.hours, again)
        self._wakes_h = math.inf
        self._truck_has_tipped = self.settle  # looked up once, not once a truck
        self.patience_h = assumptions()["gate_patience_h"]
        self.bins = [
            WaitingBin(b, names[b.name], number, commodities) for b in case.bins
        ]
        self._names = names
        self._sharings = sharings(self.bins)
        self._treated: dict[int, float] = {}
        self.tipping_t = self.received_t = 0.0
        self.refused_t: dict[int, float] = {}
        self.released_t = self.kept_t = self.unrouted_t = self.hauled_t = 0.0
        self.electricity_mwh = self.made_t = 0.0
        self.stranded: dict[int, float] = {}

    def settle(self, now_h: float, load: Load | None = None) -> None:
        """Empty the trucks that have tipped by now, burn until now.

        Parameters
        ----------
        load
            Of the truck that is waited for, if one is; makes no difference.
        """
        gate = self.gate
        tipping = gate.tipping
        while tipping and tipping[0][0] <= now_h:
            visit = gate.release(now_h)
            if visit is not None:
                self._tip(visit)
        if now_h > self.bunker.time:
            self.bunker.settle(now_h)

    def arrive(self, now_h: float, load: Load) -> None:
        """A truck stands before the gate."""
        tipping = self.gate.tipping
        if tipping and tipping[0][0] <= now_h:
            self.settle(now_h)
        elif now_h > self.bunker.time:
            self.bunker.settle(now_h)
        load.arrive_h = now_h
        case = self.case
        cause = 0
        if not case.is_disposal or self.room_t < math.inf:
            cause = self._refusal(now_h, load)
        if self._inspects and not cause and next(self._unfit):
            cause = REJECTED
        if cause:
            if cause == BUNKER_FULL and self._furnace is not None:
                self._furnace.restart()
            self.refused_t[cause] = self.refused_t.get(cause, 0.0) + load.tonnes
            self.world.refuse(now_h, self.number, load, cause)
            return
        if self.blend is not None:
            self.blend.take(load.mix, load.tonnes)
        self.tipping_t += load.tonnes
        tip_h = load.haul.unload_h if case.tip_h is None else case.tip_h
        gate = self.gate
        if not gate.knows_times:
            gate.admit(now_h, load, tip_h, 0 if load.has_fleet else 1)
            self._watch()
            return
        done = gate.admit(now_h, load, tip_h)
        if load.has_fleet:  # somebody waits for this truck
            self.world.call_at(done, self._truck_has_tipped, load)

    def begin_year(self) -> None:
        """The airspace stated is what is left now."""
        if self.case.m3_per_t > 0:
            taken = self.received_t + self.tipping_t
            self.room_t = taken + self.case.airspace_m3 / self.case.m3_per_t

    def _watch(self) -> None:
        """Be there at the next event of a gate that does not know its times before."""
        tipping = self.gate.tipping
        if tipping and tipping[0][0] < self._wakes_h:
            self._wakes_h = tipping[0][0]
            self.world.call_at(self._wakes_h, self._next_turn, None)

    def _next_turn(self, now_h: float, _: None) -> None:
        if now_h == self._wakes_h:  # otherwise an earlier event has come between
            self._wakes_h = math.inf
            self.settle(now_h)
            self._watch()

    def would_take(self, now_h: float, arrival_h: float, load: Load) -> bool:
        """Whether a load would be taken if it were here at `arrival_h`."""
        self.settle(now_h)
        return not self._refusal(arrival_h, load)

    def _refusal(self, now_h: float, load: Load) -> int:
        """Why a load is not taken; 0 if it is."""
        if self.case.is_disposal:
            taken = self.received_t + self.tipping_t + load.tonnes
            return AIRSPACE_FULL if taken > self.room_t + ROOM else 0
        bunker = self.bunker
        if bunker.level + self.tipping_t + load.tonnes > bunker.capacity + ROOM:
            return BUNKER_FULL
        if self.blend is not None and not self.blend.suits(load.mix, load.tonnes):
            return BLEND
        gate = self.gate
        if (
            not gate.open_from <= now_h < gate.open_until
            and gate.opens(now_h) - now_h > self.patience_h
        ):
            return CLOSED
        if gate.places is not None and not gate.has_place(now_h):
            return YARD_FULL
        return 0

    def _tip(self, visit: Visit) -> None:
        tipped_h, left_h, wait_h, load = visit
        bunker = self.bunker
        self.tipping_t -= load.tonnes
        self.received_t += load.tonnes
        bunker.tip(tipped_h, load.tonnes, load.mix, load.gj)
        if self.lines.has_heat_limit:
            self._tune()
        self.world.log.append(
            (
                load.origin, self.number, load.name, load.haul.vehicle, TIPPED,
                len(load.refused_by), load.tonnes, 2.0 * load.km, load.start_h,
                load.arrive_h, tipped_h, left_h, wait_h,
            )
        )  # fmt: skip
        if load.has_fleet:
            load.wait_h = wait_h
            self.world.release(left_h, load)

    def _tune(self) -> None:
        """Let the lines run as fast as the mix in the bunker allows."""
        bunker, lines, case = self.bunker, self.lines, self.case
        if case.is_disposal:
            return
        lhv = bunker.lhv
        bunker.outflow = speed = lines.speed(lhv)
        if self._furnace is not None and case.turn_down is not None:
            load_min = case.turn_down.load_min
            self._furnace.least = lines.least(lhv, load_min)
            lack = load_min * lines.heat_up - speed * lhv
            self._furnace.support_gj_per_h = lack if 0 < lack < math.inf else 0.0

    def switch(self, now_h: float, line: int, stops: bool, why: int = FAILURE) -> None:
        """A line stops or starts; what was burnt since the last change is settled."""
        self.settle(now_h)
        lines = self.lines
        if stops:
            lines.stop(now_h, line, why)
        else:
            lines.start(now_h, line, why)
            if self._ramp and lines.is_up(line):
                self._starts[line] += 1
                self._rise(now_h, (line, self._starts[line], 0))
        self._tune()

    def _rise(self, now_h: float, step: tuple[int, int, int]) -> None:
        """A line that has started comes one step nearer to full load."""
        line, start, number = step
        if start != self._starts[line]:  # it has stopped and started again since
            return
        self.settle(now_h)
        after, load = self._ramp[number]
        self.lines.limit(now_h, line, load)
        self._tune()
        if number + 1 < len(self._ramp):
            when = now_h - after + self._ramp[number + 1][0]
            self.world.call_at(when, self._rise, (line, start, number + 1))

    def make_products(self, now_h: float) -> list[Load]:
        """Convert what was treated since the last call; full truckloads of outputs."""
        self.settle(now_h)
        self.lines.settle(now_h)
        if self.case.is_disposal:
            return []
        outputs: dict[str, dict[int, float]] = {}
        for k, total in self.bunker.taken().items():
            treated = total - self._treated.get(k, 0.0)
            if treated > 0:
                self._treated[k] = total
                self._convert(k, treated, outputs)
        for product, parts in outputs.items():
            self._fill(product, parts)
        loads = [load for b in self.bins for load in b.loads(now_h)]
        self.hauled_t += sum(load.tonnes for load in loads)
        return loads

    def converted(self) -> dict[int, float]:
        """Tonnes turned into outputs so far, by commodity number.  [t]"""
        return dict(self._treated)

    def made_of(self) -> dict[int, float]:
        """Put out so far, by commodity number of the output.  [t]"""
        made: dict[int, float] = {}
        for k, tonnes in self._treated.items():
            for m in self.case.made[k]:
                if m.commodity is not None:
                    part = m.share * tonnes
                    made[m.commodity] = made.get(m.commodity, 0.0) + part
        return made

    def _convert(
        self, k: int, tonnes: float, outputs: dict[str, dict[int, float]]
    ) -> None:
        self.electricity_mwh += tonnes * self.case.electricity_mwh_per_t[k]
        made = self.case.made[k]
        if not made:
            self.kept_t += tonnes
        for m in made:
            part = m.share * tonnes
            if m.commodity is None:
                self.released_t += part
            else:
                self.made_t += part
                parts = outputs.setdefault(m.product, {})
                parts[m.commodity] = parts.get(m.commodity, 0.0) + part

    def _fill(self, product: str, parts: dict[int, float]) -> None:
        """Send a day's output to its bins, as the blend that it is."""
        sharing = self._sharings.get(self._names[product])
        if sharing is not None:
            for b, share in zip(sharing.bins, sharing.of(parts), strict=True):
                b.add(parts, share)
            return
        self.unrouted_t += sum(parts.values())
        for k, t in parts.items():
            self.stranded[k] = self.stranded.get(k, 0.0) + t


def _bunker(case: PlantCase, seed: int, replication: int) -> Bunker:
    """What a plant keeps its waste in."""
    if case.dwell is not None:
        rng = chance(seed, replication, case.id, "dwell")
        return DwellStore(case.bunker_t, case.dwell.time, case.dwell.limit_h, rng)
    if case.turn_down is not None:
        return FurnaceBunker(case.bunker_t, case.turn_down)
    return Bunker(case.bunker_t)
