"""What the plan costs: by term and period, and for whom."""

from __future__ import annotations

import pandas as pd

from wasteplan.indicators.accounts import actor_totals
from wasteplan.indicators.levelised import share_on_assumption
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.frames import sums
from wasteplan.report.numbers import is_known, number_text, percent_text, scale_of
from wasteplan.report.subject import Subject

TERM_NAMES = {
    "capital": "Capital",
    "land": "Land",
    "fixed_om": "Fixed O&M",
    "variable_om": "Variable O&M",
    "centre": "Centres",
    "haul": "Haul",
    "electricity": "Electricity",
    "fuel": "Fuel, coal saved",
    "heat": "Heat sold",
    "after_care": "After-care",
    "carbon": "Carbon price",
    "sales": "Sales and outlets",
}
ACTOR_NAMES = {
    "public": "Public",
    "operator": "Operators",
    "generator": "Waste generators",
    "informal": "Informal sector",
}


def costs_section(subject: Subject) -> Section | None:
    """Cost by term and period; None without costs."""
    costs = subject.evaluation.costs
    if costs.empty:
        return None
    charts = (_by_term(subject, costs), *_by_actor(subject))
    return Section(
        "costs", "What it costs", _lead(subject, costs), charts, short="Costs"
    )


def _lead(subject: Subject, costs: pd.DataFrame) -> str:
    total = float(costs["present_value"].sum())
    divisor, word = scale_of([total])
    rate = subject.scenario.settings.economics.discount_rate
    base = subject.scenario.settings.scenario.base_year
    text = (
        f"The whole plan costs {number_text(total / divisor, 2)} {word}{subject.money} "
        f"in present value of {base} at {percent_text(rate)} a year, in real terms. "
        "Gate fees, charges and subsidies between the parties are transfers and not "
        "part of it."
    )
    weak = share_on_assumption(costs, "present_value")
    if is_known(weak):
        text += (
            f" {percent_text(weak, 0)} of gross cost rests on recalled or assumed "
            "numbers."
        )
    return text


def _by_term(subject: Subject, costs: pd.DataFrame) -> Chart:
    totals = sums(costs, ["term", "period"], "amount")
    terms = _terms(costs)
    yearly = [
        [totals.get((t, p), 0.0) / subject.years_in(p) for p in subject.period_ids]
        for t in terms
    ]
    nets = [sum(column) for column in zip(*yearly, strict=True)]
    sizes = [sum(map(abs, column)) for column in zip(*yearly, strict=True)]
    divisor, word = scale_of(sizes)
    series = [
        {
            "key": f"term_{term}",
            "name": TERM_NAMES.get(term, term),
            "values": [amount / divisor for amount in amounts],
        }
        for term, amounts in zip(terms, yearly, strict=True)
    ]
    labels = [subject.period_label(p) for p in subject.period_ids]
    unit = f"{word}{subject.currency}/y"
    return Chart(
        id="cost-terms",
        kind="stack",
        title="Cost by kind, mean of the years of each period",
        summary="Net cost per year: "
        + "; ".join(
            f"{label} {number_text(net / divisor, 2)} {unit}"
            for label, net in zip(labels, nets, strict=True)
        ),
        data={
            "labels": labels,
            "unit": unit,
            "series": series,
            "net": [net / divisor for net in nets],
            "net_name": "Net cost",
            "reference": _status_quo(subject, divisor),
            "reference_name": "Status quo, net",
        },
        table=_terms_table(subject, costs, terms, yearly, labels),
        note="Bars below zero are revenue from outside the system.",
    )


def _status_quo(subject: Subject, divisor: float) -> list[float] | None:
    """Net cost of the status quo per year of each period, scaled."""
    if subject.baseline is None or subject.baseline.costs.empty:
        return None
    totals = sums(subject.baseline.costs, ["period"], "amount")
    return [
        totals.get((p,), 0.0) / subject.years_in(p) / divisor
        for p in subject.period_ids
    ]


def _terms(costs: pd.DataFrame) -> list[str]:
    """Kinds of cost that occur, in reading order."""
    found = set(costs["term"])
    return [*(t for t in TERM_NAMES if t in found), *sorted(found - set(TERM_NAMES))]


def _terms_table(
    subject: Subject,
    costs: pd.DataFrame,
    terms: list[str],
    yearly: list[list[float]],
    labels: list[str],
) -> Table:
    values = sums(costs, ["term"], "present_value")
    rows = [
        (TERM_NAMES.get(term, term), *amounts, values[term,])
        for term, amounts in zip(terms, yearly, strict=True)
    ]
    net = [sum(column) for column in zip(*yearly, strict=True)]
    columns = (
        Column("Kind of cost"),
        *(Column(label, f"{subject.currency}/y", "number") for label in labels),
        Column("Present value", subject.currency, "number"),
    )
    return Table(
        f"Cost by kind, {subject.money}",
        columns,
        (*rows, ("Net cost", *net, sum(values.values()))),
        total_at=len(rows),
    )


def _by_actor(subject: Subject) -> tuple[Chart, ...]:
    evaluation = subject.evaluation
    accounts = actor_totals(evaluation.costs, evaluation.transfers)
    order = [*ACTOR_NAMES]
    accounts = accounts.sort_values(
        "actor", key=lambda s: s.map({a: i for i, a in enumerate(order)}), kind="stable"
    ).reset_index(drop=True)
    if len(accounts) < 2:
        return ()
    divisor, word = scale_of(
        accounts[["own_cost", "paid", "received"]].abs().to_numpy().ravel().tolist()
    )
    names = [ACTOR_NAMES.get(a, a) for a in accounts["actor"]]
    unit = f"{word}{subject.currency}"
    parts = (("own_cost", "Own cost", 1), ("paid", "Paid to others", 1))
    series = [
        {"key": key, "name": name, "values": (sign * accounts[key] / divisor).tolist()}
        for key, name, sign in (*parts, ("received", "Received from others", -1))
    ]
    rows = tuple(
        zip(
            names,
            *(accounts[c] for c in ("own_cost", "paid", "received", "net_cost")),
            strict=True,
        )
    )
    columns = (
        Column("Who"),
        *(
            Column(title, subject.currency, "number")
            for title in ("Own cost", "Paid to others", "Received", "Net burden")
        ),
    )
    total = ("All", *(float(accounts[c].sum()) for c in accounts.columns[1:]))
    return (
        Chart(
            id="cost-actors",
            kind="stack",
            title="Who bears it, present value over the horizon",
            summary="Net burden: "
            + "; ".join(
                f"{name} {number_text(net / divisor, 2)} {unit}"
                for name, net in zip(names, accounts["net_cost"], strict=True)
            ),
            data={
                "labels": names,
                "unit": unit,
                "series": series,
                "net": (accounts["net_cost"] / divisor).tolist(),
                "net_name": "Net burden",
                "horizontal": True,
            },
            table=Table("Accounts by actor", columns, (*rows, total), len(rows)),
            height=120 + 56 * len(names),
            note="What one party pays another receives: the net burdens sum to the "
            "cost of the system.",
        ),
    )
