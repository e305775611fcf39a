"""From reported shipments to a scenario's tables, and those who report nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from wasteplan.scenario.derived import leakage_shares, tonnage
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Generation, Profile
from wasteplan.scenario.setting_out import set_out
from wasteplan.shipments.accrual import Season
from wasteplan.shipments.bridge import GenerationFits, Pair, fit_generation
from wasteplan.shipments.coverage import coverage
from wasteplan.shipments.planner_tables import (
    GENERATION_COLUMNS,
    SOURCE,
    generation_rows,
    profile_rows,
)
from wasteplan.shipments.silent_generators import estimate_silent
from wasteplan.shipments.states import CANCELLED
from wasteplan.shipments.table import ShipmentTable
from wasteplan.study.simulated_shipments import ROUND

REGION = "region "
"""The name under which all who share the rounds of a region are one."""


@dataclass(frozen=True, eq=False)
class PlanInput:
    """What a scenario takes from reports.

    Attributes
    ----------
    generation, profiles
        Rows of these tables; tonnes are what was generated, leakage included.
    silent
        Generators of the scenario without a report, with an estimate and its range.
    coverage
        Reported against the scenario's tonnage before leakage, by region and stream.
    fits
        What the rows stand on.
    unknown
        Reporting names that the scenario does not know.
    """

    generation: pd.DataFrame
    profiles: pd.DataFrame
    silent: pd.DataFrame
    coverage: pd.DataFrame
    fits: GenerationFits
    unknown: tuple[str, ...]


def plan_input(
    scenario: Scenario,
    table: ShipmentTable,
    *,
    level: float = 0.95,
    source: str = SOURCE,
) -> PlanInput:
    """Generation and profiles from shipments.

    Where rounds collect, the region is estimated as one (see `pooled`) and shared among
    its generators: what each shipped by itself, and of the rounds what the scenario
    expects beyond that.  What leaks before collection is added: generated = collected /
    (1 - leaked).  Where the shipments show no season of their own, that of the scenario
    counts.

    Parameters
    ----------
    table
        Shipments; hauls between facilities are left out.
    level
        Confidence of the intervals.  [-]
    source
        Key in `sources.toml` that the rows name.
    """
    rows = pooled(scenario, table)
    fits = fit_pooled(scenario, rows, level)
    collected = generation_rows(fits, profiles=_profile_names(scenario), source=source)
    generated, unknown = _generated(scenario, collected, _own_t(table))
    return PlanInput(
        generation=generated,
        profiles=profile_rows(fits, source=source),
        silent=_silent(scenario, generated, level),
        coverage=_coverage(scenario, generated),
        fits=fits,
        unknown=unknown,
    )


def fit_pooled(scenario: Scenario, rows: ShipmentTable, level: float) -> GenerationFits:
    """Fit pooled shipments (see `pooled`) with the seasons that the scenario knows."""
    names = rows["generator"].dropna().astype(str).unique()
    return fit_generation(
        rows,
        seasons=known_seasons(scenario, rows),
        several=[name for name in names if name.startswith(REGION)],
        level=level,
    )


def with_reports(scenario: Scenario, found: PlanInput) -> Scenario:
    """The scenario with reported generation in place of its own rows.

    Rows of generators and streams without a report stay as they are.
    """
    rows = [_record(Generation, r) for r in found.generation.to_dict("records")]
    pairs = {(r.generator, r.stream) for r in rows}
    kept = [r for r in scenario.generation if (r.generator, r.stream) not in pairs]
    made = [_record(Profile, r) for r in found.profiles.to_dict("records")]
    names = {p.profile for p in made}
    others = [p for p in scenario.profiles if p.profile not in names]
    return replace(scenario, generation=(*kept, *rows), profiles=(*others, *made))


def pooled(scenario: Scenario, table: ShipmentTable) -> ShipmentTable:
    """Shipments with one name for all who share rounds: `region <id>`.

    A round takes what fills no truck of its own, from large and small generators, and
    its loads do not say from whom.  So all loads of a stream in a region with rounds
    are one series; hauls between facilities are left out.
    """
    names = table["generator"].astype(object)
    streams = table["stream"].astype(object)
    is_round = names.notna() & names.astype(str).str.startswith(ROUND)
    rounds = set(
        zip(names[is_round].str.removeprefix(ROUND), streams[is_round], strict=True)
    )
    region = {g: row.region for g, row in scenario.generator.items()}
    at = names.map(region).where(~is_round, names.astype(str).str.removeprefix(ROUND))
    shared = [pair in rounds for pair in zip(at, streams, strict=True)]
    joined = names.where(~pd.Series(shared, index=names.index), REGION + at.astype(str))
    places = {c.id for c in scenario.centres} | {
        f"{s.id}.{t.id}" for s in scenario.sites for t in scenario.technologies
    }
    kept = ~names.isin(places)
    made = table.assign(generator=joined.astype("category"))
    return made[kept].reset_index(drop=True)


def members(scenario: Scenario, origin: str, stream: str) -> list[str]:
    """Generators behind a name: itself, or all of a region that have the stream.

    An unknown name has none.
    """
    if origin in scenario.generator:
        return [origin]
    if not origin.startswith(REGION):
        return []
    region = origin.removeprefix(REGION)
    return sorted(
        {
            r.generator
            for r in scenario.generation
            if r.stream == stream and scenario.generator[r.generator].region == region
        }
    )


def collected_share(
    scenario: Scenario, generator: str, stream: str, year: int
) -> float:
    """What of a generator's waste is left by informal trades and leakage.  [-]

    Without any measure.  The period of the year counts; before the first and after the
    last, the nearest.
    """
    periods = sorted(scenario.periods, key=lambda p: p.first_year)
    started = [p for p in periods if p.first_year <= year]
    period = (started or periods)[-1 if started else 0]
    kind = scenario.generator[generator].generator_class
    left = set_out(scenario, kind, stream).parts[0].share
    leaks = sum(leakage_shares(scenario, kind, stream, period.id).values())
    return left * (1.0 - leaks)


def known_seasons(scenario: Scenario, table: ShipmentTable) -> dict[Pair, Season]:
    """The season that the scenario gives each reporting name and stream."""
    pairs = table[["generator", "stream"]].dropna().astype(str).drop_duplicates()
    names = _profile_names(scenario)
    found = {}
    for origin, stream in sorted(pairs.itertuples(index=False, name=None)):
        behind = members(scenario, origin, stream)
        profile = next((p for m in behind if (p := names.get((m, stream)))), "")
        if profile:
            found[origin, stream] = _season(scenario, profile)
    return found


def _record(kind: Any, row: Mapping[Any, Any]) -> Any:
    """A record of a row; NaN is not known."""
    return kind(**{str(k): None if v != v else v for k, v in row.items()})


def _season(scenario: Scenario, profile: str) -> Season:
    rows = [p for p in scenario.profiles if p.profile == profile]
    month = {p.index: p.factor for p in rows if p.kind == "month"}
    weekday = {p.index: p.factor for p in rows if p.kind == "weekday"}
    return Season(
        tuple(month.get(m, 1.0) for m in range(1, 13)),
        tuple(weekday.get(d, 1.0) for d in range(1, 8)),
    )


def _profile_names(scenario: Scenario) -> dict[Pair, str]:
    rows = sorted(scenario.generation, key=lambda r: r.year)
    return {(r.generator, r.stream): r.profile for r in rows if r.profile}


def _own_t(table: ShipmentTable) -> dict[tuple[str, str, int], float]:
    """Tonnes that each name shipped by itself, by stream and year.  [t]"""
    years = table["shipped_at"].fillna(table["received_at"]).dt.year
    moved = ~table["state"].isin([*CANCELLED, "reserved", "rejected"])
    rows = table[moved & years.notna()]
    keys = [rows["generator"].astype(str), rows["stream"].astype(str), years]
    sums: Any = rows["quantity_t"].groupby(keys).sum()
    return {(g, s, int(y)): float(t) for (g, s, y), t in sums.items()}


def _generated(
    scenario: Scenario,
    collected: pd.DataFrame,
    own: Mapping[tuple[str, str, int], float],
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows of generators of the scenario, before leakage, and unknown names."""
    rows, unknown = [], set()
    for row in collected.to_dict("records"):
        origin, stream, year = row["generator"], row["stream"], int(row["year"])
        behind = members(scenario, origin, stream)
        kept = {g: collected_share(scenario, g, stream, year) for g in behind}
        shares = _shares(scenario, origin, stream, year, own) if behind else {}
        if not shares:
            unknown.add(str(origin))
            continue
        note = row["note"]
        if behind != [origin]:
            note = f"{note}; {origin} with rounds, rests shared as in the scenario"
        for g, share in shares.items():
            if share > 0 and kept[g] > 0:
                rows.append(_scaled(row, g, share / kept[g], note))
    table = pd.DataFrame(rows, columns=list(GENERATION_COLUMNS))
    keys = ["generator", "stream", "year"]
    return table.sort_values(keys, ignore_index=True), tuple(sorted(unknown))


