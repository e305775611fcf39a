"""Indicators of the Sustainable Development Goals from a year of reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
from pydantic import Field

from wasteplan.indicators.sdg import (
    Control,
    controlled_share,
    hazardous_per_person,
    recycling_rate,
    treated_shares,
)
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.units import Record

SDG_COLUMNS = {
    "year": "calendar year",
    "indicator": "number and part",
    "label": "in words",
    "low": "lower end",
    "high": "upper end; equal to the lower if it is no range",
    "unit": "unit",
}


RECYCLED = "recycled of all generated"
RECYCLED_BESIDE_TRADES = f"{RECYCLED}, without what informal trades take unreported"
"""What trades take before collection is on no shipment."""


class AssessedFacility(Record):
    """How well a facility is controlled, as somebody saw it on the spot."""

    facility: Annotated[str, Field(min_length=1, max_length=200)]
    control: Control
    note: str = ""
    """Who assessed it, when, and after which checklist."""


def sdg_rows(
    scenario: Scenario,
    loads: pd.DataFrame,
    part: Mapping[int, float],
    control: Mapping[str, Control],
    municipal: frozenset[str],
) -> pd.DataFrame:
    """SDG 11.6.1, 12.4.2 and 12.5.1 of every year; see `indicators.sdg`.

    What is generated is the scenario's; what becomes of it is reported.
    """
    hazardous = {s.id for s in scenario.streams if s.is_hazardous}
    sizes = [g.population for g in scenario.generators if g.population is not None]
    persons = sum(sizes) if sizes else None
    rows: list[tuple[Any, ...]] = []
    for year, share in part.items():
        first = loads[(loads["year"] == year) & loads["is_first"]]
        tonnes = {
            s.id: share * _stream_t(scenario, s.id, year) for s in scenario.streams
        }
        if municipal:
            city: Any = first[first["stream"].isin(municipal)]
            made = sum(tonnes.get(s, 0.0) for s in municipal)
            by_place = dict(city.groupby("facility")["waste_t"].sum())
            found = controlled_share(by_place, control, made, made)
            rows.append(
                (year, "11.6.1", "municipal waste in controlled facilities",
                 found.low, found.high, "-")
            )  # fmt: skip
        made = sum(tonnes[s] for s in hazardous)
        each = hazardous_per_person(made / share, persons)
        rows.append((year, "12.4.2 a", "hazardous waste", each, each, "kg/(person y)"))
        toxic: Any = first[first["stream"].isin(hazardous)]
        treated = dict(toxic.groupby("fate")["waste_t"].sum())
        for name, value in treated_shares(treated, made).items():
            label = f"hazardous waste: {name.replace('_', ' ')}"
            rows.append((year, "12.4.2 b", label, value, value, "-"))
        solid = [s.id for s in scenario.streams if not s.is_effluent]
        effluents = {s.id for s in scenario.streams} - set(solid)
        seen = loads[(loads["year"] == year) & ~loads["stream"].isin(effluents)]
        made = sum(tonnes[s] for s in solid)
        rate = recycling_rate(_recycled_t(seen), 0.0, 0.0, made)
        label = RECYCLED_BESIDE_TRADES if scenario.informal else RECYCLED
        rows.append((year, "12.5.1", label, rate, rate, "-"))
    return pd.DataFrame(rows, columns=list(SDG_COLUMNS))


def _recycled_t(loads: pd.DataFrame) -> float:
    """What arrived to be recycled, from generators or sorted out on the way.  [t]

    What a recycler hands on was counted when it arrived there.
    """
    recycling = loads[loads["fate"] == "recycling"]
    onward = recycling["origin"].isin(set(recycling["facility"]))
    return float(recycling.loc[~onward, "waste_t"].sum())


def _stream_t(scenario: Scenario, stream: str, year: int) -> float:
    generators = dict.fromkeys(
        r.generator for r in scenario.generation if r.stream == stream
    )
    return sum(tonnage(scenario, g, stream, year) for g in generators)
