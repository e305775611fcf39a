"""One evaluation in the making: the course of the material and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wasteplan.evaluation.assets import Asset
from wasteplan.evaluation.flows import summed
from wasteplan.evaluation.following import Course
from wasteplan.evaluation.hauling import Trips
from wasteplan.evaluation.intensities import Intensities
from wasteplan.evaluation.lots import Floats, Ints, Lot
from wasteplan.evaluation.sources import Sources
from wasteplan.evaluation.statuses import Statuses
from wasteplan.finance.annuity import discount_factor
from wasteplan.plan.records import RAW, Plan
from wasteplan.scenario.derived import owner
from wasteplan.scenario.hauls import is_effluent
from wasteplan.scenario.model import Scenario

EFFLUENT = "effluent"
"""Kind of technology, stage of emissions and term of costs of the effluent ledger."""


@dataclass(frozen=True)
class Books:
    """What every account of a plan is drawn up from."""

    scenario: Scenario
    plan: Plan
    years: tuple[tuple[int, ...], ...]
    """Calendar years of each period."""
    sources: Sources
    assets: dict[str, list[Asset]]
    """By plant."""
    course: Course
    trips: tuple[Trips, ...]
    """Per period, beside `course.flows`."""
    intensities: Intensities
    statuses: Statuses
    at_design: bool = False
    """Whether burners have the efficiency of full load, as the planner counts."""

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

    def is_liquid(self, lot: Lot) -> bool:
        """Whether a lot is effluent that nobody has treated yet."""
        return lot.product == RAW and is_effluent(self.scenario, lot.stream)

    def treats_effluent(self, place: str) -> bool:
        """Whether a plant takes effluent; what leaves it is solid waste generated."""
        row = self.scenario.technology.get(technology_of(place))
        return row is not None and row.kind == EFFLUENT

    @cached_property
    def sludge(self) -> tuple[tuple[int, str, Lot, Floats], ...]:
        """(period, plant, lot, tonnes in every year) that effluent plants put out."""
        index, found = self.course.index, []
        for t, flows in enumerate(self.course.flows):
            treats = np.array([self.treats_effluent(p) for p in index.places], bool)
            own = np.flatnonzero(treats[flows.origin])
            groups, sums, _ = summed(
                flows.tonnes[own], flows.origin[own], flows.lot[own]
            )
            for (place, number), tonnes in zip(groups, sums, strict=True):
                found.append((t, index.places[place], index.lots[number], tonnes))
        return tuple(found)

    def generated(self) -> dict[int, float]:
        """Solid waste generated in every year, sludge of effluent included.  [t/y]"""
        solid = np.array([not self.is_liquid(lot) for lot in self.sources.lot], bool)
        tonnes: dict[int, float] = {}
        for span, made in zip(self.years, self.sources.tonnes, strict=True):
            tonnes.update(zip(span, made[solid].sum(axis=0).tolist(), strict=True))
        for t, _, _, sludge in self.sludge:
            for year, amount in zip(self.years[t], sludge.tolist(), strict=True):
                tonnes[year] += amount
        return tonnes

    @cached_property
    def sender(self) -> Ints:
        """By place: itself, or one generator that stands for all of them.

        Generators pay and bear alike, so sums need not tell them apart.
        """
        places = self.course.index.places
        first = next(
            (i for i, p in enumerate(places) if p in self.scenario.generator), 0
        )
        return np.array(
            [
                first if place in self.scenario.generator else i
                for i, place in enumerate(places)
            ],
            np.int64,
        )


def technology_of(plant: str) -> str:
    """The technology of a plant id."""
    return plant.partition(".")[2]


def per_year(amounts: Floats | float, n_years: int) -> Floats:
    """An amount in every year of a period; a single number holds in all of them."""
    return np.broadcast_to(np.asarray(amounts, float), (n_years,))
