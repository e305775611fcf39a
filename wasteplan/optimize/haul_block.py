"""Haul flows as one block of arrays: shares of first hauls, tonnes of later hauls.

Columns, after the planner-facing ones: for every period, a share in [0, 1] per first
haul (of what the generator hands over), and kt/y per later haul.  Rows couple them to
the planner-facing columns.  Nothing here is a Pyomo object, so a million arcs cost no
more than their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wasteplan.optimize.data import PlanningData
from wasteplan.scenario.derived import price
from wasteplan.superstructure.model import NO_REGIME, Floats, Ints

MONEY_PER_T_TO_M_PER_KT = 1e-3
T_PER_KG = 1e-3
SHARE_LINKS_MAX = 250_000
"""Above this many, the strong links share <= open are left to the aggregated bounds."""


Shorts = NDArray[np.int32]
"""Row and column numbers as the solver takes them."""


@dataclass
class Rows:
    """Rows of a sparse matrix while they are collected."""

    row: list[Shorts] = field(default_factory=list)
    column: list[Shorts] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    n: int = 0

    def new(self, lower: Floats, upper: Floats) -> Ints:
        """Indices of new rows with their bounds."""
        index = np.arange(self.n, self.n + len(lower))
        self.n += len(lower)
        self.lower.append(np.asarray(lower, dtype=float))
        self.upper.append(np.asarray(upper, dtype=float))
        return index

    def put(self, row: Ints, column: Ints, value: Floats) -> None:
        """Entries of the matrix."""
        self.row.append(np.asarray(row, dtype=np.int32))
        self.column.append(np.asarray(column, dtype=np.int32))
        self.value.append(np.asarray(value, dtype=float))

    def forget(self) -> None:
        """Give back what has been made a matrix; the number of rows stays."""
        for part in (self.row, self.column, self.value, self.lower, self.upper):
            part.clear()


@dataclass(frozen=True)
class HaulBlock:
    """Columns and rows of the hauls; column 0 is the first after the planner's."""

    cost: Floats
    gross: Floats
    lower: Floats
    upper: Floats
    rows: Rows
    n_first: int
    n_later: int
    n_unserved: int
    links: range
    """Rows that say share <= open; they repeat what capacities say of fixed builds."""
    fill: Ints
    """(periods, feeds): rows that say what arrives at a plant."""
    gas: Ints | None
    """(periods,): rows of emissions of the last year, if any target needs them."""
    totals: dict[str, int]
    """Sum over all hauls and years -> its row."""

    def first_columns(self, t: int, n_before: int) -> slice:
        """Columns of the first hauls of a period."""
        start = n_before + t * self.n_first
        return slice(start, start + self.n_first)


def first_cost(data: PlanningData) -> Floats:
    """(arcs, periods): present value of sending all of a source by an arc.  [M]"""
    return shares_by_source(data) * first_unit_cost(data)


def first_unit_cost(data: PlanningData) -> Floats:
    """(arcs, periods): present value of one kt by a first haul.  [M money/(kt/y)]"""
    arcs = data.s.first
    return unit_cost(data, arcs.commodity, arcs.cost_per_t, arcs.co2_kg_per_t)


def shares_by_source(data: PlanningData) -> Floats:
    """(first hauls, periods): what a share of 1 of an arc carries.  [kt/y]"""
    return np.asarray(data.s.sources.collected_kt[data.s.first.tail])


def later_cost(data: PlanningData) -> Floats:
    """(arcs, periods): present value of one kt of the last year.  [M money/(kt/y)]"""
    arcs = data.s.later
    return unit_cost(data, arcs.commodity, arcs.cost_per_t, arcs.co2_kg_per_t)


def unit_cost(
    data: PlanningData, commodity: Ints, cost_per_t: Floats, co2_kg_per_t: Floats
) -> Floats:
    """(hauls, periods): present value of a kt of the last year.  [M money/(kt/y)]"""
    weight = data.discounted_years[commodity]
    out = weight * cost_per_t[:, None] * MONEY_PER_T_TO_M_PER_KT
    scenario = data.s.scenario
    if scenario.settings.economics.count_carbon:
        for t, span in enumerate(data.s.spans):
            prices = np.array([price(scenario, "carbon", y) for y in span.years])
            ratio = np.array([c.ratio[t] for c in data.s.commodities])
            paid = (ratio * span.discount * prices).sum(axis=1)[commodity]
            out[:, t] += paid * co2_kg_per_t * T_PER_KG * MONEY_PER_T_TO_M_PER_KT
    return np.asarray(out)


