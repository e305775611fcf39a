"""What a recovery or disposal code means for the waste: landfill, recycling, ..."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

FATES = (
    "landfill",
    "discharge",
    "incineration",
    "energy_recovery",
    "recycling",
    "interim",
    "unknown",
)
"""Where a tonne ends. `interim`: stored or treated, the last step lies elsewhere."""

NOT_DIVERTED = ("landfill", "discharge")
"""Fates that count as put into land or water."""

UNDECIDED = ("interim", "unknown")
"""Fates that may still end in a landfill: they make diversion a range."""


@lru_cache(maxsize=1)
def fate_by_code() -> dict[str, str]:
    """Fate of every known code (R1-R13, D1-D15, management methods H010-H141)."""
    folder = resources.files("wasteplan.shipments") / "data"
    text = (folder / "route_codes.csv").read_text(encoding="utf-8")
    return {row["code"]: row["fate"] for row in csv.DictReader(text.splitlines())}


@lru_cache(maxsize=1)
def management_method() -> dict[str, str]:
    """Management method (H code) that stands for a D or R code when one is needed."""
    folder = resources.files("wasteplan.shipments") / "data"
    text = (folder / "route_codes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["code"]: r["management_method"] for r in rows if r["management_method"]}


def fate(code: str | None) -> str:
    """Fate of one code.

    >>> fate("D5"), fate("R3"), fate("R13"), fate(None)
    ('landfill', 'recycling', 'interim', 'unknown')
    """
    return fate_by_code().get(code or "", "unknown")


def fates(route: pd.Series[Any]) -> pd.Categorical:
    """Fate of every row, as categories in the order of `FATES`."""
    names = pd.Categorical(route)
    of_code = [FATES.index(fate(str(code))) for code in names.categories]
    codes = np.array([*of_code, FATES.index("unknown")], dtype="int8")[names.codes]
    return pd.Categorical.from_codes(codes, categories=pd.Index(FATES, dtype=object))
