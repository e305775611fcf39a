"""The log of a simulation as a file: trips or pickups, as CSV, Parquet or OCEL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.scenario.model import Scenario
from wasteplan.study.ocel import write_ocel

if TYPE_CHECKING:
    from wasteplan.sim.pickups import SourcePickups

LogFormat = Literal["csv", "parquet", "ocel"]
LOG_DECIMALS = 6  # of tonnes, kilometres and hours
NO_OCEL = (
    "OCEL holds the trips of a simulation: ask for --log trips, or for pickups as csv "
    "or parquet"
)
BATCH_ROWS = 200_000  # of a Parquet file written at a time


def write_trips(
    scenario: Scenario, trips: pd.DataFrame, folder: Path, form: LogFormat
) -> Path:
    """Write the trips of a simulation; returns the file.

    Raises
    ------
    WasteplanError
        If Parquet is asked for and pyarrow is not installed.
    """
    rounded = trips.round(LOG_DECIMALS)
    if form == "ocel":
        path = folder / "trips.ocel.json"
        write_ocel(scenario, rounded, path)
    elif form == "parquet":
        parquet()
        path = folder / "trips.parquet"
        rounded.to_parquet(path, engine="pyarrow", index=False)
    else:
        path = folder / "trips.csv"
        text = rounded.to_csv(index=False, lineterminator="\n")
        path.write_bytes(text.encode("utf-8"))
    return path


def can_be_written(log: str, form: LogFormat, has_folder: bool) -> None:
    """Find out before the run what would stop the log from being written.

    Raises
    ------
    WasteplanError
        No folder to write to, pickups as OCEL, or Parquet without pyarrow.
    """
    if not has_folder and (log != "trips" or form != "csv"):
        raise WasteplanError("--log and --format write files: name a folder by --out")
    if form == "parquet":
        parquet()
    if form == "ocel" and log != "trips":
        raise WasteplanError(NO_OCEL)


def write_pickups(
    chunks: Iterable[SourcePickups],
    folder: Path,
    form: LogFormat,
) -> tuple[Path, int]:
    """Write pickups as they come, without holding them; the file and its rows.

    Raises
    ------
    WasteplanError
        If Parquet is asked for and pyarrow is not installed, or OCEL, which is a log of
        trips here.
    """
    if form == "ocel":
        raise WasteplanError(NO_OCEL)
    path = folder / f"pickups.{form}"
    write = _as_parquet if form == "parquet" else _as_csv
    return path, write(chunks, path)


def parquet() -> Any:
    """The optional package that writes Parquet.

    Raises
    ------
    WasteplanError
        If it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError as missing:
        raise WasteplanError(
            "Parquet needs pyarrow: pip install 'wasteplan[parquet]', or use "
            "--format csv"
        ) from missing
    return pyarrow


def _as_csv(chunks: Iterable[SourcePickups], path: Path) -> int:
    """Lines put together by hand: names hold no comma, so nothing needs quotes."""
    from wasteplan.sim.pickups import PICKUP_COLUMNS

    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(PICKUP_COLUMNS) + "\n")
        for c in chunks:
            names = (c.generator, c.stream, c.destination, c.round, c.vehicle)
            middle = ",".join(names)
            km = f"{c.km:.{LOG_DECIMALS}g}"
            columns = (c.day.tolist(), c.tonnes.tolist(), c.overflow_t.tolist())
            file.writelines(
                f"{c.period},{day},{middle},{tonnes:.6f},{km},{beside:.6f}\n"
                for day, tonnes, beside in zip(*columns, strict=True)
            )
            rows += len(c.day)
    return rows


def _as_parquet(chunks: Iterable[SourcePickups], path: Path) -> int:
    arrow, rows = parquet(), 0
    writer = None
    try:
        for frame in frames_of(chunks):
            table = arrow.Table.from_pandas(frame, preserve_index=False)
            if writer is None:
                writer = arrow.parquet.ParquetWriter(path, table.schema)
            writer.write_table(table)
            rows += len(frame)
    finally:
        if writer is not None:
            writer.close()
    return rows


def frames_of(
    chunks: Iterable[SourcePickups], batch_rows: int = BATCH_ROWS
) -> Iterator[pd.DataFrame]:
    """Pickups as data frames of about so many rows (`PICKUP_COLUMNS`)."""
    held: list[SourcePickups] = []
    n = 0
    for chunk in chunks:
        held.append(chunk)
        n += len(chunk.day)
        if n >= batch_rows:
            yield _frame(held)
            held, n = [], 0
    if held or n == 0:
        yield _frame(held)


def _frame(held: list[SourcePickups]) -> pd.DataFrame:
    counts = [len(c.day) for c in held]

    def words(name: str) -> np.ndarray:
        each = np.array([getattr(c, name) for c in held], dtype=object)
        return np.repeat(each, counts)

    def numbers(name: str, kind: type) -> np.ndarray:
        each: list[np.ndarray] = [
            np.asarray(getattr(c, name), dtype=kind) for c in held
        ]
        return np.concatenate(each) if each else np.zeros(0, dtype=kind)

    km = np.repeat(np.array([c.km for c in held], dtype=float), counts)
    return pd.DataFrame(
        {
            "period": words("period"),
            "day": numbers("day", int),
            "generator": words("generator"),
            "stream": words("stream"),
            "destination": words("destination"),
            "round": words("round"),
            "vehicle": words("vehicle"),
            "tonnes": numbers("tonnes", float).round(LOG_DECIMALS),
            "km": km.round(LOG_DECIMALS),
            "overflow_t": numbers("overflow_t", float).round(LOG_DECIMALS),
        }
    )
