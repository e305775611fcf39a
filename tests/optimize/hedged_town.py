"""The town of the paper case, hedged; run by `test_hedging.py` on every MPI rank."""

import json
import sys

from mpi4py import MPI
from two_stage_cases import three_futures

from wasteplan.optimize.hedging import hedge
from wasteplan.optimize.recourse import Recourse

if __name__ == "__main__":  # not while pytest looks for examples in docstrings
    price = Recourse(1000.0, 1000.0, 10.0)
    found = hedge(three_futures(), price, gap=1e-4, is_quiet=True)
    own = (found.objective, found.decisions.tolist())
    everywhere = MPI.COMM_WORLD.gather(own, root=0)
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
