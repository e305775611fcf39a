"""A loop of conversions is found and named."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.errors import ScenarioError
from wasteplan.treatment.acyclic import every_conversion_is_acyclic, first_loop
from wasteplan.treatment.records import Acceptance, Technology, Yield

RDF = Technology(id="rdf_plant", kind="sorting")
SORT = Technology(id="mrf_dirty", kind="sorting")
BURN = Technology(id="wte", kind="combustion")


def makes(technology: str, output: str, share: float = 1.0) -> Yield:
    return Yield(technology=technology, fraction="any", output=output, share=share)


def takes(technology: str, product: str) -> Acceptance:
    return Acceptance(technology=technology, accepts=product)


def test_a_chain_is_no_loop() -> None:
    every_conversion_is_acyclic(
        [SORT, RDF, BURN],
        [makes("mrf_dirty", "residue"), makes("rdf_plant", "rdf"), makes("wte", "ash")],
        [takes("rdf_plant", "residue"), takes("wte", "rdf"), takes("wte", "residue")],
    )


def test_fuel_rejects_that_go_back_to_sorting_are_named() -> None:
    yields = [makes("rdf_plant", "rejects"), makes("mrf_dirty", "residue")]
    acceptance = [takes("mrf_dirty", "rejects"), takes("rdf_plant", "residue")]
    loop = "mrf_dirty -residue-> rdf_plant -rejects-> mrf_dirty"
    with pytest.raises(ScenarioError, match=re.escape(loop)):
        every_conversion_is_acyclic([RDF, SORT, BURN], yields, acceptance)


def test_a_plant_that_takes_its_own_output_is_a_loop() -> None:
    found = first_loop(
        [RDF], [makes("rdf_plant", "rejects")], [takes("rdf_plant", "rejects")]
    )
    assert found == "rdf_plant -rejects-> rdf_plant"


def test_technologies_out_of_use_and_empty_shares_are_passed_over() -> None:
    yields = [makes("rdf_plant", "rejects"), makes("mrf_dirty", "residue")]
    acceptance = [takes("mrf_dirty", "rejects"), takes("rdf_plant", "residue")]
    assert first_loop([RDF], yields, acceptance) == ""
    no_rejects = [makes("rdf_plant", "rejects", 0.0), makes("mrf_dirty", "residue")]
    assert first_loop([RDF, SORT], no_rejects, acceptance) == ""


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_a_loop_is_found_exactly_if_there_is_no_order(
    arcs: list[tuple[int, int]],
) -> None:
    """Against Kahn's algorithm on random graphs."""
    technologies = [Technology(id=f"t{i}", kind="sorting") for i in range(6)]
    yields = [makes(f"t{i}", f"p{i}_{j}") for i, j in arcs]
    acceptance = [takes(f"t{j}", f"p{i}_{j}") for i, j in arcs]
    left: set[int] = set(range(6))
    before: set[int] = set()
    while before != left:
        before = set(left)
        left = {j for j in left if any(i in left for i, k in arcs if k == j)}
    assert bool(first_loop(technologies, yields, acceptance)) == bool(left)
