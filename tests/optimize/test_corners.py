"""Corners of the planning model where a wrong row would go unseen elsewhere."""

import pytest
from networks import (
    Acceptance,
    CompositionShare,
    Fate,
    Fraction,
    FractionProperty,
    GeneratorClass,
    LeakageStep,
    Period,
    Product,
    Stream,
    Target,
    Yield,
    distances,
    generator,
    make_scenario,
    settings,
    site,
    size,
    sorts,
    standing,
    technology,
    two_generators,
    waste,
)

from wasteplan.errors import NoAnswer
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.network.haulage import Leg, Vehicle
from wasteplan.network.places import Centre
from wasteplan.optimize import solve
from wasteplan.scenario.records import Choice

YEARS = (
    Period(id="p1", first_year=2025, last_year=2025),
    Period(id="p2", first_year=2026, last_year=2026),
)
DEAR = (
    technology("plant", "storage", variable_om_per_t=1000.0),
    technology("tip", variable_om_per_t=10.0, compaction_t_per_m3=1.0),
)


def test_a_landfill_gets_a_second_cell_of_the_same_size():
    """A cell holds one year's 80 kt: two cells, 3 annuities of 1000/30 USD in all."""
    plan = solve(
        two_generators(
            facilities=(),
            sites=(site("clean", "plant"), site("dump", "tip")),
            technologies=DEAR,
            sizes=(
                size("plant", 100_000.0),
                size("tip", 100_000.0, 1000.0, airspace_m3=80_000.0),
            ),
            periods=YEARS,
        )
    )

    assert plan.proof.objective == pytest.approx(2 * 80_000 * 11 + 3 * 1000 / 30)
    assert [b.period for b in plan.builds if b.technology == "tip"] == ["p1", "p2"]


def test_space_left_in_a_closed_facility_helps_nobody():
    """It closes after 2025 with room to spare; a cell of 1 m3 cannot take 2026."""
    plan = solve(
        two_generators(
            sites=(site("clean", "plant"), site("dump", "tip")),
            facilities=(
                standing("dump", "tip", airspace_left_m3=1e6, closes_after=2025),
            ),
            technologies=DEAR,
            sizes=(size("plant", 100_000.0), size("tip", 100_000.0, airspace_m3=1.0)),
            periods=YEARS,
        )
    )

    assert plan.proof.objective == pytest.approx(80_000 * (11 + 1001), rel=1e-4)
    assert not evaluate(
        two_generators(
            sites=(site("clean", "plant"), site("dump", "tip")),
            facilities=(
                standing("dump", "tip", airspace_left_m3=1e6, closes_after=2025),
            ),
            technologies=DEAR,
            sizes=(size("plant", 100_000.0), size("tip", 100_000.0, airspace_m3=1.0)),
            periods=YEARS,
        ),
        plan,
    ).violations


def test_a_target_holds_where_nothing_is_landfilled():
    """30 % leaks and there is no landfill: 80 % diversion is still out of reach."""
    leaky = two_generators(
        diversion=0.8,
        facilities=(),
        sites=(site("clean", "plant"),),
        technologies=(technology("plant", "storage"),),
        sizes=(size("plant", 100_000.0),),
        acceptance=(Acceptance(technology="plant", accepts="mixed"),),
        distances=distances({"a": {"clean": 10.0}, "b": {"clean": 10.0}}),
        fates=(Fate(id="kilns", kind="kiln"),),
        leakage=(
            LeakageStep(
                generator_class="plain", stream="mixed", fate="kilns", share=0.3
            ),
        ),
    )

    with pytest.raises(NoAnswer, match=r"at most 70\.0%"):
        solve(leaky)


def test_an_upper_limit_on_diversion_binds():
    """The plant is cheaper, but only half may be diverted: 40 kt each way."""
    plan = solve(
        two_generators(
            technologies=(
                technology("plant", "storage", variable_om_per_t=1.0),
                technology("tip", variable_om_per_t=10.0),
            ),
            targets=(Target(id="half", metric="landfill_diversion_rate", max=0.5),),
        )
    )

    assert plan.proof.objective == pytest.approx(40_000 * 2 + 40_000 * 11)


def test_a_small_region_is_not_left_lying_to_save_its_target():
    """Region `small` has 1 kt and only the dump: its 90 % target is named."""
    small = two_generators(
        generators=(generator("a"), generator("b", "small")),
        generation=(waste("a", 50_000.0), waste("b", 1_000.0)),
        sites=(site("clean", ""), site("dump", "")),
        targets=(
            Target(id="div", metric="landfill_diversion_rate", min=0.9, region="small"),
        ),
    )

    with pytest.raises(NoAnswer, match=r"'div' in p1 asks for 90\.0%; at most 0\.0%"):
        solve(small)


