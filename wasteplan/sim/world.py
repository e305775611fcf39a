"""One replication of a case: the places, the trucks between them, the clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any

import numpy as np
import simpy
from simpy.events import ProcessGenerator

from wasteplan.plan.records import RAW
from wasteplan.sim.calendar import ALWAYS, Hours
from wasteplan.sim.case import EMERGENCY, Case, CentreCase, Group, PlantCase
from wasteplan.sim.centre import Centre, OutletGate
from wasteplan.sim.chance import chance
from wasteplan.sim.collection import Collected, collect
from wasteplan.sim.crews import Crews
from wasteplan.sim.fleet import Action, Fleet, latest_start
from wasteplan.sim.line_log import FORCED, PLANNED, LineStop, noted
from wasteplan.sim.load import Load
from wasteplan.sim.log import UNTREATED, TripLog
from wasteplan.sim.overflow import Cascade
from wasteplan.sim.plant import Plant
from wasteplan.sim.readiness import ready_hours
from wasteplan.sim.stops import start_lines
from wasteplan.sim.timetable import Arrivals
from wasteplan.units import HOURS_PER_DAY

BLOCK = 8192  # loads of generators made into objects at a time

AnyPlace = Plant | Centre | OutletGate


class World:
    """All that moves in a case.

    Parameters
    ----------
    case
        What is simulated.
    seed, replication
        Chance: the same two give the same run to the last digit.

    Attributes
    ----------
    untreated_t
        Loads for which no place was left.  [t]
    handed_over_t, not_yet_t
        Loads of waste that trucks have asked for or brought; loads whose day lies
        beyond the end.  [t]
    handed_of_t, untreated_of_t
        Handed over, and without a place, by commodity number.  [t]
    stocks
        (day, place, content) at the end of every day.  [t]
    idle
        (day, place, hours so far with nothing in the bunker), likewise.  [h]
    stops
        (time, place, line, cause, whether it stops) of every outage.  [h]
    """

    def __init__(self, case: Case, seed: int, replication: int) -> None:
        self.case, self.seed, self.replication = case, seed, replication
        self.env = simpy.Environment()
        self.log = TripLog()
        self.end_h = case.days_in_all * HOURS_PER_DAY
        self.names = {n: i for i, n in enumerate(_names(case))}
        self.origins = [*(p.id for p in case.places), *(g.origin for g in case.groups)]
        self.origins.append(EMERGENCY)
        self.emergency = len(self.origins) - 1
        self.places = [self._place(i) for i in range(len(case.places))]
        self.plants = {i: p for i, p in enumerate(self.places) if isinstance(p, Plant)}
        self.cascade = Cascade(self.plants, case.km, case.time_h)
        self.arrivals = [Arrivals(self.gate_hours(i)) for i in range(len(case.places))]
        self.fleets = [
            Fleet(f, self.gate_hours, self._leave, self.call_at) for f in case.fleets
        ]
        self._resting = {i for i, f in enumerate(case.fleets) if f.pause is not None}
        self.collected: Collected = collect(case, seed, replication)
        self.untreated_t = self.untreated_raw_t = 0.0
        self.handed_over_t = self.not_yet_t = 0.0
        self.handed_of_t = [0.0] * len(case.commodities)
        self.untreated_of_t: dict[int, float] = {}
        self.stocks: list[tuple[int, int, float]] = []
        self.idle: list[tuple[int, int, float]] = []
        self.stops: list[LineStop] = []
        self.on_day: Callable[[int], None] | None = None
        self._agenda: list[tuple[float, int, Action, Any]] = []
        self._gates: list[Action] = [p.arrive for p in self.places]
        self._order = 0
        self.crews: dict[int, Crews | None] = {}
        self._gone: dict[int, Callable[[float], None]] = {}
        self._spread: dict[tuple[int, int, int], np.random.Generator] = {}

    # Setting up -------------------------------------------------------------------

    def _place(self, number: int) -> AnyPlace:
        case = self.case.places[number]
        commodities = self.case.commodities
        if isinstance(case, PlantCase):
            return Plant(
                self, number, case, self.names, commodities, self.seed, self.replication
            )
        if isinstance(case, CentreCase):
            return Centre(self, number, case, self.names, commodities)
        return OutletGate(self, number, case)

    def gate_hours(self, place: int) -> Hours:
        """Opening hours of a place."""
        case = self.case.places[place]
        return case.hours if isinstance(case, PlantCase) else ALWAYS

    def run(self, after_warm_up: Callable[[], None]) -> None:
        """Run from start to end; the call comes once, when the warm-up is over."""
        env = self.env
        for plant in self.plants.values():
            self._start_lines(plant)
        env.process(self._days(after_warm_up))
        env.process(self._traffic())
        env.run(until=self.end_h)
        self._midnight(self.case.days_in_all)
        self.settle(self.end_h)

    def end(self) -> None:
        """Give all memory back; nothing can be asked any more.

        Places, trucks and the clock know each other, so it would otherwise be kept
        until the garbage collector comes, which large arrays do not call.
        """
        self.__dict__.clear()

    def settle(self, now_h: float) -> None:
        """Bring every place up to date."""
        for place in self.places:
            if isinstance(place, Plant):
                place.settle(now_h)
                place.lines.settle(now_h)
            elif isinstance(place, Centre):
                place.settle(now_h)

    def _start_lines(self, plant: Plant) -> None:
        self.crews[plant.number] = start_lines(
            self.env,
            plant.case,
            noted(plant, FORCED, self.stops),
            noted(plant, PLANNED, self.stops),
            self.case.warm_up_d * HOURS_PER_DAY,
            self.seed,
            self.replication,
        )

    # Trucks -----------------------------------------------------------------------

    def _traffic(self) -> ProcessGenerator:
        """Everything that trucks do, in order of time.

        Between two events of lines, days and shifts it needs no event at all.
        """
        env, agenda, requests = self.env, self._agenda, self._requests()
        never = (math.inf, None)
        asked, load = next(requests, never)
        while True:
            limit = env.peek()
            while True:
                if agenda and agenda[0][0] < asked:
                    if agenda[0][0] > limit:
                        break
                    when, _, what, moving = heappop(agenda)
                    what(when, moving)
                else:
                    if load is None or asked > limit:
                        break
                    self._hand_over(asked, load)
                    asked, load = next(requests, never)
            yield env.timeout(limit - env.now)

    def _hand_over(self, now_h: float, load: Load) -> None:
        """A generator's load asks for a truck, or comes to its first destination."""
        self.handed_over_t += load.tonnes
        self.handed_of_t[load.mix[0][0]] += load.tonnes  # of one commodity
        if load.has_fleet:
            self.fleets[load.haul.fleet].request(now_h, load)
        else:
            load.start_h = now_h - load.time_h
            self.places[load.to].arrive(now_h, load)

    def _requests(self) -> Iterator[tuple[float, Load | None]]:
        """Loads of generators in order of time: arrivals, or calls for a truck."""
        loads, case = self.collected.loads, self.case
        heat = [c.lhv_gj_per_t for c in case.commodities]
        when = np.empty(len(loads.day))
        spread = np.empty(len(loads.day))
        bounds = np.searchsorted(loads.group, np.arange(len(case.groups) + 1))
        for g, group in enumerate(case.groups):
            part = slice(bounds[g], bounds[g + 1])
            key = f"{group.origin}>{group.haul.destination}>{group.commodity}"
            key += f">{group.by_hour}" if group.by_hour else ""
            rng = chance(self.seed, self.replication, key, "dispatch")
            spread[part] = rng.random(bounds[g + 1] - bounds[g])
            when[part] = self._when(group, loads.day[part], spread[part])
        inside = when < self.end_h
        order = np.lexsort((loads.group, spread, when))
        order = order[inside[order]]
        self.not_yet_t = float(loads.tonnes[~inside].sum())
        hauls = [g.haul for g in case.groups]
        heats = np.array([heat[g.commodity] for g in case.groups])
        mixes = [((g.commodity, 1.0),) for g in case.groups]
        names = [self.names[case.commodities[g.commodity].name] for g in case.groups]
        for start in range(0, len(order), BLOCK):
            rows = order[start : start + BLOCK]
            groups = loads.group[rows]
            tonnes = loads.tonnes[rows]
            made = map(
                Load,
                map(names.__getitem__, groups.tolist()),
                tonnes.tolist(),
                map(mixes.__getitem__, groups.tolist()),
                (tonnes * heats[groups]).tolist(),
                (groups + len(case.places)).tolist(),
                map(hauls.__getitem__, groups.tolist()),
                loads.km[rows].tolist(),
                loads.time_h[rows].tolist(),
            )
            yield from zip(when[rows].tolist(), made, strict=True)

    def _when(self, group: Group, days: np.ndarray, spread: np.ndarray) -> np.ndarray:
        """Arrivals at the gate, or when loads ask for a truck; shape (n,).  [h]

        Stops of a shift are ready at hours spread over those at which a trip may start,
        unless a profile tells the hours: then a load waits from then on.
        """
        haul, arrivals = group.haul, self.arrivals[group.haul.destination]
        if group.by_hour:
            ready = ready_hours(spread, group.by_hour)
            if haul.fleet < 0:
                return arrivals.waiting(days, ready)
            return np.asarray(days * HOURS_PER_DAY + ready)
        if haul.fleet < 0:
            return arrivals.times(days, spread)
        hours = self.case.fleets[haul.fleet].hours
        latest = latest_start(hours, self.gate_hours(haul.destination), haul)
        begin = hours.next_open_days(days) * HOURS_PER_DAY + hours.opens_h
        return np.asarray(begin + spread * latest)

    def _leave(self, now_h: float, load: Load) -> None:
        """A truck of a fleet sets out: it loads, drives, arrives."""
        load.start_h = now_h + load.haul.load_h
        if self._gone:
            gone = self._gone.pop(id(load), None)
            if gone is not None:
                gone(load.start_h)
        arrival = load.start_h + load.time_h
        if load.haul.fleet in self._resting:
            arrival = self.fleets[load.haul.fleet].rested(now_h, arrival, load)
        self._order += 1
        heappush(self._agenda, (arrival, self._order, self._gates[load.to], load))

    def _arrive_at(self, when_h: float, load: Load) -> None:
        self._order += 1
        heappush(self._agenda, (when_h, self._order, self._gates[load.to], load))

    def on_the_road_t(self) -> float:
        """In trucks that will arrive, or are being loaded at a centre.  [t]"""
        moving = (*self._gates, self._ask)
        return sum(e[3].tonnes for e in self._agenda if e[3] and e[2] in moving)

    def call_at(self, when_h: float, what: Action, load: Any) -> None:
        """Call something at a time."""
        self._order += 1
        heappush(self._agenda, (when_h, self._order, what, load))

    def release(self, left_h: float, load: Load) -> None:
        """An empty truck of a fleet goes home."""
        self.fleets[load.haul.fleet].back(left_h, load)

    def ship(self, ready_h: float, load: Load, gone: Callable[[float], None]) -> None:
        """Haul a bulk load of a centre as soon as it is ready and the gate is open."""
        if load.has_fleet:
            self._gone[id(load)] = gone
            self.call_at(ready_h, self._ask, load)
            return
        arrival = self.gate_hours(load.to).next_open(ready_h + load.time_h)
        load.start_h = arrival - load.time_h
        gone(load.start_h)
        self._arrive_at(arrival, load)

    def _ask(self, now_h: float, load: Load) -> None:
        self.fleets[load.haul.fleet].request(now_h, load)

    def refuse(self, now_h: float, place: int, load: Load, cause: int) -> None:
        """A place turns a load away; it tries the next one, or is lost to treatment."""
        self.log.append(
            (
                load.origin, place, load.name, load.haul.vehicle, cause,
                len(load.refused_by), load.tonnes, 2.0 * load.km, load.start_h,
                load.arrive_h, now_h, now_h, 0.0,
            )
        )  # fmt: skip
        load.refused_by = (*load.refused_by, place)
        onward = self.cascade.next_place(now_h, load, place)
        load.origin, load.start_h = place, now_h
        if onward is None:
            self._give_up(now_h, load)
            return
        load.to = onward
        load.km = float(self.case.km[place, onward])
        load.time_h = float(self.case.time_h[place, onward])
        load.way_back_h += load.time_h
        self._arrive_at(now_h + load.time_h, load)

    def _give_up(self, now_h: float, load: Load) -> None:
        self.untreated_t += load.tonnes
        load.add_to(self.untreated_of_t)
        if self.case.commodities[load.mix[0][0]].product == RAW:
            self.untreated_raw_t += load.tonnes
        self.log.append(
            (
                load.origin, self.emergency, load.name, load.haul.vehicle, UNTREATED,
                len(load.refused_by), load.tonnes, 0.0, now_h, now_h, now_h, now_h, 0.0,
            )
        )  # fmt: skip
        if load.has_fleet:
            self.release(now_h, load)

    # Days -------------------------------------------------------------------------

    def _days(self, after_warm_up: Callable[[], None]) -> ProcessGenerator:
        """The midnights of a run; the last one comes after the end."""
        for day in range(self.case.days_in_all):
            if day > 0:
                yield self.env.timeout(day * HOURS_PER_DAY - self.env.now)
                self._midnight(day)
            if day == self.case.warm_up_d:
                self.settle(self.env.now)
                self._begin_year()
                after_warm_up()

    def _begin_year(self) -> None:
        """Limits of the year hold from here on."""
        for place in self.places:
            if isinstance(place, Plant | OutletGate):
                place.begin_year()

    def _midnight(self, days_gone: int) -> None:
        """Outputs of the day go into bins and onto trucks; stocks are noted.

        What the day has written is packed, so that a log of years stays small.
        """
        now = days_gone * HOURS_PER_DAY
        if self.on_day is not None:
            self.on_day(days_gone)
        for number, place in enumerate(self.places):
            if isinstance(place, Plant):
                for load in place.make_products(now):
                    self._haul_product(now, place, load)
                if not place.case.is_disposal:
                    self.stocks.append((days_gone, number, place.bunker.level))
                    self.idle.append((days_gone, number, place.bunker.empty_h))
            elif isinstance(place, Centre):
                place.settle(now)
                place.send(now)
                self.stocks.append((days_gone, number, place.stock_t))
        self.log.pack()
        for fleet in self.fleets:
            fleet.noted.pack()

    def _haul_product(self, now_h: float, plant: Plant, load: Load) -> None:
        """A load of an output leaves a plant on the day after it was made."""
        if load.has_fleet:
            self.fleets[load.haul.fleet].request(now_h, load)
            return
        key = (plant.number, load.name, load.to)
        if key not in self._spread:
            name = f"{plant.case.id}>{self.case.places[load.to].id}>{load.name}"
            self._spread[key] = chance(self.seed, self.replication, name, "dispatch")
        earliest = now_h + load.haul.load_h + load.time_h
        spread = float(self._spread[key].random())
        arrival = self.arrivals[load.to].after(earliest, spread)
        load.start_h = arrival - load.time_h
        self._arrive_at(arrival, load)


def _names(case: Case) -> list[str]:
    """Names of all streams and products, in a fixed order."""
    return sorted({c.name for c in case.commodities})
