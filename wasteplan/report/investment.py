"""The plan as an investment, and one page on it for a board."""

from __future__ import annotations

from wasteplan.finance.appraisal_result import POOL, AppraisalResult
from wasteplan.report.document import Chart, Column, Form, Section, Table
from wasteplan.report.investment_charts import (
    actors_chart,
    case_name,
    cash_chart,
    cover_chart,
    fee_chart,
)
from wasteplan.report.investment_risk import (
    chance_chart,
    stories_table,
    switching_table,
    tornado_chart,
)
from wasteplan.report.investment_tables import (
    convergence_chart,
    economic_table,
    lender_questions,
    recyclers_table,
    supply_exposure,
)
from wasteplan.report.numbers import number_text, percent_text
from wasteplan.report.subject import Subject

PLACE_FIGURES = {
    "npv": "NPV of the project",
    "irr": "IRR of the project",
    "equity_npv": "NPV of the owners",
    "dscr_min": "Lowest DSCR",
    "levelised_net_cost_per_t": "Cost after sales",
    "gate_fee": "Gate fee today",
    "gate_fee_for_return": "Gate fee needed",
}
WARNINGS_MAX = 12


def investment_section(subject: Subject) -> Section | None:
    """Cash, cover, what moves it, chance, who pays; None without an appraisal."""
    found = subject.appraisal
    if found is None or found.cash.empty:
        return None
    charts: list[Chart | None] = [
        cash_chart(found, years_shown(found)),
        cover_chart(found, _limit(subject)),
        fee_chart(found),
    ]
    if found.risk is not None:
        charts += [tornado_chart(found, found.risk), chance_chart(found, found.risk)]
        charts.append(convergence_chart(found, found.risk))
    charts.append(actors_chart(found))
    return Section(
        "investment",
        "Investment",
        _lead(subject, found),
        tuple(c for c in charts if c is not None),
        _tables(found),
        warnings_shown(found, WARNINGS_MAX),
    )


def cases_table(
    found: AppraisalResult, shown: tuple[str, ...] | None = None
) -> Table | None:
    """Cases side by side; units differ by row, so cells are written row by row."""
    table = found.side_by_side
    if table.empty:
        return None
    mine = table[table["place"].isin([POOL, "system"])]
    if shown is not None:
        mine = mine[mine["id"].isin(shown)]
        mine = mine.sort_values("id", key=lambda ids: ids.map(shown.index))
    cells = tuple(
        (
            record["label"],
            unit_text(record["unit"], found),
            *(figure_text(record[c], record["unit"]) for c in found.cases),
        )
        for record in mine.to_dict("records")
    )
    columns = (
        Column("All facilities together"),
        Column("Unit"),
        *(Column(case_name(c), form="written") for c in found.cases),
    )
    return Table("Financing cases side by side", columns, cells) if cells else None


def years_shown(found: AppraisalResult) -> range:
    """From the first to the last year in which the owners' cash moves."""
    pool = found.cash[found.cash["place"] == POOL]
    moved = pool[pool[["project", "equity", "balance"]].abs().max(axis=1) > 0]["year"]
    used = moved if len(moved) else pool["year"]
    return range(int(used.min()), int(used.max()) + 1)


def _limit(subject: Subject) -> float:
    return subject.scenario.settings.finance.dscr_limit


def _lead(subject: Subject, found: AppraisalResult) -> str:
    n = len(found.places)
    rate = percent_text(found.discount_rate)
    return (
        f"What is built is appraised as {n} "
        f"{'business' if n == 1 else 'businesses'}, each with its own loans, under "
        f"{number_text(len(found.cases), 0)} financing "
        f"{'case' if len(found.cases) == 1 else 'cases'}. Pictures show the first, "
        f"“{case_name(found.cases[0])}”, unless another is chosen. Cash is in money "
        f"of its year, with prices rising by {found.price_rise()}; present values are "
        f"in money of {found.price_year}, at {rate} real before finance. The sheet "
        "“investment” of results.xlsx calculates all of it again from its inputs."
    )


def warnings_shown(found: AppraisalResult, most: int) -> tuple[str, ...]:
    """What to know of the terms; the tail is counted."""
    shown = found.warnings[:most]
    more = len(found.warnings) - len(shown)
    tail = (f"and {more} more remarks on terms, in results.xlsx.",) if more else ()
    return (*shown, *tail)


def _tables(found: AppraisalResult) -> tuple[Table, ...]:
    tables = [cases_table(found), _places_table(found), economic_table(found)]
    if found.risk is not None:
        risk = found.risk
        tables += [stories_table(found, risk), switching_table(found, risk)]
        tables.append(supply_exposure(found, risk))
    tables += [lender_questions(found), recyclers_table(found)]
    return tuple(t for t in tables if t is not None)


def _places_table(found: AppraisalResult) -> Table | None:
    case = found.cases[0]
    table = found.indicators[found.indicators["case"] == case]
    units = dict(zip(table["id"], table["unit"], strict=True))
    ids = [i for i in PLACE_FIGURES if i in units]
    values = {
        (place, id): value
        for place, id, value in zip(
            table["place"], table["id"], table["value"], strict=True
        )
    }
    columns = [Column("Facility")]
    for id in ids:
        form: Form = "share" if units[id] == "1/y" else "number"
        unit = "" if units[id] == "-" else unit_text(units[id], found)
        columns.append(
            Column(PLACE_FIGURES[id], unit, "written" if units[id] == "-" else form)
        )
    cells = tuple(
        (
            found.place_names.get(place, place),
            *(
                number_text(values.get((place, i)), 2)
                if units[i] == "-"
                else values.get((place, i))
                for i in ids
            ),
        )
        for place in (*found.places, POOL)
    )
    name = f"Each facility: {case_name(case)}"
    return Table(name, tuple(columns), cells, len(cells) - 1) if ids else None


def unit_text(unit: str, found: AppraisalResult) -> str:
    """A unit as it is shown: rates and shares in percent, money by its currency."""
    if unit.startswith("1/y"):
        return "%"
    if unit.startswith("- "):
        return f"% {unit.removeprefix('- ')}"
    return "" if unit == "-" else unit.replace("money", found.currency)


def figure_text(value: object, unit: str) -> str:
    """A figure as it is shown beside its unit."""
    if isinstance(value, str):
        return value
    return _percent(value) if unit.startswith(("1/y", "- ")) else number_text(value)


def _percent(value: object) -> str:
    return percent_text(value).removesuffix("\u00a0%")
