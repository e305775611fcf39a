import math

import pytest

from wasteplan.indicators.difference import abatement_cost_per_t_co2e, differences


def test_against_the_status_quo():
    """Cost 120 against 100 is worse by 20 %; diversion 0.6 against 0.2 is better."""
    table = differences(
        {"cost_present_value": 120.0, "landfill_diversion_rate": 0.6, "jobs": 5.0},
        {"landfill_diversion_rate": 0.2, "cost_present_value": 100.0, "jobs": 5.0},
    ).set_index("id")
    assert table["verdict"].to_dict() == {
        "cost_present_value": "worse",
        "landfill_diversion_rate": "better",
        "jobs": "same",
    }
    assert table.loc["cost_present_value", "relative"] == pytest.approx(0.2)
    assert table.loc["landfill_diversion_rate", "difference"] == pytest.approx(0.4)


def test_a_smaller_loss_than_before_is_better():
    """-5 instead of -10 t CO2e is worse, relative to the size of the baseline."""
    row = differences({"co2e_t_per_y": -5.0}, {"co2e_t_per_y": -10.0}).iloc[0]
    assert row["verdict"] == "worse"
    assert row["relative"] == pytest.approx(0.5)


def test_what_one_side_lacks_or_nobody_knows_is_left_out():
    assert differences({"jobs": 1.0, "x": 2.0}, {"x": 2.0}).empty


def test_an_unknown_value_has_no_verdict():
    row = differences({"jobs": math.nan}, {"jobs": 1.0}).iloc[0]
    assert row["verdict"] == ""


def test_a_baseline_of_zero_has_no_relative_change():
    row = differences({"jobs": 3.0}, {"jobs": 0.0}).iloc[0]
    assert math.isnan(row["relative"])
    assert row["verdict"] == "better"


@pytest.mark.parametrize(
    ("cost", "co2e", "expected"), [(120.0, 6.0, 5.0), (80.0, 6.0, -5.0)]
)
def test_abatement_cost(cost, co2e, expected):
    """20 more (or less) money for 4 t avoided."""
    found = abatement_cost_per_t_co2e(
        cost=cost, baseline_cost=100.0, co2e_t=co2e, baseline_co2e_t=10.0
    )
    assert found == expected


def test_nothing_avoided_has_no_abatement_cost():
    assert math.isnan(
        abatement_cost_per_t_co2e(
            cost=90.0, baseline_cost=100.0, co2e_t=11.0, baseline_co2e_t=10.0
        )
    )
