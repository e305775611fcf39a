"""What plants manage to take in the simulation, beside what the plan gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zlib import crc32

import numpy as np
import pandas as pd

from wasteplan.finance.lending import Floats
from wasteplan.finance.project import Project
from wasteplan.scenario.model import Scenario

INTAKE_MAX = 1.1  # of planned tonnes; mass overload of a line


class Simulated(Protocol):
    """What an appraisal reads of a simulation."""

    @property
    def kpis(self) -> pd.DataFrame:
        """Columns id, mean, half_width, n among others."""

    @property
    def plants(self) -> pd.DataFrame:
        """Columns period, plant, received_t_per_y and its half width, among others."""


@dataclass(frozen=True, eq=False)
class StoredSimulation:
    """Tables of a simulation that lies in a folder."""

    kpis: pd.DataFrame
    plants: pd.DataFrame


def stored_simulation(folder: Path) -> StoredSimulation | None:
    """The simulation of a run, from its folder `sim`; None if there is none."""
    kpis, plants = folder / "sim" / "kpis.csv", folder / "sim" / "plants.csv"
    if not (kpis.is_file() and plants.is_file()):
        return None
    return StoredSimulation(pd.read_csv(kpis), pd.read_csv(plants))


def simulated_intake(
    scenario: Scenario, projects: Sequence[Project], simulation: Simulated | None
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
    table, root = simulation.plants, float(simulation.kpis["n"].max()) ** 0.5
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
