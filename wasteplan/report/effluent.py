"""The ledger of effluent, apart from everything that is said of solid waste."""

from __future__ import annotations

import pandas as pd

from wasteplan.evaluation.effluent import effluent_costs
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import number_text
from wasteplan.report.subject import Subject

AMOUNTS = (
    "m3_per_y",
    "cod_t_per_y",
    "cod_discharged_t_per_y",
    "methane_t_per_y",
    "methane_captured_t_per_y",
    "electricity_mwh_per_y",
    "sludge_t_per_y",
    "haul_cost_per_y",
)


def effluent_section(subject: Subject) -> Section | None:
    """Where effluent is treated and what comes of it; None without effluent."""
    table = subject.evaluation.effluent
    if table.empty:
        return None
    sums = table.groupby(["technology", "period"], sort=True)[list(AMOUNTS)].sum()
    last = subject.period_ids[-1]
    own = table[table["period"] == last]
    m3, arrives = own["m3_per_y"].sum(), own["cod_t_per_y"].sum()
    left, sludge = own["cod_discharged_t_per_y"].sum(), own["sludge_t_per_y"].sum()
    on_site = own.loc[own["distance_km"] == 0, "m3_per_y"].sum()
    share = f"{1 - left / arrives:.0%}" if arrives > 0 else "no"
    lead = (
        f"In {subject.last_year(last)}, {number_text(m3)} m3 of effluent bring "
        f"{number_text(arrives)} t of chemical oxygen demand; {share} of it is "
        f"removed, {number_text(on_site)} m3 are treated or discharged on site. "
        f"{number_text(sludge)} t of sludge go on as solid waste. Effluent is in no "
        "heating value, no diversion and no cost per tonne of solid waste."
    )
    return Section(
        "effluent",
        "Effluent",
        lead.replace("%", "\u00a0%"),
        (_chart(subject, sums),),
        (_costs(subject),),
        short="Effluent",
    )


def _chart(subject: Subject, sums: pd.DataFrame) -> Chart:
    labels = [subject.period_label(p) for p in subject.period_ids]
    names = list(dict.fromkeys(sums.index.get_level_values("technology")))
    m3 = sums["m3_per_y"]
    series = [
        {
            "key": f"effluent_{name}",
            "name": subject.technology_name(name),
            "values": [float(m3.get((name, p), 0.0)) for p in subject.period_ids],
        }
        for name in names
    ]
    of_period = m3.groupby(level="period").sum()
    totals = [float(of_period.get(p, 0.0)) for p in subject.period_ids]
    return Chart(
        id="effluent",
        kind="stack",
        title="Effluent by treatment, last year of each period",
        summary="Effluent per year: "
        + "; ".join(
            f"{label} {number_text(total)} m3"
            for label, total in zip(labels, totals, strict=True)
        ),
        data={"labels": labels, "unit": "m3/y", "series": series},
        table=_amounts(subject, sums),
    )


def _amounts(subject: Subject, sums: pd.DataFrame) -> Table:
    rows = tuple(
        (
            subject.technology_name(str(technology)),
            subject.period_label(str(period)),
            *(float(amounts[name]) for name in AMOUNTS),
        )
        for (technology, period), amounts in zip(
            sums.index.to_list(), sums.to_dict("records"), strict=True
        )
    )
    return Table(
        "Effluent by treatment, last year of each period",
        (
            Column("Treatment"),
            Column("Years"),
            Column("Effluent", "m3/y", "number"),
            Column("COD that arrives", "t/y", "number"),
            Column("COD discharged", "t/y", "number"),
            Column("Methane emitted", "t/y", "number"),
            Column("Methane burnt", "t/y", "number"),
            Column("Net electricity", "MWh/y", "number"),
            Column("Sludge", "t/y", "number"),
            Column("Pipes and tankers", f"{subject.currency}/y", "number"),
        ),
        rows,
    )


def _costs(subject: Subject) -> Table:
    """Present values of the ledger by term; not part of the cost of solid waste."""
    mine = effluent_costs(subject.scenario, subject.evaluation.costs)
    by_term = mine.groupby("term", sort=True)["present_value"].sum()
    rows = [(str(term).replace("_", " "), float(v)) for term, v in by_term.items()]
    rows.append(("all", float(by_term.sum())))
    return Table(
        "Cost of effluent over all years, present value (sludge is in solid waste)",
        (Column("Term"), Column("Present value", subject.money, "number")),
        tuple(rows),
        total_at=len(rows) - 1,
        is_folded=True,
    )
