"""Sources that are hauled alike, put together, for a first look at a large case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
from scipy.cluster.vq import kmeans2

from wasteplan.superstructure.model import Floats, Hauls, Ints, Sources, Superstructure

SEED = 7  # any fixed number: the grouping must be the same on every run


def clustered(s: Superstructure, n_clusters: int) -> Superstructure:
    """The same options with about `n_clusters` sources.

    Sources of one origin and regime that reach the same plants are grouped by their
    haul cost to each (k-means); a group has their tonnes and their tonnage-weighted
    cost.  Options, plants and feeds are untouched, so decisions carry over one to one.
    """
    return joined(s, _labels(s, n_clusters))


def joined(s: Superstructure, label: Ints) -> Superstructure:
    """The same options with one source `group_<label>` for those of a label."""
    n = int(label.max()) + 1
    members: list[list[str]] = [[] for _ in range(n)]
    for name, i in zip(s.sources.generator, label, strict=True):
        members[int(i)].append(name)
    sources = Sources(
        generator=tuple(f"group_{i}" for i in range(n)),
        stream=_first_of(s.sources.stream, label, n),
        region=_first_of(s.sources.region, label, n),
        origin=np.array(_first_of(tuple(s.sources.origin), label, n), dtype=np.int64),
        regime=np.array(_first_of(tuple(s.sources.regime), label, n), dtype=np.int64),
        twin=np.arange(n),
        collected_kt=_summed(s.sources.collected_kt, label, n),
        generated_kt=_summed(s.sources.generated_kt, label, n),
        leaked_lost_kt=_summed(s.sources.leaked_lost_kt, label, n),
        leaked_recycled_kt=_summed(s.sources.leaked_recycled_kt, label, n),
        uncollected_kt=_summed(s.sources.uncollected_kt, label, n),
        members=tuple(map(tuple, members)),
    )
    return replace(s, sources=sources, first=_arcs(s, label))


def _labels(s: Superstructure, n_clusters: int) -> Ints:
    """The cluster of each source."""
    n, n_feeds = len(s.sources.stream), len(s.feeds.plant)
    cost: dict[int, dict[int, float]] = defaultdict(dict)
    for a in range(len(s.first)):
        cost[int(s.first.tail[a])][int(s.first.feed[a])] = s.first.cost_per_t[a]
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i in range(n):
        origin, regime = int(s.sources.origin[i]), int(s.sources.regime[i])
        alike[origin, regime, tuple(sorted(cost[i]))].append(i)
    label = np.zeros(n, dtype=np.int64)
    used = 0
    for key, members in alike.items():
        feeds = list(key[-1])  # type: ignore[call-overload]
        k = max(1, round(n_clusters * len(members) / n))
        points = np.array([[cost[i][f] for f in feeds] for i in members])
        if k >= len(members) or n_feeds == 0 or points.size == 0:
            own = np.arange(len(members))
        else:
            _, own = kmeans2(points, k, minit="++", rng=np.random.default_rng(SEED))
            own = np.unique(own, return_inverse=True)[1]
        label[members] = used + own
        used += int(own.max()) + 1
    return label


def _first_of(values: tuple, label: Ints, n: int) -> tuple:  # type: ignore[type-arg]
    first: dict[int, object] = {}
    for value, i in zip(values, label, strict=True):
        first.setdefault(int(i), value)
    return tuple(first[i] for i in range(n))


def _summed(values: Floats, label: Ints, n: int) -> Floats:
    out = np.zeros((n, values.shape[1]))
    np.add.at(out, label, values)
    return out


def _arcs(s: Superstructure, label: Ints) -> Hauls:
    """Tonnage-weighted arcs from clusters to feeds."""
    weight = s.sources.collected_kt.sum(axis=1)[s.first.tail] + 1e-12
    tail = label[s.first.tail]
    key = tail * len(s.feeds.plant) + s.first.feed
    keys, inverse = np.unique(key, return_inverse=True)
    total = np.bincount(inverse, weight)

    def mean(values: Floats) -> Floats:
        return np.asarray(np.bincount(inverse, weight * values) / total)

    first = np.zeros(len(keys), dtype=np.int64)
    first[inverse[::-1]] = np.arange(len(key))[::-1]
    return Hauls(
        tail=tail[first],
        commodity=s.first.commodity[first],
        feed=s.first.feed[first],
        cost_per_t=mean(s.first.cost_per_t),
        co2_kg_per_t=mean(s.first.co2_kg_per_t),
        distance_km=mean(s.first.distance_km),
    )
