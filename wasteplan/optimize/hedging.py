"""Two-stage siting on a cluster: progressive hedging by `mpi-sppy`, run under MPI.

Progressive hedging solves every sample apart and draws their first decisions together:
each sample's cost gets w x + (rho / 2) (x - mean)^2 per decision, and w grows by
rho (x - mean) (Rockafellar and Wets, 1991, Scenarios and policy aggregation in
optimization under uncertainty, Mathematics of Operations Research 16, 119-147).  For
binaries x^2 = x, so the square is linear and HiGHS solves each sample as it is.  With
whole decisions it is a heuristic; the weights w of its iterations give Lagrangian
bounds (Gade, Hackebeil, Ryan, Watson, Wets and Woodruff, 2016, Obtaining lower bounds
from the progressive hedging algorithm for stochastic mixed-integer programs,
Mathematical Programming 157, 47-67), and trying the decisions of one sample in all
others gives plans.

Three MPI ranks at least: one for progressive hedging, one for bounds, one for plans.
`mpi-sppy`: Knueven, Mildebrath, Muir, Siirola, Watson and Woodruff, 2023, A parallel
hub-and-spoke system for large-scale scenario-based optimization under uncertainty,
Mathematical Programming Computation 15, 591-619.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn

from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.optimize.first_stage import FOLLOWS
from wasteplan.optimize.handover import problem
from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.rendering import as_pyomo
from wasteplan.optimize.two_stage import chances_of, follow_all, sampled
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.model import Floats

Made = TypeVar("Made")

SOLVER = "highs"
CYLINDERS = 3
"""Kinds of work: progressive hedging, bounds, plans."""
PULL = 0.1
"""rho over the cost of a decision: small, so that samples do not agree on the first
decisions they all can bear before the weights have told them what others need."""
LOG_OPENERS = (
    "cylinders.hub",
    "cylinders.xhatshufflelooper_bounder",
    "utils.xhat_eval",
)
"""Modules of `mpi-sppy` that open a log in the current folder when imported."""
RHO_MIN = 1e-3
"""Of the mean cost of a decision: the least pull on one that costs next to nothing."""


@dataclass(frozen=True)
class Hedged:
    """What progressive hedging found; the same on every rank."""

    names: tuple[str, ...]
    decisions: Floats
    objective: float
    """Expected cost of the best plan tried, misses priced.  [M money]"""
    bound: float
    """No plan can do better.  [M money]"""
    ranks: int


def is_installed() -> bool:
    """Whether mpi-sppy and mpi4py are there (`pip install wasteplan[mpi]`)."""
    return all(importlib.util.find_spec(name) for name in ("mpisppy", "mpi4py"))


def rank_and_size() -> tuple[int, int]:
    """Which of the MPI ranks this is, and how many there are.

    Raises
    ------
    WasteplanError
        MPI or `mpi-sppy` is not installed.
    """
    if not is_installed():
        raise WasteplanError(
            "progressive hedging needs mpi-sppy and MPI: pip install 'wasteplan[mpi]'"
        )
    from mpi4py import MPI

    return MPI.COMM_WORLD.rank, MPI.COMM_WORLD.size


def from_first_rank(make: Callable[[], Made]) -> Made:
    """What the first rank makes, on every rank; its errors too."""
    from mpi4py import MPI

    made: Made | None = None
    error: WasteplanError | None = None
    if MPI.COMM_WORLD.rank == 0:
        try:
            made = make()
        except WasteplanError as found:
            error = found
    made, error = MPI.COMM_WORLD.bcast((made, error), root=0)
    if error is not None:
        raise error
    assert made is not None
    return made


def _ranks_needed(size: int) -> None:
    if size % CYLINDERS:
        raise WasteplanError(
            f"{size} MPI ranks; 3 or a multiple of 3 are needed: "
            "mpirun -np 3 wasteplan hedge ..."
        )


@contextlib.contextmanager
def _told(is_quiet: bool) -> Iterator[None]:
    """What `mpi-sppy` prints is progress, no result: on stderr, or nowhere."""
    with contextlib.ExitStack() as stack:
        target = stack.enter_context(open(os.devnull, "w")) if is_quiet else sys.stderr
        stack.enter_context(contextlib.redirect_stdout(target))
        yield


def _logs_elsewhere() -> None:
    """Import what opens logs where they are gone at once, not in the user's folder."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        contextlib.chdir(folder),
    ):
        for name in LOG_OPENERS:
            importlib.import_module(f"mpisppy.{name}")


