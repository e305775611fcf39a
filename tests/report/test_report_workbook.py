import zipfile

import openpyxl
import pytest
import report_case as case

from wasteplan.report.workbook import write_workbook

SHEETS = [
    "summary",
    "builds",
    "flows",
    "facilities",
    "costs by year",
    "accounts by actor",
    "transfers",
    "emissions",
    "waste balance",
    "simulation",
    "simulated facilities",
    "assumptions",
    "columns",
]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "results.xlsx"
    write_workbook(path, case.subject())
    return openpyxl.load_workbook(path)


def test_every_sheet_is_there_with_a_frozen_header(book):
    assert book.sheetnames == SHEETS
    assert all(sheet.freeze_panes == "A2" for sheet in book)


def test_headings_carry_units(book):
    heads = {s.title: [c.value for c in s[1]] for s in book}

    assert "t per y [t/y]" in heads["flows"]
    assert "amount [USD of 2024]" in heads["costs by year"]
    assert "heat [TJ/y]" in heads["facilities"]
    assert "Capacity [t/y]" in heads["builds"]


def test_numbers_are_numbers_and_unknown_is_empty(book):
    """The dump has no heat rating: its cells stay empty, they are not zero."""
    sheet = book["facilities"]
    heads = [c.value for c in sheet[1]]
    dump = next(r for r in sheet.iter_rows(min_row=2) if r[1].value == "hill.dump")

    assert dump[heads.index("throughput [t/y]")].value == 48_000
    assert dump[heads.index("heat [TJ/y]")].value is None


def test_accounts_sum_to_the_cost_of_the_year(book):
    sheet = book["accounts by actor"]
    heads = [c.value for c in sheet[1]]
    net, year = heads.index("net cost [USD of 2024]"), heads.index("year")
    rows = [r for r in sheet.iter_rows(min_row=2, values_only=True) if r[year] == 2031]
    costs = case.evaluation().costs

    assert len(rows) == 2
    total = costs.loc[costs["year"] == 2031, "amount"].sum()
    assert sum(r[net] for r in rows) == pytest.approx(total)


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    """`=HYPERLINK(...)` as a name or note is written as a string, in every sheet."""
    zone, town = case.scenario().generators
    zone = zone.model_copy(update={"note": case.FORMULA, "workers": 5.0})
    stay = case.scenario().sites[0].model_copy(update={"name": "@SUM(1)"})
    scenario = case.scenario(
        generators=(zone, town), sites=(stay, case.scenario().sites[1])
    )
    path = tmp_path / "results.xlsx"
    write_workbook(path, case.subject(scenario=scenario))
    cells = [c for s in openpyxl.load_workbook(path) for row in s for c in row]

    assert case.FORMULA in [c.value for c in cells]
    assert {c.data_type for c in cells} <= {"s", "n", "b"}
    with zipfile.ZipFile(path) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert sheets
        assert not any(b"<f>" in parts.read(n) for n in sheets)


def test_assumptions_say_how_each_number_is_known(book):
    rows = [
        dict(zip([c.value for c in book["assumptions"][1]], r, strict=True))
        for r in book["assumptions"].iter_rows(min_row=2, values_only=True)
    ]
    capex = next(r for r in rows if (r["row"], r["column"]) == ("wte/s40", "capex"))
    filled = next(r for r in rows if (r["row"], r["column"]) == ("wte", "availability"))

    assert (capex["value"], capex["unit"]) == (30e6, "USD of 2024")
    assert (capex["low"], capex["high"]) == (24e6, 45e6)
    assert capex["source text"] == "A made-up survey."
    assert filled["status"] == "assumption"
    assert filled["from catalogue"] == "yes"
