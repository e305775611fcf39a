"""What makes one run dearer, cleaner or better run than another: change by change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from wasteplan.sim.comparing import paired
from wasteplan.sim.statistics import interval
from wasteplan.study.compare import read_of_run
from wasteplan.study.provenance import PROVENANCE_FILE, read_provenance

STEP_COLUMNS = {
    "plan": "run that is compared with the first",
    "step": "cost item or stage of emissions",
    "before": "of the first run",
    "after": "of this run",
    "change": "after - before",
}
SIMULATED_COLUMNS = {
    "plan": "run that is compared with the first",
    "id": "indicator",
    "period": "period id",
    "difference": "mean of this run less the first",
    "low": "lower end of its 95 % interval",
    "high": "upper end",
    "n": "replications",
    "is_paired": "same chance in both, replication by replication",
}
SAMPLES = Path("sim") / "samples.csv"


def cost_steps(names: tuple[str, ...], folders: list[Path]) -> pd.DataFrame:
    """Cost items, present value, of each run against the first.  [money]"""
    return _steps(names, folders, _costs)


def emission_steps(names: tuple[str, ...], folders: list[Path]) -> pd.DataFrame:
    """Emissions by stage over all years of each run against the first.  [t CO2e]

    NaN where some part is not known.
    """
    return _steps(names, folders, _emissions)


def _steps(
    names: tuple[str, ...], folders: list[Path], read: Callable[[Path], pd.Series]
) -> pd.DataFrame:
    first, *others = [read(folder) for folder in folders]
    rows = []
    for name, other in zip(names[1:], others, strict=True):
        for step in sorted({*first.index, *other.index}):
            before, after = float(first.get(step, 0.0)), float(other.get(step, 0.0))
            rows.append((name, step, before, after, after - before))
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def _costs(folder: Path) -> pd.Series:
    table = read_of_run(folder / "cashflow.csv", ["kind", "item", "present_value"])
    return table[table["kind"] == "cost"].groupby("item")["present_value"].sum()


def _emissions(folder: Path) -> pd.Series:
    table = read_of_run(folder / "emissions.csv", ["stage", "substance", "kg_co2e"])
    by_stage = table.groupby("stage")["kg_co2e"]
    return by_stage.agg(lambda kg: kg.sum(skipna=False)) / 1e3


def simulated_changes(names: tuple[str, ...], folders: list[Path]) -> pd.DataFrame:
    """Differences of simulated indicators, with intervals; empty without simulations.

    Runs of one seed share their chance, so replications are paired; others get the
    interval of independent means, the root of the sum of squares of the half-widths.
    """
    columns = list(SIMULATED_COLUMNS)
    if not (folders[0] / SAMPLES).is_file():
        return pd.DataFrame(columns=columns)
    first, rows = _samples(folders[0]), []
    for name, folder in zip(names[1:], folders[1:], strict=True):
        if not (folder / SAMPLES).is_file():
            continue
        same = _seed(folders[0]) is not None and _seed(folders[0]) == _seed(folder)
        other = _samples(folder)
        for key in (k for k in first if k in other):
            rows.append((name, *key, *_difference(other[key], first[key], same)))
    return pd.DataFrame(rows, columns=columns)


def _difference(
    one: list[float], other: list[float], is_paired: bool
) -> tuple[float, float, float, int, bool]:
    n = min(len(one), len(other))
    if is_paired:
        mean, _, low, high, n, _ = paired(one, other)
        return mean, low, high, n, True
    a, b = interval(one), interval(other)
    half = float(np.hypot(a.half_width, b.half_width))
    mean = a.mean - b.mean
    return mean, mean - half, mean + half, n, False


def _samples(folder: Path) -> dict[tuple[str, str], list[float]]:
    table = read_of_run(folder / SAMPLES, ["id", "period", "replication", "value"])
    table = table.sort_values("replication", kind="stable")
    by_key = table.groupby(["id", "period"], sort=False)["value"]
    return {(str(k[0]), str(k[1])): list(v) for k, v in by_key}  # type: ignore[index]


def _seed(folder: Path) -> int | None:
    path = folder / PROVENANCE_FILE
    return read_provenance(folder).seed if path.is_file() else None
