"""Indicators of every case and facility, of the system, and cases side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.finance.appraisal_result import (
    FEE_CURVE_COLUMNS,
    INDICATOR_COLUMNS,
    POOL,
    SYSTEM,
)
from wasteplan.finance.funds import Case, Fund
from wasteplan.finance.loans import LoanTerms, grant_element
from wasteplan.finance.measures import (
    Measure,
    fee_measures,
    grant_element_of,
    measures,
)
from wasteplan.finance.more_revenue import NO_DEBT, added_fee_needed
from wasteplan.finance.payoff import NONE
from wasteplan.finance.project import Business, Project, ProjectCash
from wasteplan.finance.project_cash import project_cash
from wasteplan.finance.rates import cost_of_capital, real_rate
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.scenario.model import Scenario
from wasteplan.study.appraisal_public import affordability, fiscal, ownership
from wasteplan.study.appraisal_system import incremental, of_system
from wasteplan.study.financed import Financed
from wasteplan.study.financing_cases import longest_tenor_y

SHOWN = (
    "npv",
    "irr",
    "equity_npv",
    "equity_irr",
    "dscr_min",
    "dscr_mean",
    "llcr",
    "levelised_cost_per_t",
    "gate_fee",
    "gate_fee_for_return",
    "gate_fee_for_dscr",
    "tariff_factor",
    "viability_gap_grant",
    "grant_element",
    "npv_incremental",
    "economic_npv",
    "economic_irr",
    "cost_per_t_co2e",
    "fiscal_cost",
    "fiscal_cost_incremental",
)
"""Indicators of the table of cases."""

CURVE_INTEREST = (0.0, 0.02, 0.04, 0.06, 0.08, 0.10)
CURVE_TENORS = ((12, 2), (20, 5), (30, 10))


@dataclass(frozen=True, eq=False)
class Found:
    """What the indicators are read from."""

    scenario: Scenario
    business: Business
    evaluation: Evaluation
    system: pd.DataFrame
    accounts: dict[str, pd.DataFrame]
    """Actor tables by case."""


def indicator_table(
    found: Found,
    financed: Sequence[Financed],
    today: Mapping[str, ProjectCash] | None = None,
) -> pd.DataFrame:
    """All indicators (`INDICATOR_COLUMNS`).

    Parameters
    ----------
    found
        The case, the plan evaluated, and its tables.
    financed
        Cases.
    today
        Cash of the status quo at each facility's place; None without a status quo.
    """
    settings = found.scenario.settings.finance
    rows = []
    for one in financed:
        places = [*(p.id for p in one.projects), POOL]
        for place in places:
            part = one if place == POOL else one.of(place)
            own = [*_of_place(part, found.business, settings)]
            own += incremental(part, found.business, today)
            rows += [(one.name, place, measure) for measure in own]
        shared = [
            *of_system(found.system, found.business),
            *affordability(found.scenario, found.evaluation),
            *fiscal(found.accounts[one.name]),
            *ownership(found.scenario, one, found.accounts[one.name]),
        ]
        rows += [(one.name, SYSTEM, measure) for measure in shared]
    table = pd.DataFrame(
        [(case, place, *vars(m).values()) for case, place, m in rows],
        columns=["case", "place", "id", "label", "value", "unit", "why"],
    )
    return table[list(INDICATOR_COLUMNS)]


def _of_place(
    one: Financed, business: Business, settings: FinanceSettings
) -> Iterator[Measure]:
    yield from measures(one.pool, business)
    yield from fee_measures(
        one.projects,
        one.cases,
        business,
        dscr=settings.dscr_target,
        fee_now=mean_fee(one.projects),
        cashes=one.cashes,
    )
    loans = [loan for cash in one.cashes for _, loan in cash.loans]
    if not loans:
        yield Measure("grant_element", "grant element", NONE, "-", NO_DEBT)
        return
    service = np.sum([x.interest + x.principal + x.fees for x in loans], axis=0)
    drawn = np.sum([x.drawn for x in loans], axis=0)
    found = grant_element_of(service, drawn)
    label = "grant element as drawn, with fees"
    yield Measure("grant_element", label, found.value, "-", found.why)
    terms = {f.id: f.terms for case in one.cases for f in case.debt if f.terms}
    for name, each in terms.items():
        label = f"grant element of the terms {name}"
        yield Measure(f"grant_element.{name}", label, grant_element(each), "-")


def mean_fee(projects: Sequence[Project]) -> float:
    """Gate fee of the plan, weighted by tonnes.  [money/t, real]"""
    tonnes = sum(float(p.tonnes.sum()) for p in projects)
    fees = sum(float((p.gate_fee * p.tonnes).sum()) for p in projects)
    return fees / tonnes if tonnes > 0 else NONE


def side_by_side(
    indicators: pd.DataFrame, financed: Sequence[Financed], business: Business
) -> pd.DataFrame:
    """Cases beside each other: terms first, then the main indicators of each place."""
    cases = [one.name for one in financed]
    shown = indicators[indicators["id"].isin(SHOWN)]
    keys = ["id", "label", "unit", "place"]
    table = shown.drop_duplicates(keys)[keys].reset_index(drop=True)
    for case in cases:
        own = shown[shown["case"] == case].set_index(["id", "place"])["value"]
        table[case] = [
            own[i, p] for i, p in zip(table["id"], table["place"], strict=True)
        ]
    terms = pd.DataFrame(_term_rows(financed, business))
    return pd.concat([terms, table], ignore_index=True)[[*keys, *cases]]


def _term_rows(
    financed: Sequence[Financed], business: Business
) -> list[dict[str, object]]:
    """Mean terms of the debt of each case, before it is cut to a facility's life."""
    rows: list[dict[str, object]] = []
    for id, label, unit in (
        ("terms.interest", "interest, nominal", "1/y"),
        ("terms.cost_of_capital", "cost of capital, nominal, before tax", "1/y"),
        ("terms.cost_of_capital_real", "cost of capital, real, before tax", "1/y"),
        ("terms.tenor_y", "tenor at most", "y"),
        ("terms.grace_y", "grace at most", "y"),
        ("terms.debt_share", "loans", "- of capital cost"),
        ("terms.grant_share", "grants", "- of capital cost"),
    ):
        row = {"id": id, "label": label, "unit": unit, "place": POOL}
        rows.append(row | {one.name: _term(one, id, business) for one in financed})
    return rows


