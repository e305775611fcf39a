"""One broken requirement at a time, and the same case unbroken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from evaluation_cases import (
    ASH,
    GAS,
    READ,
    SOLD,
    build,
    case,
    generator,
    outlet,
    period,
    plan,
    route,
    settings,
    site,
    size,
    splits,
    standing,
    takes,
    technology,
    tonnes,
)

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Evaluation, Violation
from wasteplan.network.places import Centre, SiteCriterion
from wasteplan.plan.records import Closure, Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.scenario.settings import SolveSettings
from wasteplan.treatment.records import BlendLimit
from wasteplan.waste.records import Stream


def burner(
    *,
    of: dict[str, Any] | None = None,
    sized: dict[str, Any] | None = None,
    at: dict[str, Any] | None = None,
    dry: float = 1000,
    wet: float = 0,
    **more: Any,
) -> Scenario:
    """A town's dry and wet waste and one burner of 1,000 t/y that may be built."""
    kind = more.pop("kind", "combustion")
    return case(
        generators=[generator("a")],
        generation=[tonnes("a", "dry", dry), tonnes("a", "wet", wet)],
        sites=[site("east", **({"technologies": "burner"} | (at or {})))],
        technologies=[technology("burner", kind, **(of or {}))],
        sizes=[size("burner", **({"t": 1000.0} | (sized or {})))],
        acceptance=more.pop("acceptance", takes("burner", "dry", "wet")),
        **more,
    )


def burning(*more: Any, **fields: Any) -> Plan:
    fields.setdefault("builds", (build("east", "burner"),))
    return plan(
        route("a", "east.burner", stream="dry"),
        route("a", "east.burner", stream="wet"),
        *more,
        **fields,
    )


def only(result: Evaluation) -> Violation:
    (found,) = result.violations
    return found


def test_a_plan_that_fits_has_no_violation() -> None:
    assert evaluate(burner(), burning()).violations == ()


def test_mass_capacity_with_availability() -> None:
    """1,000 t/y nameplate at 90 % takes 900, without a heat rating no overload."""
    found = only(evaluate(burner(of={"availability": 0.9}), burning()))
    assert (found.requirement, found.place) == ("mass_capacity", "east.burner")
    assert (found.value, found.limit) == (pytest.approx(1000), pytest.approx(900))


def test_heat_fills_a_burner_before_mass() -> None:
    """1,000 t x 20 MJ/kg = 20 TJ against 10 TJ of rating; mass 1,100 t is free.

    500 t of it fit exactly, at half the tonnes: heat binds.
    """
    scenario = burner(sized={"lhv_design_mj_per_kg": 10})
    found = only(evaluate(scenario, burning()))
    assert found.requirement == "heat_capacity"
    assert (found.value, found.limit) == (pytest.approx(20), pytest.approx(10))
    fits = evaluate(burner(sized={"lhv_design_mj_per_kg": 10}, dry=500), burning())
    assert fits.violations == ()
    row = fits.facilities.iloc[0]
    assert row["binding"] == "heat"
    assert row["utilisation"] == pytest.approx(1.0)
    assert row["lhv_mj_per_kg"] == pytest.approx(20)
    assert row["capacity_t_per_y"] == 1000


def test_overload_is_allowed_with_a_heat_rating() -> None:
    """1,100 t of 10 MJ/kg in a 1,000 t, 11 MJ/kg burner: mass to 1.1, heat full."""
    scenario = burner(sized={"lhv_design_mj_per_kg": 11}, dry=0, wet=1100)
    assert evaluate(scenario, burning()).violations == ()


def test_minimum_load_is_on_heat() -> None:
    """60 % of 20 TJ = 12; 500 t of dry bring 10."""
    of, sized = {"load_min": 0.6}, {"lhv_design_mj_per_kg": 20}
    found = only(evaluate(burner(of=of, sized=sized, dry=500), burning()))
    assert found.requirement == "minimum_load"
    assert (found.value, found.limit) == (pytest.approx(10), pytest.approx(12))


