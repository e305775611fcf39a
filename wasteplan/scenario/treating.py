"""What a technology does with a material under the conventions of a scenario."""

from __future__ import annotations

from wasteplan.scenario.derived import fractions
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.landfill import phases_of
from wasteplan.treatment.performance import Performance, performance
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import Material


def treating(
    scenario: Scenario, technology: Technology, material: Material
) -> Performance:
    """Energy, volume, gas and leachate of one tonne.

    Climate, guidelines and rain are those of `[assessment]`; a landfill's phases are
    the scenario's, else the package's.

    Parameters
    ----------
    scenario
        The case.
    technology
        One of its technologies, or one like it.
    material
        What goes in, over the scenario's fractions.
    """
    chosen = scenario.settings.assessment
    return performance(
        technology,
        material,
        fractions(scenario),
        chosen.climate,
        chosen.decay,
        phases_of(technology, scenario.landfill_phases),
        chosen.rain_mm_per_y,
    )
