"""Tables of an uncertainty study: chances of headlines, years, targets, influence."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from wasteplan.distributions import Floats
from wasteplan.indicators.catalogue import INDICATORS
from wasteplan.study.conditional_means import (
    DEGREE_MAX,
    conditional_mean,
    first_order_share,
)
from wasteplan.study.sample_outcome import AT
from wasteplan.study.uncertainty import Uncertainty

CONFIDENCE = 0.95
QUANTILES = (0.05, 0.5, 0.95)
TOLD_OF = ("cost_per_t", "co2e_kg_per_t", "landfill_diversion_rate")
"""Headlines of which is said what moves them."""

HEADLINE_COLUMNS = {
    "plan": "which plan",
    "id": "indicator",
    "period": "period; empty for the whole horizon",
    "label": "what it is called",
    "unit": "its unit",
    "central": "with the numbers as they stand in the scenario",
    "mean": "over the samples",
    "mean_low": "95 % interval of the mean",
    "mean_high": "95 % interval of the mean",
    "p05": "5 % of the samples are below",
    "p50": "half of the samples are below",
    "p95": "95 % of the samples are below",
    "samples": "samples with a value",
}


def headline_table(found: Uncertainty) -> pd.DataFrame:
    """The distribution of every headline of every plan (`HEADLINE_COLUMNS`).

    The interval of the mean is that of independent samples, mean +- t s / sqrt(n); with
    strata the mean is surer than that.
    """
    rows = []
    for plan in found.plans:
        for name in found.headlines:
            values = found.values(name, plan)
            values = values[np.isfinite(values)]
            if not len(values):
                continue
            id, _, period = name.partition(AT)
            label, unit = found.labels.get(id) or label_and_unit(id)
            central = found.central[plan]["headlines"].get(name)
            low, high = mean_interval(values)
            cells = (plan, id, period, label, unit, central, float(values.mean()))
            spread = np.quantile(values, QUANTILES).tolist()
            rows.append((*cells, low, high, *spread, len(values)))
    return pd.DataFrame(rows, columns=list(HEADLINE_COLUMNS))


def mean_interval(values: Floats) -> tuple[float, float]:
    """95 % interval of the mean of independent samples.

    >>> low, high = mean_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(low, 3), round(high, 3)
    (-0.484, 4.484)
    """
    n, mean = len(values), float(values.mean())
    if n < 2:
        return math.nan, math.nan
    width = stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1) * values.std(ddof=1) / math.sqrt(n)
    return mean - float(width), mean + float(width)


def label_and_unit(id: str) -> tuple[str, str]:
    """What an indicator is called, and its unit."""
    named = {i.id: (i.label, i.unit) for i in INDICATORS}
    kind, _, rest = id.rpartition("/")
    label, unit = named.get(rest, (rest.replace("_", " ").capitalize(), ""))
    return (f"{label}, {kind}" if kind else label), unit


def missed_table(found: Uncertainty) -> pd.DataFrame:
    """How likely each plan misses each requirement.

    Returns
    -------
    DataFrame
        Columns plan, requirement, chance, low, high (95 % interval of Wilson 1927,
        Journal of the American Statistical Association 22, 209-212), central (whether
        it is missed with the numbers as they stand).
    """
    rows = []
    for plan in found.plans:
        as_it_stands = set(found.central[plan]["missed"])
        for name, count in found.missed(plan).items():
            low, high = share_interval(count, len(found.kept))
            chance = count / len(found.kept)
            rows.append((plan, name, chance, low, high, name in as_it_stands))
    columns = ["plan", "requirement", "chance", "low", "high", "central"]
    return pd.DataFrame(rows, columns=columns)


def share_interval(count: int, n: int) -> tuple[float, float]:
    """95 % interval of a share, by Wilson's score.

    >>> [round(x, 4) for x in share_interval(5, 10)]
    [0.2366, 0.7634]
    """
    z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
    share = count / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    root = math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    width = z / (1 + z * z / n) * root
    return middle - width, middle + width


def year_table(found: Uncertainty) -> pd.DataFrame:
    """Cost and greenhouse gases of every year: mean and quantiles.

    Returns
    -------
    DataFrame
        Columns plan, what (`cost` [money/y], `co2e_t` [t CO2e/y]), year, central, mean,
        p05, p25, p50, p75, p95.
    """
    rows = []
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)
    for plan in found.plans:
        for what in ("cost", "co2e_t"):
            values = found.by_year(what, plan)
            if not np.isfinite(values).all():
                continue
            central = found.central[plan]["years"][what]
            spread = np.quantile(values, shares, axis=0)
            for k, year in enumerate(found.scenario.years):
                mean = float(values[:, k].mean())
                rows.append(
                    (plan, what, year, central[k], mean, *spread[:, k].tolist())
                )
    columns = ["plan", "what", "year", "central", "mean"]
    columns += [f"p{round(100 * s):02}" for s in shares]
    return pd.DataFrame(rows, columns=columns)


def influence_table(found: Uncertainty) -> pd.DataFrame:
    """Which factors explain the spread of the main headlines of the plan asked about.

    Returns
    -------
    DataFrame
        Columns headline, factor, share (of the variance that it explains alone: the
        first-order index from the samples at hand), low_end, high_end (expected
        headline where the factor is at its lowest and highest tenth), noise (a larger
        share has a chance of 5 % for the best of so many factors that explain
        nothing), the largest first.
    """
    rows = []
    noise = noise_share(len(found.kept), len(found.samples.factors))
    for headline in told_of(found):
        y = found.values(headline)
        if not np.isfinite(y).all():
            continue
        for i, factor in enumerate(found.samples.factors):
            u = found.quantiles[:, i]
            share = first_order_share(u, y)
            if share > 0:
                rows.append((headline, factor, share, *_ends(u, y), noise))
    columns = ["headline", "factor", "share", "low_end", "high_end", "noise"]
    table = pd.DataFrame(rows, columns=columns)
    order = {name: k for k, name in enumerate(told_of(found))}
    place = table["headline"].map(order)
    table = table.assign(place=place, rank=-table["share"])
    table = table.sort_values(["place", "rank", "factor"], ignore_index=True)
    return table[columns]


def noise_share(n: int, factors: int) -> float:
    """What the best of many factors explains by chance alone, once in twenty studies.

    The coefficient of determination of a polynomial of degree d in n samples of pure
    noise is about chi-squared of d over n; Bonferroni for the number of factors.

    >>> round(noise_share(1000, 1), 4), round(noise_share(1000, 300), 4)
    (0.0111, 0.0246)
    """
    tail = 1.0 - (1.0 - CONFIDENCE) / max(factors, 1)
    return min(1.0, float(stats.chi2.ppf(tail, DEGREE_MAX)) / n)


def told_of(found: Uncertainty) -> list[str]:
    """The main headlines that there are; rates are those of the last period."""
    return [name for name in TOLD_OF if name in found.headlines]


def _ends(u: Floats, y: Floats) -> tuple[float, float]:
    """Expected y where u is low and high, by the polynomial at the nearest samples."""
    mean, _ = conditional_mean(u, y)
    order = np.argsort(u)
    tail = max(1, round(0.1 * len(u)))  # the outer tenth: its middle is at 5 and 95 %
    return float(mean[order[:tail]].mean()), float(mean[order[-tail:]].mean())
