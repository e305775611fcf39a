"""Risk of an appraisal: tornado, switching values, stories, chance, waste supply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import (
    CHANCE_COLUMNS,
    CONVERGENCE_COLUMNS,
    POOL,
    SAMPLE_COLUMNS,
    STORY_COLUMNS,
    SWITCHING_COLUMNS,
    TORNADO_COLUMNS,
    Risk,
)
from wasteplan.finance.chance import (
    Driver,
    convergence,
    correlated_draws,
    group_correlations,
)
from wasteplan.finance.lending import Floats
from wasteplan.finance.measures import added_fee_needed
from wasteplan.finance.payoff import rate_of_return, where_zero
from wasteplan.finance.project import Business, Shock, project_cash
from wasteplan.plan.records import Plan
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.scenario.model import Scenario
from wasteplan.study.appraisal_drivers import drivers, groups
from wasteplan.study.appraisal_supply import supply_table
from wasteplan.study.financed import Financed, outcome

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult

GRID = 41  # points at which a switching value is looked for
REACH = 3.0  # multiples of the plan, or of a range of rates
ADVERSE_HIGH = ("capex", "operating", "interest", "gain")


def risk_of(
    scenario: Scenario,
    plan: Plan,
    financed: Sequence[Financed],
    business: Business,
    simulation: SimulationResult | None = None,
) -> Risk:
    """All tables of risk, for all facilities together and each with a gate fee."""
    settings = scenario.settings.finance
    every = {one.name: drivers(scenario, plan, one, simulation) for one in financed}
    names = list(dict.fromkeys(d.name for found in every.values() for d in found))
    links = group_correlations(names, groups(names), settings.correlation)
    tornado, switching, stories, chances = [], [], [], []
    curves, samples, supply = [], [], []
    for one in financed:
        found = every[one.name]
        for place, part in _parts(one):
            tornado += list(_tornado(place, part, business, found))
            switching += list(_switching(place, part, business, found))
            for fees, added in _fees(part, business):
                npv, cover = _drawn(part, business, found, links, settings, added)
                key = (one.name, place, fees)
                chances.append((*key, *_summary(npv, cover, settings)))
                curves.append(_labelled(convergence(npv), key))
                if place == POOL:
                    samples.append(_labelled(_sample(npv, cover), key))
            if place != POOL:
                limit = settings.dscr_limit
                supply.append(supply_table(part, business, found, limit))
        stories += list(_stories(one, business, found))
    return Risk(
        tornado=_sorted(pd.DataFrame(tornado, columns=list(TORNADO_COLUMNS))),
        switching=pd.DataFrame(switching, columns=list(SWITCHING_COLUMNS)),
        stories=pd.DataFrame(stories, columns=list(STORY_COLUMNS)),
        chances=pd.DataFrame(chances, columns=list(CHANCE_COLUMNS)),
        convergence=pd.concat(curves)[list(CONVERGENCE_COLUMNS)],
        sample=pd.concat(samples)[list(SAMPLE_COLUMNS)],
        supply=pd.concat(supply) if supply else pd.DataFrame(),
        correlations=links,
    )


def _parts(one: Financed) -> Iterator[tuple[str, Financed]]:
    yield POOL, one
    for project in one.projects:
        if project.gate_fee.any():
            yield project.id, one.of(project.id)


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    order = ["case", "place"]
    ranked = table.assign(rank=-table["swing"].abs())
    for column in order:
        ranked[column] = pd.Categorical(ranked[column], table[column].unique())
    ranked = ranked.sort_values([*order, "rank"], kind="stable", ignore_index=True)
    return ranked.drop(columns="rank").astype(dict.fromkeys(order, "object"))


def _moved(driver: Driver, value: Floats | float) -> Shock:
    return replace(Shock(), **{driver.name: value})  # type: ignore[arg-type]


def _tornado(
    place: str, one: Financed, business: Business, found: Sequence[Driver]
) -> Iterator[tuple[object, ...]]:
    for d in found:
        ends = np.array([d.low, d.planned, d.high])
        npv, _ = outcome(one, business, _moved(d, ends))
        low, planned, high = (float(v) for v in npv)
        swing = abs(high - low)
        yield (
            *(one.name, place, d.name, d.low, d.high, d.unit),
            *(low, planned, high, swing, d.status, d.source),
        )


def _switching(
    place: str, one: Financed, business: Business, found: Sequence[Driver]
) -> Iterator[tuple[object, ...]]:
    """Where the owners' NPV turns: the root nearest to the plan on a grid."""
    for d in found:
        width = d.high - d.low
        low = d.low - REACH * width if d.unit != "x" else 0.0
        high = d.high + REACH * width if d.unit != "x" else REACH
        grid = np.linspace(low, high, GRID)
        npv, _ = outcome(one, business, _moved(d, grid))
        cells = np.flatnonzero(np.sign(npv[:-1]) != np.sign(npv[1:]))
        if not len(cells):
            why = f"no value between {low:,.3g} and {high:,.3g} turns the NPV"
            row = (np.nan, np.nan, False, why)
        else:
            cell = min(cells, key=lambda c: abs(grid[c] - d.planned))

            def value(at: float, d: Driver = d) -> float:
                return float(outcome(one, business, _moved(d, at))[0])

            root = where_zero(value, float(grid[cell]), float(grid[cell + 1])).value
            change = root - d.planned if d.unit != "x" else root / d.planned - 1.0
            row = (root, change, bool(d.low <= root <= d.high), "")
        yield one.name, place, d.name, d.unit, d.planned, *row


