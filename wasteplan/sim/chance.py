"""Random numbers: one independent stream for every entity and purpose."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Literal

import numpy as np

from wasteplan.chances import stream

BLOCK = 1024  # draws fetched at a time; numpy is slow for single numbers

Shape = Literal[
    "deterministic", "exponential", "erlang", "gamma", "lognormal", "uniform", "weibull"
]


def chance(
    seed: int, replication: int, entity: str, purpose: str
) -> np.random.Generator:
    """The random numbers of one entity for one purpose.

    Adding entities changes nobody else's draws.

    >>> a = chance(1, 0, "wte", "outage").random()
    >>> a == chance(1, 0, "wte", "outage").random()
    True
    """
    return stream(seed, replication, entity, purpose)


@dataclass(frozen=True)
class Spread:
    """A positive random quantity by its mean and its shape.

    Parameters
    ----------
    shape
        Name of the distribution.
    mean
        Expected value, in the unit of the quantity.
    parameter
        Phases of an Erlang, shape of a gamma or Weibull, coefficient of variation of a
        lognormal; not used by the others.  A uniform one lies between 0 and twice
        the mean.  [-]
    """

    shape: Shape
    mean: float
    parameter: float = 1.0

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Draw `n` values."""
        if self.mean == 0 or self.shape == "deterministic":
            return np.full(n, float(self.mean))
        if self.shape == "exponential":
            return rng.exponential(self.mean, n)
        if self.shape in ("erlang", "gamma"):
            return rng.gamma(self.parameter, self.mean / self.parameter, n)
        if self.shape == "weibull":
            scale = self.mean / math.gamma(1 + 1 / self.parameter)
            return scale * rng.weibull(self.parameter, n)
        if self.shape == "uniform":
            return rng.uniform(0.0, 2.0 * self.mean, n)
        variance = math.log(1 + self.parameter**2)
        location = math.log(self.mean) - variance / 2
        return rng.lognormal(location, math.sqrt(variance), n)


def draws(spread: Spread, rng: np.random.Generator) -> Iterator[float]:
    """Values of a spread, one at a time without end, fetched in blocks.

    >>> next(draws(Spread("deterministic", 2.5), np.random.default_rng(1)))
    2.5
    """
    if spread.mean == 0 or spread.shape == "deterministic":
        return repeat(float(spread.mean))
    return _in_blocks(spread, rng)


def _in_blocks(spread: Spread, rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from spread.draw(rng, BLOCK).tolist()


def draws_below(share: float, rng: np.random.Generator) -> Iterator[bool]:
    """True with a probability, again and again without end.

    >>> next(draws_below(0.0, np.random.default_rng(1)))
    False
    """
    if share <= 0:
        return repeat(False)
    return _in_blocks_below(share, rng)


def _in_blocks_below(share: float, rng: np.random.Generator) -> Iterator[bool]:
    while True:
        yield from (rng.random(BLOCK) < share).tolist()
