"""What one replication says: indicators from the log and the books of its window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from wasteplan.sim.audit import Audit, check
from wasteplan.sim.books import Books, write_books
from wasteplan.sim.case import Case, CentreCase, OutletCase, PlantCase
from wasteplan.sim.fleet_measures import fleet_measures
from wasteplan.sim.indicator_names import KPIS, PLANT_MEASURES
from wasteplan.sim.line_log import Outage, outages_between
from wasteplan.sim.log import OUTCOMES, REFUSALS, TIPPED, Trips
from wasteplan.sim.origins import Diverted, Scope, diverted_by_scope
from wasteplan.sim.plant_measures import line_measures
from wasteplan.sim.world import World
from wasteplan.units import DAYS_PER_YEAR, HOURS_PER_DAY

MINUTES_PER_H = 60.0
__all__ = ["KPIS", "PLANT_MEASURES", "Replication", "Window", "replicate"]


@dataclass(frozen=True)
class Replication:
    """Indicators of one replication; log and stocks only if they were asked for."""

    kpis: dict[str, float]
    plants: dict[str, dict[str, float]]
    content_t: np.ndarray
    """In all bunkers and centres at the end of every day, warm-up included.  [t]"""
    trips: Trips | None = None
    origins: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    stocks: tuple[tuple[int, int, float], ...] = ()
    fleets: dict[str, dict[str, float]] = field(default_factory=dict)
    by_hour: dict[str, tuple[float, ...]] = field(default_factory=dict)
    idle: tuple[tuple[int, int, float], ...] = ()
    outages: tuple[Outage, ...] = ()
    diverted: dict[Scope, Diverted] = field(default_factory=dict)


def replicate(
    case: Case,
    seed: int,
    replication: int,
    *,
    keep: bool,
    on_day: Callable[[int], None] | None = None,
) -> Replication:
    """Run one replication, audit it, measure it.

    Raises
    ------
    AuditError
        If the run breaks a law.
    """
    world = World(case, seed, replication)
    world.on_day = on_day
    before: list[Books] = []

    def after_warm_up() -> None:
        before.append(write_books(world, case.warm_up_d * HOURS_PER_DAY))

    world.run(after_warm_up)
    trips = world.log.trips()
    world.log.forget()
    books = write_books(world, world.end_h)
    check(Audit(case, books, trips))
    window = Window(case, before[0], books, trips, world)
    found = Replication(
        kpis=window.kpis(),
        plants=window.plants(),
        content_t=content_by_day(world),
        fleets=window.fleets,
        by_hour=window.by_hour(),
        diverted=diverted_by_scope(before[0].origins, books.origins),
        trips=window.trips if keep else None,
        origins=tuple(world.origins),
        names=tuple(world.names),
        stocks=tuple(world.stocks) if keep else (),
        idle=tuple(world.idle) if keep else (),
        outages=tuple(
            outages_between(world.stops, case.warm_up_d * HOURS_PER_DAY, world.end_h)
        )
        if keep
        else (),
    )
    world.end()
    return found


def content_by_day(world: World) -> np.ndarray:
    """What lies in all bunkers and centres at the end of every day.  [t]"""
    content = np.zeros(world.case.days_in_all)
    for day, _, tonnes in world.stocks:
        content[day - 1] += tonnes
    return content


class Window:
    """The measured days of a replication."""

    def __init__(
        self, case: Case, before: Books, after: Books, trips: Trips, world: World
    ) -> None:
        self.case, self.before, self.after = case, before, after
        self.hours = after.now_h - before.now_h
        self.per_year = DAYS_PER_YEAR / case.days
        self.trips = trips.between(before.now_h, after.now_h)
        self.names = list(world.names)
        self.fleets = {
            f.case.id: fleet_measures(f, before.now_h, after.now_h)
            for f in world.fleets
        }

    def _rise(self, name: str) -> float:
        """Increase of a counter of the whole run, per year."""
        change = getattr(self.after, name) - getattr(self.before, name)
        return float(change) * self.per_year

    def _place(self, i: int, name: str) -> float:
        """Increase of a counter of a place."""
        return float(
            getattr(self.after.places[i], name) - getattr(self.before.places[i], name)
        )

    def kpis(self) -> dict[str, float]:
        """System indicators, by id."""
        generated = self._rise("generated")
        leaked, overflow = self._rise("lost"), self._rise("overflow")
        untreated = self._rise("untreated") + self._sum("unrouted")
        uncollected = max(self._rise("waiting_for_trucks"), 0.0)
        landfilled = self._buried()
        backlog = max(self._backlog(), 0.0)
        away = landfilled + leaked + uncollected + backlog + untreated
        away += self._outlets("leakage")
        turned = self._turned_away()
        waits = self._waits(self._gated())
        t = self.trips
        return {
            "landfill_diversion_rate": 1 - away / generated if generated else math.nan,
            "generated_t": generated,
            "landfilled_t": landfilled,
            "leaked_t": leaked,
            "container_overflow_t": overflow,
            "turned_away_t": turned[0],
            "turned_away_share": turned[1],
            "uncollected_t": uncollected,
            "backlog_t": backlog,
            "untreated_t": untreated,
            "treated_t": self._treated(),
            "trips_per_y": float((t["attempt"] == 0).sum()) * self.per_year,
            "truck_km_per_y": float(t["truck_km"].sum()) * self.per_year,
            "gate_wait_mean_min": waits[0],
            "gate_wait_95_min": waits[1],
            "bunker_days_mean": self._bunker_days(),
            "utilisation": self._weighted("utilisation"),
            "availability": self._weighted("availability"),
            "electricity_mwh_per_y": self._sum("electricity"),
            "waiting_for_trucks_t": self.after.waiting_for_trucks,
            "fleet_use": self._fleet_use(),
            **self._further(waits[2]),
        }

    def _further(self, longest_min: float) -> dict[str, float]:
        """Indicators of fleets, causes, lines, stores and landfills together."""
        t, plants = self.trips, self.plants()
        fleets = [self.fleets[f.id] for f in self.case.fleets]
        asked = sum(f["asked"] for f in fleets)
        late = sum(f["missed_pickups_per_y"] for f in fleets) / self.per_year

        def known(name: str) -> list[float]:
            return [v for p in plants.values() if not math.isnan(v := p[name])]

        return {
            "informal_t": self._rise("recycled"),
            **{
                f"turned_away_{OUTCOMES[c]}_t": sum(known(f"{OUTCOMES[c]}_t_per_y"))
                for c in REFUSALS
            },
            "gate_wait_max_min": longest_min,
            "t_km_per_y": float((t["tonnes"] * t["truck_km"]).sum())
            / 2.0
            * self.per_year,
            "missed_pickups_per_y": late * self.per_year,
            "service_level": 1.0 - late / asked if asked else math.nan,
            "availability_of_tonnes": self._weighted("availability_of_tonnes"),
            "capacity_factor": self._weighted("capacity_factor"),
            "expired_t": sum(known("expired_t_per_y")),
            "airspace_years": min(known("airspace_years"), default=math.nan),
        }

    @cached_property
    def _plants(self) -> dict[str, dict[str, float]]:
        found = {}
        for i, case in enumerate(self.case.places):
            if isinstance(case, OutletCase):
                continue
            book = self.after.places[i]
            refused = self.before.places[i].refused
            waits = self._waits([i])
            found[case.id] = {
                "received_t_per_y": self._place(i, "received") * self.per_year,
                "treated_t_per_y": self._place(i, "treated") * self.per_year,
                **{
                    f"{OUTCOMES[c]}_t_per_y": self.per_year
                    * (book.refused.get(c, 0.0) - refused.get(c, 0.0))
                    for c in REFUSALS
                },
                "utilisation": self._use(i),
                "availability": self._availability(i),
                "empty_share": self._place(i, "empty_h") / self.hours
                if isinstance(case, PlantCase) and case.ratings
                else math.nan,
                "stock_mean_t": self._stock(i),
                "stock_max_t": math.nan if _buries(case) else book.stock_max,
                "wait_mean_min": waits[0],
                "wait_95_min": waits[1],
                "wait_max_min": waits[2],
                "electricity_mwh_per_y": self._place(i, "electricity") * self.per_year,
                **line_measures(case, self.before.places[i], book, self.hours),
            }
        return found

    def plants(self) -> dict[str, dict[str, float]]:
        """Indicators of every plant and centre, by place."""
        return self._plants

    def by_hour(self) -> dict[str, tuple[float, ...]]:
        """Net power export by hour of the day of plants that make or need it.  [MW]

        The electricity of the measured days, shared by what was burnt in each hour.
        """
        found = {}
        for i, after in enumerate(self.after.places):
            if after.burnt_by_hour:
                earlier = self.before.places[i].burnt_by_hour
                burnt = np.array(after.burnt_by_hour) - np.array(earlier)
                total = float(burnt.sum())
                if total > 0:
                    mwh = self._place(i, "electricity") * burnt / total
                    days = self.hours / HOURS_PER_DAY
                    found[after.place] = tuple((mwh / days).tolist())
        return found

    # Parts --------------------------------------------------------------------------

    def _sum(self, name: str) -> float:
        """Increase of a counter over all places, per year."""
        n = len(self.case.places)
        return sum(self._place(i, name) for i in range(n)) * self.per_year

    def _outlets(self, counts_as: str) -> float:
        """Delivered to outlets that count as something.  [t/y]"""
        return self.per_year * sum(
            self._place(i, "received")
            for i, c in enumerate(self.case.places)
            if isinstance(c, OutletCase) and c.counts_as == counts_as
        )

    def _buried(self) -> float:
        """Waste and residues to landfill, at home and across the boundary.  [t/y]"""
        at_home = sum(
            self._place(i, "received")
            for i, c in enumerate(self.case.places)
            if _buries(c)
        )
        return at_home * self.per_year + self._outlets("landfill")

    def _backlog(self) -> float:
        """Rise of what is under way or lies untreated at plants and centres.  [t/y]

        It may be burnt or buried one day; until then it is not diverted. What waits
        in containers or for a full load is left out: a cycle or a load bounds it. Of
        a centre's stock, loads that are full count with those on trucks.
        """
        on_trucks = self._rise("moving") - self._rise("waiting_for_trucks")
        lying = sum(
            self._place(i, "binned" if isinstance(c, CentreCase) else "stock")
            for i, c in enumerate(self.case.places)
            if not (_buries(c) or isinstance(c, OutletCase))
        )
        return on_trucks + lying * self.per_year

    def _treated(self) -> float:
        return self.per_year * sum(
            self._place(i, "treated")
            for i, c in enumerate(self.case.places)
            if not _buries(c)
        )

    def _turned_away(self) -> tuple[float, float]:
        """Tonnes a year refused where they came first, and their share.  [t/y], [-]"""
        t = self.trips
        first = t["attempt"] == 0
        refused = first & np.isin(t["outcome"], REFUSALS)
        tonnes = float(t["tonnes"][refused].sum())
        everything = float(t["tonnes"][first].sum())
        return tonnes * self.per_year, tonnes / everything if everything else math.nan

    def _gated(self) -> list[int]:
        """Places with bridges or bays."""
        return [
            i
            for i, c in enumerate(self.case.places)
            if isinstance(c, PlantCase)
            and (c.gate.bays or c.gate.bridges_in or c.gate.bridges_out is not None)
        ]

    def _waits(self, places: list[int]) -> tuple[float, float, float]:
        """Mean, 95th percentile and longest wait of trucks that tipped.  [min]"""
        t = self.trips
        mine = np.isin(t["destination"], places) & (t["outcome"] == TIPPED)
        wait = t["wait_h"][mine] * MINUTES_PER_H
        if not len(wait):
            return math.nan, math.nan, math.nan
        return float(wait.mean()), float(np.percentile(wait, 95)), float(wait.max())

    def _lined(self) -> list[tuple[int, PlantCase]]:
        """Plants with lines."""
        places = enumerate(self.case.places)
        return [(i, c) for i, c in places if isinstance(c, PlantCase) and c.ratings]

    def _use(self, i: int) -> float:
        mass = self._place(i, "mass_limit")
        if mass <= 0:
            return math.nan
        shares = [self._place(i, "treated") / mass]
        heat = self._place(i, "heat_limit")
        if 0 < heat < math.inf:
            shares.append(self._place(i, "heat_taken") / heat)
        return max(s for s in shares if not math.isnan(s))

    def _availability(self, i: int) -> float:
        case = self.case.places[i]
        if not isinstance(case, PlantCase) or not case.ratings:
            return math.nan
        up = self._place(i, "line_up_h") / (self.hours * len(case.ratings))
        return up * case.derating

    def _weighted(self, what: str) -> float:
        """Mean over plants with lines, by nameplate capacity.  [-]"""
        lined = self._lined()
        total = sum(c.nameplate_t_per_h for _, c in lined)
        if not total:
            return math.nan
        own = {"utilisation": self._use, "availability": self._availability}

        def of(i: int, c: PlantCase) -> float:
            if what in own:
                return own[what](i)
            books = (self.before.places[i], self.after.places[i])
            return line_measures(c, *books, self.hours)[what]

        parts = [of(i, c) * c.nameplate_t_per_h for i, c in lined]
        return sum(p for p in parts if not math.isnan(p)) / total

    def _stock(self, i: int) -> float:
        if _buries(self.case.places[i]):
            return math.nan
        return self._place(i, "stock_area") / self.hours

    def _bunker_days(self) -> float:
        """Content of all bunkers in days of full throughput.  [d]"""
        lined = self._lined()
        daily = sum(c.nameplate_t_per_h * HOURS_PER_DAY for _, c in lined)
        if not daily:
            return math.nan
        return sum(self._stock(i) for i, _ in lined) / daily

    def _fleet_use(self) -> float:
        trucks = self.after.fleet_trucks
        if not trucks:
            return math.nan
        busy = self.after.fleet_busy_h - self.before.fleet_busy_h
        return busy / (trucks * self.hours)


def _buries(case: PlantCase | CentreCase | OutletCase) -> bool:
    return isinstance(case, PlantCase) and case.is_disposal
