"""Where waste comes from: spans, tonnages by year, origins and sources."""

from __future__ import annotations

import numpy as np

from wasteplan.finance.annuity import discount_factor
from wasteplan.scenario.derived import tonnage
from wasteplan.scenario.hauls import is_effluent
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.totals import asked_totals
from wasteplan.superstructure.gates import Gate, Gates
from wasteplan.superstructure.model import Floats, Origin, Sources, Span
from wasteplan.waste.material import Material

KT_PER_T = 1e-3
RATIO_DECIMALS = 12  # growth profiles closer than this are the same
MATERIAL_DECIMALS = 12  # mass shares closer than this are the same material


def spans(scenario: Scenario) -> tuple[Span, ...]:
    """The periods with their years and yearly discount factors."""
    rate = scenario.settings.economics.discount_rate
    base = scenario.settings.scenario.base_year
    found = []
    for period in scenario.periods:
        years = tuple(range(period.first_year, period.last_year + 1))
        factors = np.array([discount_factor(rate, y, base) for y in years])
        found.append(Span(period.id, years, factors))
    return tuple(found)


def tonnes_by_year(scenario: Scenario) -> tuple[list[tuple[str, str]], Floats]:
    """(generator, stream) pairs and their tonnes in every year of the horizon.

    One row a pair and growth only: vectorised, because a country has 10^5 of them.
    """
    rows: dict[tuple[str, str], list[tuple[int, float, float]]] = {}
    for g in scenario.generation:
        rows.setdefault((g.generator, g.stream), []).append(
            (g.year, g.waste_t_per_y, g.growth_per_y)
        )
    pairs = list(rows)
    years = np.array(scenario.years, dtype=float)
    tonnes = np.empty((len(pairs), len(years)))
    single = [i for i, pair in enumerate(pairs) if len(rows[pair]) == 1]
    if single:
        first = np.array([rows[pairs[i]][0] for i in single])
        age = np.maximum(years[None, :] - first[:, :1], 0.0)
        tonnes[single] = first[:, 1:2] * (1.0 + first[:, 2:3]) ** age
    for i, pair in enumerate(pairs):
        if len(rows[pair]) > 1:
            tonnes[i] = [tonnage(scenario, *pair, y) for y in scenario.years]
    return pairs, tonnes


def scope_of(scenario: Scenario, region: str, stream: str) -> tuple[str, str]:
    """Region and stream as far as any target or objective tells them apart."""
    by_region = any(t.region for t in scenario.targets)
    by_region = by_region or "diversion_rate_lowest" in asked_totals(scenario)
    by_stream = any(t.stream for t in scenario.targets)
    return (region if by_region else "", stream if by_stream else "")


def sources_and_origins(
    scenario: Scenario, periods: tuple[Span, ...], gates: Gates, tonnes: Floats
) -> tuple[Sources, tuple[Origin, ...]]:
    """Every stream at the gate of a generator with its tonnage, and its origin.

    Parameters
    ----------
    gates, tonnes
        The gates, and the tonnes stated for each of their pairs in every year.
    """
    blocks = np.split(tonnes, np.cumsum([len(p.years) for p in periods])[:-1], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = [np.where(b[:, -1:] > 0, b / b[:, -1:], 0.0) for b in blocks]
    rounded: list[Floats] = [np.asarray(r.round(RATIO_DECIMALS)) for r in ratios]
    book = _OriginBook(scenario, rounded)
    origin = np.array([book.number(gates, g) for g in gates.all], dtype=np.int64)
    names = [gates.pairs[i][0] for i in gates.pair_of]
    twins: dict[tuple[int, str], int] = {}
    there = tonnes_of_sources(gates, periods, tonnes)
    sources = Sources(
        generator=tuple(names),
        stream=tuple(g.stream for g in gates.all),
        region=tuple(scenario.generator[name].region for name in names),
        origin=origin,
        regime=gates.regime_of,
        twin=np.array(
            [twins.setdefault((g.pair, g.stream), len(twins)) for g in gates.all],
            dtype=np.int64,
        ),
        collected_kt=there[0],
        generated_kt=there[1],
        leaked_lost_kt=there[2],
        leaked_recycled_kt=there[3],
        uncollected_kt=there[4],
    )
    return sources, book.origins()


def tonnes_of_sources(
    gates: Gates, periods: tuple[Span, ...], tonnes: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Collected, generated, lost, recycled leakage and what nobody fetches.  [kt/y]

    Each (gates, periods), as `Sources` has them.

    Parameters
    ----------
    tonnes
        Those stated for each pair of the gates in every year.  [t/y]
    """
    share, picks, solid = gates.kept("per_stated", lambda: _per_stated(gates))
    kept, lost, recycled = gates.shares(periods)
    last = np.cumsum([len(p.years) for p in periods]) - 1
    stated = (tonnes[:, last] * KT_PER_T)[gates.pair_of]
    generated, picked = stated * share, stated * picks
    return (
        generated * kept,
        generated * solid + picked,
        generated * lost,
        generated * recycled + picked,
        generated * gates.unfetched(periods),
    )


def _per_stated(gates: Gates) -> tuple[Floats, Floats, Floats]:
    """(gates, 1): set out and taken before, per stated tonne; 1 unless effluent."""
    solid = [float(not is_effluent(gates.scenario, g.stream)) for g in gates.all]
    columns = ([g.share for g in gates.all], [g.picked for g in gates.all], solid)
    one, two, three = (np.array(c, dtype=float)[:, None] for c in columns)
    return one, two, three


class _OriginBook:
    """Origins while they are found: same stream, scope, growth and material."""

    def __init__(self, scenario: Scenario, ratios: list[Floats]) -> None:
        self.scenario = scenario
        self.ratios = ratios
        self.known: dict[tuple[object, ...], int] = {}
        self.regions: list[set[str]] = []
        self.first: list[tuple[Gate, tuple[str, str]]] = []
        self._bytes: dict[int, bytes] = {}

    def number(self, gates: Gates, gate: Gate) -> int:
        """The number of a gate's origin, new or known."""
        region = self.scenario.generator[gates.pairs[gate.pair][0]].region
        scope = scope_of(self.scenario, region, gate.stream)
        growth = b"".join(r[gate.pair].tobytes() for r in self.ratios)
        key = (gate.stream, scope, growth, self._composition(gate.material))
        if key not in self.known:
            self.known[key] = len(self.known)
            self.regions.append(set())
            self.first.append((gate, scope))
        self.regions[self.known[key]].add(region)
        return self.known[key]

    def _composition(self, material: Material) -> bytes:
        if id(material) not in self._bytes:
            self._bytes[id(material)] = b"".join(
                np.round(values, MATERIAL_DECIMALS).tobytes()
                for values in (material.mass, material.water)
            )
        return self._bytes[id(material)]

    def origins(self) -> tuple[Origin, ...]:
        """All of them, in the order found."""
        return tuple(
            Origin(
                gate.stream,
                frozenset(regions),
                scope,
                tuple(r[gate.pair] for r in self.ratios),
                gate.material,
            )
            for (gate, scope), regions in zip(self.first, self.regions, strict=True)
        )
