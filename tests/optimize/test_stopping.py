"""Time limit and Ctrl-C are outcomes, and both keep the best plan so far."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hard_case import hard_case

from wasteplan.optimize import solve

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
    assert int(routes) >= 150


def test_a_time_limit_says_so():
    plan = solve(hard_case(), gap=0.0, time_limit_s=4.0)

    assert plan.proof.status == "time_limit"
    assert plan.proof.bound < plan.proof.objective
    assert plan.proof.gap == pytest.approx(plan.proof.objective - plan.proof.bound)


def test_a_loose_gap_stops_early_and_is_kept():
    plan = solve(hard_case(), gap=0.2, time_limit_s=60.0)

    assert plan.proof.status in ("gap", "optimal")
    assert plan.proof.gap_of_gross <= 0.2
