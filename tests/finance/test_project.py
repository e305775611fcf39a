"""A project's cash, on paper."""

import numpy as np
import pytest

from wasteplan.finance.funds import Case, Fund
from wasteplan.finance.loans import LoanTerms
from wasteplan.finance.measures import measures, pooled
from wasteplan.finance.more_revenue import tariff_factor_needed
from wasteplan.finance.project import (
    EXPENSES,
    REVENUES,
    Business,
    Project,
    Shock,
)
from wasteplan.finance.project_cash import (
    owners_npv,
    project_cash,
    project_npv,
)

BUSINESS = Business(2024, 2024, 0.0, return_target=0.0)
ALL_EQUITY = Case("own")


def project(capex: float = 100.0, fee: float = 6.0, **more: object) -> Project:
    """Built in 2024, works 2025-2028 on 10 t/y at 6 a tonne."""
    years = np.arange(2024, 2029, dtype=np.int64)
    works = years >= 2025
    zero = np.zeros(5)
    names = (*REVENUES[1:], *EXPENSES, "replacement", "closure")
    tonnes = np.where(works, 10.0, 0.0)
    values = {
        "id": "p",
        "years": years,
        "stages": ((2025, np.where(works, 0.0, capex)),),
        "last_work": 2028,
        "horizon": 2028,
        "real": dict.fromkeys(names, zero),
        "tonnes": tonnes,
        "planned_tonnes": tonnes,
        "gate_fee": np.where(works, fee, 0.0),
        "land": zero,
        "salvage": zero,
        "electricity_mwh": zero,
    }
    return Project(**{**values, **more})


def test_tax_is_on_profit_after_interest_and_depreciation():
    """100 over 4 y = 25; loan 40 at 10 % over 1 y: (60 - 4 - 25) x 20 % = 6.2."""
    loan = Fund("l", "commercial", 0.4, LoanTerms(0.10, 1))
    rules = Business(2024, 2024, 0.0, return_target=0.0, tax_rate=0.2, depreciation_y=4)
    cash = project_cash(project(), Case("c", (loan,)), rules)
    assert cash["tax"].tolist() == pytest.approx([0, 6.2, 7, 7, 7])
    assert cash["equity"].tolist() == pytest.approx([-60, 60 - 6.2 - 44, 53, 53, 53])


def test_a_grant_is_not_written_off():
    """Half is given: 50 over 4 y; tax (60 - 12.5) x 20 %."""
    half = Case("c", (Fund("g", "grant", 0.5),))
    rules = Business(2024, 2024, 0.0, tax_rate=0.2, depreciation_y=4)
    cash = project_cash(project(), half, rules)
    assert cash["tax"][1] == pytest.approx(9.5)
    assert cash["equity"][0] == pytest.approx(-50)


def test_working_capital_is_put_in_before_and_comes_back():
    """73 of 365 days of 20 a year: 4 in 2024, back at the end of 2028."""
    spent = np.array([0.0, 20, 20, 20, 20])
    made = project()
    made = project(real={**made.real, "fixed_om": spent})
    rules = Business(2024, 2024, 0.0, working_capital_d=73.0)
    cash = project_cash(made, ALL_EQUITY, rules)
    assert cash["working_capital"].tolist() == pytest.approx([4, 0, 0, 0, -4])


def test_put_or_pay_counts_planned_tonnes():
    """At half the tonnes 80 % is paid: 6 x 8 = 48."""
    rules = Business(2024, 2024, 0.0, put_or_pay=0.8)
    cash = project_cash(project(), ALL_EQUITY, rules, shock=Shock(tonnes=0.5))
    assert cash["gate_fees"][1] == pytest.approx(48.0)
    assert cash["tonnes_t"][1] == pytest.approx(5.0)


def test_nominal_and_real_are_kept_apart():
    """5 % inflation: 60 become 63 in 2025, and are 60 again in real money."""
    rules = Business(2024, 2024, 0.03, inflation=0.05, return_target=0.0815)
    cash = project_cash(project(), ALL_EQUITY, rules)
    assert cash["gate_fees"][1] == pytest.approx(63.0)
    assert cash["project_real"].tolist() == pytest.approx([-100, 60, 60, 60, 60])
    # all equity, and 8.15 % nominal are 3 % real: owners and project are alike
    assert owners_npv(cash, rules) == pytest.approx(project_npv(cash))


