"""Planning cases that fit on paper; the working is in the docstrings."""

import pytest
from networks import (
    TWO_YEARS,
    Acceptance,
    CompositionShare,
    Fate,
    FractionProperty,
    GeneratorClass,
    LeakageStep,
    Period,
    Stream,
    Target,
    distances,
    settings,
    site,
    size,
    standing,
    technology,
    two_generators,
    waste,
)

from wasteplan.errors import NoAnswer
from wasteplan.network.haulage import Vehicle
from wasteplan.network.places import Centre
from wasteplan.optimize import solve


def sent(plan, destination, period="p1"):
    """Tonnes a year to a place, of the two generators of 50 and 30 kt/y."""
    tonnes = {"a": 50_000.0, "b": 30_000.0}
    return sum(
        r.share * tonnes[r.origin]
        for r in plan.routes
        if r.destination == destination and r.period == period
    )


def test_the_cheapest_place_takes_all():
    """80 kt to the dump at 10 USD/t + 1 USD/t haul: 880,000 USD."""
    plan = solve(two_generators())

    assert plan.proof.objective == pytest.approx(880_000.0)
    assert plan.builds == ()


def test_the_diversion_target_binds():
    """60 % of 80 kt/y = 48 kt at 41 USD/t, the rest at 11 USD/t: 2,320,000 USD."""
    plan = solve(two_generators(diversion=0.6))

    assert plan.proof.objective == pytest.approx(48_000 * 41 + 32_000 * 11)
    assert sent(plan, "clean.plant") == pytest.approx(48_000)


def test_leakage_cannot_serve_the_target():
    """30 % leaks to a kiln: at most 70 % can be diverted, so 80 % has no answer."""
    leaky = two_generators(
        diversion=0.8,
        fates=(Fate(id="kilns", kind="kiln"),),
        leakage=(
            LeakageStep(
                generator_class="plain", stream="mixed", fate="kilns", share=0.3
            ),
        ),
    )
    with pytest.raises(NoAnswer) as no:
        solve(leaky)

    assert no.value.exit_code == 3
    assert "'div' in p1 asks for 80.0%" in str(no.value)
    assert "at most 70.0% can be reached" in str(no.value)
    assert "8,000 t/y are missing" in str(no.value)


def test_leaked_waste_is_lost_to_the_target_and_not_hauled():
    """30 % leaks, 60 % target: 24 kt lost, 8 kt may be dumped, 48 kt are treated."""
    plan = solve(
        two_generators(
            diversion=0.6,
            fates=(Fate(id="kilns", kind="kiln"),),
            leakage=(
                LeakageStep(
                    generator_class="plain", stream="mixed", fate="kilns", share=0.3
                ),
            ),
        )
    )

    assert plan.proof.objective == pytest.approx(48_000 * 41 + 8_000 * 11)


@pytest.mark.parametrize("kind", ["dumping", "uncollected", "open_burning", "informal"])
def test_no_fate_outside_the_system_serves_the_target(kind):
    """As with the kiln: what leaks counts as not diverted, whatever its name."""
    leaky = two_generators(
        diversion=0.8,
        fates=(Fate(id="away", kind=kind),),
        leakage=(
            LeakageStep(
                generator_class="plain", stream="mixed", fate="away", share=0.3
            ),
        ),
    )
    with pytest.raises(NoAnswer, match=r"at most 70\.0%"):
        solve(leaky)


def test_yearly_tonnes_and_discounting_are_summed_not_averaged():
    """Growth 10 %, r = 5 %, years 2025 and 2026, base 2024, 11 USD/t to the dump.

    80,000 x 11 x (1.1/1.05 + 1.21/1.1025) = 1,887,709.75...
    """
    grown = two_generators(
        settings=settings(rate=0.05),
        generation=(waste("a", 50_000.0, 0.1), waste("b", 30_000.0, 0.1)),
        periods=(Period(id="p1", first_year=2025, last_year=2026),),
    )

    plan = solve(grown)

    assert plan.proof.objective == pytest.approx(
        880_000 * (1.1 / 1.05 + 1.21 / 1.1025), rel=1e-9
    )


