import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.finance.financing import (
    Tranche,
    appraise_project,
    blended_rate,
    interest_during_construction,
    real_rate,
)
from wasteplan.finance.loans import LoanTerms


def test_all_equity_without_tax():
    """100 in 2029, 60 in 2030 and 2031: 13.07 % for project and owner alike."""
    found = appraise_project(
        capex={2029: 100.0},
        operating={2030: 60.0, 2031: 60.0},
        tranches=[],
        opening=2030,
    )
    assert found.project_irr == pytest.approx(0.13066, abs=1e-5)
    assert found.equity_irr == pytest.approx(found.project_irr)
    assert math.isnan(found.cover_min)
    assert math.isnan(found.loan_life_cover)


def test_half_a_loan_on_paper():
    """Loan 50 at 10 % over 2 y: 5 + 25, then 2.5 + 25.  Equity -50, 30, 32.5.

    Cover 60/30 = 2 and 60/27.5; loan life 120/57.5 at 0 %.
    """
    found = appraise_project(
        capex={2029: 100.0},
        operating={2030: 60.0, 2031: 60.0},
        tranches=[Tranche(LoanTerms(0.10, 2), 0.5)],
        opening=2030,
    )
    cash = found.cash.set_index("year")
    assert cash["interest"].tolist() == [0.0, 5.0, 2.5]
    assert cash["equity"].tolist() == [-50.0, 30.0, 32.5]
    assert found.cover_min == pytest.approx(2.0)
    assert found.loan_life_cover == pytest.approx(120 / 57.5)
    assert found.equity_irr > found.project_irr  # borrowed below the project's return


def test_two_years_of_construction_capitalise_interest():
    """50 + 50 drawn at the end of 2028 and 2029, 10 %: 5 on the first; 105 owed."""
    assert interest_during_construction(
        {2028: 50.0, 2029: 50.0}, 0.10, 2030
    ) == pytest.approx(5.0)
    found = appraise_project(
        capex={2028: 50.0, 2029: 50.0},
        operating={2030: 200.0},
        tranches=[Tranche(LoanTerms(0.10, 1), 1.0)],
        opening=2030,
    )
    cash = found.cash.set_index("year")
    assert cash.loc[2030, "principal"] == pytest.approx(105.0)
    assert cash.loc[2030, "interest"] == pytest.approx(10.5)
    assert cash.loc[2028, "equity"] == 0.0


def test_tax_is_on_profit_after_interest_and_depreciation():
    """100 over 4 y = 25; loan 40 at 10 %, 1 y: (60 - 4 - 25) x 20 % = 6.2."""
    found = appraise_project(
        capex={2029: 100.0},
        operating={2030: 60.0, 2031: 10.0},
        tranches=[Tranche(LoanTerms(0.10, 1), 0.4)],
        opening=2030,
        tax_rate=0.2,
        depreciation_y=4,
    )
    cash = found.cash.set_index("year")
    assert cash.loc[2030, "tax"] == pytest.approx(6.2)
    assert cash.loc[2031, "tax"] == 0.0


def test_no_return_is_nan_not_a_number_made_up():
    found = appraise_project(
        capex={2029: 100.0}, operating={2030: -5.0}, tranches=[], opening=2030
    )
    assert math.isnan(found.project_irr)


def test_impossible_inputs():
    with pytest.raises(ValueError, match="capital cost in 2031"):
        appraise_project(capex={2031: 1.0}, operating={}, tranches=[], opening=2030)
    with pytest.raises(ValueError, match=r"120.0% of the capital cost"):
        blended_rate([Tranche(LoanTerms(0.02, 20), 1.2)], 0.1)


@given(
    share=st.floats(0, 1),
    interest=st.floats(0, 0.15),
    tenor=st.integers(1, 20),
    made=st.floats(0, 50),
)
def test_money_from_lenders_goes_back_to_them(share, interest, tenor, made):
    """Without tax: owners' cash + lenders' cash = project cash; loans are repaid."""
    found = appraise_project(
        capex={2027: 60.0, 2028: 40.0},
        operating=dict.fromkeys(range(2029, 2040), made),
        tranches=[Tranche(LoanTerms(interest, tenor), share)],
        opening=2029,
    )
    cash = found.cash
    lenders = cash["interest"] + cash["principal"] - cash["drawn"]
    assert (cash["equity"] + lenders).tolist() == pytest.approx(
        cash["project"].tolist(), abs=1e-9
    )
    grown = share * 60.0 * interest
    assert cash["principal"].sum() == pytest.approx(share * 100.0 + grown)


def test_real_rate():
    """8 % nominal at 3 % inflation: 1.08 / 1.03 - 1 = 4.854 %."""
    assert real_rate(0.08, 0.03) == pytest.approx(0.048544, abs=1e-6)
