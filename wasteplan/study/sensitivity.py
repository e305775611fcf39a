"""Sobol indices and Morris effects of uncertain factors, through SALib.

Designs are made and analysed by SALib (Herman and Usher 2017, Journal of Open Source
Software 2(9), 97, doi:10.21105/joss.00097; extra `uq`), the runs between are ours.

- Sobol: first-order and total indices by Saltelli et al. (2010), Computer Physics
  Communications 181, 259-270, on scrambled Sobol points, with bootstrapped intervals.
  Factors beyond the most important ones are one group, so that nothing is left out.
- Morris: mean absolute elementary effects (Campolongo, Cariboni and Saltelli 2007,
  Environmental Modelling & Software 22, 1509-1518), a screening of all factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pandas as pd

from wasteplan.distributions import Floats
from wasteplan.errors import WasteplanError

OTHERS = "all other numbers"
CONFIDENCE = 0.95
RESAMPLES = 200
LEVELS = 4  # of a Morris grid
INSIDE = (0.025, 0.975)  # quantiles between which Morris moves: ends may be infinite
EDGE = 1e-9  # nearest to 0 and 1 that a quantile of a Sobol design comes

Kind = Literal["sobol", "morris"]


@dataclass(frozen=True, eq=False)
class Design:
    """Quantiles at which a model is run to find what moves it.

    Attributes
    ----------
    kind
        Which indices it is for.
    factors
        Columns of `quantiles`.
    groups
        The name under which each factor is looked at.
    quantiles
        Shape (runs, factors).
    base
        Base samples of a Sobol design, trajectories of a Morris one.
    seed
        Of the design and of its intervals.
    """

    kind: Kind
    factors: tuple[str, ...]
    groups: tuple[str, ...]
    quantiles: Floats
    base: int
    seed: int

    @property
    def names(self) -> tuple[str, ...]:
        """Groups, each once, in order."""
        return tuple(dict.fromkeys(self.groups))

    @property
    def problem(self) -> dict[str, Any]:
        """The same for SALib."""
        return _problem(self.factors, self.groups, self.kind)


def grouped(factors: Sequence[str], apart: Sequence[str]) -> tuple[str, ...]:
    """Each factor under its own name if it is looked at apart, else as the others.

    >>> grouped(["a", "b", "c"], ["b"])
    ('all other numbers', 'b', 'all other numbers')
    """
    chosen = set(apart)
    return tuple(f if f in chosen else OTHERS for f in factors)


def require_power_of_two(base: int) -> None:
    """Refuse what can be no number of base samples.

    Raises
    ------
    WasteplanError
        If it is no power of 2 above 1.
    """
    if base < 2 or base & (base - 1):
        raise WasteplanError(f"{base} base samples; Sobol indices need a power of 2")


def sobol_design(
    factors: Sequence[str], apart: Sequence[str], base: int, seed: int
) -> Design:
    """Runs for Sobol indices of some factors and of all others together.

    Parameters
    ----------
    factors
        All of them.
    apart
        Those with an index of their own.
    base
        Base samples, a power of 2; there are base x (groups + 2) runs.
    seed
        Of the scrambling.

    Raises
    ------
    WasteplanError
        If SALib is missing or `base` is no power of 2.
    """
    require_power_of_two(base)
    groups = grouped(factors, apart)
    sampler = _salib("sample.sobol")
    problem = _problem(factors, groups, "sobol")
    made = sampler.sample(problem, base, calc_second_order=False, seed=seed)
    inside = np.clip(made, EDGE, 1.0 - EDGE)
    return Design("sobol", tuple(factors), groups, inside, base, seed)


def morris_design(factors: Sequence[str], trajectories: int, seed: int) -> Design:
    """Runs for Morris effects: trajectories x (factors + 1) runs.

    Raises
    ------
    WasteplanError
        If SALib is missing.
    """
    names = tuple(factors)
    sampler = _salib("sample.morris")
    problem = _problem(names, names, "morris")
    made = sampler.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    return Design("morris", names, names, made, trajectories, seed)


def sobol_table(design: Design, y: Floats) -> pd.DataFrame:
    """First-order and total indices after more and more of the runs.

    Parameters
    ----------
    design
        Of `sobol_design`.
    y
        What the model gives at each run, finite.  Shape (runs,).

    Returns
    -------
    DataFrame
        Columns factor, base (samples used), first, first_width, total, total_width
        (half of 95 % intervals, bootstrapped); all steps of one factor together, in
        the order of their total indices in the end.
    """
    analyser = _salib("analyze.sobol")
    per_base = len(design.names) + 2
    steps = [n for n in (design.base // 4, design.base // 2, design.base) if n >= 2]
    rows = []
    for base in steps:
        part = y[: base * per_base]
        if float(np.ptp(part)) == 0.0:
            rows += [(name, base, 0.0, 0.0, 0.0, 0.0) for name in design.names]
            continue
        found = analyser.analyze(
            design.problem,
            part,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            conf_level=CONFIDENCE,
            seed=design.seed,
        )
        columns = [found[key] for key in ("S1", "S1_conf", "ST", "ST_conf")]
        cells = zip(
            *(np.asarray(c, dtype=float).tolist() for c in columns), strict=True
        )
        rows += [(n, base, *c) for n, c in zip(design.names, cells, strict=True)]
    names = ["factor", "base", "first", "first_width", "total", "total_width"]
    table = pd.DataFrame(rows, columns=names)
    last = table[table["base"] == steps[-1]].set_index("factor")["total"]
    order = sorted(design.names, key=lambda name: (-float(last[name]), name))
    place = table["factor"].map({name: i for i, name in enumerate(order)})
    table = table.assign(place=place).sort_values(["place", "base"], ignore_index=True)
    return table[names]


def morris_table(design: Design, y: Floats) -> pd.DataFrame:
    """Elementary effects by factor, the largest first.

    Effects are of a move across the grid, from the 2.5 to the 97.5 % quantile of the
    factor, in the unit of `y`.

    Returns
    -------
    DataFrame
        Columns factor, effect (mean absolute), effect_width (half of a 95 % interval),
        mean (with sign), spread (standard deviation: interaction or bends).
    """
    found = _salib("analyze.morris").analyze(
        design.problem,
        design.quantiles,
        y,
        num_levels=LEVELS,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        seed=design.seed,
    )
    table = pd.DataFrame(
        {
            "factor": design.factors,
            "effect": np.asarray(found["mu_star"], dtype=float),
            "effect_width": np.asarray(found["mu_star_conf"], dtype=float),
            "mean": np.asarray(found["mu"], dtype=float),
            "spread": np.asarray(found["sigma"], dtype=float),
        }
    )
    table = table.assign(rank=-table["effect"])
    return table.sort_values(["rank", "factor"], ignore_index=True).drop(columns="rank")


def _problem(
    factors: Sequence[str], groups: Sequence[str], kind: Kind
) -> dict[str, Any]:
    low, high = INSIDE if kind == "morris" else (0.0, 1.0)
    problem: dict[str, Any] = {
        "num_vars": len(factors),
        "names": list(factors),
        "bounds": [[low, high]] * len(factors),
    }
    if tuple(groups) != tuple(factors):
        problem["groups"] = list(groups)
    return problem


def _salib(name: str) -> ModuleType:
    """A module of SALib.

    Raises
    ------
    WasteplanError
        If it is not installed.
    """
    try:
        return import_module(f"SALib.{name}")
    except ImportError:
        raise WasteplanError(
            "Sobol and Morris indices need SALib: pip install 'wasteplan[uq]'"
        ) from None
