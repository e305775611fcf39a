"""The answer of robust siting in the planner's words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.risk import Risk
from wasteplan.study.answer import GAP_NOISE, PROOF_WORDS
from wasteplan.study.building import builds_said
from wasteplan.study.robust import Robust
from wasteplan.study.robust_tables import sample_table, site_table
from wasteplan.study.robust_values import Between, Fares, evpi, fares, vss
from wasteplan.study.sample_average import SampleAverage
from wasteplan.study.wording import money, percent, some_of, three_digits

MILLION = 1e6
SITES_SHOWN = 5
SAME = 1e-6
"""Of a value: ends closer to it than this are the value."""

Lines = list[tuple[str, str]]
"""(topic, sentence)."""


def measure_name(risk: Risk) -> str:
    """What is made least, in words.

    >>> measure_name(Risk("cvar", alpha=0.9))
    'mean cost of the worst 10.0 % of outcomes'
    """
    worst = f"mean cost of the worst {percent(1 - risk.alpha)} of outcomes"
    if risk.kind == "cvar" and risk.weight < 1:
        share = percent(risk.weight, 0)
        return f"expected cost, with a weight of {share} on the {worst}"
    return {
        "expected": "expected cost",
        "cvar": worst,
        "regret": "largest regret",
        "chance": "expected cost with a chance of missing a requirement of at most "
        f"{percent(risk.miss_max)}",
    }[risk.kind]


def robust_lines(found: Robust, average: SampleAverage | None = None) -> Lines:
    """The answer: what to build, what it buys, how certain each site is."""
    robust, central = both(found)
    lines = [
        ("Build", builds_said(found.scenario, found.plan, evaluated(found))),
        ("Made least", _made_least(found)),
        ("It buys", _buys(found, robust, central)),
        ("Range", _over(found, robust, central)),
        ("Missing", _missing(found, robust, central)),
        *([("Knowing", _knowing(found))] if found.risk.kind != "chance" else []),
        *(("Site", line) for line in site_lines(found, site_table(found))),
        ("If central", _if_central(found)),
    ]
    if average is not None:
        lines.append(("Beyond", average_text(found, average)))
    return lines


def evaluated(found: Robust) -> Evaluation:
    """The robust plan under central values, evaluated."""
    return evaluate(found.scenario, found.plan)


def both(found: Robust) -> tuple[Fares, Fares]:
    """How the robust plan and the plan for central values fare."""
    own = found.own_totals
    return (
        fares(found.found.followed, found.chances, own, found.risk),
        fares(found.at_central, found.chances, own, found.risk),
    )


def site_lines(found: Robust, sites: pd.DataFrame) -> list[str]:
    """In how many samples each site would be chosen by one who knew the future."""
    lines = []
    for row in sites.head(SITES_SHOWN).to_dict("records"):
        text = f"{row['name']} is chosen in {row['n_chosen']} of {row['n_samples']}"
        text += " samples"
        if row["n_chosen"]:
            text += f" ({row['sizes']}); cost {_range(found, row)}"
        if row["in_robust"] != row["in_central"]:
            whose = "robust plan" if row["in_robust"] else "plan for central values"
            text += f"; of the two plans only the {whose} builds it"
        lines.append(text)
    left = len(sites) - SITES_SHOWN
    if left > 0:
        lines.append(f"{left} more plants are in sites.csv")
    return lines


def _range(found: Robust, row: Mapping[Any, Any]) -> str:
    currency = _currency(found)
    low, high = (float(str(row[k])) for k in ("cost_low", "cost_high"))
    return f"{money(low, currency)} to {money(high, currency)}"


def _currency(found: Robust) -> str:
    return found.scenario.settings.scenario.currency


def _made_least(found: Robust) -> str:
    best, currency = found.found, _currency(found)
    share = best.gap / best.gross if best.gross > 0 else math.nan
    within = f", within {money(best.gap * MILLION, currency)} ({percent(share, 2)} of "
    within = "" if share < GAP_NOISE else f"{within}gross cost)"
    return (
        f"{measure_name(found.risk)} over {found.n_samples} samples: "
        f"{money(best.objective * MILLION, currency)} present value; "
        f"{PROOF_WORDS.get(best.status, best.status)}{within}"
    )


def _buys(found: Robust, robust: Fares, central: Fares) -> str:
    head = f"{_between(vss(found), _currency(found))} less by this measure than the "
    head += "plan for central values"
    if found.risk.kind == "chance":
        head = f"chance of missing {percent(central.chance_of_missing)} -> "
        head += f"{percent(robust.chance_of_missing)} against the plan for central "
        head += "values"
    return (
        f"{head}; expected cost {_change(central.expected, robust.expected)}, "
        f"worst {percent(1 - found.risk.alpha, 0)} "
        f"{_change(central.tail, robust.tail)}, largest regret "
        f"{_change(central.regret_max, robust.regret_max)} million {_currency(found)}"
    )


def _change(before: float, after: float) -> str:
    return f"{three_digits(before / MILLION)} -> {three_digits(after / MILLION)}"


def _over(found: Robust, robust: Fares, central: Fares) -> str:
    currency = _currency(found)
    return (
        f"it costs {money(robust.lowest, currency)} to "
        f"{money(robust.highest, currency)}; the plan for central values "
        f"{money(central.lowest, currency)} to {money(central.highest, currency)}"
    )


def _missing(found: Robust, robust: Fares, central: Fares) -> str:
    price = three_digits(found.recourse.per_t)
    table = sample_table(found)
    named = [
        f"sample {row['sample']}: {row['robust_missed']}"
        for row in table.to_dict("records")
        if row["robust_missed"]
    ]
    text = (
        f"something is missed with a chance of {percent(robust.chance_of_missing)} "
        f"(plan for central values: {percent(central.chance_of_missing)}); a tonne "
        f"missed counts {price} {_currency(found)}"
    )
    return f"{text}. {some_of(named, 3)}" if named else text


def _knowing(found: Robust) -> str:
    worth = evpi(found)
    return (
        f"to know the future before building would be worth "
        f"{_between(worth, _currency(found))}"
    )


def _between(value: Between, currency: str) -> str:
    text = money(value.value, currency)
    near = SAME * max(abs(value.value), 1.0)
    if value.high - value.low <= near:
        return text
    return (
        f"{text} ({three_digits(value.low / MILLION)} to "
        f"{three_digits(value.high / MILLION)} million, for gaps)"
    )


def _if_central(found: Robust) -> str:
    currency = _currency(found)
    own = found.central.proof
    mine = found.plan.proof
    assert own is not None
    assert mine is not None
    text = (
        f"under central values it costs {money(mine.objective, currency)}, the plan "
        f"for them {money(own.objective, currency)}"
    )
    if found.violations:
        text += "; it misses there: " + some_of(list(found.violations), 3)
    return text


def average_text(found: Robust, average: SampleAverage) -> str:
    """Bounds on the best expected cost for all that may come."""
    currency = _currency(found)
    low, high = average.lower, average.upper
    return (
        f"for all that may come the best plan costs at least "
        f"{_interval(low.value, low.half_width)} ({low.n} batches) and this one "
        f"{_interval(high.value, high.half_width)} million {currency} ({high.n} fresh "
        f"samples): at most {money(average.gap * MILLION, currency)} above the best, "
        "with 95 %; it misses something with a chance of "
        f"{percent(average.chance_of_missing.value)}"
    )


def _interval(value: float, half_width: float) -> str:
    return f"{three_digits(value)} +- {three_digits(half_width)}"