def test_minimum_load_on_mass_without_a_rating() -> None:
    found = only(evaluate(burner(of={"load_min": 0.6}, dry=500), burning()))
    assert (found.value, found.limit) == (pytest.approx(500), pytest.approx(600))


def test_blend_limits_hold_for_the_mix() -> None:
    """Half dry (1 % chlorine), half wet (none): 0.5 %, heating value 15."""
    limits = [
        BlendLimit(technology="burner", property="chlorine", max=0.004, **READ),
        BlendLimit(technology="burner", property="lhv_mj_per_kg", min=14, **READ),
    ]
    scenario = burner(dry=400, wet=400, blend_limits=limits)
    found = only(evaluate(scenario, burning()))
    assert found.requirement == "blend_chlorine"
    assert found.value == pytest.approx(0.005)
    wetter = burner(dry=200, wet=400, blend_limits=limits)
    found = only(evaluate(wetter, burning()))
    assert found.requirement == "blend_lhv_mj_per_kg"
    assert found.value == pytest.approx(20 / 3 + 20 / 3)


def test_an_unknown_blend_property_is_reported() -> None:
    limits = [BlendLimit(technology="burner", property="sulphur", max=0.01, **READ)]
    found = only(evaluate(burner(blend_limits=limits), burning()))
    assert found.requirement == "blend_sulphur"
    assert found.value != found.value


def test_airspace_is_a_stock_over_periods() -> None:
    """1,000 t/y / 0.5 t/m3 x 1.2 = 2,400 m3 a year: 4,800 after p1, 9,600 after p2."""
    landfill = {
        "compaction_t_per_m3": 0.5,
        "cover_share": 0.2,
    }
    tables: dict[str, Any] = {
        "periods": [period("p1", 2025, 2026), period("p2", 2027, 2028)],
        "kind": "disposal",
        "of": landfill,
    }
    scenario = burner(sized={"airspace_m3": 6000.0}, **tables)
    both = (
        route("a", "east.burner", stream="dry"),
        route("a", "east.burner", stream="dry", at="p2"),
    )
    first = plan(*both, builds=(build("east", "burner"),))
    result = evaluate(scenario, first)
    found = only(result)
    assert (found.requirement, found.period) == ("airspace", "p2")
    assert (found.value, found.limit) == (pytest.approx(9600), pytest.approx(6000))
    table = result.facilities.set_index("period")
    assert table.loc["p1", "airspace_left_m3"] == pytest.approx(1200)
    assert table.loc["p1", "airspace_m3_per_y"] == pytest.approx(2400)
    assert result.kpi("airspace_left_m3", "p1") == pytest.approx(1200)
    more = first.model_copy(
        update={"builds": (*first.builds, build("east", "burner", period="p2"))}
    )
    assert evaluate(scenario, more).violations == ()
    tight = replace(scenario, sites=(site("east", "burner", airspace_m3=10_000),))
    found = only(evaluate(tight, more))
    assert (found.requirement, found.value) == ("site_airspace", 12_000)


def landfill_of_two_years(**more: Any) -> Scenario:
    """1,000 t/y at 1 t/m3 for two one-year periods to one landfill."""
    return burner(
        kind="disposal",
        periods=[period("p1", 2025, 2025), period("p2", 2026, 2026)],
        **more,
    )


def dumping(**fields: Any) -> Plan:
    both = (route("a", "east.burner", stream="dry", at=p) for p in ("p1", "p2"))
    return plan(*both, **fields)


def test_a_closed_landfill_lends_no_airspace() -> None:
    """The old cell (9,000 m3) closes after p1; the new one has 600: 400 m3 too few."""
    scenario = landfill_of_two_years(
        sized={"airspace_m3": 600.0},
        facilities=[
            standing("burner", "east", airspace_left_m3=9000.0, closes_after=2025)
        ],
    )
    result = evaluate(scenario, dumping(builds=(build("east", "burner", period="p2"),)))
    found = only(result)
    assert (found.requirement, found.period) == ("airspace", "p2")
    assert (found.value, found.limit) == (pytest.approx(2000), pytest.approx(1600))
    left = result.facilities.set_index("period")["airspace_left_m3"]
    assert left.to_list() == [pytest.approx(8000), pytest.approx(-400)]


