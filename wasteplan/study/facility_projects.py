"""Facilities as projects: from construction to the end of life, in real money."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wasteplan.evaluation.result import Evaluation
from wasteplan.finance.lending import Floats
from wasteplan.finance.project import Project
from wasteplan.scenario.derived import owner
from wasteplan.scenario.model import Scenario
from wasteplan.study.facility_money import FOR_EVER, Ledger, Ledgers, Stage
from wasteplan.units import KG_PER_T

SUPPORTED_KINDS = ("sorting", "recycling")
Over = Callable[[Mapping[int, float]], Floats]
COPIED = (
    "electricity",
    "fuel_saved",
    "products",
    "fixed_om",
    "variable_om",
    "energy",
    "residues",
    "after_care",
)


def projects(
    ledgers: Ledgers, baseline: Evaluation | None = None
) -> tuple[Project, ...]:
    """Every facility that is built, over the same years, in the order of opening.

    Years after the horizon repeat its last year, to the end of life or until a landfill
    is full, unless `[finance] horizon` is `plan`: then the project ends with the
    horizon and keeps its salvage value.  What stood before is left out until the first
    new thing opens.
    """
    by_place: dict[str, list[Stage]] = {}
    for stage in ledgers.stages:
        by_place.setdefault(stage.place, []).append(stage)
    if not by_place:
        return ()
    ends = {place: _last_work(ledgers, place, s) for place, s in by_place.items()}
    first = min(min(s.draws) for s in ledgers.stages)
    years = np.arange(first, max(ends.values()) + 1, dtype=np.int64)
    avoided = _avoided_t_co2e(ledgers.evaluation, baseline)
    total = _total_tonnes(ledgers, tuple(by_place))
    return tuple(
        _project(ledgers, place, tuple(s), years, ends[place], avoided, total)
        for place, s in by_place.items()
    )


def without_plan(today: Ledgers, found: Sequence[Project]) -> tuple[Project, ...]:
    """What stands at the same places in the status quo, over the same years of work.

    Nothing is built and nothing is earned or spent where nothing stands.

    Parameters
    ----------
    today
        Ledgers of the status quo.
    found
        Projects of the plan.
    """
    made = []
    for project in found:
        nothing = Stage(project.id, project.opening, math.inf, 0.0, 0.0, {})
        last = project.last_work
        made.append(
            _project(today, project.id, (nothing,), project.years, last, {}, {})
        )
    return tuple(made)


def _last_work(ledgers: Ledgers, place: str, found: list[Stage]) -> int:
    """Last year of work: of the horizon, of life, or of a full landfill."""
    horizon = ledgers.scenario.years[-1]
    rows = ledgers.evaluation.facilities
    rows = rows[(rows["plant"] == place) & (rows["sizes"] != "")]
    at_end = rows[rows["period"] == ledgers.scenario.periods[-1].id]
    works = [ledgers.span[str(period)][-1] for period in rows["period"]]
    in_plan = max([*works, *(s.opening for s in found)])
    life = max((s.last for s in found if s.last < FOR_EVER), default=horizon)
    if ledgers.scenario.settings.finance.horizon == "plan" or in_plan < horizon:
        return min(in_plan, horizon)
    left_y = math.inf
    for row in at_end.itertuples():
        used = float(row.airspace_m3_per_y)  # type: ignore[arg-type]
        if used > 0:
            left_y = float(row.airspace_left_m3) / used  # type: ignore[arg-type]
    more = max(0, life - horizon)
    return horizon + (more if math.isinf(left_y) else min(more, math.floor(left_y)))


def _project(
    ledgers: Ledgers,
    place: str,
    found: tuple[Stage, ...],
    years: NDArray[np.int64],
    last: int,
    avoided: Mapping[int, float],
    total: Mapping[int, float],
) -> Project:
    scenario = ledgers.scenario
    horizon, opening = scenario.years[-1], min(s.opening for s in found)
    ledger = ledgers.of(place)
    works = (years >= opening) & (years <= last)
    source = np.minimum(years, horizon)

    def over(values: Mapping[int, float]) -> Floats:
        """A line over the project's years; after the horizon as in its last year."""
        amounts = np.array([values.get(int(y), 0.0) for y in source])
        return np.where(works, amounts, 0.0)

    real = {name: over(ledger.lines.get(name, {})) for name in COPIED}
    tonnes = over(ledger.tonnes)
    real |= _support(scenario, place, ledger, over, tonnes)
    share = {y: t / total[y] for y, t in ledger.tonnes.items() if total.get(y)}
    credit = scenario.settings.finance.carbon_credit_per_t
    real["carbon_credits"] = credit * over(
        {y: s * max(avoided.get(y, 0.0), 0.0) for y, s in share.items()}
    )
    real |= _later_capital(scenario, found, years, last)
    technology = scenario.technology.get(place.rpartition(".")[2])
    fee = technology.gate_fee_per_t if technology else 0.0
    return Project(
        id=place,
        years=years,
        stages=tuple((s.opening, _spread(s.draws, years)) for s in found),
        last_work=last,
        horizon=horizon,
        real=real,
        tonnes=tonnes,
        planned_tonnes=tonnes,
        gate_fee=np.where(works, fee, 0.0),
        land=_land(found, years, last),
        salvage=_salvage(scenario, found, years, last),
        electricity_mwh=over(ledger.electricity_mwh),
        is_taxed=owner(scenario, place) != "public",
    )


