"""What a size costs by the chosen cost basis of its technology; one basis each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wasteplan.treatment.choices import CatalogueTechnology
from wasteplan.treatment.parameters import (
    CostFunction,
    Parameter,
    cost_functions,
    money_unit,
    parameters,
)
from wasteplan.units import weakest

Convert = Callable[[float, str, int], float]
"""(amount, currency, price year) -> the scenario's money."""


@dataclass(frozen=True)
class Cost:
    """An amount with its range and status.  [money, or money/t]"""

    amount: float
    status: str
    low: float | None = None
    high: float | None = None
    warning: str = ""


def capex(
    technology: CatalogueTechnology, capacity_t_per_y: float, convert: Convert
) -> Cost | None:
    """Capital cost of a size.  [money]

    By a cost function of size, warning outside its range, or by a specific cost per
    t/y.  The range comes from the alternatives that the catalogue names as bounds, or
    from the low and high of the specific cost.

    Parameters
    ----------
    technology
        A technology of the catalogue.
    capacity_t_per_y
        Nameplate.  [t/y]
    convert
        To the scenario's money.

    Raises
    ------
    ConversionError
        If the money cannot be converted.
    """
    basis = technology.capex
    if "function" in basis:
        chosen = cost_functions()[basis["function"]]
        bounds = {
            side: _function_cost(
                cost_functions()[basis[side]], capacity_t_per_y, convert
            )
            for side in ("low", "high")
            if side in basis
        }
        return Cost(
            amount=_function_cost(chosen, capacity_t_per_y, convert),
            status=chosen.status,
            low=bounds.get("low"),
            high=bounds.get("high"),
            warning=chosen.outside(capacity_t_per_y),
        )
    if "specific" in basis:
        row = parameters()[basis["specific"]]
        return Cost(
            amount=_money(row, row.central, convert) * capacity_t_per_y,
            status=row.status,
            low=_times(row, row.low, capacity_t_per_y, convert),
            high=_times(row, row.high, capacity_t_per_y, convert),
        )
    return None


def fixed_om_per_y(
    technology: CatalogueTechnology, capacity_t_per_y: float, convert: Convert
) -> Cost | None:
    """Operating cost that is paid on capacity.  [money/y]"""
    split = _per_t(technology, convert)
    if split is None:
        return None
    return Cost(split.fixed * capacity_t_per_y, split.status)


def variable_om_per_t(technology: CatalogueTechnology, convert: Convert) -> Cost | None:
    """Operating cost that follows tonnage.  [money/t]"""
    split = _per_t(technology, convert)
    return None if split is None else Cost(split.variable, split.status)


@dataclass(frozen=True)
class _Split:
    fixed: float
    variable: float
    status: str


def _per_t(technology: CatalogueTechnology, convert: Convert) -> _Split | None:
    """Operating cost per tonne at full load, fixed and variable.  [money/t]"""
    basis, rows = technology.opex, parameters()
    if "per_t" in basis:
        total = rows[basis["per_t"]]
        amount = _money(total, total.central, convert)
        if "fixed_share" not in basis:
            return _Split(0.0, amount, total.status)
        share = rows[basis["fixed_share"]]
        part = share.central or 0.0
        status = weakest(total.status, share.status)
        return _Split(amount * part, amount * (1.0 - part), status)
    if "fixed_per_t" in basis:
        fixed, variable = rows[basis["fixed_per_t"]], rows[basis["variable_per_t"]]
        return _Split(
            _money(fixed, fixed.central, convert),
            _money(variable, variable.central, convert),
            weakest(fixed.status, variable.status),
        )
    return None


def _function_cost(
    function: CostFunction, capacity_t_per_y: float, convert: Convert
) -> float:
    _, currency = money_unit(function.y_unit)
    amount = function.amount(capacity_t_per_y)
    return convert(amount, currency, function.price_year)


def _times(
    row: Parameter, value: float | None, capacity_t_per_y: float, convert: Convert
) -> float | None:
    return None if value is None else _money(row, value, convert) * capacity_t_per_y


def _money(row: Parameter, value: float | None, convert: Convert) -> float:
    """A value of a row in the scenario's money; an amount of 0 is 0 in any money."""
    multiple, currency = money_unit(row.unit)
    amount = multiple * (value or 0.0)
    if amount == 0.0:
        return 0.0
    return convert(amount, currency, row.price_year or 0)
