"""Every set of builds tried one by one, each with its own transport problem."""

from itertools import product

import numpy as np
import pytest
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
from scipy.optimize import linprog

from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.optimize import solve

RATE, LIFE, YEARS = 0.07, 12, (2025, 2026, 2027)
SIZES = {"small": (40_000.0, 4e6, 2e5), "large": (90_000.0, 7e6, 3e5)}


def case(seed):
    """Four sites with two sizes each, five generators, growth, three years."""
    chance = np.random.default_rng(seed)
    tonnes = np.round(chance.uniform(5e3, 3e4, 5))
    km = np.round(chance.uniform(3, 80, (5, 4)), 1)
    dues = np.round(chance.uniform(5, 40, 4), 1)
    growth = 0.04
    scenario = make_scenario(
        settings(rate=RATE),
        generators=tuple(generator(f"g{i}") for i in range(5)),
        generator_classes=(GeneratorClass(id="plain"),),
        generation=tuple(waste(f"g{i}", tonnes[i], growth) for i in range(5)),
        streams=(Stream(id="mixed"),),
        fractions=(Fraction(id="stuff"),),
        composition=(CompositionShare(stream="mixed", fraction="stuff", share=1.0),),
        vehicles=(Vehicle(id="truck", cost_per_t_km=0.2),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=tuple(site(f"s{j}", f"k{j}") for j in range(4)),
        technologies=tuple(
            technology(f"k{j}", "storage", lifetime_y=LIFE, variable_om_per_t=dues[j])
            for j in range(4)
        ),
        sizes=tuple(
            size(f"k{j}", t, capex, fixed, id=name)
            for j in range(4)
            for name, (t, capex, fixed) in SIZES.items()
        ),
        acceptance=tuple(
            Acceptance(technology=f"k{j}", accepts="mixed") for j in range(4)
        ),
        periods=(Period(id="p1", first_year=YEARS[0], last_year=YEARS[-1]),),
        distances=distances(
            {f"g{i}": {f"s{j}": km[i, j] for j in range(4)} for i in range(5)}
        ),
    )
    return scenario, tonnes, km, dues, growth


def brute_force(tonnes, km, dues, growth):
    discount = np.array([(1 + RATE) ** -(y - 2024) for y in YEARS])
    volume = np.array([(1 + growth) ** (y - 2024) for y in YEARS])
    unit = (0.2 * km + dues[None, :]) * tonnes[:, None] * (discount @ volume)
    crf = RATE / (1 - (1 + RATE) ** -LIFE)
    last = tonnes * volume[-1]
    best = np.inf
    for chosen in product((None, "small", "large"), repeat=4):
        room = np.array([SIZES[c][0] if c else 0.0 for c in chosen])
        if room.sum() < last.sum():
            continue
        fixed = sum(
            (SIZES[c][1] * crf + SIZES[c][2]) * discount.sum() for c in chosen if c
        )
        flows = linprog(
            unit.ravel(),
            A_eq=np.kron(np.eye(5), np.ones(4)),
            b_eq=np.ones(5),
            A_ub=np.kron(last, np.eye(4)),
            b_ub=room,
            bounds=(0, 1),
        )
        if flows.status == 0:
            best = min(best, fixed + flows.fun)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_no_set_of_builds_is_cheaper(seed):
    scenario, *numbers = case(seed)

    plan = solve(scenario)

    assert plan.proof.objective == pytest.approx(brute_force(*numbers), rel=1e-7)
