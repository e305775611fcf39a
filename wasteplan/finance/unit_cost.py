"""Cost of treating a tonne from the cost of a plant."""

from __future__ import annotations

from wasteplan.finance.annuity import capital_recovery_factor


def gross_cost_per_t(
    *,
    capex_per_t_per_y: float,
    fixed_om_per_t: float,
    variable_om_per_t: float,
    rate: float,
    lifetime_y: float,
) -> float:
    """Cost of a tonne in a plant that runs full, before any revenue.  [money/t]

    c = I CRF(r, n) + F + V

    Parameters
    ----------
    capex_per_t_per_y
        Investment per yearly tonne.  [money/(t/y)]
    fixed_om_per_t, variable_om_per_t
        [money/t]
    rate
        Discount rate, real.  [1/y]
    lifetime_y
        [y]

    >>> round(gross_cost_per_t(capex_per_t_per_y=890, fixed_om_per_t=35.55,
    ...     variable_om_per_t=17.32, rate=0.04, lifetime_y=25), 2)
    109.84
    """
    annuity = capex_per_t_per_y * capital_recovery_factor(rate, lifetime_y)
    return annuity + fixed_om_per_t + variable_om_per_t


def gate_fee_needed_per_t(
    *, cost_per_t: float, revenue_per_t: float, residue_cost_per_t: float = 0.0
) -> float:
    """Gate fee at which a plant breaks even.  [money/t]

    Parameters
    ----------
    cost_per_t
        Gross cost.  [money/t]
    revenue_per_t
        Sales of electricity, fuel and recyclates.  [money/t]
    residue_cost_per_t
        Disposal of what is left.  [money/t]

    >>> gate_fee_needed_per_t(cost_per_t=110, revenue_per_t=45, residue_cost_per_t=5)
    70
    """
    return cost_per_t + residue_cost_per_t - revenue_per_t
