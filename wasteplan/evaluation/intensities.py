"""What one tonne of a material needs, gives and emits where it is taken."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from wasteplan.evaluation.lots import Lot, Materials
from wasteplan.evaluation.statuses import Statuses
from wasteplan.lca.emissions import (
    CellStatus,
    Emission,
    fate_emissions,
    outlet_credit,
    process_emissions,
)
from wasteplan.network.places import Centre
from wasteplan.scenario.derived import grid_item
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.treating import treating
from wasteplan.treatment.performance import Performance
from wasteplan.treatment.records import Technology
from wasteplan.units import weakest


@dataclass(frozen=True)
class EmissionKind:
    """Emissions that are reported in one line."""

    stage: str
    substance: str
    is_credit: bool
    status: str


@dataclass(frozen=True)
class EmissionLine:
    """A substance per tonne: `fixed` + `per_grid` x grid factor.  [kg/t]"""

    kind: EmissionKind
    fixed_kg: float
    per_grid_kg: float


class Intensities:
    """Numbers per tonne by place and material, computed once."""

    def __init__(
        self, scenario: Scenario, materials: Materials, statuses: Statuses
    ) -> None:
        self._scenario = scenario
        self.materials = materials
        self._statuses = statuses
        items = {grid_item(scenario, is_credit=c) for c in (False, True)}
        self._grid_status = weakest(*(statuses.factors(i) for i in sorted(items)))
        self._performance: dict[tuple[str, int], Performance] = {}
        self._lines: dict[tuple[str, str, int], tuple[EmissionLine, ...]] = {}

    def performance(self, technology: str, material: int) -> Performance:
        """Energy, volume and gas of a tonne in a technology."""
        key = (technology, material)
        if key not in self._performance:
            self._performance[key] = treating(
                self._scenario,
                self._scenario.technology[technology],
                self.materials.all[material],
            )
        return self._performance[key]

    def at_technology(self, technology: str, material: int) -> tuple[EmissionLine, ...]:
        """Emissions of treating a tonne."""
        key = ("", technology, material)
        if key not in self._lines:
            row = self._scenario.technology[technology]
            work = self.performance(technology, material)
            status = partial(self._statuses.cell, "technologies", row)
            self._lines[key] = self._treating(row, material, work, status)
        return self._lines[key]

    def at_centre(self, centre: Centre) -> tuple[EmissionLine, ...]:
        """Emissions of a tonne through a centre: its diesel and electricity."""
        key = (centre.id, "centre", 0)
        if key not in self._lines:
            station = Technology(
                id="centre",
                kind="storage",
                electricity_kwh_per_t=centre.electricity_kwh_per_t,
                diesel_l_per_t=centre.diesel_l_per_t,
            )
            work = Performance(
                electricity_kwh_per_t=-centre.electricity_kwh_per_t,
                diesel_l_per_t=centre.diesel_l_per_t,
                heat_mj_per_t=0.0,
                coal_displaced_gj_per_t=0.0,
                airspace_m3_per_t=0.0,
                methane_committed_kg_per_t=0.0,
            )
            status = partial(self._statuses.cell, "centres", centre)
            self._lines[key] = tuple(
                replace(line, kind=replace(line.kind, stage="centre"))
                for line in self._treating(station, 0, work, status)
            )
        return self._lines[key]

    def at_outlet(self, outlet: str, lot: Lot) -> tuple[EmissionLine, ...]:
        """What a tonne sold does beyond the boundary."""
        key = (outlet, lot.product, lot.material)
        if key not in self._lines:
            row = self._scenario.outlet[outlet]
            found = outlet_credit(
                lot.product,
                self.materials.all[lot.material],
                self.materials.table,
                outlet_kind=row.kind,
                substitution_ratio=row.substitution_ratio,
                substitution_status=self._statuses.cell(
                    "outlets", row, "substitution_ratio"
                ),
            )
            self._lines[key] = self._in_lines(found, found)
        return self._lines[key]

    def at_fate(self, kind: str, material: int) -> tuple[EmissionLine, ...]:
        """Emissions of a tonne that leaks."""
        key = ("fate", kind, material)
        if key not in self._lines:
            found = fate_emissions(
                kind,
                self.materials.all[material],
                self.materials.table,
                climate=self._scenario.settings.assessment.climate,
                guidelines=self._scenario.settings.assessment.decay,
            )
            self._lines[key] = self._in_lines(found, found)
        return self._lines[key]

    def _treating(
        self,
        technology: Technology,
        material: int,
        work: Performance,
        status: CellStatus,
    ) -> tuple[EmissionLine, ...]:
        """Emissions are linear in the grid factor, so two points give the line."""
        at_zero, at_one = (
            process_emissions(
                technology,
                self.materials.all[material],
                self.materials.table,
                work,
                gwp=self._scenario.settings.assessment.gwp,
                grid_kg_co2e_per_kwh=grid,
                grid_status=self._grid_status,
                cell_status=status,
            )
            for grid in (0.0, 1.0)
        )
        return self._in_lines(at_zero, at_one)

    def _in_lines(
        self, at_zero: Iterable[Emission], at_one: Iterable[Emission]
    ) -> tuple[EmissionLine, ...]:
        fixed, whole = self._sums(at_zero), self._sums(at_one)
        lines = []
        for kind, kg in {**dict.fromkeys(fixed, 0.0), **whole}.items():
            start = fixed.get(kind, 0.0)
            slope = 0.0 if math.isnan(kg) else kg - start  # unknown carbon has no slope
            lines.append(EmissionLine(kind, start, slope))
        return tuple(lines)

    def _sums(self, emissions: Iterable[Emission]) -> dict[EmissionKind, float]:
        sums: dict[EmissionKind, float] = defaultdict(float)
        for e in emissions:
            sums[EmissionKind(e.stage, e.substance, e.is_credit, e.status)] += (
                e.kg_per_t
            )
        return sums