def test_a_recycling_target_sends_waste_to_the_buyer():
    """The sorter costs 50 USD/t more and sells 40 %: 20 % recycling takes half."""
    plan = solve(
        two_generators(
            sites=(site("clean", "sorter"), site("dump", "")),
            technologies=(
                technology("sorter", "sorting", variable_om_per_t=60.0),
                technology("tip", variable_om_per_t=10.0),
            ),
            sizes=(size("sorter", 100_000.0), size("tip", 100_000.0)),
            acceptance=(
                Acceptance(technology="sorter", accepts="mixed"),
                Acceptance(technology="tip", accepts="mixed"),
                Acceptance(technology="tip", accepts="rest"),
            ),
            **sorts("sorter"),
            outlets=(_buyer(),),
            distances=distances(
                {
                    "a": {"clean": 10.0, "dump": 10.0},
                    "b": {"clean": 10.0, "dump": 10.0},
                    "clean": {"dump": 0.0, "shop": 0.0},
                }
            ),
            targets=(Target(id="rec", metric="recycling_rate", min=0.2),),
        )
    )

    sorted_cost = 40_000 * (60 + 1) + 24_000 * 10
    assert plan.proof.objective == pytest.approx(sorted_cost + 40_000 * 11)


def _buyer():
    from wasteplan.network.places import Outlet

    return Outlet(id="shop", name="Shop", kind="buyer", accepts="good")


def burning(**more):
    """Waste of 0.3 kg fossil carbon per kg: 1.1 t CO2/t burnt, none tipped."""
    properties = {
        "moisture_tropical_mixed": 0.0,
        "lhv_dry_mj_per_kg": 12.0,
        "ash_dry": 0.0,
        "carbon_dry": 0.3,
        "fossil_carbon_share": 1.0,
        "doc_dry": 0.0,
    }
    return two_generators(
        technologies=(
            technology("plant", "combustion", variable_om_per_t=1.0),
            technology("tip", variable_om_per_t=10.0),
        ),
        products=(Product(id="smoke", kind="release"),),
        yields=(Yield(technology="plant", fraction="any", output="smoke", share=1.0),),
        fraction_properties=tuple(
            FractionProperty(fraction="stuff", property=k, value=v)
            for k, v in properties.items()
        ),
        **more,
    )


def test_a_cap_on_emissions_is_met_exactly():
    """Burning is cheaper and emits; the cap is half of what all of it would emit."""
    free = burning()
    most = evaluate(free, solve(free)).kpi("co2e_direct_t_per_y", "p1")

    capped = burning(
        targets=(Target(id="cap", metric="co2e_direct_t_per_y", max=most / 2),)
    )
    plan = solve(capped)
    result = evaluate(capped, plan)

    assert most > 80_000 * 1.1
    assert result.kpi("co2e_direct_t_per_y", "p1") == pytest.approx(most / 2, rel=1e-6)
    assert not result.violations


def test_a_cap_too_low_is_named_in_tonnes():
    """No other place: 80 kt burnt emit some 90 kt; a cap of 10 kt cannot hold."""
    free = burning(sites=(site("clean", "plant"), site("dump", "")), facilities=())
    capped = burning(
        sites=(site("clean", "plant"), site("dump", "")),
        facilities=(),
        targets=(Target(id="cap", metric="co2e_direct_t_per_y", max=1e4),),
    )
    emitted = evaluate(free, solve(free)).kpi("co2e_direct_t_per_y", "p1")

    with pytest.raises(NoAnswer) as no:
        solve(capped)

    assert "the cap on emissions 'cap' in p1" in str(no.value)
    assert f"{emitted - 1e4:,.0f} t CO2e/y" in str(no.value)


def test_what_is_forced_opens_and_what_is_forbidden_does_not():
    """Forced, the dear plant opens (fixed 5 USD); forbidden, the cheap one does not."""
    cheap = (
        technology("plant", "storage", variable_om_per_t=1.0),
        technology("tip", variable_om_per_t=10.0),
    )
    force = Choice(id="c", choice="force", site="clean", technology="plant")
    forbid = Choice(id="c", choice="forbid", site="clean", technology="plant")
    sizes = (size("plant", 100_000.0, fixed=5.0), size("tip", 100_000.0))

    forced = solve(two_generators(sizes=sizes, choices=(force,)))
    forbidden = solve(
        two_generators(sizes=sizes, technologies=cheap, choices=(forbid,))
    )

    assert forced.proof.objective == pytest.approx(80_000 * 11 + 5)
    assert forbidden.proof.objective == pytest.approx(80_000 * 11)


