"""Chance in an appraisal: correlated draws within ranges, and how sure a result is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from wasteplan.distributions import triangular_quantile

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Driver:
    """Something uncertain: its range around what is planned."""

    name: str
    low: float
    planned: float
    high: float
    unit: str = "x"
    status: str = "assumption"
    source: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.planned <= self.high:
            raise ValueError(
                f"{self.name}: {self.planned:g} is not within {self.low:g} to "
                f"{self.high:g}"
            )


def correlated_draws(
    drivers: Sequence[Driver], correlations: Floats, *, draws: int, seed: int
) -> dict[str, Floats]:
    """Draws of every driver, triangular in its range, with rank correlation.

    Normal numbers with the correlations are turned into ranks (Gaussian copula; Nelsen
    2006, An introduction to copulas), those into values.  More draws begin with the
    same ones.

    Parameters
    ----------
    drivers
        What is uncertain.
    correlations
        Of the normal numbers; symmetric with 1 on its diagonal.  [-]
    draws, seed
        How many, and which.

    Raises
    ------
    ValueError
        If the correlations contradict each other.
    """
    if np.linalg.eigvalsh(correlations).min() < -1e-9:
        raise ValueError("correlations contradict each other: no chance has them all")
    values, vectors = np.linalg.eigh(correlations)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = np.random.default_rng(seed).standard_normal((draws, len(drivers)))
    ranks = ndtr(normal @ root.T)
    return {
        d.name: triangular_quantile(ranks[:, i], d.low, d.planned, d.high)
        for i, d in enumerate(drivers)
    }


def group_correlations(
    names: Sequence[str], groups: Sequence[Sequence[str]], strength: float
) -> pd.DataFrame:
    """Correlations: the same within every group, none between them.  [-]

    >>> group_correlations("abc", ["ab"], 0.5).loc["a"].tolist()
    [1.0, 0.5, 0.0]
    """
    table = pd.DataFrame(np.eye(len(names)), index=list(names), columns=list(names))
    for group in groups:
        for one in group:
            for two in group:
                if one != two and {one, two} <= set(names):
                    table.loc[one, two] = strength
    return table


def convergence(values: Floats, steps: int = 10) -> pd.DataFrame:
    """Mean and chance of loss after more and more draws.

    Returns
    -------
    DataFrame
        Columns draws, npv_mean, standard_error, probability_npv_below_0.
    """
    counts = np.unique(np.linspace(len(values) / steps, len(values), steps).astype(int))
    rows = []
    for n in counts[counts > 1]:
        part = values[:n]
        error = float(part.std(ddof=1) / np.sqrt(n))
        rows.append((int(n), float(part.mean()), error, float((part < 0).mean())))
    names = ["draws", "npv_mean", "standard_error", "probability_npv_below_0"]
    return pd.DataFrame(rows, columns=names)
