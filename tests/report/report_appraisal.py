"""A made-up investment: three facilities under four ways to finance them."""

from dataclasses import replace

import numpy as np
import pandas as pd

from wasteplan.finance import appraisal_result as tables
from wasteplan.finance.appraisal_result import POOL, AppraisalResult, Basis, Risk
from wasteplan.finance.funds import Fund
from wasteplan.finance.loans import LoanTerms
from wasteplan.finance.measures import fee_measures, measures
from wasteplan.finance.project import EXPENSES, REVENUES, Business, Project
from wasteplan.study.appraisal_tables import cash_table, loan_table
from wasteplan.study.financed import Financed, applied
from wasteplan.study.financing_cases import Financing, PlacedFund

YEARS = np.arange(2025, 2056)
LIFE_Y = 18
PLANT, SORTING, SMALL = "stay.wte", "stay.mrf", "hill.small"
BUSINESS = Business(
    price_year=2024,
    base_year=2025,
    discount_rate=0.06,
    inflation=0.03,
    return_target=0.16,
    tax_rate=0.2,
    depreciation_y=12,
    working_capital_d=45.0,
    put_or_pay=0.9,
)
DSCR_TARGET, DSCR_LIMIT = 1.3, 1.1

SOFT = LoanTerms(0.015, 17, 6, 0.01, status="memory", source="recalled")
FINANCINGS = (
    Financing(
        "development bank",
        "",
        (
            PlacedFund(
                Fund(
                    "soft",
                    "concessional",
                    0.6,
                    SOFT,
                    upfront_fee=0.0025,
                    commitment_fee_per_y=0.0015,
                    guarantee_fee_per_y=0.01,
                    currency="EUR",
                    gain_per_y=0.01,
                )
            ),
            PlacedFund(Fund("gift", "grant", 0.1)),
        ),
    ),
    Financing(
        "two banks",
        "",
        (
            PlacedFund(
                Fund(
                    "senior",
                    "commercial",
                    0.5,
                    LoanTerms(0.09, 12, 2),
                    repayment="annuity",
                    upfront_fee=0.01,
                )
            ),
            PlacedFund(Fund("sub", "commercial", 0.2, LoanTerms(0.11, 10, 3)), PLANT),
        ),
    ),
    Financing("own money", "", ()),
)
SCULPTED = Financing(
    "to the cash",
    "",
    (
        PlacedFund(
            Fund(
                "shaped",
                "commercial",
                0.4,
                LoanTerms(0.05, 14, 2),
                repayment="sculpted",
            )
        ),
    ),
)


def of_years(make) -> np.ndarray:
    return np.array([float(make(int(y))) for y in YEARS])


def project(place, opening, capex, *, fee, late=0, is_taxed=True, power=1.0):
    """A facility of 80,000 t/y and more; `late` opens a second stage."""
    last = opening + LIFE_Y

    def works(year):
        return opening <= year <= last

    spent = {opening - 2: 0.4 * capex, opening - 1: 0.6 * capex}
    stages = [(opening, of_years(lambda y: spent.get(y, 0.0)))]
    if late:
        stages.append((late, of_years(lambda y: capex / 3 * (y == late - 1))))
    tonnes = of_years(lambda y: (80_000 + 2_000 * (y - opening)) * works(y))
    lines = (*REVENUES[1:], *EXPENSES, "replacement", "closure")
    real = {name: np.zeros(len(YEARS)) for name in lines}
    mwh = of_years(lambda y: 36_000 * power * works(y))
    real["electricity"] = mwh * of_years(lambda y: 90 * 1.01 ** (y - opening))
    real["products"] = tonnes * 3
    real["carbon_credits"] = of_years(lambda y: 10_000 * works(y))
    real["fixed_om"] = of_years(lambda y: 0.03 * capex * works(y))
    real["variable_om"] = tonnes * 12
    real["residues"] = tonnes * 4
    real["replacement"] = of_years(lambda y: 0.06 * capex * (y == opening + 10))
    real["closure"] = of_years(lambda y: 1e6 * (y == last))
    return Project(
        id=place,
        years=YEARS,
        stages=tuple(stages),
        last_work=last,
        horizon=2044,
        real=real,
        tonnes=tonnes,
        planned_tonnes=1.2 * tonnes,
        gate_fee=of_years(lambda y: fee * works(y)),
        land=of_years(lambda y: 5e5 * ((y == opening - 2) - (y == last))),
        salvage=np.zeros(len(YEARS)),
        electricity_mwh=mwh,
        is_taxed=is_taxed,
    )


PROJECTS = (
    project(PLANT, 2028, 50e6, fee=40),
    project(SORTING, 2030, 12e6, fee=30, late=2034),
    project(SMALL, 2031, 9e6, fee=0.5, is_taxed=False, power=0.4),
)


HARD = replace(
    BUSINESS,
    inflation_path=((2024, 0.06), (2029, 0.02), (2033, 0.04)),
    loss_carry_forward_y=4,
    vat_unrecovered=0.08,
)
"""Paths, losses carried forward and a value-added tax on top."""


def _pathed(one: Financing) -> Financing:
    """Its foreign loan by a path of exchange rates."""
    path = ((2024, 1.1), (2030, 1.3), (2040, 1.2))
    funds = [
        replace(p, fund=replace(p.fund, exchange_path=path)) if p.fund.currency else p
        for p in one.funds
    ]
    return replace(one, funds=tuple(funds))


