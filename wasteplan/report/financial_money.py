"""Inflation and exchange rates by year on the sheet of inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wasteplan.finance.appraisal_result import Basis
from wasteplan.finance.funds import Fund
from wasteplan.finance.price_level import Path
from wasteplan.report.formulas import Formula, Operand
from wasteplan.report.ledger import Line, Sheet


@dataclass(frozen=True)
class Money:
    """What money is worth."""

    inflation: Line
    """By year.  [1/y]"""
    before: Formula
    """Price level at the end of the year before the first.  [-]"""
    base: Formula
    """Price level at the end of the base year.  [-]"""
    paths: tuple[Line, ...]
    """Worth of currencies by year, in the order of `paths_of`."""


def paths_of(basis: Basis) -> tuple[tuple[str, Path], ...]:
    """Currencies of loans whose worth has a path, each once."""
    found = dict.fromkeys(
        (fund.currency, fund.exchange_path)
        for cases in basis.cases
        for case in cases
        for fund in case.debt
        if fund.exchange_path
    )
    return tuple(found)


def path_number(fund: Fund, paths: Sequence[tuple[str, Path]]) -> float:
    """Place of a loan's currency among the paths, from 1; 0 without a path."""
    key = (fund.currency, fund.exchange_path)
    return float([*paths].index(key) + 1) if fund.exchange_path else 0.0


def money_lines(sheet: Sheet, basis: Basis, inflation: Formula) -> Money:
    """Write price levels, inflation and currencies below the years of the sheet.

    Without a path of inflation every year points at the one rate; with one, years are
    inputs of their own.
    """
    business, years = basis.business, basis.projects[0].years
    has_path = bool(business.inflation_path)
    near = [int(years[0]) - 1, business.base_year]
    levels = business.level(np.array(near))
    starts: list[Operand] = []
    for year, level in zip(near, levels, strict=True):
        power = (1 + inflation) ** float(year - business.price_year)
        starts.append(float(level) if has_path else power)
    before = sheet.value(
        f"price level at the end of {near[0]}", "-", starts[0], "factor"
    )
    base = sheet.value(f"price level at the end of {near[1]}", "-", starts[1], "factor")
    rates: list[Operand] = [inflation] * len(years)
    if has_path:
        every = business.level(np.array([near[0], *years]))
        rates = [float(r) for r in every[1:] / every[:-1] - 1.0]
    line = sheet.line("inflation", "1/y", rates, "input_share", is_summed=False)
    paths = []
    for number, (currency, path) in enumerate(paths_of(basis), start=1):
        worth = Fund(currency, "equity", 0.0, exchange_path=path).worth(years)
        assert worth is not None
        label = f"currency {number}: worth of one {currency}"
        amounts = [float(w) for w in worth]
        paths.append(sheet.line(label, "", amounts, "input", is_summed=False))
    return Money(line, before, base, tuple(paths))
