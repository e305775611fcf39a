"""A plan kept against planning anew, sample by sample.

Kept are builds, closures and measures; flows follow what is known by then.  What the
kept plan cannot meet has a price (see `optimize.recourse`), so that both can be
compared in money.  Regret = cost of the kept plan - cost of the best plan for the
sample alone, as if its future had been known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.first_stage import decision_columns
from wasteplan.optimize.handover import problem
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.optimize.reading import discounted_tonnes
from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.running import Stop
from wasteplan.optimize.two_stage import follow_all, own_best, sampled
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.sampled import sample_of
from wasteplan.scenario.sampling import Samples
from wasteplan.study.ensemble import Way, run_all
from wasteplan.study.keeping import fingerprint
from wasteplan.study.robust import TIMES_AVERAGE, TIMES_MONEY
from wasteplan.study.robust_tables import missed_text
from wasteplan.study.uncertainty import Uncertainty
from wasteplan.superstructure.assembly import superstructure

MILLION = 1e6
ROUNDING = 1e-12  # share of a cost

REGRET_COLUMNS = {
    "sample": "number of the sample, from 1",
    "kept_cost": "present value, what is missed priced [money]",
    "anew_cost": "of the best plan for the sample alone, likewise [money]",
    "anew_at_least": "no plan costs less in the sample [money]",
    "regret": "kept less anew [money]; NaN where there was no answer",
    "regret_at_most": "kept less the bound [money]",
    "kept_missed": "what the kept plan misses; empty if nothing",
    "anew_builds": "what the plan made anew builds",
}


def regret_table(
    found: Uncertainty, n: int, stop: Stop, way: Way, *, per_t: float | None = None
) -> pd.DataFrame:
    """The plan asked about, kept and made anew, in the first samples.

    Parameters
    ----------
    found
        The study whose samples and plan are used.
    n
        Samples.
    stop
        Of each search.
    way
        On how many processes, kept where.
    per_t
        Price of a tonne that misses a target; None: ten times what a tonne costs on
        average.  [money/t]

    Returns
    -------
    DataFrame
        See `REGRET_COLUMNS`.
    """
    plan = found.plans[found.plan]
    prices = _prices(found.scenario, plan, per_t)
    samples = found.samples
    drawn = samples.quantiles[:n]
    shared = (found.scenario, samples, plan, prices, stop)
    documents = run_all(
        kept_and_anew,
        drawn.tolist(),
        shared=shared,
        workers=way.workers,
        mapper=way.mapper,
        keep=way.keep,
        inputs=fingerprint(
            found.scenario,
            [plan],
            list(samples.names),
            vars(prices),
            [stop.gap_of_gross, stop.time_limit_s, stop.threads],
        ),
        progress=way.progress,
        say=way.say,
    )
    rows = [_row(i + 1, document) for i, document in enumerate(documents)]
    return pd.DataFrame(rows, columns=list(REGRET_COLUMNS))


def kept_and_anew(
    shared: tuple[Scenario, Samples, Plan, Recourse, Stop], quantiles: Sequence[float]
) -> dict[str, Any]:
    """Both plans in one sample, as plain values; `failed` where there is no answer.

    Raises
    ------
    KeyboardInterrupt
        The search was stopped by hand.
    """
    scenario, samples, plan, prices, stop = shared
    row = np.asarray(quantiles, dtype=float)[None, :]
    case = sample_of(scenario, Samples(samples.numbers, samples.factors, row), 0)
    try:
        p = problem(sampled(case, prices))
        decisions = decisions_of(p, plan)[list(decision_columns(p).values())]
        [[kept]] = follow_all([p], [decisions])
        anew = own_best(case, prices, stop, incumbent=plan)
    except (NoAnswer, StoppedWithoutPlan) as error:
        if isinstance(error, StoppedWithoutPlan) and error.by_hand:
            raise KeyboardInterrupt from None  # no answer to keep
        return {"failed": str(error)}
    proof = anew.plan.proof
    if proof is not None and proof.status == "interrupted":
        raise KeyboardInterrupt
    return {
        "kept": kept.total * MILLION,
        "anew": anew.total * MILLION,
        "bound": anew.bound * MILLION,
        "missed": missed_text(case, kept.missed),
        "builds": [f"{b.site}.{b.technology} {b.size}" for b in anew.plan.builds],
    }


def _prices(scenario: Scenario, plan: Plan, per_t: float | None) -> Recourse:
    """As for robust siting, by the gross cost of the plan as it is evaluated."""
    gross = evaluate(scenario, plan, compare=False).kpi("gross_cost_present_value")
    usual = TIMES_AVERAGE * gross / discounted_tonnes(superstructure(scenario))
    asked = usual if per_t is None else per_t
    return Recourse(asked, max(asked, usual), TIMES_MONEY)


def _row(sample: int, document: dict[str, Any]) -> tuple[object, ...]:
    if "failed" in document:
        unknown = float("nan")
        return (sample, *(unknown,) * 5, document["failed"], "")
    kept, anew = float(document["kept"]), float(document["anew"])
    bound = document["bound"]
    least = float("nan") if bound is None else float(bound)
    # the search may stop with a gap at a plan that is dearer than the kept one
    best = min(anew, kept)
    builds = "; ".join(document["builds"])
    return (
        *(sample, kept, best, least, _more(kept, best), _more(kept, least)),
        *(document["missed"], builds),
    )


def _more(cost: float, other: float) -> float:
    """The difference, 0 where it is what sums of floats leave behind.

    >>> _more(0.1 + 0.2, 0.3), _more(3.0, 1.0)
    (0.0, 2.0)
    """
    return 0.0 if math.isclose(cost, other, rel_tol=ROUNDING) else cost - other
