"""What plants manage to take in the simulation, beside what the plan gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from wasteplan.finance.lending import Floats
from wasteplan.finance.project import Project
from wasteplan.scenario.model import Scenario

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult

INTAKE_MAX = 1.1  # of planned tonnes; mass overload of a line


def simulated_intake(
    scenario: Scenario, projects: Sequence[Project], simulation: SimulationResult | None
) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of a year's intake over the plan's, by facility.

    The last simulated period in which the plan gives it waste.  The deviation over
    replications is that of one year: half width / 2 x sqrt(n), 2 being close to
    Student's t.

    Parameters
    ----------
    scenario
        For the years of the periods.
    projects
        With the tonnes of the plan.
    simulation
        None: nothing is known.
    """
    if simulation is None or "received_t_per_y" not in simulation.plants:
        return {}
    table, root = simulation.plants, simulation.replications**0.5
    found = {}
    for project in projects:
        mine = table[table["plant"] == project.id].set_index("period")
        for period in reversed(scenario.periods):
            at = project.years == period.last_year
            planned = float(project.tonnes[at].sum())
            if planned <= 0 or period.id not in mine.index:
                continue
            mean = float(mine.loc[period.id, "received_t_per_y"])  # type: ignore[arg-type]
            wide = float(mine.loc[period.id, "received_t_per_y_half_width"])  # type: ignore[arg-type]
            deviation = 0.0 if np.isnan(wide) else wide / 2.0 * root
            found[project.id] = (mean / planned, deviation / planned)
            break
    return found


def intake_draws(
    known: dict[str, tuple[float, float]], *, draws: int, seed: int
) -> dict[str, Floats | float]:
    """Normal draws for each facility, its own and no other's, within 0 to the overload.

    [-]
    """
    made: dict[str, Floats | float] = {}
    for place, (mean, deviation) in known.items():
        chance = np.random.default_rng([seed, crc32(place.encode())])
        drawn = mean + deviation * chance.standard_normal(draws)
        made[place] = np.clip(drawn, 0.0, INTAKE_MAX)
    return made