def haul_block(
    data: PlanningData,
    throughput: Ints,
    opens: Ints,
    n_before: int,
    haul_co2: Ints | None = None,
    haul_total: dict[str, int] | None = None,
    regimes: Ints | None = None,
    unplaced: Ints | None = None,
) -> HaulBlock:
    """Columns and rows of all hauls.

    Parameters
    ----------
    throughput
        (feeds, periods): planner's column of each throughput.
    opens
        (plants, periods): planner's column of `open`, -1 where always open.
    n_before
        Number of planner-facing columns.
    haul_co2
        (periods,): planner's column of haul emissions, if any target needs them.
    haul_total
        Planner's column of each sum over all hauls and years that is needed.
    regimes
        (regimes, periods): planner's column of each regime, -1 where it cannot be.
    unplaced
        (scopes, periods): planner's column of waste without a place, if any may be.
    """
    s = data.s
    n_unserved = len(s.sources.stream) if data.may_leave_waste else 0
    sizes = (len(s.first), len(s.later), n_unserved)
    first, later, unserved = _numbered(n_before, s.n_periods, sizes)
    rows = Rows()
    _collect_everything(data, rows, first, unserved, regimes)
    fill = _fill_feeds(data, rows, first, later, throughput)
    _balance_outputs(data, rows, later, throughput)
    if unplaced is not None:
        _sum_unplaced(data, rows, unserved, unplaced)
    links = _share_only_if_open(data, rows, first, opens)
    gas = _sum_emissions(data, rows, first, later, haul_co2)
    totals = dict[str, int]()
    for name, column in (haul_total or {}).items():
        totals[name] = _sum_all_years(data, rows, first, later, name, column)
    hauls = [first_cost(data).T.ravel(), later_cost(data).T.ravel()]
    cost = np.concatenate([*hauls, np.zeros(unserved.size)])
    return HaulBlock(
        cost=cost,
        gross=np.maximum(cost, 0.0),
        lower=np.zeros(len(cost)),
        upper=_most(data, later.size, unserved.size),
        rows=rows,
        n_first=sizes[0],
        n_later=sizes[1],
        n_unserved=n_unserved,
        links=links,
        fill=fill,
        gas=gas,
        totals=totals,
    )


def _most(data: PlanningData, n_later: int, n_unserved: int) -> Floats:
    """Upper bounds: a share of what is there, any tonnage, a share.  [-, kt/y, -]"""
    first = data.is_there[data.s.first.tail].T.astype(float).ravel()
    return np.concatenate([first, np.full(n_later, np.inf), np.ones(n_unserved)])


def _numbered(start: int, n_t: int, sizes: tuple[int, ...]) -> list[Ints]:
    """Column numbers of blocks that follow each other, (periods, size) each."""
    found = []
    for size in sizes:
        found.append(start + np.arange(size * n_t).reshape(n_t, size))
        start += size * n_t
    return found


def _collect_everything(
    data: PlanningData, rows: Rows, first: Ints, unserved: Ints, regimes: Ints | None
) -> None:
    """All that does not leak is sent somewhere: shares of a source sum to 1.  [-]

    Under a regime of measures: to the regime's binary, so to 0 while it is not chosen.
    """
    regime = data.s.sources.regime
    for t in data.periods:
        some = np.flatnonzero(data.is_there[:, t])
        index = np.full(len(data.s.sources.stream), -1, dtype=np.int64)
        whole = np.where(regime[some] == NO_REGIME, 1.0, 0.0)
        index[some] = rows.new(whole, whole)
        chosen = some[regime[some] != NO_REGIME]
        if regimes is not None and len(chosen):
            rows.put(index[chosen], regimes[regime[chosen], t], -np.ones(len(chosen)))
        used = index[data.s.first.tail] >= 0
        rows.put(
            index[data.s.first.tail][used], first[t][used], np.ones(int(used.sum()))
        )
        if unserved.size:
            rows.put(index[some], unserved[t][some], np.ones(len(some)))


def _sum_unplaced(
    data: PlanningData, rows: Rows, unserved: Ints, unplaced: Ints
) -> None:
    """Waste without a place, by region and stream.  [kt/y]"""
    s = data.s.sources
    number = {scope: k for k, scope in enumerate(data.scopes)}
    which = [number[pair] for pair in zip(s.region, s.stream, strict=True)]
    for t in data.periods:
        index = rows.new(np.zeros(len(number)), np.zeros(len(number)))
        rows.put(index, unplaced[:, t], np.ones(len(number)))
        rows.put(index[which], unserved[t], -s.collected_kt[:, t])


