"""How full the facilities are, by mass and by heat, and how landfills fill up."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wasteplan.report.document import Chart, Column, Section, Table, listed
from wasteplan.report.frames import rows, sums
from wasteplan.report.numbers import is_known, number_text, percent_text
from wasteplan.report.subject import Subject, rank


def plants_section(subject: Subject) -> Section | None:
    """Utilisation and airspace; None without facilities."""
    facilities = subject.evaluation.facilities
    if facilities.empty:
        return None
    charts = [_utilisation(subject, facilities)]
    airspace = _airspace(subject, facilities)
    if airspace is not None:
        charts.append(airspace)
    return Section(
        "plants",
        "How full the facilities are",
        _lead(subject),
        tuple(charts),
        short="Facilities",
    )


def loads(subject: Subject, row: Any) -> tuple[float | None, float | None]:
    """Mass and heat taken as shares of what is available in the year.  [-]

    Nameplate mass counts times availability, and with the overload of a line that has a
    heat rating; the heat capacity of the table is the available one already.
    """
    technology = subject.scenario.technology.get(row.technology)
    available = 1.0
    if technology is not None:
        available = technology.availability or 1.0
        if is_known(row.heat_capacity_tj_per_y):
            available *= technology.mass_overload_max

    def load(used: Any, capacity: Any, factor: float = 1.0) -> float | None:
        if not is_known(used) or not is_known(capacity) or capacity <= 0:
            return None
        return float(used) / (float(capacity) * factor)

    return (
        load(row.throughput_t_per_y, row.capacity_t_per_y, available),
        load(row.heat_tj_per_y, row.heat_capacity_tj_per_y),
    )


def binding_rows(subject: Subject) -> tuple[tuple[Any, ...], ...]:
    """Facility, what limits it and in which years, one row per facility and limit."""
    found: dict[tuple[str, str], list[Any]] = {}
    for r in rows(subject.evaluation.facilities):
        if r.binding and r.sizes != "":  # what is closed limits nothing
            found.setdefault((r.plant, r.binding), []).append(r)
    return tuple(
        (
            subject.name(plant),
            limit,
            subject.years_span(r.period for r in members),
            max(
                (r.utilisation for r in members if is_known(r.utilisation)),
                default=None,
            ),
        )
        for (plant, limit), members in found.items()
    )


def _utilisation(subject: Subject, facilities: pd.DataFrame) -> Chart:
    by_period = {}
    for period in subject.period_ids:
        of_period = facilities[facilities["period"] == period]
        drawn = [
            [*subject.two_names(r.plant), *loads(subject, r), r.binding, r.plant]
            for r in rows(of_period)
            if r.sizes or r.throughput_t_per_y > 0
        ]
        by_period[period] = sorted(drawn, key=lambda bar: rank(subject.kind(bar[-1])))
    most = max(len(drawn) for drawn in by_period.values())
    return Chart(
        id="utilisation",
        kind="loads",
        title="Load in the last year of the period",
        summary=_summary(subject, facilities),
        data={
            "periods": [[p, subject.period_label(p)] for p in by_period],
            "by_period": by_period,
        },
        table=_table(subject, facilities),
        height=90 + 46 * most,
        is_wide=True,
        note="100\u00a0% is what a facility can take in a year at its availability. "
        "Dry waste fills a line by heat before it fills it by mass.",
    )


def _table(subject: Subject, facilities: pd.DataFrame) -> Table:
    columns = (
        Column("Facility"),
        Column("Years"),
        Column("Throughput", "t/y", "number"),
        Column("Capacity", "t/y", "number"),
        Column("Mass load", form="share"),
        Column("Heat load", form="share"),
        Column("Heating value", "MJ/kg", "number"),
        Column("Binds"),
        Column("Electricity, net", "MWh/y", "number"),
        Column("Jobs", "FTE", "number"),
    )
    cells = tuple(
        (
            subject.name(r.plant),
            subject.period_label(r.period),
            r.throughput_t_per_y,
            r.capacity_t_per_y,
            *loads(subject, r),
            r.lhv_mj_per_kg,
            r.binding,
            r.electricity_mwh_per_y,
            r.jobs,
        )
        for r in rows(facilities)
    )
    return Table("Facilities at work", columns, cells)


def _summary(subject: Subject, facilities: pd.DataFrame) -> str:
    last = subject.period_ids[-1]
    parts = [
        f"{subject.name(r.plant)} {percent_text(r.utilisation, 0)}"
        for r in rows(facilities[facilities["period"] == last])
        if is_known(r.utilisation)
    ]
    return f"Utilisation in {subject.period_label(last)}: " + "; ".join(parts)


def _lead(subject: Subject) -> str:
    full = binding_rows(subject)
    if not full:
        return "No facility reaches its limit in any period."
    words = [f"{name} (by {limit}, {years})" for name, limit, years, _ in full]
    return f"At their limit: {listed(words, 4)}."


def _airspace(subject: Subject, facilities: pd.DataFrame) -> Chart | None:
    known = facilities[facilities["airspace_left_m3"].notna()]
    if known.empty:
        return None
    left = sums(known, ["plant", "period"], "airspace_left_m3")
    used = sums(known, ["plant", "period"], "airspace_used_m3")
    landfills = list(dict.fromkeys(known["plant"]))
    labels = [str(p.last_year) for p in subject.periods]
    series = [
        {
            "key": f"landfill{i}",
            "name": _landfill_name(subject, plant, landfills),
            "values": [_share_left(left, used, (plant, p)) for p in subject.period_ids],
        }
        for i, plant in enumerate(landfills)
    ]
    columns = (
        Column("Landfill"),
        *(Column(f"Left, end of {label}", "m3", "number") for label in labels),
        Column("Used until the end", "m3", "number"),
    )
    last = subject.period_ids[-1]
    cells = tuple(
        (
            subject.name(plant),
            *(left.get((plant, p)) for p in subject.period_ids),
            used.get((plant, last)),
        )
        for plant in landfills
    )
    return Chart(
        id="airspace",
        kind="lines",
        title="Airspace left at the end of each period",
        summary="; ".join(
            f"{row[0]}: {number_text(row[-2])} m3 left at the end" for row in cells
        ),
        data={"labels": labels, "unit": "%", "series": series, "label_all": False},
        table=Table("Airspace of landfills and dumps", columns, cells),
        note="Of the airspace used until then and left in what still works.",
    )


def _share_left(
    left: dict[tuple[str, ...], float],
    used: dict[tuple[str, ...], float],
    where: tuple[str, str],
) -> float | None:
    if where not in left or left[where] + used[where] <= 0:
        return None
    return left[where] / (left[where] + used[where])


def _landfill_name(subject: Subject, plant: str, landfills: list[str]) -> str:
    """The site alone where it has one landfill only."""
    site = plant.partition(".")[0]
    is_alone = sum(p.partition(".")[0] == site for p in landfills) == 1
    return subject.name(site) if is_alone else subject.name(plant)
