"""A folder becomes a workbook and comes back the same, letter by letter."""

from __future__ import annotations

import hashlib
import math
import shutil
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wasteplan.errors import ScenarioError, WasteplanError
from wasteplan.scenario import rawfolder, workbook
from wasteplan.scenario.rawfolder import RawScenario, csv_text, raw_table, read_raw
from wasteplan.scenario.workbook import (
    folder_to_workbook,
    read_workbook,
    workbook_to_folder,
    write_workbook,
)
from wasteplan.scenario.writing import write_raw

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAME = {"scenario": {"name": "a"}}


def contents(folder: Path) -> dict[str, bytes]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def one_table(rows: list[list[str]], name: str = "generation") -> RawScenario:
    return RawScenario(NAME, tables={name: raw_table(rows)})


def by_hand(
    tmp_path: Path,
    settings: Sequence[Sequence[object]] = (),
    files: Sequence[Sequence[object]] = (),
) -> Path:
    """A workbook as a person may make it: a name, more settings, side files."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "scenario"
    for row in (["section", "key", "value"], ["scenario", "name", "a"], *settings):
        sheet.append(row)
    sheet = book.create_sheet("files")
    for row in (["path", "part", "text"], *files):
        sheet.append(row)
    book.save(tmp_path / "hand.xlsx")
    return tmp_path / "hand.xlsx"


def through_a_workbook(raw: RawScenario, tmp_path: Path) -> RawScenario:
    write_workbook(raw, tmp_path / "case.xlsx")
    return read_workbook(tmp_path / "case.xlsx")


def test_a_folder_comes_back_byte_for_byte(tmp_path: Path) -> None:
    """Canonical folder -> workbook -> folder: the same files with the same bytes."""
    first, book, second = tmp_path / "one", tmp_path / "case.xlsx", tmp_path / "two"
    write_raw(read_raw(SCENARIOS / "two-city"), first)

    folder_to_workbook(first, book)
    workbook_to_folder(book, second)

    assert contents(second) == contents(first)
    assert "README.md" in contents(second)


def test_the_canonical_folder_says_what_the_original_says(tmp_path: Path) -> None:
    write_raw(read_raw(SCENARIOS / "two-city"), tmp_path / "one")
    for name in ("scenario.toml", "sources.toml"):
        original = tomllib.loads((SCENARIOS / "two-city" / name).read_text())
        assert tomllib.loads((tmp_path / "one" / name).read_text()) == original


def test_two_workbooks_of_one_folder_are_equal(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        folder_to_workbook(SCENARIOS / "two-city", tmp_path / name)
    a, b = (hashlib.sha256((tmp_path / n).read_bytes()) for n in ("a.xlsx", "b.xlsx"))
    assert a.hexdigest() == b.hexdigest()


def test_numbers_are_numbers_and_names_that_look_like_numbers_are_text(
    tmp_path: Path,
) -> None:
    """`waste_t_per_y` is a number, the note `007` and the id `12` are not."""
    rows = [["generator", "waste_t_per_y", "note"], ["12", "36500", "007"]]
    write_workbook(one_table(rows), tmp_path / "case.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "case.xlsx")["generation"]
    assert [c.value for c in sheet[2]] == ["12", 36500, "007"]
    assert [c.data_type for c in sheet[2]] == ["s", "n", "s"]


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "-2", "@SUM(A1)", '=HYPERLINK("http://a","b")', "http://a"]
    raw = one_table([["note"], *[[t] for t in texts]])
    write_workbook(raw, tmp_path / "case.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "case.xlsx")["generation"]
    assert {c.data_type for c in sheet["A"]} == {"s"}
    assert read_workbook(tmp_path / "case.xlsx").tables == raw.tables


@pytest.mark.parametrize("text", ["20.0", "1e3", "0.30000000000000004", "inf", "1_0"])
def test_a_number_that_would_come_back_differently_stays_text(
    text: str, tmp_path: Path
) -> None:
    raw = one_table([["waste_t_per_y"], [text]])
    assert through_a_workbook(raw, tmp_path).tables == raw.tables


@given(value=st.floats(allow_nan=False, allow_infinity=False))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_float_survives_exactly(value: float, tmp_path: Path) -> None:
    raw = one_table([["waste_t_per_y"], [repr(value)]])
    (row,) = through_a_workbook(raw, tmp_path).tables["generation"].rows
    assert math.copysign(1, float(row[0])) == math.copysign(1, value)
    assert float(row[0]) == value


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])
    | st.sampled_from("\n\t,;\"'=+-@_x0 "),
    max_size=12,
)


@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5))
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_survives(rows: list[list[str]], tmp_path: Path) -> None:
    raw = one_table([["note", "waste_t_per_y", "x", "status"], *rows])
    back = through_a_workbook(raw, tmp_path)
    assert csv_text(back.tables["generation"]) == csv_text(raw.tables["generation"])


SCALARS = (
    st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False)
    | CELLS
    | st.sampled_from(["1", "true", '"a"', "[1]", "2024-01-01", "1 # no"])
)
KEYS = st.text("abz_.- é", min_size=1, max_size=5)


@given(
    sections=st.dictionaries(
        KEYS, st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=3), max_size=4)
    )
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_settings_survive(sections: dict, tmp_path: Path) -> None:
    back = through_a_workbook(RawScenario(sections), tmp_path).settings
    assert back == sections
    assert _kinds(back) == _kinds(sections)


def _kinds(value: object) -> object:
    """Types as well as values: 1, 1.0 and True are equal in Python."""
    if isinstance(value, dict):
        return {k: _kinds(v) for k, v in value.items()}
    return [_kinds(v) for v in value] if isinstance(value, list) else type(value)


def test_a_folder_with_mistakes_converts_too(tmp_path: Path) -> None:
    """An unknown column, a bad number and a row that is too long pass unchanged."""
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "scenario.toml").write_text('[scenario]\nnme = "x"\n[odd]\n')
    (folder / "generation.csv").write_text("waste_t_per_y,wat\nmany,1,2\n-3\n")
    folder_to_workbook(folder, tmp_path / "bad.xlsx")
    workbook_to_folder(tmp_path / "bad.xlsx", tmp_path / "back")
    table = (tmp_path / "back" / "generation.csv").read_text()
    assert table == "waste_t_per_y,wat\nmany,1,2\n-3,\n"
    assert read_raw(tmp_path / "back").settings == {"scenario": {"nme": "x"}, "odd": {}}


def test_an_unknown_sheet_is_named(tmp_path: Path) -> None:
    write_workbook(one_table([["note"]]), tmp_path / "case.xlsx")
    book = openpyxl.load_workbook(tmp_path / "case.xlsx")
    book.create_sheet("generatorz")
    book.save(tmp_path / "case.xlsx")
    with pytest.raises(ScenarioError, match="did you mean 'generators'"):
        read_workbook(tmp_path / "case.xlsx")


def test_a_formula_without_a_value_is_named(tmp_path: Path) -> None:
    write_workbook(one_table([["note"], ["a"]]), tmp_path / "case.xlsx")
    book = openpyxl.load_workbook(tmp_path / "case.xlsx")
    book["generation"]["A2"] = "=1+1"
    book.save(tmp_path / "case.xlsx")
    with pytest.raises(ScenarioError, match=r"generation row 2.*formula"):
        read_workbook(tmp_path / "case.xlsx")


def test_a_control_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"generation\.csv row 2, note: .*control"):
        write_workbook(one_table([["note"], ["a\x01"]]), tmp_path / "case.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x"])
def test_a_side_file_cannot_leave_the_folder(path: str, tmp_path: Path) -> None:
    write_workbook(RawScenario(NAME, files={path: "a"}), tmp_path / "case.xlsx")
    with pytest.raises(ScenarioError, match="not inside"):
        read_workbook(tmp_path / "case.xlsx")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("scenario.toml", "sheet of its own"),
        ("Sources.toml", "sheet of its own"),
        ("generators.csv", "sheet of its own"),
        ("generators.csv/x", "sheet of its own"),
        (".git/hooks/post-checkout", "hidden"),
        ("./scenario.toml", "plainly"),
        ("a\\..\\x", "not inside"),
    ],
)
def test_a_side_file_cannot_replace_what_is_not_its_own(
    path: str, words: str, tmp_path: Path
) -> None:
    rows = [[path, 1, "evil"]]
    with pytest.raises(ScenarioError, match=rf"files row 2, path: .*{words}"):
        read_workbook(by_hand(tmp_path, files=rows))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["a", 1, "x"], ["a", 1, "y"]], "files row 3, part: part 1 of a is there tw"),
        ([["a", 1, "x"], ["a", 3, "y"]], "part 2 of a is missing"),
        ([["a", None, "x"]], "files row 2, part: '' is no part"),
        ([["a", 0, "x"]], "files row 2, part: '0' is no part"),
        ([["a", 1, "x"], ["a/b", 1, "y"]], "a is a file and cannot hold a/b"),
    ],
)
def test_parts_of_a_side_file_are_complete(
    rows: list[list[object]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError, match=words):
        read_workbook(by_hand(tmp_path, files=rows))


def test_parts_of_a_side_file_may_be_sorted_otherwise(tmp_path: Path) -> None:
    book = by_hand(tmp_path, files=[["a", 2, "B"], ["a", 1, "A"]])
    assert read_workbook(book).files == {"a": "AB"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["scenario.name", "x", 1]], "row 3, x: scenario.name is a value"),
        ([["scenario", "name[]", "b"]], "row 3, name..: name is one value"),
        ([["scenario", "name", "b"]], "row 3, name: name stands in a row above"),
        ([["a.b", "x", 1], ["a", "b", 1]], "row 4, b: b is a section"),
        ([["a.b", "x", 1], ["a", "b[]", 1]], r"row 4, b..: b is a section"),
        ([["a]\nx = 1", "y", 1]], "row 3, section: bad"),
    ],
)
def test_settings_that_contradict_one_another_are_named(
    rows: list[list[object]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError, match=words):
        read_workbook(by_hand(tmp_path, rows))


def test_a_workbook_that_unpacks_to_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = by_hand(tmp_path)
    monkeypatch.setattr(workbook, "WORKBOOK_BYTES_MAX", 1_000)
    with pytest.raises(WasteplanError, match="larger than 0 MB when unpacked"):
        read_workbook(book)


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("SHEET_ROWS_MAX", 2, "sites row 3: has more than 2 rows"),
        ("COLUMNS_MAX", 2, "sites row 2: has more than 2 columns"),
        ("CELLS_MAX", 5, "sites row 3: has more than 5 cells"),
    ],
)
def test_a_sheet_has_a_largest_size(
    limit: str,
    value: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two rows in the sheet of settings; a cross of 2, 3 and 1 cells in another."""
    path = by_hand(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("sites")
    for row in (["id", "name"], ["a", "A", "x"], ["b"]):
        sheet.append(row)
    del book["files"]
    book.save(path)
    monkeypatch.setattr(workbook, limit, value)
    with pytest.raises(ScenarioError, match=words):
        read_workbook(path)


def test_a_wide_header_does_not_multiply_with_many_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header of 4 columns over 3 rows of one cell is 16 cells in memory."""
    (tmp_path / "scenario.toml").write_text("")
    (tmp_path / "sites.csv").write_text("a,b,c,d\n1\n2\n3\n")
    monkeypatch.setattr(rawfolder, "CELLS_MAX", 15)
    with pytest.raises(ScenarioError, match="more than 15 cells"):
        read_raw(tmp_path)
    monkeypatch.setattr(rawfolder, "COLUMNS_MAX", 3)
    with pytest.raises(ScenarioError, match="row 1 has more than 3 columns"):
        read_raw(tmp_path)
    monkeypatch.setattr(rawfolder, "FILE_BYTES_MAX", 3)
    with pytest.raises(ScenarioError, match=r"sites\.csv: is larger than 0 MB"):
        read_raw(tmp_path)


def test_a_broken_sheet_is_named(tmp_path: Path) -> None:
    """The sheet's XML ends in the middle."""
    whole, cut = by_hand(tmp_path), tmp_path / "cut.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(cut, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            is_sheet = name.endswith("sheet1.xml")
            new.writestr(name, content[: len(content) // 2] if is_sheet else content)
    with pytest.raises(WasteplanError, match=r"cut\.xlsx cannot be read"):
        read_workbook(cut)


def test_a_long_side_file_is_carried_in_parts(tmp_path: Path) -> None:
    raw = RawScenario(NAME, files={"plans/a.json": "0123456789" * 9_000, "b.md": ""})
    assert through_a_workbook(raw, tmp_path).files == raw.files


def test_a_file_that_is_no_workbook_is_named(tmp_path: Path) -> None:
    (tmp_path / "case.xlsx").write_text("hello")
    with pytest.raises(WasteplanError, match=r"case\.xlsx cannot be read"):
        read_workbook(tmp_path / "case.xlsx")


def test_a_folder_is_replaced_only_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(SCENARIOS / "two-city", folder)
    raw = read_raw(folder)
    with pytest.raises(WasteplanError, match="holds something already"):
        write_raw(raw, folder)
    write_raw(raw, folder, overwrite=True)
    assert read_raw(folder) == raw
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


def test_a_workbook_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(book: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("xlsxwriter.Workbook.close", fail)
    with pytest.raises(RuntimeError):
        write_workbook(one_table([["note"]]), tmp_path / "case.xlsx")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WasteplanError, match="is a folder"):
        write_workbook(one_table([["note"]]), tmp_path)
