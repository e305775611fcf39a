"""The loop between plan and simulation in words."""

from __future__ import annotations

import pandas as pd

from wasteplan.scenario.model import Scenario
from wasteplan.study.loop_result import ENDINGS, LoopResult
from wasteplan.study.naming import period_name
from wasteplan.study.wording import is_known, money, percent, signed


def loop_said(scenario: Scenario, loop: LoopResult) -> str:
    """How the loop ended, which round is kept, what it gained."""
    n, kept = len(loop.rounds), loop.kept
    parts = [f"{n} round{'s' if n != 1 else ''}, {ending_text(loop)}"]
    if n > 1:
        parts.append(f"plan of round {kept.number} kept")
    if kept.targets:
        parts.append(
            f"{kept.n_met} of {len(kept.targets)} targets met in the simulation "
            f"(within {points(scenario.settings.loop.tolerance)} points)"
        )
    if kept.number > 1:
        first = loop.rounds[0]
        parts.append(f"round 1 met {first.n_met}")
        gains = loop.gain()
        said = ", ".join(
            f"{signed(points(i.mean))} +- {points(i.half_width)}"
            if is_known(i.half_width)
            else signed(points(i.mean))
            for i in gains.values()
        )
        years = ", ".join(period_name(scenario, p) for p in gains)
        parts.append(f"simulated diversion {said} points ({years}), paired")
        currency = scenario.settings.scenario.currency
        parts.append(f"cost {signed(money(kept.cost - first.cost, currency))}")
    return "; ".join(parts)


def ending_text(loop: LoopResult) -> str:
    """Why the loop ended."""
    if loop.ending == "cycle":
        return f"the plans repeat every {loop.cycle} rounds"
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
                "targets met": f"{r['targets_met']}/{r['targets']}",
                "cost M": f"{r['cost'] / 1e6:,.2f}",
                "with consequences": f"{r['cost_in_practice'] / 1e6:,.2f}"
                if is_known(r["cost_in_practice"])
                else "-",
            }
        )
    return pd.DataFrame(rows)
