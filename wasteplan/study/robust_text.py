"""The answer of robust siting in the planner's words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Evaluation
from wasteplan.optimize.infeasibility import Relaxation
from wasteplan.optimize.risk import Risk
from wasteplan.study.answer import GAP_NOISE, PROOF_WORDS
from wasteplan.study.building import builds_said
from wasteplan.study.robust import Robust
from wasteplan.study.robust_tables import MISSES_SHOWN, miss_text, site_table
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
    """In how many samples each site would be chosen by one who knew the future.

    Plants of every sample share a line, unless the robust plan does without; the others
    come one by one, those first that only one of the two plans builds.
    """
    rows = sites.to_dict("records")
    is_sure = [r["share"] == 1 and bool(r["in_robust"]) for r in rows]
    sure = [r for r, sure in zip(rows, is_sure, strict=True) if sure]
    if len(sure) == 1:
        sure = []
    others = [r for r in rows if r not in sure]
    others.sort(key=lambda r: r["in_robust"] == r["in_central"])
    lines = []
    if sure:
        named = some_of([str(r["name"]) for r in sure], SITES_SHOWN)
        every = f"all {sure[0]['n_samples']} samples"
        lines.append(f"chosen in {every}: {named}; cost {_range(found, sure[0])}")
    lines += [_site_line(found, row) for row in others[:SITES_SHOWN]]
    left = len(others) - SITES_SHOWN
    if left > 0:
        lines.append(f"{left} more plants are in sites.csv")
    return lines


def _site_line(found: Robust, row: Mapping[Any, Any]) -> str:
    text = f"{row['name']} is chosen in {row['n_chosen']} of {row['n_samples']} samples"
    if row["n_chosen"]:
        text += f" ({row['sizes']}); cost {_range(found, row)}"
    if row["in_robust"] != row["in_central"]:
        whose = "robust plan" if row["in_robust"] else "plan for central values"
        text += f"; of the two plans only the {whose} builds it"
    return text


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
    text = (
        f"something is missed with a chance of {percent(robust.chance_of_missing)} "
        f"(plan for central values: {percent(central.chance_of_missing)}); a tonne "
        f"missed counts {price} {_currency(found)}"
    )
    named = missed_often(found)
    return f"{text}. {some_of(named, MISSES_SHOWN)}" if named else text


def missed_often(found: Robust) -> list[str]:
    """What the robust plan misses, in which samples, the most frequent first."""
    worst: dict[tuple[str, str, str], Relaxation] = {}
    samples: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for k, followed in enumerate(found.found.followed, start=1):
        for miss in followed.missed:
            key = (miss.family, miss.place, miss.period)
            samples[key].append(k)
            if key not in worst or miss.amount > worst[key].amount:
                worst[key] = miss
    order = sorted(worst, key=lambda key: (-len(samples[key]), key))
    return [
        f"{miss_text(found.scenario, worst[key])}"
        f"{_in_samples(samples[key], found.n_samples)}"
        for key in order
    ]


def _in_samples(numbers: list[int], n: int) -> str:
    """In which samples.

    >>> _in_samples([3], 5), _in_samples([1, 2, 3, 4], 5)
    (' in sample 3', ' at most, in 4 of 5 samples')
    """
    if len(numbers) == 1:
        return f" in sample {numbers[0]}"
    return f" at most, in {len(numbers)} of {n} samples"


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
