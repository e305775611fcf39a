"""What a class of generators sets out under a regime of measures.

The one definition of what programmes do to waste; the optimizer's options, the
evaluation and the simulation all read it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.scenario.derived import fractions, material
from wasteplan.scenario.measure_records import (
    InformalTrade,
    Integration,
    Programme,
)
from wasteplan.scenario.measures import NO_MEASURES, Regime, rows_at_work
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.remembering import remembered
from wasteplan.waste.material import Floats, Material
from wasteplan.waste.separation import NOTHING, is_of, mixed, parts_of


@dataclass(frozen=True)
class Part:
    """One stream that is set out, per tonne stated in `generation`."""

    stream: str
    share: float
    """Tonnes per stated tonne.  [-]"""
    material: Material


@dataclass(frozen=True)
class Moved:
    """What one row of a programme takes of its fraction, per stated tonne."""

    row: Programme
    share: float
    """Contamination left out.  [-]"""


@dataclass(frozen=True)
class Pick:
    """What an informal trade takes of a stream before it is collected."""

    row: InformalTrade
    share: float
    """Tonnes per stated tonne.  [-]"""
    material: Material


@dataclass(frozen=True)
class SetOut:
    """All that is set out per tonne stated in `generation`."""

    parts: tuple[Part, ...]
    """The stream itself first, then what is separated from it."""
    picks: tuple[Pick, ...] = ()
    moved: tuple[Moved, ...] = ()


@remembered
def set_out(
    scenario: Scenario,
    generator_class: str,
    stream: str,
    basis: str = "generated",
    regime: Regime = NO_MEASURES,
) -> SetOut:
    """What becomes of a stated tonne of a stream of a class.

    First prevention, then segregation, each programme in order of id, from what the one
    before has left: a row takes (p + (1 - p) a) c of its fraction, with p and c its
    participation and capture and a what awareness adds to the participation.  A
    separated stream of which k is contamination takes k / (1 - k) of its catch from the
    other parts, each in proportion.  Last, informal trades take their captures of what
    stays in the stream.  Tonnes that are stated after picking (`basis` collected or
    disposed) are those left by the trades without measures: what they take then comes
    on top.  Heating value, water and carbon follow from the fractions.

    Raises
    ------
    WasteplanError
        There is not enough other material for the contamination stated, or trades take
        more than there is.
    """
    rows = _programmes(scenario, generator_class, stream, regime)
    trades = trades_of(scenario, generator_class, stream)
    if not rows and not trades:
        return SetOut((Part(stream, 1.0, material(scenario, stream)),))
    found = _Separation(scenario, stream)
    if basis != "generated":
        found.put_back(trades)
    found.work(rows)
    found.pick(trades, capture_added(scenario, generator_class, regime))
    return found.done()


def trades_of(
    scenario: Scenario, generator_class: str, stream: str
) -> tuple[InformalTrade, ...]:
    """Rows of trades that take from a stream of a class."""
    return tuple(
        row
        for row in scenario.informal
        if row.generator_class == generator_class and row.stream in ("", stream)
    )


def capture_added(
    scenario: Scenario, generator_class: str, regime: Regime
) -> dict[str, float]:
    """Trade -> what its integration adds to its captures.  [-]"""
    return {
        row.informal: row.capture_added
        for row in rows_at_work(scenario, regime)
        if isinstance(row, Integration) and row.generator_class == generator_class
    }


def _programmes(
    scenario: Scenario, generator_class: str, stream: str, regime: Regime
) -> list[Programme]:
    """Rows at work on a stream; prevention first, else in order of id."""
    rows = [
        row
        for row in rows_at_work(scenario, regime)
        if isinstance(row, Programme)
        and row.generator_class == generator_class
        and row.stream in ("", stream)
        and row.to_stream != stream
    ]
    order = {"awareness": 0, "prevention": 1, "segregation": 2}
    return sorted(rows, key=lambda r: order[r.kind])


class _Separation:
    """A tonne of a stream while parts are taken out of it."""

    def __init__(self, scenario: Scenario, stream: str) -> None:
        self.table = fractions(scenario)
        self.stream = stream
        self.whole = material(scenario, stream)
        self.listed, self.left = parts_of(stream, scenario.composition, self.table)
        self.awareness: list[Programme] = []
        self.taken: dict[str, Floats] = {}
        self.moved: list[Moved] = []
        self.picks: list[Pick] = []

    def put_back(self, trades: tuple[InformalTrade, ...]) -> None:
        """Add what the trades had taken before the tonnes were stated."""
        taken = self._captured(trades, {})
        if (taken[self.left > NOTHING] >= 1).any():
            raise WasteplanError(
                f"informal trades take all of a fraction of {self.stream}, of which "
                "tonnes after picking are stated: lower their capture"
            )
        self.left = self.left / np.where(taken < 1, 1 - taken, 1.0)

    def work(self, rows: list[Programme]) -> None:
        """Let programmes take what they take, one after the other."""
        self.awareness = [r for r in rows if r.kind == "awareness"]
        for row in rows:
            if row.kind != "awareness":
                self._take(row)

    def pick(self, trades: tuple[InformalTrade, ...], added: dict[str, float]) -> None:
        """Let trades take their shares of what is left."""
        taken = self._captured(trades, added)
        if (taken[self.left > NOTHING] > 1 + NOTHING).any():
            names = ", ".join(sorted({t.id for t in trades}))
            raise WasteplanError(
                f"{names} take more than there is of a fraction of {self.stream}: "
                "lower `capture` or `capture_added`"
            )
        before = self.left
        self.left = before * (1 - np.minimum(taken, 1.0))
        for trade in trades:
            mass = (before * self._captured((trade,), added)).sum(axis=0)
            if mass.sum() > NOTHING:
                amount = float(mass.sum())
                self.picks.append(Pick(trade, amount, mixed(mass, self.whole.water)))

    def _captured(
        self, trades: tuple[InformalTrade, ...], added: dict[str, float]
    ) -> Floats:
        """Share of each part that trades take.  [-]"""
        out = np.zeros_like(self.left)
        for trade in trades:
            share = max(0.0, trade.capture + added.get(trade.id, 0.0))
            out += share * is_of(trade.fraction, self.listed, self.table)
        return out

    def _take(self, row: Programme) -> None:
        own = is_of(row.fraction, self.listed, self.table)
        caught = np.where(own, self.left * self._rate(row), 0.0)
        self.left = self.left - caught
        amount = caught.sum()
        self.moved.append(Moved(row, float(amount)))
        if row.kind == "prevention" or amount <= NOTHING:
            return
        dirt = self._dirt(row, own, float(amount))
        self.left = self.left - dirt
        into = self.taken.setdefault(row.to_stream, np.zeros(self.left.shape[1]))
        self.taken[row.to_stream] = into + (caught + dirt).sum(axis=0)

    def _rate(self, row: Programme) -> float:
        """Share of the fraction that a row takes, awareness included.  [-]"""
        out = 1.0 - row.participation
        for other in self.awareness:
            if other.fraction in self.table.ancestry(row.fraction):
                out *= 1.0 - other.participation * other.capture
        return (1.0 - out) * row.capture

    def _dirt(self, row: Programme, own: np.ndarray, amount: float) -> Floats:
        """Other material that comes along."""
        others = np.where(own, 0.0, self.left)
        wanted = amount * row.contamination / (1.0 - row.contamination)
        there = float(others.sum())
        if wanted > there:
            raise WasteplanError(
                f"programme {row.id}: a contamination of {row.contamination:g} needs "
                f"{wanted:.3g} t of other material per tonne of {self.stream}, and "
                f"only {there:.3g} t is left: lower contamination or capture"
            )
        return others * (wanted / there) if wanted > 0 else np.zeros_like(others)

    def done(self) -> SetOut:
        """What there is in the end; the stream itself even if nothing is left of it."""
        found = [(self.stream, self.left.sum(axis=0)), *self.taken.items()]
        parts = tuple(
            Part(name, float(mass.sum()), mixed(mass, self.whole.water))
            if mass.sum() > NOTHING
            else Part(name, 0.0, self.whole)
            for name, mass in found
        )
        return SetOut(parts, tuple(self.picks), tuple(self.moved))


@remembered
def materials_of(scenario: Scenario, stream: str) -> tuple[Material, ...]:
    """What a stream can be: as its composition says, or as programmes separate it."""
    found = []
    if any(row.stream == stream for row in scenario.composition):
        found.append(material(scenario, stream))
    made = {
        (p.id, p.generator_class) for p in scenario.programmes if p.to_stream == stream
    }
    for measure, kind in sorted(made):
        for name, basis in streams_of(scenario, kind):
            parts = set_out(scenario, kind, name, basis, (measure,)).parts
            found += [p.material for p in parts if p.stream == stream]
    return tuple(found)


@remembered
def streams_of(scenario: Scenario, generator_class: str) -> tuple[tuple[str, str], ...]:
    """(stream, basis) of all that generators of a class state, in order of the rows."""
    return tuple(
        dict.fromkeys(
            (row.stream, row.basis)
            for row in scenario.generation
            if row.generator in scenario.generator
            and scenario.generator[row.generator].generator_class == generator_class
        )
    )
