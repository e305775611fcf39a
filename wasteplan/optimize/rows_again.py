"""Planner-facing rows written again by the family that wrote them.

After a target, a price or a tonnage has changed, the families that read it are asked
for their rows once more, as columns and numbers (`lines.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from wasteplan.optimize.burdens import jobs_floor
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import Problem
from wasteplan.optimize.horizon import horizon_limits
from wasteplan.optimize.informal import informal_income
from wasteplan.optimize.lines import Row, StandIn
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
READ_BY: Mapping[str, frozenset[str]] = {
    "landfill_diversion": frozenset({"generation"}),
    "recycling": frozenset({"generation"}),
    "capex_budget": frozenset(),
    "jobs_floor": frozenset(),
    "emissions_cap": frozenset({"generation"}),
    "horizon_limits": frozenset({"generation", "prices", "outlets"}),
    "informal_income": frozenset({"generation", "prices"}),
}
"""Family -> the tables beside `targets` that its rows read."""
WITH_SLUDGE = frozenset({"landfill_diversion", "recycling"})
"""Families in which what effluent plants put out counts times the level."""
THROUGHPUT = "throughput"
"""What a tonne taken counts for moves with prices, and with levels where sludge does;
never with tonnages."""
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
    places: dict[int, dict[int, int]] = field(default_factory=dict)
    places_beside: dict[int, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the rows by family."""
        self.of_family = {}
        for (family, index), row in self.problem.row_of.items():
            self.of_family.setdefault(family, {})[index] = row

    @cached_property
    def are_known(self) -> bool:
        """Whether it is known what every row reads; the user's own are not."""
        named = {f.__name__ for f in FAMILY_OF_METRIC.values()}
        named |= {name for more in BESIDE.values() for name in more}
        return self.of_family.keys() <= UNMOVED | named | {BY_ARRAYS}

    def write_again(
        self, family: Any, data: PlanningData, into: Problem, *, in_full: bool
    ) -> None:
        """Put the rows of a family, as they read now, into a problem.

        Parameters
        ----------
        in_full
            Whether coefficients of throughput may have moved too.

        Raises
        ------
        PatternMoved
            Other rows or other columns than before.
        """
        found = dict((self._full if in_full else self._short).rows_of(family, data))
        if found.keys() != {family.__name__, *BESIDE.get(family.__name__, ())}:
            raise PatternMoved(family.__name__)
        for name, now in found.items():
            rows = self.of_family.get(name, {})
            if now.keys() != rows.keys():
                raise PatternMoved(name)
            for index, row in rows.items():
                places = self._places(row)
                if not in_full:
                    places = self._places_beside(row)
                _put(into, row, now[index], places)

    @cached_property
    def _full(self) -> StandIn:
        return StandIn(self.problem.model, self.problem.column_of)

    @cached_property
    def _short(self) -> StandIn:
        return StandIn(self.problem.model, self.problem.column_of, (THROUGHPUT,))

    def _places(self, row: int) -> dict[int, int]:
        """Column -> place in the matrix, of the entries of a row."""
        if row not in self.places:
            a = self.problem.matrix
            start, end = int(a.indptr[row]), int(a.indptr[row + 1])
            columns = a.indices[start:end].tolist()
            self.places[row] = dict(zip(columns, range(start, end), strict=True))
        return self.places[row]

    def _places_beside(self, row: int) -> dict[int, int]:
        """The same without columns of throughput."""
        if row not in self.places_beside:
            taken = set(self.problem.feed_columns[0].ravel().tolist())
            every = self._places(row).items()
            self.places_beside[row] = {j: at for j, at in every if j not in taken}
        return self.places_beside[row]

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


def _put(p: Problem, row: int, now: Row, places: dict[int, int]) -> None:
    """Coefficients and limits of a row, in place."""
    values = now.values()
    if values.keys() != places.keys():
        raise PatternMoved(f"row {row}")
    for column, value in values.items():
        p.matrix.data[places[column]] = value
    p.row_lower[row], p.row_upper[row] = now.lower, now.upper
