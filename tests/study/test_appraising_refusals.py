"""What an appraisal refuses, and how far its draws may go together."""

from types import SimpleNamespace

import investment_case as case
import numpy as np
import pytest

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.finance.chance import group_correlations
from wasteplan.finance.loans import LoanTerms
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.study.appraisal_drivers import GROUPS, _interest
from wasteplan.study.appraising import appraise


def refused(*loans, **finance) -> str:
    with pytest.raises(WasteplanError) as found:
        appraise(case.scenario(loans=loans, **finance), case.plan(), risk=False)
    return str(found.value)


def test_a_tenor_that_ends_before_the_plant_works_is_refused():
    """Drawn in 2025, works in 2027: a year is too short, two are not."""
    one, two = (
        case.LOAN.model_copy(update={"tenor_y": y, "grace_y": 0.0}) for y in (1.0, 2.0)
    )
    said = refused(one)
    assert "soft: a tenor of 1 y ends before works.plant works, 2 y after" in said
    assert appraise(case.scenario(loans=(two,)), case.plan(), risk=False) is not None


def test_tranches_for_a_place_bear_no_more_than_its_cost():
    """70 % for everything and 60 % for the plant alone."""
    more = case.LOAN.model_copy(update={"id": "more", "share": 0.6, "place": "works"})
    said = refused(case.LOAN, more)
    assert (
        "case 'loans': tranches bear 130.0% of the capital cost of works.plant" in said
    )


def test_all_drivers_may_move_together_up_to_the_limit_of_the_settings():
    """Building, running, power, fuel: c^3 + 3 c^2 - c - 1 = 0 at c = 0.6751."""
    names = list(dict.fromkeys(name for group in GROUPS for name in group))

    def least(strength: float) -> float:
        links = group_correlations(names, GROUPS, strength).to_numpy()
        return float(np.linalg.eigvalsh(links).min())

    limit = FinanceSettings.model_fields["correlation"].metadata
    most = next(mark.le for mark in limit if getattr(mark, "le", None) is not None)
    assert least(most) > 0 > least(most + 0.01)


def test_a_loan_that_may_become_free_of_interest_has_that_in_its_range():
    """1 % that may be 0 % or 3 %: -0.01 to 0.02."""
    terms = LoanTerms(0.01, 20, interest_low=0.0, interest_high=0.03)
    fund = SimpleNamespace(terms=terms)
    one = SimpleNamespace(cases=(SimpleNamespace(debt=(fund,)),))
    found = _interest(one)
    assert (found.low, found.high) == pytest.approx((-0.01, 0.02))


def test_reserves_that_only_the_plan_saves_are_told_beside_the_increment():
    """4 % of 2,000,000 for closure, saved in 2027-2030, undiscounted: 80,000."""
    scenario = case.scenario(rate=0.0, closure_share=0.04)
    baseline = evaluate(scenario, case.status_quo())
    found = appraise(scenario, case.plan(), baseline=baseline, risk=False)
    assert found is not None
    told = [w for w in found.warnings if "renewal and closure" in w]
    words = "sets 80,000 USD aside for renewal and closure (present value)"
    assert len(told) == 1
    assert words in told[0]
    plain = appraise(case.scenario(), case.plan(), baseline=baseline, risk=False)
    assert plain is not None
    assert not [w for w in plain.warnings if "renewal and closure" in w]
