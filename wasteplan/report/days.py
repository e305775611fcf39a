"""One simulated run day by day: stock, waits at the gates, tonnes turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wasteplan.report.document import Chart, Column, Table
from wasteplan.report.frames import sums
from wasteplan.report.numbers import number_text
from wasteplan.report.subject import Subject, rank
from wasteplan.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult

STOCKS_MAX = 8
"""Bunkers drawn per period, the fullest first."""
GATES_MAX = 4
"""Gates whose waits are drawn, the longest waits first."""
MINUTES_PER_H = 60.0
WAIT_MIN = 1.0
"""A gate is drawn if trucks wait longer than this on some day.  [min]"""

CAUSE_NAMES = {
    "gate_closed": "Gate closed",
    "yard_full": "Yard full",
    "bunker_full": "Bunker full",
    "centre_full": "Centre full",
    "airspace_full": "Landfill full",
    "outlet_full": "Buyer's limit",
    "blend_limit": "Blend limit",
    "rejected": "Found unfit",
}


def days_chart(subject: Subject, simulation: SimulationResult) -> Chart | None:
    """Stock, wait at gates and tonnes turned away, day by day, first replication."""
    stocks = simulation.stocks
    if stocks.empty:
        return None
    by_period: dict[str, dict[str, Any]] = {}
    for period in subject.period_ids:
        found = stocks[stocks["period"] == period]
        series = _stock_lines(subject, found)
        if series:
            first, last = int(found["day"].min()), int(found["day"].max())
            trips = simulation.trips
            mine = trips[trips["period"] == period] if len(trips) else trips
            by_period[period] = {
                "first": first,
                "last": last,
                "series": series,
                "waits": _waits(subject, mine, first, last),
                "away": _away(mine, first, last),
            }
    if not by_period:
        return None
    has_waits = any(d["waits"] for d in by_period.values())
    has_away = any(d["away"] for d in by_period.values())
    return Chart(
        id="stocks",
        kind="days",
        title=_title(has_waits=has_waits, has_away=has_away),
        summary="; ".join(
            f"{subject.period_label(p)}: "
            + ", ".join(
                f"{s['name']} up to {number_text(s['most'])} t" for s in d["series"]
            )
            for p, d in by_period.items()
        ),
        data={
            "periods": [[p, subject.period_label(p)] for p in by_period],
            "by_period": by_period,
            "unit": "t",
        },
        table=_stocks_table(subject, stocks),
        height=380 + 150 * has_waits + 150 * has_away,
        is_wide=True,
        note="First replication; stock of bunkers and centres at the end of each day. "
        "Press a name to hide or show its line.",
    )


def _title(*, has_waits: bool, has_away: bool) -> str:
    """What is drawn.

    >>> _title(has_waits=False, has_away=True)
    'Day by day in one run: stock, tonnes turned away'
    """
    drawn = ["stock"]
    drawn += ["wait at the gates"] * has_waits + ["tonnes turned away"] * has_away
    return f"Day by day in one run: {', '.join(drawn)}"


def _stock_lines(subject: Subject, stocks: pd.DataFrame) -> list[dict[str, Any]]:
    most = {
        p: float(stocks.loc[stocks["place"] == p, "stock_t"].max())
        for p in set(stocks["place"])
    }
    fullest = sorted(most, key=lambda p: (-most[p], p))[:STOCKS_MAX]
    lines = []
    for i, place in enumerate(p for p in fullest if most[p] > 0):
        of_place = stocks[stocks["place"] == place].sort_values("day")
        values = [round(v) if v >= 100 else round(v, 1) for v in of_place["stock_t"]]
        lines.append(
            {
                "key": f"stock{i}",
                "name": subject.name(place),
                "most": most[place],
                "values": values,
            }
        )
    return lines


def _stocks_table(subject: Subject, stocks: pd.DataFrame) -> Table:
    keys = ["place", "period"]
    total = sums(stocks, keys, "stock_t")
    days = sums(stocks.assign(one=1.0), keys, "one")
    highest = {
        where: float(group["stock_t"].max())
        for where, group in stocks.groupby(keys, sort=True)
    }
    cells = tuple(
        (
            subject.name(place),
            subject.period_label(period),
            total[place, period] / days[place, period],
            highest[place, period],
        )
        for place, period in sorted(total, key=lambda w: (rank(subject.kind(w[0])), w))
    )
    columns = (
        Column("Place"),
        Column("Years"),
        Column("Mean stock", "t", "number"),
        Column("Highest stock", "t", "number"),
    )
    return Table("Stocks of the run drawn", columns, cells)


def _waits(
    subject: Subject, trips: pd.DataFrame, first: int, last: int
) -> list[dict[str, Any]]:
    """Mean wait of the trucks of each day, at the gates with the longest.  [min]"""
    if trips.empty:
        return []
    tipped = trips[(trips["outcome"] == "tipped") & (trips["wait_h"] > 0)]
    day = np.floor(tipped["arrive_h"] / HOURS_PER_DAY).astype(int) + 1
    minutes = tipped["wait_h"] * MINUTES_PER_H
    table = minutes.groupby([tipped["destination"], day]).mean()
    if table.empty:
        return []
    most = table.groupby(level=0).max().sort_values(ascending=False, kind="stable")
    chosen = [str(g) for g in most.index if most[g] >= WAIT_MIN][:GATES_MAX]
    days = range(first, last + 1)
    return [
        {
            "key": f"wait{i}",
            "name": subject.name(gate),
            "values": [
                round(v, 1) for v in table.loc[gate].reindex(days, fill_value=0)
            ],
        }
        for i, gate in enumerate(chosen)
    ]


def _away(trips: pd.DataFrame, first: int, last: int) -> list[dict[str, Any]]:
    """Tonnes turned away at the first gate on each day, by cause.  [t/d]"""
    if trips.empty:
        return []
    turned = trips[(trips["attempt"] == 0) & trips["outcome"].isin(list(CAUSE_NAMES))]
    day = np.floor(turned["arrive_h"] / HOURS_PER_DAY).astype(int) + 1
    table = turned["tonnes"].groupby([turned["outcome"], day]).sum()
    causes = [c for c in CAUSE_NAMES if c in table.index.get_level_values(0)]
    days = range(first, last + 1)
    return [
        {
            "key": cause,
            "name": CAUSE_NAMES[cause],
            "values": [round(v) for v in table.loc[cause].reindex(days, fill_value=0)],
        }
        for cause in causes
    ]
