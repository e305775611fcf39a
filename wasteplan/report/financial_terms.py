"""Terms of loans on the sheet of inputs: by case, for all facilities and for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wasteplan.finance.appraisal_result import Basis
from wasteplan.finance.funds import Case, Fund
from wasteplan.finance.price_level import Path
from wasteplan.report.financial_money import path_number, paths_of
from wasteplan.report.formulas import Formula, Operand, looked_up, number
from wasteplan.report.ledger import SUM, UNIT, Sheet, Style

REPAYMENTS = ("equal_principal", "annuity", "sculpted")
"""Codes 1, 2 and 3 of the sheet."""
TERMS: dict[str, tuple[str, str, Style]] = {
    "share": ("share of the capital cost", "-", "input_share"),
    "interest": ("interest", "1/y", "input_share"),
    "grace_interest": ("interest in the grace years", "1/y", "input_share"),
    "tenor": ("tenor from the first draw", "y", "input"),
    "grace": ("grace from the first draw", "y", "input"),
    "repayment": (
        "repayment: 1 equal principal, 2 annuity, 3 in proportion to cash",
        "-",
        "input",
    ),
    "upfront": ("fee at the first draw, of the loan", "-", "input_share"),
    "commitment": ("fee on what is not yet drawn", "1/y", "input_share"),
    "guarantee": ("guarantee fee on what is owed", "1/y", "input_share"),
    "gain": ("gain of its currency on the scenario's", "1/y", "input_share"),
    "path": ("number of its currency below, 0 for none", "-", "input"),
}
"""Terms of a loan: label, unit, look."""
NO_LOAN = {**dict.fromkeys(TERMS, 0.0), "tenor": 1.0, "repayment": 1.0}

Paths = Sequence[tuple[str, Path]]
Row = tuple[Formula, ...]
"""The cells of a term, one for each case."""


@dataclass(frozen=True)
class TermsTable:
    """Terms that hold for all facilities unless one has its own."""

    case: Formula
    ids: tuple[tuple[str, ...], ...]
    """For each case, the loans in their order."""
    grant: Row
    loans: tuple[dict[str, Row], ...]
    paths: Paths

    def of_facility(
        self, sheet: Sheet, cases: Sequence[Case]
    ) -> tuple[Formula, tuple[dict[str, Formula], ...]]:
        """Write a facility's terms; those that do not differ point at the table.

        Parameters
        ----------
        cases
            What the facility gets of each case.

        Returns
        -------
        Share of grants and terms of each loan, in force.
        """
        shares = [c.grant_share for c in cases]
        grant = self._row(sheet, "grants, share of the capital cost", "-", shares,
                          self.grant, "input_share")  # fmt: skip
        loans = []
        for slot, common in enumerate(self.loans):
            funds = [
                _named(c, ids, slot) for c, ids in zip(cases, self.ids, strict=True)
            ]
            terms = {}
            for name, (label, unit, look) in TERMS.items():
                values = [
                    _number(fund, name, number(common[name][i]), self.paths)
                    for i, fund in enumerate(funds)
                ]
                words = f"loan {slot + 1}: {label}"
                terms[name] = self._row(sheet, words, unit, values, common[name], look)
            loans.append(terms)
        return grant, tuple(loans)

    def by_case(
        self, sheet: Sheet, label: str, unit: str, values: Sequence[float]
    ) -> Formula:
        """A row with a value for each case; what is in force."""
        return _in_force(sheet, label, unit, values, self.case, "factor")[0]

    def _row(
        self,
        sheet: Sheet,
        label: str,
        unit: str,
        values: Sequence[float],
        common: Row,
        style: Style,
    ) -> Formula:
        cells: list[Operand] = [
            shared if number(shared) == value else value
            for value, shared in zip(values, common, strict=True)
        ]
        return _in_force(sheet, label, unit, cells, self.case, style)[0]


def terms_table(
    sheet: Sheet, names: Sequence[str], basis: Basis, case: Formula
) -> TermsTable:
    """Write the terms of all cases side by side.

    Parameters
    ----------
    names
        Of the cases.
    basis
        What each facility gets of each case; a loan that is cut to the life of some
        has here the longest tenor of any.
    case
        Number of the case in force.
    """
    sheet.gap()
    sheet.title(
        "Financing cases",
        "For all facilities; those whose own terms differ, as a tenor cut to their "
        "life, have them in their block.",
    )
    sheet.put(sheet.row, 0, "terms", "head")
    sheet.put(sheet.row, UNIT, "unit", "head")
    sheet.put(sheet.row, SUM, "in force", "head")
    for i, name in enumerate(names):
        sheet.put(sheet.row, sheet.column + i, f"{i + 1} {name}", "head")
    sheet.row += 1
    shares: list[Operand] = [
        max((c.grant_share for c in cases), default=0.0) for cases in basis.cases
    ]
    label = "grants, share of the capital cost"
    _, grant = _in_force(sheet, label, "-", shares, case, "input_share")
    longest, paths = [_longest(cases) for cases in basis.cases], paths_of(basis)
    loans = []
    for slot in range(max((len(found) for found in longest), default=0)):
        funds = [found[slot] if slot < len(found) else None for found in longest]
        sheet.put(sheet.row, 0, f"loan {slot + 1}", "head")
        for i, fund in enumerate(funds):
            sheet.put(sheet.row, sheet.column + i, _words(fund), "note")
        sheet.row += 1
        loans.append(
            {
                name: _in_force(
                    sheet,
                    label,
                    unit,
                    [_number(fund, name, NO_LOAN[name], paths) for fund in funds],
                    case,
                    look,
                )[1]
                for name, (label, unit, look) in TERMS.items()
            }
        )
    sheet.gap()
    ids = tuple(tuple(f.id for f in found) for found in longest)
    return TermsTable(case, ids, grant, tuple(loans), paths)


def _longest(cases: Sequence[Case]) -> list[Fund]:
    """Every loan of a case, from the facility that has it for the longest time."""
    found: dict[str, Fund] = {}
    for case in cases:
        for fund in case.debt:
            known = found.get(fund.id)
            if known is None or _tenor(fund) > _tenor(known):
                found[fund.id] = fund
    return [*found.values()]


def _tenor(fund: Fund) -> int:
    return 0 if fund.terms is None else fund.terms.tenor_y


def _named(case: Case, ids: Sequence[str], slot: int) -> Fund | None:
    """The loan of a facility that belongs to a place of the table."""
    if slot >= len(ids):
        return None
    return next((f for f in case.debt if f.id == ids[slot]), None)


def _words(fund: Fund | None) -> str:
    """Name, status and source of a loan's terms."""
    if fund is None or fund.terms is None:
        return ""
    return f"{fund.id} ({fund.terms.status}, {fund.terms.source or 'stated'})"


