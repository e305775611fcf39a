"""Where the waste comes from: every stream of every generator, and what leaks of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.lots import LOOSE, Floats, Lot, Materials, period_years
from wasteplan.evaluation.routing import raise_all
from wasteplan.plan.records import RAW, Plan
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.measures import NO_MEASURES, Regime, leakage_under
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.planned_measures import planned_regimes, unknown_measures
from wasteplan.scenario.records import Generation
from wasteplan.scenario.setting_out import Part, Pick, set_out

LEAK_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Stated:
    """A stream of a generator as `generation` states it."""

    generator: str
    generator_class: str
    stream: str
    basis: str


@dataclass(frozen=True)
class Sources:
    """What generators set out, as columns; one entry a stream under a regime.

    A stream of a class that works under two regimes has an entry for each, with tonnes
    in the periods of that regime only.
    """

    generator: tuple[str, ...]
    generator_class: tuple[str, ...]
    lot: tuple[Lot, ...]
    tonnes: tuple[Floats, ...]
    """Per period, shape (sources, years).  [t/y]"""
    leaked: tuple[dict[str, Floats], ...]
    """Per period, by fate: share of each source.  [-]"""
    stated: tuple[Stated, ...]
    stated_t: tuple[Floats, ...]
    """Per period, shape (stated, years).  [t/y]"""
    regimes: dict[tuple[str, str], Regime]
    """(class, period) -> measures at work; pairs without any are absent."""

    def kept(self, period: int) -> Floats:
        """The share of each source that enters the legal system.  [-]"""
        none = np.zeros(len(self.generator))
        lost = np.sum([none, *self.leaked[period].values()], axis=0)
        return np.maximum(1.0 - lost, 0.0)


@dataclass(frozen=True)
class _Entry:
    """A part of a stated stream under one regime of its class."""

    stated: int
    generator_class: str
    regime: Regime
    part: Part | Pick

    @property
    def taken_by(self) -> str:
        """The informal trade that takes it, empty if nobody does."""
        return self.part.row.id if isinstance(self.part, Pick) else ""


def sources(scenario: Scenario, materials: Materials, plan: Plan) -> Sources:
    """Everything that generators set out under a plan, with its tonnes and leakage.

    Raises
    ------
    PlanError
        The plan names measures that the scenario does not have.
    WasteplanError
        The fates of a class take more than all of its waste.
    """
    raise_all(plan, unknown_measures(scenario, plan))
    rows: dict[tuple[str, str], list[Generation]] = {}
    for row in scenario.generation:
        rows.setdefault((row.generator, row.stream), []).append(row)
    stated = tuple(
        Stated(name, scenario.generator[name].generator_class, stream, found[0].basis)
        for (name, stream), found in rows.items()
    )
    regimes = planned_regimes(scenario, plan)
    entries = list(_entries(scenario, stated, regimes))
    owner = np.array([e.stated for e in entries], np.int64)
    spans = period_years(scenario)
    stated_t = tuple(_tonnes(scenario, list(rows.values()), span) for span in spans)
    shares = [_shares(entries, regimes, p.id) for p in scenario.periods]
    keys = [
        (e.generator_class, _stream(e, stated), e.regime, e.taken_by) for e in entries
    ]
    return Sources(
        generator=tuple(stated[i].generator for i in owner),
        generator_class=tuple(e.generator_class for e in entries),
        lot=tuple(_lots(scenario, materials, stated, entries)),
        tonnes=tuple(
            tonnes[owner] * share[:, None]
            for tonnes, share in zip(stated_t, shares, strict=True)
        ),
        leaked=tuple(_leaked(scenario, p.id, keys) for p in scenario.periods),
        stated=stated,
        stated_t=stated_t,
        regimes=regimes,
    )


def _entries(
    scenario: Scenario,
    stated: tuple[Stated, ...],
    regimes: dict[tuple[str, str], Regime],
) -> Iterator[_Entry]:
    """Parts of every stated stream, for each regime that its class works under."""
    used: dict[str, dict[Regime, None]] = {}
    for kind in dict.fromkeys(s.generator_class for s in stated):
        for period in scenario.periods:
            regime = regimes.get((kind, period.id), NO_MEASURES)
            used.setdefault(kind, {})[regime] = None
    for i, one in enumerate(stated):
        kind = one.generator_class
        for regime in used[kind]:
            out = set_out(scenario, kind, one.stream, one.basis, regime)
            every: tuple[Part | Pick, ...] = (*out.parts, *out.picks)
            for part in every:
                yield _Entry(i, kind, regime, part)


def _shares(
    entries: list[_Entry], regimes: dict[tuple[str, str], Regime], period: str
) -> Floats:
    """Tonnes of every entry per stated tonne in a period; 0 under other regimes."""
    return np.array(
        [
            e.part.share
            if e.regime == regimes.get((e.generator_class, period), NO_MEASURES)
            else 0.0
            for e in entries
        ]
    )


def _stream(entry: _Entry, stated: tuple[Stated, ...]) -> str:
    """The stream that an entry is, or is taken from."""
    if isinstance(entry.part, Pick):
        return stated[entry.stated].stream
    return entry.part.stream


def _lots(
    scenario: Scenario,
    materials: Materials,
    stated: tuple[Stated, ...],
    entries: list[_Entry],
) -> Iterator[Lot]:
    """The lot of every entry; equal ones are one object."""
    lots: dict[tuple[str, str, int], Lot] = {}
    for e in entries:
        region = scenario.generator[stated[e.stated].generator].region
        key = (_stream(e, stated), region, materials.number(e.part.material))
        if key not in lots:
            lots[key] = Lot(key[0], region, RAW, LOOSE, key[2])
        yield lots[key]


def _tonnes(
    scenario: Scenario, rows: list[list[Generation]], years: tuple[int, ...]
) -> Floats:
    """Tonnes of each source in each year, shape (sources, years).  [t/y]

    A source with one row only grows from it; the others are asked year by year.
    """
    first = np.array([r[0].waste_t_per_y for r in rows], float)
    growth = np.array([r[0].growth_per_y for r in rows], float)
    start = np.array([r[0].year for r in rows], float)
    age_y = np.maximum(np.array(years, float)[None, :] - start[:, None], 0.0)
    tonnes: Floats = first[:, None] * (1.0 + growth[:, None]) ** age_y
    for i, several in enumerate(rows):
        if len(several) > 1:
            row = several[0]
            tonnes[i] = [tonnage(scenario, row.generator, row.stream, y) for y in years]
    return tonnes


def _leaked(
    scenario: Scenario, period: str, keys: list[tuple[str, str, Regime, str]]
) -> dict[str, Floats]:
    """By fate or trade, the share of each source.

    `keys` are its class, stream and regime, and the trade that takes all of it, if any.
    """
    found: dict[str, Floats] = {}
    index = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    which = np.array([index[key] for key in keys], np.int64)
    for key, i in index.items():
        kind, stream, regime, trade = key
        shares = {trade: 1.0}
        if not trade:
            shares = leakage_under(scenario, kind, stream, period, regime)
        if sum(shares.values()) > 1 + LEAK_SUM_TOLERANCE:
            raise WasteplanError(
                f"leakage of {kind}, {stream} in {period}: shares of the fates add "
                f"up to {sum(shares.values()):.4g}, above 1"
            )
        for fate, share in shares.items():
            column = found.setdefault(fate, np.zeros(len(keys)))
            column[which == i] = share
    return found
