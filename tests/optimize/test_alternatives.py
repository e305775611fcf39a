"""The next best plans and the most different ones, against every set of builds."""

from itertools import combinations

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

from wasteplan.errors import WasteplanError
from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.optimize import solve
from wasteplan.optimize.alternatives import nearly_as_good, next_best, plants_of
from wasteplan.study.front_steps import aimed

FIXED = {"s0": 100_000.0, "s1": 130_000.0, "s2": 150_000.0, "s3": 400_000.0}
KM = {
    "a": {"s0": 10.0, "s1": 14.0, "s2": 30.0, "s3": 20.0},
    "b": {"s0": 40.0, "s1": 35.0, "s2": 12.0, "s3": 20.0},
}
TONNES = {"a": 10_000.0, "b": 8_000.0}
RATE = 1.0  # USD/(t km)


def four_sites():
    """Each site can take everything; fixed cost a year, haul at 1 USD/(t km)."""
    return make_scenario(
        settings(),
        generators=(generator("a"), generator("b")),
        generator_classes=(GeneratorClass(id="plain"),),
        generation=tuple(waste(g, t) for g, t in TONNES.items()),
        streams=(Stream(id="mixed"),),
        fractions=(Fraction(id="stuff"),),
        composition=(CompositionShare(stream="mixed", fraction="stuff", share=1.0),),
        vehicles=(Vehicle(id="truck", cost_per_t_km=RATE),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=tuple(site(s, f"store_{s}") for s in FIXED),
        technologies=tuple(technology(f"store_{s}", "storage") for s in FIXED),
        sizes=tuple(size(f"store_{s}", 20_000.0, 0.0, f) for s, f in FIXED.items()),
        acceptance=tuple(
            Acceptance(technology=f"store_{s}", accepts="mixed") for s in FIXED
        ),
        periods=(Period(id="p1", first_year=2025, last_year=2025),),
        distances=distances(KM),
    )


def cost_of(sites):
    return sum(FIXED[s] for s in sites) + sum(
        t * RATE * min(KM[g][s] for s in sites) for g, t in TONNES.items()
    )


def every_set():
    found = [c for n in range(1, 5) for c in combinations(FIXED, n)]
    return sorted(found, key=cost_of)


def sites_of(plan):
    return {p.partition(".")[0] for p in plants_of(plan)}


def test_the_next_best_are_those_of_enumeration():
    """The 15 sets of sites by cost: the solver's first eight, in the same order."""
    case, ranked = four_sites(), every_set()
    best = solve(case)

    found = [best, *next_best(case, best, 7)]

    assert [p.proof.objective for p in found] == pytest.approx(
        [cost_of(s) for s in ranked[:8]]
    )
    assert [sites_of(p) for p in found] == [set(s) for s in ranked[:8]]
    assert all(p.proof.gap == pytest.approx(0.0, abs=1.0) for p in found)


def test_there_are_only_so_many():
    case = four_sites()

    assert len(list(next_best(case, solve(case), 30))) == len(every_set()) - 1


def test_nearly_as_good_plans_reuse_least_and_are_the_cheapest_of_those():
    """By enumeration: within the budget, fewest sites of earlier plans, then cost."""
    case = four_sites()
    best = solve(case)
    seen = [sites_of(best)]

    for plan in nearly_as_good(case, best, 3, share=0.6):
        allowed = [
            set(s)
            for s in every_set()
            if cost_of(s) <= best.proof.objective + 0.6 * best.proof.gross_cost
        ]

        def reuse(sites):
            return sum(len(sites & earlier) for earlier in seen)

        least = min(map(reuse, allowed))
        expected = min((s for s in allowed if reuse(s) == least), key=cost_of)
        assert sites_of(plan) == expected
        seen.append(expected)
    assert len(seen) > 2


def test_without_room_in_the_budget_there_is_no_alternative():
    case = four_sites()

    assert list(nearly_as_good(case, solve(case), 3, share=0.0)) == []


def test_a_budget_needs_an_objective_in_money():
    """Tonnes landfilled at least are no cost that 5 % may be added to."""
    case = aimed(four_sites(), "landfilled_total_t")
    best = solve(case)
    with pytest.raises(WasteplanError, match="objective to cost_total"):
        next(nearly_as_good(case, best, 1, share=0.05))
