"""Random small networks with measures: separation, prevention, less leakage.

`plain` says the same without measures, by arithmetic of its own: for one set of
measures, the tonnes, compositions and leakage that follow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, combinations

import numpy as np
from measure_cases import against, programme
from networks import Acceptance, CompositionShare, LeakageStep, Stream
from random_networks import random_network

from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import GeneratorClass

MEASURES = ("cut", "police", "sort")
SUBSETS = tuple(chain.from_iterable(combinations(MEASURES, n) for n in range(4)))


@dataclass(frozen=True)
class Numbers:
    """What is drawn for the measures."""

    sort: float
    dirt: float
    cut: float
    leak: float
    cost_per_y: dict[str, float]


def numbers(seed: int) -> Numbers:
    chance = np.random.default_rng(seed + 1)
    draw = [float(np.round(x, 3)) for x in chance.uniform(0.1, 0.5, 3)]
    costs = {m: float(np.round(chance.uniform(0, 1e5), -3)) for m in MEASURES}
    dirt = float(np.round(chance.uniform(0, 0.15), 3))
    return Numbers(draw[0], dirt, draw[1] / 3, draw[2] / 10, costs)


def measured(seed: int, *, periods: int = 2) -> Scenario:
    """A random network with a programme of each kind and a level of enforcement."""
    x, base = numbers(seed), _base(seed, periods)
    cut = {"kind": "prevention", "to_stream": "", "fraction": "wet", "stream": "mixed"}
    return replace(
        base,
        programmes=(
            programme(
                "sort",
                stream="mixed",
                to_stream="apart",
                participation=x.sort,
                capture=1.0,
                contamination=x.dirt,
                cost_per_y=x.cost_per_y["sort"],
            ),
            programme(
                "cut",
                **cut,
                participation=1.0,
                capture=x.cut,
                cost_per_y=x.cost_per_y["cut"],
            ),
        ),
        leakage_measures=(
            against(
                "police", penalty_added_per_t=3.0, cost_per_y=x.cost_per_y["police"]
            ),
        ),
        leakage=(
            *(r.model_copy(update={"advantage_min": 3.0}) for r in base.leakage),
            LeakageStep(
                generator_class="plain", stream="mixed", fate="away", share=x.leak
            ),
        ),
    )


def _base(seed: int, periods: int) -> Scenario:
    """The network with room for the separated stream; dearer to hand over than not."""
    base = random_network(seed)
    targets = tuple(
        t.model_copy(update={"period": base.periods[periods - 1].id})
        for t in base.targets
    )
    return replace(
        base,
        periods=base.periods[:periods],
        targets=targets,
        streams=(*base.streams, Stream(id="apart")),
        generator_classes=(GeneratorClass(id="plain", legal_price_per_t=5.0),),
        acceptance=(
            *base.acceptance,
            *(
                Acceptance(technology=k, accepts="apart")
                for k in ("sorter", "burner", "cell")
            ),
        ),
    )


def plain(seed: int, chosen: tuple[str, ...], *, periods: int = 1) -> Scenario:
    """The same network as it stands under some measures, without any measure."""
    x, base = numbers(seed), _base(seed, periods)
    wet, dry = (r.share for r in base.composition if r.stream == "mixed")
    if "cut" in chosen:
        wet = wet * (1 - x.cut)
    apart = dry * x.sort if "sort" in chosen else 0.0
    dirt = apart * x.dirt / (1 - x.dirt)
    left = {"wet": wet - dirt, "dry": dry - apart}
    sums = {"mixed": sum(left.values()), "apart": apart + dirt}
    mixes = {"mixed": left, "apart": {"wet": dirt, "dry": apart}}
    rows = []
    for g in base.generation:
        if g.stream != "mixed":
            rows.append(g)
            continue
        for stream, share in sums.items():
            if share > 0:
                changes = {"stream": stream, "waste_t_per_y": g.waste_t_per_y * share}
                rows.append(g.model_copy(update=changes))
    leak = x.leak if "police" in chosen else 0.05
    return replace(
        base,
        generation=tuple(rows),
        composition=(
            *(r for r in base.composition if r.stream != "mixed"),
            *(
                CompositionShare(stream=s, fraction=f, share=amount / sums[s])
                for s, mix in mixes.items()
                for f, amount in mix.items()
                if sums[s] > 0
            ),
        ),
        leakage=(
            LeakageStep(
                generator_class="plain", stream="mixed", fate="away", share=leak
            ),
        ),
    )


def running_cost(scenario: Scenario, seed: int, chosen: tuple[str, ...]) -> float:
    """Present value of running measures in all years.  [money]"""
    rate = scenario.settings.economics.discount_rate
    base = scenario.settings.scenario.base_year
    years = sum((1 + rate) ** -(y - base) for y in scenario.years)
    return sum(numbers(seed).cost_per_y[m] for m in chosen) * years
