"""Who gains and who loses by a plan, and what it costs to make the losers whole."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from wasteplan.indicators.accounts import actor_accounts

TRANSITION_COLUMNS = {
    "period": "period id; amounts are of its last year",
    "group": "informal, generators, workers, neighbours, operator, public",
    "who": "trade, technology, site or the group itself",
    "quantity": "what is compared",
    "unit": "its unit",
    "without": "in the status quo; without any measure, if there is none",
    "with_plan": "under the plan",
    "change": "with_plan - without",
    "verdict": "gains, loses, same or unknown",
    "to_make_whole": "money that makes up for a loss [money/y]; empty: none or unknown",
    "people": "how many it is about; empty where nobody counted",
    "note": "what the number leaves out",
}
SAME = 1e-9  # of the larger of two numbers: rounding
GAINS, LOSES, UNCHANGED, UNKNOWN = "gains", "loses", "same", "unknown"
NAN = float("nan")
ACTORS = (
    ("generator", "generators", 1.0, "charges and purchases; no expected penalties"),
    ("operator", "operator", 1.0, "capital charge included"),
    ("public", "public", NAN, "pays for measures and makes others whole"),
)
"""Actor, group, worth of a loss, note."""
NO_WAGE = "no wage is stated ([finance] wage_per_y)"
NO_PRICE = "worth to them not estimated"
NOT_COUNTED = "how many pick there, and what they earn, is not modelled"


@dataclass(frozen=True)
class PlanTables:
    """Tables of the evaluation of a plan."""

    costs: pd.DataFrame
    transfers: pd.DataFrame
    facilities: pd.DataFrame
    informal: pd.DataFrame


@dataclass(frozen=True)
class Row:
    """One line, before its verdict."""

    group: str
    who: str
    quantity: str
    unit: str
    without: float
    with_plan: float
    more_is_better: bool
    worth: float = NAN
    """Money per unit of what is lost; NaN unknown or not to be made up for."""
    people: float = NAN
    note: str = ""


def just_transition(
    plan: PlanTables,
    before: PlanTables | None,
    last_years: Mapping[str, int],
    *,
    wage_per_y: float | None = None,
    people: Mapping[str, float] | None = None,
    landfills: Collection[str] = (),
) -> pd.DataFrame:
    """Every group in the last year of every period (columns `TRANSITION_COLUMNS`).

    Parameters
    ----------
    plan, before
        Tables of the plan and of the status quo.  Without a status quo, trades are
        compared with themselves without measures, and the others are unknown.
    last_years
        Period -> its last year.
    wage_per_y
        What a lost job is made up for with.  [money/y]
    people
        Site -> people affected by it.
    landfills
        Technologies that bury waste.  Where they take less, pickers on the site find
        less, if there are any; nobody has counted them, so the loss has no price.
    """
    rows = []
    for period, year in last_years.items():
        found = [
            *_informal(plan, before, period),
            *_pickers_on_landfills(plan, before, period, landfills),
            *_actors(plan, before, year),
            *_workers(plan, before, period, NAN if wage_per_y is None else wage_per_y),
            *_neighbours(plan, before, period, people or {}),
        ]
        rows += [_line(period, row) for row in found]
    return pd.DataFrame(rows, columns=list(TRANSITION_COLUMNS))


def cost_to_make_whole(table: pd.DataFrame, period: str) -> float:
    """What all losses that have a price cost in a period.  [money/y]"""
    part = table[table["period"] == period]
    return float(part["to_make_whole"].sum())


def _line(period: str, row: Row) -> tuple[str | float, ...]:
    change = row.with_plan - row.without
    verdict, loss = _verdict(row, change), 0.0
    if verdict == LOSES:
        loss = abs(change) * row.worth
    return (
        period,
        row.group,
        row.who,
        row.quantity,
        row.unit,
        row.without,
        row.with_plan,
        change,
        verdict,
        loss if loss > 0 else NAN,
        row.people,
        row.note,
    )


def _verdict(row: Row, change: float) -> str:
    if math.isnan(change):
        return UNKNOWN
    if abs(change) <= SAME * max(abs(row.without), abs(row.with_plan), 1.0):
        return UNCHANGED
    return GAINS if (change > 0) == row.more_is_better else LOSES


def _informal(
    plan: PlanTables, before: PlanTables | None, period: str
) -> Iterator[Row]:
    """Material and income of every trade."""
    known = {} if before is None else _by_trade(before.informal, period)
    for trade, now in _by_trade(plan.informal, period).items():
        was = known.get(trade)
        material = now["taken_without_t"] if was is None else was["taken_t"]
        income = now["income_without"] if was is None else was["income"]
        head = ("informal", trade)
        people = float(now["workers"])
        yield Row(
            *head,
            "material taken before collection",
            "t/y",
            float(material),
            float(now["taken_t"]),
            True,
            people=people,
            note="its loss is in the income",
        )
        covered = float(now["workers_covered"])
        note = f"{covered:,.0f} covered by social protection" if covered else ""
        yield Row(
            *head,
            "income of all its people",
            "money/y",
            float(income),
            float(now["income"]),
            True,
            1.0,
            people,
            note,
        )


def _pickers_on_landfills(
    plan: PlanTables, before: PlanTables | None, period: str, landfills: Collection[str]
) -> Iterator[Row]:
    """Waste that comes within reach of those who pick on landfills and dumps."""
    if before is None:
        return
    now, was = (
        _sums(
            t.facilities[t.facilities["technology"].isin(list(landfills))],
            period,
            "site",
            "throughput_t_per_y",
        )
        for t in (plan, before)
    )
    for site in sorted(s for s, tonnes in was.items() if tonnes > 0):
        yield Row(
            "informal",
            site,
            "waste within reach of pickers, if any",
            "t/y",
            was[site],
            now.get(site, 0.0),
            True,
            note=NOT_COUNTED,
        )


def _by_trade(informal: pd.DataFrame, period: str) -> dict[str, pd.Series]:
    part = informal[informal["period"] == period]
    return {str(row["trade"]): row for _, row in part.iterrows()}


def _actors(plan: PlanTables, before: PlanTables | None, year: int) -> Iterator[Row]:
    """Net cost of generators, operators and the public."""
    now = _net_costs(plan, year)
    was = None if before is None else _net_costs(before, year)
    for actor, group, worth, note in ACTORS:
        without = NAN if was is None else was.get(actor, 0.0)
        amount = now.get(actor, 0.0)
        yield Row(
            group,
            group,
            "net cost",
            "money/y",
            without,
            amount,
            False,
            worth,
            note=note,
        )


def _net_costs(tables: PlanTables, year: int) -> dict[str, float]:
    accounts = actor_accounts(tables.costs, tables.transfers)
    part = accounts[accounts["year"] == year]
    return {
        str(a): float(c) for a, c in zip(part["actor"], part["net_cost"], strict=True)
    }


def _workers(
    plan: PlanTables, before: PlanTables | None, period: str, wage: float
) -> Iterator[Row]:
    """Jobs at facilities, by technology."""
    now = _sums(plan.facilities, period, "technology", "jobs")
    was = (
        None
        if before is None
        else _sums(before.facilities, period, "technology", "jobs")
    )
    for technology in sorted({*now, *(was or {})}):
        without = NAN if was is None else was.get(technology, 0.0)
        jobs = now.get(technology, 0.0)
        if not jobs and not (without > 0):
            continue
        note = NO_WAGE if math.isnan(wage) and without > jobs else ""
        yield Row(
            "workers", technology, "jobs", "FTE", without, jobs, True, wage, jobs, note
        )


def _neighbours(
    plan: PlanTables,
    before: PlanTables | None,
    period: str,
    people: Mapping[str, float],
) -> Iterator[Row]:
    """Tonnes that come to every site: what those beside it live with."""
    now = _sums(plan.facilities, period, "site", "throughput_t_per_y")
    was = None
    if before is not None:
        was = _sums(before.facilities, period, "site", "throughput_t_per_y")
    for site in sorted({*now, *(was or {})}):
        without = NAN if was is None else was.get(site, 0.0)
        tonnes = now.get(site, 0.0)
        if not tonnes and not (without > 0):
            continue
        yield Row(
            "neighbours",
            site,
            "waste brought to the site",
            "t/y",
            without,
            tonnes,
            False,
            people=people.get(site, NAN),
            note=NO_PRICE,
        )


def _sums(frame: pd.DataFrame, period: str, key: str, value: str) -> dict[str, float]:
    part = frame[frame["period"] == period]
    sums = part.groupby(key)[value].sum()
    return {str(k): float(v) for k, v in sums.items()}
