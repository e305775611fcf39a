"""Plans that can be evaluated on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_cases import (
    ASH,
    GAS,
    REST,
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

from wasteplan.errors import PlanError, WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.plan.records import Build, Plan, Route
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Fate, LeakageStep

TWO_CITY = Path(__file__).parents[2] / "scenarios" / "two-city"


def two_generators() -> Scenario:
    """60,000 and 20,000 t/y, a plant without residue, a landfill, all 10 km apart."""
    return case(
        generators=[generator("a"), generator("b")],
        generation=[tonnes("a", "dry", 60_000), tonnes("b", "dry", 20_000)],
        sites=[site("east", "burner"), site("west", "tip")],
        facilities=[standing("burner", "east"), standing("tip", "west")],
        technologies=[
            technology("burner", "combustion", variable_om_per_t=30),
            technology("tip", "disposal", variable_om_per_t=5),
        ],
        sizes=[size("burner"), size("tip")],
        acceptance=[*takes("burner", "dry"), *takes("tip", "dry")],
    )


def test_two_generators_one_plant_one_landfill() -> None:
    """a sends 75 % to the plant, b all to the landfill: 45,000 t and 35,000 t.

    Haul 10 km x 1 x 80,000 = 800,000; plant 45,000 x 30 = 1,350,000; landfill 35,000 x
    5 = 175,000; together 2,325,000, or 29.0625 a tonne.  Diversion 45/80 = 0.5625.
    """
    result = evaluate(
        two_generators(),
        plan(
            route("a", "east.burner", 0.75, stream="dry"),
            route("a", "west.tip", 0.25, stream="dry"),
            route("b", "west.tip", stream="dry"),
        ),
    )
    by_term = result.costs.groupby("term")["amount"].sum()
    assert by_term["haul"] == pytest.approx(800_000)
    assert by_term["variable_om"] == pytest.approx(1_525_000)
    assert result.cost_present_value == pytest.approx(2_325_000)
    assert result.kpi("cost_per_t") == pytest.approx(29.0625)
    assert result.kpi("landfill_diversion_rate", "p1") == pytest.approx(0.5625)
    assert result.kpi("recovery_rate", "p1") == pytest.approx(0.5625)
    assert result.kpi("diversion_without_incineration") == pytest.approx(0.0)
    assert result.violations == ()
    inside = result.facilities.set_index("plant")["throughput_t_per_y"]
    assert inside["east.burner"] == pytest.approx(45_000)
    assert inside["west.tip"] == pytest.approx(35_000)


def test_the_published_two_city_flows_cost_what_is_published() -> None:
    """Flows 100, 170, 37.5, 22.5, 7.5 t/d cost 26,881.25 a day, x 365.

    Landfilled 170 + 22.5 + 7.5 = 200 of 270 t/d: diversion 70/270.
    """
    scenario = load_scenario(TWO_CITY)

    def to(origin: str, destination: str, share: float, product: str) -> Route:
        return route(origin, destination, share, product, at="year")

    published = Plan(
        scenario="two_city",
        name="published",
        builds=(
            Build(site="wte", technology="wte", size="150_t_per_d", period="year"),
            Build(site="mrf", technology="mrf", size="130_t_per_d", period="year"),
        ),
        routes=(
            to("city1", "mrf.mrf", 1, "raw"),
            to("city2", "landfill.landfill", 1, "raw"),
            to("mrf.mrf", "recycler", 1, "recyclate"),
            to("mrf.mrf", "wte.wte", 0.625, "mrf_residue"),
            to("mrf.mrf", "landfill.landfill", 0.375, "mrf_residue"),
            to("wte.wte", "landfill.landfill", 1, "wte_ash"),
        ),
    )
    result = evaluate(scenario, published)
    assert result.cost_present_value == pytest.approx(26_881.25 * 365, rel=1e-12)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(70 / 270)
    assert result.violations == ()
    tonnes_per_d = result.flows.set_index(["origin", "destination"])["t_per_y"] / 365
    assert tonnes_per_d["mrf.mrf", "wte.wte"] == pytest.approx(37.5)
    assert tonnes_per_d["wte.wte", "landfill.landfill"] == pytest.approx(7.5)


def chain() -> Scenario:
    """Sorting 20 % to a buyer, 80 % rest; burner 25 % slag; tip for rest and slag."""
    return case(
        generators=[generator("a")],
        generation=[tonnes("a", "dry", 1000)],
        sites=[site("s", "sorter"), site("w", "burner"), site("t", "tip")],
        facilities=[
            standing("sorter", "s"),
            standing("burner", "w"),
            standing("tip", "t"),
        ],
        technologies=[
            technology("sorter", "sorting"),
            technology("burner", "combustion"),
            technology("tip", "disposal"),
        ],
        sizes=[size("sorter"), size("burner"), size("tip")],
        products=[ASH, GAS, REST, SOLD],
        yields=[
            *splits("sorter", sold=0.2, rest=0.8),
            *splits("burner", slag=0.25, gas=0.75),
        ],
        acceptance=[
            *takes("sorter", "dry"),
            *takes("burner", "dry", "rest"),
            *takes("tip", "dry", "rest", "slag"),
        ],
        outlets=[outlet("buyer", "sold", price_per_t=50)],
    )


def chain_plan() -> Plan:
    return plan(
        route("a", "s.sorter", stream="dry"),
        route("s.sorter", "buyer", product="sold"),
        route("s.sorter", "w.burner", 0.5, product="rest"),
        route("s.sorter", "t.tip", 0.5, product="rest"),
        route("w.burner", "t.tip", product="slag"),
    )


def test_residues_of_a_chain_count_against_diversion() -> None:
    """1,000 t: 200 sold, 400 burnt, 400 rest landfilled, 100 slag landfilled, 300 gas.

    Diversion 1 - 500/1000; residues not counted 1; recycling 0.2; recovery 0.4.
    Incineration as not diverted: 400 rest + 400 burnt are lost, slag not twice: 0.2.
    """
    result = evaluate(chain(), chain_plan())
    row = result.waste.iloc[0]
    assert row["residues_landfilled_t"] == pytest.approx(500)
    assert row["combustion_residues_landfilled_t"] == pytest.approx(100)
    assert row["released_t"] == pytest.approx(300)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.5)
    assert result.kpi("residue_free_diversion") == pytest.approx(1.0)
    assert result.kpi("recycling_rate") == pytest.approx(0.2)
    assert result.kpi("recovery_rate") == pytest.approx(0.4)
    assert result.kpi("diversion_without_incineration") == pytest.approx(0.2)
    sales = result.costs.query("term == 'sales'").iloc[0]
    assert sales["amount"] == pytest.approx(-200 * 50)
    assert sales["actor"] == "operator"


def test_reagents_are_residue_that_nobody_generated() -> None:
    """The burner takes 400 t and 2 % of lime, which leaves as residue: 8 t.

    500 + 8 t are landfilled, so diversion is 0.492; generated 1,000 + auxiliary 8 =
    sold 200 + released 300 + landfilled 508.
    """
    scenario = chain()
    ash = tuple(
        p.model_copy(update={"fraction": "fly_ash"}) if p.id == "slag" else p
        for p in scenario.products
    )
    limed = tuple(
        t.model_copy(update={"reagent_t_per_t": 0.02}) if t.id == "burner" else t
        for t in scenario.technologies
    )
    scenario = replace(scenario, products=ash, technologies=limed)
    result = evaluate(scenario, chain_plan())
    row = result.waste.iloc[0]
    assert row["auxiliary_t"] == pytest.approx(8)
    assert row["residues_landfilled_t"] == pytest.approx(508)
    ends = ("recycled_t", "exported_t", "released_t", "residues_landfilled_t")
    assert row[list(ends)].sum() == pytest.approx(1008)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.492)


def leaking(share: float, counts_as: str = "leakage") -> Scenario:
    base = two_generators()
    fate = Fate(
        id="heap",
        kind="open_burning",
        price_paid_per_t=0,
        counts_as=counts_as,  # type: ignore[arg-type]
        status="read",
    )
    step = LeakageStep(
        generator_class="town", stream="dry", fate="heap", share=share, status="read"
    )
    return replace(base, fates=(fate,), leakage=(step,))


ALL_BURNT = (
    route("a", "east.burner", stream="dry"),
    route("b", "east.burner", stream="dry"),
)


def test_leakage_cannot_be_hidden() -> None:
    """30 % leak whatever the plan says: 24,000 t burnt in the open, diversion 0.7.

    Half of it is fossil carbon, of which 58 % burns: 24,000 x 0.5 x 0.58 x 44/12 =
    25,520 t CO2.
    """
    result = evaluate(leaking(0.3), plan(*ALL_BURNT))
    assert result.waste["leaked_t"].sum() == pytest.approx(24_000)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.7)
    dumped = result.flows[result.flows["destination"] == "heap"]
    assert dumped["t_per_y"].sum() == pytest.approx(24_000)
    assert dumped["distance_km"].isna().all()
    assert (dumped["vehicle"] == "").all()
    smoke = result.emissions.query("stage == 'leakage' and substance == 'co2_fossil'")
    assert smoke["kg_co2e"].sum() == pytest.approx(25_520_000)


def test_a_fate_that_recycles_is_no_loss() -> None:
    """30 % to informal recyclers: generated counts them, nothing is lost."""
    result = evaluate(leaking(0.3, "recycling"), plan(*ALL_BURNT))
    assert result.kpi("landfill_diversion_rate") == pytest.approx(1.0)
    assert result.kpi("recycling_rate") == pytest.approx(0.3)


def test_waste_without_a_route_is_leaked_and_reported() -> None:
    """b has no route: its 20,000 t are lost, not forgotten."""
    result = evaluate(two_generators(), plan(ALL_BURNT[0]))
    assert result.kpi("landfill_diversion_rate") == pytest.approx(0.75)
    (missed,) = result.violations
    assert missed.requirement == "everything_is_routed"
    assert missed.place == "b: dry"
    assert missed.value == pytest.approx(20_000)


def test_fates_that_take_more_than_everything_are_refused() -> None:
    base = leaking(0.6)
    other = base.fates[0].model_copy(update={"id": "creek"})
    step = base.leakage[0].model_copy(update={"fate": "creek"})
    both = replace(base, fates=(*base.fates, other), leakage=(*base.leakage, step))
    with pytest.raises(WasteplanError, match=r"add up to 1\.2, above 1"):
        evaluate(both, plan(*ALL_BURNT))


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(
        PlanError, match=r"p1, a, raw of dry: shares sum to 0\.9, not 1"
    ):
        evaluate(two_generators(), plan(route("a", "west.tip", 0.9, stream="dry")))


def test_names_that_do_not_exist_are_all_reported() -> None:
    bad = plan(
        route("nobody", "west.tip"),
        route("a", "west.rocket", stream="dry"),
        route("b", "west.tip", stream="dry", at="p9"),
        builds=(build("west", "tip", "tiny"), build("moon", "tip")),
    )
    with pytest.raises(PlanError) as caught:
        evaluate(two_generators(), bad)
    text = str(caught.value)
    assert "nobody" in text
    assert "west.rocket" in text
    assert "no period 'p9'" in text


def test_builds_that_do_not_exist_are_all_reported() -> None:
    bad = plan(builds=(build("west", "tip", "tiny"), build("moon", "tip")))
    with pytest.raises(
        PlanError, match=r"(?s)no site or centre 'moon'.*no size 'tiny'"
    ):
        evaluate(two_generators(), bad)


def test_routes_in_a_circle_are_named() -> None:
    bad = plan(
        route("s.sorter", "w.burner", product="rest"),
        route("w.burner", "s.sorter", product="slag"),
    )
    with pytest.raises(PlanError, match=r"run in a circle: .*s\.sorter"):
        evaluate(chain(), bad)


def test_a_haul_without_a_road_is_named() -> None:
    lonely = replace(two_generators(), distances=())
    with pytest.raises(PlanError, match=r"a -> east.burner: no road or no leg for dry"):
        evaluate(lonely, plan(*ALL_BURNT))


def test_regions_and_streams_keep_their_own_diversion() -> None:
    """North sends its 100 t of wet waste through the sorter, south its 300 t of dry.

    The sorter sells half of `dry` and nothing of `wet`; the rest is landfilled: north
    diverts 0, south half, together 150/400.
    """
    scenario = case(
        generators=[generator("n", "north"), generator("s", "south")],
        generation=[tonnes("n", "wet", 100), tonnes("s", "dry", 300)],
        sites=[site("x", "sorter"), site("t", "tip")],
        facilities=[standing("sorter", "x"), standing("tip", "t")],
        technologies=[technology("sorter", "sorting"), technology("tip", "disposal")],
        sizes=[size("sorter"), size("tip")],
        products=[REST, SOLD],
        yields=[
            *splits("sorter", "dry", sold=0.5, rest=0.5),
            *splits("sorter", "wet", rest=1.0),
        ],
        acceptance=[*takes("sorter", "dry", "wet"), *takes("tip", "rest")],
        outlets=[outlet("buyer", "sold")],
    )
    result = evaluate(
        scenario,
        plan(
            route("n", "x.sorter", stream="wet"),
            route("s", "x.sorter", stream="dry"),
            route("x.sorter", "buyer", product="sold"),
            route("x.sorter", "t.tip", product="rest"),
        ),
    )
    waste = result.waste.set_index(["region", "stream"])
    assert waste.loc[("north", "wet"), "residues_landfilled_t"] == pytest.approx(100)
    assert waste.loc[("south", "dry"), "residues_landfilled_t"] == pytest.approx(150)
    assert waste.loc[("north", "wet"), "recycled_t"] == 0
    assert result.kpi("landfill_diversion_rate") == pytest.approx(150 / 400)


def test_tonnes_grow_year_by_year_and_are_discounted() -> None:
    """1,000 t in 2024, +10 % a year, 2025-2026: 1,100 and 1,210 t at 10 + 5 each.

    At 25 % interest: 15 x (1,100 / 1.25 + 1,210 / 1.5625) = 15 x 1,654.4 = 24,816.
    """
    scenario = case(
        setting=settings(rate=0.25),
        periods=[period("p1", 2025, 2026)],
        generators=[generator("a")],
        generation=[tonnes("a", "dry", 1000, growth=0.1)],
        sites=[site("t", "tip")],
        facilities=[standing("tip", "t")],
        technologies=[technology("tip", "disposal", variable_om_per_t=5)],
        sizes=[size("tip")],
        acceptance=takes("tip", "dry"),
    )
    result = evaluate(scenario, plan(route("a", "t.tip", stream="dry")))
    assert result.cost_present_value == pytest.approx(24_816)
    assert result.kpi("cost_per_t") == pytest.approx(15)
    flow = result.flows.iloc[0]
    assert flow["t_per_y"] == pytest.approx(1210)
    assert flow["t_in_period"] == pytest.approx(2310)


def test_waste_without_a_route_is_reported_in_every_year() -> None:
    """1,000 t in 2025, none in 2026: without a route 1,000 t are lost all the same."""
    rows = [
        tonnes("a", "dry", t).model_copy(update={"year": y})
        for y, t in ((2025, 1000.0), (2026, 0.0))
    ]
    scenario = case(
        generators=[generator("a")], generation=rows, periods=[period("p1", 2025, 2026)]
    )
    result = evaluate(scenario, plan())
    (found,) = result.violations
    assert (found.requirement, found.place) == ("everything_is_routed", "a: dry")
