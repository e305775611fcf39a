"""Random networks with many generators, for groups of sources."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from networks import distances, generator, waste
from random_networks import random_network

from wasteplan.scenario.model import Scenario

FEASIBLE, INFEASIBLE = (0, 2, 3), 1
"""Seeds."""


def crowded(seed: int, n: int = 24) -> Scenario:
    """A random network with many generators of two streams."""
    base, chance = random_network(seed), np.random.default_rng(seed)
    names = [f"g{i}" for i in range(n)]
    places = ["sort", "burn", "tip", "hub", "shop"]
    rows = {
        k: {p: float(np.round(chance.uniform(2, 60), 2)) for p in places} for k in names
    }
    known = {d.origin for d in base.distances}
    kept = tuple(
        d for d in base.distances if d.origin in places and d.destination in places
    )
    assert known
    flows = tuple(
        waste(k, float(np.round(chance.lognormal(8.0, 1.0), 1)), 0.02, stream)
        for k in names
        for stream in ("mixed", "clean")
    )
    return replace(
        base,
        generators=tuple(generator(k, "r0") for k in names),
        generation=flows,
        distances=(*distances(rows), *kept),
        targets=tuple(t.model_copy(update={"region": ""}) for t in base.targets),
    )
