"""Plants, centres and outlets of a case, with what they put out and where it goes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wasteplan.network.places import Centre
from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import fractions
from wasteplan.scenario.model import Scenario
from wasteplan.sim.assumptions import assumptions
from wasteplan.sim.calendar import DAYS_PER_WEEK, Hours
from wasteplan.sim.case import (
    Bin,
    BlendCase,
    CentreCase,
    PlantCase,
)
from wasteplan.sim.chance import Spread
from wasteplan.sim.commodities import Catalogue, accepted_names
from wasteplan.sim.operating import (
    after_h,
    dwell,
    gate_shape,
    held,
    hours_of,
    ratings,
    time_to_failure,
    time_to_repair,
    turn_down,
)
from wasteplan.sim.routing import Routing
from wasteplan.sim.ways import Ways
from wasteplan.treatment.performance import airspace_m3_per_t
from wasteplan.treatment.records import Operation, Size, Technology
from wasteplan.units import HOURS_PER_DAY, HOURS_PER_YEAR, words
from wasteplan.waste.material import blend_property


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
    airspace_m3: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Left by (period, plant) where it is stated.  [m3]"""
    period: str = ""

    def plant(self, name: str, sizes: Sequence[Size]) -> PlantCase:
        """A plant with all its sizes."""
        technology = self.scenario.technology[name.rpartition(".")[2]]
        rows = {o.technology: o for o in self.scenario.operations}
        operation = rows.get(technology.id) or Operation(technology=technology.id)
        nameplate = sum(s.capacity_t_per_y for s in sizes) / HOURS_PER_YEAR
        landfill = PlantCase(
            id=name,
            technology=technology.id,
            is_disposal=True,
            accepts=accepted_names(self.book, technology.id),
            ratings=(),
            nameplate_t_per_h=nameplate,
            derating=technology.availability or 1.0,
            bunker_t=math.inf,
            gate=gate_shape(operation),
            weigh_in=Spread("deterministic", hours_of(operation.weigh_in_min) or 0.0),
            tip_h=hours_of(operation.tip_min),
            weigh_out=Spread("deterministic", hours_of(operation.weigh_out_min) or 0.0),
            hours=self.hours(operation),
            failure=None,
            repair=None,
            overhaul_h=0.0,
            made={},
            reagent_t_per_t=technology.reagent_t_per_t or 0.0,
            electricity_mwh_per_t=self.book.electricity_mwh_per_t[technology.id],
            bins=(),
            airspace_m3=self.airspace_m3.get((self.period, name), math.inf),
            m3_per_t=airspace_m3_per_t(technology),
        )
        if technology.kind == "disposal":
            return landfill
        return self._treatment(landfill, technology, operation, sizes)

    def _treatment(
        self,
        place: PlantCase,
        technology: Technology,
        operation: Operation,
        sizes: Sequence[Size],
    ) -> PlantCase:
        """What a plant has beyond a gate: bunker, lines, outputs."""
        outages = operation.mtbf_h and operation.mttr_h
        has_outages = bool(outages or operation.planned_outage_weeks)
        derating = 1.0 if has_outages else place.derating
        made = self.book.made[technology.id]
        outputs = {m.commodity for parts in made.values() for m in parts}
        bins = self.bins(place.id, sorted(k for k in outputs if k is not None))
        days = operation.bunker_d
        days = assumptions()["bunker_unknown_d"] if days is None else days
        bunker = days * place.nameplate_t_per_h * HOURS_PER_DAY
        kept = dwell(technology, operation)
        lined = replace(
            place,
            is_disposal=False,
            derating=derating,
            bunker_t=bunker,
            repair_crews=operation.repair_crews,
            failure=time_to_failure(operation),
            repair=time_to_repair(operation),
            overhaul_h=(operation.planned_outage_weeks or 0.0)
            * DAYS_PER_WEEK
            * HOURS_PER_DAY,
            overhaul_from_d=operation.planned_outage_from_d,
            ramp_h=operation.ramp_h or 0.0,
            made=made,
            bins=tuple(held(b, kept) for b in bins),
            rejected_share=operation.rejected_share or 0.0,
            blends=self._blends(technology.id),
            dwell=kept,
        )
        if kept is not None:
            return lined
        return replace(
            lined,
            ratings=ratings(technology, sizes, operation, derating),
            low_load_mwh_per_t=self.book.low_load_mwh_per_t[technology.id],
            turn_down=turn_down(technology, place.nameplate_t_per_h, bunker),
        )

    def _blends(self, technology: str) -> tuple[BlendCase, ...]:
        """The limits of a technology with the property of every commodity."""
        table = fractions(self.scenario)
        return tuple(
            BlendCase(
                row.property,
                -math.inf if row.min is None else row.min,
                math.inf if row.max is None else row.max,
                tuple(
                    blend_property(m, table, row.property) for m in self.book.materials
                ),
            )
            for row in self.scenario.blend_limits
            if row.technology == technology
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
            bins=tuple(
                replace(
                    b,
                    leaves_from_t=row.haul_from_t or 0.0,
                    leaves_after_h=after_h(row.haul_after_d),
                )
                for b in bins
            ),
            baler_t_per_h=row.baler_t_per_h or math.inf,
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