def financed(
    *, sculpted: bool = False, hard: bool = False, projects=PROJECTS
) -> list[Financed]:
    chosen = (*FINANCINGS, SCULPTED) if sculpted else FINANCINGS
    if hard:
        chosen = tuple(_pathed(one) for one in chosen)
    return [applied(one, projects, HARD if hard else BUSINESS) for one in chosen]


def indicators(found, rules=BUSINESS) -> pd.DataFrame:
    rows = []
    for one in found:
        for place in (*(p.id for p in one.projects), POOL):
            part = one if place == POOL else one.of(place)
            known = measures(part.pool, rules)
            known = known + fee_measures(
                part.projects, part.cases, rules, dscr=DSCR_TARGET, fee_now=10.0
            )
            rows += [
                (one.name, place, m.id, m.label, m.value, m.unit, m.why) for m in known
            ]
    return pd.DataFrame(rows, columns=list(tables.INDICATOR_COLUMNS))


def beside(table: pd.DataFrame, cases) -> pd.DataFrame:
    keys = ["id", "label", "unit", "place"]
    found = table.drop_duplicates(["id", "place"])[keys].reset_index(drop=True)
    for case in cases:
        own = table[table["case"] == case].set_index(["id", "place"])["value"]
        found[case] = [
            own[i, p] for i, p in zip(found["id"], found["place"], strict=True)
        ]
    return found


def actors(cases) -> pd.DataFrame:
    """The public pays 100 for work and 40 to the operator, who owes a lender 10."""
    rows = []
    for case in cases:
        rows += [
            (case, 2026, "public", "resource", "capex", "", 100.0, 100.0),
            (case, 2026, "public", "transfer", "gate_fee", "operator", 40.0, 40.0),
            (case, 2026, "operator", "transfer", "gate_fee", "public", -40.0, -40.0),
            (case, 2026, "operator", "finance", "interest", "lender", 10.0, 10.0),
            (case, 2026, "lender", "finance", "interest", "operator", -10.0, -10.0),
        ]
    frame = pd.DataFrame(rows, columns=list(tables.ACTOR_COLUMNS)[:8])
    return frame.reindex(columns=list(tables.ACTOR_COLUMNS))


def system(cost: float = 100.0) -> pd.DataFrame:
    frame = pd.DataFrame({"year": [2026], "plan_real": [cost], "discount_factor": [1]})
    return frame.reindex(columns=list(tables.SYSTEM_COLUMNS))


def risk(case: str) -> Risk:
    chance = np.random.default_rng(1)
    draws = chance.normal(-2e6, 3e6, 400)
    sample = pd.DataFrame(
        {
            "case": case,
            "place": POOL,
            "fees": "stated",
            "draw": range(400),
            "npv": draws,
            "dscr_min": 1.0,
        }
    )
    tornado = pd.DataFrame(
        [
            (case, POOL, "capex", 0.8, 1.5, "x", 2e6, -1e6, -9e6, 11e6, "memory", "s"),
            (case, POOL, "tonnes", 0.7, 1.1, "x", -5e6, -1e6, 0.5e6, 5.5e6, "read", ""),
        ],
        columns=list(tables.TORNADO_COLUMNS),
    )
    chances = pd.DataFrame(
        [(case, POOL, "stated", 400, 1, -2e6, -7e6, -2e6, 3e6, 0.75, 0.6, 1.1, 0.02)],
        columns=list(tables.CHANCE_COLUMNS),
    )
    none = {
        "switching": tables.SWITCHING_COLUMNS,
        "stories": tables.STORY_COLUMNS,
        "convergence": tables.CONVERGENCE_COLUMNS,
        "supply": tables.SUPPLY_COLUMNS,
    }
    empty = {name: pd.DataFrame(columns=list(c)) for name, c in none.items()}
    return Risk(
        tornado=tornado,
        chances=chances,
        sample=sample,
        correlations=pd.DataFrame(),
        **empty,
    )


def fee_curve() -> pd.DataFrame:
    rows = [
        ("", POOL, i, t, 2, 30 + 100 * i - t / 2) for t in (10, 20) for i in (0.0, 0.05)
    ]
    return pd.DataFrame(rows, columns=list(tables.FEE_CURVE_COLUMNS))


def appraisal(
    *,
    sculpted: bool = False,
    hard: bool = False,
    names=None,
    system_cost: float = 100.0,
) -> AppraisalResult:
    """The result; `sculpted` adds a case, `hard` paths, carried losses and a tax."""
    found = financed(sculpted=sculpted, hard=hard)
    rules = HARD if hard else BUSINESS
    cases = tuple(one.name for one in found)
    table = indicators(found, rules)
    names = {p.id: p.id.upper() for p in PROJECTS} | (names or {})
    return AppraisalResult(
        scenario="small",
        plan="hand",
        currency="USD",
        price_year=2024,
        base_year=2025,
        discount_rate=0.06,
        inflation=0.03,
        cases=cases,
        places=tuple(p.id for p in PROJECTS),
        place_names=names,
        cash=cash_table(found),
        loans=loan_table(found),
        actors=actors(cases),
        system=system(system_cost),
        indicators=table,
        side_by_side=beside(table, cases),
        fee_curve=fee_curve(),
        inputs=pd.DataFrame(
            [("tax_rate", 0.2, "-", "assumption", "", "")],
            columns=list(tables.INPUT_COLUMNS),
        ),
        checks=pd.DataFrame(columns=list(tables.CHECK_COLUMNS)),
        risk=risk(cases[0]),
        warnings=("soft: terms are memory",),
        basis=Basis(
            PROJECTS,
            tuple(one.cases for one in found),
            rules,
            DSCR_TARGET,
            DSCR_LIMIT,
        ),
    )
