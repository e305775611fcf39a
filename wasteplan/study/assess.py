"""The emissions of a plan: by stage and by period, with and without credits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from wasteplan.evaluation.books import EFFLUENT
from wasteplan.evaluation.evaluating import books_of, evaluate
from wasteplan.evaluation.inventorying import STAGES, inventory
from wasteplan.evaluation.result import Evaluation
from wasteplan.evaluation.yearly_gas import YearlyGas, yearly_gas
from wasteplan.indicators.levelised import share_on_assumption
from wasteplan.lca.activities import LifeCycle, life_cycle
from wasteplan.lca.factors import gwp_factors
from wasteplan.plan.records import Plan
from wasteplan.scenario.conventions import CUT_OFF, SYSTEM_EXPANSION
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.hauls import solid_pairs
from wasteplan.scenario.model import Scenario
from wasteplan.study.burning_window import burning_window
from wasteplan.study.impacts import (
    contribution_table,
    impact_table,
    methods_of,
    system_of,
)
from wasteplan.study.power_intensity import power_intensity
from wasteplan.study.wording import percent
from wasteplan.units import KG_PER_T


@dataclass(frozen=True)
class Assessment:
    """Impacts over the horizon; greenhouse gases with committed methane.

    The functional unit is all solid waste generated in the planning area over the
    horizon.  A NaN says that the carbon of some waste is unknown.
    """

    scenario: str
    plan: str
    gwp: str
    generated_t: float
    """The functional unit: solid waste, with the sludge of effluent plants.  [t]"""
    emitted_t_co2e: float
    """Without credits (cut-off).  [t CO2e]"""
    avoided_t_co2e: float
    """Credits for what is replaced elsewhere, positive.  [t CO2e]"""
    share_on_assumption: float
    """Of emissions and credits, by size.  [-]"""
    stages: pd.DataFrame
    """Columns stage (see `evaluation.inventorying.STAGES`), is_credit, t_co2e,
    kg_co2e_per_t; the last without what effluent does."""
    periods: pd.DataFrame
    """Columns period, emitted_t_co2e, avoided_t_co2e, net_t_co2e."""
    system: str = SYSTEM_EXPANSION
    """System expansion or cut-off, as the scenario declares once."""
    impacts: pd.DataFrame = field(default_factory=pd.DataFrame)
    """See `impacts.IMPACT_COLUMNS`."""
    contributions: pd.DataFrame = field(default_factory=pd.DataFrame)
    """See `impacts.CONTRIBUTION_COLUMNS`."""
    inventory: pd.DataFrame = field(default_factory=pd.DataFrame)
    """See `evaluation.inventorying.INVENTORY_COLUMNS`."""
    gas: YearlyGas | None = None
    """Landfill methane year by year, beside the committed account."""
    power: pd.DataFrame = field(default_factory=pd.DataFrame)
    """See `power_intensity.POWER_COLUMNS`."""
    window: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Points of the Tanner diagram, see `burning_window.WINDOW_COLUMNS`."""
    of_effluent_t_co2e: tuple[float, float] = (0.0, 0.0)
    """Emitted and avoided for effluent, a part of the totals; in no figure per tonne
    of solid waste.  [t CO2e]"""

    @property
    def net_t_co2e(self) -> float:
        """Emitted less avoided; under cut-off nothing is avoided.  [t CO2e]"""
        if self.system == CUT_OFF:
            return self.emitted_t_co2e
        return self.emitted_t_co2e - self.avoided_t_co2e

    def per_t(self, t_co2e: float) -> float:
        """The same per tonne of waste generated.  [kg CO2e/t]"""
        if self.generated_t <= 0:
            return float("nan")
        return t_co2e * KG_PER_T / self.generated_t

    def summary(self) -> str:
        """A few lines for people."""
        emitted, avoided = self.of_effluent_t_co2e
        rows = {"emitted": (self.emitted_t_co2e, emitted)}
        if self.system != CUT_OFF:
            rows["avoided"] = (self.avoided_t_co2e, avoided)
            rows["net"] = (self.net_t_co2e, emitted - avoided)
        return "\n".join(
            [
                f"{self.generated_t:,.0f} t of waste generated over the horizon; "
                f"GWP100 of {self.gwp}; {self.system}",
                *(f"{name:<8} {self._written(*t)}" for name, t in rows.items()),
                f"on factors from memory or assumption: {self._weak()}",
            ]
        )

    def _written(self, t_co2e: float, of_effluent: float) -> str:
        if math.isnan(t_co2e):
            return "unknown: the carbon of some waste is not given"
        text = (
            f"{t_co2e:,.0f} t CO2e, {self.per_t(t_co2e - of_effluent):,.1f} kg CO2e/t"
        )
        if any(self.of_effluent_t_co2e):
            text += f" of solid waste, without {of_effluent:,.0f} t of effluent"
        return text

    def _weak(self) -> str:
        return percent(
            None if math.isnan(self.net_t_co2e) else self.share_on_assumption
        )


