"""Pictures of an uncertainty study: spread, fans, what moves it, samples as lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wasteplan.distributions import Floats
from wasteplan.report.document import Chart, Column, Form, Table
from wasteplan.report.numbers import number_text, percent_text, rounded, scale_of
from wasteplan.study.uncertainty import Uncertainty
from wasteplan.study.uncertainty_tables import (
    headline_table,
    influence_table,
    told_of,
    year_table,
)
from wasteplan.study.uncertainty_text import factor_name

BINS = 24
LINES_MAX = 300  # samples drawn as lines
AXES_MAX = 5  # factors among the axes
TORNADO_MAX = 12
QUANTILE = "quantile"
ROUNDING = 1e-12  # of a value: a smaller spread is none
YEAR_NAMES = {"cost": "Cost of the year", "co2e_t": "Greenhouse gases of the year"}


def label_of(found: Uncertainty, headline: str) -> str:
    """What a headline is called."""
    return found.labels.get(headline, (headline, ""))[0]


def unit_of(found: Uncertainty, headline: str) -> str:
    """Its unit; shares are shown in percent."""
    unit = found.labels.get(headline, ("", ""))[1]
    if unit == "-":
        return "%"
    return unit.replace("money", found.scenario.settings.scenario.currency)


def spread_chart(found: Uncertainty) -> Chart:
    """How the main headlines of the plan are spread over the samples."""
    drawn: dict[str, dict[str, Any]] = {}
    words = []
    table = headline_table(found)
    for name in told_of(found):
        values = found.values(name)
        if not np.isfinite(values).all():
            continue
        unit = unit_of(found, name)
        counts, edges = np.histogram(_steadied(values), bins=BINS)
        marks = [[f"{q} %", rounded(np.quantile(values, q / 100))] for q in (5, 50, 95)]
        drawn[f"spread:{name}"] = {
            "edges": [rounded(e) for e in edges],
            "shares": [rounded(c) for c in counts / counts.sum()],
            "marks": marks,
            "unit": unit,
            "x_name": f"{label_of(found, name)} [{unit}]",
        }
        low, high = marks[0][1], marks[2][1]
        words.append(
            f"{label_of(found, name)}: {_said(low, unit)} to {_said(high, unit)}"
        )
    names = [[key, label_of(found, key.partition(":")[2])] for key in drawn]
    return Chart(
        id="chance-spread",
        kind="histogram",
        title="How sure the headlines are",
        summary="In nine of ten samples, " + "; ".join(words) + ".",
        data={
            "periods": names,
            "by_period": drawn,
            "choice": "Headline",
            "chosen": names[0][0] if names else "",
            "is_plain": True,
        },
        table=_headlines(found, table),
        note="Dashed lines: 5, 50 and 95 % of the samples are below.",
    )


def _steadied(values: Floats) -> Floats:
    """Values, made alike if only rounding tells them apart.

    >>> _steadied(np.array([0.7, 0.7 + 1e-16])).tolist()
    [0.7, 0.7]
    """
    is_steady = np.ptp(values) <= ROUNDING * np.abs(values).max()
    return np.full_like(values, values[0]) if is_steady else values


def _headlines(found: Uncertainty, table: pd.DataFrame) -> Table:
    columns = (
        Column("Plan"),
        Column("Headline"),
        Column("Years"),
        Column("Unit"),
        Column("As it stands", form="written"),
        Column("Mean, 95 % interval", form="written"),
        Column("5 %", form="written"),
        Column("50 %", form="written"),
        Column("95 %", form="written"),
    )
    cells = []
    for r in table.to_dict("records"):
        unit = unit_of(found, r["id"])
        mean = f"{_said(r['mean_low'], unit)} to {_said(r['mean_high'], unit)}"
        known = (r["p05"], r["p50"], r["p95"])
        spread = (_said(v, unit) for v in known)
        head = (r["plan"], r["label"], r["period"] or "all", unit)
        cells.append((*head, _said(r["central"], unit), mean, *spread))
    return Table("Headlines under uncertainty", columns, tuple(cells), is_folded=True)


def fan_chart(found: Uncertainty) -> Chart | None:
    """Cost and greenhouse gases of every year with their spread; None of one year."""
    table = year_table(found)
    table = table[table["plan"] == found.plan]
    if table["year"].nunique() < 2:  # a single year has no band to draw
        return None
    money = found.scenario.settings.scenario.currency
    drawn: dict[str, dict[str, Any]] = {}
    words = []
    for what in dict.fromkeys(table["what"]):
        mine = table[table["what"] == what]
        keys = ("p05", "p25", "p50", "p75", "p95", "central")
        divisor, word = scale_of(mine[list(keys)].to_numpy().ravel().tolist())
        unit = f"{word}{money}/y" if what == "cost" else f"{word}t CO2e/y"
        drawn[f"fan:{what}"] = {
            **{key: [rounded(v / divisor) for v in mine[key]] for key in keys},
            "labels": [str(y) for y in mine["year"]],
            "unit": unit,
        }
        last = mine.iloc[-1]
        words.append(
            f"{YEAR_NAMES[what].lower()} in {last['year']}: "
            f"{number_text(last['p05'] / divisor, 1)} to "
            f"{number_text(last['p95'] / divisor, 1)} {unit}"
        )
    return Chart(
        id="chance-fan",
        kind="fan",
        title="Every year, with its spread",
        summary="In nine of ten samples, " + "; ".join(words) + ".",
        data={
            "periods": [[key, YEAR_NAMES[key.partition(":")[2]]] for key in drawn],
            "by_period": drawn,
            "choice": "Figure",
            "chosen": next(iter(drawn)),
        },
        table=_years(table),
        height=380,
    )


def _years(table: pd.DataFrame) -> Table:
    keys = ["what", "year", "central", "mean", "p05", "p25", "p50", "p75", "p95"]
    columns = (
        Column("Figure"),
        Column("Year", form="year"),
        *(Column(key, form="number") for key in keys[2:]),
    )
    cells = tuple(
        (YEAR_NAMES[what], *rest)
        for what, *rest in table[keys].itertuples(index=False, name=None)
    )
    return Table("By year", columns, cells, is_folded=True)


def tornado_chart(found: Uncertainty, headline: str) -> Chart | None:
    """What moves a headline: expected values at the ends of each factor."""
    table = influence_table(found)
    mine = table[(table["headline"] == headline) & (table["share"] > table["noise"])]
    mine = mine.head(TORNADO_MAX)
    if mine.empty:
        return None
    unit = unit_of(found, headline)
    times = 100.0 if unit == "%" else 1.0
    drawn = [
        {
            "name": factor_name(r["factor"]),
            "low": rounded(times * r["low_end"]),
            "high": rounded(times * r["high_end"]),
            "at_low": "lowest tenth",
            "at_high": "highest tenth",
        }
        for r in mine.to_dict("records")
    ]
    cells = tuple(
        (factor_name(r["factor"]), r["share"], r["low_end"], r["high_end"])
        for r in mine.to_dict("records")
    )
    form: Form = "share" if unit == "%" else "number"
    columns = (
        Column("What is not known"),
        Column("Share of the variance", form="share"),
        Column("At its lowest tenth", "" if unit == "%" else unit, form),
        Column("At its highest tenth", "" if unit == "%" else unit, form),
    )
    top = cells[0]
    return Chart(
        id=f"chance-moves-{headline.replace('_', '-')}",
        kind="tornado",
        title=f"What moves {label_of(found, headline).lower()}",
        summary=f"Largest: {top[0]}, {percent_text(top[1], 0)} of the variance.",
        data={
            "rows": drawn,
            "base": rounded(times * float(found.values(headline).mean())),
            "unit": unit,
            "x_name": f"{label_of(found, headline)} [{unit}]",
            "is_bare": True,
        },
        table=Table(f"What moves {label_of(found, headline).lower()}", columns, cells),
        height=90 + 34 * len(drawn),
        note="Bars lead from the mean of all samples to the expected value where the "
        "number is in its lowest or highest tenth, all else uncertain as before. Left "
        "out is what explains no more than chance would.",
    )


def lines_chart(found: Uncertainty) -> Chart | None:
    """Samples as lines through what moves the result and through the headlines."""
    headlines = [n for n in told_of(found) if np.isfinite(found.values(n)).all()]
    if not headlines:
        return None
    table = influence_table(found)
    table = table[table["headline"].isin(headlines) & (table["share"] > table["noise"])]
    order = table.groupby("factor")["share"].max().sort_values(ascending=False)
    place = {name: i for i, name in enumerate(found.samples.factors)}
    axes = [
        (factor_name(f), QUANTILE, found.quantiles[:, place[f]]) for f in order.index
    ]
    axes = axes[:AXES_MAX]
    axes += [
        (label_of(found, n), unit_of(found, n), found.values(n)) for n in headlines
    ]
    first = found.values(headlines[0])
    ends = np.quantile(first, (1 / 3, 2 / 3))
    group = np.searchsorted(ends, first)
    name = label_of(found, headlines[0]).lower()
    shown = range(min(LINES_MAX, len(first)))
    groups = [
        {
            "name": f"{which} third of {name}",
            "lines": [
                [rounded(v[i], 4) for _, _, v in axes] for i in shown if group[i] == k
            ],
        }
        for k, which in enumerate(("lowest", "middle", "highest"))
    ]
    return Chart(
        id="chance-lines",
        kind="parallel",
        title="Samples as lines",
        summary=f"{len(shown)} samples; axes: {', '.join(a[0] for a in axes)}.",
        data={"axes": [_axis(*a) for a in axes], "groups": groups},
        height=460,
        is_wide=True,
        note="Numbers that are not known are shown by their quantile (0 % the low end, "
        "100 % the high end). Drag along an axis to keep the samples that pass there.",
    )


def _axis(name: str, unit: str, values: Floats) -> dict[str, Any]:
    """An axis: a quantile from 0 to 1, a headline over what is drawn of it."""
    is_quantile = unit == QUANTILE
    low, high = (0.0, 1.0) if is_quantile else (values.min(), values.max())
    head = name if is_quantile or unit == "%" else f"{name} [{unit}]"
    kind = "%" if is_quantile else unit
    return {"name": head, "unit": kind, "min": rounded(low), "max": rounded(high)}


def _said(value: Any, unit: str) -> str:
    if unit == "%":
        return percent_text(value, 1)
    return number_text(value)
