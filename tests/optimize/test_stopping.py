"""Time limit and Ctrl-C are outcomes, and both keep the best plan so far."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from hard_case import hard_case

from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.first_plan import first_plan
from wasteplan.optimize.handover import problem
from wasteplan.optimize.running import Stop, Watch, run
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