def test_a_landfill_that_opens_later_lends_no_airspace_before() -> None:
    """10 m3 in p1 against 1,000; the second landfill has room from p2 on."""
    second = standing("burner", "east", airspace_left_m3=9000.0)
    second = second.model_copy(update={"id": "second", "opened": 2026})
    scenario = landfill_of_two_years(
        facilities=[standing("burner", "east", airspace_left_m3=10.0), second]
    )
    found = only(evaluate(scenario, dumping()))
    assert (found.requirement, found.period) == ("airspace", "p1")
    assert (found.value, found.limit) == (pytest.approx(1000), pytest.approx(10))


def test_the_landfill_that_closes_first_is_filled_first() -> None:
    """1,000 m3 until 2025 and 1,000 m3 for longer hold 1,000 t/y for two years.

    Without the one that closes, 1,000 m3 are missing in p2.
    """
    lasting = standing("burner", "east", airspace_left_m3=1000.0)
    closing = lasting.model_copy(update={"id": "closing", "closes_after": 2025})
    scenario = landfill_of_two_years(facilities=[lasting, closing])
    result = evaluate(scenario, dumping())
    assert result.violations == ()
    left = result.facilities.set_index("period")["airspace_left_m3"]
    assert left.to_list() == [pytest.approx(1000), pytest.approx(0)]
    found = only(evaluate(replace(scenario, facilities=(lasting,)), dumping()))
    assert (found.period, found.value - found.limit) == ("p2", pytest.approx(1000))


def test_a_plant_that_does_not_stand_cannot_work() -> None:
    found = only(evaluate(burner(), burning(builds=())))
    assert (found.requirement, found.limit) == ("plant_works", 0)


def test_lead_time() -> None:
    """Base year 2024 + 3 = 2027; the period starts in 2025."""
    found = only(evaluate(burner(of={"lead_time_y": 3}), burning()))
    assert (found.requirement, found.value, found.limit) == ("lead_time", 2025, 2027)


def test_a_site_allows_only_its_technologies_and_opens_when_it_opens() -> None:
    closed = burner(at={"opens_from": 2030, "technologies": ""})
    names = {v.requirement for v in evaluate(closed, burning()).violations}
    assert names == {"site_opens", "site_allows"}


def test_an_excluded_site() -> None:
    flood = SiteCriterion(
        site="east", criterion="flood_depth", kind="exclusion", value=2, max=1, **READ
    )
    found = only(evaluate(burner(site_criteria=[flood]), burning()))
    assert (found.requirement, found.value, found.limit) == ("site_exclusion", 2, 1)


def test_permit_and_room_of_a_site() -> None:
    scenario = replace(
        burner(at={"permit_t_per_y": 700.0}),
        technologies=(
            technology("burner", "combustion"),
            technology("sorter", "sorting"),
        ),
        sizes=(size("burner", t=1000), size("sorter")),
        facilities=(standing("sorter", "east"),),
    )
    found = {v.requirement: v for v in evaluate(scenario, burning()).violations}
    assert found.keys() == {"site_permit", "site_room"}
    assert found["site_permit"].value == pytest.approx(1000)
    assert found["site_room"].value == 2


def test_acceptance_and_hazardous_consent() -> None:
    streams = (
        Stream(id="dry", is_hazardous=True, moisture_basis="ipcc", **READ),
        Stream(id="wet", moisture_basis="ipcc", **READ),
    )
    refused = burner(acceptance=takes("burner", "wet"), streams=streams)
    found = [v.requirement for v in evaluate(refused, burning()).violations]
    assert found == ["acceptance", "hazardous_consent"]
    consents = burner(of={"accepts_hazardous": True}, streams=streams)
    assert evaluate(consents, burning()).violations == ()


