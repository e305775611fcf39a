"""A project, the rules it is appraised by, and the cash that comes of it.

Arrays have years on their last axis; leading axes are independent draws of chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from wasteplan.finance.funds import Case
from wasteplan.finance.lending import LoanYears
from wasteplan.finance.price_level import Path, price_level

Floats = NDArray[np.float64]

REVENUES = (
    "gate_fees",
    "electricity",
    "fuel_saved",
    "products",
    "carbon_credits",
    "support",
    "producer_fees",
)
EXPENSES = ("fixed_om", "variable_om", "energy", "residues", "after_care")


@dataclass(frozen=True, eq=False)
class Project:
    """What a facility costs and earns in money of the price year, by year.

    `real` holds the lines of `REVENUES` (but gate fees) and `EXPENSES`, and
    `replacement` and `closure` (set aside for them).  All falls at the end of its year.
    """

    id: str
    years: NDArray[np.int64]
    stages: tuple[tuple[int, Floats], ...]
    """Opening year and capital cost by year of each thing built.  [money, real]"""
    last_work: int
    """Last year of work."""
    horizon: int
    """Last year of the plan; later ones repeat it."""
    real: Mapping[str, Floats]
    tonnes: Floats
    planned_tonnes: Floats
    gate_fee: Floats
    """Per tonne, by year.  [money/t, real]"""
    land: Floats
    """Bought (+) and given back (-).  [money, real]"""
    salvage: Floats
    electricity_mwh: Floats
    is_taxed: bool = True

    @property
    def opening(self) -> int:
        """First year of work."""
        return min(opening for opening, _ in self.stages)

    @property
    def works(self) -> NDArray[np.bool_]:
        """Whether it works, by year."""
        return (self.years >= self.opening) & (self.years <= self.last_work)

    @property
    def capex(self) -> Floats:
        """Of all stages, by year.  [money, real]"""
        return np.sum([cost for _, cost in self.stages], axis=0)


@dataclass(frozen=True)
class Business:
    """Rules that all projects of an appraisal share; rates are shares a year."""

    price_year: int
    base_year: int
    discount_rate: float
    """Real."""
    inflation: float = 0.0
    return_target: float = 0.16
    """Nominal, on equity."""
    tax_rate: float = 0.0
    depreciation_y: int = 20
    working_capital_d: float = 0.0
    put_or_pay: float = 0.0
    """Share of planned tonnes that is paid at the gate in any case."""
    inflation_path: Path = ()
    """Inflation by year in place of the one rate, as (year, rate)."""
    loss_carry_forward_y: int = 0
    """Years in which a loss may be set against profit."""
    vat_unrecovered: float = 0.0
    """Value-added tax that is not given back, as a share of net prices."""

    def level(self, years: NDArray[np.int64], added: Floats | float = 0.0) -> Floats:
        """Money of a year per money of the price year.  [-]

        Parameters
        ----------
        years
            Calendar years.
        added
            Added to the inflation of every year, one for each draw.  [1/y]
        """
        more = np.asarray(added, float)
        return price_level(
            years, self.inflation + more, self.price_year, self.inflation_path, more
        )


@dataclass(frozen=True)
class Shock:
    """What chance or a what-if changes; numbers, or arrays of draws.  [multiples]

    `inflation`, `interest` and `gain` are added to the planned rates.  [1/y]  Tonnes
    are those planned x `waste` (what is generated) x `tonnes` (what kilns, informal
    buyers and recyclers leave) x the plant's own `intake` (what it manages to take).
    """

    capex: Floats | float = 1.0
    operating: Floats | float = 1.0
    tonnes: Floats | float = 1.0
    waste: Floats | float = 1.0
    intake: Mapping[str, Floats | float] = field(default_factory=dict)
    electricity_price: Floats | float = 1.0
    fuel_price: Floats | float = 1.0
    product_price: Floats | float = 1.0
    gate_fee: Floats | float = 1.0
    inflation: Floats | float = 0.0
    interest: Floats | float = 0.0
    gain: Floats | float = 0.0

    def with_electricity(self, price: Floats | float) -> Shock:
        """The same at another price of electricity.  [multiple]"""
        return replace(self, electricity_price=price)


@dataclass(frozen=True, eq=False)
class ProjectCash:
    """Nominal cash by year under a case: `lines` as in `CASH_COLUMNS`."""

    project: Project
    case: Case
    lines: dict[str, Floats]
    loans: tuple[tuple[str, LoanYears], ...] = field(default_factory=tuple)
    """Id of the fund and the loan, one for each stage."""
    base_level: Floats = field(default_factory=lambda: np.ones(()))
    """Money of the base year per money of the price year, one for each draw.  [-]"""

    def __getitem__(self, name: str) -> Floats:
        return self.lines[name]
