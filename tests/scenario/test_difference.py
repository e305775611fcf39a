"""Two scenarios differ in exactly what was changed."""

from __future__ import annotations

import dataclasses

from wasteplan.network.places import Centre
from wasteplan.network.roads import RoadDistance
from wasteplan.scenario.difference import difference
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.settings import Economics, Heading, Roads, Settings


def small() -> Scenario:
    heading = Heading(
        name="small", title="S", currency="USD", price_year=2023, base_year=2024
    )
    settings = Settings(
        scenario=heading,
        economics=Economics(discount_rate=0.05),
        roads=Roads(provider="matrix"),
    )
    distances = tuple(
        RoadDistance(origin=o, destination="x", distance_km=km)
        for o, km in (("a", 10.0), ("b", 20.0))
    )
    centre = Centre(id="c", name="C", region="r", throughput_max_t_per_y=1000.0)
    return Scenario(settings=settings, distances=distances, centres=(centre,))


def test_a_scenario_does_not_differ_from_itself() -> None:
    assert difference(small(), small()) == ()


def test_the_order_of_rows_is_no_difference() -> None:
    case = small()
    turned = dataclasses.replace(case, distances=case.distances[::-1])
    assert difference(case, turned) == ()


def test_added_removed_and_changed_are_told_apart() -> None:
    """Row a changes from 10 to 12 km, b goes, c comes; the rate moves to 8 %."""
    before = small()
    new = (
        RoadDistance(origin="a", destination="x", distance_km=12.0),
        RoadDistance(origin="c", destination="x", distance_km=5.0),
    )
    economics = Economics(discount_rate=0.08)
    after = dataclasses.replace(
        before,
        distances=new,
        settings=before.settings.model_copy(update={"economics": economics}),
    )
    assert [str(d) for d in difference(before, after)] == [
        "scenario.toml [economics] discount_rate: 0.05 -> 0.08 1/y",
        "distances [a / x] distance_km: 10 -> 12 km",
        "distances [b / x] removed",
        "distances [c / x] added",
    ]


def test_a_difference_turned_round_swaps_before_and_after() -> None:
    before = small()
    centre = before.centres[0].model_copy(update={"storage_t": 5.0})
    after = dataclasses.replace(before, centres=(centre,))
    (forward,) = difference(before, after)
    (backward,) = difference(after, before)
    assert (forward.before, forward.after) == ("", "5")
    assert (backward.before, backward.after) == ("5", "")
    assert str(forward) == "centres [c] storage_t: (empty) -> 5 t"


def test_of_a_list_only_what_changed_is_shown() -> None:
    before = small()
    heading = before.settings.scenario.model_copy(update={"notes": ("one", "two")})
    settings = before.settings.model_copy(update={"scenario": heading})
    after = dataclasses.replace(before, settings=settings)
    assert [str(d) for d in difference(before, after)] == [
        "scenario.toml [scenario] notes: (empty) -> one",
        "scenario.toml [scenario] notes: (empty) -> two",
    ]
