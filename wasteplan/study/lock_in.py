"""Whether the plants of a plan would lack waste if recycling grew."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wasteplan.evaluation.assets import assets, by_plant
from wasteplan.evaluation.result import Evaluation
from wasteplan.indicators.lock_in import lock_in
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.study.facility_money import Ledgers

RECYCLING = "recycling_rate"
NOT_COUNTED = ("disposal", "effluent", "sorting", "recycling")
"""More recycling starves none of them; what sorting passes on counts where it ends."""


def lock_in_table(
    scenario: Scenario,
    plan: Plan,
    evaluation: Evaluation,
    asked: Mapping[int, float] | None = None,
) -> pd.DataFrame:
    """What plants must be fed against what is left, by year (`LOCK_IN_COLUMNS`).

    Counted are plants inside the boundary that have a minimum load, and all of them if
    `[finance] put_or_pay` promises them tonnes; landfills, effluent plants, sorting and
    recyclers apart.  A sorting plant passes on what it takes: the same tonnes would
    count again at the burner behind it.

    Parameters
    ----------
    asked
        Year -> recycling rate; from the scenario's targets if None.  [-]

    Returns
    -------
    DataFrame
        Empty if nothing is promised to any plant.
    """
    years = list(scenario.years)
    taken, committed = _plants(scenario, plan, evaluation)
    if not committed:
        return lock_in([], [], [], [], [], {})
    waste = evaluation.waste.groupby("period")
    last_made = waste["generated_t"].sum().to_dict()
    last_recycled = waste["recycled_t"].sum().to_dict()
    made, recycled = {}, {}
    for p in scenario.periods:
        for y in range(p.first_year, p.last_year + 1):
            share = _solid(scenario, y) / _solid(scenario, p.last_year)
            made[y] = last_made[p.id] * share
            recycled[y] = last_recycled[p.id] * share
    return lock_in(
        years,
        [sum(t.get(y, 0.0) for t in taken.values()) for y in years],
        [sum(t.get(y, 0.0) for t in committed.values()) for y in years],
        [made[y] for y in years],
        [recycled[y] for y in years],
        _asked(scenario) if asked is None else asked,
    )


def lock_in_said(table: pd.DataFrame) -> str:
    """The table in a sentence."""
    rows = table.to_dict("records")
    tight = min(rows, key=lambda r: r["highest_rate"])
    text = (
        f"Plants must be fed {tight['committed_t']:,.0f} t in {tight['year']:.0f}, so "
        f"that at most {max(0.0, tight['highest_rate']):.1%} of all waste can be "
        "recycled before they lack waste"
    )
    if table["asked_rate"].isna().all():
        return f"{text}; no recycling rate is asked for"
    short = [r for r in rows if r["short_t"] > 0]
    if not short:
        return f"{text}; what is asked for leaves enough in every year"
    worst = max(short, key=lambda r: r["short_t"])
    return (
        f"{text}; at the rate asked for, {worst['short_t']:,.0f} t are missing in "
        f"{worst['year']:.0f} (years that are short: {len(short)})"
    )


def _solid(scenario: Scenario, year: int) -> float:
    """Solid waste before any measure.  [t/y]"""
    effluent = {s.id for s in scenario.streams if s.is_effluent}
    pairs = {(g.generator, g.stream) for g in scenario.generation}
    return sum(
        tonnage(scenario, *pair, year)
        for pair in sorted(pairs)
        if pair[1] not in effluent
    )


def _asked(scenario: Scenario) -> dict[int, float]:
    """The highest recycling rate that targets ask of all waste, by year."""
    found: dict[int, float] = {}
    for target in scenario.targets:
        is_whole = target.metric == RECYCLING and not target.region
        if not is_whole or target.stream or target.min is None:
            continue
        for p in scenario.periods:
            if target.period in ("", p.id):
                for y in range(p.first_year, p.last_year + 1):
                    found[y] = max(found.get(y, 0.0), target.min)
    return found


def _plants(
    scenario: Scenario, plan: Plan, evaluation: Evaluation
) -> tuple[dict[str, dict[int, float]], dict[str, dict[int, float]]]:
    """Plant -> year -> planned tonnes, and tonnes promised, of plants that count."""
    share = scenario.settings.finance.put_or_pay
    ledgers = Ledgers(scenario, plan, evaluation)
    kind = {t.id: t.kind for t in scenario.technologies}
    lhv = evaluation.facilities.set_index(["plant", "period"])["lhv_mj_per_kg"]
    taken: dict[str, dict[int, float]] = {}
    committed: dict[str, dict[int, float]] = {}
    for name, parts in by_plant(assets(scenario, plan)).items():
        if kind.get(parts[0].technology, "disposal") in NOT_COUNTED:
            continue
        if share == 0 and not any(part.load_min for part in parts):
            continue
        tonnes = ledgers.tonnes(name)
        taken[name], committed[name] = tonnes, {}
        for i, p in enumerate(scenario.periods):
            least = sum(part.load_min for part in parts if part.works[i])
            if np.isfinite(parts[0].heat_max_tj_per_y):
                heat = float(lhv.get((name, p.id), np.nan))
                least = least / heat * 1e3 if heat > 0 else 0.0
            for y in range(p.first_year, p.last_year + 1):
                committed[name][y] = max(least, share * tonnes.get(y, 0.0))
    return taken, committed