def assess(
    scenario: Scenario,
    plan: Plan,
    evaluation: Evaluation | None = None,
    *,
    methods: Sequence[str] = (),
) -> Assessment:
    """Impacts of a plan by category, and what contributes to them.

    Parameters
    ----------
    scenario
        The case; its `[assessment]` settings choose GWP set and credits.
    plan
        A plan of that case.
    evaluation
        Its evaluation, if there is one already.
    methods
        Impact methods by id; all of the package and of the folder if empty.

    Raises
    ------
    PlanError
        If the plan does not fit the scenario.
    WasteplanError
        If a method is unknown or its file has mistakes.
    """
    asked = methods_of(scenario, methods)
    found = evaluation or evaluate(scenario, plan)
    table = found.emissions.assign(t_co2e=found.emissions["kg_co2e"] / KG_PER_T)
    is_credit = table["is_credit"].astype(bool)
    generated = generated_t(scenario, plan)
    system = system_of(scenario)
    substances = inventory(scenario, plan)
    return Assessment(
        scenario=scenario.name,
        plan=plan.name,
        gwp=scenario.settings.assessment.gwp,
        generated_t=generated,
        emitted_t_co2e=_total(table.loc[~is_credit, "t_co2e"]),
        avoided_t_co2e=0.0 - _total(table.loc[is_credit, "t_co2e"]),
        share_on_assumption=share_on_assumption(table, "kg_co2e"),
        of_effluent_t_co2e=_two_totals(table[of_effluent(scenario, table)]),
        stages=_stages(scenario, substances, generated),
        periods=_periods(table, [p.id for p in scenario.periods]),
        system=system,
        impacts=impact_table(
            substances, asked, system, generated, of_effluent(scenario, substances)
        ),
        contributions=contribution_table(substances, asked, system),
        inventory=substances,
        gas=yearly_gas(scenario, plan),
        power=power_intensity(scenario),
        window=burning_window(scenario, plan),
    )


def life_cycle_of(
    scenario: Scenario, plan: Plan, found: Assessment, methods: Sequence[str] = ()
) -> LifeCycle:
    """An assessment as activities and methods, for other programs.

    Raises
    ------
    WasteplanError
        If an amount of the inventory is unknown.
    """
    return life_cycle(
        found.inventory,
        methods_of(scenario, methods),
        scenario=scenario.name,
        plan=plan.name,
        system=found.system,
        waste_t=found.generated_t,
        with_credits=found.system != CUT_OFF,
    )


def generated_t(scenario: Scenario, plan: Plan | None = None) -> float:
    """Solid waste generated over all years of the horizon.  [t]

    No effluent; with a plan the sludge that its effluent plants put out.
    """
    pairs = solid_pairs(scenario)
    solid = sum(tonnage(scenario, g, s, y) for g, s in pairs for y in scenario.years)
    if plan is None or not any(s.is_effluent for s in scenario.streams):
        return solid
    sludge = books_of(scenario, plan).sludge
    return solid + sum(float(tonnes.sum()) for _, _, _, tonnes in sludge)


def of_effluent(scenario: Scenario, table: pd.DataFrame) -> pd.Series[bool]:
    """Rows of an inventory or emission table that belong to effluent, not to sludge."""
    own = [t.id for t in scenario.technologies if t.kind == EFFLUENT]
    found = table["technology"].isin(own) | (table["stage"] == EFFLUENT)
    if "stream" in table:
        liquid = [s.id for s in scenario.streams if s.is_effluent]
        found |= (table["stage"] == "collection") & table["stream"].isin(liquid)
    return found


def _two_totals(table: pd.DataFrame) -> tuple[float, float]:
    """Emitted, and avoided as a positive number.  [t CO2e]"""
    is_credit = table["is_credit"].astype(bool)
    emitted = _total(table.loc[~is_credit, "t_co2e"])
    return emitted, 0.0 - _total(table.loc[is_credit, "t_co2e"])


def _stages(
    scenario: Scenario, substances: pd.DataFrame, generated: float
) -> pd.DataFrame:
    """Greenhouse gases by stage of the life cycle, in its order."""
    factor = gwp_factors(scenario.settings.assessment.gwp)
    weight = {s: f.value for s, f in factor.items()}
    gases = substances[substances["substance"].isin(weight)]
    kg = gases["kg"] * gases["substance"].map(weight)
    table = gases.assign(
        t_co2e=kg / KG_PER_T, solid=kg.mask(of_effluent(scenario, gases), 0.0)
    )
    rows = [
        (stage, is_credit, _total(part["t_co2e"]), _total(part["solid"]))
        for stage in STAGES
        for is_credit, part in table[table["stage"] == stage].groupby("is_credit")
    ]
    found = pd.DataFrame(
        rows, columns=["stage", "is_credit", "t_co2e", "kg_co2e_per_t"]
    )
    found["kg_co2e_per_t"] /= generated or float("nan")
    return found


def _periods(table: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    rows = []
    for period in order:
        part = table[table["period"] == period]
        is_credit = part["is_credit"].astype(bool)
        emitted = _total(part.loc[~is_credit, "t_co2e"])
        avoided = 0.0 - _total(part.loc[is_credit, "t_co2e"])
        rows.append((period, emitted, avoided, emitted - avoided))
    columns = ["period", "emitted_t_co2e", "avoided_t_co2e", "net_t_co2e"]
    return pd.DataFrame(rows, columns=columns)


def _total(values: pd.Series) -> float:
    """The sum; unknown if one of the values is."""
    return float(values.sum(skipna=False))
