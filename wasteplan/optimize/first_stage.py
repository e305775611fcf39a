"""What is decided before the future is known: what is built, closed and set going.

All whole decisions of the planner are taken first; hauls and throughputs follow when
the sample is known.  Samples of a scenario differ in numbers only, so a decision has
the same name in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyomo.environ as pyo

from wasteplan.errors import WasteplanError
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.own import Decisions, Own
from wasteplan.superstructure.model import Ints

FOLLOWS = ("sends",)
"""Whole decisions that are taken when the sample is known: where an output goes."""
FOLLOWS_FROM_FIRST = ("open",)
"""Variables that the first decisions leave no choice to."""


def decision_columns(p: Problem) -> dict[str, int]:
    """Name -> column of every whole decision that is taken first."""
    return {
        v.name: p.column_of[id(v)]
        for v in p.model.component_data_objects(pyo.Var, active=True)
        if p.is_integer[p.column_of[id(v)]]
        and v.parent_component().local_name not in FOLLOWS
    }


def shared_columns(p: Problem) -> dict[str, int]:
    """Name -> column of all that is alike in every sample: decisions, and `open`."""
    follow = {
        v.name: p.column_of[id(v)]
        for name in FOLLOWS_FROM_FIRST
        for v in getattr(p.model, name).values()
    }
    return decision_columns(p) | follow


def same_decisions(problems: Sequence[Problem]) -> tuple[str, ...]:
    """The names of the decisions, which must be those of every sample.

    Raises
    ------
    WasteplanError
        Samples that offer different options; the text names some of them.
    """
    first = problems[0]
    names, known = tuple(decision_columns(first)), _options(first)
    for k, p in enumerate(problems[1:], start=2):
        other = _options(p)
        differ = sorted(str(x) for x in set(known) ^ set(other))
        differ += sorted(set(names) ^ set(decision_columns(p)))
        if differ or known != other:
            shown = ", ".join(differ[:3]) or "their order"
            raise WasteplanError(
                f"sample {k} offers other decisions than sample 1 ({shown}): what is "
                "decided first must be the same in all samples; leave lifetimes, lead "
                "times, opening years and the choice of options out of the ranges"
            )
    return names


def _options(p: Problem) -> list[tuple[str, ...]]:
    """What can be built, closed or set going, and when, in the problem's order."""
    s = p.data.s
    options = [
        (s.plants[o.plant].id, o.size or o.facility, str(o.works.astype(int).tolist()))
        for o in s.options
    ]
    return options + [
        (r.name, str([int(may) for may in r.may_work])) for r in s.regimes
    ]


def columns_of(p: Problem, names: Sequence[str]) -> Ints:
    """Columns of decisions by name."""
    known = decision_columns(p)
    return np.array([known[name] for name in names], dtype=np.int64)


def decided(values: Mapping[str, float]) -> Own:
    """An own constraint: every whole decision is as given."""

    def fix(d: Decisions) -> Iterator[tuple[str, object]]:
        for name, variable in d.whole():
            if name in values:
                yield f"decided_{name}", variable == round(values[name])

    return fix
