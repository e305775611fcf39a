"""Every indicator: its id, what people call it, its unit and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """What an indicator is; its value is somebody else's."""

    id: str
    label: str
    unit: str
    better: Literal["less", "more", ""]
    text: str


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "cost_present_value",
        "System cost",
        "money, present value",
        "less",
        "resource cost inside the boundary over the horizon, sales deducted",
    ),
    Indicator(
        "cost_per_t",
        "Levelised cost",
        "money/t",
        "less",
        "present value of cost over present value of tonnes generated",
    ),
    Indicator(
        "gross_cost_present_value",
        "Gross cost",
        "money, present value",
        "less",
        "the same before sales",
    ),
    Indicator(
        "landfill_diversion_rate",
        "Landfill diversion",
        "-",
        "more",
        "1 - (leaked + landfilled untreated + residues landfilled) / generated",
    ),
    Indicator(
        "recycling_rate",
        "Recycling",
        "-",
        "more",
        "output of final recyclers and buyers over generated",
    ),
    Indicator(
        "recovery_rate",
        "Energy recovery",
        "-",
        "more",
        "into combustion or co-processing over generated",
    ),
    Indicator(
        "diversion_without_incineration",
        "Diversion without incineration",
        "-",
        "more",
        "diversion with tonnes into combustion or co-processing as not diverted",
    ),
    Indicator(
        "residue_free_diversion",
        "Diversion if residues are not counted",
        "-",
        "more",
        "1 - (leaked + landfilled untreated) / generated",
    ),
    Indicator(
        "co2e_t_per_y",
        "Greenhouse gases",
        "t CO2e/y",
        "less",
        "GWP100, committed methane in the year of deposit",
    ),
    Indicator(
        "co2e_kg_per_t",
        "Greenhouse gases per tonne",
        "kg CO2e/t",
        "less",
        "over all tonnes generated",
    ),
    Indicator(
        "electricity_mwh_per_y",
        "Net electricity",
        "MWh/y",
        "more",
        "exported less used",
    ),
    Indicator(
        "heat_sold_gj_per_y",
        "Heat sold",
        "GJ/y",
        "more",
        "at sites with buyers of heat",
    ),
    Indicator(
        "jobs", "Jobs at facilities", "FTE", "more", "full-time equivalents, formal"
    ),
    Indicator(
        "truck_km_per_y", "Truck traffic", "km/y", "less", "both ways, all hauls"
    ),
    Indicator(
        "airspace_left_m3",
        "Landfill airspace left",
        "m3",
        "more",
        "at the end of the horizon",
    ),
    Indicator(
        "airspace_years",
        "Landfill life left",
        "y",
        "more",
        "airspace left over its use in the last period",
    ),
    Indicator(
        "share_of_cost_on_assumption",
        "Cost resting on memory or assumption",
        "-",
        "less",
        "share of gross cost and sales whose weakest number is recalled or assumed",
    ),
    Indicator(
        "share_of_co2e_on_assumption",
        "CO2e resting on memory or assumption",
        "-",
        "less",
        "share of emissions and credits whose weakest factor is recalled or assumed",
    ),
    Indicator(
        "abatement_cost_per_t_co2e",
        "Cost of avoided CO2e",
        "money/t CO2e",
        "less",
        "added present cost over CO2e avoided, against the status quo",
    ),
)

_BY_ID = {i.id: i for i in INDICATORS}


def indicator(id: str) -> Indicator:
    """The indicator of that id.

    Raises
    ------
    KeyError
        If there is none.

    >>> indicator("cost_per_t").unit
    'money/t'
    """
    return _BY_ID[id]
