"""Time limit and Ctrl-C are outcomes, and both keep the best plan so far."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hard_case import hard_case
from orlib import warehouses

from wasteplan.errors import StoppedWithoutPlan
from wasteplan.optimize import searching, solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.first_plan import first_plan
from wasteplan.optimize.handover import problem
from wasteplan.optimize.running import Outcome, Stop, Watch, run
from wasteplan.superstructure.assembly import superstructure

SCRIPT = Path(__file__).parent / "hard_case.py"


def test_ctrl_c_keeps_the_incumbent():
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(SCRIPT.parent), str(SCRIPT.parents[2])]),
    }
    run = subprocess.Popen(
        [sys.executable, str(SCRIPT), "300"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert run.stdout is not None
    for line in run.stdout:
        if line.startswith("incumbent"):
            run.send_signal(signal.SIGINT)
            break
    out, err = run.communicate(timeout=60)

    assert run.returncode == 0, err
    status, gap, routes = out.strip().splitlines()[-1].split()
    assert status == "interrupted"
    assert 0 < float(gap) < 1
    assert int(routes) >= 180


def test_a_time_limit_says_so_and_keeps_the_plan():
    """A third of a second is enough for no proof; the first plan is kept."""
    data = PlanningData(superstructure(hard_case()))
    p = problem(data)
    start = first_plan(p)

    outcome = run(Watch(p, Stop(0.0, 0.3), None), start)

    assert outcome.status == "time_limit"
    assert outcome.bound < outcome.objective
    assert outcome.objective <= float(p.cost @ start) + p.offset + 1e-6


def test_a_loose_gap_stops_early_and_is_kept():
    plan = solve(hard_case(), gap=0.2, time_limit_s=60.0)

    assert plan.proof.status in ("gap", "optimal")
    assert plan.proof.gap_of_gross <= 0.2


def test_a_siting_search_stopped_before_any_plan_begins_no_other(monkeypatch):
    """The solver would not listen for seconds, and then have no plan either."""
    nothing = Outcome("nothing", None, np.inf, -np.inf, 0.0)
    monkeypatch.setattr(searching, "SITING_FROM", 1)
    monkeypatch.setattr(searching, "located", lambda *_: nothing)
    monkeypatch.setattr(searching, "run", lambda *_: pytest.fail("began another"))

    with pytest.raises(StoppedWithoutPlan, match="before any plan was found"):
        solve(warehouses(10_000, 7_500), time_limit_s=1e-9)
