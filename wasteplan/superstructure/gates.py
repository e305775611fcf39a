"""What stands at the gates of generators: streams as they are, or under measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from wasteplan.scenario.measures import Regime, leakage_under, measures_of, regimes
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import UNCOLLECTED_KINDS
from wasteplan.scenario.setting_out import SetOut, set_out
from wasteplan.scenario.totals import asked_totals
from wasteplan.superstructure.model import NO_REGIME, Floats, Ints, Span
from wasteplan.waste.material import Material

T = TypeVar("T")
COLLECTED = "collected_rate_lowest"


@dataclass(frozen=True)
class Gate:
    """A stream set out by a generator under a regime of its class."""

    pair: int
    """Which (generator, stated stream)."""
    stated: str
    generator_class: str
    regime: int
    """Number of the regime, or `NO_REGIME`."""
    measures: Regime
    stream: str
    share: float
    """Tonnes per stated tonne.  [-]"""
    material: Material
    picked: float = 0.0
    """What informal trades have taken from it, per stated tonne.  [-]"""


class Gates:
    """All gates of a scenario, and the regimes they belong to."""

    def __init__(self, scenario: Scenario, pairs: list[tuple[str, str]]) -> None:
        self.scenario = scenario
        self.pairs = pairs
        self.basis = {(g.generator, g.stream): g.basis for g in scenario.generation}
        self._known: dict[tuple[str, str, str], tuple[tuple[int, Regime, SetOut], ...]]
        self._known = {}
        self._kept: dict[str, Any] = {}

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What no tonnage, price or target moves: made once, shared with copies."""
        if name not in self._kept:
            self._kept[name] = make()
        found: T = self._kept[name]
        return found

    @cached_property
    def regimes(self) -> tuple[tuple[str, Regime], ...]:
        """(class, measures) of every class that has measures and generators."""
        classes = dict.fromkeys(g.generator_class for g in self.scenario.generators)
        return tuple(
            (kind, regime)
            for kind in classes
            if measures_of(self.scenario, kind)
            for regime in regimes(self.scenario, kind)
        )

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """Class -> its regimes."""
        found: dict[str, list[int]] = {}
        for number, (kind, _) in enumerate(self.regimes):
            found.setdefault(kind, []).append(number)
        return found

    def class_of(self, pair: int) -> str:
        """The class of the generator of a pair."""
        return self.scenario.generator[self.pairs[pair][0]].generator_class

    def set_out(self, pair: int) -> tuple[tuple[int, Regime, SetOut], ...]:
        """(regime, its measures, what is set out) of a pair, for all its regimes."""
        kind, stream = self.class_of(pair), self.pairs[pair][1]
        key = (kind, stream, self.basis[self.pairs[pair]])
        if key not in self._known:
            numbers = self.numbers.get(kind, [NO_REGIME])
            named = [(r, self.regimes[r][1] if r >= 0 else ()) for r in numbers]
            self._known[key] = tuple(
                (r, regime, set_out(self.scenario, *key, regime)) for r, regime in named
            )
        return self._known[key]

    @cached_property
    def all(self) -> tuple[Gate, ...]:
        """Every gate, pair by pair."""
        found = []
        for i, (_, stream) in enumerate(self.pairs):
            kind = self.class_of(i)
            for r, regime, out in self.set_out(i):
                picked = {stream: sum(pick.share for pick in out.picks)}
                found += [
                    Gate(
                        i,
                        stream,
                        kind,
                        r,
                        regime,
                        p.stream,
                        p.share,
                        p.material,
                        picked.get(p.stream, 0.0),
                    )
                    for p in out.parts
                ]
        return tuple(found)

    @cached_property
    def pair_of(self) -> Ints:
        """(gates,): the pair of each."""
        return np.array([g.pair for g in self.all], dtype=np.int64)

    @cached_property
    def regime_of(self) -> Ints:
        """(gates,): the regime of each, or `NO_REGIME`, which is the last of a list."""
        return np.array([g.regime for g in self.all], dtype=np.int64)

    def by_regime(self, tonnes: Floats, per_t: Floats) -> Floats:
        """Sums over gates: tonnes of their pairs times so much per stated tonne.

        Parameters
        ----------
        tonnes
            (pairs, periods).
        per_t
            (gates, periods).

        Returns
        -------
        array, shape (regimes + 1, periods)
            The last row is for classes without measures.
        """
        out = np.zeros((len(self.regimes) + 1, tonnes.shape[1]))
        np.add.at(out, self.regime_of, tonnes[self.pair_of] * per_t)
        return out

    def leakage(self, gate: Gate, span: Span) -> dict[str, float]:
        """Share of what a gate sets out that goes to each fate.  [-]"""
        return leakage_under(
            self.scenario, gate.generator_class, gate.stream, span.id, gate.measures
        )

    def shares(self, periods: tuple[Span, ...]) -> Floats:
        """(3, gates, periods): kept, lost to leakage, lost but counted as recycling."""
        counts = {f.id: f.counts_as for f in self.scenario.fates}
        return self.kept("fate_shares", lambda: self._shares(counts, periods))

    def unfetched(self, periods: tuple[Span, ...]) -> Floats:
        """(gates, periods): the share that nobody fetches; 0 unless it is asked for."""
        if COLLECTED not in asked_totals(self.scenario):
            return np.zeros((len(self.all), len(periods)))
        nobodys = {
            f.id: "leakage" if f.kind in UNCOLLECTED_KINDS else ""
            for f in self.scenario.fates
        }
        return self.kept("unfetched", lambda: self._shares(nobodys, periods)[1])

    def _shares(
        self, counts_as: Mapping[str, str], periods: tuple[Span, ...]
    ) -> Floats:
        out = np.zeros((3, len(self.all), len(periods)))
        out[0] = 1.0
        for i, gate in enumerate(self.all):
            for t, span in enumerate(periods):
                for fate, share in self.leakage(gate, span).items():
                    out[0, i, t] -= share
                    out[1 if counts_as[fate] == "leakage" else 2, i, t] += share
        out[0] = np.maximum(out[0], 0.0)
        return out


def in_periods(tonnes: Floats, weights: Sequence[Floats]) -> Floats:
    """Tonnes of every period, each of its years times a weight.  (pairs, periods)

    Parameters
    ----------
    tonnes
        (pairs, years).
    weights
        Those of the years of each period.
    """
    start, found = 0, np.zeros((len(tonnes), len(weights)))
    for t, weight in enumerate(weights):
        found[:, t] = tonnes[:, start : start + len(weight)] @ weight
        start += len(weight)
    return found
