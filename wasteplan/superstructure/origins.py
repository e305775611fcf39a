"""Where waste comes from: spans, tonnages by year, origins and sources."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wasteplan.finance.annuity import discount_factor
from wasteplan.scenario.derived import leakage_shares, tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.model import Floats, Origin, Sources, Span

KT_PER_T = 1e-3
RATIO_DECIMALS = 12  # growth profiles closer than this are the same


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
    """Region and stream as far as any target tells them apart."""
    by_region = any(t.region for t in scenario.targets)
    by_stream = any(t.stream for t in scenario.targets)
    return (region if by_region else "", stream if by_stream else "")


def sources_and_origins(
    scenario: Scenario, periods: tuple[Span, ...]
) -> tuple[Sources, tuple[Origin, ...]]:
    """Every generator's stream with its tonnage, and the origins they fall into."""
    pairs, tonnes = tonnes_by_year(scenario)
    blocks = np.split(tonnes, np.cumsum([len(p.years) for p in periods])[:-1], axis=1)
    generated = np.column_stack([b[:, -1] for b in blocks]) * KT_PER_T
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = [np.where(b[:, -1:] > 0, b / b[:, -1:], 0.0) for b in blocks]
    keys: dict[tuple[object, ...], int] = {}
    regions: list[set[str]] = []
    index = np.empty(len(pairs), dtype=np.int64)
    details: list[tuple[str, tuple[str, str], tuple[Floats, ...]]] = []
    for i, (generator, stream) in enumerate(pairs):
        region = scenario.generator[generator].region
        scope = scope_of(scenario, region, stream)
        rounded = [np.round(r[i], RATIO_DECIMALS) for r in ratios]
        key = (stream, scope, b"".join(r.tobytes() for r in rounded))
        if key not in keys:
            keys[key] = len(keys)
            regions.append(set())
            details.append((stream, scope, tuple(rounded)))
        index[i] = keys[key]
        regions[keys[key]].add(region)
    kept, lost, recycled = _leakage(scenario, pairs, periods)
    sources = Sources(
        generator=tuple(p[0] for p in pairs),
        stream=tuple(p[1] for p in pairs),
        region=tuple(scenario.generator[p[0]].region for p in pairs),
        origin=index,
        collected_kt=generated * kept,
        generated_kt=generated,
        leaked_lost_kt=generated * lost,
        leaked_recycled_kt=generated * recycled,
    )
    origins = tuple(
        Origin(stream, frozenset(regions[i]), scope, ratio)
        for i, (stream, scope, ratio) in enumerate(details)
    )
    return sources, origins


def _leakage(
    scenario: Scenario, pairs: list[tuple[str, str]], periods: tuple[Span, ...]
) -> tuple[Floats, Floats, Floats]:
    """Shares that stay, are lost to leakage, and are lost but count as recycling."""
    kept = np.ones((len(pairs), len(periods)))
    lost, recycled = np.zeros_like(kept), np.zeros_like(kept)
    counts = {f.id: f.counts_as for f in scenario.fates}
    cache: dict[tuple[str, str, str], Mapping[str, float]] = {}
    for i, (generator, stream) in enumerate(pairs):
        kind = scenario.generator[generator].generator_class
        for t, period in enumerate(periods):
            key = (kind, stream, period.id)
            if key not in cache:
                cache[key] = leakage_shares(scenario, kind, stream, period.id)
            for fate, share in cache[key].items():
                kept[i, t] -= share
                into = lost if counts[fate] == "leakage" else recycled
                into[i, t] += share
    return np.maximum(kept, 0.0), lost, recycled
