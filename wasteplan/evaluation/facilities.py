"""How full every facility is: mass, heat, airspace, energy and jobs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.evaluation.assets import CENTRE, Asset
from wasteplan.evaluation.books import Books, technology_of
from wasteplan.evaluation.following import Lots, total
from wasteplan.evaluation.part_load import lost_kwh
from wasteplan.evaluation.result import FACILITY_COLUMNS

FULL = 1 - 1e-6  # utilisation from which a limit binds
MJ_PER_TJ = 1e6
KWH_PER_MWH = 1e3


@dataclass(frozen=True)
class PlantState:
    """A plant or centre in a period; amounts of the last year."""

    period: int
    plant: str
    technology: str
    at_work: tuple[Asset, ...]
    lots: Lots
    throughput_t: float
    heat_tj: float
    """NaN if the heating value of something it takes is unknown."""
    electricity_mwh: float
    airspace_used_m3: float
    """From the start to the end of the period; NaN no landfill."""
    airspace_left_m3: float
    """Of what works, at the end of the period; negative by what did not fit."""
    airspace_m3_per_y: float

    @property
    def site(self) -> str:
        """The site or centre."""
        return self.plant.partition(".")[0]

    @property
    def nominal_t(self) -> float:
        """Nameplate mass capacity.  [t/y]"""
        return sum(a.nominal_t_per_y for a in self.at_work)

    @property
    def mass_max_t(self) -> float:
        """Available mass capacity with overload.  [t/y]"""
        return sum(a.mass_max_t_per_y for a in self.at_work)

    @property
    def heat_max_tj(self) -> float:
        """Available thermal rating; NaN unless every size has one.  [TJ/y]"""
        if not self.at_work:
            return math.nan
        return sum(a.heat_max_tj_per_y for a in self.at_work)

    @property
    def load_min(self) -> float:
        """Least load: TJ/y with a heat rating, else t/y."""
        return sum(a.load_min for a in self.at_work)

    @property
    def utilisation(self) -> dict[str, float]:
        """Share of the available capacity in use, by limit.  [-]"""
        found = {}
        if self.mass_max_t > 0:
            found["mass"] = self.throughput_t / self.mass_max_t
        if self.heat_max_tj > 0 and not math.isnan(self.heat_tj):
            found["heat"] = self.heat_tj / self.heat_max_tj
        return found


class Cells:
    """The airspace of a landfill, used up period by period.  [m3]

    What is deposited in a period takes the room of the cells that work in it, first of
    those that stop working soonest: cells differ only in how long they last, so what
    does not fit in this order fits in none.
    """

    def __init__(self, own: Sequence[Asset]) -> None:
        known = [a for a in own if not math.isnan(a.airspace_m3)]
        known.sort(key=lambda a: int(np.flatnonzero(a.works).max(initial=-1)))
        self._cells = known
        self._left_m3 = [a.airspace_m3 for a in known]
        self._used_m3 = 0.0

    def take(self, t: int, volume_m3: float) -> tuple[float, float]:
        """Deposit a volume in a period, each period once and in order.

        Returns
        -------
        used_m3, left_m3
            Used from the start to the end of the period; left in what works then,
            negative by what did not fit.  NaN if no cell opened so far states any.
        """
        if not any(a.opened <= t for a in self._cells):
            return math.nan, math.nan
        at_work = [i for i, a in enumerate(self._cells) if a.works[t]]
        short_m3 = volume_m3
        for i in at_work:
            taken_m3 = min(short_m3, self._left_m3[i])
            self._left_m3[i] -= taken_m3
            short_m3 -= taken_m3
        self._used_m3 += volume_m3
        return self._used_m3, sum(self._left_m3[i] for i in at_work) - short_m3


def plant_states(books: Books) -> tuple[PlantState, ...]:
    """Every plant and centre that works or takes something, period by period."""
    taking = {p for _, p in books.course.intake if p not in books.scenario.outlet}
    found = []
    for plant in [*books.assets, *sorted(taking - books.assets.keys())]:
        own = books.assets.get(plant, [])
        cells = Cells(own)
        for t in range(len(books.years)):
            lots = books.course.intake.get((t, plant), {})
            at_work = tuple(a for a in own if a.works[t])
            state = _state(books, t, plant, at_work, lots, cells)
            if at_work or lots or not math.isnan(state.airspace_left_m3):
                found.append(state)
    return tuple(sorted(found, key=lambda s: s.period))


def _state(
    books: Books,
    t: int,
    plant: str,
    at_work: tuple[Asset, ...],
    lots: Lots,
    cells: Cells,
) -> PlantState:
    name = technology_of(plant) or CENTRE
    heat_mj = kwh = 0.0
    volume_m3 = np.zeros(len(books.years[t]))
    for lot, tonnes in lots.items():
        last = float(tonnes[-1])
        if name == CENTRE:
            kwh -= books.scenario.centre[plant].electricity_kwh_per_t * last
            continue
        work = books.intensities.performance(name, lot.material)
        heat_mj += work.heat_mj_per_t * last if last else 0.0
        lost = np.broadcast_to(lost_kwh(books, t, plant, lot), volume_m3.shape)
        net_kwh = work.electricity_kwh_per_t - float(lost[-1])
        kwh += net_kwh * last if last else 0.0
        volume_m3 = volume_m3 + work.airspace_m3_per_t * tonnes
    used_m3, left_m3 = cells.take(t, float(volume_m3.sum()))
    is_landfill = not math.isnan(left_m3)
    return PlantState(
        period=t,
        plant=plant,
        technology=name,
        at_work=at_work,
        lots=lots,
        throughput_t=float(total(lots, len(books.years[t]))[-1]),
        heat_tj=math.nan if name == CENTRE else heat_mj / MJ_PER_TJ,
        electricity_mwh=kwh / KWH_PER_MWH,
        airspace_used_m3=used_m3,
        airspace_left_m3=left_m3,
        airspace_m3_per_y=float(volume_m3[-1]) if is_landfill else math.nan,
    )


def facilities(books: Books, states: tuple[PlantState, ...]) -> pd.DataFrame:
    """The facility table (see `FACILITY_COLUMNS`)."""
    rows = [_row(books, state) for state in states]
    return pd.DataFrame(rows, columns=list(FACILITY_COLUMNS))


def _row(books: Books, s: PlantState) -> tuple[object, ...]:
    share = s.utilisation
    binding = next((k for k, v in share.items() if v >= FULL), "")
    if s.at_work and s.airspace_left_m3 <= (1 - FULL) * max(s.airspace_used_m3, 1.0):
        binding = "airspace"
    has_heat = not math.isnan(s.heat_max_tj)
    lhv = s.heat_tj * 1e3 / s.throughput_t if s.throughput_t > 0 else math.nan
    return (
        books.scenario.periods[s.period].id,
        s.plant,
        s.site,
        s.technology,
        "+".join(a.size for a in s.at_work),
        s.throughput_t,
        s.nominal_t,
        s.heat_tj if has_heat else math.nan,
        s.heat_max_tj,
        max(share.values(), default=math.nan),
        binding,
        lhv,  # TJ/t x 1000 = MJ/kg
        s.electricity_mwh,
        s.airspace_used_m3,
        s.airspace_left_m3,
        s.airspace_m3_per_y,
        _jobs_per_kt(books, s) * s.throughput_t * 1e-3,
    )


def _jobs_per_kt(books: Books, s: PlantState) -> float:
    if s.technology == CENTRE:
        return books.scenario.centre[s.plant].jobs_per_kt_per_y
    return books.scenario.technology[s.technology].jobs_per_kt_per_y or 0.0
