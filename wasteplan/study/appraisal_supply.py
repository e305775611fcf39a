"""Risk of waste supply: who pays when kilns or recyclers take the tonnes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import SUPPLY_COLUMNS
from wasteplan.finance.chance import Driver
from wasteplan.finance.payoff import NONE, where_zero
from wasteplan.finance.project import Business, Shock
from wasteplan.study.financed import Financed, outcome


def supply_table(
    one: Financed,
    business: Business,
    drivers: Sequence[Driver],
    dscr_limit: float,
    intake: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """Put-or-pay exposure of one facility (`SUPPLY_COLUMNS`).

    Parameters
    ----------
    one
        A case with one facility.
    business
        With the put-or-pay share of the settings.
    drivers
        Among them `tonnes`.
    dscr_limit
        Lowest cover that lenders stand.  [-]
    intake
        Mean and deviation of the simulated intake over the plan's, by facility.
    """
    (project,) = one.projects
    low = next(d.low for d in drivers if d.name == "tonnes")
    year = int(np.argmax(project.works))
    planned = float(project.tonnes[year])
    fee = float(project.gate_fee[year])
    missing = max(0.0, business.put_or_pay - low) * planned
    scarce = Shock(tonnes=low)

    def worth(share: float) -> float:
        terms = replace(business, put_or_pay=share)
        return float(outcome(one, terms, scarce)[0])

    def cover(share: float) -> float:
        terms = replace(business, put_or_pay=share)
        return float(outcome(one, terms, scarce)[1]) - dscr_limit

    needed = NONE
    if one.cases[0].debt:
        needed = 0.0 if cover(0.0) >= 0 else where_zero(cover, low, 1.0).value
    row = (
        *(one.name, project.id, fee, planned, low * planned, business.put_or_pay),
        *(fee * missing, worth(0.0), worth(business.put_or_pay), needed),
        *((intake or {}).get(project.id, (NONE, NONE))),
    )
    return pd.DataFrame([row], columns=list(SUPPLY_COLUMNS))