def _shares(
    scenario: Scenario,
    origin: str,
    stream: str,
    year: int,
    own: Mapping[tuple[str, str, int], float],
) -> dict[str, float]:
    """Share of each generator in what was collected under one name; {} if unknown.

    What a generator shipped by itself is its own.  The loads of rounds are shared by
    what the scenario expects of each beyond that, over the same time.
    """
    behind = members(scenario, origin, stream)
    if behind == [origin]:
        return {origin: 1.0}
    alone = {g: own.get((g, stream, year), 0.0) for g in behind}
    name = ROUND + origin.removeprefix(REGION)
    rounds = own.get((name, stream, year), 0.0)
    mean = {
        g: collected_share(scenario, g, stream, year)
        * tonnage(scenario, g, stream, year)
        for g in behind
    }
    total = sum(alone.values()) + rounds
    if total <= 0 or sum(mean.values()) <= 0:
        return {}
    scale = total / sum(mean.values())
    rest = {g: max(mean[g] * scale - alone[g], 0.0) for g in behind}
    every = sum(rest.values())
    if every <= 0:
        rest, every = mean, sum(mean.values())
    return {g: (alone[g] + rounds * rest[g] / every) / total for g in behind}


def _scaled(
    row: Mapping[Any, Any], generator: str, factor: float, note: str
) -> dict[str, Any]:
    tonnes = ("waste_t_per_y", "low_t_per_y", "high_t_per_y")
    scaled = {name: row[name] * factor for name in tonnes}
    own = {"generator": generator, "basis": "generated", "note": note}
    return {str(k): v for k, v in row.items()} | scaled | own


