"""What a lender would ask, and what the appraisal can answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from wasteplan.finance.appraisal_result import LENDER_COLUMNS, POOL, Risk
from wasteplan.finance.payoff import NONE
from wasteplan.scenario.model import Scenario
from wasteplan.study.financed import Financed
from wasteplan.units import WEAK_STATUSES

PAPERS = (
    ("Who buys the power, at what tariff, in what currency, for how long?",
     "an offtake contract: the plan takes the tariff of prices.csv as paid"),
    ("Who pays the gate fee, and what is their credit worth?",
     "a waste supply contract and the payer's accounts"),
    ("Are land, permits and the environmental and social assessment in hand?",
     "titles, permits and the assessment"),
    ("Is construction a contract with a fixed price and date?",
     "the contract, its guarantees and the contractor's record"),
    ("Has an independent party counted and sorted the waste?",
     "a survey of tonnage and composition over wet and dry season"),
    ("What is insured, and who covers acts of state?",
     "insurance and guarantee terms"),
    ("How experienced are sponsor and operator?",
     "references and accounts"),
)  # fmt: skip
"""Questions that no model answers, and the papers that do."""
Row = tuple[str, str, float, str, bool]


def lender_table(
    scenario: Scenario,
    financed: Sequence[Financed],
    indicators: pd.DataFrame,
    risk: Risk | None,
) -> pd.DataFrame:
    """Questions and answers under the base case (`LENDER_COLUMNS`).

    Parameters
    ----------
    scenario
        With the limits of `[finance]`.
    financed
        Cases, the base case first.
    indicators, risk
        What was found.
    """
    one = financed[0]
    mine = indicators[
        (indicators["case"] == one.name) & (indicators["place"] == POOL)
    ].set_index("id")
    rows = [*_cover(scenario, mine), *_money(one)]
    if risk is not None:
        rows += [*_chances(one.name, risk), *_margins(one.name, risk)]
        rows += _supply(one.name, risk)
    rows += _terms(one)
    rows += [(ask, f"not in the model: ask for {paper}", NONE, "", False)
             for ask, paper in PAPERS]  # fmt: skip
    return pd.DataFrame(rows, columns=list(LENDER_COLUMNS))


def _cover(scenario: Scenario, mine: pd.DataFrame) -> Iterator[Row]:
    limit = scenario.settings.finance.dscr_limit
    for id, ask in (
        ("dscr_min", "Is the debt served in the worst year?"),
        ("dscr_mean", "Is it served on average?"),
        ("llcr", "Is the debt covered over its life?"),
    ):
        value = float(mine.loc[id, "value"])  # type: ignore[arg-type]
        if np.isnan(value):
            answer = str(mine.loc[id, "why"])
        else:
            words = "above" if value >= limit else "below"
            answer = f"cover {value:.2f}, {words} the limit of {limit:g}"
        yield ask, answer, value, "-", True


def _money(one: Financed) -> Iterator[Row]:
    """Equity first, what the revenue hangs on, foreign debt."""
    cash = one.pool
    capital = float((cash["capex"] + cash["land"].clip(min=0.0)).sum())
    funded = float((cash["drawn"] + cash["grant"]).sum())
    share = 1.0 - funded / capital if capital > 0 else NONE
    yield (
        "How much do the owners put in?",
        f"{share:.0%} of construction and land, besides fees and working capital",
        share,
        "-",
        True,
    )
    parts = {
        "gate fees": float(cash["gate_fees"].sum()),
        "power": float(cash["electricity"].sum()),
        "products and coal saved": float((cash["products"] + cash["fuel_saved"]).sum()),
        "credits and support": float(
            (cash["carbon_credits"] + cash["support"] + cash["producer_fees"]).sum()
        ),
    }
    total = sum(parts.values())
    if total > 0:
        first = max(parts, key=lambda k: parts[k])
        told = ", ".join(f"{name} {v / total:.0%}" for name, v in parts.items() if v)
        yield "What does the revenue hang on?", told, parts[first] / total, "-", True
    foreign = {f.id for case in one.cases for f in case.debt if f.currency}
    drawn = sum(float(x.drawn.sum()) for c in one.cashes for _, x in c.loans)
    abroad = sum(
        float(x.drawn.sum()) for c in one.cashes for id, x in c.loans if id in foreign
    )
    exposed = abroad / drawn if drawn > 0 else 0.0
    yield (
        "Who bears the exchange rate?",
        f"the owners, on {exposed:.0%} of the debt",
        exposed,
        "-",
        True,
    )


def _chances(case: str, risk: Risk) -> Iterator[Row]:
    table = risk.chances
    mine = table[(table["case"] == case) & (table["place"] == POOL)]
    for row in mine.to_dict("records"):
        fees = "today's gate fees" if row["fees"] == "stated" else "the fees needed"
        for column, ask in (
            ("probability_npv_below_0", f"How likely is a loss at {fees}?"),
            (
                "probability_dscr_below_limit",
                f"How likely is a cover below {row['dscr_limit']:g} at {fees}?",
            ),
        ):
            value = float(row[column])
            told = "no debt" if np.isnan(value) else f"{value:.0%} of the draws"
            yield ask, told, value, "-", True


def _margins(case: str, risk: Risk) -> Iterator[Row]:
    """How far each driver may move before the owners lose."""
    table = risk.switching
    mine = table[(table["case"] == case) & (table["place"] == POOL)]
    for row in mine.to_dict("records"):
        name = str(row["driver"]).replace("_", " ")
        value = float(row["switching"])
        told = str(row["why"]) if np.isnan(value) else f"at {value:.3g} {row['unit']}"
        yield f"How far may {name} move until the NPV is 0?", told, value, "", True


def _supply(case: str, risk: Risk) -> Iterator[Row]:
    if risk.supply.empty:
        return
    mine = risk.supply[risk.supply["case"] == case]
    for row in mine.to_dict("records"):
        value = float(row["put_or_pay_needed"])
        ask = f"What must be paid for waste that does not come, {row['place']}?"
        told = (
            "no share keeps the cover at the limit"
            if np.isnan(value)
            else f"{value:.0%} of planned tonnes keeps the cover at the limit"
        )
        yield ask, told, value, "-", True


def _terms(one: Financed) -> Iterator[Row]:
    terms = [p.fund.terms for p in one.source.funds if p.fund.terms is not None]
    weak = [t.id for t in terms if t.status in WEAK_STATUSES]
    told = f"no: {', '.join(weak)} from memory or assumed" if weak else "as cited"
    if terms:
        yield "Are the terms offered in writing?", told, NONE, "", not weak
