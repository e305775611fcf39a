"""A year of shipments month by month: reported ones, or those of the simulation."""

from __future__ import annotations

import calendar
from typing import Any

import pandas as pd

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.frames import rows
from wasteplan.report.numbers import number_text, percent_text
from wasteplan.report.subject import Subject
from wasteplan.shipments.exceptions import KINDS
from wasteplan.shipments.routes import FATES
from wasteplan.study.monthly import Months, monthly
from wasteplan.study.simulated_shipments import handed_over_by, simulated_shipments

FATE_LOOKS = {
    "landfill": ("disposal", "Landfilled"),
    "discharge": ("informal", "Discharged to water"),
    "incineration": ("leakage", "Burnt without energy recovery"),
    "energy_recovery": ("combustion", "Energy recovery"),
    "recycling": ("recycling", "Recycled"),
    "interim": ("storage", "Sorted, stored or passed on"),
    "unknown": ("centre", "Route unknown"),
}
"""Colour and words of every fate."""

MONTHS = tuple(calendar.month_abbr[m] for m in range(1, 13))
KIND_NAMES = {kind: kind.replace("_", " ").capitalize() for kind in KINDS}
LEADS = {
    "simulated": "Simulated: nobody reported these shipments. They are the loads of "
    "one run over the last year of each period, told as consignment notes would tell "
    "them, so that they can be compared with real reports later.",
    "reported": "Reported shipments, as the parties told them.",
    "mixed": "Reported and simulated shipments together: no picture of a real year.",
}
NOTE = (
    "Tonnes are those handed over by generators; residues and loads of transfer "
    "stations lower the diversion of the month in which they are landfilled. Waste "
    "that leaks or that nobody reports is not in it."
)
ERRORS_NOTE = (
    "Declared tonnes of simulated loads carry a made-up error of 10\u00a0%, which sets "
    "off most of the quantity mismatches; full trucks of one type that leave a place "
    "in the same second look like duplicates."
)


def months_section(subject: Subject) -> Section | None:
    """Waste, diversion and exceptions by month; None without any shipments."""
    table = subject.shipments
    if table is None:
        trips = getattr(subject.simulation, "trips", None)
        if trips is None or trips.empty:
            return None
        own = trips.assign(origin=handed_over_by(trips))
        table = simulated_shipments(subject.scenario, own)
    found = monthly(subject.scenario, table)
    if found.table.empty:
        return None
    odd = _exceptions_chart(found)
    charts = [_waste_chart(found), *([odd] if odd is not None else [])]
    return Section(
        "months",
        "The year month by month",
        LEADS[found.data],
        tuple(charts),
        short="Months",
    )


def _waste_chart(found: Months) -> Chart:
    """Tonnes of each month by where they went first."""
    by_year = {}
    for year, of_year in found.table.groupby("year"):
        values = of_year.set_index("month").reindex(range(1, 13)).fillna(0.0)
        series = [
            {"key": key, "name": name, "values": values[f"{fate}_t"].round(1).tolist()}
            for fate, (key, name) in FATE_LOOKS.items()
            if values[f"{fate}_t"].sum() > 0
        ]
        by_year[year] = {"labels": list(MONTHS), "series": series}
    return Chart(
        id="months-waste",
        kind="stack",
        title=f"Waste handed over by month, {found.data}",
        summary=_summary(found),
        data=_chosen(by_year, "t"),
        table=_table(found),
        height=360,
        is_wide=True,
        note=NOTE,
    )


def _exceptions_chart(found: Months) -> Chart | None:
    """Exceptions of each month by kind; None if there are none."""
    odd = found.exceptions
    if odd.empty:
        return None
    by_year = {}
    for year in sorted(set(found.table["year"])):
        of_year = odd[odd["year"] == year]
        wide = of_year.pivot_table(index="month", columns="kind", values="n")
        wide = wide.reindex(range(1, 13)).fillna(0)
        series = [
            {"key": kind, "name": KIND_NAMES[kind], "values": wide[kind].tolist()}
            for kind in KINDS
            if kind in wide
        ]
        by_year[year] = {"labels": list(MONTHS), "series": series}
    sums = odd.groupby("kind")[["n", "amount_t"]].sum()
    kinds = [kind for kind in KINDS if kind in sums.index]
    n, amount_t = sums["n"].to_dict(), sums["amount_t"].to_dict()
    cells = tuple(
        (KIND_NAMES[k], number_text(n[k], 0), amount_t[k], KINDS[k]) for k in kinds
    )
    columns = (
        Column("Exception"),
        Column("Shipments", form="written"),
        Column("Concerned", "t", "number"),
        Column("What is to be done"),
    )
    listed = "; ".join(f"{kind} {count}" for kind, count, *_ in cells)
    return Chart(
        id="months-exceptions",
        kind="stack",
        title="Exceptions by month: what the parties must look at",
        summary=listed,
        data=_chosen(by_year, "shipments"),
        table=Table("Exceptions", columns, cells),
        height=300,
        is_wide=True,
        note="" if found.data == "reported" else ERRORS_NOTE,
    )


def _chosen(by_year: dict[Any, dict[str, Any]], unit: str) -> dict[str, Any]:
    """Data of a chart of which one year is shown."""
    return {
        "periods": [[f"year:{year}", str(year)] for year in by_year],
        "by_period": {f"year:{year}": drawn for year, drawn in by_year.items()},
        "unit": unit,
    }


def _table(found: Months) -> Table:
    shown = [f for f in FATES if found.table[f"{f}_t"].sum() > 0]
    columns = (
        Column("Year", form="year"),
        Column("Month"),
        Column("Loads", form="written"),
        Column("Handed over", "t", "number"),
        *(Column(FATE_LOOKS[f][1], "t", "number") for f in shown),
        Column("Landfilled later on", "t", "number"),
        Column("Diversion, low", form="share"),
        Column("Diversion, high", form="share"),
        Column("Weighed", form="share"),
        Column("Exceptions", form="written"),
    )
    cells = tuple(
        (
            r.year, MONTHS[r.month - 1], number_text(r.n_loads, 0), r.waste_t,
            *(getattr(r, f"{f}_t") for f in shown), r.onward_landfilled_t,
            r.diversion_low, r.diversion_high, r.weighed_share,
            number_text(r.n_exceptions, 0),
        )
        for r in rows(found.table)
    )  # fmt: skip
    return Table(f"Months, {found.data}", columns, cells)


def _summary(found: Months) -> str:
    """Each year in words."""
    said = []
    for year, of_year in found.table.groupby("year"):
        if not of_year["waste_t"].sum() > 0:
            said.append(f"{year}: no waste handed over")
            continue
        low, high = (_mean(of_year, f"diversion_{end}") for end in ("low", "high"))
        tonnes = number_text(of_year["waste_t"].sum())
        said.append(
            f"{year}: {tonnes} t, diverted {percent_text(low)} to {percent_text(high)}"
        )
    return "; ".join(said)


def _mean(months: pd.DataFrame, column: str) -> float:
    """The mean of a share, weighted by tonnes.  [-]"""
    total = months["waste_t"].sum()
    return float((months[column] * months["waste_t"]).sum() / total)
