"""How costs that differ from sample to sample are judged.

Expected cost; conditional value at risk, the mean of the worst share of outcomes
(Rockafellar and Uryasev, 2000, Optimization of conditional value-at-risk, Journal of
Risk 2, 21-41); the two weighted; the largest regret, which is what a plan costs more
than the best plan for the same sample (Savage, 1951, The theory of statistical
decision, Journal of the American Statistical Association 46, 55-67; Kouvelis and Yu,
1997, Robust Discrete Optimization and Its Applications); expected cost with a limit on
the chance of missing anything (Charnes and Cooper, 1959, Chance-constrained
programming, Management Science 6, 73-79).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.superstructure.model import Floats

Kind = Literal["expected", "cvar", "regret", "chance"]
KINDS: tuple[Kind, ...] = ("expected", "cvar", "regret", "chance")
ROUNDING = 1e-9


@dataclass(frozen=True)
class Risk:
    """What is made least over samples."""

    kind: Kind = "expected"
    alpha: float = 0.9
    """Level of the conditional value at risk: the mean of the worst 1 - alpha.  [-]"""
    weight: float = 1.0
    """Of the conditional value at risk; the rest is on the expected cost.  [-]"""
    miss_max: float = 1.0
    """The most chance of missing a requirement.  [-]"""

    def __post_init__(self) -> None:
        """Refuse what is no risk measure."""
        if self.kind not in KINDS:
            raise WasteplanError(f"no objective '{self.kind}': {', '.join(KINDS)}")
        if not 0 <= self.alpha < 1:
            raise WasteplanError(f"alpha {self.alpha:g} is not in [0, 1)")
        if not 0 <= self.weight <= 1:
            raise WasteplanError(f"weight {self.weight:g} is not in [0, 1]")
        if not 0 <= self.miss_max <= 1:
            raise WasteplanError(f"chance {self.miss_max:g} is not in [0, 1]")


def value_at_risk(costs: Floats, chances: Floats, alpha: float) -> float:
    """The least cost that is not exceeded with a chance of alpha.

    Parameters
    ----------
    costs
        (samples,): in any unit.
    chances
        (samples,): summing to 1.  [-]
    alpha
        Level.  [-]

    >>> value_at_risk(np.array([1.0, 2.0, 9.0]), np.array([0.5, 0.4, 0.1]), 0.8)
    2.0
    """
    order = np.argsort(costs, kind="stable")
    reached = np.cumsum(chances[order]) >= alpha - ROUNDING
    return float(costs[order][int(np.argmax(reached))])


def conditional_value_at_risk(costs: Floats, chances: Floats, alpha: float) -> float:
    """The mean of the worst share 1 - alpha of outcomes.

    CVaR = min over eta of eta + sum p max(cost - eta, 0) / (1 - alpha); the value at
    risk is a minimiser (Rockafellar and Uryasev, 2000, theorem 1).

    Of costs 1, 2 and 9 with chances 0.5, 0.4 and 0.1 the worst fifth is half 9, half 2:

    >>> at = np.array([1.0, 2.0, 9.0]), np.array([0.5, 0.4, 0.1])
    >>> round(conditional_value_at_risk(*at, alpha=0.8), 9)
    5.5
    """
    eta = value_at_risk(costs, chances, alpha)
    above = float(chances @ np.maximum(costs - eta, 0.0))
    return eta + above / (1 - alpha)


def measured(risk: Risk, costs: Floats, chances: Floats, best: Floats | None) -> float:
    """What is made least, of the costs of a plan in each sample.

    Parameters
    ----------
    risk
        How costs are judged.
    costs, chances, best
        (samples,): what the plan costs, how likely each is, and what the best plan for
        each sample alone costs (needed for regret).
    """
    expected = float(chances @ costs)
    if risk.kind == "cvar":
        tail = conditional_value_at_risk(costs, chances, risk.alpha)
        return (1 - risk.weight) * expected + risk.weight * tail
    if risk.kind == "regret":
        assert best is not None
        return float((costs - best).max())
    return expected
