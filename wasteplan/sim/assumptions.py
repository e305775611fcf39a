"""The simulator's own assumptions, each with unit, source and status."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def assumptions() -> dict[str, float]:
    """Values by name; see `data/assumptions.csv` for unit, status and source."""
    text = files("wasteplan.sim").joinpath("data/assumptions.csv").read_text("utf-8")
    return {r["name"]: float(r["value"]) for r in csv.DictReader(text.splitlines())}
