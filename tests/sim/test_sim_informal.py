"""What informal trades pick is generated, recycled, and never on a truck."""

import pytest
from small_network import ASH, all_to_the_burner, settings, tables

from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.measure_records import InformalTrade
from wasteplan.sim import simulate


def test_picked_tonnes_are_recycled_before_collection():
    """40,150 t/y, a quarter picked; of what is left 10 % leak, the rest is burnt.

    Diverted: 1 - 0.75 x (0.1 + 0.9 x 0.2).
    """
    rows = tables(leaks=0.1)
    rows["informal"] = [
        InformalTrade(
            id="pickers", generator_class="homes", fraction="mixed", capture=0.25
        )
    ]
    year = {"days": 364, "warm_up_d": 28, "replications": 2}
    scenario = make_scenario(settings(**year), check=False, **rows)

    result = simulate(scenario, all_to_the_burner())

    assert result.kpi("generated_t") == pytest.approx(40_150)
    expected = 1 - 0.75 * (0.1 + 0.9 * ASH)
    assert result.kpi("landfill_diversion_rate") == pytest.approx(expected, abs=3e-3)
    assert result.kpi("landfilled_t") == pytest.approx(
        0.75 * 0.9 * ASH * 40_150, rel=0.01
    )
