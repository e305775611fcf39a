"""Financing cases of a scenario: its loans, and packaged terms by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wasteplan.errors import WasteplanError
from wasteplan.finance.funds import Case, Fund, kind_of, terms_warnings
from wasteplan.finance.loans import LoanTerms, known_terms
from wasteplan.finance.price_level import Path
from wasteplan.finance.project import Project
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Loan
from wasteplan.wording import did_you_mean

FOUR_KINDS = (
    "japan_oda_ldc_climate_2012",
    "world_bank_ida",
    "korea_edpf",
    "commercial_usd_cambodia",
)
"""Terms that are compared when a scenario names none: from softest to hardest."""


@dataclass(frozen=True)
class PlacedFund:
    """A fund and the only place it is for, if any."""

    fund: Fund
    place: str = ""


@dataclass(frozen=True)
class Financing:
    """A case before it is applied to a facility."""

    name: str
    title: str
    funds: tuple[PlacedFund, ...]

    def case_for(self, project: Project) -> tuple[Case, tuple[str, ...]]:
        """The case of one facility, and what had to be changed for it.

        A fund for another place, or not open in the year of the first draw, leaves its
        share to equity.  A loan does not outlive the facility: tenor and grace are cut.
        """
        found, notes = [], []
        years = project.years[project.capex > 0]
        signed = int(years[0]) if len(years) else project.opening
        names = {project.id, *project.id.split(".")}
        for placed in self.funds:
            fund = placed.fund
            if placed.place and placed.place not in names:
                continue
            if not fund.is_available(signed):
                notes.append(f"{fund.id} is not open in {signed} for {project.id}")
                continue
            fund, note = _within_life(fund, project)
            _repayable(fund, project)
            found.append(fund)
            notes += [note] if note else []
        total = sum(f.share for f in found if f.kind != "equity")
        if total > 1 + 1e-9:
            raise WasteplanError(
                f"loans.csv, case '{self.name}': tranches bear {total:.1%} of the "
                f"capital cost of {project.id}"
            )
        return Case(self.name, tuple(found), self.title), tuple(notes)


def longest_tenor_y(project: Project) -> int:
    """Years from the first draw to the end of work, of what is built last.  [y]"""
    firsts = [int(project.years[cost > 0][0]) for _, cost in project.stages]
    return project.last_work - max(firsts)


def _within_life(fund: Fund, project: Project) -> tuple[Fund, str]:
    terms, life = fund.terms, longest_tenor_y(project)
    if terms is None or terms.tenor_y <= life:
        return fund, ""
    cut = f"tenor cut from {terms.tenor_y} to {life} y, life of {project.id}"
    shorter = replace(terms, tenor_y=life, grace_y=min(terms.grace_y, life - 1))
    return replace(fund, terms=shorter), f"{fund.id}: {cut}"


def _repayable(fund: Fund, project: Project) -> None:
    """Refuse a tenor that ends before what it pays for works."""
    if fund.terms is None:
        return
    for opening, cost in project.stages:
        wait = opening - int(project.years[cost > 0][0])
        if fund.terms.tenor_y < wait:
            raise WasteplanError(
                f"{fund.id}: a tenor of {fund.terms.tenor_y} y ends before "
                f"{project.id} works, {wait} y after the first draw: lend for longer"
            )


def financings(scenario: Scenario, names: Sequence[str] = ()) -> tuple[Financing, ...]:
    """The cases to compare: those named, or the scenario's loans and `[finance]` terms.

    Parameters
    ----------
    scenario
        The case.
    names
        Packaged terms, or cases of `loans.csv`; empty takes what the scenario says.

    Raises
    ------
    WasteplanError
        If a name is neither, or shares of a case exceed the capital cost.
    """
    settings = scenario.settings.finance
    own: dict[str, list[Loan]] = {}
    for row in scenario.loans:
        own.setdefault(row.case, []).append(row)
    chosen = tuple(names) or (*own, *(settings.terms or (() if own else FOUR_KINDS)))
    found = []
    for name in dict.fromkeys(chosen):
        if name in own:
            funds = tuple(_of_loan(row, scenario) for row in own[name])
            found.append(_checked(Financing(name, name, funds)))
        else:
            found.append(_checked(_of_terms(name, settings, tuple(own))))
    return tuple(found)


def financing_warnings(cases: Sequence[Financing], year: int) -> tuple[str, ...]:
    """What to know of the terms used: dated, from memory, assumed."""
    terms = [p.fund.terms for case in cases for p in case.funds]
    return terms_warnings([t for t in terms if t is not None], year)


def _of_terms(name: str, settings: FinanceSettings, own: tuple[str, ...]) -> Financing:
    """Grant, one loan at packaged terms, and equity, in the shares of `[finance]`."""
    terms = _packaged(name, own)
    debt = 1.0 - settings.equity_share - settings.grant_share
    funds = [PlacedFund(_debt(name, terms, debt, settings))] if debt > 0 else []
    if settings.grant_share > 0:
        funds.append(PlacedFund(Fund("grant", "grant", settings.grant_share)))
    return Financing(name, terms.name, tuple(funds))


def _packaged(name: str, own: tuple[str, ...]) -> LoanTerms:
    known = known_terms()
    if name not in known:
        names = [*own, *known]
        raise WasteplanError(
            f"no loan terms '{name}'{did_you_mean(name, names)}; there are "
            f"{', '.join(names)}"
        )
    return known[name]


def _debt(id: str, terms: LoanTerms, share: float, settings: FinanceSettings) -> Fund:
    return Fund(
        id=id,
        kind=kind_of(terms),
        share=share,
        terms=terms,
        repayment=settings.repayment,
        upfront_fee=settings.upfront_fee,
        commitment_fee_per_y=settings.commitment_fee_per_y,
        guarantee_fee_per_y=settings.guarantee_fee_per_y,
    )


def path_of(scenario: Scenario, item: str, currency: str = "") -> Path:
    """Inflation, or the worth of a currency, in the years that `rates.csv` states."""
    rows = [r for r in scenario.rates if r.item == item]
    if item == "exchange":
        rows = [r for r in rows if r.currency == currency]
    return tuple(sorted((r.year, r.value) for r in rows))


def _of_loan(row: Loan, scenario: Scenario) -> PlacedFund:
    """A row of `loans.csv`; what it leaves empty comes from the terms it names."""
    settings = scenario.settings.finance
    if row.kind in ("grant", "equity"):
        kind = row.kind
        fund = Fund(row.id, kind, row.share)
        return PlacedFund(fund, row.place)
    terms = _stated_terms(row)
    fund = _debt(row.id, terms, row.share, settings)
    stated = {
        "kind": row.kind or None,
        "repayment": row.repayment or None,
        "upfront_fee": row.upfront_fee,
        "commitment_fee_per_y": row.commitment_fee_per_y,
        "guarantee_fee_per_y": row.guarantee_fee_per_y,
    }
    changes = {k: v for k, v in stated.items() if v is not None}
    fund = replace(
        fund,
        currency=row.currency,
        gain_per_y=row.gain_per_y,
        available_from=row.available_from,
        available_until=row.available_until,
        exchange_path=path_of(scenario, "exchange", row.currency),
        **changes,  # type: ignore[arg-type]
    )
    return PlacedFund(fund, row.place)


def _stated_terms(row: Loan) -> LoanTerms:
    known = known_terms().get(row.terms)
    if known is None and (row.interest_per_y is None or row.tenor_y is None):
        raise WasteplanError(
            f"loans.csv, {row.id}: terms '{row.terms}' are not packaged"
            f"{did_you_mean(row.terms, list(known_terms()))}; state interest_per_y and "
            "tenor_y, or name packaged terms"
        )
    base = known or LoanTerms(0.0, 1, 0)
    is_own = row.interest_per_y is not None
    return replace(
        base,
        id=row.terms,
        interest=base.interest if row.interest_per_y is None else row.interest_per_y,
        interest_in_grace=None if is_own else base.interest_in_grace,
        tenor_y=base.tenor_y if row.tenor_y is None else math.floor(row.tenor_y),
        grace_y=base.grace_y if row.grace_y is None else math.ceil(row.grace_y),
        status=(row.status or "assumption") if is_own or known is None else base.status,
        source=row.source if is_own or known is None else base.source,
    )


def _checked(case: Financing) -> Financing:
    everywhere = sum(p.fund.share for p in case.funds if not p.place)
    if everywhere > 1 + 1e-9:
        raise WasteplanError(f"{case.name}: funds bear {everywhere:.1%} of the cost")
    return case