def scenario_creator(
    name: str,
    *,
    samples: Sequence[Scenario],
    recourse: Recourse,
    chances: Floats | None = None,
) -> pyo.ConcreteModel:
    """One sample as `mpi-sppy` takes it: a plain Pyomo model with its first decisions.

    Parameters
    ----------
    name
        `sample_1`, `sample_2`, ...
    samples
        Scenarios that differ in numbers only.
    recourse
        Prices of what is missed.
    chances
        (samples,): of each sample; alike if not given.  [-]

    Returns
    -------
    pyomo.environ.ConcreteModel
        Of `as_pyomo`, costs in M money, with the attributes of `mpi-sppy`.
    """
    from mpisppy.utils import sputils

    index = int(name.rpartition("_")[2]) - 1
    model = as_pyomo(sampled(samples[index], recourse))
    model._mpisppy_probability = float(chances_of(len(samples), chances)[index])
    sputils.attach_root_node(model, 0.0, first_decisions(model))
    return model


def first_decisions(model: pyo.ConcreteModel) -> list[Any]:
    """The whole decisions of a rendered model that are taken before the flows."""
    return [
        v
        for v in model.component_data_objects(pyo.Var, active=True)
        if v.is_integer() or v.is_binary()
        if v.parent_component().local_name not in (*FOLLOWS, "share")
    ]


def pulls(model: pyo.ConcreteModel, pull: float = PULL) -> list[tuple[int, float]]:
    """(id of a decision, rho): the pull to the mean, in proportion to its cost.

    rho = pull x |cost| (Watson and Woodruff, 2011, Progressive hedging innovations for
    a class of stochastic mixed-integer resource allocation problems, Computational
    Management Science 8, 355-370).
    """
    objective = next(model.component_data_objects(pyo.Objective, active=True))
    found = generate_standard_repn(objective.expr, compute_values=True, quadratic=False)
    cost = {
        id(v): abs(float(c))
        for v, c in zip(found.linear_vars, found.linear_coefs, strict=True)
    }
    decisions = first_decisions(model)
    mean = float(np.mean([cost.get(id(v), 0.0) for v in decisions] or [1.0]))
    least = RHO_MIN * (mean or 1.0)
    return [(id(v), pull * max(cost.get(id(v), 0.0), least)) for v in decisions]


def hedge(
    samples: Sequence[Scenario],
    recourse: Recourse,
    *,
    chances: Floats | None = None,
    iterations: int = 50,
    gap: float = 0.01,
    sample_gap: float = 1e-4,
    pull: float = PULL,
    time_limit_s: float | None = None,
    is_quiet: bool = False,
) -> Hedged:
    """Progressive hedging with bounds and plans beside it; call it on every rank.

    Parameters
    ----------
    samples, recourse, chances
        As `scenario_creator`.
    iterations
        Of progressive hedging, at most.
    gap
        Stop when (plan - bound) / plan is at most this.  [-]
    sample_gap
        Gap to which each sample is solved.  [-]
    pull
        See `pulls`.  [-]
    time_limit_s
        Stop after.  [s]
    is_quiet
        Do not tell on stderr how far it is.

    Raises
    ------
    WasteplanError
        `mpi-sppy` is not installed, or the ranks are not three or a multiple.
    """
    _ranks_needed(rank_and_size()[1])
    with _told(is_quiet):
        _logs_elsewhere()
        return _spun(
            samples,
            {"samples": samples, "recourse": recourse, "chances": chances},
            _settings(iterations, gap, sample_gap, time_limit_s),
            functools.partial(pulls, pull=pull),
        )


