import numpy_financial as npf
import pytest
import pyxirr

from wasteplan.finance.unit_cost import gate_fee_needed_per_t, gross_cost_per_t
from wasteplan.treatment.parameters import cost_functions, parameters


@pytest.mark.parametrize(
    ("case", "size", "rate", "expected"),
    [
        ("wte_gross_cost_small_0.04", "small_95kt", 0.04, 109.84),
        ("wte_gross_cost_small_0.08", "small_95kt", 0.08, 136.24),
        ("wte_gross_cost_medium_0.08", "medium_218kt", 0.08, 116.84),
    ],
)
def test_danish_catalogue_gross_cost(case, size, rate, expected):
    """Small: 890 x CRF + 35.55 + 17.32; medium: 790 x CRF + 25.51 + 17.32; 25 years."""
    rows = parameters()
    plant = f"mass_burn_wte_{size}"
    found = gross_cost_per_t(
        capex_per_t_per_y=rows[f"{plant}.capex_specific"].central,
        fixed_om_per_t=rows[f"{plant}.opex_fixed"].central,
        variable_om_per_t=rows[f"{plant}.opex_variable"].central,
        rate=rate,
        lifetime_y=rows["mass_burn_wte.lifetime"].central,
    )
    assert found == pytest.approx(expected, abs=0.01)
    capex = rows[f"{plant}.capex_specific"].central
    running = rows[f"{plant}.opex_fixed"].central
    running += rows[f"{plant}.opex_variable"].central
    life = rows["mass_burn_wte.lifetime"].central
    assert found == pytest.approx(running - npf.pmt(rate, life, capex))
    # and as the present value of all cost over that of all tonnes
    tonnes = -pyxirr.pv(rate, life, 1.0)
    assert found == pytest.approx(capex / tonnes + running)


def test_haghi_100():
    """2.3507 x 100^0.7753 = 83.5 M USD; 0.0744 x 100^0.8594 = 3.89 M USD/y."""
    functions = cost_functions()
    capex = functions["mass_burn_wte.capex.haghi"].amount(100_000)
    opex_per_y = functions["mass_burn_wte.opex_total.haghi"].amount(100_000)
    assert capex / 1e6 == pytest.approx(83.5, abs=0.1)
    assert opex_per_y / 1e6 == pytest.approx(3.89, abs=0.01)


def test_residues_raise_the_fee_and_sales_lower_it():
    """110 + 5 - 45 = 70"""
    fee = gate_fee_needed_per_t(cost_per_t=110, revenue_per_t=45, residue_cost_per_t=5)
    assert fee == 70