def test_capital_is_charged_for_the_years_within_the_horizon():
    """capex 1 M, 10 years, r = 8 %, opened 2025, horizon of 5 years: 5 annuities.

    CRF(8 %, 10) = 0.149029; the sum of 1.08^-1..1.08^-5 = 3.992710: 595,030 USD.
    No other place takes the waste.
    """
    years = (Period(id="p1", first_year=2025, last_year=2029),)
    plan = solve(
        two_generators(
            settings=settings(rate=0.08),
            facilities=(),
            technologies=(
                technology("plant", "storage", lifetime_y=10),
                technology("tip"),
            ),
            sizes=(size("plant", 100_000.0, 1e6), size("tip", 1.0)),
            periods=years,
        )
    )

    annuities = sum(1.08**-k for k in range(1, 6))
    crf = 0.08 / (1 - 1.08**-10)
    haul = 80_000 * 1.0 * annuities
    assert plan.proof.objective == pytest.approx(1e6 * crf * annuities + haul)


def test_a_plant_opens_no_sooner_than_it_can_be_built():
    """Lead time 3 y from 2024: not in 2025 but in 2027; first the dump takes all."""
    plan = solve(
        two_generators(
            technologies=(
                technology("plant", "storage", variable_om_per_t=1.0, lead_time_y=3),
                technology("tip", variable_om_per_t=10.0),
            ),
            periods=(
                Period(id="p1", first_year=2025, last_year=2026),
                Period(id="p2", first_year=2027, last_year=2027),
            ),
        )
    )

    assert [(b.technology, b.period) for b in plan.builds] == [("plant", "p2")]
    assert sent(plan, "dump.tip", "p1") == pytest.approx(80_000)


def test_dry_waste_fills_a_line_by_heat_before_mass():
    """17 MJ/kg in a line of 100 kt/y at 10.6 MJ/kg: 100 x 10.6 / 17 = 62.35 kt/y."""
    burning = two_generators(
        fraction_properties=(
            FractionProperty(
                fraction="stuff", property="moisture_tropical_mixed", value=0.0
            ),
            FractionProperty(
                fraction="stuff", property="lhv_dry_mj_per_kg", value=17.0
            ),
        ),
        sizes=(
            size("plant", 100_000.0, lhv_design_mj_per_kg=10.6),
            size("tip", 100_000.0),
        ),
        technologies=(
            technology("plant", "storage", variable_om_per_t=1.0),
            technology("tip", variable_om_per_t=10.0),
        ),
    )

    plan = solve(burning)

    assert sent(plan, "clean.plant") == pytest.approx(100_000 * 10.6 / 17.0)


def test_wet_waste_stops_at_the_mass_overload():
    """5 MJ/kg, 60 kt/y at 10.6: heat would allow 127 kt/y, mass stops at 1.1 x 60."""
    burning = two_generators(
        fraction_properties=(
            FractionProperty(
                fraction="stuff", property="moisture_tropical_mixed", value=0.0
            ),
            FractionProperty(fraction="stuff", property="lhv_dry_mj_per_kg", value=5.0),
        ),
        sizes=(
            size("plant", 60_000.0, lhv_design_mj_per_kg=10.6),
            size("tip", 100_000.0),
        ),
        technologies=(
            technology("plant", "storage", variable_om_per_t=1.0),
            technology("tip", variable_om_per_t=10.0),
        ),
    )

    assert sent(solve(burning), "clean.plant") == pytest.approx(66_000)


def test_minimum_load_keeps_a_plant_fed_or_shut():
    """70 % of 100 kt/y must be met.  At 9 USD/t dearer, a 60 % target costs 70 kt."""
    plan = solve(
        two_generators(
            diversion=0.6,
            technologies=(
                technology("plant", "storage", variable_om_per_t=40.0, load_min=0.7),
                technology("tip", variable_om_per_t=10.0),
            ),
        )
    )

    assert sent(plan, "clean.plant") == pytest.approx(70_000)


def test_airspace_is_used_up_over_the_years():
    """100,000 m3 at 1 t/m3, 80 kt/y: 1.25 years; 60 kt go to the plant in two."""
    plan = solve(
        two_generators(
            technologies=(
                technology("plant", "storage", variable_om_per_t=40.0),
                technology("tip", variable_om_per_t=10.0, compaction_t_per_m3=1.0),
            ),
            facilities=(standing("dump", "tip", airspace_left_m3=100_000.0),),
            periods=(Period(id="p1", first_year=2025, last_year=2026),),
        )
    )

    assert plan.proof.objective == pytest.approx(100_000 * 11 + 60_000 * 41)


