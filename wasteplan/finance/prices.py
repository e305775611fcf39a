"""Prices between currencies and years, by one stated rule."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from wasteplan.errors import ConversionError
from wasteplan.units import weakest
from wasteplan.waste.packaged import packaged_text

_PER_USD = {"EUR": "usd_per_eur", "GBP": "usd_per_gbp", "KHR": "khr_per_usd"}
_PRICE_INDEX = {"USD": "us_cpi_1982_84_100", "EUR": "euro_hicp_2015_100"}
_IS_USD_PER_UNIT = frozenset({"EUR", "GBP"})


@dataclass(frozen=True)
class MoneyFactor:
    """What an amount is multiplied by to change its currency and price year."""

    factor: float
    status: str
    text: str


def convert_money(
    amount: float, currency: str, price_year: int, to_currency: str, to_price_year: int
) -> float:
    """An amount in another currency and price year.  [money of the target]

    One rule: first the exchange rate of the *source's* price year, then the consumer
    price index of the *target's* currency (US CPI-U for USD, euro HICP for EUR; GBP
    and KHR have exchange rates only).

    Parameters
    ----------
    amount
        [money of `currency` in `price_year`]
    currency, to_currency
        USD, EUR, GBP or KHR.
    price_year, to_price_year
        [year]

    Raises
    ------
    ConversionError
        If there is no rate or index for a year; it names the years that there are.

    100 EUR of 2015 are 110.95 USD of 2015, times 304.702 / 237.017:

    >>> round(convert_money(100.0, "EUR", 2015, "USD", 2023), 2)
    142.63
    """
    found = money_factor(currency, price_year, to_currency, to_price_year)
    return amount * found.factor


def money_factor(
    currency: str, price_year: int, to_currency: str, to_price_year: int
) -> MoneyFactor:
    """The factor of `convert_money`, with its status and how it came about.

    >>> money_factor("USD", 2015, "USD", 2015).factor
    1.0
    """
    parts = [
        _exchange(currency, to_currency, price_year),
        _escalation(to_currency, price_year, to_price_year),
    ]
    used = [p for p in parts if p is not None]
    factor = 1.0
    for part in used:
        factor *= part.factor
    status = weakest(*(p.status for p in used)) if used else "derived"
    return MoneyFactor(factor, status, "; ".join(p.text for p in used))


def value_in_year(points: Mapping[int, float], year: int) -> float:
    """Straight lines between the years given, the nearest one outside them.

    Parameters
    ----------
    points
        Value by year.  [any]
    year
        [year]

    Raises
    ------
    ValueError
        If there are no points.

    >>> value_in_year({2025: 1.0, 2035: 2.0}, 2030)
    1.5
    >>> value_in_year({2025: 1.0, 2035: 2.0}, 2050)
    2.0
    """
    if not points:
        raise ValueError(f"no value for year {year}: the series is empty")
    if year in points:
        return points[year]
    before = [y for y in points if y < year]
    after = [y for y in points if y > year]
    if not before:
        return points[min(after)]
    if not after:
        return points[max(before)]
    start, end = max(before), min(after)
    weight = (year - start) / (end - start)
    return points[start] + weight * (points[end] - points[start])


def plant_cost_factor(from_year: int, to_year: int) -> float:
    """Ratio of the chemical plant cost index between two years.  [-]

    An alternative to consumer prices for escalating capital cost; nothing uses it
    unless asked.

    >>> round(plant_cost_factor(2015, 2023), 4)
    1.433
    """
    column = "plant_cost_index"
    return _cell(to_year, column, "plant cost") / _cell(from_year, column, "plant cost")


def _exchange(currency: str, to_currency: str, year: int) -> MoneyFactor | None:
    if currency == to_currency:
        return None
    for code in (currency, to_currency):
        if code != "USD" and code not in _PER_USD:
            known = ", ".join(sorted({"USD", *_PER_USD}))
            raise ConversionError(f"currency {code!r} is not known: there are {known}")
    factor = _usd_per_unit(currency, year) / _usd_per_unit(to_currency, year)
    statuses = [_status(year, c) for c in (currency, to_currency) if c != "USD"]
    text = f"{factor:.6g} {to_currency} per {currency} in {year}"
    return MoneyFactor(factor, weakest(*statuses), text)


def _escalation(currency: str, from_year: int, to_year: int) -> MoneyFactor | None:
    if from_year == to_year:
        return None
    if currency not in _PRICE_INDEX:
        raise ConversionError(
            f"{currency} of {from_year} cannot be brought to {to_year}: there is no "
            f"price index for {currency}, only for "
            f"{' and '.join(sorted(_PRICE_INDEX))}; "
            f"state the amount in one of these or in the prices of {to_year}"
        )
    column = _PRICE_INDEX[currency]
    before = _cell(from_year, column, f"{currency} price")
    after = _cell(to_year, column, f"{currency} price")
    status = weakest(_status(from_year, currency), _status(to_year, currency))
    text = f"{currency} prices {from_year} to {to_year}: {after:g}/{before:g}"
    return MoneyFactor(after / before, status, text)


def _usd_per_unit(currency: str, year: int) -> float:
    if currency == "USD":
        return 1.0
    rate = _cell(year, _PER_USD[currency], f"{currency} exchange rate")
    return rate if currency in _IS_USD_PER_UNIT else 1.0 / rate


def _cell(year: int, column: str, what: str) -> float:
    rows = _rows()
    text = rows.get(year, {}).get(column, "")
    if text:
        return float(text)
    years = [y for y, row in sorted(rows.items()) if row[column]]
    raise ConversionError(
        f"no {what} for {year}: price_index.csv has rows for "
        f"{', '.join(map(str, years))}; state the amount in one of these years"
    )


def _status(year: int, currency: str) -> str:
    row = _rows()[year]
    return row["status_khr"] if currency == "KHR" else row["status"]


@cache
def _rows() -> dict[int, dict[str, str]]:
    text = packaged_text("wasteplan.finance", "price_index.csv")
    reader = csv.DictReader(io.StringIO(text))
    return {int(row["year"]): dict(row) for row in reader}
