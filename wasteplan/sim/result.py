"""What a simulation returns: tables with intervals, and one replication in full."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wasteplan.sim.case import Case
from wasteplan.sim.further_tables import diversion_table, fleet_table, hour_table
from wasteplan.sim.log import COLUMNS, OUTCOMES
from wasteplan.sim.measures import KPIS, PLANT_MEASURES, Replication
from wasteplan.sim.statistics import interval
from wasteplan.units import HOURS_PER_DAY

KPI_COLUMNS = {
    "id": "indicator",
    "label": "in words",
    "unit": "unit",
    "period": "period id",
    "mean": "over replications",
    "half_width": "of the 95 % interval; NaN with one replication",
    "low": "lower end",
    "high": "upper end",
    "n": "replications with a value",
}
SUMMARY = (
    "landfill_diversion_rate",
    "generated_t",
    "landfilled_t",
    "turned_away_share",
    "untreated_t",
    "truck_km_per_y",
    "gate_wait_mean_min",
    "gate_wait_95_min",
    "bunker_days_mean",
    "utilisation",
    "availability",
    "electricity_mwh_per_y",
)


@dataclass(frozen=True, eq=False)
class SimulationResult:
    """Simulated indicators of a plan, each with an interval over replications.

    Attributes
    ----------
    kpis
        One row per indicator and period; columns of `KPI_COLUMNS`.
    plants
        One row per period and plant or centre: `PLANT_MEASURES`, each with a column
        `<name>_half_width`.
    trips
        Replication 0, measured days: `period` and the columns of the trip log, hours
        counted from 1 January; sorted by arrival.
    stocks
        Replication 0: stock of every bunker and centre at the end of every measured
        day; columns period, day, place, stock_t, idle_h (hours of the day with
        nothing in the bunker; NaN at centres).
    outages
        Replication 0: when lines stood still; columns period, plant, line, cause
        (planned, forced), from_h, to_h, counted from 1 January.
    samples
        Every replication; columns id, period, replication, value. Two results with the
        same seed share their chance, so differences by replication are paired.
    sampling
        What was declared: terminating or steady state, how many replications.
    fleets
        One row per period and fleet: depot, fleet, trucks and `FLEET_MEASURES`, each
        with a column `<name>_half_width`.
    by_hour
        Net power export by plant and hour of the day (0 to 23), over all measured
        days; columns period, plant, hour, mean_mw, half_width_mw.
    diversion
        Landfill diversion by stream, and by region where the plan or a target tells
        regions apart; columns of `DIVERSION_COLUMNS`. Residues count for the waste
        that they were made of.
    notes
        Where the run departs from what the scenario states, by period.
    """

    scenario: str
    plan: str
    seed: int
    replications: int
    days: int
    warm_up_d: int
    kpis: pd.DataFrame
    plants: pd.DataFrame
    trips: pd.DataFrame
    stocks: pd.DataFrame
    notes: tuple[str, ...] = ()
    outages: pd.DataFrame = field(default_factory=pd.DataFrame)
    samples: pd.DataFrame = field(default_factory=pd.DataFrame)
    sampling: str = ""
    fleets: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_hour: pd.DataFrame = field(default_factory=pd.DataFrame)
    diversion: pd.DataFrame = field(default_factory=pd.DataFrame)

    def kpi(self, id: str, period: str = "") -> float:
        """The mean of an indicator; of the last period unless one is named."""
        rows = self.kpis[self.kpis["id"] == id]
        if period:
            rows = rows[rows["period"] == period]
        if rows.empty:
            raise KeyError(f"no simulated indicator {id!r} for period {period!r}")
        return float(rows["mean"].iloc[-1])

    def summary(self) -> str:
        """A dozen lines on the last period, and the notes if there are any."""
        period = self.kpis["period"].iloc[-1]
        rows = self.kpis[self.kpis["period"] == period].set_index("id")
        n = int(rows["n"].max())
        lines = [
            f"{self.scenario}, plan {self.plan}, {period}: {n} replications of "
            f"{self.days} d after {self.warm_up_d} d of warm-up, seed {self.seed}"
        ]
        if self.sampling:
            lines.append(f"  {self.sampling}")
        for name in SUMMARY:
            row = rows.loc[name]
            spread = row["half_width"]
            wide = "" if math.isnan(spread) else f" +- {_number(spread)}"
            mean = _number(row["mean"])
            lines.append(f"  {row['label']:<46}{mean:>14}{wide:<14} {row['unit']}")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


Runs = Sequence[tuple[Case, Sequence[Replication]]]


def gather(
    runs: Runs, seed: int, sampling: str = "", remarks: Sequence[str] = ()
) -> SimulationResult:
    """Put the replications of all periods together, and what was declared of them."""
    first = runs[0][0]
    return SimulationResult(
        scenario=first.scenario,
        plan=first.plan,
        seed=seed,
        replications=max(len(found) for _, found in runs),
        days=first.days,
        warm_up_d=first.warm_up_d,
        kpis=_kpis(runs),
        plants=_plants(runs),
        trips=_joined([_trips(case, found[0]) for case, found in runs]),
        stocks=_joined([_stocks(case, found[0]) for case, found in runs]),
        outages=_joined([_outages(case, found[0]) for case, found in runs]),
        samples=_samples(runs),
        notes=(
            *(f"{case.period}, {n}" for case, _ in runs for n in case.notes),
            *remarks,
        ),
        sampling=sampling,
        fleets=fleet_table(runs),
        by_hour=hour_table(runs),
        diversion=diversion_table(runs),
    )


def _kpis(runs: Runs) -> pd.DataFrame:
    rows = []
    for case, found in runs:
        for name, (label, unit) in KPIS.items():
            i = interval([r.kpis[name] for r in found])
            rows.append(
                (
                    name, label, unit, case.period, i.mean, i.half_width, i.low,
                    i.high, i.n,
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(KPI_COLUMNS))


def _plants(runs: Runs) -> pd.DataFrame:
    rows = []
    for case, found in runs:
        for place in found[0].plants:
            row: dict[str, object] = {"period": case.period, "plant": place}
            for name in PLANT_MEASURES:
                i = interval([r.plants[place][name] for r in found])
                row[name] = i.mean
                row[f"{name}_half_width"] = i.half_width
            rows.append(row)
    columns = ["period", "plant"]
    for name in PLANT_MEASURES:
        columns += [name, f"{name}_half_width"]
    return pd.DataFrame(rows, columns=columns)


def _trips(case: Case, found: Replication) -> pd.DataFrame:
    trips = found.trips
    if trips is None:
        return pd.DataFrame(columns=["period", *COLUMNS])
    tables = {
        "origin": found.origins,
        "destination": found.origins,
        "carries": found.names,
        "vehicle": case.vehicles,
        "outcome": OUTCOMES,
    }
    nought = np.zeros(len(trips), dtype=int)
    data: dict[str, object] = {"period": _words([case.period], nought)}
    for column in COLUMNS:
        values = trips[column]
        if column in tables:
            data[column] = _words(tables[column], values.astype(int))
        elif column == "attempt":
            data[column] = values.astype(int)
        elif column in ("start_h", "arrive_h", "tipped_h", "left_h"):
            data[column] = values - case.warm_up_d * HOURS_PER_DAY
        else:
            data[column] = values
    return pd.DataFrame(data)


def _words(words: Sequence[str], codes: np.ndarray) -> object:
    """Words by number; only the few different ones are made into text columns."""
    if not len(codes):
        return np.empty(0, dtype=object)
    return pd.Series(list(words)).take(codes).array


def _stocks(case: Case, found: Replication) -> pd.DataFrame:
    idle = {(day, place): so_far for day, place, so_far in found.idle}

    def idle_h(day: int, place: int) -> float:
        before = idle.get((day - 1, place), 0.0)
        return idle.get((day, place), math.nan) - before

    rows = [
        (
            case.period, day - case.warm_up_d, case.places[place].id, stock,
            idle_h(day, place),
        )
        for day, place, stock in found.stocks
        if day > case.warm_up_d
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["period", "day", "place", "stock_t", "idle_h"])


def _outages(case: Case, found: Replication) -> pd.DataFrame:
    start = case.warm_up_d * HOURS_PER_DAY
    rows = [
        (case.period, case.places[place].id, line, cause, begin - start, end - start)
        for place, line, cause, begin, end in found.outages
    ]
    columns = ["period", "plant", "line", "cause", "from_h", "to_h"]
    return pd.DataFrame(rows, columns=columns)


def _samples(runs: Runs) -> pd.DataFrame:
    rows = [
        (name, case.period, i, r.kpis[name])
        for case, found in runs
        for name in KPIS
        for i, r in enumerate(found)
    ]
    return pd.DataFrame(rows, columns=["id", "period", "replication", "value"])


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [t for t in tables if not t.empty]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]
