"""The page of robust siting: where samples build, what plans cost over samples."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from wasteplan.report.document import Chart, Column, Document, Section, Table
from wasteplan.report.numbers import is_known, number_text, scale_of
from wasteplan.study.naming import place_name
from wasteplan.study.robust import Robust
from wasteplan.study.robust_tables import sample_table, site_table
from wasteplan.study.robust_text import measure_name, robust_lines
from wasteplan.study.sample_average import SampleAverage

FILES = (
    "All figures are also in samples.csv, sites.csv and robust.json, the plans in the "
    "folder plans."
)


def robust_document(found: Robust, average: SampleAverage | None = None) -> Document:
    """The page: the answer, sites, costs over samples, regrets."""
    heading = found.scenario.settings.scenario
    sites, samples = site_table(found), sample_table(found)
    return Document(
        title=heading.title,
        subtitle=f"Robust siting: least {measure_name(found.risk)}",
        description=heading.description,
        facts=(
            ("Money", f"{heading.currency} of {heading.price_year}, real"),
            ("Samples", f"{found.n_samples}, and {len(found.own)} solved alone"),
        ),
        answer=tuple(robust_lines(found, average)),
        tiles=(),
        sections=(_sites(found, sites), _costs(found, samples)),
        files=FILES,
    )


def _sites(found: Robust, sites: pd.DataFrame) -> Section:
    charts = [_frequency(sites)]
    drawn = _map(found, sites)
    if drawn is not None:
        charts.insert(0, drawn)
    return Section(
        "sites",
        "How certain each site is",
        lead="Each sample was also planned for alone, as if its future were known. A "
        "site that is chosen in nearly all of them is right whatever comes; one that "
        "is chosen in few depends on what is not known.",
        charts=tuple(charts),
        tables=(_site_rows(found, sites),),
        short="Sites",
    )


def _frequency(sites: pd.DataFrame) -> Chart:
    rows = sites.to_dict("records")[::-1]
    return Chart(
        id="site_frequency",
        kind="stack",
        title="Share of samples that build a plant",
        summary="; ".join(
            f"{r['name']}: {r['n_chosen']} of {r['n_samples']} samples"
            for r in reversed(rows)
        ),
        data={
            "horizontal": True,
            "whole": True,
            "labels": [r["name"] for r in rows],
            "unit": "%",
            "series": [
                {
                    "name": name,
                    "key": key,
                    "values": [
                        r["share"] if bool(r["in_robust"]) == built else 0.0
                        for r in rows
                    ],
                }
                for name, key, built in (
                    ("Built by the robust plan", "heat", True),
                    ("Not built by it", "status_quo", False),
                )
            ],
        },
        height=110 + 34 * len(rows),
    )


def _map(found: Robust, sites: pd.DataFrame) -> Chart | None:
    """Sites with a position; None if fewer than two have one."""
    at: dict[tuple[float, float], list[dict[Any, Any]]] = defaultdict(list)
    for row in sites.to_dict("records"):
        if is_known(row["lon"]) and is_known(row["lat"]):
            at[float(row["lon"]), float(row["lat"])].append(row)
    if len(at) < 2:
        return None
    spots = []
    for (lon, lat), rows in at.items():
        place = str(rows[0]["plant"]).partition(".")[0]
        most = max(rows, key=lambda r: r["n_chosen"])
        spots.append(
            {
                "site": place_name(found.scenario, place),
                "lon": lon,
                "lat": lat,
                "share": float(most["share"]),
                "said": f"{most['n_chosen']} of {most['n_samples']}",
                "built": any(bool(r["in_robust"]) for r in rows),
                "plants": [
                    [r["name"], f"{r['n_chosen']} of {r['n_samples']}"] for r in rows
                ],
            }
        )
    return Chart(
        id="site_map",
        kind="sites",
        title="Sites by how many samples choose them",
        summary="; ".join(f"{s['site']}: {s['said']} samples" for s in spots),
        data={"sites": spots},
        height=380,
        note="A circle is as large as the share of samples that build there; of "
        "several plants on a site the one chosen most often counts. Places that no "
        "plan chooses are not shown. Drag to move, scroll or pinch to zoom.",
    )


def _site_rows(found: Robust, sites: pd.DataFrame) -> Table:
    divisor, unit = _unit(found, [*sites["cost_low"], *sites["cost_high"]])
    columns = (
        Column("Plant"),
        Column("Samples that build it"),
        Column("Sizes"),
        Column("First period"),
        Column("Cost of those, from", unit, "number"),
        Column("to", unit, "number"),
        Column("Robust plan"),
        Column("Plan for central values"),
    )
    rows = tuple(
        (
            r["name"],
            f"{r['n_chosen']} of {r['n_samples']}",
            r["sizes"],
            r["first_periods"],
            r["cost_low"] / divisor,
            r["cost_high"] / divisor,
            "builds it" if r["in_robust"] else "",
            "builds it" if r["in_central"] else "",
        )
        for r in sites.to_dict("records")
    )
    return Table("Plants by how many samples build them", columns, rows)


def _costs(found: Robust, samples: pd.DataFrame) -> Section:
    ordered = samples.sort_values(["own_best_cost", "sample"])
    divisor, unit = _unit(found, list(samples["central_cost"]))
    series = [
        {"name": name, "key": key, "values": [float(v) / divisor for v in ordered[col]]}
        for name, key, col in (
            ("Robust plan", "heat", "robust_cost"),
            ("Plan for central values", "status_quo", "central_cost"),
            ("Best for the sample alone", "mass", "own_best_cost"),
        )
    ]
    chart = Chart(
        id="sample_costs",
        kind="lines",
        title="Cost in each sample, present value",
        summary="; ".join(
            f"{s['name']}: {number_text(min(s['values']), 2)} to "  # type: ignore[type-var]
            f"{number_text(max(s['values']), 2)} {unit}"  # type: ignore[type-var]
            for s in series
        ),
        data={
            "labels": [str(k) for k in ordered["sample"]],
            "unit": unit,
            "label_all": False,
            "series": series,
        },
        note="Samples stand in the order of what the best plan for each alone costs. "
        "What is missed is priced and included.",
    )
    return Section(
        "samples",
        "What each plan costs in each sample",
        charts=(chart,),
        tables=(_regrets(found, samples, divisor, unit),),
        short="Samples",
    )


def _regrets(found: Robust, samples: pd.DataFrame, divisor: float, unit: str) -> Table:
    columns = (
        Column("Sample"),
        Column("Chance", "", "share"),
        Column("Best for it alone", unit, "number"),
        Column("Robust plan", unit, "number"),
        Column("its regret", unit, "number"),
        Column("Plan for central values", unit, "number"),
        Column("its regret", unit, "number"),
        Column("Robust plan misses"),
        Column("Plan for central values misses"),
    )
    rows = tuple(
        (
            int(r["sample"]),
            float(r["chance"]),
            float(r["own_best_cost"]) / divisor,
            float(r["robust_cost"]) / divisor,
            float(r["robust_regret"]) / divisor,
            float(r["central_cost"]) / divisor,
            float(r["central_regret"]) / divisor,
            r["robust_missed"] or "-",
            r["central_missed"] or "-",
        )
        for r in samples.to_dict("records")
    )
    return Table("Cost, regret and misses by sample", columns, rows)


def _unit(found: Robust, values: list[float]) -> tuple[float, str]:
    known = [v for v in values if is_known(v)]
    divisor, word = scale_of(known or [1.0])
    return divisor, f"{word}{found.scenario.settings.scenario.currency}"
