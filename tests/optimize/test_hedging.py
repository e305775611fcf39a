"""Progressive hedging under MPI against the extensive form, on the paper case."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest
from two_stage_cases import three_futures

from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.risk import Risk
from wasteplan.optimize.running import Stop
from wasteplan.optimize.two_stage import two_stage

if sys.platform != "linux":  # elsewhere the extra `test` brings no MPI
    pytest.skip("MPI is tested on Linux", allow_module_level=True)

from wasteplan.optimize.hedging import (
    Hedged,
    _better,
    first_decisions,
    hedge,
    pulls,
    scenario_creator,
)

HERE = Path(__file__).parent
PRICES = Recourse(1000.0, 1000.0, 10.0)
RANKS = 3


def mpirun():
    beside = Path(sys.executable).parent / "mpirun"
    found = str(beside) if beside.is_file() else shutil.which("mpirun")
    assert found is not None, "no mpirun: pip install 'wasteplan[mpi]'"
    return found


def test_a_sample_as_mpi_sppy_takes_it():
    """The cost of 60 kt with nothing built is 4.8 million; the three sizes are first.

    The pull is a tenth of the annuities of 1.2, 1.5 and 2.2 million.
    """
    model = scenario_creator("sample_2", samples=three_futures(), recourse=PRICES)
    decisions = first_decisions(model)

    assert model._mpisppy_probability == pytest.approx(1 / 3)
    assert [v.name for v in decisions] == ["works[0,0]", "works[1,0]", "works[2,0]"]
    root = model._mpisppy_node_list[0]
    assert [v.name for v in root.nonant_vardata_list] == [v.name for v in decisions]
    assert [rho for _, rho in pulls(model)] == pytest.approx([0.12, 0.15, 0.22])
    for variable in decisions:
        variable.fix(0)
    pyo.SolverFactory("highs").solve(model)
    assert pyo.value(model.objective) == pytest.approx(4.8)


def test_one_rank_is_refused():
    from wasteplan.errors import WasteplanError

    with pytest.raises(WasteplanError, match="mpirun -np 3"):
        hedge(three_futures(), PRICES)


@pytest.mark.parametrize(
    ("tried", "cost", "agreed"),
    [
        ([1.0, 0.0, 0.0], 8.2 / 3, [0.0, 1.0, 0.0]),
        ([0.0, 1.0, 0.0], 7.7 / 3, [0, 0, 1]),
    ],
)
def test_what_samples_agreed_on_counts_if_it_costs_less(tried, cost, agreed):
    """small 1.4, 1.8, 5.0; medium 1.7, 2.1, 3.9; big 2.4, 2.8, 3.2: medium."""
    found = Hedged(("small", "medium", "big"), np.array(tried), cost, 2.1, 3)

    best = _better(found, np.array(agreed), three_futures(), PRICES, None)

    assert best.decisions.tolist() == [0.0, 1.0, 0.0]
    assert best.objective == pytest.approx(7.7 / 3)
    assert best.bound == 2.1


def test_three_ranks_find_what_the_extensive_form_finds(tmp_path):
    """medium: 2.5667 million on average, on every rank.

    The bound depends on which weights the ranks get to see in time; it is never below
    the mean of the best for each future alone, 2.1333, and never above the optimum.
    Nothing is left in the folder it is run from.
    """
    here = [str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [
            *(mpirun(), "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"),
            *("--mca", "osc", "^ucx", "-np", str(RANKS)),
            *(sys.executable, str(HERE / "hedged_town.py")),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(here)},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout[done.stdout.index("{") :])
    whole = two_stage(three_futures(), PRICES, Risk(), Stop(1e-9, 60.0))

    assert not list(tmp_path.iterdir())
    assert found["ranks"] == RANKS
    assert tuple(found["names"]) == whole.names
    assert np.round(found["decisions"]).tolist() == whole.decisions.tolist()
    assert found["objective"] == pytest.approx(whole.objective)
    assert 6.4 / 3 - 1e-6 <= found["bound"] <= whole.objective + 1e-6
    assert found["everywhere"] == [[found["objective"], found["decisions"]]] * RANKS
