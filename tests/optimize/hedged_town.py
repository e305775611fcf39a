"""The town of the paper case, hedged; run by `test_hedging.py` on every MPI rank."""

import json
import sys

from mpi4py import MPI
from two_stage_cases import three_futures

from wasteplan.optimize.hedging import hedge
from wasteplan.optimize.recourse import Recourse

found = hedge(three_futures(), Recourse(1000.0, 1000.0, 10.0), gap=1e-4, is_quiet=True)
everywhere = MPI.COMM_WORLD.gather((found.objective, found.decisions.tolist()), root=0)
if MPI.COMM_WORLD.rank == 0:
    json.dump(
        {
            "names": found.names,
            "decisions": found.decisions.tolist(),
            "objective": found.objective,
            "bound": found.bound,
            "ranks": found.ranks,
            "everywhere": everywhere,
        },
        sys.stdout,
    )
