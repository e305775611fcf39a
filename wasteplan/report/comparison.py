"""The page that puts runs side by side: changes, maps, and who leads."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.report.document import (
    Chart,
    Column,
    Document,
    Section,
    Table,
    listed,
)
from wasteplan.report.numbers import (
    is_known,
    number_text,
    percent_text,
    scale_of,
    signed_text,
)
from wasteplan.report.small_maps import Place, maps_chart, placed
from wasteplan.study.compare import BUILD, BUILD_KEYS, left_out_text
from wasteplan.study.side_by_side import SideBySide

FILES = "All figures are also in kpis.csv, changes.csv, simulated.csv and ranking.csv."
SMALL = 5e-4
"""Steps below this share of the largest are put together as `other`."""


def comparison_document(found: SideBySide) -> Document:
    """The page of some runs; the first is the reference."""
    currency = _currency(found)
    sections = (
        _ranking(found),
        _changes(found, currency),
        _maps(found),
        _simulated(found),
        _tables(found),
    )
    return Document(
        title="Runs side by side",
        subtitle=", ".join(found.names),
        description="",
        facts=(("Money", currency), ("Reference", found.names[0])),
        answer=(("", _answer(found)),),
        tiles=(),
        sections=tuple(s for s in sections if s is not None),
        files=FILES,
    )


def _currency(found: SideBySide) -> str:
    kpis = found.comparison.kpis
    unit = kpis.loc[kpis["id"] == "cost_present_value", "unit"]
    return str(unit.iloc[0]).partition(",")[0] if len(unit) else "money"


def _answer(found: SideBySide) -> str:
    first = found.choice.ranking.iloc[0]
    by = ", ".join(
        f"{found.choice.labels[i].lower()} ({percent_text(w)})"
        for i, w in found.choice.weights.items()
    )
    if len(level := found.choice.leaders) > 1:
        text = f"By {by}, no run is first: {listed(level)} are level."
    else:
        text = (
            f"By {by}, {first['plan']} is first. It stays so under "
            f"{percent_text(first['first_around'])} of weights from half to twice "
            f"these, and under {percent_text(first['first_any'])} of all weights."
        )
    beaten = found.choice.ranking[found.choice.ranking["dominated_by"] != ""]
    for row in beaten.to_dict("records"):
        text += f" {row['plan']} is no better than {row['dominated_by']} in anything."
    return text


def _ranking(found: SideBySide) -> Section:
    names = list(found.choice.ranking["plan"])
    ranks = found.choice.ranks.loc[names]
    chart = Chart(
        id="ranks",
        kind="stack",
        title="Share of all weights under which a run takes each place",
        summary="; ".join(
            f"{name}: first under {percent_text(float(ranks.loc[name, 1]))}"
            for name in names
        ),
        data={
            "labels": names,
            "horizontal": True,
            "whole": True,
            "unit": "%",
            "series": [
                {
                    "key": "",
                    "name": f"place {place}",
                    "values": [float(v) for v in ranks[place]],
                }
                for place in ranks.columns
            ],
        },
        height=110 + 40 * len(names),
        note="Weights are drawn evenly from all that sum to 1 (stochastic "
        "multicriteria acceptability analysis).",
    )
    columns = (
        Column("Place", form="written"),
        Column("Run"),
        Column("Score", form="number"),
        Column("First, weights half to twice", form="share"),
        Column("First, any weights", form="share"),
        Column("Weight to move until it leads", form="share"),
        Column("Dominated by"),
    )
    rows = tuple(
        (
            str(r["place"]),
            r["plan"],
            r["score"],
            r["first_around"],
            r["first_any"],
            r["weight_to_lead"] if is_known(r["weight_to_lead"]) else None,
            r["dominated_by"],
        )
        for r in found.choice.ranking.to_dict("records")
    )
    table = Table("Ranking", columns, rows)
    return Section(
        "ranking",
        "Who leads, and how surely",
        charts=(chart,),
        tables=(table,),
        points=found.comparison.warnings,
    )


def _changes(found: SideBySide, currency: str) -> Section:
    charts = []
    for name in found.names[1:]:
        for kind, table, unit in (
            ("Cost, present value", found.cost, currency),
            ("Emissions over all years", found.emissions, "t CO2e"),
        ):
            own = table[table["plan"] == name]
            charts.append(_waterfall(found.names[0], name, kind, own, unit))
    return Section(
        "changes",
        "What makes the difference",
        charts=tuple(c for c in charts if c is not None),
        points=() if any(charts) else ("Nothing differs, as far as it is known.",),
        short="Changes",
    )


def _waterfall(
    first: str, name: str, title: str, own: pd.DataFrame, unit: str
) -> Chart | None:
    start, end = float(own["before"].sum()), float(own["after"].sum())
    if own[["before", "after"]].isna().any(axis=None):
        return None  # something is not known
    largest = max(abs(start), abs(end), 1e-12)
    is_large = own["change"].abs() > SMALL * largest
    steps = [
        (str(r["step"]).replace("_", " "), float(r["change"]))
        for r in own[is_large].to_dict("records")
    ]
    if not steps:
        return None
    steps.sort(key=lambda s: -abs(s[1]))
    rest = float(own.loc[~is_large, "change"].sum())
    if abs(rest) > SMALL * largest:
        steps.append(("other", rest))
    divisor, word = scale_of([start, end])
    return Chart(
        id=f"{title.split()[0].lower().rstrip(',')}-{name}",
        kind="waterfall",
        title=f"{title}: from {first} to {name}",
        summary=f"{number_text(start / divisor, 2)} to "
        f"{number_text(end / divisor, 2)} {word}{unit}; "
        + "; ".join(f"{n} {number_text(v / divisor, 3)}" for n, v in steps),
        data={
            "from": first,
            "to": name,
            "start": start / divisor,
            "steps": [[n, v / divisor] for n, v in steps],
            "unit": f"{word}{unit}",
        },
        height=60 + 26 * (len(steps) + 2),
    )


def _maps(found: SideBySide) -> Section | None:
    runs = [
        (name, _places(folder))
        for name, folder in zip(found.names, found.folders, strict=True)
    ]
    chart = maps_chart("maps", "Where waste arises and goes, last period", runs)
    return None if chart is None else Section("maps", "Maps", charts=(chart,))


def _places(folder: Path) -> list[Place]:
    """The places of an output folder; none without a map."""
    path = folder / "plan.geojson"
    if not path.is_file():
        return []
    try:
        return placed(json.loads(path.read_text(encoding="utf-8"))["features"])
    except (KeyError, TypeError, ValueError) as error:
        raise WasteplanError(f"{path} is damaged: {error}") from error


def _simulated(found: SideBySide) -> Section | None:
    table = found.simulated
    if table.empty:
        return None
    labels = (
        found.comparison.kpis.drop_duplicates("id").set_index("id")["label"].to_dict()
    )
    columns = (
        Column("Run"),
        Column("Indicator"),
        Column("Period"),
        *(Column(title, form="written") for title in ("Change", "Low", "High")),
        Column("Replications", form="written"),
        Column("Paired"),
    )
    rows = tuple(
        (
            r["plan"],
            labels.get(r["id"], r["id"].replace("_", " ")),
            r["period"],
            *(signed_text(r[k]) for k in ("difference", "low", "high")),
            str(r["n"]),
            "yes" if r["is_paired"] else "no",
        )
        for r in table.to_dict("records")
    )
    text = (
        f"Against {found.names[0]}, with 95 % intervals. Runs of one seed share their "
        "chance, so replications are paired."
    )
    caption = "Simulated changes"
    return Section(
        "simulated",
        "What simulations say",
        text,
        tables=(Table(caption, columns, rows),),
    )


def _tables(found: SideBySide) -> Section:
    names = list(found.names)
    columns = (
        Column("Indicator"),
        Column("Unit"),
        Column("Period"),
        *(Column(name, form="written") for name in names),
    )
    rows = tuple(
        (
            r["label"],
            r["unit"],
            r["period"],
            *(number_text(r[n], 3) if is_known(r[n]) else "-" for n in names),
        )
        for r in found.comparison.telling.to_dict("records")
    )
    built = tuple(
        (
            " ".join(r[k] for k in BUILD_KEYS if r[k] and r[k] != BUILD),
            *(r[n] or "-" for n in names),
        )
        for r in found.comparison.builds.to_dict("records")
    )
    opening = (Column("Built"), *(Column(name, form="written") for name in names))
    return Section(
        "tables",
        "All figures",
        points=tuple(t for t in (left_out_text(found.comparison),) if t),
        tables=(
            Table("Years of opening and closing", opening, built),
            Table("Indicators", columns, rows, is_folded=True),
        ),
    )