def _silent(scenario: Scenario, generated: pd.DataFrame, level: float) -> pd.DataFrame:
    """Estimates per worker (or resident) for pairs of the scenario without a report."""
    last = generated.drop_duplicates(["generator", "stream"], keep="last")
    reporting = last.assign(
        generator_class=[_class(scenario, g) for g in last["generator"]],
        driver=[_driver(scenario, g) for g in last["generator"]],
    )
    said = set(last[["generator", "stream"]].itertuples(index=False, name=None))
    pairs = dict.fromkeys((r.generator, r.stream) for r in scenario.generation)
    quiet = pd.DataFrame(
        [
            (g, _class(scenario, g), s, _driver(scenario, g))
            for g, s in pairs
            if (g, s) not in said
        ],
        columns=["generator", "generator_class", "stream", "driver"],
    )
    return estimate_silent(reporting, quiet, level=level)


def _class(scenario: Scenario, generator: str) -> str:
    return scenario.generator[generator].generator_class


def _driver(scenario: Scenario, generator: str) -> float:
    """Workers, for municipalities residents; NaN unknown."""
    row = scenario.generator[generator]
    size = row.population if row.kind == "municipality" else row.workers
    return float("nan") if size is None else size


def _coverage(scenario: Scenario, generated: pd.DataFrame) -> pd.DataFrame:
    """Reported generation against the scenario's, in the last reported year."""
    last = generated.drop_duplicates(["generator", "stream"], keep="last")
    year = int(last["year"].max()) if len(last) else scenario.periods[0].first_year
    region = {g: row.region for g, row in scenario.generator.items()}
    reported = last.assign(
        zone=last["generator"].map(region), reported_t=last["waste_t_per_y"]
    )
    newest = {}
    for row in sorted(scenario.generation, key=lambda r: r.year):
        newest[row.generator, row.stream] = row
    rows = []
    for (generator, stream), r in newest.items():
        central = tonnage(scenario, generator, stream, year)
        scale = central / r.waste_t_per_y if r.waste_t_per_y > 0 else np.nan
        low = r.waste_t_per_y if r.low_t_per_y is None else r.low_t_per_y
        high = r.waste_t_per_y if r.high_t_per_y is None else r.high_t_per_y
        rows.append((region[generator], stream, low * scale, central, high * scale))
    columns = ["zone", "stream", "low_t", "central_t", "high_t"]
    return coverage(reported, pd.DataFrame(rows, columns=columns))