def _fill_feeds(
    data: PlanningData, rows: Rows, first: Ints, later: Ints, throughput: Ints
) -> Ints:
    """What a plant takes is what is hauled to it.  [kt/y]

    Returns the rows, (periods, feeds).
    """
    n = len(data.s.feeds.plant)
    found = np.zeros((data.s.n_periods, n), dtype=np.int64)
    for t in data.periods:
        index = rows.new(np.zeros(n), np.zeros(n))
        found[t] = index
        rows.put(index, throughput[:, t], np.ones(n))
        kt = data.s.sources.collected_kt[data.s.first.tail, t]
        rows.put(index[data.s.first.feed], first[t], -kt)
        rows.put(index[data.s.later.feed], later[t], -np.ones(len(data.s.later)))
    return found


def _balance_outputs(
    data: PlanningData, rows: Rows, later: Ints, throughput: Ints
) -> None:
    """What a plant puts out is hauled on, commodity by commodity.  [kt/y]"""
    feeds, arcs = data.s.feeds, data.s.later
    pairs = {pair: i for i, pair in enumerate(data.outputs)}
    plant_of_out = feeds.plant[feeds.out_feed]
    made = np.array(
        [
            pairs[int(p), int(c)]
            for p, c in zip(plant_of_out, feeds.out_commodity, strict=True)
        ],
        dtype=np.int64,
    )
    sent = np.array(
        [pairs[int(p), int(c)] for p, c in zip(arcs.tail, arcs.commodity, strict=True)],
        dtype=np.int64,
    )
    for t in data.periods:
        index = rows.new(np.zeros(len(pairs)), np.zeros(len(pairs)))
        rows.put(index[sent], later[t], np.ones(len(sent)))
        rows.put(index[made], throughput[feeds.out_feed, t], -feeds.out_share)


def emissions_of_first(data: PlanningData, t: int) -> Floats:
    """(arcs,): emissions if all of a source goes along an arc.  [kt CO2e]"""
    kt = data.s.sources.collected_kt[data.s.first.tail, t]
    return np.asarray(kt * data.s.first.co2_kg_per_t * T_PER_KG)


def _sum_emissions(
    data: PlanningData, rows: Rows, first: Ints, later: Ints, haul_co2: Ints | None
) -> Ints | None:
    """Emissions of all hauls in the last year of a period.  [kt CO2e/y]

    Returns the rows, (periods,); None if nobody asks for them.
    """
    if haul_co2 is None:
        return None
    found = np.zeros(data.s.n_periods, dtype=np.int64)
    for t in data.periods:
        index = rows.new(np.zeros(1), np.zeros(1))
        found[t] = index[0]
        for columns, values in (
            (haul_co2[t : t + 1], np.ones(1)),
            (first[t], -emissions_of_first(data, t)),
            (later[t], -data.s.later.co2_kg_per_t * T_PER_KG),
        ):
            rows.put(np.repeat(index, len(columns)), columns, values)
    return found


def haul_totals(data: PlanningData, name: str) -> tuple[Floats, Floats]:
    """(first hauls, periods) and (later hauls, periods): what one unit adds over all
    years to a total.  [M money or kt CO2e, per share and per kt/y]
    """
    if name == "cost_total":
        return first_cost(data), later_cost(data)
    first, later = data.s.first, data.s.later
    kt = data.s.sources.collected_kt[first.tail]
    years = data.years_of_commodity
    one = kt * years[first.commodity] * (first.co2_kg_per_t * T_PER_KG)[:, None]
    return one, years[later.commodity] * (later.co2_kg_per_t * T_PER_KG)[:, None]


def _sum_all_years(
    data: PlanningData, rows: Rows, first: Ints, later: Ints, name: str, column: int
) -> int:
    """Cost or emissions of all hauls over all years.  [M money or kt CO2e]

    Returns the row.
    """
    one, two = haul_totals(data, name)
    index = rows.new(np.zeros(1), np.zeros(1))
    for columns, values in (
        (np.array([column]), np.ones(1)),
        (first.ravel(), -one.T.ravel()),
        (later.ravel(), -two.T.ravel()),
    ):
        rows.put(np.repeat(index, len(columns)), columns, values)
    return int(index[0])


def _share_only_if_open(
    data: PlanningData, rows: Rows, first: Ints, opens: Ints
) -> range:
    """A share goes only to an open plant: share <= open.  Tight, being a share.

    Shares of one stream under regimes that exclude each other stand in one row.
    Returns the rows; none where they would be too many.
    """
    before = rows.n
    if first.size > SHARE_LINKS_MAX:
        return range(before, before)
    plant = data.s.feeds.plant[data.s.first.feed]
    for t in data.periods:
        linked = np.flatnonzero(opens[plant, t] >= 0)
        one, row_of = data.by_twin(linked)
        index = rows.new(np.full(len(one), -np.inf), np.zeros(len(one)))
        rows.put(index[row_of], first[t][linked], np.ones(len(linked)))
        rows.put(index, opens[plant[one], t], -np.ones(len(one)))
    return range(before, rows.n)
