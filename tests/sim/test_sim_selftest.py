"""The simulator's parts against closed forms, small enough for the suite."""

import pytest

from wasteplan.sim.chance import Spread
from wasteplan.sim.closed_form_models import MODELS
from wasteplan.sim.closed_forms import closed_forms
from wasteplan.sim.selftesting import EXACT_CASES, Selftest, selftest

SMALL = 0.03  # of the length of the published table


@pytest.mark.parametrize("case", [*closed_forms(), *EXACT_CASES])
def test_parts_agree_with_closed_forms(case):
    """Within four standard errors; the intervals are wider than in the full table."""
    table = selftest(cases=[case], size=SMALL, half_width_max=0.25)
    assert table.rows
    assert table.passed, table.summary()


def test_every_packaged_case_is_run():
    assert {form.model for form in closed_forms().values()} == set(MODELS)
    assert all(form.expected for form in closed_forms().values())


def test_a_wrong_answer_is_found(monkeypatch):
    """With a service time 3 % longer than stated the M/D/1 row must fail."""
    form = closed_forms()["q10"]
    form.spreads["weigh_in_h"] = Spread("deterministic", 1.03 * 0.05)
    monkeypatch.setattr("wasteplan.sim.selftesting.closed_forms", lambda: {"q10": form})
    table = selftest(cases=["q10"], size=0.1)
    assert not table.passed
    assert "FAIL" in table.summary()


def test_another_simpy_is_found(monkeypatch):
    monkeypatch.setattr("wasteplan.sim.selftesting.machine_shop", lambda: (3250,) * 10)
    assert not selftest(cases=["sm"]).passed


def test_the_table_is_the_same_for_any_number_of_processes():
    tables = [selftest(cases=["q17", "r3"], size=0.01, workers=w) for w in (1, 2)]
    assert tables[0] == tables[1]


def test_a_wide_interval_does_not_pass():
    table = selftest(cases=["q6"], size=0.002)
    assert not table.passed


def test_the_summary_counts():
    assert Selftest(()).summary().endswith("0 of 0 agree")
