"""Repair crews: broken lines wait for each other."""

import pytest
import simpy
from small_network import all_to_the_burner, network

from wasteplan.sim import simulate
from wasteplan.sim.chance import Spread, chance
from wasteplan.sim.crews import Crews
from wasteplan.sim.line import outages


def test_two_lines_broken_at_once_are_mended_one_after_the_other():
    """Both fail at 10 h, each repair takes 4 h: back at 14 h and 18 h."""
    env = simpy.Environment()
    seen = []
    crews = Crews(env, 1)
    spreads = (Spread("deterministic", 10.0), Spread("deterministic", 4.0))
    for line in range(2):
        env.process(
            outages(
                env,
                line,
                lambda now, line, stops: seen.append((now, line, stops)),
                *spreads,
                chance(1, 0, "a", "outage"),
                crews,
            )
        )
    env.run(until=19.0)
    assert [e for e in seen if not e[2]] == [(14.0, 0, False), (18.0, 1, False)]
    assert (crews.calls, crews.wait_h) == (2, 4.0)


def test_a_plant_with_one_crew_stands_still_longer():
    """Four lines, MTBF 40 h, MTTR 20 h: 0.667 with a crew each.  With one crew the
    finite-source queue (r = 0.5) gives p0 = 1 / (1 + 2 + 3 + 3 + 1.5) = 0.0952, a
    throughput of 0.0452/h and so 0.0452 x 40 / 4 = 0.452."""
    found = []
    for crews in (None, 1):
        burner = {"mtbf_h": 40, "mttr_h": 20, "lines": 4, "repair_crews": crews}
        year = {"days": 364, "replications": 6}
        result = simulate(network(year, burner=burner), all_to_the_burner())
        found.append(result.kpi("availability"))
    assert found == pytest.approx([0.667, 0.452], abs=0.015)
