"""Rows of the packaged tables: parameters, cost functions, vehicles; with source."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from wasteplan.errors import ConversionError
from wasteplan.units import DAYS_PER_YEAR
from wasteplan.waste.packaged import packaged_text

PACKAGE = "wasteplan.treatment"
PARAMETER_FILES = ("technology_parameters.csv", "operation_parameters.csv")
GAS_FILE = "landfill_fod.csv"
GAS_PREFIX = "fod"
CAPACITY_IN = {"t/d": 1.0 / DAYS_PER_YEAR, "kt/y": 1e-3, "t/y": 1.0}
"""What t/y are multiplied by to give the x of a cost function."""
MONEY = re.compile(r"(?P<million>M )?(?P<currency>[A-Z]{3})\b")


@dataclass(frozen=True)
class Parameter:
    """One number of a table: `central` None where only a range or nothing is known."""

    id: str
    low: float | None
    central: float | None
    high: float | None
    unit: str
    price_year: int | None
    """Of a span of years, the last."""
    source: str
    status: str
    note: str


@dataclass(frozen=True)
class CostFunction:
    """Cost as a power law of capacity, a (x / x_reference)^b, with its validity."""

    id: str
    a: float
    b: float
    x_reference: float
    x_unit: str
    y_unit: str
    x_min: float | None
    x_max: float | None
    price_year: int
    source: str
    status: str
    note: str

    def x(self, capacity_t_per_y: float) -> float:
        """The capacity in the unit of the function.  [x_unit]"""
        return capacity_t_per_y * CAPACITY_IN[self.x_unit]

    def amount(self, capacity_t_per_y: float) -> float:
        """Cost in the currency and price year of the source.  [money of the source]"""
        multiple, _ = money_unit(self.y_unit)
        ratio = self.x(capacity_t_per_y) / self.x_reference
        return multiple * self.a * ratio**self.b

    def outside(self, capacity_t_per_y: float) -> str:
        """What to warn of where the function does not hold; empty where it does."""
        x = self.x(capacity_t_per_y)
        low, high = self.x_min or 0.0, self.x_max or float("inf")
        if low <= x <= high:
            return ""
        return (
            f"{x:,.0f} {self.x_unit} is outside {low:,.0f} to {high:,.0f} "
            f"{self.x_unit}, where cost function '{self.id}' holds"
        )


def money_unit(unit: str) -> tuple[float, str]:
    """Multiple and currency of a unit of money.

    Raises
    ------
    ConversionError
        If the unit names no currency.

    >>> money_unit("M USD")
    (1000000.0, 'USD')
    >>> money_unit("EUR/(t/y)")
    (1.0, 'EUR')
    """
    found = MONEY.match(unit)
    if found is None:
        raise ConversionError(f"unit {unit!r} names no currency")
    return (1e6 if found["million"] else 1.0), found["currency"]


@cache
def parameters() -> dict[str, Parameter]:
    """Every row of the parameter tables by id; gas rows as `fod.<name>.<waste>`."""
    found: dict[str, Parameter] = {}
    for file in PARAMETER_FILES:
        for row in _rows(file):
            found[row["id"]] = _parameter(row["id"], row, row["price_year"])
    for row in _rows(GAS_FILE):
        if not row["climate"]:
            name = f"{GAS_PREFIX}.{row['parameter']}.{_slug(row['waste'])}"
            found[name] = _parameter(name, row, "")
    return found


@cache
def cost_functions() -> dict[str, CostFunction]:
    """Every cost function by id."""
    return {
        row["id"]: CostFunction(
            id=row["id"],
            a=float(row["a"]),
            b=float(row["b"]),
            x_reference=float(row["x_reference"]),
            x_unit=row["x_unit"],
            y_unit=row["y_unit"],
            x_min=_number(row["x_min"]),
            x_max=_number(row["x_max"]),
            price_year=_last_year(row["price_year"]) or 0,
            source=row["source"],
            status=row["status"],
            note=row["note"],
        )
        for row in _rows("cost_functions.csv")
    }


@cache
def vehicle_parameters() -> dict[tuple[str, str], Parameter]:
    """Every row of the vehicle table by (vehicle, parameter)."""
    return {
        (row["vehicle"], row["parameter"]): _parameter(
            f"{row['vehicle']}.{row['parameter']}", row, row["price_year"]
        )
        for row in _rows("vehicle_parameters.csv")
    }


def _parameter(name: str, row: dict[str, str], price_year: str) -> Parameter:
    return Parameter(
        id=name,
        low=_number(row["low"]),
        central=_number(row["central"]),
        high=_number(row["high"]),
        unit=row["unit"],
        price_year=_last_year(price_year),
        source=row["source"],
        status=row["status"],
        note=row["note"],
    )


def _rows(file: str) -> Iterator[dict[str, str]]:
    text = packaged_text(PACKAGE, file)
    yield from csv.DictReader(io.StringIO(text, newline=""))


def _number(cell: str) -> float | None:
    return float(cell) if cell.strip() else None


def _last_year(cell: str) -> int | None:
    years = re.findall(r"\d{4}", cell)
    return int(years[-1]) if years else None


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
