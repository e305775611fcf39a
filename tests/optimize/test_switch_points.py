"""Where plans change as waste or prices are scaled, against enumeration."""

from itertools import combinations, pairwise
from math import inf

import pytest
from networks import distances, size, two_generators
from test_alternatives import FIXED, KM, RATE, TONNES, four_sites

from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.network.haulage import Vehicle
from wasteplan.network.places import Outlet
from wasteplan.scenario.records import Price
from wasteplan.study.switch_drivers import Driver, drivers_of, moved
from wasteplan.study.switch_points import switch_points


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
        four_sites(), "waste", levels=(0.05, 0.3, 0.6, 0.9, 1.1), gap=1e-7
    )

    assert len(found.switches) == len(changes) > 0
    for switch, (low, high) in zip(found.switches, changes, strict=True):
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
    found = switch_points(four_sites(), "waste", levels=(0.99, 1.0, 1.01))

    assert found.switches == ()
    assert len({level.plants for level in found.levels}) == 1


def test_where_no_plan_is_possible_the_others_still_answer():
    """Of 80 kt/y at x 1 plant and dump take 150 kt/y together: enough to x 1.875.
    Once 80 kt/y are more than the dump holds (x 1.25 for 100 kt/y) the plant is
    built."""
    case = two_generators(sizes=(size("plant", 50_000.0), size("tip", 100_000.0)))

    found = switch_points(case, "waste", levels=(1.0, 2.0))

    assert min(found.without_plan) == pytest.approx(1.875, abs=0.02)
    assert min(found.without_plan) >= 1.875
    (switch,) = found.switches
    assert switch.below <= 1.25 <= switch.above
    assert switch.saves == inf  # the dump alone does not take it all
    with pytest.raises(NoAnswer):
        switch_points(case, "waste", levels=(2.0, 3.0))


def test_what_can_be_scaled():
    """An outlet's price times 2; a driver that is not there is told."""
    shop = Outlet(id="shop", name="Shop", kind="buyer", accepts="", price_per_t=5.0)
    case = two_generators(outlets=(shop,))

    assert drivers_of(case) == ("gate:shop", "waste")
    assert moved(case, Driver("gate:shop"), 2.0).outlet["shop"].price_per_t == 10.0
    set_to = moved(case, Driver("gate:shop", is_level=True), 2.0)
    assert set_to.outlet["shop"].price_per_t == 2.0
    doubled = moved(case, Driver("waste"), 2.0).generation
    assert [g.waste_t_per_y for g in doubled] == [100_000.0, 60_000.0]
    with pytest.raises(WasteplanError, match="there is: gate:shop, waste"):
        moved(case, Driver("carbon"), 2.0)
    with pytest.raises(WasteplanError, match="write waste alone, and --factors"):
        moved(case, Driver("waste", is_level=True), 2.0)


def priced_carbon(price):
    """The dump is far: a tonne there costs 10 + 11 USD and emits 44 kg; in the plant,
    10 km away, 40 + 1 USD and 4 kg.  Carbon has a price, which is not counted."""
    carbon = Price(
        item="carbon", year=2025, value=price, currency="USD", price_year=2024
    )
    truck = Vehicle(id="truck", cost_per_t_km=0.1, payload_t=10.0, co2_kg_per_km=2.0)
    km = {g: {"clean": 10.0, "dump": 110.0} for g in ("a", "b")}
    return two_generators(prices=(carbon,), vehicles=(truck,), distances=distances(km))


def test_a_carbon_price_of_nothing_has_no_factor_but_levels():
    """The plant takes a tonne for 20 USD more and saves 40 kg: from 500 USD/t CO2e.

    At 1000 USD/t, 80 kt in the dump cost 80,000 x (40 - 20) USD more.
    """
    case = priced_carbon(0.0)

    with pytest.raises(WasteplanError, match="levels in USD/t CO2e, as carbon=0"):
        switch_points(case, "carbon")
    found = switch_points(
        case, Driver("carbon", is_level=True), levels=(0.0, 1000.0), gap=1e-7
    )

    (switch,) = found.switches
    assert switch.below <= 500.0 <= switch.above
    assert switch.above - switch.below <= 10.0
    assert switch.adds == ("clean.plant",)
    assert switch.saves == pytest.approx(80_000 * 20)


def test_a_wide_gap_does_not_hide_where_known_plans_cross():
    """Within half of the gross cost the plans at both ends are still told apart."""
    found = switch_points(four_sites(), "waste", levels=(0.05, 1.1), gap=0.5)

    assert len({level.plants for level in found.levels}) > 1
    assert found.switches
    for switch in found.switches:
        assert switch.saves > 0
    assert found.widest_gap >= 0


def test_ctrl_c_keeps_the_levels_found():
    def stop(level):
        if level == 0.6:
            raise KeyboardInterrupt

    found = switch_points(four_sites(), "waste", levels=(0.05, 0.6, 1.1), on_level=stop)

    assert found.was_stopped
    assert [level.level for level in found.levels] == [0.05, 1.1]
    assert found.switches == ()
