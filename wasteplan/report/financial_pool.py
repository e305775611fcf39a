"""The sheet of all financed facilities together: sums of their sheets."""

from __future__ import annotations

from collections.abc import Sequence

from wasteplan.report.financial_cash import Cash, FacilitySheet
from wasteplan.report.financial_loans import summed
from wasteplan.report.formulas import formula
from wasteplan.report.ledger import Sheet, Style

POOLED = tuple(
    name
    for name in Cash.__dataclass_fields__
    if name not in ("years", "level", "discount")
)


def pooled_sheet(sheet: Sheet, parts: Sequence[FacilitySheet]) -> FacilitySheet:
    """All facilities together: sums of the same lines of their sheets."""
    sheet.title(
        "All financed facilities",
        "Sums of the sheets of the facilities, money of each year (nominal).",
    )
    one = parts[0].cash
    n = range(len(one.years))
    years = sheet.years([one.years[i] for i in n], "year")
    same = {
        name: sheet.line(
            label, "-", [getattr(one, name)[i] for i in n], "factor", is_summed=False
        )
        for name, label in (
            ("level", "price level"),
            ("discount", "discount factor, real"),
        )
    }
    lines = {}
    for name in POOLED:
        found = [getattr(part.cash, name) for part in parts]
        style: Style = "total" if name in ("project", "equity") else "money"
        label = _POOLED_NAMES.get(name, name.replace("_", " "))
        unit = {"tonnes": "t/y", "mwh": "MWh/y"}.get(name, "")
        lines[name] = sheet.line(
            label,
            unit,
            [formula(summed(found, i)) for i in n],
            style,
            is_summed=name != "balance",
        )
    cash = Cash(years=years, **same, **lines)
    loans = tuple(loan for part in parts for loan in part.loans)
    return FacilitySheet(sheet, "All financed facilities", cash, loans, None)


_POOLED_NAMES = {
    "tonnes": "taken in",
    "mwh": "electricity exported",
    "electricity": "electricity sold",
    "expenses": "operating cost",
    "capex": "construction",
    "guarantee": "guarantee fees with the debt service",
    "drawn": "loans drawn",
    "balance": "owed at the end of the year",
    "available": "cash available for debt service",
    "project": "cash of the project",
    "equity": "cash of the owners",
}
