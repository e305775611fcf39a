"""Risk of an appraisal: tornado, switching values, stories, chance, waste supply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

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
from wasteplan.finance.more_revenue import added_fee_needed, more_revenue
from wasteplan.finance.project import Business, Shock
from wasteplan.plan.records import Plan
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.scenario.model import Scenario
from wasteplan.study.appraisal_drivers import drivers, groups
from wasteplan.study.appraisal_intake import (
    Simulated,
    intake_draws,
    simulated_intake,
)
from wasteplan.study.appraisal_moves import one_at_a_time, story_rows
from wasteplan.study.appraisal_supply import supply_table
from wasteplan.study.financed import Financed, Shocked, shocked


def risk_of(
    scenario: Scenario,
    plan: Plan,
    financed: Sequence[Financed],
    business: Business,
    simulation: Simulated | None = None,
) -> Risk:
    """All tables of risk, for all facilities together and each with a gate fee."""
    settings = scenario.settings.finance
    every = {one.name: drivers(scenario, plan, one, simulation) for one in financed}
    names = list(dict.fromkeys(d.name for found in every.values() for d in found))
    links = group_correlations(names, groups(names), settings.correlation)
    known = simulated_intake(scenario, financed[0].projects, simulation)
    intake = intake_draws(known, draws=settings.draws, seed=settings.seed)
    tornado, switching, stories, chances = [], [], [], []
    curves, samples, supply = [], [], []
    for one in financed:
        found, parts = every[one.name], dict(_parts(one))
        moved = one_at_a_time(one, business, found, tuple(parts))
        tornado += moved.tornado
        switching += moved.switching
        chance = replace(_draws(found, links, settings), intake=intake)
        drawn = shocked(one, business, chance)
        for place, part in parts.items():
            for fees, npv, cover in _chances(place, part, business, drawn):
                key = (one.name, place, fees)
                chances.append((*key, *_summary(npv, cover, settings)))
                curves.append(_labelled(convergence(npv), key))
                if place == POOL:
                    samples.append(_labelled(_sample(npv, cover), key))
            if place != POOL:
                limit = settings.dscr_limit
                supply.append(supply_table(part, business, found, limit, known))
        stories += list(story_rows(one, business, found))
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


def _draws(
    found: Sequence[Driver], links: pd.DataFrame, settings: FinanceSettings
) -> Shock:
    own = [d.name for d in found]
    draws = correlated_draws(
        found,
        links.loc[own, own].to_numpy(),
        draws=settings.draws,
        seed=settings.seed,
    )
    return Shock(**draws)  # type: ignore[arg-type]


def _chances(
    place: str, one: Financed, business: Business, drawn: Shocked
) -> Iterator[tuple[str, Floats, Floats]]:
    """NPV and cover of all draws, at the plan's gate fees and at those needed."""
    yield "stated", drawn.npv[place], drawn.cover[place]
    needed = added_fee_needed(one.projects, one.cases, business, cashes=one.cashes)
    if np.isfinite(needed.value):
        own = {p.id for p in one.projects}
        cashes = [c for c in drawn.cashes if c.project.id in own]
        answer = more_revenue(cashes, business, shock=drawn.shock)
        yield "needed", answer.owners(needed.value), answer.cover(needed.value)


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
