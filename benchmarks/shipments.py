"""Time and memory of reading and checking a million shipments.

    python benchmarks/shipments.py [--rows 1000000] [--history FILE.csv]

Writes a CSV of shipments in the own format (factories, carriers and plants are
invented, one row in two hundred carries a fault), then reads it and makes the
exception report through the public functions, in a process of its own.  Prints
seconds, the peak resident memory of that process, and the ratio to reading the same
file with `pandas.read_csv` alone, measured in the same run.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from wasteplan.shipments.exceptions import exception_counts, exceptions
from wasteplan.shipments.formats import read_shipments, write_shipments
from wasteplan.shipments.table import shipment_table

T = TypeVar("T")
BAR_S = 60.0
BAR_GB = 2.0
FAULT_EVERY = 200


def made_file(path: Path, n: int) -> None:
    """Write n shipments of a year."""
    chance = np.random.default_rng(1)
    minute = np.sort(chance.integers(0, 365 * 24 * 60, n))
    shipped = np.datetime64("2025-01-01") + minute.astype("timedelta64[m]")
    received = shipped + chance.integers(30, 240, n).astype("timedelta64[m]")
    declared = np.round(chance.gamma(4, 1.5, n) + 0.05, 2)
    arrived = np.round(declared * chance.normal(1, 0.02, n), 2)
    fault = np.arange(n) % FAULT_EVERY == 7
    arrived = np.where(fault, np.round(declared * 1.5, 2), arrived)
    factory = pd.Series(chance.integers(0, 3000, n)).map(lambda i: f"factory_{i}")
    vehicle = pd.Series(chance.integers(0, 800, n)).map(lambda i: f"2A-{i:04d}")
    table = shipment_table(
        {
            "id": [f"KH-2025-{i:07d}" for i in range(n)],
            "document": [f"KH-2025-{i:07d}" for i in range(n)],
            "scheme": "own",
            "generator": factory,
            "transporters": chance.choice(["carrier_1", "carrier_2;carrier_3"], n),
            "facility": chance.choice([f"plant_{i}" for i in range(40)], n),
            "waste_code": chance.choice(["04 02 22", "15 01 01", "15 01 02"], n),
            "code_scheme": "EU_LoW",
            "stream": chance.choice(["textile", "paper", "plastic"], n),
            "is_hazardous": False,
            "declared_t": declared,
            "received_t": arrived,
            "container": "skip",
            "n_containers": 1.0,
            "vehicle": vehicle,
            "received_vehicle": vehicle,
            "shipped_at": shipped,
            "collected_at": shipped,
            "received_at": received,
            "confirmed_at": received + np.timedelta64(20, "h"),
            "treated_at": received + np.timedelta64(48, "h"),
            "route": chance.choice(["R1", "R3", "D5"], n),
            "state": "treated",
        }
    )
    write_shipments(table, path, "own_csv")


def peak_gb() -> float:
    """Largest resident memory of this process so far.  [GB]"""
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e9


def checked(path: Path) -> tuple[float, float, float, float, int, dict[str, int]]:
    """Read and check through the public functions."""
    start, cpu_start = time.perf_counter(), time.process_time()
    reading = read_shipments(path)
    read_s = time.perf_counter() - start
    report = exceptions(reading.table)
    total_s = time.perf_counter() - start
    cpu_s = time.process_time() - cpu_start
    counts = exception_counts(report).set_index("kind")["n"].to_dict()
    found = {kind: n for kind, n in counts.items() if n}
    return read_s, total_s, cpu_s, peak_gb(), len(reading.problems), found


def read_only(path: Path) -> tuple[float, float]:
    """The reference: the same file through pandas alone, nothing checked."""
    start = time.perf_counter()
    pd.read_csv(path)
    return time.perf_counter() - start, peak_gb()


def measured(work: Callable[[Path], T], path: Path) -> T:
    """Run in a process of its own, so that the memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(work, path).result()


def main() -> None:
    """Measure and print; add a line to the history if one is named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--history", type=Path)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shipments.csv"
        made_file(path, asked.rows)
        size_mb = path.stat().st_size / 1e6
        reference_s, reference_gb = measured(read_only, path)
        read_s, total_s, cpu_s, gb, n_problems, found = measured(checked, path)
    print(f"{asked.rows:,} shipments, {size_mb:,.0f} MB")
    print(f"pandas.read_csv alone   {reference_s:6.1f} s  {reference_gb:5.2f} GB")
    print(f"read                    {read_s:6.1f} s")
    print(
        f"read + check            {total_s:6.1f} s  {gb:5.2f} GB  (CPU {cpu_s:.1f} s)"
    )
    print(f"ratio to the reference  {total_s / reference_s:6.1f}")
    print(f"problems {n_problems}, exceptions {found}")
    is_within = total_s < BAR_S and gb < BAR_GB
    print(f"bar {BAR_S:g} s, {BAR_GB:g} GB: {'met' if is_within else 'MISSED'}")
    if asked.history:
        is_new = not asked.history.exists()
        with asked.history.open("a", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            if is_new:
                table.writerow(["day", "rows", "reference_s", "total_s", "peak_gb"])
            day = f"{datetime.now(UTC):%Y-%m-%d}"
            numbers = [f"{x:.2f}" for x in (reference_s, total_s, gb)]
            table.writerow([day, asked.rows, *numbers])


if __name__ == "__main__":
    main()
