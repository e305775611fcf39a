"""Inventories as a matrix, their impacts, and what contributes to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from wasteplan.lca.factors import SUBSTANCES, gwp_factors
from wasteplan.lca.inventory import Emission

Floats = npt.NDArray[np.float64]


def characterisation(gwp_sets: Sequence[str]) -> Floats:
    """Characterisation factors, shape (substances, sets).  [kg CO2e/kg]

    Rows follow `factors.SUBSTANCES`.

    >>> characterisation(["AR4", "AR6"])[2].tolist()
    [25.0, 27.0]
    """
    columns = [gwp_factors(s) for s in gwp_sets]
    return np.array([[c[s].value for c in columns] for s in SUBSTANCES])


def characterise(inventory: Floats, factors: Floats) -> Floats:
    """Impacts of many activities at once: inventory x factors.

    h = B g (Heijungs and Suh 2002, The Computational Structure of Life Cycle
    Assessment, chapter 2)

    Parameters
    ----------
    inventory
        Shape (activities, substances).  [kg]
    factors
        Shape (substances, impacts).  [impact/kg]

    Returns
    -------
    ndarray
        Shape (activities, impacts).  [impact]

    >>> characterise(np.array([[1.0, 0, 2.0, 0, 0]]), characterisation(["AR6"])).item()
    55.0
    """
    return inventory @ factors


def inventory_matrix(activities: Sequence[Iterable[Emission]]) -> Floats:
    """Emissions of activities as a matrix, shape (activities, substances).  [kg/t]

    Parameters
    ----------
    activities
        The emissions of each activity.
    """
    column = {s: i for i, s in enumerate(SUBSTANCES)}
    matrix = np.zeros((len(activities), len(SUBSTANCES)))
    for row, emissions in enumerate(activities):
        for e in emissions:
            matrix[row, column[e.substance]] += e.kg_per_t
    return matrix


def contributions(
    emissions: pd.DataFrame, by: Sequence[str] = ("stage",), *, credits: bool = True
) -> pd.DataFrame:
    """Which stages, places or years the greenhouse gases come from.  [kg CO2e]

    Parameters
    ----------
    emissions
        Columns of `by`, is_credit and kg_co2e.
    by
        Columns to group by.
    credits
        Whether avoided emissions count.

    Returns
    -------
    DataFrame
        Columns of `by`, kg_co2e and share (of the sum of magnitudes), largest first.
    """
    rows = emissions if credits else emissions[~emissions["is_credit"].astype(bool)]
    table = rows.groupby(list(by))["kg_co2e"].sum().reset_index()
    size = table["kg_co2e"].abs()
    total = float(size.sum())
    table["share"] = size / total if total > 0 else float("nan")
    return table.loc[size.sort_values(ascending=False).index].reset_index(drop=True)