def test_closing_saves_the_fixed_cost():
    """The dump costs 5 M a year to keep: shut it, if that is allowed."""
    tables = {
        "sizes": (size("plant", 100_000.0), size("tip", 100_000.0, fixed=5e6)),
    }
    stays = solve(two_generators(**tables))
    shut = solve(
        two_generators(**tables, facilities=(standing("dump", "tip", may_close=True),))
    )

    assert stays.proof.objective == pytest.approx(5e6 + 80_000 * 11)
    assert shut.proof.objective == pytest.approx(80_000 * 41)
    assert [c.facility for c in shut.closures] == ["dump_tip"]


def test_a_budget_too_small_is_named_with_the_sum_missing():
    """The only place costs 2 M to build, the budget is 1.5 M."""
    poor = two_generators(
        facilities=(),
        sizes=(size("plant", 100_000.0, 2e6), size("tip", 1.0)),
        targets=(Target(id="purse", metric="capex", max=1.5e6),),
    )

    with pytest.raises(NoAnswer, match=r"'purse' in p1 is short of 500,000"):
        solve(poor)


def test_waste_without_any_place_is_named_with_its_tonnes():
    """Capacity 100 kt/y at the dump; 150 kt/y come: 50 kt/y have no place."""
    full = two_generators(
        sites=(site("clean", ""), site("dump", "")),
        generation=(waste("a", 120_000.0), waste("b", 30_000.0)),
    )

    with pytest.raises(NoAnswer, match=r"no place can take 50,000 t/y of mixed from r"):
        solve(full)


def test_legal_price_and_penalty_move_leakage():
    """Advantage = 20 paid + 5 saved - penalty 30 from 2026: 25 before, -5 after.

    The step at 0 USD/t makes 40 % leak before and none after.
    """
    plan = solve(
        two_generators(
            generator_classes=(GeneratorClass(id="plain", legal_price_per_t=5.0),),
            fates=(
                Fate(
                    id="kilns",
                    kind="kiln",
                    price_paid_per_t=20.0,
                    expected_penalty_per_t=30.0,
                    penalty_from=2026,
                ),
            ),
            leakage=(
                LeakageStep(
                    generator_class="plain", stream="mixed", fate="kilns", share=0.0
                ),
                LeakageStep(
                    generator_class="plain",
                    stream="mixed",
                    fate="kilns",
                    advantage_min=0.0,
                    share=0.4,
                ),
            ),
            periods=TWO_YEARS,
        )
    )

    assert plan.proof.objective == pytest.approx(80_000 * 11 * (0.6 + 1.0))


def test_what_a_plant_may_not_take_is_not_sent_there():
    """Without a row in acceptance the plant is no option, however cheap."""
    plan = solve(
        two_generators(
            technologies=(
                technology("plant", "storage", variable_om_per_t=1.0),
                technology("tip", variable_om_per_t=10.0),
            ),
            acceptance=(
                Acceptance(technology="plant", accepts="other"),
                Acceptance(technology="tip", accepts="mixed"),
            ),
            streams=(Stream(id="mixed"), Stream(id="other")),
            composition=tuple(
                CompositionShare(stream=s, fraction="stuff", share=1.0)
                for s in ("mixed", "other")
            ),
        )
    )

    assert sent(plan, "dump.tip") == pytest.approx(80_000)


def test_baling_pays_when_loads_are_light():
    """Loose 0.1 t/m3: 2 t fill 20 m3; baled 0.5 t/m3: 10 t.  1 USD/km, 2 x 50 km.

    Loose: 100/2 = 50 USD/t.  By the centre next door (1 USD/t): 1 + 100/10 = 11 USD/t.
    """
    trucks = (
        Vehicle(
            id="truck", payload_t=10.0, volume_m3=20.0, cost_per_km=1.0, cost_per_h=0
        ),
    )
    plan = solve(
        two_generators(
            streams=(
                Stream(
                    id="mixed",
                    density_loose_kg_per_m3=100.0,
                    density_baled_kg_per_m3=500.0,
                ),
            ),
            vehicles=trucks,
            centres=(
                Centre(
                    id="baler",
                    name="Baler",
                    region="r",
                    throughput_max_t_per_y=1e6,
                    state_out="baled",
                    is_existing=True,
                    variable_om_per_t=1.0,
                ),
            ),
            technologies=(technology("plant", "storage"), technology("tip")),
            distances=distances(
                {
                    "a": {"clean": 99.0, "dump": 50.0, "baler": 0.0},
                    "b": {"clean": 99.0, "dump": 50.0, "baler": 0.0},
                    "baler": {"clean": 99.0, "dump": 50.0},
                }
            ),
        )
    )

    assert plan.proof.objective == pytest.approx(80_000 * 11)
    assert sent(plan, "baler") == pytest.approx(80_000)