def _term(one: Financed, id: str, business: Business) -> float:
    funds = [placed.fund for placed in one.source.funds]
    if id == "terms.grant_share":
        return sum(fund.share for fund in funds if fund.kind == "grant")
    debt = [(fund.share, fund.terms) for fund in funds if fund.terms is not None]
    if id == "terms.debt_share":
        return sum(share for share, _ in debt)
    if id.startswith("terms.cost_of_capital"):
        case = Case(one.name, tuple(p.fund for p in one.source.funds if not p.place))
        nominal = cost_of_capital(case, business.return_target)
        is_real = id.endswith("_real")
        return real_rate(nominal, business.inflation) if is_real else nominal
    if not debt:
        return NONE
    if id == "terms.interest":
        total = sum(share for share, _ in debt)
        return sum(share * terms.interest for share, terms in debt) / total
    return float(max(getattr(t, id.removeprefix("terms.")) for _, t in debt))


def fee_curve(
    projects: Sequence[Project], business: Business, settings: FinanceSettings
) -> pd.DataFrame:
    """Gate fee needed for the target return against loan terms (`FEE_CURVE_COLUMNS`).

    Of all facilities together and of each that charges a gate fee.
    """
    share = 1.0 - settings.equity_share - settings.grant_share
    rows: list[tuple[object, ...]] = []
    groups = [(POOL, tuple(projects))]
    groups += [(p.id, (p,)) for p in projects if p.gate_fee.any()]
    for tenor, grace in CURVE_TENORS:
        for interest in CURVE_INTEREST:
            cases = {
                p.id: _at_terms(p, interest, tenor, grace, share, settings)
                for p in projects
            }
            cash = {p.id: project_cash(p, cases[p.id], business) for p in projects}
            for i, (place, found) in enumerate(groups):
                more = added_fee_needed(
                    found,
                    [cases[p.id] for p in found],
                    business,
                    cashes=[cash[p.id] for p in found],
                )
                fee = mean_fee(found) + more.value
                rows.append((i, "", place, interest, tenor, grace, fee))
    rows.sort(key=lambda row: row[0])  # type: ignore[return-value, arg-type]
    return pd.DataFrame([r[1:] for r in rows], columns=list(FEE_CURVE_COLUMNS))


def _at_terms(
    project: Project,
    interest: float,
    tenor_y: int,
    grace_y: int,
    share: float,
    settings: FinanceSettings,
) -> Case:
    """One loan at given terms, within the life of the facility."""
    tenor = min(tenor_y, longest_tenor_y(project))
    terms = LoanTerms(interest, tenor, min(grace_y, tenor - 1))
    fund = Fund("loan", "commercial", share, terms, repayment=settings.repayment)
    fees = {
        "upfront_fee": settings.upfront_fee,
        "commitment_fee_per_y": settings.commitment_fee_per_y,
    }
    return Case("curve", (replace(fund, **fees),))  # type: ignore[arg-type]
