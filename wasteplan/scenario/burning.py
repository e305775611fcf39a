"""How the waste of a case burns: heating value, support fuel, what a line can take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.scenario.derived import accepted_by, fractions, tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.setting_out import materials_of
from wasteplan.treatment.combustion import (
    burnable_t_per_y,
    burns_without_support_fuel,
)
from wasteplan.treatment.records import Size
from wasteplan.waste.material import Material, blend, lhv_mj_per_kg, moisture

MIXED = "all accepted streams"


@dataclass(frozen=True)
class Burning:
    """One stream (or their blend in the base year) in one size of a burner."""

    technology: str
    size: str
    waste: str
    lhv_mj_per_kg: float
    """As received.  [MJ/kg]"""
    moisture: float
    is_autothermal: bool
    """At least 7 MJ/kg as the mean of the year (taken for the lowest season too)."""
    capacity_t_per_y: float
    """Nameplate at the design heating value.  [t/y]"""
    burnable_t_per_y: float
    """Nameplate that this waste leaves, before availability.  [t/y]"""

    def __str__(self) -> str:
        fuel = "burns by itself" if self.is_autothermal else "needs support fuel"
        share = self.burnable_t_per_y / self.capacity_t_per_y
        return (
            f"{self.technology} {self.size}, {self.waste}: "
            f"{self.lhv_mj_per_kg:.2f} MJ/kg at {self.moisture:.0%} water, {fuel}; "
            f"a line of {self.capacity_t_per_y:,.0f} t/y burns "
            f"{self.burnable_t_per_y:,.0f} t/y ({share:.0%})"
        )


def burning(scenario: Scenario) -> tuple[Burning, ...]:
    """How each stream burns in each size that has a design heating value.

    Thermal derating: t/y = min(overload x C, C x LHV_design / LHV), because a line is
    limited by heat.  Streams of unknown heating value are left out.
    """
    found = []
    for size in scenario.sizes:
        technology = scenario.technology[size.technology]
        if size.lhv_design_mj_per_kg is None or technology.kind != "combustion":
            continue
        for name, mix in _wastes(scenario, technology.id).items():
            lhv = lhv_mj_per_kg(mix, fractions(scenario))
            if not np.isnan(lhv):
                overload = technology.mass_overload_max
                found.append(_line(size, name, mix, lhv, overload))
    return tuple(found)


def _line(size: Size, name: str, mix: Material, lhv: float, overload: float) -> Burning:
    design = size.lhv_design_mj_per_kg or 0.0
    return Burning(
        technology=size.technology,
        size=size.id,
        waste=name,
        lhv_mj_per_kg=lhv,
        moisture=moisture(mix),
        is_autothermal=burns_without_support_fuel(lhv, lhv),
        capacity_t_per_y=size.capacity_t_per_y,
        burnable_t_per_y=burnable_t_per_y(size.capacity_t_per_y, design, lhv, overload),
    )


def _wastes(scenario: Scenario, technology: str) -> dict[str, Material]:
    """Raw streams that the technology takes, and their blend in the base year."""
    accepted = accepted_by(scenario, technology)
    names = [s.id for s in scenario.streams if s.id in accepted]
    mixes = {n: found[0] for n in names if (found := materials_of(scenario, n))}
    names = list(mixes)
    year = scenario.settings.scenario.base_year
    tonnes = [
        sum(
            tonnage(scenario, g.generator, name, year)
            for g in scenario.generation
            if g.stream == name
        )
        for name in names
    ]
    if len(names) > 1 and sum(tonnes) > 0:
        mixes[MIXED] = blend([mixes[n] for n in names], tonnes)
    return mixes
