import pytest

from wasteplan.finance.unit_cost import gate_fee_needed_per_t, gross_cost_per_t


@pytest.mark.parametrize(
    ("case", "capex", "fixed", "rate", "expected"),
    [
        ("wte_gross_cost_small_0.04", 890, 35.55, 0.04, 109.84),
        ("wte_gross_cost_small_0.08", 890, 35.55, 0.08, 136.24),
        ("wte_gross_cost_medium_0.08", 790, 25.51, 0.08, 116.84),
    ],
)
def test_danish_catalogue_gross_cost(case, capex, fixed, rate, expected):
    found = gross_cost_per_t(
        capex_per_t_per_y=capex,
        fixed_om_per_t=fixed,
        variable_om_per_t=17.32,
        rate=rate,
        lifetime_y=25,
    )
    assert found == pytest.approx(expected, abs=0.01)


def test_residues_raise_the_fee_and_sales_lower_it():
    """110 + 5 - 45 = 70"""
    fee = gate_fee_needed_per_t(cost_per_t=110, revenue_per_t=45, residue_cost_per_t=5)
    assert fee == 70
