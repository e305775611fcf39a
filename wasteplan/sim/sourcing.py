"""Where waste comes from: sources with containers, grouped into loads and rounds."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np

from wasteplan.errors import PlanError
from wasteplan.network.haulage import Container
from wasteplan.scenario.derived import material, tonnage
from wasteplan.scenario.hauls import is_effluent
from wasteplan.scenario.measures import NO_MEASURES, Regime, leakage_under
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation, Period
from wasteplan.scenario.setting_out import Part, SetOut, set_out
from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import daily_factors, first_day
from wasteplan.sim.case import Group, Haul, Member, Source
from wasteplan.sim.commodities import Catalogue
from wasteplan.sim.number_rows import NumberRows
from wasteplan.sim.routing import Routing
from wasteplan.sim.sludge import sludge_of
from wasteplan.sim.ways import Ways, no_way
from wasteplan.units import DAYS_PER_YEAR, KG_PER_T

FLAT = ""  # the profile of a source without one

Key = tuple[object, ...]
ByHour = tuple[float, ...]
"""Factors of the 24 hours of the day; empty: they make no difference."""


@dataclass(frozen=True, slots=True)
class _Own:
    """A stream at the gate of a generator, and what trades have picked of it."""

    row: Generation
    """The row that states what it comes from."""
    part: Part
    set_out_t: float
    picked_t: float

    @property
    def generated_t(self) -> float:
        """Set out and picked.  [t/y]"""
        return self.set_out_t + self.picked_t

    def with_picks(self, lost: float, recycled: float) -> tuple[float, float]:
        """Shares of what is generated: lost, and recycled before collection.  [-]"""
        left = self.set_out_t / self.generated_t
        return lost * left, recycled * left + (1.0 - left)


@dataclass
class Sourcing:
    """Collects sources and groups while walking over the generation rows."""

    scenario: Scenario
    period: Period
    book: Catalogue
    routing: Routing
    ways: Ways
    numbers: dict[str, int]
    sources: list[Source] = field(default_factory=list)
    _members: dict[Key, tuple[Haul, NumberRows]] = field(default_factory=dict)
    _groups: dict[Key, int] = field(default_factory=dict)
    _heads: list[tuple[str, int, bool, ByHour]] = field(default_factory=list)
    _rests: dict[int, int] = field(default_factory=dict)
    _regimes: dict[str, Regime] = field(default_factory=dict)
    _profiles: dict[str, int] = field(default_factory=lambda: {FLAT: 0})
    _by_hour: dict[str, ByHour] = field(default_factory=lambda: {FLAT: ()})

    def add_all(self, regimes: dict[str, Regime]) -> None:
        """Every stream that a generator sets out in the period's last year.

        Parameters
        ----------
        regimes
            Class -> measures at work in the period.
        """
        self._regimes = regimes
        latest: dict[tuple[str, str], Generation] = {}
        for row in sorted(self.scenario.generation, key=lambda r: r.year):
            latest[row.generator, row.stream] = row
        wanted: dict[str, dict[str, _Own]] = defaultdict(dict)
        for pair, row in latest.items():
            stated = tonnage(self.scenario, *pair, self.period.last_year)
            if is_effluent(self.scenario, row.stream):
                self._add_sludge(row, stated)
            elif stated > 0:
                self._sort(wanted, row, stated)
        containers = {
            (c.generator_class, c.stream): c for c in self.scenario.containers
        }
        for stream, generators in wanted.items():
            hauls = self._hauls(stream, list(generators))
            for generator, own in generators.items():
                kind = self.scenario.generator[generator].generator_class
                self._add(own, hauls, containers.get((kind, stream)))

    def _sort(
        self, wanted: dict[str, dict[str, _Own]], row: Generation, stated: float
    ) -> None:
        """What a stated stream becomes, by stream; picks belong to the stated one."""
        out = self._set_out(row)
        picked = {row.stream: stated * sum(pick.share for pick in out.picks)}
        for part in out.parts:
            own = _Own(row, part, stated * part.share, picked.get(part.stream, 0.0))
            if own.set_out_t + own.picked_t > 0:
                wanted[part.stream][row.generator] = own

    def _set_out(self, row: Generation) -> SetOut:
        """What becomes of a stated stream under the measures at work."""
        kind = self.scenario.generator[row.generator].generator_class
        regime = self._regimes.get(kind, NO_MEASURES)
        return set_out(self.scenario, kind, row.stream, row.basis, regime)

    def _hauls(self, stream: str, generators: list[str]) -> dict[tuple[str, str], Haul]:
        by_destination: dict[str, list[str]] = defaultdict(list)
        for generator in generators:
            for destination in self.routing.of_generator(generator, stream):
                by_destination[destination].append(generator)
        found: dict[tuple[str, str], Haul] = {}
        for destination, origins in by_destination.items():
            number = (self.numbers[destination], destination)
            found.update(self.ways.hauls(origins, (number,), stream))
        return found

    def _add(
        self,
        own: _Own,
        hauls: dict[tuple[str, str], Haul],
        bins: Container | None,
    ) -> None:
        row, part = own.row, own.part
        generator = self.scenario.generator[row.generator]
        lost, recycled = own.with_picks(
            *self._leaks(generator.generator_class, part.stream)
        )
        kept = max(1.0 - lost - recycled, 0.0)
        routes = self.routing.of_generator(row.generator, part.stream)
        if not routes:  # nobody collects what no route names
            lost, kept = lost + kept, 0.0
        mean = own.generated_t / DAYS_PER_YEAR
        region = generator.region if self.routing.tells_regions else ""
        commodity = self.book.raw(part.stream, region, part.material)
        members, by_hour = [], self._hours(row.profile)
        for destination, share in routes.items() if kept > 0 else ():
            way = hauls.get((row.generator, destination))
            if way is None:
                raise PlanError(no_way(row.generator, destination, part.stream))
            tonnes = mean * kept * share
            group = self._group(
                generator.id, generator.region, commodity, way, tonnes, bins, by_hour
            )
            members.append(Member(group, share, way.km, way.time_h))
        name = f"{row.generator}.{part.stream}"
        every, first, room = self._timetable(name, part.stream, mean * kept, bins)
        self.sources.append(
            Source(
                id=name,
                mean_t_per_d=mean,
                lost=lost,
                recycled=recycled,
                profile=self._profiles.setdefault(row.profile, len(self._profiles)),
                variation=bins.variation if bins else 0.0,
                container_t=room,
                every_d=every,
                first_d=first,
                members=tuple(members),
                material=self.book.commodities[commodity].origin,
            )
        )

    def _add_sludge(self, row: Generation, m3_per_y: float) -> None:
        """Sources of what the treatment of an effluent leaves behind."""
        generator = self.scenario.generator[row.generator]
        region = generator.region if self.routing.tells_regions else ""
        origin = f"{row.stream}@{region}" if region else row.stream
        effluent = material(self.scenario, row.stream)
        for own in sludge_of(
            self.scenario, self.routing, generator.id, row.stream, effluent, m3_per_y
        ):
            hazardous = self.scenario.product[own.product].is_hazardous
            commodity = self.book.add(
                own.product, own.product, origin, own.material, hazardous
            )
            mean = own.t_per_y / DAYS_PER_YEAR
            routes = self.routing.of_output(own.plant, own.product, origin)
            members = []
            for destination, share in routes.items():
                number = (self.numbers[destination], destination)
                way = self.ways.haul(own.plant, number, own.product)
                tonnes = mean * share
                group = self._group(
                    own.plant, generator.region, commodity, way, tonnes, None, ()
                )
                members.append(Member(group, share, way.km, way.time_h))
            self.sources.append(
                Source(
                    id=f"{row.generator}.{own.plant}.{own.product}",
                    mean_t_per_d=mean,
                    lost=0.0 if routes else 1.0,
                    recycled=0.0,
                    profile=self._profiles.setdefault(row.profile, len(self._profiles)),
                    variation=0.0,
                    container_t=math.inf,
                    every_d=1,
                    first_d=0,
                    members=tuple(members),
                    material=origin,
                )
            )

    def _leaks(self, kind: str, stream: str) -> tuple[float, float]:
        counts = {f.id: f.counts_as for f in self.scenario.fates}
        regime = self._regimes.get(kind, NO_MEASURES)
        shares = leakage_under(self.scenario, kind, stream, self.period.id, regime)
        lost = sum(s for f, s in shares.items() if counts[f] == "leakage")
        return lost, sum(shares.values()) - lost

    def _group(
        self,
        generator: str,
        region: str,
        commodity: int,
        way: Haul,
        tonnes_per_d: float,
        bins: Container | None,
        by_hour: ByHour,
    ) -> int:
        own = tonnes_per_d * assumptions()["own_truck_within_d"] >= way.load_t
        serviced = bins is not None
        shared = None
        if serviced or not own:
            shared = self._join(
                f"round {region}", commodity, way, tonnes_per_d, serviced, by_hour
            )
        if not own and shared is not None:
            return shared
        group = self._join(generator, commodity, way, tonnes_per_d, serviced, by_hour)
        if shared is not None:
            self._rests[group] = shared
        return group

    def _join(
        self,
        origin: str,
        commodity: int,
        way: Haul,
        tonnes_per_d: float,
        serviced: bool,
        by_hour: ByHour,
    ) -> int:
        """The number of a group, new or known, with one more member."""
        key = (
            origin, commodity, way.destination, way.vehicle, way.fleet, way.load_t,
            serviced, by_hour,
        )  # fmt: skip
        if key not in self._groups:
            self._groups[key] = len(self._groups)
            self._heads.append((origin, commodity, serviced, by_hour))
            self._members[key] = (way, NumberRows(3))
        self._members[key][1].append((tonnes_per_d, way.km, way.time_h))
        return self._groups[key]

    def _timetable(
        self, name: str, stream: str, kept_t_per_d: float, bins: Container | None
    ) -> tuple[int, int, float]:
        """Days between pickups, first of them, and room in the containers.

        There are as many containers as the mean content needs when filled to
        `fill_max`; first days are spread over generators by their names.
        """
        if bins is None:
            return 1, 0, math.inf
        every = max(1, round(bins.pickup_every_d))
        density = self.scenario.stream[stream].density_loose_kg_per_m3
        first = crc32(name.encode()) % every
        if not density:
            return every, first, math.inf
        each = bins.volume_m3 * density / KG_PER_T
        number = math.ceil(kept_t_per_d * every / (each * (bins.fill_max or 1.0)))
        return every, first, max(number, 1) * each

    def groups(self) -> tuple[Group, ...]:
        """All groups; distance and time are means over the members, by tonnes."""
        made = []
        every = zip(self._heads, self._members.values(), strict=True)
        for number, (head, (way, rows)) in enumerate(every):
            origin, commodity, serviced, by_hour = head
            weights, km, time_h = rows.table().T.copy()
            if weights.sum() <= 0:
                weights = np.ones(len(weights))
            mean_km = float(np.average(km, weights=weights))
            mean_h = float(np.average(time_h, weights=weights))
            haul = replace(way, km=mean_km, time_h=mean_h)
            rest = self._rests.get(number)
            made.append(Group(origin, commodity, haul, serviced, rest, by_hour))
        return tuple(made)

    def profiles(self, warm_up_d: int, days: int) -> np.ndarray:
        """Daily factors of every profile; shape (profiles, days in all)."""
        first = first_day(self.period.last_year, warm_up_d)
        n = warm_up_d + days
        rows = []
        for name in self._profiles:
            month, weekday, holiday = (
                self._factors(name, kind) for kind in ("month", "weekday", "holiday")
            )
            rows.append(daily_factors(month, weekday, first, n, holiday))
        return np.array(rows)

    def _factors(self, profile: str, kind: str) -> dict[int, float]:
        """Factors of one kind by index."""
        return {
            p.index: p.factor
            for p in self.scenario.profiles
            if p.profile == profile and p.kind == kind
        }

    def _hours(self, profile: str) -> ByHour:
        """Factors of the hours of the day, if the profile tells them."""
        if profile not in self._by_hour:
            found = self._factors(profile, "hour")
            self._by_hour[profile] = tuple(found[i] for i in sorted(found))
        return self._by_hour[profile]
