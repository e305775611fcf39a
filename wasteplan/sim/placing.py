"""Plants, centres and outlets of a case, with what they put out and where it goes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wasteplan.network.places import Centre
from wasteplan.plan.records import RAW
from wasteplan.scenario.model import Scenario
from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import DAYS_PER_WEEK, Hours
from wasteplan.sim.case import Bin, CentreCase, PlantCase
from wasteplan.sim.chance import Spread
from wasteplan.sim.commodities import Catalogue, accepted_names
from wasteplan.sim.gate import GateShape
from wasteplan.sim.line import Rating
from wasteplan.sim.routing import Routing
from wasteplan.sim.ways import Ways
from wasteplan.treatment.records import Operation, Size, Technology
from wasteplan.units import HOURS_PER_DAY, HOURS_PER_YEAR, words

MINUTES_PER_H = 60.0


@dataclass
class Placing:
    """All that is needed to describe the places of a period."""

    scenario: Scenario
    book: Catalogue
    routing: Routing
    ways: Ways
    numbers: dict[str, int]
    """Place id -> number."""
    first_weekday: int

    def plant(self, name: str, sizes: Sequence[Size]) -> PlantCase:
        """A plant with all its sizes."""
        technology = self.scenario.technology[name.rpartition(".")[2]]
        rows = {o.technology: o for o in self.scenario.operations}
        operation = rows.get(technology.id) or Operation(technology=technology.id)
        is_disposal = technology.kind == "disposal"
        has_outages = bool(
            (operation.mtbf_h and operation.mttr_h) or operation.planned_outage_weeks
        )
        derating = 1.0 if has_outages else (technology.availability or 1.0)
        made = self.book.made[technology.id]
        bins: tuple[Bin, ...] = ()
        if not is_disposal:
            outputs = {m.commodity for parts in made.values() for m in parts}
            bins = self.bins(name, sorted(k for k in outputs if k is not None))
        nameplate = sum(s.capacity_t_per_y for s in sizes) / HOURS_PER_YEAR
        bunker = math.inf
        if not is_disposal:
            days = operation.bunker_d
            days = assumptions()["bunker_unknown_d"] if days is None else days
            bunker = days * nameplate * HOURS_PER_DAY
        return PlantCase(
            id=name,
            technology=technology.id,
            is_disposal=is_disposal,
            accepts=accepted_names(self.book, technology.id),
            ratings=()
            if is_disposal
            else _ratings(technology, sizes, operation, derating),
            nameplate_t_per_h=nameplate,
            derating=derating,
            repair_crews=operation.repair_crews,
            bunker_t=bunker,
            gate=_gate(operation),
            weigh_in=Spread("deterministic", _hours(operation.weigh_in_min) or 0.0),
            tip_h=_hours(operation.tip_min),
            weigh_out=Spread("deterministic", _hours(operation.weigh_out_min) or 0.0),
            hours=self.hours(operation),
            failure=_outage(operation.mtbf_h, operation.mttr_h, is_disposal),
            repair=_outage(operation.mttr_h, operation.mtbf_h, is_disposal),
            overhaul_h=(operation.planned_outage_weeks or 0.0)
            * DAYS_PER_WEEK
            * HOURS_PER_DAY,
            made={} if is_disposal else made,
            reagent_t_per_t=technology.reagent_t_per_t or 0.0,
            electricity_mwh_per_t=self.book.electricity_mwh_per_t[technology.id],
            bins=bins,
        )

    def centre(self, row: Centre) -> CentreCase:
        """A centre with one bin for every way out."""
        taken = words(row.accepts)
        raw = [
            k
            for k, c in enumerate(self.book.commodities)
            if c.product == RAW and (not taken or c.name in taken)
        ]
        bins = self.bins(row.id, raw)
        storage = math.inf if row.storage_t is None else row.storage_t
        return CentreCase(
            id=row.id,
            accepts=frozenset(self.book.commodities[k].name for k in raw),
            storage_t=storage,
            loads_t_per_h=row.throughput_max_t_per_y / HOURS_PER_YEAR,
            bins=bins,
        )

    def bins(self, origin: str, commodities: Sequence[int]) -> tuple[Bin, ...]:
        """One bin for every stream or product and destination."""
        shares: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        for k in commodities:
            c = self.book.commodities[k]
            out = self.routing.of_output(origin, c.product, c.origin)
            for destination, share in out.items():
                shares[c.name, destination][k] = share
        return tuple(
            Bin(
                name,
                self.ways.haul(origin, (self.numbers[destination], destination), name),
                by_commodity,
            )
            for (name, destination), by_commodity in sorted(shares.items())
        )

    def hours(self, operation: Operation) -> Hours:
        """Opening hours of a gate; always open where nothing is said."""
        length = operation.opening_h_per_d
        opens = operation.opens_h
        days = operation.opening_d_per_week
        if length is None and days is None:
            return Hours(first_weekday=self.first_weekday)
        length = HOURS_PER_DAY if length is None else length
        start = assumptions()["day_starts_h"] if opens is None else opens
        return Hours(
            0.0 if length >= HOURS_PER_DAY else start,
            length,
            days or DAYS_PER_WEEK,
            self.first_weekday,
        )


def _ratings(
    technology: Technology, sizes: Sequence[Size], operation: Operation, derating: float
) -> tuple[Rating, ...]:
    """Limits of every line; each size has as many as the operations say."""
    lines = operation.lines or 1
    made = []
    for size in sizes:
        mass = size.capacity_t_per_y / HOURS_PER_YEAR * derating / lines
        design = size.lhv_design_mj_per_kg
        if design is None:
            made += [Rating(mass)] * lines
        else:
            made += [Rating(mass * technology.mass_overload_max, mass * design)] * lines
    return tuple(made)


def _gate(operation: Operation) -> GateShape:
    """Bridges and bays; one bridge for both ways unless there are two."""
    weighs_in, weighs_out = operation.weigh_in_min, operation.weigh_out_min
    bridges = operation.weighbridges or 1
    ways_out = None
    if weighs_out:
        ways_out = bridges // 2 if weighs_in else bridges
    return GateShape(
        bridges_in=(bridges - (ways_out or 0)) if weighs_in else None,
        bays=operation.bays,
        bridges_out=ways_out,
        places=operation.yard_trucks,
        reweigh_share=operation.reweigh_share or 0.0,
        has_ranks=bool(operation.fleets_first),
    )


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / MINUTES_PER_H


def _outage(mean_h: float | None, other: float | None, never: bool) -> Spread | None:
    if never or not mean_h or not other:
        return None
    return Spread("exponential", mean_h)
