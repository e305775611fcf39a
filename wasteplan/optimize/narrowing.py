"""A first plan among the options that the relaxation makes use of.

What the relaxation builds a part of in some period may be built in any, all else that
is new is left out; the solver then searches this smaller problem, at its root alone.
Most near-identical candidates are gone by that, and what is left fits together, which
rounding one decision after the other does not see to.  (Restricting a mixed-integer
program to the support of its relaxation is an old way to a first solution.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np

from wasteplan.optimize.handover import Problem, solver
from wasteplan.optimize.running import TRIED_BEFORE_TRUSTED, run_beside
from wasteplan.superstructure.model import Floats

USED = 1e-6
NODES = 1
CLOSE = 3e-3
"""Relative gap at which the smaller problem is solved well enough."""


def among_used(
    p: Problem, is_enough: Callable[[], bool] = lambda: False
) -> Floats | None:
    """A good solution that builds only what the relaxation does.

    Parameters
    ----------
    p
        A mixed-integer program.
    is_enough
        Asked while searching: whether to stop early.

    Returns
    -------
    Floats or None
        Values of all columns; None if none was found.
    """
    if not p.is_integer.any():
        return None
    relaxed = _run(solver(p, as_lp=True), is_enough)
    if relaxed is None:
        return None
    h = solver(narrowed(p, relaxed))
    h.setOptionValue("mip_max_nodes", NODES)
    h.setOptionValue("mip_rel_gap", CLOSE)
    h.setOptionValue("mip_pscost_minreliable", TRIED_BEFORE_TRUSTED)
    return _run(h, is_enough)


def narrowed(p: Problem, relaxed: Floats) -> Problem:
    """The problem without new options that a relaxed solution never uses.

    Closings and measures stay free, and what is fixed stays as it is.
    """
    used: dict[int, bool] = {}
    columns: dict[int, list[int]] = {}
    for family in (p.model.works, p.model.build):
        for (o, _), variable in family.items():
            column = p.column_of[id(variable)]
            columns.setdefault(o, []).append(column)
            used[o] = used.get(o, False) or bool(relaxed[column] > USED)
    upper = p.upper.copy()
    for o, of_option in columns.items():
        if not used[o]:
            upper[of_option] = p.lower[of_option]
    return replace(p, upper=upper)


def _run(h: highspy.Highs, is_enough: Callable[[], bool]) -> Floats | None:
    """A solution, if the solver comes to one before it is told to stop."""
    h.setOptionValue("threads", 1)
    h.setOptionValue("random_seed", 0)

    def check(event: highspy.HighsCallbackEvent) -> None:
        event.interrupt(is_enough())

    asked = (h.cbMipInterrupt, h.cbSimplexInterrupt, h.cbIpmInterrupt)
    for called in asked:
        called.subscribe(check)
    run_beside(h)
    for called in asked:
        called.clear()
    if int(h.getInfo().primal_solution_status) != highspy.kSolutionStatusFeasible:
        return None
    return np.array(h.getSolution().col_value)
