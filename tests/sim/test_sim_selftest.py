"""The simulator's parts against closed forms, small enough for the suite."""

import pytest

from wasteplan.sim.closed_form_cases import CASES
from wasteplan.sim.selftesting import Selftest, closed_forms, selftest

SMALL = 0.1  # of the length of the published table


@pytest.mark.parametrize("case", [*CASES, "bf", "w1"])
def test_parts_agree_with_closed_forms(case):
    """Within four standard errors; the intervals are wider than in the full table."""
    table = selftest(cases=[case], size=SMALL, half_width_max=0.25)
    assert table.rows
    assert table.passed, table.summary()


def test_every_packaged_case_is_run():
    assert set(closed_forms()) == set(CASES)
    assert all(form.expected for form in closed_forms().values())


def test_a_wrong_answer_is_found(monkeypatch):
    """With a service time 3 % longer than stated the M/D/1 row must fail."""
    form = closed_forms()["q10"]
    form.parameters["service_h"] *= 1.03
    monkeypatch.setattr("wasteplan.sim.selftesting.closed_forms", lambda: {"q10": form})
    table = selftest(cases=["q10"], size=0.3)
    assert not table.passed
    assert "FAIL" in table.summary()


def test_a_wide_interval_does_not_pass():
    table = selftest(cases=["q6"], size=0.002)
    assert not table.passed


def test_the_summary_counts():
    assert Selftest(()).summary().endswith("0 of 0 agree")
