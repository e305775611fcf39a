"""Hauls worked out by hand, and which leg wins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.network.graph import NetworkError
from wasteplan.network.haul_cost import choose_leg, haul_cost, load_t
from wasteplan.network.haulage import Leg, Vehicle

TRUCK = Vehicle(
    id="truck",
    payload_t=8,
    volume_m3=16,
    cost_per_km=0.6,
    cost_per_h=5.0,
    load_time_h=0.5,
    unload_time_h=0.25,
    co2_kg_per_km=0.9,
)


def test_a_round_trip_by_hand() -> None:
    """40 km, 1 h: 80 km x 0.6 = 48; 0.5 + 0.25 + 2 = 2.75 h x 5 = 13.75; 61.75 a load.

    Waste of 250 kg/m3 fills 16 m3 with 4 t: 15.4375 a tonne, 20 truck-km a tonne,
    18 kg CO2 a tonne.
    """
    haul = haul_cost(TRUCK, 40.0, 1.0, 250.0)
    assert haul.load_t == pytest.approx(4.0)
    assert haul.loads_per_t == pytest.approx(0.25)
    assert float(haul.hours_per_load) == pytest.approx(2.75)
    assert float(haul.cost_per_t) == pytest.approx(15.4375)
    assert float(haul.truck_km_per_t) == pytest.approx(20.0)
    assert float(haul.co2_kg_per_t) == pytest.approx(18.0)


def test_dense_waste_is_limited_by_payload() -> None:
    """16 m3 x 600 kg/m3 = 9.6 t is more than the 8 t payload; unknown density too."""
    assert load_t(TRUCK, 600.0) == 8.0
    assert load_t(TRUCK, None) == 8.0


def test_a_flat_rate_counts_one_way_and_knows_no_load() -> None:
    """1.5 a tonne-kilometre over 15 km: 22.5; truck-kilometres unknown, not 0."""
    haul = haul_cost(Vehicle(id="flat", cost_per_t_km=1.5), np.array([15.0]), 0.3, None)
    assert haul.cost_per_t == pytest.approx([22.5])
    assert np.isnan(haul.truck_km_per_t).all()
    assert np.isnan(haul.load_t)
    assert haul.co2_kg_per_t == pytest.approx([0.0])


def test_the_vehicles_speed_holds_where_the_road_gives_no_time() -> None:
    """30 km at 20 km/h: 1.5 h; a road that gives 1 h keeps it."""
    slow = TRUCK.model_copy(update={"speed_km_per_h": 20.0})
    haul = haul_cost(slow, np.array([30.0, 30.0]), np.array([np.nan, 1.0]), None)
    assert haul.hours_per_load == pytest.approx([0.75 + 3.0, 0.75 + 2.0])


def test_no_way_costs_infinitely_much() -> None:
    assert np.isinf(haul_cost(TRUCK, np.inf, np.inf, None).cost_per_t)


@pytest.mark.parametrize(
    ("vehicle", "word"),
    [
        (Vehicle(id="ghost"), "payload_t"),
        (Vehicle(id="smoky", cost_per_t_km=1.0, co2_kg_per_km=1.0), "co2_kg_per_km"),
    ],
)
def test_a_vehicle_without_a_load_is_refused(vehicle: Vehicle, word: str) -> None:
    with pytest.raises(NetworkError, match=word):
        haul_cost(vehicle, 10.0, 0.2, None)


@given(
    km=st.floats(0, 1000),
    more=st.floats(0, 500),
    density=st.floats(20, 2000),
    speed=st.floats(5, 100),
)
def test_a_longer_or_lighter_haul_never_costs_less(
    km: float, more: float, density: float, speed: float
) -> None:
    far = km + more
    near_cost = haul_cost(TRUCK, km, km / speed, density)
    far_cost = haul_cost(TRUCK, far, far / speed, density)
    light = haul_cost(TRUCK, km, km / speed, density / 2)
    assert far_cost.cost_per_t >= near_cost.cost_per_t
    assert light.cost_per_t >= near_cost.cost_per_t


def leg(id: str, origin: str = "*", carries: str = "*", state: str = "*") -> Leg:
    return Leg(id=id, origin=origin, carries=carries, state=state, vehicle="truck")


def test_the_most_specific_leg_wins() -> None:
    legs = [
        leg("any"),
        leg("textile", carries="textile"),
        leg("centre_textile", "centre", "textile"),
        leg("baled", "centre", "textile", "baled"),
    ]

    def chosen(origin: str, carries: str, state: str) -> str:
        found = choose_leg(legs, origin_kinds=[origin], carries=[carries], state=state)
        return found.id if found else ""

    assert chosen("town", "mixed", "loose") == "any"
    assert chosen("town", "textile", "loose") == "textile"
    assert chosen("centre", "textile", "loose") == "centre_textile"
    assert chosen("centre", "textile", "baled") == "baled"
    assert (
        choose_leg(legs[2:], origin_kinds=["x"], carries=["y"], state="loose") is None
    )


def test_of_legs_with_as_many_names_the_first_kind_named_wins() -> None:
    legs = [leg("by_kind", "combustion"), leg("by_id", "big_burner")]
    kinds = ["big_burner", "combustion"]
    found = choose_leg(legs, origin_kinds=kinds, carries=["ash"], state="loose")
    assert found is not None
    assert found.id == "by_id"


def test_a_tie_is_an_error_that_names_both() -> None:
    legs = [leg("a", origin="town"), leg("b", carries="mixed")]
    with pytest.raises(NetworkError, match="legs a, b fit equally well"):
        choose_leg(legs, origin_kinds=["town"], carries=["mixed"], state="loose")
