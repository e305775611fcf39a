"""The investment appraisal of a plan: cash, loans, indicators, accounts and risk."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import Evaluation
from wasteplan.finance.appraisal_result import POOL, AppraisalResult, Basis
from wasteplan.finance.funds import Case
from wasteplan.finance.project import Business, Project, ProjectCash
from wasteplan.finance.project_cash import project_cash
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.study.appraisal_accounts import actor_table, reconciliation
from wasteplan.study.appraisal_checks import checks
from wasteplan.study.appraisal_increments import (
    increment_lines,
    increment_table,
    system_table,
)
from wasteplan.study.appraisal_indicators import (
    Found,
    fee_curve,
    indicator_table,
    side_by_side,
)
from wasteplan.study.appraisal_inputs import input_table
from wasteplan.study.appraisal_intake import Simulated
from wasteplan.study.appraisal_lender import lender_table
from wasteplan.study.appraisal_risk import risk_of
from wasteplan.study.appraisal_tables import cash_table, loan_table
from wasteplan.study.facility_money import Ledgers
from wasteplan.study.facility_projects import projects, without_plan
from wasteplan.study.financed import Financed, applied
from wasteplan.study.financing_cases import financing_warnings, financings, path_of
from wasteplan.study.naming import place_name
from wasteplan.study.small_recyclers import recycler_table


def appraise(
    scenario: Scenario,
    plan: Plan,
    evaluation: Evaluation | None = None,
    *,
    baseline: Evaluation | None = None,
    cases: Sequence[str] = (),
    simulation: Simulated | None = None,
    risk: bool = True,
) -> AppraisalResult | None:
    """Appraise what a plan builds; None when it builds nothing that costs money.

    Parameters
    ----------
    scenario
        With its `[finance]` settings and `loans`.
    plan, evaluation
        A plan, and its evaluation if there is one already.
    baseline
        Evaluation of the status quo; incremental figures need it.
    cases
        Packaged loan terms or cases of `loans.csv`; empty takes the scenario's.
    simulation
        Its spread of tonnages replaces the assumed one.
    risk
        Whether chance, tornado and switching values are found.

    Raises
    ------
    WasteplanError
        If terms are not known, or shares do not fit.
    """
    found = evaluation or evaluate(scenario, plan)
    ledgers = Ledgers(scenario, plan, found)
    every, business = projects(ledgers, baseline), business_of(scenario)
    if not every:
        return None
    financed = [applied(c, every, business) for c in financings(scenario, cases)]
    tables = _tables(ledgers, financed, business, baseline)
    dangers = risk_of(scenario, plan, financed, business, simulation) if risk else None
    names = {p.id: place_name(scenario, p.id) for p in every}
    head = scenario.settings.scenario
    return AppraisalResult(
        scenario=scenario.name,
        plan=plan.name,
        currency=head.currency,
        price_year=head.price_year,
        base_year=head.base_year,
        discount_rate=business.discount_rate,
        inflation=business.inflation,
        cases=tuple(one.name for one in financed),
        places=tuple(names),
        place_names={**names, POOL: "All that is built"},
        basis=_basis(scenario, financed, business),
        **tables,  # type: ignore[arg-type]
        recyclers=recycler_table(scenario.recyclers),
        lender=lender_table(scenario, financed, tables["indicators"], dangers),
        risk=dangers,
        warnings=_warnings(ledgers, financed, baseline),
    )


def _basis(
    scenario: Scenario, financed: Sequence[Financed], business: Business
) -> Basis:
    settings = scenario.settings.finance
    return Basis(
        projects=financed[0].projects,
        cases=tuple(one.cases for one in financed),
        business=business,
        dscr_target=settings.dscr_target,
        dscr_limit=settings.dscr_limit,
    )


def _tables(
    ledgers: Ledgers,
    financed: Sequence[Financed],
    business: Business,
    baseline: Evaluation | None,
) -> dict[str, pd.DataFrame]:
    """Every table but those of risk, by the name of its field."""
    scenario = ledgers.scenario
    accounts = {
        one.name: actor_table(ledgers, one.name, one.cashes, baseline)
        for one in financed
    }
    lines = increment_lines(ledgers, baseline)
    system = system_table(ledgers, baseline, business, lines)
    has_status_quo = baseline is not None
    increments = increment_table(lines, business, has_status_quo=has_status_quo)
    indicators = indicator_table(
        Found(scenario, business, ledgers.evaluation, system, accounts),
        financed,
        _today(scenario, baseline, financed[0].projects, business),
    )
    every, settings = financed[0].projects, scenario.settings.finance
    return {
        "cash": cash_table(financed),
        "loans": loan_table(financed),
        "actors": pd.concat(accounts.values(), ignore_index=True),
        "system": system,
        "indicators": indicators,
        "side_by_side": side_by_side(indicators, financed, business),
        "fee_curve": fee_curve(every, business, settings),
        "inputs": input_table(scenario, [one.source for one in financed]),
        "increments": increments,
        "checks": checks(ledgers, financed, accounts, increments),
    }


def _today(
    scenario: Scenario,
    baseline: Evaluation | None,
    found: Sequence[Project],
    business: Business,
) -> dict[str, ProjectCash] | None:
    """Cash of the status quo at the places of the projects; None without one."""
    if baseline is None:
        return None
    stands = without_plan(Ledgers(scenario, None, baseline), found)
    nobody = Case("status quo")
    return {p.id: project_cash(p, nobody, business) for p in stands}


def _warnings(
    ledgers: Ledgers, financed: Sequence[Financed], baseline: Evaluation | None
) -> tuple[str, ...]:
    year = ledgers.scenario.settings.scenario.base_year
    found = [
        *financing_warnings([one.source for one in financed], year),
        *_about_status_quo(baseline),
        *_about_reserves(ledgers, baseline),
        *(note for one in financed for note in _shortened(one.notes)),
    ]
    return tuple(dict.fromkeys(found))


def business_of(scenario: Scenario) -> Business:
    """The rules of `[finance]` and `[economics]`."""
    settings, head = scenario.settings.finance, scenario.settings.scenario
    return Business(
        price_year=head.price_year,
        base_year=head.base_year,
        discount_rate=scenario.settings.economics.discount_rate,
        inflation=settings.inflation_per_y,
        return_target=settings.return_target,
        tax_rate=settings.tax_rate,
        depreciation_y=settings.depreciation_y,
        working_capital_d=settings.working_capital_d,
        put_or_pay=settings.put_or_pay,
        inflation_path=path_of(scenario, "inflation"),
        loss_carry_forward_y=settings.loss_carry_forward_y,
        vat_unrecovered=settings.vat_rate * (1.0 - settings.vat_recovered),
    )


def _about_status_quo(baseline: Evaluation | None) -> list[str]:
    if baseline is None:
        return ["no status quo: figures are not incremental"]
    broken = sorted({v.requirement for v in baseline.violations})
    if not broken:
        return []
    what = ", ".join(broken).replace("_", " ")
    return [f"the status quo cannot go on as it is ({what}): its cost is too low"]


def _about_reserves(ledgers: Ledgers, baseline: Evaluation | None) -> list[str]:
    """What only the plan is charged with: it may turn the sign of an increment."""
    parts = reconciliation(ledgers)
    saved = parts["replacement"] + parts["closure"]
    if baseline is None or saved <= 0:
        return []
    money = ledgers.scenario.settings.scenario.currency
    return [
        f"the plan sets {saved:,.0f} {money} aside for renewal and closure (present "
        "value), the status quo nothing: all of it is in the increment"
    ]


def _shortened(notes: Sequence[str]) -> list[str]:
    """One note of each loan that is cut, with the number of facilities."""
    by_loan: dict[str, list[str]] = {}
    for note in notes:
        by_loan.setdefault(note.partition(":")[0], []).append(note)
    return [
        found[0] + (f" (and {len(found) - 1} more)" if len(found) > 1 else "")
        for found in by_loan.values()
    ]
