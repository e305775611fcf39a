"""Returns from shipments: what a generator, a facility or an authority reports.

Reported and simulated shipments go through the same functions.  Every table says how
much of its tonnage is weighed.  Tables name generators and facilities, never
vehicles, carriers or people.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from wasteplan.shipments.routes import FATES, NOT_DIVERTED, UNDECIDED, fates
from wasteplan.shipments.states import CANCELLED
from wasteplan.shipments.table import ShipmentTable

Span = Literal["month", "quarter", "year"]
FREQUENCY = {"month": "M", "quarter": "Q", "year": "Y"}

UNKNOWN = "unknown"


def moved(table: ShipmentTable) -> pd.DataFrame:
    """The shipments that moved waste, with day, fate and what is weighed.

    Returns
    -------
    pandas.DataFrame
        The rows without drafts, cancelled, reserved and rejected ones, and the
        columns `day` (received, or shipped if not known to be received), `fate` (see
        `routes.FATES`), `t` (tonnage, 0 if unknown), `weighed_t`, `is_unknown_t`.
        Unknown names are "unknown".
    """
    stays = table["state"].isin([*CANCELLED, "reserved", "rejected"])
    rows = table[~stays].copy()
    day = rows["received_at"].fillna(rows["shipped_at"]).fillna(rows["collected_at"])
    rows["day"] = day.dt.normalize()
    rows["fate"] = fates(rows["route"])
    rows["t"] = rows["quantity_t"].fillna(0.0)
    rows["weighed_t"] = rows["t"].where(rows["quantity_basis"] == "weighed", 0.0)
    rows["is_unknown_t"] = rows["quantity_t"].isna()
    for name in ("generator", "facility", "waste_code", "stream", "route"):
        rows[name] = _named(rows[name])
    return rows


def generator_report(
    table: ShipmentTable, *, year: int, generator: str | None = None
) -> pd.DataFrame:
    """What every generator handed over in a year, by waste, facility and route.

    Returns
    -------
    pandas.DataFrame
        `generator`, `waste_code`, `stream`, `is_hazardous`, `facility`, `route`,
        `fate`, `n_shipments`, `t`, `weighed_share` [-], `n_unknown_t` (shipments
        whose tonnage is unknown and counts as 0 here).
    """
    rows = moved(table)
    rows = rows[rows["day"].dt.year == year]
    if generator is not None:
        rows = rows[rows["generator"] == generator]
    rows = rows.assign(is_hazardous=_flag_names(rows["is_hazardous"]))
    keys = ["generator", "waste_code", "stream", "is_hazardous", "facility", "route"]
    return _totals(rows, [*keys, "fate"])


def facility_ledger(table: ShipmentTable, facility: str) -> pd.DataFrame:
    """The book of a facility: every load in the order of arrival, with a running sum.

    Returns
    -------
    pandas.DataFrame
        `received_at`, `id`, `document`, `generator`, `waste_code`, `stream`,
        `declared_t`, `received_t`, `rejected_t`, `quantity_basis`, `treated_at`,
        `route`, `state`, `year_to_date_t` (received in the calendar year so far).
    """
    rows = table[(table["facility"] == facility) & table["received_at"].notna()]
    rows = rows.sort_values(["received_at", "id"], kind="stable")
    columns = ["received_at", "id", "document", "generator", "waste_code", "stream"]
    columns += ["declared_t", "received_t", "rejected_t", "quantity_basis"]
    columns += ["treated_at", "route", "state"]
    ledger = rows[columns].reset_index(drop=True)
    is_taken = ~rows["state"].isin([*CANCELLED, "rejected"])
    taken_t = rows["quantity_t"].where(is_taken, 0.0).fillna(0.0)
    year = rows["received_at"].dt.year
    ledger["year_to_date_t"] = taken_t.groupby(year).cumsum().to_numpy()
    return ledger


def flow_matrix(
    table: ShipmentTable, *, year: int | None = None, stream: str | None = None
) -> pd.DataFrame:
    """Tonnes from every generator (row) to every facility (column).  [t]

    Parameters
    ----------
    year, stream
        Only this year, only this stream.
    """
    rows = moved(table)
    if year is not None:
        rows = rows[rows["day"].dt.year == year]
    if stream is not None:
        rows = rows[rows["stream"] == stream]
    matrix = rows.groupby(["generator", "facility"])["t"].sum().unstack().fillna(0.0)
    return matrix.sort_index().sort_index(axis=1)


def diversion_table(
    table: ShipmentTable, *, by: str | None = None, span: Span = "year"
) -> pd.DataFrame:
    """Where the waste of each span went, and how much was kept out of landfill.

    Diversion = 1 - (landfilled + discharged) / shipped.  Waste whose last step is not
    known (stored, pre-treated, no code) makes it a range: the low end counts it as
    landfilled.  The waste that nobody reported is in none of the numbers.

    Parameters
    ----------
    by
        A column to split by: generator, facility, stream or waste_code.
    span
        month, quarter or year.

    Returns
    -------
    pandas.DataFrame
        `span`, the column `by`, `t`, tonnes by fate (`landfill_t`, ...),
        `diversion_low`, `diversion_high`, `diversion_without_incineration_low`,
        `diversion_without_incineration_high`, `recycling_low` (certain recycling),
        `weighed_share`; shares are 0-1, NaN where nothing was shipped.
    """
    rows = moved(table)
    rows["span"] = _spans(rows["day"], span)
    keys = ["span"] + ([by] if by is not None else [])
    wide = rows.pivot_table(
        index=keys, columns="fate", values="t", aggfunc="sum", observed=True
    )
    wide = wide.reindex(columns=list(FATES)).fillna(0.0)
    total = wide.sum(axis=1)
    lost, open_t = (
        wide[list(NOT_DIVERTED)].sum(axis=1),
        wide[list(UNDECIDED)].sum(axis=1),
    )
    burnt = wide["incineration"] + wide["energy_recovery"]
    made = pd.DataFrame({"t": total})
    for name in FATES:
        made[f"{name}_t"] = wide[name]
    share = total.where(total > 0)
    made["diversion_low"] = 1 - (lost + open_t) / share
    made["diversion_high"] = 1 - lost / share
    made["diversion_without_incineration_low"] = 1 - (lost + open_t + burnt) / share
    made["diversion_without_incineration_high"] = 1 - (lost + burnt) / share
    made["recycling_low"] = wide["recycling"] / share
    made["weighed_share"] = rows.groupby(keys)["weighed_t"].sum() / share
    return made.reset_index()


def period_form(
    table: ShipmentTable, *, year: int, quarter: int | None = None
) -> pd.DataFrame:
    """The quarterly or annual form of an authority: by facility, code and route.

    Returns
    -------
    pandas.DataFrame
        `facility`, `waste_code`, `is_hazardous`, `route`, `fate`, `n_generators`,
        `n_shipments`, `t`, `weighed_share`, `n_unknown_t`.

    Raises
    ------
    ValueError
        The quarter is none of 1 to 4.
    """
    if quarter is not None and quarter not in (1, 2, 3, 4):
        raise ValueError(f"quarter {quarter} is none of 1, 2, 3, 4")
    rows = moved(table)
    in_span = rows["day"].dt.year == year
    if quarter is not None:
        in_span &= rows["day"].dt.quarter == quarter
    rows = rows[in_span]
    rows = rows.assign(is_hazardous=_flag_names(rows["is_hazardous"]))
    keys = ["facility", "waste_code", "is_hazardous", "route", "fate"]
    form = _totals(rows, keys)
    sources = rows.groupby(keys, observed=True)["generator"].nunique().reset_index()
    sources = sources.rename(columns={"generator": "n_generators"})
    form = form.merge(sources, on=keys, how="left")
    first = [*keys, "n_generators"]
    return form[[*first, *[c for c in form.columns if c not in first]]]


def monthly(table: ShipmentTable, *, by: str = "facility") -> pd.DataFrame:
    """Tonnes of every month (rows, as `2025-03`) by facility, stream or fate.  [t]"""
    rows = moved(table)
    month = _spans(rows["day"], "month").rename("month")
    made = rows.groupby([month, by], observed=True)["t"].sum()
    return made.unstack().fillna(0.0).sort_index()


def _totals(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Shipments and tonnes of every combination that occurs."""
    grouped = rows.groupby(keys, observed=True)
    made = grouped.agg(
        n_shipments=("t", "size"),
        t=("t", "sum"),
        weighed_t=("weighed_t", "sum"),
        n_unknown_t=("is_unknown_t", "sum"),
    ).reset_index()
    share = made["weighed_t"] / made["t"].where(made["t"] > 0)
    at = list(made.columns).index("weighed_t")
    made.insert(at, "weighed_share", share)
    return made.drop(columns="weighed_t")


def _spans(day: pd.Series[Any], span: Span) -> pd.Series[Any]:
    """The month, quarter or year of days as text; of none, "undated"."""
    names = day.dt.to_period(FREQUENCY[span]).astype(str)
    return names.mask(day.isna(), "undated")


def _named(names: pd.Series[Any]) -> pd.Series[Any]:
    """Names as plain text; a missing one is "unknown"."""
    column = pd.Categorical(names)
    texts = np.array([*map(str, column.categories), UNKNOWN], dtype=object)
    return pd.Series(texts[column.codes], index=names.index, name=names.name)


def _flag_names(flags: pd.Series[Any]) -> pd.Series[Any]:
    """yes, no or unknown."""
    return flags.astype("object").map({True: "yes", False: "no"}).fillna(UNKNOWN)
