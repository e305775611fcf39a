"""Which numbers of a scenario are uncertain, and how: every low, central and high."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from wasteplan.distributions import (
    Distribution,
    Floats,
    discrete_quantile,
    log_normal_quantile,
    pert_quantile,
    triangular_quantile,
    uniform_quantile,
)
from wasteplan.scenario.certainty import cell_status
from wasteplan.scenario.findings import row_name
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.natural_ranges import Ends, group_of, natural_ranges
from wasteplan.scenario.range_cells import Bounds, allowed, discrete_values
from wasteplan.scenario.records import Range
from wasteplan.scenario.registry import TABLES
from wasteplan.scenario.stated import Cell
from wasteplan.tables import columns_of
from wasteplan.units import SourcedRecord

OPPOSITE = "-"
"""Before the name of a group: the number is low where the others are high."""

COLUMN = "*"
"""As row of `ranges.csv`: every filled cell of the column."""


@dataclass(frozen=True)
class UncertainNumber:
    """One cell of a scenario that is not known exactly.

    Attributes
    ----------
    table, row, column
        The cell; a row is named by its key parts joined with `/`.
    low, central, high
        In the unit of the cell.  `central` is what the scenario holds.
    distribution
        Between them; low and high are the ends of a triangular, PERT or uniform one and
        the 2.5 and 97.5 % quantiles of a log-normal one.
    group
        Numbers of one group have the same quantile in a sample (with a leading `-` the
        opposite one): they are one thing that is not known.  Empty: on its own.
    values, weights
        Of a discrete one.
    bounds
        What the cell may hold at all; what is beyond is cut.
    unit, status
        Of the cell.
    is_whole
        Whether the cell holds whole numbers; values are rounded then.
    """

    table: str
    row: str
    column: str
    low: float
    central: float
    high: float
    distribution: Distribution = "triangular"
    group: str = ""
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    bounds: Bounds = (-math.inf, math.inf)
    unit: str = ""
    status: str = "assumption"
    is_whole: bool = False

    @cached_property
    def name(self) -> str:
        """`table/row/column`."""
        return f"{self.table}/{self.row}/{self.column}"

    @property
    def factor(self) -> str:
        """What is drawn for it: its group, or the number itself."""
        return self.group.removeprefix(OPPOSITE) or self.name

    def quantile(self, share: Floats) -> Floats:
        """The values at quantiles.  Shape as given.

        >>> half = np.array([0.5])
        >>> UncertainNumber("t", "r", "c", 0.0, 1.0, 2.0).quantile(half).tolist()
        [1.0]
        """
        if self.group.startswith(OPPOSITE):
            share = 1.0 - share
        low, high = self.low, self.high
        if self.distribution == "uniform":
            found = uniform_quantile(share, low, high)
        elif self.distribution == "log_normal":
            found = log_normal_quantile(share, low, high)
        elif self.distribution == "discrete":
            found = discrete_quantile(share, self.values, self.weights)
        elif self.distribution == "pert":
            found = pert_quantile(share, low, self.central, high)
        else:
            found = triangular_quantile(share, low, self.central, high)
        found = np.clip(found, *self.bounds)
        return np.round(found) if self.is_whole else found


def uncertain_numbers(
    scenario: Scenario, distribution: Distribution | None = None
) -> list[UncertainNumber]:
    """Every number of a scenario with a range, in the order of its tables.

    A line of `ranges.csv` for the cell goes first, then one for its whole column (row
    `*`: the filled cells that lie within it), then the row's own low and high, then the
    range of the packaged catalogue for a cell that it filled.  Only what the study uses
    counts: technologies that stand or may be built, fractions of its waste.

    Without a group in `ranges.csv` a number moves with those of its natural group: the
    tonnages of one stream (`[uncertainty] waste_moves_together`); the years of one
    price or factor; the steps of one response of leakage; the sizes of one technology;
    all cells filled from the same row of the catalogue.

    Not drawn unless `ranges.csv` names them: whole numbers, lifetimes and lead times,
    with which a plan may not be possible; and shares of leakage when the settings take
    the low or the high response.

    Parameters
    ----------
    scenario
        A validated case.
    distribution
        Where `ranges.csv` does not say; None: as `[uncertainty]` has it.  A log-normal
        one is triangular where low is not above 0.
    """
    shape = distribution or scenario.settings.uncertainty.distribution
    natural = natural_ranges(scenario)
    lines = {(r.table, r.row, r.column): r for r in scenario.ranges}
    found = []
    for cell, row, line in _cells(scenario, natural, lines):
        ends = natural.get(cell)
        if ends is None:
            group = group_of(scenario, cell[0], row, cell[2])
            ends = Ends(math.nan, math.nan, group)
        number = _number(cell, row, ends, line, shape)
        if number.low < number.high or len(number.values) > 1:
            of_line = line.status if line is not None else None
            status = of_line or cell_status(scenario, cell[0], row, cell[2])
            found.append(_known(number, row, status))
    return found


def _cells(
    scenario: Scenario, natural: Mapping[Cell, Ends], lines: Mapping[Cell, Range]
) -> Iterator[tuple[Cell, SourcedRecord, Range | None]]:
    """Cells with a range of any kind, their rows, and the line of `ranges.csv`."""
    named = {(table, column) for table, _, column in (*natural, *lines)}
    for spec in TABLES:
        columns = [c for c in columns_of(spec.record) if (spec.name, c) in named]
        if not columns:
            continue
        for row in getattr(scenario, spec.name, ()):
            name = row_name(spec.name, row)
            for column in columns:
                cell, value = (spec.name, name, column), getattr(row, column)
                if value is None:
                    continue
                line = lines.get(cell)
                whole = lines.get((spec.name, COLUMN, column))
                if line is None and whole and whole.low <= value <= whole.high:
                    line = whole
                if line is not None or cell in natural:
                    yield cell, row, line


def _number(
    cell: Cell,
    row: SourcedRecord,
    ends: Ends,
    line: Range | None,
    distribution: Distribution,
) -> UncertainNumber:
    """The number of a cell by its line of `ranges.csv`, else as it stands."""
    central = float(getattr(row, cell[2]))
    low, high, group, shape = ends.low, ends.high, ends.group, distribution
    choices: dict[float, float] = {}
    if line is not None:
        low, high, group = line.low, line.high, line.group or group
        shape = line.distribution or shape
        choices = discrete_values(line.values)
    if shape == "discrete" and not choices:
        choices = dict.fromkeys((low, central, high), 1.0)
    if shape == "log_normal" and low <= 0:
        shape = "triangular"
    is_discrete = shape == "discrete"
    return UncertainNumber(
        *cell,
        low=low,
        central=central,
        high=high,
        distribution=shape,
        group=group,
        values=tuple(choices) if is_discrete else (),
        weights=tuple(choices.values()) if is_discrete else (),
    )


def _known(number: UncertainNumber, row: SourcedRecord, status: str) -> UncertainNumber:
    """The number with what its column says of it."""
    return replace(
        number,
        bounds=allowed(type(row), number.column),
        unit=columns_of(type(row))[number.column].unit,
        status=status,
        is_whole=isinstance(getattr(row, number.column), int),
    )
