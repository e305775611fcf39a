"""Sobol indices and Morris effects of a plan's headlines: designs run as ensembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from wasteplan.distributions import Floats
from wasteplan.errors import WasteplanError
from wasteplan.scenario.sampling import Samples
from wasteplan.study.conditional_means import is_still
from wasteplan.study.ensemble import Way
from wasteplan.study.sensitivity import (
    Design,
    morris_design,
    morris_table,
    sobol_design,
    sobol_table,
)
from wasteplan.study.uncertainty import Uncertainty, worked_out
from wasteplan.study.uncertainty_tables import influence_table, told_of

WITHOUT_ANSWER_MAX = 0.02  # of the runs of a design


def leading_factors(found: Uncertainty, count: int) -> list[str]:
    """The factors that explain most of any main headline, by the samples at hand."""
    return _most(influence_table(found), count)


def screened_factors(morris: pd.DataFrame, count: int) -> list[str]:
    """The factors with the largest Morris effects on any main headline.

    Headlines are made comparable by the share of a factor's squared effect in the sum
    of all: what it would explain of the variance if effects only added up.  A factor
    that acts through others alone has an effect, but explains nothing by itself.

    Parameters
    ----------
    morris
        Of `morris_of`.
    """
    squares = morris["effect"] ** 2
    whole = squares.groupby(morris["headline"]).transform("sum")
    shares = (squares / whole).where(whole > 0, 0.0)
    return _most(morris.assign(share=shares), count)


def _most(table: pd.DataFrame, count: int) -> list[str]:
    """Factors by the largest share of any headline."""
    largest = table.groupby("factor")["share"].max()
    order = sorted(largest.index, key=lambda name: (-float(largest[name]), str(name)))
    return [str(name) for name in order[:count]]


def sobol_of(
    found: Uncertainty,
    base: int,
    way: Way,
    *,
    apart: int = 10,
    morris: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Sobol indices of the main headlines of the plan that was asked about.

    Parameters
    ----------
    found, morris
        By what the factors to look at are chosen: Morris effects, if there are any,
        else the samples of the plan.
    base
        Base samples, a power of 2: base x (apart + 3) runs.
    apart
        Factors with an index of their own; the others are one group.

    Returns
    -------
    DataFrame
        Columns headline, and those of `sensitivity.sobol_table`.

    Raises
    ------
    WasteplanError
        If SALib is missing, `base` no power of 2, or too many runs have no answer.
    """
    factors, seed = found.samples.factors, found.samples.seed
    if morris is None or morris.empty:
        leading = leading_factors(found, apart)
    else:
        leading = screened_factors(morris, apart)
    design = sobol_design(factors, leading, base, seed)
    tables = [
        sobol_table(design, y).assign(headline=headline)
        for headline, y in _run(found, design, way)
    ]
    return _labelled(tables)


def morris_of(found: Uncertainty, trajectories: int, way: Way) -> pd.DataFrame:
    """Morris effects of every factor on the main headlines.

    Returns
    -------
    DataFrame
        Columns headline, and those of `sensitivity.morris_table`.

    Raises
    ------
    WasteplanError
        If SALib is missing or too many runs have no answer.
    """
    design = morris_design(found.samples.factors, trajectories, found.samples.seed)
    tables = [
        morris_table(design, y).assign(headline=headline)
        for headline, y in _run(found, design, way)
    ]
    return _labelled(tables)


def _run(found: Uncertainty, design: Design, way: Way) -> list[tuple[str, Floats]]:
    """Each main headline at every run of a design."""
    plans = {found.plan: found.plans[found.plan]}
    samples = Samples(found.samples.numbers, design.factors, design.quantiles)
    outcomes = worked_out(found.scenario, plans, samples, found.asked, way)
    made = replace(found, plans=plans, samples=samples, outcomes=outcomes)
    lost = len(made.failed) / len(outcomes)
    if lost > WITHOUT_ANSWER_MAX:
        first = next(iter(made.failed.values()))
        raise WasteplanError(
            f"{100 * lost:.0f} % of the runs for {design.kind} have no answer, too "
            f"many for indices: {first}"
        )
    pairs = []
    for headline in told_of(found):
        values = np.full(len(outcomes), np.nan)
        values[made.kept] = made.values(headline)
        if np.isfinite(values[made.kept]).all():
            values[np.isnan(values)] = np.nanmean(values)  # says nothing either way
            if is_still(values):  # else its last digits would have indices
                values[:] = values[0]
            pairs.append((headline, values))
    return pairs


def _labelled(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if not tables:
        return pd.DataFrame()
    made = pd.concat(tables, ignore_index=True)
    return made[["headline", *(c for c in made.columns if c != "headline")]]
