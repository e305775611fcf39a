"""The simulator's own assumptions, each with unit, source and status."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def assumptions() -> dict[str, float]:
    """Values by name; see `data/assumptions.csv` for unit, status and source."""
    return {r["name"]: float(r["value"]) for r in assumption_rows()}


@cache
def assumption_rows() -> tuple[dict[str, str], ...]:
    """All rows with name, value, unit, status, source and note."""
    text = files("wasteplan.sim").joinpath("data/assumptions.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
