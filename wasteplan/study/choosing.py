"""Runs side by side as a choice: dominance, weights, and how surely one leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.indicators.preferences import (
    SAME,
    acceptability,
    dominating,
    least_change,
    shares_of_weight,
    utilities,
)
from wasteplan.wording import did_you_mean

CRITERIA = (
    "cost_present_value",
    "co2e_t_per_y",
    "landfill_diversion_rate",
    "recycling_rate",
    "jobs",
)
"""What runs are ranked by if no weights are given; those that all of them have."""
DRAWS = 10_000
SPREAD = 1.0
"""Weights asked for are tried from half to twice."""
RANKING_COLUMNS = {
    "place": "1 is the best by the weights; runs that score alike share a place",
    "plan": "name of the run",
    "score": "sum of weight x utility; 0 worst of these runs, 1 best [-]",
    "first_around": "share of weights from half to twice those asked for under which "
    "it is first [-]",
    "first_any": "share of all possible weights under which it is first [-]",
    "weight_to_lead": "share of all weight that must move for it to lead; NaN if none "
    "does [-]",
    "dominated_by": "a run that is no worse in all criteria and better in some",
}


@dataclass(frozen=True)
class Choice:
    """A ranking of runs by weighted criteria."""

    weights: Mapping[str, float]
    """Criterion -> weight; sums to 1.  [-]"""
    labels: Mapping[str, str]
    ranking: pd.DataFrame
    """`RANKING_COLUMNS`, best first."""
    ranks: pd.DataFrame
    """Run x rank: share of all possible weights.  [-]"""

    @property
    def leaders(self) -> tuple[str, ...]:
        """The runs in the first place; more than one if they are level."""
        first = self.ranking[self.ranking["place"] == 1]
        return tuple(map(str, first["plan"]))


def choose(
    kpis: pd.DataFrame,
    names: tuple[str, ...],
    weights: Mapping[str, float] | None = None,
    seed: int = 1,
) -> Choice:
    """Rank runs by indicators over the whole horizon.

    Parameters
    ----------
    kpis
        Of `Comparison`.
    weights
        Indicator -> weight, 0 or more; equal weights of `CRITERIA` if None.

    Raises
    ------
    WasteplanError
        If an indicator is unknown, has no better side, or is not known of all runs.
    """
    whole, weights = _criteria(kpis, names, weights)
    asked = list(weights)
    try:
        share = shares_of_weight([weights[i] for i in asked])
    except ValueError as error:
        raise WasteplanError(f"--weights: {error}") from error
    values = whole.loc[asked, list(names)].to_numpy(dtype=float).T
    better = [1 if b == "more" else -1 for b in whole.loc[asked, "better"]]
    u = utilities(values, better)
    ranks = acceptability(u, DRAWS, seed)
    around = acceptability(u, DRAWS, seed, share, SPREAD)[:, 0]
    score = u @ share
    places = [1 + int((score > own + SAME).sum()) for own in score]
    order = sorted(range(len(names)), key=lambda i: places[i])
    leader = order[0]
    beaten = dominating(values, better)
    rows = [
        (
            places[i],
            names[i],
            score[i],
            around[i],
            ranks[i, 0],
            _finite(least_change(u, share, leader, i)),
            "".join(names[k] for k in (beaten[i],) if k is not None),
        )
        for i in order
    ]
    return Choice(
        dict(zip(asked, map(float, share), strict=True)),
        {i: str(whole.loc[i, "label"]) for i in asked},
        pd.DataFrame(rows, columns=list(RANKING_COLUMNS)),
        pd.DataFrame(ranks, index=list(names), columns=range(1, len(names) + 1)),
    )


def _criteria(
    kpis: pd.DataFrame, names: tuple[str, ...], weights: Mapping[str, float] | None
) -> tuple[pd.DataFrame, Mapping[str, float]]:
    """Indicators of the whole horizon by id, and what each counts."""
    whole = kpis[(kpis["period"] == "") & (kpis["better"] != "")].set_index("id")
    known = [i for i in whole.index if whole.loc[i, list(names)].notna().all()]
    if weights is None:
        weights = {i: 1.0 for i in CRITERIA if i in known}
        if not weights:
            raise WasteplanError("the runs share no indicator to rank them by")
    for name in weights:
        if name not in known:
            hint = did_you_mean(name, known)
            raise WasteplanError(
                f"runs cannot be ranked by '{name}'{hint}; indicators of the whole "
                f"horizon that all have: {', '.join(known)}"
            )
    return whole, weights


def _finite(value: float) -> float:
    return value if np.isfinite(value) else float("nan")


def parse_weights(text: str) -> dict[str, float]:
    """`cost_present_value=3,jobs=1` as weights.

    Raises
    ------
    WasteplanError
        If a part is not `name=number`.

    >>> parse_weights("jobs=2, recycling_rate=1")
    {'jobs': 2.0, 'recycling_rate': 1.0}
    """
    found = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise WasteplanError(
                f"--weights: '{part.strip()}' is not name=number, such as "
                "cost_present_value=3"
            ) from None
    return found
