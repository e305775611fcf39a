"""Every check passes on a sound run and fails on a spoilt one."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_network import all_to_the_burner, network, plan, route

from wasteplan.errors import AuditError
from wasteplan.sim import audit as checks
from wasteplan.sim.assembly import assemble
from wasteplan.sim.audit import CHECKS, Audit, check
from wasteplan.sim.books import write_books
from wasteplan.sim.log import NUMBER, TIPPED, Trips
from wasteplan.sim.measures import replicate
from wasteplan.sim.world import World
from wasteplan.treatment.records import BlendLimit

BURNER, DUMP = 0, 1


def audited(scenario, mine, seed=1):
    case = assemble(scenario, mine, "p1", days=28, warm_up_d=7)
    world = World(case, seed, 0)
    world.run(lambda: None)
    return Audit(case, write_books(world, world.end_h), world.log.trips())


@cache
def sound():
    """A busy burner: full bunker, outages, a gate, loads sent on to the dump."""
    gate = {
        "bunker_d": 2, "mtbf_h": 60, "mttr_h": 12, "bays": 2, "tip_min": 30,
        "weigh_in_min": 4, "weigh_out_min": 2, "weighbridges": 1,
    }  # fmt: skip
    scenario = network(burner_t_per_y=36_500, burner=gate, leaks=0.1, lhv_design=9.0)
    return audited(scenario, all_to_the_burner())


def with_place(number, **changes):
    a = sound()
    places = list(a.books.places)
    places[number] = replace(places[number], **changes)
    return replace(a, books=replace(a.books, places=tuple(places)))


def with_books(**changes):
    a = sound()
    return replace(a, books=replace(a.books, **changes))


def with_origin(name):
    origins = dict(sound().books.origins)
    first = next(iter(origins))
    more = getattr(origins[first], name) + 0.01
    return with_books(
        origins={**origins, first: replace(origins[first], **{name: more})}
    )


def with_log(column, row, change):
    a = sound()
    rows = a.trips.rows.copy()
    rows[row, NUMBER[column]] += change
    return replace(a, trips=Trips(rows))


def book(number):
    return sound().books.places[number]


def tipped_row():
    return int(np.argmax(sound().trips["outcome"] == TIPPED))


def refused_row():
    return int(np.argmax(sound().trips["outcome"] != TIPPED))


def test_reagents_are_part_of_the_balance_of_a_plant():
    """What is made exceeds what is converted by 2 % of it, and only with reagents."""
    scenario = network(burner_t_per_y=36_500, leaks=0.1)
    limed = replace(
        scenario,
        products=tuple(
            p.model_copy(update={"fraction": "fly_ash"}) if p.fraction else p
            for p in scenario.products
        ),
        technologies=tuple(
            t.model_copy(update={"reagent_t_per_t": 0.02}) if t.id == "burner" else t
            for t in scenario.technologies
        ),
    )
    a = audited(limed, all_to_the_burner())
    check(a)
    burner = a.books.places[BURNER]
    out = burner.made + burner.released
    assert burner.converted > 0
    assert out == pytest.approx(1.02 * burner.converted)
    dry = replace(a.case.places[BURNER], reagent_t_per_t=0.0)
    places = (dry, *a.case.places[1:])
    with pytest.raises(AuditError, match="outputs of"):
        check(replace(a, case=replace(a.case, places=places)))


def test_the_sound_run_passes_and_is_worth_checking():
    check(sound())
    assert book(BURNER).refused_in_all > 0
    assert book(BURNER).truck_h > 0
    assert book(BURNER).heat_taken > 0
    assert set(CHECKS) == {spoil[0] for spoil in spoilt()}


def spoilt():
    """(check, how it is named, a run that must fail it), one for every law."""
    burner, b = book(BURNER), sound().books
    mass = checks.mass_is_conserved
    nearly = 1 + 1e-7
    return [
        (mass, "generated", with_books(generated=b.generated * nearly)),
        (mass, "leak", with_books(lost=b.lost + 0.01)),
        (mass, "handed over", with_books(handed_over=b.handed_over - 0.01)),
        (mass, "with generators", with_books(with_generators=b.with_generators + 0.01)),
        (mass, "on trucks", with_books(moving=b.moving + 0.01)),
        *(
            (checks.origins_add_up, f"{name} of an origin", with_origin(name))
            for name in ("generated", "lost", "away", "under_way")
        ),
        (mass, "untreated", with_books(untreated=b.untreated + 0.01)),
        (mass, "received", with_place(DUMP, received=book(DUMP).received + 0.01)),
        (mass, "treated", with_place(BURNER, treated=burner.treated * nearly)),
        (mass, "stock", with_place(BURNER, stock=burner.stock + 0.01)),
        (mass, "converted", with_place(BURNER, converted=burner.converted - 0.01)),
        (mass, "made", with_place(BURNER, made=burner.made + 0.01)),
        (mass, "released", with_place(BURNER, released=burner.released - 0.01)),
        (mass, "binned", with_place(BURNER, binned=burner.binned + 0.01)),
        (
            checks.stocks_stay_within_bounds,
            "above capacity",
            with_place(BURNER, stock_max=burner.capacity + 0.01),
        ),
        (
            checks.stocks_stay_within_bounds,
            "negative",
            with_place(BURNER, stock=-0.01),
        ),
        (
            checks.lines_are_not_overloaded,
            "mass",
            with_place(BURNER, mass_limit=burner.treated * 0.999),
        ),
        (
            checks.lines_are_not_overloaded,
            "heat",
            with_place(BURNER, heat_limit=burner.heat_taken * 0.999),
        ),
        (
            checks.little_holds,
            "counter",
            with_place(BURNER, truck_h=burner.truck_h * (1 + 1e-4)),
        ),
        (checks.little_holds, "a late truck", with_log("left_h", tipped_row(), 0.5)),
        (checks.time_runs_forward, "arrival", with_log("arrive_h", tipped_row(), 99)),
        (checks.time_runs_forward, "leaving", with_log("left_h", tipped_row(), -99)),
        (checks.time_runs_forward, "wait", with_log("wait_h", tipped_row(), -99)),
        (
            checks.log_and_counters_agree,
            "tonnes",
            with_log("tonnes", tipped_row(), 0.01),
        ),
        (
            checks.log_and_counters_agree,
            "refused",
            with_log("tonnes", refused_row(), -0.01),
        ),
        (
            checks.log_and_counters_agree,
            "untreated",
            with_books(untreated=b.untreated + 5),
        ),
        (
            checks.energy_follows_from_tonnes,
            "heat",
            with_place(BURNER, heat_of_parts=burner.heat_of_parts * nearly),
        ),
        (
            checks.energy_follows_from_tonnes,
            "electricity",
            with_place(BURNER, electricity=burner.electricity * nearly),
        ),
    ]


@pytest.mark.parametrize("number", range(31))
def test_a_spoilt_run_fails_its_check(number):
    law, what, run = spoilt()[number]
    with pytest.raises(AuditError):
        law(run)
    with pytest.raises(AuditError):
        check(run)
    assert what


def test_all_mutations_are_run():
    assert len(spoilt()) == 31


def test_a_stock_that_leaks_fails_the_run(monkeypatch):
    """A defect in the bunker itself is caught, not only a changed number."""
    from wasteplan.sim.bunker import Bunker

    real = Bunker.tip

    def careless(self, now, tonnes, mix, gj):
        real(self, now, tonnes * 0.9999, mix, gj)

    monkeypatch.setattr(Bunker, "tip", careless)
    with pytest.raises(AuditError):
        audited_and_checked(network(), all_to_the_burner())


def audited_and_checked(scenario, mine):
    case = assemble(scenario, mine, "p1", days=14, warm_up_d=7)
    return replicate(case, 3, 0, keep=True)


def limited(scenario):
    """The same with every limit that can turn loads away."""

    def rows(table, **changes):
        return tuple(r.model_copy(update=changes) for r in getattr(scenario, table))

    technologies = rows(
        "technologies", load_min=0.7, compaction_t_per_m3=0.8, cover_share=0.2
    )
    blend = BlendLimit(technology="burner", property="moisture", max=0.5)
    return replace(
        scenario,
        technologies=technologies,
        outlets=rows("outlets", limit_t_per_y=1500.0),
        facilities=rows("facilities", airspace_left_m3=1000.0),
        centres=rows("centres", baler_t_per_h=4.0, haul_after_d=1.0),
        blend_limits=(blend,),
    )


SHARES = st.sampled_from([0.0, 0.1, 1 / 3, 0.5, 0.75, 1.0])


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    to_burner=SHARES,
    via_yard=st.booleans(),
    slag_sold=SHARES,
    leaks=SHARES,
    burner_t_per_y=st.sampled_from([2_000.0, 20_000.0, 90_000.0]),
    lhv_design=st.sampled_from([None, 4.0, 12.0]),
    gate=st.sampled_from(
        [
            None,
            {"bunker_d": 0.5, "mtbf_h": 30, "mttr_h": 20, "lines": 3},
            {"bays": 1, "tip_min": 40, "weigh_in_min": 5, "weigh_out_min": 3},
            {
                "opens_h": 7,
                "opening_h_per_d": 6,
                "opening_d_per_week": 5,
                "bunker_d": 4,
            },
            {"bays": 2, "tip_min": 90, "yard_trucks": 2, "planned_outage_weeks": 20},
            {
                "rejected_share": 0.3,
                "mtbf_h": 30,
                "mttr_h": 20,
                "ramp_h": 10,
                "lines": 2,
            },
        ]
    ),
    fleet=st.sampled_from([None, {"trucks": 1}, {"trucks": 9, "days_per_week": 5}]),
    bins=st.sampled_from([None, {"volume_m3": 5, "pickup_every_d": 3, "variation": 2}]),
    second=st.booleans(),
    limits=st.booleans(),
)
def test_every_random_network_passes_the_audit(
    to_burner, via_yard, slag_sold, leaks, burner_t_per_y, lhv_design, gate, fleet,
    bins, second, limits,
):  # fmt: skip
    """Mass to 1e-9 and every other law, whatever the network looks like."""
    scenario = network(
        burner_t_per_y=burner_t_per_y,
        lhv_design=lhv_design,
        burner=gate,
        fleet=fleet,
        containers=bins,
        leaks=leaks,
        centre={"throughput_max_t_per_y": 30_000, "storage_t": 60},
        second_burner=second,
    )
    if limits:  # minimum load, a buyer's limit, a wet-waste limit, airspace
        scenario = limited(scenario)
    first = "yard" if via_yard else "town"
    routes = [
        route(first, "hill.burner", to_burner),
        route(first, "pit.dump", 1 - to_burner),
        route("village", "pit.dump"),
        route("hill.burner", "buyer", slag_sold, product="slag"),
        route("hill.burner", "pit.dump", 1 - slag_sold, product="slag"),
    ]
    if via_yard:
        routes.append(route("town", "yard"))
    kept = [r for r in routes if r.share > 0]
    found = audited_and_checked(scenario, plan(*kept))
    assert found.kpis["generated_t"] > 0
    assert found.kpis["landfill_diversion_rate"] <= 1
