"""Which numbers are worth measuring: expected value of information, in money.

A decision is among plans; its loss in a sample is cost, and emissions and landfilled
tonnes at a value.  Knowing a factor before deciding saves

    EVPPI = min_d E[loss_d] - E_u[ min_d E[loss_d | u] ]

with E[loss_d | u] by regression on the samples at hand: Strong, Oakley and Brennan
(2014), Estimating multiparameter partial expected value of perfect information from a
probabilistic sensitivity analysis sample: a nonparametric regression approach, Medical
Decision Making 34, 311-326, doi:10.1177/0272989X13505910.  Knowing everything saves
EVPI = min_d E[loss_d] - E[ min_d loss_d ].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.chances import stream
from wasteplan.distributions import Floats
from wasteplan.errors import WasteplanError
from wasteplan.study.conditional_means import conditional_mean
from wasteplan.study.uncertainty import Uncertainty

RESAMPLES = 200
SHOWN_SURE = 10  # factors of which an interval is found

COLUMNS = {
    "factor": "what would be known",
    "value": "expected saving by knowing it before deciding [money, present value]",
    "low": "95 % interval, bootstrapped",
    "high": "95 % interval, bootstrapped",
    "share": "of the value of knowing everything",
    "below": "plan that is best where the factor is at its lowest tenth",
    "above": "plan that is best where it is at its highest tenth",
}


@dataclass(frozen=True, eq=False)
class InformationValue:
    """What knowing more before deciding is worth.

    Attributes
    ----------
    plans
        The choices.
    expected_loss
        Of each plan, over the samples.  [money]
    best
        The plan with the least.
    perfect
        Expected saving by knowing everything.  [money]
    chosen_share
        Of the samples, in which each plan is the best.
    factors
        Columns as `COLUMNS`, the most valuable first.
    """

    plans: tuple[str, ...]
    expected_loss: tuple[float, ...]
    best: str
    perfect: float
    chosen_share: tuple[float, ...]
    factors: pd.DataFrame


def losses(
    found: Uncertainty, co2e_per_t: float = 0.0, landfilled_per_t: float = 0.0
) -> Floats:
    """Loss of every plan in every sample.  Shape (samples, plans).  [money]

    Present value of the resource cost, plus all t CO2e of the horizon and all tonnes
    that are not diverted, each at a value (0: cost alone).

    Raises
    ------
    WasteplanError
        If emissions have a value and are unknown.
    """
    columns = []
    for plan in found.plans:
        loss = found.values("cost_present_value", plan)
        if co2e_per_t:
            loss = loss + co2e_per_t * found.values("co2e_total_t", plan)
        if landfilled_per_t:
            loss = loss + landfilled_per_t * found.values("landfilled_total_t", plan)
        columns.append(loss)
    made = np.column_stack(columns)
    if not np.isfinite(made).all():
        raise WasteplanError("emissions of some sample are unknown: give them no value")
    return made


def information_value(
    loss: Floats,
    plans: Sequence[str],
    quantiles: Floats,
    factors: Sequence[str],
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> InformationValue:
    """Value of knowing everything, and each factor alone.

    Parameters
    ----------
    loss
        Shape (samples, plans).  [money]
    plans
        Two or more.
    quantiles, factors
        Shape (samples, factors), and their names.
    seed, resamples
        Of the bootstrap.

    Raises
    ------
    WasteplanError
        With fewer than two plans there is nothing to decide.
    """
    if len(plans) < 2:
        raise WasteplanError(
            "the value of information needs two or more plans to choose from"
        )
    expected = loss.mean(axis=0)
    perfect = perfect_value(loss)
    winners = loss.argmin(axis=1)
    rows = []
    for i, factor in enumerate(factors):
        value = partial_value(quantiles[:, i], loss)
        if value > 0:
            rows.append((factor, value, i))
    rows.sort(key=lambda row: (-row[1], row[0]))
    cells = [
        _row(factor, value, quantiles[:, i], loss, plans, perfect)
        for factor, value, i in rows
    ]
    table = pd.DataFrame(cells, columns=list(COLUMNS))
    for k, (factor, _, i) in enumerate(rows[:SHOWN_SURE]):
        chance = stream(seed, factor, "bootstrap")
        table.loc[k, ["low", "high"]] = _interval(
            quantiles[:, i], loss, chance, resamples
        )
    return InformationValue(
        plans=tuple(plans),
        expected_loss=tuple(expected.tolist()),
        best=plans[int(expected.argmin())],
        perfect=perfect,
        chosen_share=tuple(float((winners == d).mean()) for d in range(len(plans))),
        factors=table,
    )


def partial_value(quantiles: Floats, loss: Floats) -> float:
    """Expected saving by knowing one factor before choosing.  [money]

    Differences to the plan that is best on average are regressed, not the losses: what
    all plans share says nothing of the choice.  A polynomial through a step swings to
    both sides of it and would choose where there is nothing to choose; knowing one
    number is never worth more than knowing everything, so it is cut there.

    Parameters
    ----------
    quantiles
        Of the factor.  Shape (samples,).
    loss
        Shape (samples, plans).
    """
    reference = int(loss.mean(axis=0).argmin())
    means = _differences(quantiles, loss, reference)
    return min(max(0.0, -float(means.min(axis=1).mean())), perfect_value(loss))


def perfect_value(loss: Floats) -> float:
    """Expected saving by knowing everything before choosing.  [money]

    >>> perfect_value(np.array([[1.0, 4.0], [5.0, 3.0]]))
    1.0
    """
    return max(0.0, float(loss.mean(axis=0).min() - loss.min(axis=1).mean()))


def _differences(quantiles: Floats, loss: Floats, reference: int) -> Floats:
    """E[loss_d - loss_reference | u] at each sample.  Shape of `loss`."""
    found = np.zeros_like(loss)
    for d in range(loss.shape[1]):
        if d != reference:
            found[:, d], _ = conditional_mean(
                quantiles, loss[:, d] - loss[:, reference]
            )
    return found


def _row(
    factor: str,
    value: float,
    u: Floats,
    loss: Floats,
    plans: Sequence[str],
    perfect: float,
) -> tuple[object, ...]:
    """A factor's row, without its interval."""
    unknown = float("nan")
    means = _differences(u, loss, int(loss.mean(axis=0).argmin()))
    order, tail = np.argsort(u), max(1, len(u) // 10)
    below = plans[int(means[order[:tail]].mean(axis=0).argmin())]
    above = plans[int(means[order[-tail:]].mean(axis=0).argmin())]
    share = value / perfect if perfect > 0 else float("nan")
    return factor, value, unknown, unknown, share, below, above


def _interval(
    u: Floats, loss: Floats, chance: np.random.Generator, resamples: int
) -> tuple[float, float]:
    n = len(u)
    values = []
    for _ in range(resamples):
        pick = chance.integers(0, n, n)
        values.append(partial_value(u[pick], loss[pick]))
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