def _number(fund: Fund | None, name: str, otherwise: float, paths: Paths) -> float:
    """A term as a number; without the loan its share is 0 and the rest as usual."""
    if fund is None or fund.terms is None:
        return 0.0 if name == "share" else otherwise
    terms = fund.terms
    in_grace = terms.interest_in_grace
    return {
        "share": fund.share,
        "interest": terms.interest,
        "grace_interest": terms.interest if in_grace is None else in_grace,
        "tenor": float(terms.tenor_y),
        "grace": float(terms.grace_y),
        "repayment": REPAYMENTS.index(fund.repayment) + 1.0,
        "upfront": fund.upfront_fee,
        "commitment": fund.commitment_fee_per_y,
        "guarantee": fund.guarantee_fee_per_y,
        "gain": 0.0 if fund.exchange_path else fund.gain_per_y,
        "path": path_number(fund, paths),
    }[name]


def _in_force(
    sheet: Sheet,
    label: str,
    unit: str,
    values: Sequence[Operand],
    case: Formula,
    style: Style,
) -> tuple[Formula, Row]:
    """A row with one value for each case; the one in force stands in front."""
    plain: Style = "share" if style == "input_share" else "factor"
    line = sheet.line(label, unit, values, style, is_summed=False)
    chosen = sheet.put(line.row, SUM, looked_up(line.range, case), plain)
    return chosen, line.cells