def test_single_sourcing_sends_each_generator_to_one_place():
    """60 kt/y at 2 USD/t, the rest 11: split, 60 and 20; whole, 50 of a and 30 of b."""
    tables = {
        "technologies": (
            technology("plant", "storage", variable_om_per_t=1.0),
            technology("tip", variable_om_per_t=10.0),
        ),
        "sizes": (size("plant", 60_000.0), size("tip", 100_000.0)),
    }
    chosen = settings()
    whole = chosen.model_copy(
        update={"solve": chosen.solve.model_copy(update={"single_sourcing": True})}
    )

    split = solve(two_generators(**tables))
    single = solve(two_generators(**tables, settings=whole))

    assert split.proof.objective == pytest.approx(60_000 * 2 + 20_000 * 11)
    assert single.proof.objective == pytest.approx(50_000 * 2 + 30_000 * 11)


def sorter(
    generation, streams, fractions, properties, burner, regions=("r", "r"), **more
):
    """A sorter makes `rest`; a burner pays 10 USD/t for it, the tip costs 5."""
    return make_scenario(
        settings(),
        generators=(generator("c", regions[0]), generator("d", regions[1])),
        generator_classes=(GeneratorClass(id="plain"),),
        generation=generation,
        streams=tuple(Stream(id=s) for s in streams),
        fractions=tuple(Fraction(id=f) for f in fractions),
        fraction_properties=properties,
        composition=tuple(
            CompositionShare(stream=s, fraction=f, share=1.0)
            for s, f in zip(streams, fractions, strict=True)
        ),
        vehicles=(Vehicle(id="truck", cost_per_t_km=0.1),),
        legs=(Leg(id="all", vehicle="truck"),),
        sites=(site("sort", "sort"), site("burn", "burn"), site("tip", "tip")),
        technologies=(
            technology("sort", "sorting"),
            technology("burn", "storage", variable_om_per_t=-10.0),
            technology("tip", variable_om_per_t=5.0),
        ),
        sizes=(size("sort", 1e6), burner, size("tip", 1e6)),
        products=(Product(id="rest", kind="intermediate"),),
        yields=(Yield(technology="sort", fraction="any", output="rest", share=1.0),),
        acceptance=(
            *(Acceptance(technology="sort", accepts=s) for s in streams),
            Acceptance(technology="burn", accepts="rest"),
            Acceptance(technology="tip", accepts="rest"),
        ),
        distances=distances(
            {"c": {"sort": 1.0}, "d": {"sort": 1.0}, "sort": {"burn": 1.0, "tip": 1.0}}
        ),
        **more,
    )


def test_growth_rates_of_one_material_need_no_second_search():
    """One stream growing and shrinking by 5 %: the burner is simply full at 60 kt/y.

    In 2026 there are 55.125 + 45.125 kt. The relaxation burns what shrinks first, so in
    2025 47.5 + 14.875 / 1.05 = 61.667 kt, not 60 x 100 / 100.25 = 59.850 kt of the
    blend; a tonne burned instead of landfilled is worth 15 USD.
    """
    scenario = sorter(
        (waste("c", 50_000.0, 0.05), waste("d", 50_000.0, -0.05)),
        ("mixed",),
        ("stuff",),
        (),
        size("burn", 60_000.0),
        periods=(Period(id="p1", first_year=2025, last_year=2026),),
    )

    plan = solve(scenario)
    result = evaluate(scenario, plan)

    assert not result.violations
    assert plan.proof.objective == pytest.approx(result.cost_present_value)
    more_t = 47_500 + 14_875 / 1.05 - 60_000 * 100_000 / 100_250
    assert plan.proof.gap == pytest.approx(15 * more_t)


def test_a_blend_may_be_split_in_proportion():
    """20 and 5 MJ/kg, 50 and 30 kt: 14.375 MJ/kg; 600 TJ/y burn 41.74 kt of the blend.

    Revenue 41,739 x (10 - 0.1) less 38,261 x 5.1 and 80 kt hauled at 0.1 USD/t.
    """
    lhv = {"dry": 20.0, "wet": 5.0}
    scenario = sorter(
        (waste("c", 50_000.0, stream="dry"), waste("d", 30_000.0, stream="wet")),
        ("dry", "wet"),
        ("dry", "wet"),
        tuple(
            FractionProperty(fraction=f, property=k, value=v)
            for f in lhv
            for k, v in (
                ("moisture_tropical_mixed", 0.0),
                ("lhv_dry_mj_per_kg", lhv[f]),
            )
        ),
        size("burn", 60_000.0, lhv_design_mj_per_kg=10.0),
        periods=(Period(id="p1", first_year=2025, last_year=2025),),
    )

    plan = solve(scenario)
    result = evaluate(scenario, plan)

    burnt = 600e6 / 14_375
    by_hand = 80_000 * 0.1 - burnt * 9.9 + (80_000 - burnt) * 5.1
    assert not result.violations
    assert result.cost_present_value == pytest.approx(by_hand, rel=1e-6)
    assert plan.proof.objective == pytest.approx(by_hand, rel=1e-6)
    assert plan.proof.bound <= by_hand


