"""The packaged fractions: sources resolve, ranges hold, elements add up."""

import csv
import io

import numpy as np
import pytest

from wasteplan.waste.heating_value import hhv_channiwala_parikh
from wasteplan.waste.packaged import (
    fraction_properties,
    fractions,
    packaged_sources,
    packaged_table,
    packaged_text,
)

PACKAGE = "wasteplan.waste"


def elements() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(packaged_text(PACKAGE, "elements.csv"))))


def test_every_number_has_a_listed_source_and_a_status() -> None:
    sources = packaged_sources(PACKAGE)
    for row in (*fractions(), *fraction_properties()):
        assert row.source in sources
        assert row.status is not None
    assert {row["source"] for row in elements()} <= set(sources)
    assert all(row["status"] and row["unit"] for row in elements())


def test_values_lie_in_their_ranges() -> None:
    for row in fraction_properties():
        if row.low is not None and row.high is not None:
            assert row.low <= row.value <= row.high, (row.fraction, row.property)


def test_shares_are_shares() -> None:
    table = packaged_table()
    for name, column in table.values.items():
        if not name.endswith(("_mj_per_kg", "_kg_per_m3", "_kg_per_t")):
            known = column[~np.isnan(column)]
            assert ((known >= 0) & (known <= 1)).all(), name


def test_ash_and_carbon_fit_into_dry_matter() -> None:
    """Carbon, hydrogen, sulphur, chlorine and ash of a fraction are at most its mass.

    Ash of a fibre is that of cloth as collected, its elements those of the pure fibre;
    chlorides of fly ash are in its ash too: hence a tenth, and two for fly ash.
    """
    table = packaged_table()
    counted = [
        table.values["carbon_dry"],
        table.values["hydrogen_dry"],
        table.values["sulphur_dry"],
        table.values["chlorine_dry"],
        table.values["ash_dry"],
    ]
    total = np.nansum(counted, axis=0)
    for name, value in zip(table.ids, total, strict=True):
        assert value <= (1.2 if "fly_ash" in table.ancestry(name) else 1.1), name


def test_every_household_fraction_is_complete() -> None:
    table = packaged_table()
    of_effluent = ("cod_kg_per_t", "bod_kg_per_t")
    other = ("density_kg_per_m3", *of_effluent)
    needed = [n for n in table.values if n not in other]
    optional = {"hydrogen_dry", "nitrogen_dry", "oxygen_dry"}
    for name in ("food", "paper", "plastics", "textiles", "metal", "glass"):
        i = table.index[name]
        for column in set(needed) - optional:
            assert not np.isnan(table.values[column][i]), (name, column)


@pytest.mark.parametrize(
    ("fraction", "expected"), [("textile_wool", 23.36), ("polymer_polyurethane", 27.86)]
)
def test_heating_values_follow_from_the_elements(
    fraction: str, expected: float
) -> None:
    """The published value is the correlation on the packaged elements."""
    found = {
        row["property"]: float(row["central"])
        for row in elements()
        if row["fraction"] == fraction
    }
    hhv = hhv_channiwala_parikh(
        *(found.get(f"ultimate_{e}_dry", 0.0) for e in ("c", "h", "o", "n", "s", "ash"))
    )
    assert hhv == pytest.approx(expected, abs=0.05)
    assert found["hhv_dry"] == pytest.approx(expected)
