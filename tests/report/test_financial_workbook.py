"""The live sheets give what the appraisal gives, here and in a spreadsheet program."""

import math
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from pathlib import Path

import numpy_financial as npf
import openpyxl
import pytest
import report_appraisal as investment
import report_case as case

from wasteplan.finance.measures import measures
from wasteplan.finance.project_cash import project_cash
from wasteplan.report.financial_figures import LABELS
from wasteplan.report.workbook import write_workbook

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
OFFICE = shutil.which("soffice")
DELIVERED = {"summary", "builds", "flows", "facilities", "emissions", "assumptions"}
"""Sheets that no formula reads."""
FIGURES = ("npv", "irr", "equity_npv", "equity_irr", "dscr_min", "llcr")
needs_office = pytest.mark.skipif(
    OFFICE is None and not os.environ.get("CI"),
    reason="no LibreOffice here; the sheets' own figures are tested without it",
)


def written(folder, **changes) -> Path:
    path = Path(folder) / "results.xlsx"
    subject = replace(case.subject(), appraisal=investment.appraisal(**changes))
    write_workbook(path, subject)
    return path


def recalculated(folder, paths) -> list[openpyxl.Workbook]:
    """Books opened, calculated anew and saved by LibreOffice, all at once."""
    profile = Path(folder) / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE)
    out = Path(folder) / "calculated"
    subprocess.run(
        [
            str(OFFICE),
            "--headless",
            f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return [openpyxl.load_workbook(out / p.name, data_only=True) for p in paths]


@cache
def values_of(path) -> openpyxl.Workbook:
    """A book as it was written, with the values of its formulas; read once."""
    return openpyxl.load_workbook(path, data_only=True)


def row_of(sheet, label):
    return next(c.row for c in sheet["A"] if str(c.value).startswith(label))


def variants(path) -> list[Path]:
    """The live sheets with the fourth case in force; with the second and dearer."""
    book = openpyxl.load_workbook(path)
    for name in book.sheetnames:
        if name in DELIVERED:
            del book[name]
    inputs = book["financial inputs"]
    case_in_force = inputs.cell(row_of(inputs, "financing case in force"), 3)
    found = [path.with_name("fourth.xlsx"), path.with_name("dearer.xlsx")]
    case_in_force.value = 4
    book.save(found[0])
    case_in_force.value = 2
    dearer(inputs)
    book.save(found[1])
    return found


def dearer(sheet):
    """The first loan of the second case at 4 %, and a plant dearer by half."""
    loans = row_of(sheet, "loan 1")
    sheet.cell(row_of(sheet, "interest"), 7).value = 0.04
    assert row_of(sheet, "interest") == loans + 2
    row = row_of(sheet, "construction, stage 1")
    for cell in sheet[row][5:]:
        if isinstance(cell.value, int | float) and cell.value:
            cell.value *= 1.5


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return written(tmp_path_factory.mktemp("live"), sculpted=True)


@pytest.fixture(scope="module")
def hard_book(tmp_path_factory):
    """With paths of prices and exchange, carried losses and a value-added tax."""
    made = written(tmp_path_factory.mktemp("hard"), sculpted=True, hard=True)
    path = made.with_name("hard.xlsx")
    made.rename(path)
    return path


@pytest.fixture(scope="module")
def calculated(tmp_path_factory, book, hard_book):
    """As delivered; with the fourth case in force; with the second and dearer; hard."""
    folder = tmp_path_factory.mktemp("office")
    return recalculated(folder, [book, *variants(book), hard_book])


def figures_of(book, sheet, ids=FIGURES):
    """Indicators at the foot of a cash sheet, by id."""
    labels = {label: id for id, (label, _, _) in LABELS.items()}
    rows = book[sheet].iter_rows(values_only=True)
    known = {labels[r[0]]: r[2] for r in rows if r[0] in labels}
    return {id: known[id] for id in ids}


def test_the_first_sheet_is_the_investment_and_says_that_all_checks_hold(book):
    found = values_of(book)
    assert found.sheetnames[0] == "investment"
    front = found["investment"]
    assert front.cell(row_of(front, "Checks"), 3).value == "all hold"
    assert front.cell(row_of(front, "Financing case in force"), 3).value == (
        "development bank"
    )


@pytest.fixture(scope="module")
def plain_book(tmp_path_factory):
    """No sculpted loan, nothing carried from year to year."""
    return written(tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize(
    ("name", "is_tried", "has_trials"),
    [
        ("plain_book", False, False),
        ("book", False, True),  # of its cases the first has no sculpted loan
        ("hard_book", True, True),
    ],
)
def test_sheets_agree_with_the_appraisal(request, name, is_tried, has_trials):
    """Every check, and every figure of the appraisal, also the fees needed."""
    found = values_of(request.getfixturevalue(name))
    rows = list(found["financial checks"].iter_rows(min_row=5, values_only=True))
    verdicts = [r[5] for r in rows if r[5] in ("yes", "NO")]
    assert verdicts.count("yes") == len(verdicts) > 50
    compared = {str(r[0]).partition(": ")[2]: r for r in rows if r[5] == "yes"}
    fee = compared["gate fee to be added for the return on equity"]
    assert (fee[2] == "by trial") is is_tried
    tried = [label for label in compared if label.startswith("owners' NPV is 0")]
    assert bool(tried) is has_trials


def test_accounts_that_do_not_sum_to_the_cost_are_found(tmp_path):
    """100 is paid; a system that costs 101 does not fit."""
    found = openpyxl.load_workbook(written(tmp_path, system_cost=101), data_only=True)
    rows = list(found["financial checks"].iter_rows(min_row=5, values_only=True))
    failed = [r[0] for r in rows if r[5] == "NO"]
    assert len(failed) == len(investment.FINANCINGS)
    assert all("accounts of all actors" in label for label in failed)
    front = found["investment"]
    assert front.cell(row_of(front, "Checks"), 3).value.startswith("some fail")


def test_cash_flow_and_indicators_are_formulas(book):
    found = openpyxl.load_workbook(book)
    sheet = found["STAY WTE"]
    for label in ("cash of the owners", "NPV of the project", "lowest DSCR", "DSCR"):
        cells = [
            c.value for c in sheet[row_of(sheet, label)][2:] if c.value is not None
        ]
        assert cells
        assert all(str(v).startswith("=") for v in cells), label
    inputs = found["financial inputs"]
    heads = [c.value for c in inputs[3]]
    assert heads[:5] == ["input", "unit", "value", "status", "source"]
    tax = inputs[row_of(inputs, "tax on profit")]
    assert [c.value for c in tax][1:4] == ["1/y", 0.2, "assumption"]


def test_text_from_data_is_never_a_formula(tmp_path):
    """A facility called `=HYPERLINK(...)` keeps its name and gets a tame sheet."""
    names = {investment.PLANT: case.FORMULA, investment.SMALL: "[x]:*?/\\'"}
    path = written(tmp_path, names=names)
    found = openpyxl.load_workbook(path)
    cells = [c for s in found for r in s.iter_rows() for c in r]
    formulas = [str(c.value) for c in cells if c.data_type == "f"]
    assert formulas
    quoted = re.compile(r"'(?:[^']|'')*'!|\"(?:[^\"]|\"\")*\"")
    assert not any("HYPERLINK" in quoted.sub("", words) for words in formulas)
    assert any("HYPERLINK" in name for name in found.sheetnames)
    front = found["investment"]
    named = [c for c in front["A"] if c.value == case.FORMULA]
    assert [c.data_type for c in named] == ["s"]


def test_charts_are_native_and_bytes_are_stable(tmp_path, book, plain_book):
    with zipfile.ZipFile(book) as archive:
        charts = [n for n in archive.namelist() if n.startswith("xl/charts/chart")]
    assert len(charts) == 4
    assert written(tmp_path).read_bytes() == plain_book.read_bytes()


@needs_office
@pytest.mark.parametrize(("name", "number"), [("book", 0), ("hard_book", 3)])
def test_a_spreadsheet_program_calculates_the_same_cells(
    request, calculated, name, number
):
    """Every cell of every sheet, to 1e-6 of its size; no error values, none more."""
    before = values_of(request.getfixturevalue(name))
    compared = 0
    for sheet in before:
        rows = sheet.iter_rows(values_only=True)
        again = calculated[number][sheet.title].iter_rows(values_only=True)
        for i, (row, fresh) in enumerate(zip_longest(rows, again, fillvalue=()), 1):
            for told, now in zip_longest(row, fresh):
                if isinstance(told, int | float):
                    is_same = isinstance(now, int | float) and math.isclose(
                        now, told, rel_tol=1e-6, abs_tol=1e-6
                    )
                    assert is_same, (sheet.title, i, told, now)
                    compared += 1
                else:
                    assert (now or "") == (told or ""), (sheet.title, i)
    assert compared > 10_000


@needs_office
@pytest.mark.parametrize(("book_number", "number"), [(0, 1), (1, 4)])
def test_the_case_in_force_gives_the_figures_of_the_appraisal(
    calculated, book_number, number
):
    found = investment.appraisal(sculpted=True)
    name = found.cases[number - 1]
    for place, sheet in (
        (investment.PLANT, "STAY WTE"),
        (investment.SORTING, "STAY MRF"),
        (investment.SMALL, "HILL SMALL"),
        ("all", "all facilities"),
    ):
        for id, value in figures_of(calculated[book_number], sheet).items():
            told = found.indicator(id, place, name)
            if told != told:
                assert isinstance(value, str), (place, id)
            else:
                assert value == pytest.approx(told, rel=1e-6, abs=1e-6), (place, id)


@needs_office
def test_changed_inputs_move_the_result_as_they_do_in_python(calculated):
    """Senior loan at 4 %, an annuity, and the plant's construction x 1.5."""
    plant = investment.PROJECTS[0]
    stages = tuple((opening, cost * 1.5) for opening, cost in plant.stages)
    dear = replace(plant, stages=stages)
    banks = investment.financed()[1].cases[0]
    senior, junior = banks.funds
    softer = replace(senior.terms, interest=0.04, interest_in_grace=0.09)
    one = replace(banks, funds=(replace(senior, terms=softer), junior))
    cash = project_cash(dear, one, investment.BUSINESS)
    found = figures_of(calculated[2], "STAY WTE")
    told = {m.id: m.value for m in measures(cash, investment.BUSINESS)}
    for id in ("npv", "irr", "equity_npv", "equity_irr", "dscr_min", "llcr"):
        assert found[id] == pytest.approx(told[id], rel=1e-6, abs=1e-6), id
    real = cash["project_real"]
    assert found["irr"] == pytest.approx(npf.irr(real), abs=1e-6)
    lead = 1.06 ** -(int(investment.YEARS[0]) - 2025)
    assert found["npv"] == pytest.approx(npf.npv(0.06, real) * lead, rel=1e-6)
