"""Time and memory of reading and checking a million shipments, in every format.

    python benchmarks/shipments.py [--rows 1000000] [--formats own_csv ...]
                                   [--history FILE.csv]

Writes shipments of a year (factories, carriers and plants are invented, one row in two
hundred carries a fault) in each format, then reads the file and makes the exception
report through the public functions, in a process of its own.  Prints processor seconds,
the peak resident memory of that process, and the ratio to what a bare library needs for
the same file in the same run: `pandas.read_csv` for CSV, `json.loads` document by
document for JSON, `openpyxl` for a workbook.  Seconds are of the processor, so that
other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import csv
import json
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
import openpyxl
import pandas as pd

from wasteplan.shipments.exceptions import exceptions
from wasteplan.shipments.formats import read_shipments, write_shipments
from wasteplan.shipments.table import ShipmentTable, shipment_table

T = TypeVar("T")
BAR_S = 60.0
BAR_GB = 2.0
FAULT_EVERY = 200
SUFFIX = {
    "own_csv": ".csv",
    "own_xlsx": ".xlsx",
    "us_emanifest": ".json",
    "england_receipt": ".json",
    "allbaro": ".csv",
}
DEFAULT = ("own_csv", "us_emanifest", "england_receipt", "allbaro")
"""Formats in which a million rows are expected; a workbook is for single factories."""

HEADER = {
    "format": 15,
    "file MB": 8,
    "write s": 8,
    "bare s": 7,
    "read s": 7,
    "read+check s": 12,
    "peak GB": 7,
    "ratio": 6,
    "exceptions": 10,
    "bar": 6,
}


def made_table(n: int) -> ShipmentTable:
    """The shipments of a year."""
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
    return shipment_table(
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


def peak_gb() -> float:
    """Largest resident memory of this process so far.  [GB]"""
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e9


def written(path: Path, file_format: str, n: int) -> float:
    """Write n shipments.  [s]"""
    table = made_table(n)
    start = time.process_time()
    write_shipments(table, path, file_format)
    return time.process_time() - start


def checked(path: Path, file_format: str) -> tuple[float, float, float, int, int, int]:
    """Read and check through the public functions."""
    start = time.process_time()
    reading = read_shipments(path, file_format=file_format)
    read_s = time.process_time() - start
    report = exceptions(reading.table)
    total_s = time.process_time() - start
    counts = (len(reading.table), len(reading.problems), len(report))
    return (read_s, total_s, peak_gb(), *counts)


def bare(path: Path, file_format: str) -> float:
    """The reference: the same file through a library alone, nothing checked.  [s]"""
    start = time.process_time()
    if path.suffix == ".csv":
        pd.read_csv(path)
    elif path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        sum(len(row) for row in book["shipments"].iter_rows(values_only=True))
    else:
        with path.open(encoding="utf-8") as lines:
            for line in lines:  # whole, a million documents would need 9 GB
                if line.startswith("{"):
                    json.loads(line.rstrip("\n,"))
    return time.process_time() - start


def measured(work: Callable[..., T], *arguments: object) -> T:
    """Run in a process of its own, so that the memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(work, *arguments).result()


def main() -> None:
    """Measure and print; add lines to the history if one is named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--formats", nargs="+", default=DEFAULT, choices=SUFFIX)
    arguments.add_argument("--history", type=Path)
    asked = arguments.parse_args()
    print(f"{asked.rows:,} shipments; bar for read + check {BAR_S:g} s, {BAR_GB:g} GB")
    print(" | ".join(f"{name:>{width}}" for name, width in HEADER.items()))
    lines = []
    for name in asked.formats:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"shipments{SUFFIX[name]}"
            write_s = measured(written, path, name, asked.rows)
            size_mb = path.stat().st_size / 1e6
            bare_s = measured(bare, path, name)
            read_s, total_s, gb, n, wrong, found = measured(checked, path, name)
        is_within = total_s < BAR_S and gb < BAR_GB and (n, wrong) == (asked.rows, 0)
        numbers = [size_mb, write_s, bare_s, read_s, total_s, gb, total_s / bare_s]
        cells = [name, *(f"{x:.1f}" for x in numbers), f"{found:,}"]
        cells.append("met" if is_within else "MISSED")
        widths = HEADER.values()
        print(" | ".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True)))
        sys.stdout.flush()
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        lines.append([day, name, asked.rows, *(f"{x:.2f}" for x in numbers)])
    if asked.history:
        is_new = not asked.history.exists()
        with asked.history.open("a", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            if is_new:
                table.writerow(["day", *list(HEADER)[:1], "rows", *list(HEADER)[1:8]])
            table.writerows(lines)


if __name__ == "__main__":
    main()
