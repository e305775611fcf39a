"""Landfill methane of a plan year by year, beside the committed account.

The emission table books all methane of a deposit in the year of deposit (*committed*,
100 years).  An inventory wants what leaves the landfill in each year (*yearly*, first-
order decay).  They are two accounts of the same gas: never added, and reconciled here.
Waste that lay in place before the study has a yearly account only, kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.evaluation.books import Books, technology_of
from wasteplan.evaluation.emitting import leaked, treated
from wasteplan.evaluation.evaluating import books_of
from wasteplan.evaluation.lots import Floats, Ints
from wasteplan.lca.factors import heap_row
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import fractions, material
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.decay import COMMITTED_YEARS, methane_between
from wasteplan.treatment.gas import parameter
from wasteplan.treatment.landfill import GasStep, gas_steps, phases_of
from wasteplan.treatment.records import Technology
from wasteplan.units import KG_PER_T
from wasteplan.waste.material import Material

PLAN_DEPOSITS = "deposits of the plan"
IN_PLACE = "waste in place"
LEAKED = "leaked"
HEAPS = ("dumping", "uncollected")
"""Kinds of fate whose waste rots in heaps."""
YEARLY_GAS_COLUMNS = {
    "year": "calendar year",
    "origin": "`deposits of the plan`, `leaked` or `waste in place`",
    "place": "plant id or fate id",
    "generated_t": "methane formed in the year [t CH4/y]",
    "captured_t": "burnt in flare or engine [t CH4/y]",
    "oxidised_t": "oxidised in the cover [t CH4/y]",
    "emitted_t": "left to the air [t CH4/y]",
}
_GASES = ("generated_t", "captured_t", "oxidised_t", "emitted_t")


@dataclass(frozen=True)
class YearlyGas:
    """Landfill methane by calendar year, to 100 years after the last deposit."""

    table: pd.DataFrame
    """See `YEARLY_GAS_COLUMNS`."""
    committed_t: float
    """Methane of the plan's deposits and heaps, as the emission table books it."""
    horizon: tuple[int, ...]
    """Calendar years of the study."""

    def emitted_t(self, *, in_place: bool, within: bool) -> float:
        """Methane emitted of one origin, within the horizon or after it.  [t CH4]"""
        t = self.table
        rows = (t["origin"] == IN_PLACE) == in_place
        rows &= t["year"].isin(self.horizon) == within
        return float(t.loc[rows, "emitted_t"].sum())

    def reconciliation(self) -> pd.DataFrame:
        """How the yearly account and the committed one agree.  [t CH4]

        Columns item and methane_t; the last row is what is left unexplained.
        """
        within = self.emitted_t(in_place=False, within=True)
        after = self.emitted_t(in_place=False, within=False)
        rows = [
            ("emitted in the years of the study", within),
            ("emitted later, to 100 years after each deposit", after),
            ("sum of the yearly account", within + after),
            ("committed account (booked in the year of deposit)", self.committed_t),
            ("difference", within + after - self.committed_t),
            (
                "beside it: waste in place, in the years of the study",
                self.emitted_t(in_place=True, within=True),
            ),
        ]
        return pd.DataFrame(rows, columns=["item", "methane_t"])


@dataclass(frozen=True)
class _Landfill:
    """How a deposit's gas fares."""

    correction: float
    steps: tuple[GasStep, ...]


_Deposit = tuple[str, str, _Landfill, Material, Mapping[int, float]]
"""Origin, place, landfill, what it is made of, tonnes by year."""


def yearly_gas(scenario: Scenario, plan: Plan) -> YearlyGas:
    """The yearly account of a plan's landfill methane.

    IPCC (2006), volume 5, chapter 3, equations 3.1 to 3.6; a deposit forms gas from the
    January after it.  Age spans of capture hold for each deposit on its own.

    Parameters
    ----------
    scenario
        The case; climate and guidelines are those of `[assessment]`.
    plan
        A plan of that case.

    Raises
    ------
    PlanError
        If the plan does not fit the scenario.
    """
    books = books_of(scenario, plan)
    horizon = tuple(y for span in books.years for y in span)
    last = horizon[-1] + COMMITTED_YEARS
    sums: dict[tuple[str, str], Floats] = {}
    first = min([horizon[0], *(f.opened for f in scenario.facilities)])
    years = np.arange(first, last + 1)
    for deposit in (*_deposits(books), *_in_place(scenario)):
        origin, place, landfill, made_of, tonnes = deposit
        per_t = _gas_per_t(scenario, landfill, made_of)
        gas = sums.setdefault((origin, place), np.zeros((len(years), len(_GASES))))
        for year, t in tonnes.items():
            start = year + 1 - first
            gas[start : start + COMMITTED_YEARS] += t * per_t / KG_PER_T
    return YearlyGas(_table(sums, years, horizon[0]), _committed_t(books), horizon)


