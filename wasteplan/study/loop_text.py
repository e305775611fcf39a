"""The loop between plan and simulation in words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from wasteplan.scenario.model import Scenario
from wasteplan.study.loop_result import ENDINGS, LoopResult
from wasteplan.study.naming import period_name
from wasteplan.study.wording import is_known, money, percent, signed


def loop_said(scenario: Scenario, loop: LoopResult) -> str:
    """How the loop ended, which round is kept, what it gained, what cannot be met."""
    n, kept = len(loop.rounds), loop.kept
    parts = [f"{n} round{'s' if n != 1 else ''}, {ending_text(loop)}"]
    if n > 1:
        parts.append(f"plan of round {kept.number} kept")
    if kept.targets and loop.ending != "closed":
        parts.append(f"{kept.n_met} of {len(kept.targets)} targets within reach")
    if kept.number > 1:
        parts += _gained(scenario, loop)
    parts += [g.text for g in loop.gave_way]
    if loop.clash:
        parts.append(loop.clash)
    return "; ".join(parts)


def _gained(scenario: Scenario, loop: LoopResult) -> list[str]:
    """What the kept round has over the first."""
    kept, first, gains = loop.kept, loop.rounds[0], loop.gain()
    said = ", ".join(
        f"{signed(points(i.mean))} +- {points(i.half_width)}"
        if is_known(i.half_width)
        else signed(points(i.mean))
        for i in gains.values()
    )
    years = ", ".join(period_name(scenario, p) for p in gains)
    currency = scenario.settings.scenario.currency
    return [
        f"round 1 missed {first.n_told_missed} of {len(first.targets)} targets, "
        f"round {kept.number} {kept.n_told_missed or 'none'}",
        f"simulated diversion {said} points ({years}), paired",
        f"cost {signed(money(kept.cost - first.cost, currency))}",
    ]


def ending_text(loop: LoopResult) -> str:
    """Why the loop ended."""
    if loop.ending == "cycle":
        return f"plans come back every {loop.cycle} rounds"
    return ENDINGS[loop.ending]


def points(share: float) -> str:
    """A difference of shares in percent points.

    >>> points(0.0123)
    '1.2'
    """
    return f"{100 * share:.1f}"


def round_lines(scenario: Scenario, loop: LoopResult) -> pd.DataFrame:
    """One line per round and period for the terminal, in percent."""
    rows = []
    for r in loop.table().to_dict("records"):
        half = (r["simulated_high"] - r["simulated_low"]) / 2
        rows.append(
            {
                "round": f"{r['round']}{' *' if r['is_kept'] else ''}",
                "years": period_name(scenario, r["period"]),
                "planned": percent(r["planned"]),
                "expected": percent(r["expected"]),
                "simulated": percent(r["simulated"]),
                "+-": points(half) if is_known(half) else "-",
                "turned away t/y": f"{r['turned_away_t_per_y']:,.0f}",
                "met ? missed": verdicts(r),
                "changes": str(r["changes"]),
                "cost M": f"{r['cost'] / 1e6:,.2f}",
                "with consequences": f"{r['cost_in_practice'] / 1e6:,.2f}"
                if is_known(r["cost_in_practice"])
                else "-",
            }
        )
    return pd.DataFrame(rows)


def verdicts(row: Mapping[Hashable, Any]) -> str:
    """Targets met, not to be told, and missed, from a row of the table.

    >>> verdicts({"targets": 6, "targets_told_met": 2, "targets_told_missed": 1})
    '2 3 1'
    """
    met, missed = row["targets_told_met"], row["targets_told_missed"]
    return f"{met} {row['targets'] - met - missed} {missed}"
