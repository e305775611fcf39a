"""What programmes do to a tonne of waste, on paper."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "optimize"))

from measure_cases import against, programme, with_leakage, with_programme
from networks import CompositionShare, Fraction, Stream, waste

from wasteplan.errors import ScenarioError
from wasteplan.scenario.derived import fractions, material
from wasteplan.scenario.measures import REGIMES_MAX, leakage_under, regimes
from wasteplan.scenario.setting_out import materials_of, set_out
from wasteplan.waste.material import lhv_mj_per_kg, moisture


def out(scenario, *measures):
    found = set_out(scenario, "plain", "mixed", "generated", measures)
    return {p.stream: p for p in found.parts}


def test_without_measures_a_stream_is_itself():
    scenario = with_programme(programme())

    parts = out(scenario)

    assert list(parts) == ["mixed"]
    assert parts["mixed"].share == 1.0
    assert parts["mixed"].material is material(scenario, "mixed")


def test_what_is_left_is_wetter_and_burns_less():
    """Of 0.6 wet (60 % water) and 0.4 dry (10 %), 0.16 dry go: 0.6 / 0.84 is wet.

    Water: (0.6 x 0.6 + 0.24 x 0.1) / 0.84 = 0.457; it was 0.4.
    """
    scenario = with_programme(programme())
    table = fractions(scenario)

    parts = out(scenario, "sort")

    assert parts["clean"].share == pytest.approx(0.16)
    assert parts["mixed"].share == pytest.approx(0.84)
    assert moisture(parts["clean"].material) == pytest.approx(0.1)
    assert moisture(parts["mixed"].material) == pytest.approx(0.384 / 0.84)
    before = lhv_mj_per_kg(material(scenario, "mixed"), table)
    after = {s: p.share * lhv_mj_per_kg(p.material, table) for s, p in parts.items()}
    assert sum(after.values()) == pytest.approx(before)  # heat is not lost
    assert after["mixed"] / 0.84 < before


def test_mass_and_water_are_conserved_with_contamination():
    """k = 0.25 of the clean stream is wet: 0.16 x 0.25 / 0.75 = 0.0533."""
    scenario = with_programme(programme(contamination=0.25))

    parts = out(scenario, "sort")

    assert parts["clean"].share == pytest.approx(0.16 / 0.75)
    assert sum(p.share for p in parts.values()) == pytest.approx(1.0)
    water = sum(p.share * moisture(p.material) for p in parts.values())
    assert water == pytest.approx(moisture(material(scenario, "mixed")))


def test_prevention_comes_before_separation():
    """Half of the dry is prevented; 40 % of the other half is set apart: 0.08."""
    cut = programme(
        "a_cut", kind="prevention", to_stream="", participation=1, capture=0.5
    )
    composition = (
        CompositionShare(stream="mixed", fraction="wet", share=0.6),
        CompositionShare(stream="mixed", fraction="dry", share=0.4),
    )
    scenario = with_programme(programme(), cut, composition=composition)

    parts = out(scenario, "a_cut", "sort")

    assert parts["clean"].share == pytest.approx(0.08)
    assert parts["mixed"].share == pytest.approx(0.72)


def test_a_fraction_takes_its_kinds_and_what_a_mix_consists_of():
    """`dry` has a kind, `foil`; and `wet` is listed as half `foil` by dry mass."""
    rows = (
        CompositionShare(stream="mixed", fraction="wet", share=0.6),
        CompositionShare(stream="mixed", fraction="foil", share=0.4),
        CompositionShare(stream="mixed", fraction="wet", share=0.5, within="wet"),
        CompositionShare(stream="mixed", fraction="foil", share=0.5, within="wet"),
    )
    scenario = with_programme(
        programme(),
        fractions=(
            Fraction(id="wet"),
            Fraction(id="dry"),
            Fraction(id="foil", parent="dry"),
        ),
        composition=rows,
    )

    parts = out(scenario, "sort")

    assert parts["clean"].share == pytest.approx(0.4 * (0.4 + 0.3))


def test_a_stream_that_only_programmes_make_needs_no_composition():
    scenario = with_programme(programme())

    assert len(materials_of(scenario, "clean")) == 1


def test_measures_combine_unless_they_share_a_group():
    """Two programmes: 4 sets; one of two levels of enforcement or none: times 3."""
    scenario = with_programme(
        programme(),
        programme("more"),
        leakage_measures=(
            against("low", penalty_added_per_t=1.0),
            against("high", penalty_added_per_t=2.0),
        ),
    )

    found = regimes(scenario, "plain")

    assert len(found) == 12
    assert found[0] == ()
    assert not any({"low", "high"} <= set(one) for one in found)


def test_too_many_combinations_are_refused_with_a_way_out():
    every = [programme(f"p{i}") for i in range(7)]

    with pytest.raises(
        ScenarioError, match=f"128 ways, more than {REGIMES_MAX}.*group"
    ):
        with_programme(*every)


def test_the_response_is_read_at_the_changed_advantage():
    """Legal price 8: leakage is 30 % from an advantage of 5 on, 10 % below."""
    scenario = with_leakage(
        against("weak", penalty_added_per_t=3.0),
        against("strong", penalty_added_per_t=3.5),
        against("match", kind="price_matching", paid_per_t=4.0),
    )

    def share(*measures):
        return leakage_under(scenario, "plain", "mixed", "p1", measures)["ditch"]

    assert [share(), share("weak"), share("strong"), share("match")] == [
        0.3,
        0.3,
        0.1,
        0.1,
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([programme(to_stream="")], "segregation needs the stream"),
        ([programme(kind="prevention")], "only segregation has one"),
        ([programme(capture=1.0, participation=1.0, contamination=0.7)], "only 0.6 t"),
        (
            [programme(), programme(fraction="wet", from_year=2026)],
            "another row of sort says '2025'",
        ),
    ],
)
def test_mistakes_are_named(rows, message):
    composition = (
        CompositionShare(stream="mixed", fraction="wet", share=0.6),
        CompositionShare(stream="mixed", fraction="dry", share=0.4),
        CompositionShare(stream="clean", fraction="dry", share=1.0),
    )
    with pytest.raises(ScenarioError, match=message):
        with_programme(*rows, composition=composition)


def test_one_name_at_one_gate_is_one_material():
    """Generator a states `clean` waste of its own, or the programme has two sources."""
    stated = (waste("a", 50_000.0), waste("b", 30_000.0))
    own = (*stated, waste("a", 1_000.0, stream="clean"))
    two = (*stated, waste("a", 1_000.0, stream="third"))
    composition = [
        CompositionShare(stream=s, fraction=f, share=0.5)
        for s in ("mixed", "clean", "third")
        for f in ("wet", "dry")
    ]
    streams = (Stream(id="mixed"), Stream(id="clean"), Stream(id="third"))
    with pytest.raises(ScenarioError, match="states tonnes of clean itself"):
        with_programme(
            programme(),
            generation=own,
            streams=streams[:2],
            composition=composition[:4],
        )
    with pytest.raises(ScenarioError, match="would come out of mixed, third of a"):
        with_programme(
            programme(), generation=two, streams=streams, composition=composition
        )
