"""A small evaluation by hand: two periods, one plant, one landfill."""

import math

import pandas as pd
import pytest

from wasteplan.indicators.headlines import horizon_headlines, period_headlines
from wasteplan.indicators.operation import airspace_years

NAN = float("nan")


def tables():
    waste = pd.DataFrame(
        {
            "period": ["p1", "p2"],
            "generated_t": [100.0, 200.0],
            "leaked_t": [10.0, 0.0],
            "landfilled_t": [90.0, 80.0],
            "residues_landfilled_t": [0.0, 20.0],
            "recycled_t": [0.0, 30.0],
            "recovered_t": [0.0, 90.0],
        }
    )
    emissions = pd.DataFrame(
        {
            "period": ["p1", "p1", "p2", "p2"],
            "year": [2031, 2032, 2033, 2033],
            "is_credit": [False, False, False, True],
            "kg_co2e": [40_000.0, 50_000.0, 60_000.0, -20_000.0],
            "status": ["secondary", "secondary", "assumption", "memory"],
        }
    )
    facilities = pd.DataFrame(
        {
            "period": ["p1", "p2", "p2"],
            "plant": ["hill.dump", "hill.dump", "port.wte"],
            "electricity_mwh_per_y": [-1.0, -1.0, 45.0],
            "jobs": [4.0, 4.0, 20.0],
            "airspace_left_m3": [900.0, 700.0, NAN],
            "airspace_m3_per_y": [100.0, 100.0, NAN],
        }
    )
    flows = pd.DataFrame(
        {"period": ["p1", "p2", "p2"], "truck_km_per_y": [500.0, 800.0, NAN]}
    )
    costs = pd.DataFrame(
        {
            "present_value": [1000.0, 500.0, -300.0],
            "status": ["read", "assumption", "read"],
        }
    )
    return {
        "waste": waste,
        "emissions": emissions,
        "facilities": facilities,
        "flows": flows,
        "costs": costs,
    }


def test_horizon():
    """Cost 1,200 over 400 t at r = 0; CO2e (150 - 20) t over 3 years and 400 t."""
    found = horizon_headlines(
        **tables(),
        tonnes={2031: 100.0, 2032: 100.0, 2033: 200.0},
        rate=0.0,
        base_year=2030,
        credits=True,
    )
    assert found["cost_present_value"] == 1200.0
    assert found["gross_cost_present_value"] == 1500.0
    assert found["cost_per_t"] == 3.0
    assert found["co2e_t_per_y"] == pytest.approx(130 / 3)
    assert found["co2e_kg_per_t"] == pytest.approx(130_000 / 400)
    assert found["landfill_diversion_rate"] == pytest.approx(0.5)
    assert found["share_of_cost_on_assumption"] == pytest.approx(500 / 1800)
    assert found["share_of_co2e_on_assumption"] == pytest.approx(80 / 170)
    assert found["electricity_mwh_per_y"] == 44.0
    assert found["jobs"] == 24.0
    assert found["truck_km_per_y"] == 800.0
    assert found["airspace_left_m3"] == 700.0


def test_without_credits():
    """150 t in 400 t."""
    found = horizon_headlines(
        **tables(),
        tonnes={2031: 100.0, 2032: 100.0, 2033: 200.0},
        rate=0.0,
        base_year=2030,
        credits=False,
    )
    assert found["co2e_kg_per_t"] == pytest.approx(375.0)
    assert found["share_of_co2e_on_assumption"] == pytest.approx(60 / 150)


def test_a_period_shows_its_last_year():
    """2032: 50 t CO2e on 100 t of waste."""
    given = tables()
    del given["costs"]
    found = period_headlines(**given, period="p1", credits=True)
    assert found["co2e_t_per_y"] == 50.0
    assert found["co2e_kg_per_t"] == 500.0
    assert found["landfill_diversion_rate"] == 0.0
    assert found["airspace_left_m3"] == 900.0


def test_airspace_lasts():
    """700 m3 at 100 m3 a year."""
    facilities = tables()["facilities"]
    assert airspace_years(facilities, "p2") == 7.0
    overfull = facilities.assign(airspace_left_m3=-50.0)
    assert airspace_years(overfull, "p2") == 0.0
    idle = facilities.assign(airspace_m3_per_y=0.0)
    assert math.isinf(airspace_years(idle, "p2"))
    no_landfill = facilities.assign(airspace_left_m3=NAN)
    assert math.isnan(airspace_years(no_landfill, "p2"))
