"""A siting case that no solver proves in seconds; run as a script it can be stopped.

Prints `incumbent` when there is a plan to keep, then the status of the last plan.
"""

from __future__ import annotations

import sys

import numpy as np
from networks import (
    Acceptance,
    CompositionShare,
    Fraction,
    GeneratorClass,
    Period,
    Stream,
    distances,
    generator,
    make_scenario,
    settings,
    site,
    size,
    technology,
    waste,
)

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.optimize import Progress, solve
from wasteplan.scenario.model import Scenario


def hard_case(n_sites: int = 70, n_generators: int = 180) -> Scenario:
    """Random sites whose capacity is three times the waste: many near-equal choices."""
    chance = np.random.default_rng(3)
    a, b = (
        chance.uniform(0, 100, (n_generators, 2)),
        chance.uniform(0, 100, (n_sites, 2)),
    )
    km = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]) + 0.01
    tonnes = np.round(chance.uniform(5e3, 3.5e4, n_generators))
    room = chance.uniform(1e4, 1.6e5, n_sites)
    room *= 3 * tonnes.sum() / room.sum()
    sites = range(n_sites)
    return make_scenario(
        settings(),
        generators=tuple(generator(f"g{i}") for i in range(n_generators)),
        generator_classes=(GeneratorClass(id="plain"),),
        generation=tuple(waste(f"g{i}", t) for i, t in enumerate(tonnes)),
        streams=(Stream(id="mixed"),),
        fractions=(Fraction(id="stuff"),),
        composition=(CompositionShare(stream="mixed", fraction="stuff", share=1.0),),
        vehicles=(Vehicle(id="truck", cost_per_t_km=0.3),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=tuple(site(f"s{j}", f"k{j}") for j in sites),
        technologies=tuple(technology(f"k{j}", "storage") for j in sites),
        sizes=tuple(
            size(f"k{j}", float(room[j]), 0.0, float(room[j] ** 0.5 * 900))
            for j in sites
        ),
        acceptance=tuple(
            Acceptance(technology=f"k{j}", accepts="mixed") for j in sites
        ),
        periods=(Period(id="p1", first_year=2025, last_year=2025),),
        distances=distances(
            {
                f"g{i}": {f"s{j}": float(km[i, j]) for j in sites}
                for i in range(n_generators)
            }
        ),
    )


def main(time_limit_s: float) -> None:
    def tell(progress: Progress) -> None:
        if progress.incumbent is not None:
            print("incumbent", flush=True)

    plan = solve(hard_case(), gap=0.0, time_limit_s=time_limit_s, progress=tell)
    assert plan.proof is not None
    print(plan.proof.status, plan.proof.gap_of_gross, len(plan.routes), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
