"""An appraisal in print: cases side by side, risk, accounts, what to know."""

from __future__ import annotations

import pandas as pd

from wasteplan.finance.appraisal_result import POOL, SYSTEM, AppraisalResult

MILLION = 1e6
SIDE_ROWS = (
    ("terms.interest", POOL),
    ("terms.tenor_y", POOL),
    ("terms.grace_y", POOL),
    ("terms.cost_of_capital", POOL),
    ("grant_element", POOL),
    ("npv", POOL),
    ("equity_npv", POOL),
    ("equity_irr", POOL),
    ("dscr_min", POOL),
    ("gate_fee", POOL),
    ("gate_fee_for_return", POOL),
    ("viability_gap_grant", POOL),
    ("npv_incremental", POOL),
    ("economic_npv", SYSTEM),
    ("cost_per_t_co2e", SYSTEM),
    ("fiscal_cost", SYSTEM),
    ("fiscal_cost_incremental", SYSTEM),
)


def case_lines(found: AppraisalResult) -> pd.DataFrame:
    """The main figures of all that is built, one column a case.

    Money in millions; rates and shares in percent.
    """
    table = found.side_by_side.to_dict("records")
    by_key = {(row["id"], row["place"]): row for row in table}
    rows: list[dict[str, object]] = []
    for key in SIDE_ROWS:
        if key in by_key:
            row = by_key[key]
            unit = str(row["unit"])
            shown = {"figure": row["label"], "unit": _unit_shown(unit, found.currency)}
            cases = {case: _scaled(float(row[case]), unit) for case in found.cases}
            rows.append({**shown, **cases})
    return pd.DataFrame([*rows, *_chance_rows(found)])


def _chance_rows(found: AppraisalResult) -> list[dict[str, object]]:
    if found.risk is None:
        return []
    chances = found.risk.chances[found.risk.chances["place"] == POOL]
    table = chances.set_index(["fees", "case"])
    rows: list[dict[str, object]] = []
    for fees, words in (("stated", "of the plan"), ("needed", "that are needed")):
        if fees not in set(chances["fees"]):
            continue
        for column, text in (
            ("probability_npv_below_0", "chance that the owners lose"),
            ("probability_dscr_below_limit", "chance of a DSCR below the limit"),
        ):
            own = 100.0 * table.loc[fees][column].reindex(list(found.cases))
            row = {"figure": f"{text}, gate fees {words}", "unit": "%"}
            rows.append({**row, **dict(own)})
    return rows


def fee_lines(found: AppraisalResult) -> pd.DataFrame:
    """The gate fee that each facility needs for the return, one column a case."""
    table = found.side_by_side
    table = table[table["id"] == "gate_fee_for_return"]
    now = found.indicators.query("id == 'gate_fee'").drop_duplicates("place")
    stated = now.set_index("place")["value"]
    lines = table[["place", *found.cases]].copy()
    lines.insert(1, "gate fee now", lines["place"].map(stated))
    lines["place"] = lines["place"].map(found.place_names)
    return lines


def account_lines(found: AppraisalResult) -> pd.DataFrame:
    """Net cost of each actor in present value, and their sum.  [millions]"""
    sums = found.actors.pivot_table(
        index="actor", columns="case", values="present_value", aggfunc="sum"
    )[list(found.cases)]
    sums.loc["sum: system cost"] = sums.sum()
    return (sums / MILLION).reset_index().rename_axis(columns=None)


def recycler_lines(found: AppraisalResult) -> pd.DataFrame:
    """Small recyclers, without support and with each kind of it."""
    columns = ["recycler", "support", "profit_per_y", "break_even_t_per_y",
               "feedstock_price_max_per_t", "default_share_max",
               "support_per_y"]  # fmt: skip
    return found.recyclers[columns]


def unanswered(found: AppraisalResult) -> tuple[str, ...]:
    """Questions of a lender that the model cannot answer."""
    open_ = found.lender[~found.lender["is_answered"].astype(bool)]
    return tuple(open_["question"])


def heading(found: AppraisalResult) -> str:
    """What the figures are in."""
    return (
        f"Appraisal of {found.plan} in {found.scenario}: million {found.currency} of "
        f"{found.price_year} at the end of {found.base_year}; discount rate "
        f"{found.discount_rate:.1%} real, prices rise {found.price_rise()}"
    )


def missing_lines(found: AppraisalResult) -> tuple[str, ...]:
    """Figures that do not exist for all facilities together, and why."""
    table = found.indicators
    is_main = table["place"].isin([POOL, SYSTEM])
    missing = table[is_main & table["value"].isna()]
    lines = []
    for (label, why), part in missing.groupby(["label", "why"], sort=False):
        cases = ", ".join(part["case"])
        every = len(part) == len(found.cases)
        lines.append(f"no {label}: {why}" + ("" if every else f" ({cases})"))
    return tuple(lines)


def _unit_shown(unit: str, currency: str) -> str:
    if unit == "money":
        return f"million {currency}"
    if unit in ("1/y", "- of capital cost"):
        return "%"
    return unit.replace("money", currency)


def _scaled(value: float, unit: str) -> float:
    if unit == "money":
        return value / MILLION
    return value * 100.0 if unit in ("1/y", "- of capital cost") else value
