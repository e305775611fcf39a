"""The ledger of effluent: cubic metres, oxygen demand, methane, energy, sludge.

Effluent is never part of a heating value, of diversion or of the cost of a tonne of
solid waste; only its sludge is, from the plant on that puts it out.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd

from wasteplan.evaluation.books import EFFLUENT, Books, technology_of
from wasteplan.evaluation.result import EFFLUENT_COLUMNS
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.effluent import bod_kg_per_t, cod_kg_per_t
from wasteplan.units import KG_PER_T

KWH_PER_MWH = 1000.0


def effluent_table(books: Books) -> pd.DataFrame:
    """The effluent table (see `EFFLUENT_COLUMNS`); a cubic metre is a tonne."""
    index, rows = books.course.index, []
    liquid = np.array([books.is_liquid(lot) for lot in index.lots], bool)
    sludge = _sludge_share(books) if liquid.any() else {}
    for t, flows in enumerate(books.course.flows):
        trips = books.trips[t]
        for k in np.flatnonzero(liquid[flows.lot]).tolist():
            lot = index.lots[flows.lot[k]]
            plant = index.places[flows.destination[k]]
            if not books.treats_effluent(plant):
                continue
            m3 = float(flows.tonnes[k, -1])
            number = int(trips.vehicle[k])
            is_on_site = trips.distance_km[k] == 0
            named = books.scenario.vehicles[number].id if number >= 0 else ""
            rows.append(
                (
                    books.scenario.periods[t].id,
                    index.places[flows.origin[k]],
                    lot.stream,
                    plant,
                    technology_of(plant),
                    m3,
                    *(m3 * per_m3 for per_m3 in _per_m3(books, plant, lot.material)),
                    m3 * sludge[t, plant, lot.stream],
                    float(trips.distance_km[k]),
                    "" if is_on_site else named,
                    m3 * float(trips.cost_per_t[k]),
                )
            )
    return pd.DataFrame(rows, columns=list(EFFLUENT_COLUMNS))


def _per_m3(books: Books, plant: str, material: int) -> tuple[float, ...]:
    """COD, BOD, COD discharged, CH4, CH4 captured [t/m3]; electricity [MWh/m3]."""
    technology = books.scenario.technology[technology_of(plant)]
    made, table = books.intensities.materials.all[material], books.intensities.materials
    cod = cod_kg_per_t(made, table.table) / KG_PER_T
    bod = bod_kg_per_t(made, table.table) / KG_PER_T
    removed = technology.cod_removal
    left = np.nan if removed is None else cod * (1.0 - removed)
    work = books.intensities.performance(technology.id, material)
    return (
        cod,
        bod,
        left,
        work.methane_committed_kg_per_t / KG_PER_T,
        work.methane_captured_kg_per_t / KG_PER_T,
        work.electricity_kwh_per_t / KWH_PER_MWH,
    )


def _sludge_share(books: Books) -> dict[tuple[int, str, str], float]:
    """(period, plant, stream) -> solid output per input.  [t/m3]"""
    made: dict[tuple[int, str, str], float] = defaultdict(float)
    for t, plant, lot, tonnes in books.sludge:
        made[t, plant, lot.stream] += float(tonnes[-1])
    taken: dict[tuple[int, str, str], float] = defaultdict(float)
    for (t, place), lots in books.course.intake.items():
        for lot, tonnes in lots.items():
            taken[t, place, lot.stream] += float(tonnes[-1])
    share: dict[tuple[int, str, str], float] = defaultdict(float)
    for key, m3 in taken.items():
        share[key] = made[key] / m3 if m3 > 0 else 0.0
    return share


def effluent_costs(scenario: Scenario, costs: pd.DataFrame) -> pd.DataFrame:
    """The rows of a cost table that belong to effluent; sludge is solid waste."""
    own = [t.id for t in scenario.technologies if t.kind == EFFLUENT]
    return costs[(costs["term"] == EFFLUENT) | costs["technology"].isin(own)]


def without_effluent(
    books: Books, costs: pd.DataFrame, emissions: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Costs and emissions of solid waste alone."""
    own = [t.id for t in books.scenario.technologies if t.kind == EFFLUENT]
    money = costs.index.isin(effluent_costs(books.scenario, costs).index)
    gases = (emissions["stage"] == EFFLUENT) | emissions["technology"].isin(own)
    return costs[~money], emissions[~gases]
