"""The inventory of a plan as activities, for exchange with other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.lca.methods import ImpactMethod
from wasteplan.lca.pollutants import INVENTORIED
from wasteplan.units import weakest

SUBSTANCE_NAMES = {
    "co2_fossil": "Carbon dioxide, fossil",
    "ch4_fossil": "Methane, fossil",
    "ch4_biogenic": "Methane, biogenic",
    "n2o": "Dinitrogen monoxide",
    "co2e": "Greenhouse gases, summed by their source (CO2-eq)",
    "nox": "Nitrogen oxides",
    "so2": "Sulfur dioxide",
    "nh3": "Ammonia",
    "hcl": "Hydrogen chloride",
    "h2s": "Hydrogen sulfide",
    "pm10": "Particulates, < 10 um",
    "pm2_5": "Particulates, < 2.5 um",
    "nmvoc": "NMVOC, non-methane volatile organic compounds",
    "co": "Carbon monoxide",
    "n_water": "Nitrogen",
    "p_water": "Phosphorus",
    "po4_water": "Phosphate",
    "cod": "COD, Chemical Oxygen Demand",
}
TO_WATER = frozenset({"n_water", "p_water", "po4_water", "cod"})


@dataclass(frozen=True)
class Amount:
    """What an activity emits of a substance over the horizon; negative if avoided."""

    kg: float
    status: str


@dataclass(frozen=True)
class Activity:
    """What one place does in one stage of the life cycle, over the whole horizon."""

    stage: str
    place: str
    technology: str
    amounts: Mapping[str, Amount]

    @property
    def name(self) -> str:
        """Stage and place, and the technology where the place does not say it."""
        says = self.technology in self.place.partition(".") or not self.technology
        return f"{self.stage}: {self.place}" + ("" if says else f" ({self.technology})")


@dataclass(frozen=True)
class LifeCycle:
    """Everything that another program needs to compute the same impacts."""

    scenario: str
    plan: str
    system: str
    """System expansion or cut-off."""
    waste_t: float
    """The functional unit: waste generated over the horizon.  [t]"""
    activities: tuple[Activity, ...]
    methods: tuple[ImpactMethod, ...]


def life_cycle(
    inventory: pd.DataFrame,
    methods: Iterable[ImpactMethod],
    *,
    scenario: str,
    plan: str,
    system: str,
    waste_t: float,
    with_credits: bool,
) -> LifeCycle:
    """Activities of an inventory, one per stage, place and technology.

    Parameters
    ----------
    inventory
        Columns stage, place, technology, substance, is_credit, kg, status.
    methods
        Impact methods to go with it.
    scenario, plan, system, waste_t
        What it is about.
    with_credits
        Whether avoided emissions belong to the system.

    Raises
    ------
    WasteplanError
        If an amount is unknown: a number that is not there cannot be handed over.
    """
    rows = inventory
    if not with_credits:
        rows = rows[~rows["is_credit"].astype(bool)]
    if rows["kg"].isna().any():
        raise WasteplanError(
            "the inventory cannot be exported: the carbon of some waste is not given"
        )
    activities = []
    keys = ["stage", "place", "technology"]
    for (stage, place, technology), part in rows.groupby(keys, sort=True):
        amounts = {
            str(substance): Amount(float(own["kg"].sum()), weakest(*own["status"]))
            for substance, own in part.groupby("substance", sort=True)
        }
        activities.append(Activity(str(stage), str(place), str(technology), amounts))
    used = tuple(methods)
    return LifeCycle(scenario, plan, system, waste_t, tuple(activities), used)


def substances_of(cycle: LifeCycle) -> tuple[str, ...]:
    """What its activities emit and its methods weigh, in the order of the inventory."""
    named = {s for a in cycle.activities for s in a.amounts}
    named |= {s for m in cycle.methods for s in m.factors}
    return tuple(s for s in INVENTORIED if s in named)
