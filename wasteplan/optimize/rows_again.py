"""Planner-facing rows written again by the family that wrote them.

After a target, a price or a tonnage has changed, the families that read it are added to
the model once more; what differs in their rows is found by comparing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn

from wasteplan.optimize.burdens import jobs_floor
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.horizon import horizon_limits
from wasteplan.optimize.informal import informal_income
from wasteplan.optimize.targets import (
    capex_budget,
    emissions_cap,
    landfill_diversion,
    recycling,
)
from wasteplan.scenario.records import (
    EMISSION_METRICS,
    HORIZON_METRICS,
    INFORMAL_METRICS,
)
from wasteplan.superstructure.model import Ints

FAMILY_OF_METRIC: Mapping[str, Any] = {
    "landfill_diversion_rate": landfill_diversion,
    "recycling_rate": recycling,
    "capex": capex_budget,
    "jobs": jobs_floor,
    **dict.fromkeys(EMISSION_METRICS, emissions_cap),
    **dict.fromkeys(HORIZON_METRICS, horizon_limits),
    **dict.fromkeys(INFORMAL_METRICS, informal_income),
}
"""Metric of a target -> the family that reads it."""
BESIDE = {"landfill_diversion": ("landfill_diversion_on_paper",)}
"""Further rows that a family writes."""
UNMOVED = frozenset(
    {
        *("stays_active", "stays_closed", "one_size", "open_only_if_active"),
        *("open_if_active", "site_room", "permit", "mass_capacity", "heat_capacity"),
        *("minimum_load", "open_takers", "blend_limits", "airspace", "airspace_holds"),
        *("airspace_while_open", "site_airspace", "forced", "forbidden", "one_regime"),
        *("measures_go_on", "heat_made", "modules_beside_first", "modules_in_order"),
    }
)
"""Rows that read neither tonnages nor prices nor the level of a target."""
BY_ARRAYS = "material_bounds"
"""Rows whose one coefficient is taken from the arrays."""


class PatternMoved(Exception):
    """A row would need other columns: the problem has to be built anew."""


@dataclass(eq=False)
class Rows:
    """Rows of the families of a live problem, with the places of their entries."""

    problem: Problem
    of_family: dict[str, dict[Any, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the rows by family."""
        self.of_family = {}
        for (family, index), row in self.problem.row_of.items():
            self.of_family.setdefault(family, {})[index] = row

    @property
    def are_known(self) -> bool:
        """Whether it is known what every row reads; the user's own are not."""
        named = {f.__name__ for f in FAMILY_OF_METRIC.values()}
        named |= {name for more in BESIDE.values() for name in more}
        return self.of_family.keys() <= UNMOVED | named | {BY_ARRAYS}

    def write_again(self, family: Any, data: PlanningData, into: Problem) -> None:
        """Put the rows of a family, as they read now, into a problem.

        Raises
        ------
        PatternMoved
            Other rows or other columns than before.
        """
        m = into.model
        names = [family.__name__, *BESIDE.get(family.__name__, ())]
        for name in names:
            m.del_component(name)
        family(m, data)
        for name in names:
            rows = self.of_family.get(name, {})
            component = getattr(m, name)
            if set(component.keys()) != set(rows):
                raise PatternMoved(name)
            for index, row in rows.items():
                into.constraints[row] = component[index]
                _put(into, row, component[index])

    @cached_property
    def bounds(self) -> tuple[Ints, Ints, Ints]:
        """(feed, period, place in the matrix) of the coefficient of `open`; place -1
        where nothing can arrive.
        """
        a, opens = self.problem.matrix, self.problem.feed_columns[1]
        found = []
        for (f, t), row in self.of_family.get(BY_ARRAYS, {}).items():
            start, end = a.indptr[row], a.indptr[row + 1]
            at = np.flatnonzero(a.indices[start:end] == opens[f, t])
            found.append((f, t, start + at[0] if len(at) else -1))
        table = np.array(found, dtype=np.int64).reshape(len(found), 3)
        return table[:, 0], table[:, 1], table[:, 2]

    def material_bounds(self, into: Problem) -> None:
        """What can reach a feed: the coefficient of `open` in its row."""
        f, t, at = self.bounds
        reach = into.data.reach_kt[f, t]
        if ((reach == 0) != (at < 0)).any():
            raise PatternMoved(BY_ARRAYS)
        into.matrix.data[at[at >= 0]] = -reach[at >= 0]


def _put(p: Problem, row: int, constraint: Any) -> None:
    """Coefficients and limits of a row, in place."""
    found = generate_standard_repn(constraint.body, compute_values=True)
    values: dict[int, float] = {}
    for variable, value in zip(found.linear_vars, found.linear_coefs, strict=True):
        j = p.column_of[id(variable)]
        values[j] = values.get(j, 0.0) + value
    start, end = p.matrix.indptr[row], p.matrix.indptr[row + 1]
    columns = p.matrix.indices[start:end]
    if set(columns.tolist()) != {j for j, v in values.items() if v != 0}:
        raise PatternMoved(constraint.name)
    p.matrix.data[start:end] = [values[int(j)] for j in columns]
    constant = float(found.constant)
    low, high = pyo.value(constraint.lower), pyo.value(constraint.upper)
    p.row_lower[row] = -np.inf if low is None else low - constant
    p.row_upper[row] = np.inf if high is None else high - constant
