"""What each account of a run counts, one thing wrong at a time."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from small_network import all_to_the_burner, network, plan, route, settings, tables

from wasteplan.errors import PlanError
from wasteplan.network.haulage import Fleet as FleetRow
from wasteplan.plan.records import Closure
from wasteplan.scenario.assembly import make_scenario
from wasteplan.sim import simulate
from wasteplan.sim.assembly import assemble
from wasteplan.sim.fleet import Fleet
from wasteplan.sim.overflow import Cascade
from wasteplan.sim.statistics import interval
from wasteplan.sim.world import World

YEAR = {"days": 364, "warm_up_d": 28, "replications": 1}


def changed(table, change, simulation=None, **wanted):
    """The small network with the rows of one table changed."""
    rows = tables(**wanted)
    rows[table] = [r.model_copy(update=change) for r in rows[table]]
    return make_scenario(settings(**(simulation or {})), check=False, **rows)


def case_of(scenario, mine=None, days=7):
    return assemble(scenario, mine or all_to_the_burner(), "p1", days=days, warm_up_d=0)


def closed(mine):
    gone = (Closure(facility="pit_now", period="p1"),)
    return mine.model_copy(update={"closures": gone})


def test_three_replications_have_two_degrees_of_freedom():
    """1, 2, 3: t = 4.3027 with two degrees of freedom, s = 1: 4.3027 / sqrt(3)."""
    assert interval([1.0, 2.0, 3.0]).half_width == pytest.approx(2.4841, abs=1e-4)


# Diversion ----------------------------------------------------------------------------


def test_untreated_waste_is_not_diverted():
    """50 of 110 t/d are burnt and their slag sold, 60 have no place."""
    scenario = network(YEAR, burner_t_per_y=18_250, burner={"bunker_d": 2})
    result = simulate(scenario, closed(all_to_the_burner("buyer")))
    assert result.kpi("untreated_t") == pytest.approx(60 * 365, rel=5e-3)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(50 / 110, abs=3e-3)


def test_an_output_without_a_route_is_not_diverted():
    mine = plan(route("town", "hill.burner"), route("village", "hill.burner"))
    result = simulate(network(YEAR), mine)
    assert result.kpi("untreated_t") == pytest.approx(0.2 * 40_150, rel=3e-3)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.8, abs=3e-3)


def test_waste_that_waits_for_trucks_is_not_diverted():
    """One truck brings about 64 of 110 t/d; their slag is sold."""
    scenario = network(YEAR, fleet={"trucks": 1, "days_per_week": 7})
    result = simulate(scenario, all_to_the_burner("buyer"))
    brought = result.kpi("treated_t") / 40_150
    assert brought < 0.65
    assert result.kpi("landfill_diversion_rate") == pytest.approx(brought, abs=5e-3)


@pytest.mark.parametrize(
    ("counts_as", "rate"),
    [("landfill", 0.8), ("leakage", 0.8), ("recycling", 1.0), ("recovery", 1.0)],
)
def test_slag_sent_out_counts_as_its_outlet_says(counts_as, rate):
    scenario = changed("outlets", {"counts_as": counts_as}, YEAR)
    result = simulate(scenario, all_to_the_burner("buyer"))
    assert result.kpi("landfill_diversion_rate") == pytest.approx(rate, abs=3e-3)
    buried = 0.2 * 40_150 if counts_as == "landfill" else 0.0
    assert result.kpi("landfilled_t") == pytest.approx(buried, rel=5e-3)


def test_what_a_fate_recycles_is_diverted():
    """30 % are recycled before collection; of 70 % a fifth is slag: 0.3 + 0.56."""
    scenario = changed("fates", {"counts_as": "recycling"}, YEAR, leaks=0.3)
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("leaked_t") == 0.0
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.86, abs=3e-3)


# Ways ---------------------------------------------------------------------------------


def test_a_plant_far_away_goes_before_a_dump_close_by():
    """0 refuses; the dump 1 lies at 1 km, the plants 2 and 3 at 9 and 5 km."""
    plants = {
        i: SimpleNamespace(
            accepts={0},
            case=SimpleNamespace(is_disposal=i == 1),
            would_take=lambda now, arrival, load: True,
        )
        for i in range(4)
    }
    km = np.array([[0, 1, 9, 5], *([[0.0] * 4] * 3)])
    cascade = Cascade(plants, km, km / 40)
    load = SimpleNamespace(refused_by=(0,), name=0)
    order = []
    while (place := cascade.next_place(0.0, load, 0)) is not None:
        order.append(place)
        load.refused_by += (place,)
    assert order == [3, 2, 1]


def test_a_refused_truck_drives_home_from_where_it_tips(monkeypatch):
    """Town to hill 15 km, on to the pit 10 km, at 40 km/h: home after 0.625 h."""
    scenario = network(
        burner_t_per_y=1.0, village_t_per_y=0.0, fleet={"trucks": 9, "days_per_week": 7}
    )
    homes = []
    go_home = Fleet.home

    def seen(fleet, when_h):
        homes.append(when_h)
        go_home(fleet, when_h)

    monkeypatch.setattr(Fleet, "home", seen)
    world = World(case_of(scenario), 1, 0)
    world.run(lambda: None)
    trips = world.log.trips()
    at_pit = trips["left_h"][(trips["destination"] == 1) & (trips["attempt"] == 1)]
    assert len(at_pit) > 50
    for left in at_pit.tolist():
        assert any(math.isclose(h, left + 0.625, abs_tol=1e-9) for h in homes)


def test_bulk_loads_of_a_centre_wait_for_their_fleet():
    """The trailers of the fleet work from 6 to 16 on six days; nobody else has one."""
    rows = tables(centre={"throughput_max_t_per_y": 80_000})
    rows["fleets"] = [FleetRow(id="bulk", depot="depot", vehicle="trailer", trucks=9)]
    scenario = make_scenario(settings(), check=False, **rows)
    mine = plan(
        route("town", "yard"),
        route("village", "yard"),
        route("yard", "hill.burner"),
        route("hill.burner", "pit.dump", product="slag"),
    )
    shift = case_of(scenario, mine).fleets[0].hours
    result = simulate(scenario, mine)
    bulk = result.trips[result.trips["origin"] == "yard"]
    assert len(bulk) > 100
    hours = bulk["start_h"] % 24
    end = shift.opens_h + shift.hours_per_d
    assert hours.between(shift.opens_h - 1e-6, end).all()
    sunday = (bulk["start_h"] // 24 + 1) % 7 == 6  # 1 January 2030 is a Tuesday
    assert not sunday.any()


# Placing ------------------------------------------------------------------------------


def test_minutes_at_the_gate_are_minutes():
    gate = {"weigh_in_min": 3, "tip_min": 30, "weigh_out_min": 6}
    burner = case_of(network(burner=gate)).places[0]
    assert burner.weigh_in.mean == pytest.approx(0.05)
    assert burner.tip_h == 0.5
    assert burner.weigh_out.mean == pytest.approx(0.1)


def test_a_line_is_rated_by_mass_heat_and_availability():
    """87,600 t/y are 10 t/h; two lines at half availability take 2.5 t/h each, of 8
    GJ/t 20 GJ/h; by mass 1.2 times as much."""
    rows = tables(burner_t_per_y=87_600, lhv_design=8.0, burner={"lines": 2})
    rows["technologies"] = [
        t.model_copy(update={"availability": 0.5, "mass_overload_max": 1.2})
        for t in rows["technologies"]
    ]
    burner = case_of(make_scenario(settings(), check=False, **rows)).places[0]
    assert len(burner.ratings) == 2
    for rating in burner.ratings:
        assert rating.mass_t_per_h == pytest.approx(3.0)
        assert rating.heat_gj_per_h == pytest.approx(20.0)


def test_with_outages_stated_availability_does_not_count_twice():
    rows = tables(burner_t_per_y=87_600, burner={"mtbf_h": 40, "mttr_h": 10})
    rows["technologies"] = [
        t.model_copy(update={"availability": 0.5}) for t in rows["technologies"]
    ]
    burner = case_of(make_scenario(settings(), check=False, **rows)).places[0]
    assert burner.ratings[0].mass_t_per_h == pytest.approx(10.0)
    assert (burner.failure.mean, burner.repair.mean) == (40.0, 10.0)


def test_lines_stand_still_as_long_as_repairs_take():
    """MTBF 4 h, MTTR 1 h: 0.8 of 1,750 cycles of two lines; sd sqrt(16 x 0.04 + 0.64)
    / 5 / sqrt(3,500) = 0.004 in a run, 0.002 in the mean of four."""
    scenario = network(
        {**YEAR, "replications": 4}, burner={"mtbf_h": 4, "mttr_h": 1, "lines": 2}
    )
    result = simulate(scenario, all_to_the_burner())
    assert result.kpi("availability") == pytest.approx(0.8, abs=0.008)


def test_hazardous_waste_goes_only_where_it_is_accepted():
    """The burner and the dump name the stream; only a technology with consent takes
    it."""
    for consent in (False, True):
        rows = tables()
        rows["streams"] = [
            s.model_copy(update={"is_hazardous": True}) for s in rows["streams"]
        ]
        rows["technologies"] = [
            t.model_copy(update={"accepts_hazardous": consent and t.id == "burner"})
            for t in rows["technologies"]
        ]
        scenario = make_scenario(settings(), check=False, **rows)
        if consent:
            burner, dump = case_of(scenario).places
            assert burner.accepts == {"msw"}
            assert "msw" not in dump.accepts
        else:
            with pytest.raises(PlanError, match="does not take msw"):
                case_of(scenario)
