"""A factory's waste in the order of a facility self-assessment, from its shipments.

Streams, waste per unit of output, routes, baseline, target and progress, and a list of
readiness questions in three levels, each with its evidence.  It follows the idea of the
facility modules that brands ask for (levels of 25, 50 and 25 points, the first being
the gate to the others); it is a self-check, and no score of any such scheme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd

from wasteplan.shipments.mistakes import ShipmentError
from wasteplan.shipments.readiness import (
    Evidence,
    Reply,
    gate_is_open,
    gated_points,
    level_points,
    questions_exist,
    readiness_table,
)
from wasteplan.shipments.routes import FATES, NOT_DIVERTED, UNDECIDED, fates
from wasteplan.shipments.states import CANCELLED
from wasteplan.shipments.table import ShipmentTable
from wasteplan.units import KG_PER_T, Amount, Record, Share, Unit, Year

BURNT = ("incineration", "energy_recovery")
DIVERTED_HIGH = 0.9
"""What the third level asks to keep out of landfill and incineration."""

STREAM_COLUMNS = {
    "year": "calendar year in which it left",
    "stream": "stream id; empty unknown",
    "hazard": "hazardous, non_hazardous or unknown",
    "waste_t": "[t]",
    "kg_per_unit": "per unit of output [kg/unit]; NaN without output",
    "weighed_share": "of the tonnes [-]",
}
ROUTE_COLUMNS = {
    "hazard": "hazardous, non_hazardous, unknown or all",
    "fate": "what becomes of it",
    "waste_t": "in the year of the check [t]",
    "share": "of the waste of that hazard [-]",
}
PROGRESS_COLUMNS = {
    "stream": "stream id, or `all`",
    "baseline_year": "year",
    "baseline_kg_per_unit": "[kg/unit]",
    "now_kg_per_unit": "in the year of the check [kg/unit]",
    "target_kg_per_unit": "[kg/unit]",
    "target_year": "year",
    "progress": "share of the way from baseline to target [-]",
    "expected": "share of the time from baseline to target that has passed [-]",
    "is_on_track": "progress is at least what the time asks; NA unknown",
}


class WasteTarget(Record):
    """A reduction of waste per unit of output against a baseline year."""

    stream: str = ""
    """Empty: all waste."""
    baseline_year: Year
    target_year: Year
    reduction: Share
    """0.2 is a fifth less than in the baseline year."""


class Output(Record):
    """What the factory makes in a year, in its own unit."""

    year: Year
    units: Annotated[Amount, Unit("units")]


@dataclass(frozen=True)
class Diversion:
    """Share kept out of landfill and water; the ends differ by undecided routes.

    `low` takes what is only stored, pre-treated or unknown for landfilled, `high` for
    diverted.  [-]
    """

    low: float
    high: float


@dataclass(frozen=True, eq=False)
class SelfCheck:
    """Everything about one factory and year.

    Attributes
    ----------
    streams, routes, progress, readiness
        Frames with the columns of `STREAM_COLUMNS`, `ROUTE_COLUMNS`,
        `PROGRESS_COLUMNS`, `READINESS_COLUMNS`.
    diversion, diversion_without_incineration
        With burning counted as diverted, and not.
    level_points
        Share of the points of each level, if weights were given.  [-]
    points
        0 to 1, after the gate; None without weights.
    """

    generator: str
    year: int
    streams: pd.DataFrame
    routes: pd.DataFrame
    progress: pd.DataFrame
    readiness: pd.DataFrame
    diversion: Diversion
    diversion_without_incineration: Diversion
    level_points: tuple[float, ...] | None
    points: float | None


def self_check(
    table: ShipmentTable,
    generator: str,
    year: int,
    *,
    hazardous: Mapping[str, bool] | None = None,
    fate_of_facility: Mapping[str, str] | None = None,
    output: Sequence[Output] = (),
    targets: Sequence[WasteTarget] = (),
    answers: Sequence[Evidence] = (),
    weights: Mapping[str, float] | None = None,
) -> SelfCheck:
    """Check one factory in one year.

    Parameters
    ----------
    table
        Shipments of all years that matter (the baseline too).
    generator, year
        Which factory, and which calendar year.
    hazardous
        Whether a stream is hazardous, where the shipment does not say.
    fate_of_facility
        What becomes of waste at a facility, where the shipment names no route; one of
        `routes.FATES`.
    output, targets
        Of the factory.  Without them nothing is said per unit.
    answers
        To the questions that shipments cannot answer.
    weights
        Question -> weight within its level.  Without weights there are no points.

    Raises
    ------
    ShipmentError
        The factory has no shipments at all; an answer or weight names no question, or
        one that the shipments answer themselves; a fate is none.
    """
    questions_exist(answers, weights)
    loads = _loads(table, generator, hazardous or {}, fate_of_facility or {})
    units = {o.year: o.units for o in output}
    now = loads[loads["year"] == year]
    without = _diversion(now, (*NOT_DIVERTED, *BURNT))
    progress = _progress(loads, year, units, targets)
    found = _found(now, progress, targets, units, without)
    readiness = readiness_table({e.question: e for e in (*found, *answers)})
    by_level = level_points(readiness, weights) if weights else None
    is_open = gate_is_open(readiness)
    return SelfCheck(
        generator=generator,
        year=year,
        streams=_streams(loads, units),
        routes=_routes(now),
        progress=progress,
        readiness=readiness,
        diversion=_diversion(now, NOT_DIVERTED),
        diversion_without_incineration=without,
        level_points=by_level,
        points=gated_points(by_level, is_open) if by_level else None,
    )


def _loads(
    table: ShipmentTable,
    generator: str,
    hazardous: Mapping[str, bool],
    fate_of_facility: Mapping[str, str],
) -> pd.DataFrame:
    """Loads of the factory that moved, with year, hazard and fate."""
    wrong = sorted(set(fate_of_facility.values()) - set(FATES))
    if wrong:
        raise ShipmentError(f"'{wrong[0]}' is no fate; known are {', '.join(FATES)}")
    moved = ~table["state"].isin([*CANCELLED, "reserved", "rejected"])
    rows = table[moved & (table["generator"] == generator)]
    if rows.empty:
        raise ShipmentError(f"no shipment of '{generator}' moved")
    at = rows["shipped_at"].fillna(rows["collected_at"]).fillna(rows["received_at"])
    stream = rows["stream"].astype(object)
    stream = stream.where(stream.notna(), "")
    flag = rows["is_hazardous"].astype(object)
    flag = flag.where(flag.notna(), stream.map(dict(hazardous)))
    names = {True: "hazardous", False: "non_hazardous"}
    found = pd.Series(fates(rows["route"]), index=rows.index).astype(object)
    at_place = rows["facility"].astype(object).map(dict(fate_of_facility))
    found = found.where((found != "unknown") | at_place.isna(), at_place)
    return pd.DataFrame(
        {
            "year": at.dt.year,
            "stream": stream,
            "hazard": flag.map(names).fillna("unknown"),
            "waste_t": rows["quantity_t"],
            "is_weighed": (rows["quantity_basis"] == "weighed").to_numpy(bool),
            "fate": found,
        }
    )


def _streams(loads: pd.DataFrame, units: Mapping[int, float]) -> pd.DataFrame:
    table = loads.assign(weighed=loads["waste_t"].where(loads["is_weighed"], 0.0))
    keys = ["year", "stream", "hazard"]
    sums: Any = table.groupby(keys)[["waste_t", "weighed"]].sum().reset_index()
    made = sums["year"].map(dict(units))
    sums["kg_per_unit"] = sums["waste_t"] * KG_PER_T / made.where(made > 0)
    total = sums["waste_t"].where(sums["waste_t"] > 0)
    sums["weighed_share"] = sums["weighed"] / total
    sums["year"] = sums["year"].astype(int)
    return pd.DataFrame(sums[list(STREAM_COLUMNS)])


def _routes(now: pd.DataFrame) -> pd.DataFrame:
    every = pd.concat([now, now.assign(hazard="all")])
    sums: Any = every.groupby(["hazard", "fate"])["waste_t"].sum().reset_index()
    total = sums.groupby("hazard")["waste_t"].transform("sum")
    return pd.DataFrame(sums.assign(share=sums["waste_t"] / total.where(total > 0)))


def _diversion(now: pd.DataFrame, not_diverted: Sequence[str]) -> Diversion:
    """1 - lost / all; undecided tonnes are lost at the low end."""
    total = float(now["waste_t"].sum())
    if total <= 0:
        return Diversion(float("nan"), float("nan"))
    lost = float(now.loc[now["fate"].isin(not_diverted), "waste_t"].sum())
    open_t = float(now.loc[now["fate"].isin(UNDECIDED), "waste_t"].sum())
    return Diversion(1 - (lost + open_t) / total, 1 - lost / total)


def _progress(
    loads: pd.DataFrame,
    year: int,
    units: Mapping[int, float],
    targets: Sequence[WasteTarget],
) -> pd.DataFrame:
    rows = []
    for target in targets:
        chosen = loads
        if target.stream:
            chosen = loads[loads["stream"] == target.stream]
        before = _kg_per_unit(chosen, target.baseline_year, units)
        now = _kg_per_unit(chosen, year, units)
        aim = before * (1 - target.reduction)
        way = before - aim
        progress = (before - now) / way if way > 0 else float("nan")
        span = target.target_year - target.baseline_year
        expected = float(np.clip((year - target.baseline_year) / max(span, 1), 0, 1))
        on_track = pd.NA if np.isnan(progress) else bool(progress >= expected)
        rows.append(
            (
                target.stream or "all", target.baseline_year, before, now, aim,
                target.target_year, progress, expected, on_track,
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(PROGRESS_COLUMNS)).astype(
        {"is_on_track": "boolean"}
    )


def _kg_per_unit(loads: pd.DataFrame, year: int, units: Mapping[int, float]) -> float:
    made, rows = units.get(year, 0.0), loads[loads["year"] == year]
    if made <= 0 or rows.empty:
        return float("nan")
    return float(rows["waste_t"].sum()) * KG_PER_T / made


def _found(
    now: pd.DataFrame,
    progress: pd.DataFrame,
    targets: Sequence[WasteTarget],
    units: Mapping[int, float],
    without: Diversion,
) -> list[Evidence]:
    """The answers that the shipments give themselves."""
    on_track = progress["is_on_track"]
    set_up = [t for t in targets if t.baseline_year in units]
    named = (now["stream"] != "") & (now["hazard"] != "unknown")
    return [
        _by_count("streams_known", now, named),
        _by_count("quantities_known", now, now["waste_t"].notna()),
        _by_count("routes_known", now, ~now["fate"].isin(UNDECIDED)),
        _by_count("quantities_weighed", now, now["is_weighed"]),
        _of("baseline_set", "yes" if set_up else "no", f"{len(set_up)} with output"),
        _of("target_set", "yes" if targets else "no", f"{len(targets)} targets"),
        _of(
            "reduction_on_track",
            "unknown"
            if on_track.isna().all()
            else _of_all(int(on_track.sum()), len(on_track)),
            f"{int(on_track.sum())} of {len(on_track)} targets",
        ),
        _of("nine_tenths_diverted", _ninety(without), _range(without)),
    ]


def _of(question: str, answer: Reply, said: str) -> Evidence:
    return Evidence(question=question, answer=answer, document="shipments", note=said)


def _by_count(question: str, now: pd.DataFrame, good: pd.Series[bool]) -> Evidence:
    n = int(good.sum())
    answer: Reply = "unknown" if now.empty else _of_all(n, len(now))
    return _of(question, answer, f"{n} of {len(now)} shipments")


def _of_all(n: int, of: int) -> Reply:
    if n == of:
        return "yes"
    return "partial" if n else "no"


def _ninety(kept: Diversion) -> Reply:
    if kept.low >= DIVERTED_HIGH:
        return "yes"
    return "no" if kept.high < DIVERTED_HIGH else "unknown"


def _range(kept: Diversion) -> str:
    if np.isnan(kept.low):
        return "no waste in the year"
    return f"{kept.low:.1%} to {kept.high:.1%}"
