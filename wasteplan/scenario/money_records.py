"""Tables of finance: paths of money, and small recyclers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.units import Amount, Id, Share, SourcedRecord, Unit, Year


class MoneyRate(SourcedRecord):
    """Inflation or an exchange rate in a year; between years straight lines.

    `inflation` of the scenario's currency (without `currency`) replaces
    `inflation_per_y`; `exchange` is what a unit of a currency that a loan is owed in
    costs in the scenario's, and replaces the loan's `gain_per_y`.
    """

    item: Literal["inflation", "exchange"]
    year: Year
    value: Annotated[float, Unit("1/y, or money per unit of the currency")]
    currency: str = ""


class Recycler(SourcedRecord):
    """A small recycler as a business: buys waste, sells what it makes of it."""

    id: Id
    name: str = ""
    waste_t_per_y: Annotated[float, Field(gt=0), Unit("t/y bought")]
    feedstock_price_per_t: Annotated[float, Unit("money/t bought")]
    yield_share: Annotated[Share, Unit("- sold of bought")]
    product_price_per_t: Annotated[Amount, Unit("money/t sold, of good quality")]
    quality_loss: Annotated[Share, Unit("- of price")] = 0.0
    variable_cost_per_t: Annotated[Amount, Unit("money/t bought")]
    fixed_cost_per_y: Annotated[Amount, Unit("money/y")]
    capex: Annotated[Amount, Unit("money")]
    lifetime_y: Annotated[float, Field(gt=0), Unit("y")]
    interest_per_y: Annotated[float, Field(gt=-1, lt=1), Unit("1/y, real")]
    stock_d: Annotated[Amount, Unit("d of feedstock")] = 0.0
    credit_d: Annotated[Amount, Unit("d until buyers pay")] = 0.0
    default_share: Annotated[Share, Unit("- of sales never paid")] = 0.0
    grant: Annotated[Amount, Unit("money")] = 0.0
    guarantee_share: Annotated[Share, Unit("- of unpaid sales")] = 0.0
    result_payment_per_t: Annotated[Amount, Unit("money/t bought")] = 0.0
    credit_per_t: Annotated[Amount, Unit("money/t sold")] = 0.0
    """Producer-responsibility or plastic credits."""