def _fees(one: Financed, business: Business) -> list[tuple[str, float]]:
    """Gate fees of the plan, and those that the target return needs."""
    needed = added_fee_needed(one.projects, one.cases, business).value
    found = [("stated", 0.0)]
    return [*found, ("needed", needed)] if np.isfinite(needed) else found


def _drawn(
    one: Financed,
    business: Business,
    found: Sequence[Driver],
    links: pd.DataFrame,
    settings: FinanceSettings,
    added: float,
) -> tuple[Floats, Floats]:
    own = [d.name for d in found]
    draws = correlated_draws(
        found,
        links.loc[own, own].to_numpy(),
        draws=settings.draws,
        seed=settings.seed,
    )
    shock = Shock(**draws)  # type: ignore[arg-type]
    return outcome(one, business, shock, (added,) * len(one.projects))


def _summary(
    npv: Floats, cover: Floats, settings: FinanceSettings
) -> tuple[object, ...]:
    limit = settings.dscr_limit
    loss = float((npv < 0).mean())
    has_debt = bool(np.isfinite(cover).any())
    weak = float((cover < limit).mean()) if has_debt else np.nan
    p05, p50, p95 = (float(q) for q in np.quantile(npv, [0.05, 0.5, 0.95]))
    error = float(np.sqrt(loss * (1.0 - loss) / len(npv)))
    seed = settings.seed
    return len(npv), seed, float(npv.mean()), p05, p50, p95, loss, weak, limit, error


def _sample(npv: Floats, cover: Floats) -> pd.DataFrame:
    return pd.DataFrame({"draw": range(len(npv)), "npv": npv, "dscr_min": cover})


def _labelled(table: pd.DataFrame, key: tuple[str, str, str]) -> pd.DataFrame:
    case, place, fees = key
    return table.assign(case=case, place=place, fees=fees)


def _stories(
    one: Financed, business: Business, found: Sequence[Driver]
) -> Iterator[tuple[object, ...]]:
    """Each driver at its bad end, all of them, and the plan itself."""
    bad = {d.name: d.high if d.name in ADVERSE_HIGH else d.low for d in found}
    bad["inflation"] = 0.0
    words = {
        "capex": "building costs more",
        "operating": "running costs more",
        "tonnes": "kilns, informal buyers or recyclers take the waste",
        "electricity_price": "the tariff is low",
        "fuel_price": "coal is cheap",
        "product_price": "recyclates sell badly",
        "interest": "interest is high",
        "gain": "the loan's currency gains",
    }
    stories: list[tuple[str, Shock]] = [("as planned", Shock())]
    by_name = {d.name: d for d in found}
    for name, text in words.items():
        if name in by_name:
            stories.append((text, _moved(by_name[name], bad[name])))
    stories.append(("all of this together", Shock(**bad)))
    now = sum(float((p.gate_fee * p.tonnes).sum()) for p in one.projects)
    tonnes = sum(float(p.tonnes.sum()) for p in one.projects)
    for text, shock in stories:
        npv, cover = outcome(one, business, shock)
        fee = now / tonnes + _fee_under(one, business, shock) if tonnes else np.nan
        row = (float(npv), _irr_under(one, business, shock), float(cover), fee)
        yield text, one.name, POOL, *row


def _irr_under(one: Financed, business: Business, shock: Shock) -> float:
    pairs = zip(one.projects, one.cases, strict=True)
    cashes = [project_cash(p, c, business, shock=shock) for p, c in pairs]
    equity = np.sum([cash["equity"] for cash in cashes], axis=0)
    years = one.projects[0].years
    return rate_of_return(
        {int(y): float(a) for y, a in zip(years, equity, strict=True)}
    ).value


def _fee_under(one: Financed, business: Business, shock: Shock) -> float:
    """What all gate fees must rise by under a shock.  [money/t, real]"""

    def value(fee: float) -> float:
        return float(outcome(one, business, shock, (fee,) * len(one.projects))[0])

    return where_zero(value, -1000.0, 1000.0, widen=4).value