def test_a_shock_of_many_draws_is_each_draw_alone():
    loan = Case("c", (Fund("l", "commercial", 0.4, LoanTerms(0.10, 3)),))
    draws = {"capex": [0.9, 1.4], "interest": [0.0, 0.03], "inflation": [0.0, 0.02]}
    many = Shock(**{k: np.array(v) for k, v in draws.items()})
    both = owners_npv(project_cash(project(), loan, BUSINESS, shock=many), BUSINESS)
    for i in range(2):
        one = Shock(**{k: v[i] for k, v in draws.items()})
        alone = project_cash(project(), loan, BUSINESS, shock=one)
        assert both[i] == pytest.approx(float(owners_npv(alone, BUSINESS)))


def test_a_pool_is_the_sum_of_its_projects():
    loan = Case("c", (Fund("l", "commercial", 0.4, LoanTerms(0.10, 3)),))
    cashes = [project_cash(project(capex=c), loan, BUSINESS) for c in (100.0, 50.0)]
    pool = pooled(cashes)
    assert pool["equity"].tolist() == pytest.approx(
        (cashes[0]["equity"] + cashes[1]["equity"]).tolist()
    )
    due = sum(c["interest"] + c["principal"] for c in cashes)
    assert pool["dscr"][1] == pytest.approx(120.0 / due[1])


def test_levelised_cost_is_all_cost_over_all_tonnes():
    """100 over 40 t without discounting."""
    found = {
        m.id: m
        for m in measures(project_cash(project(), ALL_EQUITY, BUSINESS), BUSINESS)
    }
    assert found["levelised_cost_per_t"].value == pytest.approx(2.5)
    assert found["levelised_cost_per_kwh"].why == "it sells no electricity"
    assert found["dscr_min"].why == "there is no debt"
    assert found["payback_y"].value == pytest.approx(100 / 60)


def test_a_centre_that_earns_nothing_has_its_debt_served_by_others():
    """20 a year to run and no fee: -20 over service; with a fee of 6, 40 over it."""
    loan = Case("c", (Fund("l", "commercial", 0.4, LoanTerms(0.0, 4)),))
    spent = np.array([0.0, 20, 20, 20, 20])
    for fee, cover, why in ((0.0, -2.0, "others serve its debt"), (6.0, 4.0, "")):
        made = project(fee=fee)
        made = project(fee=fee, real={**made.real, "fixed_om": spent})
        cash = project_cash(made, loan, BUSINESS)
        found = {m.id: m for m in measures(cash, BUSINESS)}
        assert found["dscr_min"].value == pytest.approx(cover)
        assert found["dscr_min"].why.endswith(why)
        assert bool(found["llcr"].why) == bool(why)


def test_a_tariff_that_rises_earns_as_much_more():
    """50, 52, 54, 56 a year along a path; to earn back 100 of 212, x 0.4717."""
    sold = np.array([0.0, 50, 52, 54, 56])
    made = project(fee=0.0)
    made = project(fee=0.0, real={**made.real, "electricity": sold})
    cash = project_cash(made, ALL_EQUITY, BUSINESS)
    assert cash["equity"].tolist() == pytest.approx([-100, 50, 52, 54, 56])
    needed = tariff_factor_needed([cash], BUSINESS)
    assert needed.value == pytest.approx(100 / 212)
    low = project_cash(
        made, ALL_EQUITY, BUSINESS, shock=Shock(electricity_price=needed.value)
    )
    assert float(owners_npv(low, BUSINESS)) == pytest.approx(0.0, abs=1e-9)


def test_loan_life_cover_is_from_the_year_in_which_most_is_owed():
    """40 at 10 % over 2 y, 60 a year: (60 / 1.1 + 60 / 1.21) / 40 = 2.6033."""
    loan = Case("c", (Fund("l", "commercial", 0.4, LoanTerms(0.10, 2)),))
    cash = project_cash(project(), loan, BUSINESS)
    found = {m.id: m.value for m in measures(cash, BUSINESS)}
    assert found["llcr"] == pytest.approx(60 * (1 / 1.1 + 1 / 1.21) / 40)