def _gas_per_t(scenario: Scenario, landfill: _Landfill, made_of: Material) -> Floats:
    """Gas of one tonne at ages 1, 2, ... 100, shape (ages, gases).  [kg/t]"""
    chosen = scenario.settings.assessment
    table = fractions(scenario)
    ends = np.arange(1.0, COMMITTED_YEARS + 1)

    def between(a: Floats, b: Floats) -> Floats:
        return methane_between(
            made_of, table, chosen.climate, landfill.correction, a, b, chosen.decay
        )

    generated = between(ends - 1, ends)
    captured, oxidised = np.zeros(len(ends)), np.zeros(len(ends))
    for step in landfill.steps:
        formed = between(
            np.maximum(ends - 1, step.from_y), np.minimum(ends, step.until_y)
        )
        captured += step.capture * formed
        oxidised += step.oxidation * (1.0 - step.capture) * formed
    return np.stack(
        [generated, captured, oxidised, generated - captured - oxidised], axis=1
    )


def _deposits(books: Books) -> Iterator[_Deposit]:
    """What the plan lays down, in landfills and in heaps."""
    materials = books.intensities.materials.all
    for load in treated(books):
        technology = books.scenario.technology.get(technology_of(load.place))
        if technology is None or technology.kind != "disposal":
            continue
        tonnes = dict(zip(books.years[load.period], load.tonnes, strict=True))
        made_of = materials[load.lot.material]
        landfill = _of(books.scenario, technology)
        yield PLAN_DEPOSITS, load.place, landfill, made_of, tonnes
    for load in leaked(books):
        if load.name in HEAPS:
            heap = parameter("mcf", heap_row(load.name))
            open_air = _Landfill(heap, (GasStep(0.0, COMMITTED_YEARS, 0.0, 0.0),))
            tonnes = dict(zip(books.years[load.period], load.tonnes, strict=True))
            yield LEAKED, load.place, open_air, materials[load.lot.material], tonnes


def _in_place(scenario: Scenario) -> Iterator[_Deposit]:
    """Waste that lay there before, laid down evenly since the facility opened."""
    for row in scenario.facilities:
        if not row.waste_in_place_t:
            continue
        years = range(row.opened, scenario.settings.scenario.base_year)
        tonnes = dict.fromkeys(years, row.waste_in_place_t / len(years))
        technology = scenario.technology[row.technology]
        made_of = material(scenario, row.waste_in_place_stream)
        place = f"{row.site}.{row.technology}"
        yield IN_PLACE, place, _of(scenario, technology), made_of, tonnes


def _of(scenario: Scenario, technology: Technology) -> _Landfill:
    correction = technology.methane_correction
    phases = phases_of(technology, scenario.landfill_phases)
    return _Landfill(
        1.0 if correction is None else correction, gas_steps(technology, phases)
    )


def _committed_t(books: Books) -> float:
    """Methane that the emission table books for deposits and heaps.  [t CH4]"""
    total = 0.0
    for load in treated(books):
        for line in load.lines:
            if line.kind.stage == "landfill":
                total += float(line.fixed_kg * load.tonnes.sum())
    for load in leaked(books):
        if load.name in HEAPS:
            for line in load.lines:
                total += float(line.fixed_kg * load.tonnes.sum())
    return total / KG_PER_T


def _table(
    sums: Mapping[tuple[str, str], Floats], years: Ints, first_year: int
) -> pd.DataFrame:
    """From the first year of the study on; what came before is history."""
    rows = [
        (int(year), origin, place, *map(float, gas))
        for (origin, place), gases in sums.items()
        for year, gas in zip(years, gases, strict=True)
        if year >= first_year and gas.any()
    ]
    frame = pd.DataFrame(rows, columns=list(YEARLY_GAS_COLUMNS))
    return frame.sort_values(["year", "origin", "place"], ignore_index=True)