def _support(
    scenario: Scenario, place: str, ledger: Ledger, over: Over, tonnes: Floats
) -> dict[str, Floats]:
    """Results-based payments, and fees of producers for recyclates.  [money/y]"""
    settings = scenario.settings.finance
    technology = scenario.technology.get(place.rpartition(".")[2])
    is_supported = technology is not None and technology.kind in SUPPORTED_KINDS
    paid = settings.results_payment_per_t * tonnes * is_supported
    recyclate = over(ledger.recyclate_t)
    fees = settings.product_credit_per_t * recyclate
    return {"support": paid, "producer_fees": fees}


def _later_capital(
    scenario: Scenario, found: tuple[Stage, ...], years: NDArray[np.int64], last: int
) -> dict[str, Floats]:
    """Yearly payments into the reserves for renewal and closure.  [money/y]"""
    set_aside = {"replacement": np.zeros(len(years)), "closure": np.zeros(len(years))}
    for stage in found:
        for name, amounts in reserves(scenario, stage, min(stage.last, last)).items():
            for year, amount in amounts.items():
                set_aside[name][years == year] += amount
    return set_aside


def reserves(
    scenario: Scenario, stage: Stage, last: int
) -> dict[str, dict[int, float]]:
    """What is set aside in each year of work, so that no year bears all of it.

    A renewal after every n years of work is saved for evenly over them, while years of
    work follow; closure over all years of work.
    """
    settings = scenario.settings.finance
    every = settings.replacement_every_y
    years = range(stage.opening, last + 1)
    n_renewals = max(0, (len(years) - 1) // every)
    saved = stage.capex * settings.replacement_share / every
    closed = stage.capex * settings.closure_share / max(len(years), 1)
    return {
        "replacement": dict.fromkeys(years[: n_renewals * every], saved),
        "closure": dict.fromkeys(years, closed),
    }


def _land(found: tuple[Stage, ...], years: NDArray[np.int64], last: int) -> Floats:
    """Bought the year before the opening, given back at its value at the end."""
    land = np.zeros(len(years))
    for stage in found:
        land[years == max(stage.opening - 1, years[0])] += stage.land
        land[years == max(min(stage.last, last), stage.opening)] -= stage.land
    return land


def _salvage(
    scenario: Scenario, found: tuple[Stage, ...], years: NDArray[np.int64], last: int
) -> Floats:
    salvage = np.zeros(len(years))
    if scenario.settings.finance.horizon == "plan":
        rate = scenario.settings.economics.discount_rate
        for stage in found:
            salvage[years == last] += stage.salvage(rate, last)
    return salvage


def _spread(draws: Mapping[int, float], years: NDArray[np.int64]) -> Floats:
    return np.array([draws.get(int(y), 0.0) for y in years])


def _total_tonnes(ledgers: Ledgers, places: tuple[str, ...]) -> dict[int, float]:
    total: dict[int, float] = {}
    for place in places:
        for year, t in ledgers.tonnes(place).items():
            total[year] = total.get(year, 0.0) + t
    return total


def _avoided_t_co2e(
    evaluation: Evaluation, baseline: Evaluation | None
) -> dict[int, float]:
    """Emitted less than in the status quo, credits included, by year.  [t CO2e]"""
    if baseline is None:
        return {}
    before = baseline.emissions.groupby("year")["kg_co2e"].sum()
    after = evaluation.emissions.groupby("year")["kg_co2e"].sum()
    return {
        int(y): float(before[y] - after.get(y, 0.0)) / KG_PER_T for y in before.index
    }
