"""Closed form of a bunker before a line that fails: how much must be turned away."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class OnOffBunker:
    """Long-run behaviour of a bunker fed at a constant rate.

    Attributes
    ----------
    diverted
        Share of the inflow that finds the bunker full.  [-]
    empty
        Share of time with an empty bunker.  [-]
    utilisation
        Throughput as a share of the line's speed, all time counted.  [-]
    mean_stock
        Mean content.  [unit of inflow x time]
    """

    diverted: float
    empty: float
    utilisation: float
    mean_stock: float


def on_off_bunker(
    inflow: float, speed: float, mtbf: float, mttr: float, capacity: float
) -> OnOffBunker:
    """Two-state fluid queue with a finite buffer.

    With failure rate l = 1/MTBF, repair rate m = 1/MTTR, inflow r < speed c:
    theta = m/r - l/(c - r), p_d = l/(l + m),
    K = p_d / ((1 - exp(-theta B))/theta + (r/m) exp(-theta B)); diverted =
    (r/m) K exp(-theta B), P(empty) = (r/l) K, utilisation = (r/c)(1 - diverted).
    Derivation: Kolmogorov equations of the stock in the up and down state, with masses
    at both ends (Mitra 1988, Stochastic theory of a fluid model of producers and
    consumers, Advances in Applied Probability 20).

    Parameters
    ----------
    inflow, speed
        Constant rates in and (while the line works) out.  [t/d]
    mtbf, mttr
        Mean times to failure and to repair, both exponential.  [d]
    capacity
        Room in the bunker; may be infinite.  [t]

    >>> b = on_off_bunker(100, 125, 20, 2, 300)
    >>> round(b.diverted, 7), round(b.empty, 6), round(b.utilisation, 6)
    (0.0264835, 0.651388, 0.778813)
    """
    fail, repair = 1 / mtbf, 1 / mttr
    theta = repair / inflow - fail / (speed - inflow)
    down = fail / (fail + repair)
    if math.isinf(capacity):
        if theta <= 0:
            raise ValueError("an endless bunker needs a line that keeps up on average")
        full, body = 0.0, 1 / theta
        first_moment = 1 / theta**2
    elif abs(theta) * capacity < 1e-9:
        full, body = 1.0, capacity
        first_moment = capacity**2 / 2
    else:
        full = math.exp(-theta * capacity)
        body = (1 - full) / theta
        first_moment = body / theta - capacity * full / theta
    at_full = inflow / repair * full
    k = down / (body + at_full)
    both = 1 + inflow / (speed - inflow)  # density of up and down states per K
    diverted = at_full * k
    at_full_stock = capacity * diverted if full else 0.0
    return OnOffBunker(
        diverted=diverted,
        empty=inflow / fail * k,
        utilisation=inflow / speed * (1 - diverted),
        mean_stock=k * both * first_moment + at_full_stock,
    )
