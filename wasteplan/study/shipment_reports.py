"""The returns of a year as tables, and whether their data is reported or simulated."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype
from pydantic import Field

from wasteplan.shipments.mistakes import ShipmentError
from wasteplan.shipments.returns import (
    diversion_table,
    facility_ledger,
    flow_matrix,
    generator_report,
    moved,
    period_form,
)
from wasteplan.shipments.table import ShipmentTable
from wasteplan.study.simulated_shipments import SCHEME
from wasteplan.units import Amount, Record, Unit

DECIMALS = 9  # of tonnes and shares in files: sums end in no noise
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet reads these as formulas


class Intake(Record):
    """What a facility took in by its own books, with the standard error if known."""

    facility: Annotated[str, Field(min_length=1, max_length=200)]
    received_t: Annotated[Amount, Unit("t")]
    sd_t: Annotated[float | None, Field(gt=0), Unit("t")] = None


def data_kind(table: ShipmentTable) -> str:
    """`reported`, `simulated` or `mixed`, from the scheme that every row names."""
    is_simulated = (table["scheme"] == SCHEME).to_numpy(bool)
    if is_simulated.all() and len(table):
        return SCHEME
    return "mixed" if is_simulated.any() else "reported"


def years_moved(table: ShipmentTable) -> list[int]:
    """Calendar years in which waste moved.

    Raises
    ------
    ShipmentError
        No shipment that moved has a date.
    """
    years = moved(table)["day"].dt.year.dropna().unique()
    if not len(years):
        raise ShipmentError("no shipment that moved has a date")
    return sorted(int(y) for y in years)


def report_frames(table: ShipmentTable, year: int) -> dict[str, pd.DataFrame]:
    """The annual returns by file name.

    Parameters
    ----------
    year
        Of the generator report, the ledger, the matrix, the forms and the months;
        diversion is given for every year.

    Returns
    -------
    dict
        `generator_report`, `facility_ledger`, `flow_matrix`, `diversion`,
        `annual_form`, `quarterly_form` (which begins with the quarter) and `months`
        (tonnes by fate and diversion).  All but the matrix end in the column `data`.

    Raises
    ------
    ShipmentError
        Nothing moved in the year.
    """
    known = years_moved(table)
    if year not in known:
        listed = ", ".join(map(str, known))
        raise ShipmentError(f"no shipment moved in {year}; some did in {listed}")
    names = sorted(table["facility"].dropna().astype(str).unique())
    books = [facility_ledger(table, n).assign(facility=n) for n in names]
    ledger = pd.concat(books, ignore_index=True)
    ledger = ledger[ledger["received_at"].dt.year == year]
    first = ["facility", *[c for c in ledger.columns if c != "facility"]]
    kind = data_kind(table)
    months = diversion_table(table, span="month")
    frames = {
        "generator_report": generator_report(table, year=year).assign(data=kind),
        "facility_ledger": ledger[first].assign(data=kind),
        "flow_matrix": flow_matrix(table, year=year).reset_index(),
        "diversion": diversion_table(table).assign(data=kind),
        "annual_form": period_form(table, year=year).assign(data=kind),
        "quarterly_form": _quarters(table, year).assign(data=kind),
        "months": months[months["span"].str.startswith(f"{year}-")].assign(data=kind),
    }
    return {name: harmless(_rounded(f)) for name, f in frames.items()}


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame.select_dtypes("number").columns
    made = frame.copy()
    made[numbers] = made[numbers].round(DECIMALS)
    return made


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts no spreadsheet takes for a formula when it opens the CSV.

    >>> harmless(pd.DataFrame({"generator": ["=1+1", "a"], "-b": [-1, 2]}))
      generator  '-b
    0     '=1+1   -1
    1         a    2
    """
    made = frame.rename(columns=_quoted)
    for name in made.columns:
        if not (is_numeric_dtype(made[name]) or is_datetime64_any_dtype(made[name])):
            made[name] = made[name].map(_quoted, na_action="ignore")
    return made


def _quoted(value: Any) -> Any:
    is_risky = isinstance(value, str) and value.startswith(RISKY)
    return f"'{value}" if is_risky else value


def _quarters(table: ShipmentTable, year: int) -> pd.DataFrame:
    """The forms of the quarters in which waste moved, one below the other."""
    forms = [
        period_form(table, year=year, quarter=q).assign(quarter=q) for q in (1, 2, 3, 4)
    ]
    form = pd.concat([f for f in forms if len(f)], ignore_index=True)
    return form[["quarter", *[c for c in form.columns if c != "quarter"]]]
