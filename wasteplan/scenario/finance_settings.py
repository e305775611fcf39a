"""`[finance]` of `scenario.toml`: who finances what, and what they ask."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.units import Amount, Record, Share, Unit

Rate = Annotated[float, Field(gt=-1, lt=1), Unit("1/y")]


class FinanceSettings(Record):
    """`[finance]`: rules of the investment appraisal; what is left out is assumed.

    Rates of return, interest and tax are nominal; the discount rate of `[economics]`
    is real.  Prices rise by `inflation_per_y` from the price year.
    """

    terms: tuple[str, ...] = ()
    """Financing cases: names of packaged loan terms; empty takes four kinds."""
    equity_share: Annotated[float, Field(ge=0, le=1), Unit("- of capital cost")] = 0.3
    grant_share: Annotated[float, Field(ge=0, le=1), Unit("- of capital cost")] = 0.0
    grant_from: Literal["public", "donor"] = "public"
    public_share: Annotated[
        float, Field(ge=0, le=1), Unit("- of operators' equity")
    ] = 0.0
    repayment: Literal["equal_principal", "annuity", "sculpted"] = "equal_principal"
    upfront_fee: Annotated[float, Field(ge=0, lt=1), Unit("- of loan")] = 0.01
    commitment_fee_per_y: Annotated[Rate, Field(ge=0), Unit("1/y of undrawn")] = 0.005
    guarantee_fee_per_y: Annotated[Rate, Field(ge=0), Unit("1/y of balance")] = 0.0
    return_target: Rate = 0.16
    dscr_target: Annotated[float, Field(gt=0), Unit("-")] = 1.3
    dscr_limit: Annotated[float, Field(gt=0), Unit("-")] = 1.2
    inflation_per_y: Rate = 0.025
    tax_rate: Share = 0.2
    loss_carry_forward_y: Annotated[int, Field(ge=0, le=100), Unit("y")] = 0
    """Years in which a loss may be set against profit; 0: it is lost."""
    vat_rate: Share = 0.0
    """Value-added tax on what is bought; prices are net of it."""
    vat_recovered: Share = 1.0
    """Share of the value-added tax paid that is given back."""
    depreciation_y: Annotated[int, Field(ge=1, le=100), Unit("y")] = 20
    working_capital_d: Annotated[Amount, Unit("d of operating cost")] = 60.0
    construction: str = ""
    """Shares of capital cost by year, the last before opening: `0.3 0.4 0.3`."""
    horizon: Literal["life", "plan"] = "life"
    replacement_share: Annotated[
        float, Field(ge=0, le=1), Unit("- of capital cost")
    ] = 0.1
    replacement_every_y: Annotated[int, Field(ge=1, le=100), Unit("y")] = 10
    closure_share: Annotated[float, Field(ge=0, le=1), Unit("- of capital cost")] = 0.05
    put_or_pay: Annotated[Share, Unit("- of planned tonnes")] = 0.0
    carbon_credit_per_t: Annotated[Amount, Unit("money/t CO2e")] = 0.0
    results_payment_per_t: Annotated[Amount, Unit("money/t sorted or recycled")] = 0.0
    product_credit_per_t: Annotated[Amount, Unit("money/t of recyclate sold")] = 0.0
    carbon_damage_per_t: Annotated[Amount, Unit("money/t CO2e")] = 40.0
    shadow_capex: Annotated[float, Field(gt=0), Unit("x of financial")] = 1.0
    shadow_operating: Annotated[float, Field(gt=0), Unit("x of financial")] = 1.0
    """Conversion factor of running cost that is neither energy nor wages."""
    shadow_energy: Annotated[float, Field(gt=0), Unit("x of financial")] = 1.0
    shadow_wage: Annotated[float, Field(gt=0), Unit("x of the wage")] = 1.0
    """Worth of a worker elsewhere over `wage_per_y`; below 1 with underemployment."""
    households: Annotated[Amount | None, Unit("households")] = None
    household_income_per_y: Annotated[Amount | None, Unit("money/y")] = None
    wage_per_y: Annotated[Amount | None, Unit("money/(worker y)")] = None
    draws: Annotated[int, Field(ge=100), Unit("draws of chance")] = 1000
    seed: Annotated[int, Field(ge=0), Unit("-")] = 1
    correlation: Annotated[float, Field(ge=0, le=0.67), Unit("-")] = 0.5
    """Of drivers of one group; above 0.675 groups that share a driver contradict."""