def _settings(
    iterations: int, gap: float, sample_gap: float, time_limit_s: float | None
) -> Any:
    """What `mpi-sppy` asks to be told."""
    from mpisppy.utils import config

    cfg = config.Config()
    for group in ("popular", "two_sided", "ph", "lagrangian", "xhatshuffle"):
        getattr(cfg, f"{group}_args")()
    cfg.solver_name = SOLVER
    cfg.max_iterations = iterations
    cfg.default_rho = 1.0
    cfg.rel_gap = gap
    cfg.solver_options = f"mip_rel_gap={sample_gap}"
    cfg.linearize_binary_proximal_terms = True
    if time_limit_s is not None:
        cfg.time_limit = int(time_limit_s)
    return cfg


def _spun(
    samples: Sequence[Scenario], kwargs: dict[str, Any], cfg: Any, rho: Any
) -> Hedged:
    from mpi4py import MPI
    from mpisppy.spin_the_wheel import WheelSpinner
    from mpisppy.utils import cfg_vanilla as vanilla

    world = MPI.COMM_WORLD
    names = [f"sample_{k}" for k in range(1, len(samples) + 1)]
    every = (cfg, scenario_creator, _nothing_after, names)
    own = {"scenario_creator_kwargs": kwargs, "rho_setter": rho}
    hub = vanilla.ph_hub(*every, **own)
    bounds = vanilla.lagrangian_spoke(*every, **own)
    plans = vanilla.xhatshuffle_spoke(*every, scenario_creator_kwargs=kwargs)
    wheel = WheelSpinner(hub, [bounds, plans])
    wheel.spin()
    found = _gathered(wheel, world)
    agreed = next((a for a in world.allgather(_agreed(wheel)) if a is not None), None)
    return from_first_rank(lambda: _better(found, agreed, **kwargs))


def _agreed(wheel: Any) -> Floats | None:
    """(decisions,): what samples have come to in the end, where they were hedged.

    The ranks that try plans may not have seen it in time.
    """
    if not wheel.on_hub():
        return None
    sample = next(iter(wheel.spcomm.opt.local_scenarios.values()))
    mean = sample._mpisppy_model.xbars
    return np.round([pyo.value(mean[i]) for i in sample._mpisppy_data.nonant_indices])


def _better(
    found: Hedged,
    agreed: Floats | None,
    samples: Sequence[Scenario],
    recourse: Recourse,
    chances: Floats | None,
) -> Hedged:
    """The plan found, or the one that samples agreed on if it costs less."""
    if agreed is None or np.array_equal(agreed, found.decisions):
        return found
    problems = [problem(sampled(s, recourse)) for s in samples]
    try:
        plans = follow_all(problems, [agreed])
    except NoAnswer:  # decisions rounded from a mean need not stand together
        return found
    cost = np.array([followed.total for followed in plans[0]])
    mean = float(chances_of(len(samples), chances) @ cost)
    if mean >= found.objective:
        return found
    return replace(found, decisions=agreed, objective=mean)


def _nothing_after(_rank: int, _name: str, _model: Any) -> None:
    """There is nothing to be done with a sample at the end."""


def _gathered(wheel: Any, world: Any) -> Hedged:
    """The best plan, wherever it was found, on every rank."""
    found: list[tuple[str, float]] = []
    wheel.write_first_stage_solution("", _keeper(found))
    plans = [kept for kept in world.allgather(found) if kept]
    ends = (wheel.BestInnerBound, wheel.BestOuterBound) if wheel.on_hub() else None
    objective, bound = next(e for e in world.allgather(ends) if e is not None)
    if not plans:
        raise WasteplanError("progressive hedging found no plan: allow more iterations")
    return Hedged(
        tuple(name for name, _ in plans[0]),
        np.round([value for _, value in plans[0]]),
        float(objective),
        float(bound),
        world.size,
    )


def _keeper(found: list[tuple[str, float]]) -> Callable[[str, Any, bool], None]:
    """A writer for `mpi-sppy` that keeps the decisions in a list."""

    def keep(_file: str, scenario: Any, _bundling: bool) -> None:
        root = scenario._mpisppy_node_list[0]
        found.extend((v.name, float(pyo.value(v))) for v in root.nonant_vardata_list)

    return keep