def test_a_centre_that_keeps_streams_apart_may_send_them_apart():
    """Each stream has its own plant behind the centre; nothing is un-mixed by that."""
    scenario = two_generators(
        streams=(Stream(id="mixed"), Stream(id="other")),
        composition=tuple(
            CompositionShare(stream=s, fraction="stuff", share=1.0)
            for s in ("mixed", "other")
        ),
        generation=(waste("a", 50_000.0), waste("b", 30_000.0, stream="other")),
        centres=(
            Centre(
                id="hub",
                name="Hub",
                region="r",
                throughput_max_t_per_y=1e6,
                is_existing=True,
            ),
        ),
        sites=(site("clean", "plant"), site("dump", "")),
        technologies=(technology("plant", "storage"), technology("tip")),
        acceptance=(
            Acceptance(technology="plant", accepts="mixed"),
            Acceptance(technology="tip", accepts="other"),
        ),
        distances=distances(
            {"a": {"hub": 1.0}, "b": {"hub": 1.0}, "hub": {"clean": 1.0, "dump": 1.0}}
        ),
    )

    plan = solve(scenario)

    assert plan.proof.status == "optimal"
    assert plan.proof.objective == pytest.approx(80_000 * 0.2)
    assert not evaluate(scenario, plan).violations


def test_what_is_closed_stays_closed():
    """The dump costs 5 M a year; it is needed in 2026 only, when 88 kt come.

    Shut in 2025 it could not come back, so it is kept: 2 x 5 M.  The plant (80 kt/y at
    1 USD/t hauled) takes all of 2025 and 80 kt of 2026; 8 kt are tipped at 11 USD/t.
    """
    plan = solve(
        two_generators(
            generation=(
                waste("a", 50_000.0 / 1.1, 0.1),
                waste("b", 30_000.0 / 1.1, 0.1),
            ),
            sizes=(size("plant", 80_000.0), size("tip", 100_000.0, fixed=5e6)),
            technologies=(
                technology("plant", "storage"),
                technology("tip", variable_om_per_t=10.0),
            ),
            facilities=(standing("dump", "tip", may_close=True),),
            periods=YEARS,
        )
    )

    assert plan.closures == ()
    assert plan.proof.objective == pytest.approx(1e7 + 160_000 * 1 + 8_000 * 11)


def test_a_budget_of_a_later_period_binds():
    """A plant of 2 M must open in 2026, as the dump is gone; the purse holds 1.5 M."""
    poor = two_generators(
        facilities=(standing("dump", "tip", closes_after=2025),),
        sizes=(size("plant", 100_000.0, 2e6), size("tip", 100_000.0)),
        technologies=(
            technology("plant", "storage", lead_time_y=2),
            technology("tip", variable_om_per_t=10.0),
        ),
        periods=YEARS,
        targets=(Target(id="purse", metric="capex", max=1.5e6, period="p2"),),
    )

    with pytest.raises(NoAnswer, match=r"'purse' in p2 is short of 500,000"):
        solve(poor)


@pytest.mark.parametrize("counts_as", ["leakage", "landfill"])
def test_a_kiln_bought_as_an_outlet_does_not_serve_the_target(counts_as):
    """All of the sorter's output goes to an outlet that does not count as diverted."""
    from wasteplan.network.places import Outlet

    kiln = two_generators(
        facilities=(),
        sites=(site("clean", "sorter"),),
        technologies=(technology("sorter", "sorting"),),
        sizes=(size("sorter", 100_000.0),),
        acceptance=(Acceptance(technology="sorter", accepts="mixed"),),
        products=(Product(id="fuel", kind="fuel"),),
        yields=(Yield(technology="sorter", fraction="any", output="fuel", share=1.0),),
        outlets=(
            Outlet(
                id="kiln",
                name="Kiln",
                kind="kiln",
                accepts="fuel",
                price_per_t=50.0,
                counts_as=counts_as,
            ),
        ),
        distances=distances(
            {"a": {"clean": 1.0}, "b": {"clean": 1.0}, "clean": {"kiln": 1.0}}
        ),
    )
    target = Target(id="div", metric="landfill_diversion_rate", min=0.1)
    asked = two_generators(
        **{name: getattr(kiln, name) for name in KILN_TABLES}, targets=(target,)
    )

    free = evaluate(kiln, solve(kiln))

    assert free.kpi("landfill_diversion_rate", "p1") == pytest.approx(0.0)
    with pytest.raises(NoAnswer, match=r"at most 0\.0%"):
        solve(asked)


KILN_TABLES = (
    "facilities",
    "sites",
    "technologies",
    "sizes",
    "acceptance",
    "products",
    "yields",
    "outlets",
    "distances",
)
