"""Which route a part of an output takes, and what works when."""

import pytest
from small_network import all_to_the_burner, network, plan, route

from wasteplan.errors import PlanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.plan.records import Build, Closure
from wasteplan.sim import simulate
from wasteplan.sim.assembly import assemble
from wasteplan.sim.bins import Sharing, WaitingBin
from wasteplan.sim.case import Bin
from wasteplan.sim.routing import Routing, centres_at_work, sizes_at_work


def split(*rows):
    return [route("hill.burner", d, s, "slag", stream) for stream, d, s in rows]


def test_the_route_that_says_most_goes_first():
    mine = plan(
        *split(
            ("", "pit.dump", 1.0),
            ("msw", "buyer", 1.0),
            ("msw@north", "pit.dump", 0.5),
            ("msw@north", "buyer", 0.5),
        )
    )
    routing = Routing(network(), mine, "p1")
    assert routing.tells_regions
    asked = ("msw@north", "msw@south", "other@north")
    found = [routing.of_output("hill.burner", "slag", a) for a in asked]
    assert found == [
        {"pit.dump": 0.5, "buyer": 0.5},
        {"buyer": 1.0},
        {"pit.dump": 1.0},
    ]


def test_a_generator_is_routed_by_stream_and_region():
    """The route of the north before that of the stream, as the evaluation reads it."""
    mine = plan(
        route("town", "hill.burner", stream="msw@north"),
        route("town", "pit.dump"),
        route("village", "pit.dump", stream="msw@north"),
    )
    routing = Routing(network(), mine, "p1")
    assert routing.of_generator("town", "msw") == {"hill.burner": 1.0}
    assert routing.of_generator("village", "msw") == {}  # it lies in the south


SHARED = [Bin("slag", None, {0: s, 1: r}) for s, r in ((0.25, 1.0), (0.75, 0.0))]


def test_a_part_without_a_route_leaves_with_the_others_by_their_tonnes():
    """8 t of the first part (1 : 3) and 2 t of the second (all to the first bin): 4 of
    10 t and 6 of 10 t, and so does the third part; alone, it leaves as they did; before
    any of them, by the mean of both parts (1.25 : 0.75)."""
    sharing = Sharing([WaitingBin(b, 0, 0, ()) for b in SHARED])
    assert sharing.of({2: 7.0}) == pytest.approx([0.625, 0.375])
    assert sharing.of({0: 8.0, 1: 2.0, 2: 5.0}) == pytest.approx([0.4, 0.6])
    assert sharing.of({2: 7.0}) == pytest.approx([0.4, 0.6])


def test_an_output_that_no_route_names_in_part_goes_as_the_evaluation_says():
    """Only the slag of the north has a route; that of the south is sold with it."""
    mine = plan(
        route("town", "hill.burner"),
        route("village", "hill.burner"),
        *split(("msw@north", "buyer", 0.25), ("msw@north", "pit.dump", 0.75)),
    )
    scenario = network({"days": 364, "warm_up_d": 28, "replications": 1})
    simulated, planned = simulate(scenario, mine), evaluate(scenario, mine)
    rate = planned.kpi("landfill_diversion_rate", "p1")
    assert rate == pytest.approx(1 - 0.2 * 0.75)
    assert simulated.kpi("landfill_diversion_rate") == pytest.approx(rate, abs=3e-3)


def test_origins_of_one_output_are_not_unmixed():
    """The plan sells the slag of the north (100 t/d) and dumps that of the south (10):
    the plant has one slag, of which 10/11 are sold."""
    mine = plan(
        route("town", "hill.burner"),
        route("village", "hill.burner"),
        *split(("msw@north", "buyer", 1.0), ("msw@south", "pit.dump", 1.0)),
    )
    result = simulate(network({"days": 364, "warm_up_d": 28}), mine)
    assert result.kpi("landfilled_t") == pytest.approx(0.2 * 3_650, rel=0.03)


def test_closures_and_builds_change_what_works():
    scenario = network(second_burner=True)
    closed = plan().model_copy(
        update={"closures": (Closure(facility="hill_now", period="p1"),)}
    )
    assert set(sizes_at_work(scenario, closed, "p1")) == {"valley.burner", "pit.dump"}
    bigger = plan().model_copy(
        update={
            "builds": (
                Build(site="hill", technology="burner", size="one", period="p1"),
            )
        }
    )
    assert len(sizes_at_work(scenario, bigger, "p1")["hill.burner"]) == 2
    with_yard = network(centre={"throughput_max_t_per_y": 1.0})
    assert centres_at_work(with_yard, plan(), "p1") == ("yard",)
    assert centres_at_work(scenario, plan(), "p1") == ()


def test_a_second_size_doubles_the_lines():
    scenario = network(burner={"lines": 2})
    mine = all_to_the_burner().model_copy(
        update={
            "builds": (
                Build(site="hill", technology="burner", size="one", period="p1"),
            )
        }
    )
    case = assemble(scenario, mine, "p1", days=7, warm_up_d=0)
    burner = case.places[0]
    assert len(burner.ratings) == 4
    assert sum(r.mass_t_per_h for r in burner.ratings) == pytest.approx(
        2 * 73_000 / 8760
    )


def test_a_centre_without_a_way_out_is_refused():
    scenario = network(centre={"throughput_max_t_per_y": 80_000})
    with pytest.raises(PlanError, match="no route onward"):
        simulate(scenario, plan(route("town", "yard"), route("village", "yard")))


def test_large_generators_have_trucks_of_their_own():
    """The town fills 10 trucks a day, the village one: both have their own; a hamlet
    of 0.5 t a day goes with a round."""
    origins = [g.origin for g in case_of(village_t_per_y=3_650.0).groups]
    assert origins == ["town", "village"]
    origins = [g.origin for g in case_of(village_t_per_y=182.5).groups]
    assert origins == ["town", "round south"]


def case_of(**wanted):
    return assemble(network(**wanted), all_to_the_burner(), "p1", days=7, warm_up_d=0)
