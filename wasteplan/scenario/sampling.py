"""Samples of what is uncertain: named streams, so that adding a number shifts none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args
from zlib import crc32

import numpy as np
from scipy.stats import qmc

from wasteplan.chances import stream
from wasteplan.distributions import Floats
from wasteplan.errors import WasteplanError
from wasteplan.scenario.uncertain import UncertainNumber

Method = Literal["latin_hypercube", "sobol", "random"]
METHODS: tuple[Method, ...] = get_args(Method)

SOBOL_DIMENSIONS = qmc.Sobol.MAXDIM
SOBOL_BITS = 30
SOBOL_POINTS_AT_ONCE = 64  # of all dimensions, to keep memory small


@dataclass(frozen=True)
class Samples:
    """Draws of uncertain numbers.

    Attributes
    ----------
    numbers
        What is drawn.
    factors
        What is drawn independently: groups, and numbers on their own.
    quantiles
        Shape (n, factors): between 0 and 1.
    seed, method
        Of the draw; `design` for quantiles that were handed in.
    """

    numbers: tuple[UncertainNumber, ...]
    factors: tuple[str, ...]
    quantiles: Floats
    seed: int = 0
    method: str = "design"

    def __len__(self) -> int:
        return len(self.quantiles)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the numbers, `table/row/column`."""
        return tuple(number.name for number in self.numbers)

    @cached_property
    def values(self) -> Floats:
        """Shape (n, numbers): each in the unit of its cell."""
        place = {name: i for i, name in enumerate(self.factors)}
        columns = [
            number.quantile(self.quantiles[:, place[number.factor]])
            for number in self.numbers
        ]
        return np.column_stack(columns) if columns else np.empty((len(self), 0))

    @cached_property
    def known_quantiles(self) -> Floats:
        """Quantiles as far as values tell them.  Shape (n, factors).

        As drawn, but of a factor whose numbers are all discrete the mean over the
        samples with the same values: who knows the value does not know more.
        """
        found = self.quantiles.copy()
        for i, factor in enumerate(self.factors):
            mine = [k for k, n in enumerate(self.numbers) if n.factor == factor]
            if all(self.numbers[k].distribution == "discrete" for k in mine):
                _, at = np.unique(self.values[:, mine], axis=0, return_inverse=True)
                sums = np.bincount(at.ravel(), weights=found[:, i])
                found[:, i] = (sums / np.bincount(at.ravel()))[at.ravel()]
        return found


def factors_of(numbers: Sequence[UncertainNumber]) -> tuple[str, ...]:
    """Groups and single numbers, each once, in the order in which they come."""
    return tuple(dict.fromkeys(number.factor for number in numbers))


def draw(
    numbers: Sequence[UncertainNumber],
    n: int,
    seed: int,
    method: Method = "latin_hypercube",
) -> Samples:
    """Draw samples of uncertain numbers.

    Every factor (a group, or a number on its own) has a random stream of its own, made
    from the seed and its name.  A number that is added, or leaves, shifts no other.

    - `latin_hypercube`: of n equal strata of every factor each is drawn once (McKay,
      Beckman and Conover 1979, Technometrics 21, 239-245).  Strata are shuffled and
      points placed in them by the factor's own stream.
    - `sobol`: a Sobol sequence with direction numbers by Joe and Kuo (2008, SIAM J.
      Sci. Comput. 30, 2635-2654; scipy.stats.qmc), best for n a power of 2.  A factor
      takes the dimension that its name hashes to, out of 21,201, and a digital shift
      (xor) of its own.  Where two names hash to the same one (1 in 200 for a number
      added to a hundred) the one of the larger CRC-32 takes a further hash; only such
      a one can be moved by a newcomer.  Far dimensions are less even in pairs than the
      first ones; every single factor is as even.
    - `random`: independent.

    Parameters
    ----------
    numbers
        See `uncertain_numbers`.
    n
        Samples.  With `sobol` and `random` more samples begin with the same ones.
    seed
        0 or more.

    Raises
    ------
    WasteplanError
        If the method is unknown, `n` not positive, or numbers stand twice.
    """
    if method not in METHODS:
        raise WasteplanError(f"no method '{method}': there are {', '.join(METHODS)}")
    if n < 1:
        raise WasteplanError(f"{n} samples; at least 1 is needed")
    names = [number.name for number in numbers]
    if len(set(names)) < len(names):
        raise WasteplanError("a number stands twice among those to be drawn")
    factors = factors_of(numbers)
    if method == "sobol":
        quantiles = _sobol(factors, n, seed)
    else:
        one = _stratified if method == "latin_hypercube" else _independent
        columns = [one(n, stream(seed, name, "sample")) for name in factors]
        quantiles = np.column_stack(columns) if columns else np.empty((n, 0))
    return Samples(tuple(numbers), factors, quantiles, seed, method)


def _stratified(n: int, rng: np.random.Generator) -> Floats:
    return np.asarray((rng.permutation(n) + rng.random(n)) / n)


def _independent(n: int, rng: np.random.Generator) -> Floats:
    return rng.random(n)


def _sobol(factors: Sequence[str], n: int, seed: int) -> Floats:
    """Columns of one Sobol sequence, each shifted by its own random bits."""
    place = sobol_dimensions(factors)
    columns = [place[name] for name in factors]
    engine = qmc.Sobol(max(columns, default=0) + 1, scramble=False, bits=SOBOL_BITS)
    blocks = []
    for start in range(0, n, SOBOL_POINTS_AT_ONCE):
        blocks.append(engine.random(SOBOL_POINTS_AT_ONCE)[: n - start, columns])
    bits = np.rint(np.vstack(blocks) * 2**SOBOL_BITS).astype(np.int64)
    for i, name in enumerate(factors):
        bits[:, i] ^= stream(seed, name, "sample").integers(2**SOBOL_BITS)
    return np.asarray((bits + 0.5) / 2**SOBOL_BITS)


def sobol_dimensions(names: Sequence[str]) -> dict[str, int]:
    """The dimension of each name; of two that meet the one of larger hash moves on."""
    taken: dict[int, str] = {}
    for name in sorted(set(names), key=lambda each: (crc32(each.encode()), each)):
        turn = 0
        while (at := crc32(f"{name}{'+' * turn}".encode()) % SOBOL_DIMENSIONS) in taken:
            turn += 1
        taken[at] = name
    return {name: at for at, name in taken.items()}
