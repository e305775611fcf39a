"""A fee or tariff added to known cash, against working everything out again."""

import math
from dataclasses import replace

import numpy as np
import pytest
from test_project import project

from wasteplan.finance.funds import Case, Fund
from wasteplan.finance.loans import LoanTerms
from wasteplan.finance.measures import fee_measures, pooled
from wasteplan.finance.more_revenue import (
    FEE,
    TARIFF,
    Added,
    Repeated,
    added_fee_needed,
    more_revenue,
)
from wasteplan.finance.project import Business, Shock
from wasteplan.finance.project_cash import owners_npv, project_cash

RULES = Business(
    2024,
    2024,
    0.05,
    inflation=0.03,
    return_target=0.12,
    tax_rate=0.25,
    depreciation_y=3,
    put_or_pay=0.9,
    vat_unrecovered=0.1,
)
LOAN = Case("c", (Fund("l", "commercial", 0.6, LoanTerms(0.08, 4, 1)),))
SCULPTED = Case(
    "s", (Fund("l", "commercial", 0.6, LoanTerms(0.08, 4, 1), repayment="sculpted"),)
)


def two(case=LOAN, rules=RULES, **more):
    power = {"electricity": np.array([0.0, 9, 9, 9, 9])}
    made = [project(capex=c, fee=f) for c, f in ((100.0, 2.0), (150.0, 5.0))]
    made = [replace(p, real={**p.real, **power}) for p in made]
    return [project_cash(p, case, rules, **more) for p in made]


@pytest.mark.parametrize("carry_y", [0, 2])
@pytest.mark.parametrize("fee", [-3.0, 0.0, 1.5, 40.0])
def test_a_fee_on_top_is_the_fee_from_the_start(fee, carry_y):
    rules = replace(RULES, loss_carry_forward_y=carry_y)
    again = two(rules=rules, added_fee=fee)
    answer = Added(two(rules=rules), rules)
    worth = sum(float(owners_npv(c, rules)) for c in again)
    assert float(answer.owners(fee)) == pytest.approx(worth)
    low = np.nanmin(pooled(again)["dscr"])
    assert float(answer.cover(fee)) == pytest.approx(low)


def test_a_tariff_on_top_is_the_tariff_from_the_start():
    again = two(shock=Shock(electricity_price=1.7))
    worth = sum(float(owners_npv(c, RULES)) for c in again)
    cashes = two()
    assert float(Added(cashes, RULES, TARIFF).owners(0.7)) == pytest.approx(worth)
    assert float(Repeated(cashes, RULES, TARIFF).owners(0.7)) == pytest.approx(worth)


def test_draws_are_answered_one_by_one():
    shock = Shock(capex=np.array([0.9, 1.4]), tonnes=np.array([1.0, 0.7]))
    found = Added(two(shock=shock), RULES, FEE).owners(np.array([2.0, 3.0]))
    for i, fee in enumerate((2.0, 3.0)):
        alone = Shock(capex=float(shock.capex[i]), tonnes=float(shock.tonnes[i]))
        again = two(shock=alone, added_fee=fee)
        worth = sum(float(owners_npv(c, RULES)) for c in again)
        assert found[i] == pytest.approx(worth)


def test_a_sculpted_loan_is_worked_out_again():
    answer = more_revenue(two(SCULPTED), RULES)
    assert isinstance(answer, Repeated)
    fee = added_fee_needed([c.project for c in two()], [SCULPTED] * 2, RULES).value
    again = two(SCULPTED, added_fee=fee)
    assert sum(float(owners_npv(c, RULES)) for c in again) == pytest.approx(0, abs=1e-8)


def test_a_plant_that_earns_nothing_still_has_a_fee_that_a_sculpted_loan_needs():
    """Without a fee there is no cash to sculpt to; with 40 a tonne there is."""
    idle = project(fee=0.0)
    measures = fee_measures([idle], [SCULPTED], RULES, dscr=1.3, fee_now=0.0)
    found = {m.id: m.value for m in measures}
    fee = found["gate_fee_for_return"]
    assert 0 < fee < 40
    cash = project_cash(idle, SCULPTED, RULES, added_fee=fee)
    assert float(owners_npv(cash, RULES)) == pytest.approx(0, abs=1e-8)
    assert math.isfinite(found["gate_fee_for_dscr"])
    assert found["viability_gap_grant"] > 0
