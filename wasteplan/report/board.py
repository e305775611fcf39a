"""One page on the investment that prints for a board."""

from __future__ import annotations

from wasteplan.finance.appraisal_result import POOL, AppraisalResult
from wasteplan.report.document import Section, Tile
from wasteplan.report.frames import rows
from wasteplan.report.investment import (
    cases_table,
    figure_text,
    unit_text,
    warnings_shown,
    years_shown,
)
from wasteplan.report.investment_charts import case_name, cash_chart
from wasteplan.report.investment_risk import driver_name
from wasteplan.report.numbers import is_known, number_text, percent_text, scale_of
from wasteplan.report.subject import Subject

BOARD_FIGURES = (
    "terms.interest",
    "terms.tenor_y",
    "equity_npv",
    "equity_irr",
    "dscr_min",
    "gate_fee_for_return",
    "viability_gap_grant",
    "fiscal_cost",
)
"""Rows of the board's table of cases."""
WARNINGS_MAX = 2


def board_section(subject: Subject) -> Section | None:
    """One page that prints for a board: figures, cases, cash, what to know."""
    found = subject.appraisal
    if found is None or found.cash.empty:
        return None
    table = cases_table(found, BOARD_FIGURES)
    cash = cash_chart(found, years_shown(found), id="board-cash", height=230)
    return Section(
        "board",
        "For the board",
        _question(subject, found),
        (cash,),
        () if table is None else (table,),
        _findings(found),
        short="For the board",
        tiles=board_tiles(found),
        is_page=True,
    )


def board_tiles(found: AppraisalResult) -> tuple[Tile, ...]:
    """Six figures of the base case."""
    pool = found.cash[
        (found.cash["place"] == POOL) & (found.cash["case"] == found.cases[0])
    ]
    spent = float((pool["capex"] / pool["price_level"]).sum())
    money = found.currency
    made = [
        _money_tile(
            "To be built", spent, money, f"construction, money of {found.price_year}"
        ),
        _money_tile(
            "Owners' NPV", _figure(found, "equity_npv"), money, "at today's gate fees"
        ),
        _tile(found, "Owners' return", "equity_irr", "nominal"),
        _tile(found, "Lowest debt cover", "dscr_min", "of any year"),
        _tile(found, "Gate fee needed", "gate_fee_for_return", _fee_note(found)),
        _loss_tile(found),
    ]
    return tuple(tile for tile in made if tile is not None)


def _question(subject: Subject, found: AppraisalResult) -> str:
    title = subject.scenario.settings.scenario.title
    return (
        f"{title}: what the plan “{found.plan}” asks of those who pay for it, under "
        f"“{case_name(found.cases[0])}”."
    )


def _findings(found: AppraisalResult) -> tuple[str, ...]:
    """What to decide on, in sentences."""
    points = []
    npv, fee = _figure(found, "equity_npv"), _figure(found, "gate_fee_for_return")
    now, gap = _figure(found, "gate_fee"), _figure(found, "viability_gap_grant")
    unit = f"{found.currency}/t"
    if is_known(npv) and npv < 0 and is_known(fee):
        points.append(
            f"At today's gate fees, {number_text(now, 1)} {unit} on average, the "
            "owners do not earn the return they ask. A fee of "
            f"{number_text(fee, 1)} {unit} would give it, or a grant of "
            f"{_money(gap, found)}."
        )
    elif is_known(npv):
        points.append("At today's gate fees the owners earn the return they ask.")
    cover = _figure(found, "dscr_min")
    if is_known(cover) and cover <= 0:
        points.append(
            "In the worst year the facilities earn nothing towards what they owe: "
            "without more income or softer terms they cannot serve the loans."
        )
    elif is_known(cover) and cover < 1:
        points.append(
            f"In the worst year the facilities earn {number_text(cover, 2)} of what "
            "they owe: without more income or softer terms they cannot serve the loans."
        )
    if found.risk is not None and not found.risk.tornado.empty:
        table = found.risk.tornado
        mine = table[(table["case"] == found.cases[0]) & (table["place"] == POOL)]
        names = [driver_name(d).lower() for d in mine["driver"].head(3)]
        if names:
            points.append(f"What moves the result most: {', '.join(names)}.")
    return (*points, *warnings_shown(found, WARNINGS_MAX))


def _figure(found: AppraisalResult, id: str) -> float:
    try:
        return found.indicator(id)
    except KeyError:
        return float("nan")


def _money(amount: float, found: AppraisalResult) -> str:
    divisor, word = scale_of([amount])
    return f"{number_text(amount / divisor, 1)} {word}{found.currency}"


def _money_tile(label: str, amount: float, money: str, note: str) -> Tile | None:
    if not is_known(amount):
        return None
    divisor, word = scale_of([amount])
    return Tile(label, number_text(amount / divisor, 1), f"{word}{money}", (note,))


def _tile(found: AppraisalResult, label: str, id: str, note: str) -> Tile | None:
    table = found.indicators
    mine = table[
        (table["case"] == found.cases[0])
        & (table["place"] == POOL)
        & (table["id"] == id)
    ]
    if mine.empty:
        return None
    record = mine.to_dict("records")[0]
    if not is_known(record["value"]):
        return Tile(label, "none", "", (str(record["why"]),))
    unit = unit_text(record["unit"], found)
    return Tile(
        label,
        figure_text(record["value"], record["unit"]),
        unit,
        (note,),
    )


def _fee_note(found: AppraisalResult) -> str:
    now = _figure(found, "gate_fee")
    return f"mean; today {number_text(now, 1)}" if is_known(now) else "mean"


def _loss_tile(found: AppraisalResult) -> Tile | None:
    if found.risk is None or found.risk.chances.empty:
        return None
    table = found.risk.chances
    mine = table[(table["case"] == found.cases[0]) & (table["place"] == POOL)]
    chances = {r.fees: r for r in rows(mine)}
    if "stated" not in chances:
        return None
    notes = ["NPV below 0, at today's fees"]
    if "needed" in chances:
        share = percent_text(chances["needed"].probability_npv_below_0, 0)
        notes.append(f"{share} at the fees needed")
    share = percent_text(chances["stated"].probability_npv_below_0, 0)
    return Tile("Chance of a loss", share, "", tuple(notes))
