"""One evaluation in the making: the course of the material and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.evaluation.assets import Asset
from wasteplan.evaluation.following import Course
from wasteplan.evaluation.hauling import Hauling
from wasteplan.evaluation.intensities import Intensities
from wasteplan.evaluation.lots import Floats, Source
from wasteplan.evaluation.statuses import Statuses
from wasteplan.finance.annuity import discount_factor
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import owner
from wasteplan.scenario.model import Scenario


@dataclass(frozen=True)
class Books:
    """What every account of a plan is drawn up from."""

    scenario: Scenario
    plan: Plan
    years: tuple[tuple[int, ...], ...]
    """Calendar years of each period."""
    sources: tuple[Source, ...]
    assets: dict[str, list[Asset]]
    """By plant."""
    course: Course
    hauling: Hauling
    intensities: Intensities
    statuses: Statuses

    def discount(self, year: int) -> float:
        """Present value in the base year of one unit at the end of a year.  [-]"""
        return discount_factor(
            self.scenario.settings.economics.discount_rate,
            year,
            self.scenario.settings.scenario.base_year,
        )

    def bearer(self, origin: str) -> str:
        """Who bears the cost of a haul, and earns what is sold: the sender.

        Collection from generators is public.
        """
        if origin in self.scenario.generator:
            return "public"
        return owner(self.scenario, origin)

    def generated(self) -> dict[int, float]:
        """Solid waste generated in every year.  [t/y]"""
        tonnes: dict[int, float] = {}
        for t, span in enumerate(self.years):
            total = np.sum([s.tonnes[t] for s in self.sources], axis=0)
            whole = np.broadcast_to(np.asarray(total, float), (len(span),))
            tonnes.update(zip(span, map(float, whole), strict=True))
        return tonnes


def technology_of(plant: str) -> str:
    """The technology of a plant id."""
    return plant.partition(".")[2]


def per_year(amounts: Floats | float, n_years: int) -> Floats:
    """An amount in every year of a period; a single number holds in all of them."""
    return np.broadcast_to(np.asarray(amounts, float), (n_years,))
