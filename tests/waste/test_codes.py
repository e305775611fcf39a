"""Waste codes of four lists, and ranges of fraction properties."""

import math

import pytest

from wasteplan.waste.codes import codes_in, known_codes, waste_codes
from wasteplan.waste.packaged import (
    fraction_properties,
    fractions,
    packaged_table,
    property_range,
)


def test_every_code_names_a_fraction_that_exists_or_none() -> None:
    known = {f.id for f in fractions()}
    schemes = {c.scheme for c in waste_codes()}
    assert schemes == {
        "EU_LoW",
        "KR_designated",
        "KR_general_industrial",
        "Basel",
        "KH",
    }
    for code in waste_codes():
        assert code.fraction in known | {""}, code.code
        assert code.source
        assert code.status
    mapped = [c for c in waste_codes() if c.fraction]
    assert len(mapped) > 60


def test_codes_are_read_however_they_are_written() -> None:
    assert codes_in("04 02 22; 040215") == ("04 02 22", "04 02 15")
    assert codes_in("51-27 and Y46, KH-HAZ") == ("51-27", "Y46", "KH-HAZ")
    assert codes_in("01-02-01") == ("01-02-01",)
    assert codes_in("2024-05, 12345678") == ()
    assert [c.scheme for c in known_codes("51-27")] == ["KR_general_industrial"]


def test_hazard_follows_the_list() -> None:
    hazard = {c.code: c.is_hazardous for c in waste_codes()}
    assert hazard["04 02 14"] is True
    assert hazard["04 02 15"] is False
    assert hazard["Y46"] is None  # household waste: the list leaves it open


def test_low_central_and_high_of_a_property() -> None:
    """Food: 0.375 (0.2-0.5) kg degradable carbon per kg dry; a kind of food has it."""
    rows, table = fraction_properties(), packaged_table()
    assert property_range(rows, table, "food", "doc_dry") == (0.2, 0.375, 0.5)
    inherited = property_range(rows, table, "film_dirty", "density_kg_per_m3")
    assert inherited == property_range(rows, table, "plastics", "density_kg_per_m3")
    assert all(map(math.isnan, property_range(rows, table, "solvent", "carbon_dry")))


@pytest.mark.parametrize("name", ["doc_dry", "lhv_dry_mj_per_kg", "ash_dry"])
def test_tables_at_either_end_hold_the_central_one_between(name: str) -> None:
    low, central, high = (
        packaged_table(b).values[name] for b in ("low", "central", "high")
    )
    known = ~(central != central)
    assert (low[known] <= central[known]).all()
    assert (high[known] >= central[known]).all()
    assert (low[known] < high[known]).any()
