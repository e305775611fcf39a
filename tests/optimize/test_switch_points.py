"""Where plans change as waste or prices are scaled, against enumeration."""

from itertools import combinations, pairwise

import pytest
from networks import size, two_generators
from test_alternatives import FIXED, KM, RATE, TONNES, four_sites

from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.network.places import Outlet
from wasteplan.study.switch_points import drivers_of, scaled, switch_points


def best_at(factor):
    sets = [c for n in range(1, 5) for c in combinations(FIXED, n)]

    def cost(sites):
        haul = sum(t * RATE * min(KM[g][s] for s in sites) for g, t in TONNES.items())
        return sum(FIXED[s] for s in sites) + factor * haul

    return set(min(sets, key=cost))


def test_waste_growth_switches_where_enumeration_says():
    """Fixed costs stay, hauls grow with the waste: more sites pay from some tonnage."""
    steps = [0.05 + 0.001 * i for i in range(1050)]
    changes = [(a, b) for a, b in pairwise(steps) if best_at(a) != best_at(b)]

    found = switch_points(
        four_sites(), "waste", factors=(0.05, 0.3, 0.6, 0.9, 1.1), gap=1e-7
    )

    assert len(found) == len(changes) > 0
    for switch, (low, high) in zip(found, changes, strict=True):
        assert switch.below <= high
        assert switch.above >= low
        assert {p.partition(".")[0] for p in switch.adds} == best_at(high) - best_at(
            low
        )
        assert {p.partition(".")[0] for p in switch.drops} == best_at(low) - best_at(
            high
        )
        assert switch.saves > switch.gap


def test_the_same_plants_all_along_are_no_switch():
    assert switch_points(four_sites(), "waste", factors=(0.99, 1.0, 1.01)) == []


def test_where_no_plan_is_possible_the_others_still_answer():
    """Of 80 kt/y at x 1 plant and dump take 150 kt/y together: enough to x 1.875.
    Once 80 kt/y are more than the dump holds (x 1.25 for 100 kt/y) the plant is
    built."""
    case = two_generators(sizes=(size("plant", 50_000.0), size("tip", 100_000.0)))
    without: list[float] = []

    found = switch_points(case, "waste", factors=(1.0, 2.0), on_no_plan=without.append)

    assert min(without) == pytest.approx(1.875, abs=0.02)
    assert min(without) >= 1.875
    (switch,) = found
    assert switch.below <= 1.25 <= switch.above
    with pytest.raises(NoAnswer):
        switch_points(case, "waste", factors=(1.0, 2.0))


def test_what_can_be_scaled():
    """An outlet's price times 2; a driver that is not there is told."""
    shop = Outlet(id="shop", name="Shop", kind="buyer", accepts="", price_per_t=5.0)
    case = two_generators(outlets=(shop,))

    assert drivers_of(case) == ("gate:shop", "waste")
    assert scaled(case, "gate:shop", 2.0).outlet["shop"].price_per_t == 10.0
    doubled = scaled(case, "waste", 2.0).generation
    assert [g.waste_t_per_y for g in doubled] == [100_000.0, 60_000.0]
    with pytest.raises(WasteplanError, match="there is: gate:shop, waste"):
        scaled(case, "carbon", 2.0)
