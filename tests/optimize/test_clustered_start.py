"""Cluster, solve, fix the builds, exact flows: a start that changes no optimum."""

import pytest
from networks import SOLVE
from random_networks import random_network

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.running import Stop, Watch, run
from wasteplan.optimize.searching import start_from_clusters
from wasteplan.superstructure.assembly import superstructure


@pytest.mark.parametrize("seed", [1, 4, 9])
def test_the_start_is_feasible_and_the_optimum_stays(seed):
    data = PlanningData(superstructure(random_network(seed)))
    p = problem(data)
    watch = Watch(p, Stop(1e-9, SOLVE.time_limit_s), None)

    start = start_from_clusters(watch, watch.problem, n_clusters=3)

    assert start is not None
    rows = p.matrix @ start
    assert (rows >= p.row_lower - 1e-6).all()
    assert (rows <= p.row_upper + 1e-6).all()
    cold = run(Watch(p, Stop(1e-9, 60), None))
    warm = run(watch, start)
    assert float(p.cost @ start) + p.offset >= cold.objective - 1e-6
    assert warm.objective == pytest.approx(cold.objective, rel=1e-7)