def test_outlets_have_limits_tastes_and_opening_years() -> None:
    """1,000 t of `sold` to a buyer who takes 400, or something else, or later."""

    def sold(**more: Any) -> list[str]:
        accepts = more.pop("accepts", "sold")
        scenario = burner(
            kind="sorting",
            products=[SOLD],
            yields=splits("burner", sold=1.0),
            outlets=[outlet("buyer", accepts, **more)],
        )
        through = burning(route("east.burner", "buyer", product="sold"))
        return [v.requirement for v in evaluate(scenario, through).violations]

    assert sold() == []
    assert sold(limit_t_per_y=400) == ["outlet_limit"]
    assert sold(opens_from=2026) == ["outlet_limit"]
    assert sold(accepts="other") == ["acceptance"]


def test_centres_have_a_throughput_and_accept_streams() -> None:
    centre = Centre(
        id="c",
        name="c",
        region="here",
        is_existing=True,
        throughput_max_t_per_y=600,
        accepts="wet",
        **READ,
    )
    scenario = burner(centres=[centre])
    through = plan(
        route("a", "c", stream="dry"),
        route("c", "east.burner", stream="dry"),
        builds=(build("east", "burner"),),
    )
    found = [v.requirement for v in evaluate(scenario, through).violations]
    assert found == ["centre_throughput", "acceptance"]


def test_products_without_a_route_are_reported() -> None:
    """Slag has nowhere to go: 250 t/y count as lost."""
    scenario = burner(products=[ASH, GAS], yields=splits("burner", slag=0.25, gas=0.75))
    result = evaluate(scenario, burning())
    found = only(result)
    assert (found.requirement, found.place) == (
        "everything_is_routed",
        "east.burner: slag",
    )
    assert result.waste["leaked_t"].sum() == pytest.approx(250)


def test_service_distance() -> None:
    limit = settings(solve=SolveSettings(service_distance_max_km=8))
    found = evaluate(burner(setting=limit), burning()).violations
    assert {(v.requirement, v.value) for v in found} == {("service_distance", 10.0)}


def test_closing_what_may_not_close() -> None:
    scenario = replace(burner(), facilities=(standing("burner", "east"),))
    closed = burning(
        builds=(), closures=(Closure(facility="east_burner", period="p1"),)
    )
    names = [v.requirement for v in evaluate(scenario, closed).violations]
    assert names == ["plant_works", "closing"]


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ({"min": 0.9}, 0.75),
        ({"min": 0.9, "stream": "wet"}, 0.5),
        ({"min": 0.9, "region": "here"}, 0.75),
        ({"min": 0.7}, None),
        ({"min": 0.9, "stream": "dry"}, None),
        ({"min": 0.9, "period": "p2"}, None),
    ],
)
def test_diversion_targets(target: dict[str, Any], value: float | None) -> None:
    """500 t dry all burnt, 500 t wet half landfilled: 0.75 of all, 0.5 of wet."""
    goal = Target(id="goal", metric="landfill_diversion_rate", **READ, **target)
    scenario = replace(
        burner(dry=500, wet=500, targets=[goal]),
        technologies=(
            technology("burner", "combustion"),
            technology("tip", "disposal"),
        ),
        sizes=(size("burner", t=1000), size("tip")),
        facilities=(standing("tip", "east"),),
        sites=(site("east", "burner", facilities_max=2),),
        acceptance=(*takes("burner", "dry", "wet"), *takes("tip", "wet")),
    )
    half = plan(
        route("a", "east.burner", stream="dry"),
        route("a", "east.burner", 0.5, stream="wet"),
        route("a", "east.tip", 0.5, stream="wet"),
        builds=(build("east", "burner"),),
    )
    found = evaluate(scenario, half).violations
    assert [v.value for v in found] == ([] if value is None else [pytest.approx(value)])


def test_the_capex_budget_is_per_period() -> None:
    goal = Target(id="budget", metric="capex", max=800.0, **READ)
    scenario = burner(sized={"capex": 900.0}, targets=[goal])
    found = only(evaluate(scenario, burning()))
    assert (found.requirement, found.value, found.limit) == ("capex", 900, 800)
