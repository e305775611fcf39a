"""What plants cannot do: send the parts of one output to different places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from evaluation_cases import (
    READ,
    REST,
    SOLD,
    case,
    generator,
    plan,
    route,
    site,
    size,
    splits,
    standing,
    takes,
    technology,
    tonnes,
)

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.lots import Materials
from wasteplan.network.places import Centre
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import fractions
from wasteplan.scenario.model import Scenario
from wasteplan.waste.material import Material, blend


def sorter(**more: Any) -> Scenario:
    """600 t dry and 400 t wet through a sorter that only makes `rest`."""
    return case(
        generators=[generator("a", "north"), generator("b", "south")],
        generation=[tonnes("a", "dry", 600), tonnes("b", "wet", 400)],
        sites=[site("s", "sorter"), site("w", "burner"), site("t", "tip")],
        facilities=[
            standing("sorter", "s"),
            standing("burner", "w"),
            standing("tip", "t"),
        ],
        technologies=[
            technology("sorter", "sorting"),
            technology("burner", "combustion", variable_om_per_t=50),
            technology("tip", "disposal", variable_om_per_t=10),
        ],
        sizes=[size("sorter"), size("burner", lhv_design_mj_per_kg=15), size("tip")],
        products=[REST, SOLD],
        yields=splits("sorter", rest=1.0),
        acceptance=[
            *takes("sorter", "dry", "wet"),
            *takes("burner", "rest", "dry", "wet"),
            *takes("tip", "rest", "dry", "wet"),
        ],
        **more,
    )


def split_by_stream(dry_tag: str = "dry", wet_tag: str = "wet") -> Plan:
    """Dry rest to the burner, wet rest to the tip: only a model can do that."""
    return plan(
        route("a", "s.sorter", stream="dry"),
        route("b", "s.sorter", stream="wet"),
        route("s.sorter", "w.burner", product="rest", stream=dry_tag),
        route("s.sorter", "t.tip", product="rest", stream=wet_tag),
    )


@pytest.mark.parametrize("tags", [("dry", "wet"), ("dry@north", "wet@south")])
def test_a_case_where_the_relaxation_is_wrong(tags: tuple[str, str]) -> None:
    """Relaxed: 600 t of dry burnt (12 TJ), 400 t of wet landfilled.

    Real: 60 % of the blend burnt: 600 t with 360 dry and 240 wet, 7.2 + 2.4 = 9.6 TJ.
    Tonnes and money are the same by plant (0 error), heat is off: the one burner has
    |12 - 9.6| / 2 / 12 = 0.1.  Dry landfilled: 240 t instead of 0.
    """
    scenario, split = sorter(), split_by_stream(*tags)
    relaxed = evaluate(scenario, split, blends=False)
    real = evaluate(scenario, split)
    burner = relaxed.facilities.set_index("plant").loc["w.burner"]
    assert burner["heat_tj_per_y"] == pytest.approx(12)
    burner = real.facilities.set_index("plant").loc["w.burner"]
    assert burner["throughput_t_per_y"] == pytest.approx(600)
    assert burner["heat_tj_per_y"] == pytest.approx(9.6)
    waste = real.waste.set_index("stream")
    assert waste.loc["dry", "residues_landfilled_t"] == pytest.approx(240)
    assert waste.loc["wet", "residues_landfilled_t"] == pytest.approx(160)
    assert relaxed.unmixing is None
    assert real.unmixing is not None
    assert real.unmixing.tonnes == pytest.approx(0, abs=1e-12)
    assert real.unmixing.cost == pytest.approx(0, abs=1e-12)
    assert real.unmixing.heat == pytest.approx(0.1)
    assert real.unmixing.emissions > 0.1  # fossil carbon was to burn, 40 % does not
    assert real.unmixing.largest > 0.01
    assert real.unmixing.where == ("s.sorter rest",)


def test_routes_of_the_whole_output_need_no_unmixing() -> None:
    whole = plan(
        route("a", "s.sorter", stream="dry"),
        route("b", "s.sorter", stream="wet"),
        route("s.sorter", "w.burner", 0.6, product="rest"),
        route("s.sorter", "t.tip", 0.4, product="rest"),
    )
    result = evaluate(sorter(), whole)
    assert result.unmixing is not None
    assert result.unmixing.largest == 0
    assert result.unmixing.where == ()
    same = evaluate(sorter(), split_by_stream())
    assert result.cost_present_value == pytest.approx(same.cost_present_value)


def through_centre(mixes: bool) -> tuple[Scenario, Plan]:
    centre = Centre(
        id="c",
        name="c",
        region="north",
        is_existing=True,
        throughput_max_t_per_y=5000,
        mixes_streams=mixes,
        **READ,
    )
    apart = plan(
        route("a", "c", stream="dry"),
        route("b", "c", stream="wet"),
        route("c", "w.burner", stream="dry"),
        route("c", "t.tip", stream="wet"),
    )
    return sorter(centres=[centre]), apart


def test_a_centre_keeps_streams_apart_unless_it_mixes_them() -> None:
    """Kept apart: 600 t of dry burnt.  Mixed: 60 % of each."""
    kept = evaluate(*through_centre(mixes=False))
    assert kept.unmixing is not None
    assert kept.unmixing.largest == 0
    burnt = kept.flows.query("destination == 'w.burner'").set_index("stream")
    assert burnt["t_per_y"].to_dict() == {"dry": 600.0}
    mixed = evaluate(*through_centre(mixes=True))
    assert mixed.unmixing is not None
    assert mixed.unmixing.where == ("c raw",)
    burnt = mixed.flows.query("destination == 'w.burner'").set_index("stream")
    assert burnt["t_per_y"].to_dict() == pytest.approx({"dry": 360.0, "wet": 240.0})


def test_following_parts_of_a_blend_is_following_the_blend() -> None:
    """Conversion is linear: the outputs of a mix are the mix of the outputs.

    This is what allows the evaluation to keep the origins apart.
    """
    scenario = sorter()
    uneven = [*splits("sorter", "dry", rest=0.3, sold=0.7)]
    uneven += splits("sorter", "wet", rest=0.9, sold=0.1)
    from dataclasses import replace

    scenario = replace(scenario, yields=tuple(uneven))
    book = Materials(scenario)
    dry, wet = book.of_stream("dry"), book.of_stream("wet")
    book.all.append(blend([book.all[dry], book.all[wet]], [600, 400]))
    whole = {m.product: m for m in book.made("sorter", len(book.all) - 1)}
    for product in ("rest", "sold"):
        parts = []
        for of, weight in ((dry, 0.6), (wet, 0.4)):
            made = {m.product: m for m in book.made("sorter", of)}[product]
            assert made.material is not None
            parts.append((weight * made.share, book.all[made.material]))
        material = whole[product].material
        assert material is not None
        assert whole[product].share == pytest.approx(sum(t for t, _ in parts))
        mixed: Material = blend([m for _, m in parts], [t for t, _ in parts])
        np.testing.assert_allclose(book.all[material].mass, mixed.mass, atol=1e-12)
    assert fractions(scenario).ids == book.table.ids
