import csv
import io

import pytest

from wasteplan.lca import factors
from wasteplan.lca.factors import choice_reasons, factor_rows, gwp_factors
from wasteplan.treatment.gas import parameter
from wasteplan.treatment.parameters import parameters
from wasteplan.units import STATUS_ORDER
from wasteplan.waste.packaged import packaged_text


def test_warm_al():
    """-9.13 t CO2e per short ton x 1.10231 = -10.064 per tonne."""
    row = factor_rows()["recycling_credit_us.aluminium_cans"]
    assert row.value == pytest.approx(-10.064, abs=1e-3)
    assert row.value == pytest.approx(-9.13 * 1.10231, rel=1e-4)


def test_every_chosen_row_exists_and_says_why():
    rows = factor_rows()
    for name, (row, reason) in choice_reasons().items():
        assert reason, name
        if row and not name.startswith(("heap.", "kiln.")):
            assert row in rows, name


def test_rows_of_other_tables_exist():
    """The number stays where it is; only its name is here."""
    assert parameters()[factors.coal_displaced_row()].central == pytest.approx(0.9)
    assert parameter("mcf", factors.heap_row("dumping")) == pytest.approx(0.4)
    assert parameter("mcf", factors.heap_row("uncollected")) == pytest.approx(0.4)


def test_every_source_resolves_and_every_status_is_known():
    known = factors.source_texts()
    for row in factor_rows().values():
        assert row.source in known, row.id
        assert row.status in STATUS_ORDER, row.id


def test_bounds_hold_the_value():
    for row in factor_rows().values():
        assert row.low is None or row.low <= row.value, row.id
        assert row.high is None or row.value <= row.high, row.id


def test_sets_of_gwp_are_whole():
    for name in factors.GWP_SETS:
        assert set(gwp_factors(name)) == set(factors.SUBSTANCES)
        assert gwp_factors(name)["co2_fossil"].value == 1.0


def test_a_gate_only_or_forest_factor_is_never_a_credit():
    for row in ("uk_disposal.closed_loop_recycling", "recycling_credit_us.mixed_paper"):
        with pytest.raises(ValueError, match="not mixed"):
            factors._credit(row)


def test_chosen_credits_are_negative():
    credits = [
        *factors.recyclate_credits().values(),
        *factors.product_credits().values(),
    ]
    assert any(c is not None for c in credits)
    assert all(c.value < 0 for c in credits if c is not None)


def test_diesel_per_litre_is_energy_times_carbon():
    """36.397 MJ/l x 0.0741 kg/MJ = 2.697 kg/l."""
    rows = factor_rows()
    product = rows["fuel.diesel_energy"].value * rows["fuel.diesel_co2"].value
    assert rows["fuel.diesel_co2_per_l"].value == pytest.approx(product, abs=1e-3)


def test_methods_say_of_their_rows_what_the_rows_say() -> None:
    """Status and source in the table of methods repeat those of the factor's row."""
    text = packaged_text("wasteplan.lca", "impact_methods.csv")
    for row in csv.DictReader(io.StringIO(text)):
        if row["row"]:
            factor = factor_rows()[row["row"]]
            assert (row["status"], row["source"]) == (factor.status, factor.source)
            assert factor.convention == "impact"
