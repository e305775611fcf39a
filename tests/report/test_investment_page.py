"""The investment on the page: there when it is given, absent when not."""

from dataclasses import replace

import numpy as np
import pytest
import report_appraisal as investment
import report_case as case

from wasteplan.finance.appraisal_result import POOL
from wasteplan.report.board import board_section
from wasteplan.report.investment import investment_section
from wasteplan.report.page import document, html
from wasteplan.report.writing import write_report

CHARTS = {
    "investment-cash",
    "investment-cover",
    "investment-fees",
    "investment-tornado",
    "investment-chance",
    "investment-actors",
}


@pytest.fixture(scope="module")
def found():
    return investment.appraisal()


@pytest.fixture(scope="module")
def subject(found):
    return replace(case.subject(), appraisal=found)


@pytest.fixture(scope="module")
def charts(subject):
    return {c.id: c for c in investment_section(subject).charts}


def test_the_sections_are_there_only_with_an_appraisal(subject):
    with_it = [s.id for s in document(subject).sections]
    without = [s.id for s in document(case.subject()).sections]
    assert [i for i in with_it if i not in without] == ["investment", "board"]


def test_every_picture_of_the_investment_is_drawn(charts):
    assert set(charts) == CHARTS
    assert all(c.summary and c.table for c in charts.values())


def test_bars_of_a_year_add_up_to_the_cash_of_the_owners(charts):
    for drawn in charts["investment-cash"].data["by_period"].values():
        columns = zip(*(s["values"] for s in drawn["series"]), strict=True)
        assert [sum(c) for c in columns] == pytest.approx(drawn["line"], abs=1e-9)


def test_cover_is_that_of_all_facilities_by_case(charts, found):
    """The case of own money has no debt and no line."""
    series = charts["investment-cover"].data["series"]
    assert [s["name"] for s in series] == ["development bank", "two banks"]
    cash = found.cash
    mine = cash[(cash["place"] == POOL) & (cash["case"] == "two banks")]
    lowest = min(value for _, value in series[1]["points"])
    assert lowest == pytest.approx(mine["dscr"].min())


def test_a_bar_of_losses_never_reaches_above_zero(charts, found):
    drawn = charts["investment-chance"].data["by_period"]["fees:stated"]
    edges = np.array(drawn["edges"])
    assert np.abs(edges).min() == pytest.approx(0, abs=1e-9)
    losses = sum(s for s, e in zip(drawn["shares"], edges[1:], strict=True) if e <= 0)
    assert losses == pytest.approx((found.risk.sample["npv"] < 0).mean())


def test_burdens_of_the_parties_sum_to_the_cost_of_the_system(charts):
    """100 is paid for work; what is paid between the parties cancels."""
    drawn = charts["investment-actors"].data["by_period"]["case:development bank"]
    assert sum(drawn["net"]) == pytest.approx(100)
    assert drawn["labels"] == ["Public", "Operators", "Lenders"]
    assert drawn["net"] == pytest.approx([140, -30, -10])


def test_largest_swing_stands_first(charts):
    rows = charts["investment-tornado"].data["rows"]
    assert [r["name"] for r in rows] == [
        *("Cost of building", "Waste that kilns and buyers leave")
    ]
    assert (rows[0]["at_low"], rows[0]["at_high"]) == ("× 0.80", "× 1.50")


def test_the_board_gets_one_page_with_figures_and_all_cases(subject, found):
    section = board_section(subject)
    assert section.is_page
    tiles = {t.label: t for t in section.tiles}
    built = sum(float(p.capex.sum()) for p in investment.PROJECTS)
    assert tiles["To be built"].value == f"{built / 1e6:.1f}"
    assert tiles["Chance of a loss"].value == "75\u00a0%"
    heads = [c.title for c in section.tables[0].columns]
    assert heads[2:] == list(found.cases)
    page = html(subject)
    assert 'id="board" aria-labelledby="board-title" class="one-page"' in page


def test_names_of_facilities_cannot_become_code(found):
    names = dict(found.place_names) | {investment.PLANT: case.HOSTILE}
    hostile = replace(found, place_names=names, warnings=(case.HOSTILE,))
    page = html(replace(case.subject(), appraisal=hostile))
    assert case.HOSTILE not in page


def test_an_appraisal_without_risk_or_basis_still_makes_a_report(tmp_path, found):
    """No tornado, no distribution; the workbook has tables but no live sheets."""
    bare = replace(found, risk=None, basis=None)
    s = case.subject()
    files = write_report(
        tmp_path, s.scenario, s.plan, s.evaluation, answer="", appraisal=bare
    )
    section = investment_section(replace(s, appraisal=bare))
    assert {c.id for c in section.charts} == CHARTS - {
        "investment-tornado",
        "investment-chance",
    }
    assert all(f.stat().st_size > 0 for f in files)
