"""What an evaluation of a plan returns: documented tables, and headlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

FLOW_COLUMNS = {
    "period": "period id",
    "origin": "generator, centre or plant id",
    "destination": "plant, centre, outlet or fate id",
    "stream": "stream id",
    "region": "region of the waste's generators",
    "product": "product id, `raw` for untreated waste",
    "t_per_y": "tonnes in the period's last year [t/y]",
    "t_in_period": "tonnes over all years of the period [t]",
    "distance_km": "one way [km]; NaN for fates",
    "vehicle": "vehicle id, empty for fates",
    "t_km_per_y": "tonne-kilometres in the last year [t km/y]",
    "truck_km_per_y": "truck-kilometres, both ways, last year [km/y]",
}
COST_COLUMNS = {
    "period": "period id",
    "year": "calendar year",
    "term": "capital, land, fixed_om, variable_om, haul, centre, electricity, fuel, "
    "sales, after_care, carbon, heat, programmes, enforcement, price_matching, "
    "integration, insurance, ppe, contributions, registration, informal_trade; "
    "effluent: its pipes and tankers",
    "place": "plant, centre, outlet, measure or informal trade id, or haul origin",
    "technology": "technology id, `centre`, `outlet`, `haul`, `measure` or "
    "`informal_trade`",
    "actor": "who bears it: public, operator, generator, informal",
    "amount": "cost (+) or revenue (-) of the year [money]",
    "present_value": "amount discounted to the base year [money]",
    "status": "weakest status of the numbers behind the unit cost",
}
TRANSFER_COLUMNS = {
    "year": "calendar year",
    "from_actor": "who pays",
    "to_actor": "who receives",
    "reason": "collection_charge, gate_fee, price_matching, purchase, "
    "buy_back_premium, sorting_wage",
    "amount": "[money]",
    "present_value": "[money]",
}
EMISSION_COLUMNS = {
    "period": "period id",
    "year": "calendar year",
    "stage": "haul, centre, process, landfill, leakage, electricity, avoided; "
    "effluent: methane of its treatment and discharge, and its tankers",
    "place": "plant, centre, outlet or fate id; `haul`",
    "technology": "technology id, `centre`, `outlet`, `haul` or fate kind",
    "substance": "co2_fossil, ch4, n2o, co2e",
    "is_credit": "True for an avoided emission",
    "kg_co2e": "GWP100 of the year, committed methane; negative if avoided [kg CO2e]",
    "status": "weakest status of the factors",
}
FACILITY_COLUMNS = {
    "period": "period id",
    "plant": "plant id (`site.technology`) or centre id",
    "site": "site or centre id",
    "technology": "technology id or `centre`",
    "sizes": "sizes at work, joined by `+`",
    "throughput_t_per_y": "last year [t/y]",
    "capacity_t_per_y": "nominal mass capacity [t/y]",
    "heat_tj_per_y": "thermal input, last year [TJ/y]; NaN without heat limit",
    "heat_capacity_tj_per_y": "[TJ/y]; NaN without heat limit",
    "utilisation": "the tighter of mass and heat, of available capacity [-]",
    "binding": "`mass`, `heat`, `airspace` or empty",
    "lhv_mj_per_kg": "of the blend taken [MJ/kg]; NaN unknown",
    "electricity_mwh_per_y": "net export, negative if used [MWh/y]",
    "airspace_used_m3": "from the start to the end of the period [m3]; NaN no landfill",
    "airspace_left_m3": "of what works, end of period [m3]; NaN no landfill",
    "airspace_m3_per_y": "used in the last year [m3/y]; NaN no landfill",
    "jobs": "full-time equivalents [FTE]",
}
WASTE_COLUMNS = {
    "period": "period id",
    "region": "region of the generators",
    "stream": "stream id",
    "generated_t": "solid waste generated, last year [t/y]",
    "leaked_t": "to fates that count as leakage [t/y]",
    "landfilled_t": "untreated waste to landfill [t/y]",
    "residues_landfilled_t": "residues landfilled anywhere downstream [t/y]",
    "recycled_t": "output of final recyclers and buyers [t/y]",
    "recovered_t": "into combustion or co-processing [t/y]",
    "released_t": "water, gas and dust that left the solid system [t/y]",
    "exported_t": "other products across the boundary [t/y]",
    "combustion_residues_landfilled_t": "the part of residues_landfilled_t that "
    "has been through combustion or co-processing [t/y]",
    "auxiliary_t": "reagents that plants added to it; generated + auxiliary = ends "
    "[t/y]",
}
EFFLUENT_COLUMNS = {
    "period": "period id",
    "origin": "generator",
    "stream": "stream id",
    "plant": "plant id (`site.technology`)",
    "technology": "technology id",
    "m3_per_y": "effluent treated or discharged, last year [m3/y]",
    "cod_t_per_y": "chemical oxygen demand that arrives [t/y]",
    "bod_t_per_y": "biochemical oxygen demand that arrives [t/y]; NaN unknown",
    "cod_discharged_t_per_y": "what leaves with the water [t/y]",
    "methane_t_per_y": "of the plant and of what it discharges [t CH4/y]",
    "methane_captured_t_per_y": "flared or burnt in engines [t CH4/y]",
    "electricity_mwh_per_y": "net export, negative if used [MWh/y]",
    "sludge_t_per_y": "solid waste put out, as it leaves [t/y]",
    "distance_km": "one way [km]; 0 on site",
    "vehicle": "tanker or pipe; empty on site",
    "haul_cost_per_y": "pipes and tankers, last year [money/y]",
}


INFORMAL_COLUMNS = {
    "period": "period id",
    "trade": "informal trade id",
    "taken_without_t": "before collection, without any measure, last year [t/y]",
    "taken_t": "before collection, under the plan [t/y]",
    "displaced_t": "what the plan's measures take from it [t/y]",
    "income_without": "of all its people without any measure [money/y]",
    "income": "of all its people, wages of sorting jobs included [money/y]",
    "income_lost": "income_without - income; negative: gained [money/y]",
    "workers": "people; NaN not counted",
    "income_per_worker_without": "[money/(worker y)]; NaN not known",
    "income_per_worker": "[money/(worker y)]; NaN not known",
    "integration": "measures of integration at work",
    "workers_covered": "by social protection",
    "protection": "cost of it [money/y]",
}


@dataclass(frozen=True)
class Violation:
    """A requirement that the plan does not meet."""

    requirement: str
    place: str
    period: str
    value: float
    limit: float
    unit: str

    def __str__(self) -> str:
        return (
            f"{self.requirement} at {self.place or 'all'} in {self.period}: "
            f"{self.value:,.6g} {self.unit} against a limit of {self.limit:,.6g}"
        )


@dataclass(frozen=True)
class Kpi:
    """One headline number."""

    id: str
    label: str
    value: float
    unit: str
    better: str = ""
    """`less`, `more` or empty."""
    period: str = ""


@dataclass(frozen=True)
class Unmixing:
    """Error made by letting origins of one output go to different places.

    Each figure is (relaxed - real), as a share of the gross of its kind, worst period.
    """

    tonnes: float
    heat: float
    cost: float
    emissions: float
    where: tuple[str, ...] = ()

    @property
    def largest(self) -> float:
        """The largest of the four errors.  [-]"""
        return max(map(abs, (self.tonnes, self.heat, self.cost, self.emissions)))


@dataclass(frozen=True)
class Evaluation:
    """A plan re-computed year by year in plain Python, with the real blends."""

    scenario: str
    plan: str
    flows: pd.DataFrame
    costs: pd.DataFrame
    transfers: pd.DataFrame
    emissions: pd.DataFrame
    facilities: pd.DataFrame
    waste: pd.DataFrame
    informal: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(INFORMAL_COLUMNS))
    )
    violations: tuple[Violation, ...] = ()
    unmixing: Unmixing | None = None
    kpis: tuple[Kpi, ...] = field(default_factory=tuple)
    effluent: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(EFFLUENT_COLUMNS))
    )
    """The ledger of effluent (see `EFFLUENT_COLUMNS`); none of it is solid waste."""
    conventions: Mapping[str, str] = field(default_factory=dict)
    """See `scenario.conventions`; empty if nobody said."""

    def kpi(self, id: str, period: str = "") -> float:
        """The value of one headline; KeyError if there is none."""
        for kpi in self.kpis:
            if kpi.id == id and kpi.period == period:
                return kpi.value
        raise KeyError(f"no indicator {id!r} for period {period!r}")

    @property
    def cost_present_value(self) -> float:
        """Resource cost of the plan over the horizon.  [money, present value]"""
        return float(self.costs["present_value"].sum())
