"""What is generated is somewhere at the end: 50 random networks, also simulated."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject
from hypothesis import settings as how
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "optimize"))

from random_networks import random_network

import wasteplan as wp
from wasteplan.errors import NoAnswer

ENDS = (
    "leaked_t",
    "landfilled_t",
    "residues_landfilled_t",
    "recycled_t",
    "released_t",
    "exported_t",
)
DAYS = 14


@how(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 100_000))
def test_mass_is_kept_by_the_plan_and_by_the_simulation(seed):
    """Plan: 1e-6 relative.  The simulation audits itself at 1e-9, or it fails."""
    scenario = random_network(seed)
    try:
        plan = wp.solve(scenario, gap=0.02)
    except NoAnswer:
        reject()  # a target out of reach; another network takes its place
    waste = wp.evaluate(scenario, plan).waste

    for _, row in waste.iterrows():
        ends = sum(row[c] for c in ENDS)
        assert ends == pytest.approx(row["generated_t"] + row["auxiliary_t"], rel=1e-6)

    last = scenario.periods[-1].id
    result = wp.simulate(scenario, plan, period=last, days=DAYS, replications=1)

    year = waste[waste["period"] == last]["generated_t"].sum()
    assert result.kpi("generated_t", last) == pytest.approx(year, rel=0.02)
