import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.indicators.diversion import (
    COMBUSTION_RESIDUES,
    RATES,
    diversion_rates,
    landfill_diversion_rate,
)


def waste(**columns):
    row = {
        "period": "p1",
        "region": "north",
        "stream": "msw",
        "generated_t": 100.0,
        "leaked_t": 0.0,
        "landfilled_t": 0.0,
        "residues_landfilled_t": 0.0,
        "recycled_t": 0.0,
        "recovered_t": 0.0,
    }
    return row | columns


def test_all_rates_on_paper():
    """100 t: 10 leaked, 20 landfilled, 50 burnt (8 t ash), 15 recycled, 5 t rejects.

    diversion 1 - (10 + 20 + 8 + 5) / 100 = 0.57; recycling 0.15; energy 0.50;
    without incineration 1 - (10 + 20 + 5 + 50) / 100 = 0.15; residues left out 0.70.
    """
    table = pd.DataFrame(
        [
            waste(
                leaked_t=10.0,
                landfilled_t=20.0,
                residues_landfilled_t=13.0,
                recycled_t=15.0,
                recovered_t=50.0,
                **{COMBUSTION_RESIDUES: 8.0},
            )
        ]
    )
    found = diversion_rates(table).iloc[0]
    assert found["landfill_diversion_rate"] == pytest.approx(0.57)
    assert found["recycling_rate"] == pytest.approx(0.15)
    assert found["recovery_rate"] == pytest.approx(0.50)
    assert found["diversion_without_incineration"] == pytest.approx(0.15)
    assert found["residue_free_diversion"] == pytest.approx(0.70)


def test_without_the_ash_column_the_ash_counts_twice_and_the_rate_is_lower():
    """1 - (10 + 20 + 13 + 50) / 100 = 0.07, below 0.15."""
    row = waste(
        leaked_t=10.0, landfilled_t=20.0, residues_landfilled_t=13.0, recovered_t=50.0
    )
    found = diversion_rates(pd.DataFrame([row])).iloc[0]
    assert found["diversion_without_incineration"] == pytest.approx(0.07)


def test_rates_of_groups_weigh_by_tonnes():
    """100 t at 0 % and 300 t at 100 %: 75 % altogether."""
    table = pd.DataFrame(
        [
            waste(region="north", landfilled_t=100.0),
            waste(region="south", generated_t=300.0, recycled_t=300.0),
        ]
    )
    by_region = diversion_rates(table, by=["region"])
    assert by_region["landfill_diversion_rate"].to_dict() == {"north": 0, "south": 1}
    assert diversion_rates(table).iloc[0]["landfill_diversion_rate"] == 0.75


def test_nothing_generated_has_no_rate():
    found = diversion_rates(pd.DataFrame([waste(generated_t=0.0)])).iloc[0]
    assert all(np.isnan(found[rate]) for rate in RATES)
    assert np.isnan(
        landfill_diversion_rate(
            generated_t=0.0, leaked_t=0.0, landfilled_t=0.0, residues_t=0.0
        )
    )


PARTS = st.lists(st.floats(0, 1000), min_size=6, max_size=6).filter(
    lambda p: sum(p) > 1
)


@given(parts=PARTS)
def test_the_companions_bracket_the_rate(parts):
    """Leaving residues out never lowers it, taking incineration out never raises it."""
    leaked, landfilled, ash, gas, rejects, recycled = parts
    table = pd.DataFrame(
        [
            waste(
                generated_t=sum(parts),
                leaked_t=leaked,
                landfilled_t=landfilled,
                residues_landfilled_t=ash + rejects,
                recycled_t=recycled,
                recovered_t=ash + gas,
                **{COMBUSTION_RESIDUES: ash},
            )
        ]
    )
    found = diversion_rates(table).iloc[0]
    rate = found["landfill_diversion_rate"]
    assert found["residue_free_diversion"] >= rate - 1e-12
    assert found["diversion_without_incineration"] <= rate + 1e-12
    assert found["diversion_without_incineration"] == pytest.approx(
        found["recycling_rate"]
    )
    assert rate == pytest.approx(
        landfill_diversion_rate(
            generated_t=sum(parts),
            leaked_t=leaked,
            landfilled_t=landfilled,
            residues_t=ash + rejects,
        )
    )
