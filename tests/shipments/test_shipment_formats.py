"""Files of every format: what is read, what is refused, and round trips."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from wasteplan.shipments.formats import WRITERS, read_shipments, write_shipments
from wasteplan.shipments.mistakes import ShipmentError, ShipmentFileError
from wasteplan.shipments.own_format import OWN_COLUMNS, write_template
from wasteplan.shipments.table import COLUMNS, ShipmentTable, shipment_table

FILES = Path(__file__).parent / "files"
LB_T = 0.45359237e-3
SUFFIX = {
    "own_csv": ".csv",
    "own_xlsx": ".xlsx",
    "us_emanifest": ".json",
    "england_receipt": ".jsonl",
    "allbaro": ".csv",
}
LOST_IN_ALLBARO = {
    "document",
    "scheme",
    "code_scheme",
    "quantity",
    "quantity_unit",
    "quantity_basis",
    "density_kg_per_m3",
    "residue_t",
    "container",
    "n_containers",
}


def read(name: str) -> ShipmentTable:
    return read_shipments(FILES / name).checked(name)


def mistakes(name: str) -> dict[tuple[int | None, str], str]:
    """Message by row and field."""
    return {(p.row, p.field): p.message for p in read_shipments(FILES / name).problems}


def plain(table: ShipmentTable, without: set[str] = frozenset()) -> pd.DataFrame:
    """The table with plain values, for comparing."""
    kept = [n for n in COLUMNS if n not in {"source_file", "source_row", *without}]
    made = table[kept].astype("object")
    return made.where(made.notna(), None).reset_index(drop=True)


# Own format -------------------------------------------------------------------------


def test_own_csv_by_hand() -> None:
    """2,000 kg declared, 1.95 t weighed; 12 m3 x 150 kg/m3 = 1.8 t; 09:00+07 = 02:00Z.

    The blank line is no row, and the row after it keeps its number.
    """
    table = read("own_good.csv")
    assert table["declared_t"].tolist() == pytest.approx([2.0, 1.8, 3.5])
    assert table["quantity_t"].tolist() == pytest.approx([1.95, 1.8, 3.5])
    basis = ["weighed", "volume_x_density", "declared"]
    assert table["quantity_basis"].tolist() == basis
    assert table["state"].tolist() == ["treated", "in_transit", "in_transit"]
    assert table["shipped_at"][2] == pd.Timestamp("2025-03-06 02:00")
    assert table["source_row"].tolist() == [2, 3, 5]


def test_own_csv_tells_every_mistake_at_once() -> None:
    """Eleven mistakes in five rows, each with value and fix."""
    found = mistakes("own_malformed.csv")
    assert len(found) == 11
    assert "decimals with a point" in found[2, "quantity"]
    assert found[3, "quantity"] == "-2 is below 0"
    assert "'03/03/2025' is no time; write 2025-03-31" in found[3, "shipped_at"]
    assert "'2025-02-30' is no time" in found[4, "shipped_at"]
    assert "did you mean 'received'" in found[4, "state"]
    assert found[5, "density_kg_per_m3"] == "0 kg/m3 must be above 0"
    assert "say which of t, kg" in found[6, "quantity_unit"]
    assert "check the year" in found[6, "shipped_at"]
    with pytest.raises(ShipmentFileError, match="has 11 problems"):
        read("own_malformed.csv")


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("", "", "is empty"),
        ("id;generator;facility\n", "", "separated by semicolons"),
        ("id,generator,facilty\n", "facilty", "did you mean 'facility'"),
        ("id,generator\n", "facility", "the column is missing"),
        ("id,generator,facility,id\n", "id", "appears twice"),
        ("id,generator,facility\na,b\n", "", "has 2 cells; the header has 3"),
        ('id,generator,facility\n"a"b,c,d\n', "", "cannot be read as comma-separated"),
    ],
)
def test_broken_csv_files(tmp_path: Path, text: str, field: str, said: str) -> None:
    """Files that cannot be read as a table say why."""
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    found = read_shipments(path)
    assert any(p.field == field and said in p.message for p in found.problems)
    assert len(found.table) == 0


def test_rows_of_empty_cells_are_no_shipments(tmp_path: Path) -> None:
    """Commas that a spreadsheet leaves behind; the rows after keep their numbers."""
    path = tmp_path / "x.csv"
    path.write_text("id,generator,facility\n,,\na, b ,c\n , ,\n\nd,e,f\n\n")
    table = read_shipments(path).checked()
    assert table["id"].tolist() == ["a", "d"]
    assert table["generator"].tolist() == ["b", "e"]
    assert table["source_row"].tolist() == [3, 6]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """A file of another encoding is named as such."""
    path = tmp_path / "x.csv"
    path.write_bytes("id,generator,facility\ncaf\xe9,b,c\n".encode("latin-1"))
    assert "not UTF-8" in read_shipments(path).problems[0].message
    path = tmp_path / "x.json"
    path.write_bytes(b'{"wastes": "\xe9"}')
    assert "not UTF-8" in read_shipments(path).problems[0].message


def test_many_equal_mistakes_are_counted(tmp_path: Path) -> None:
    """1,500 wrong cells: 1,000 are listed, 500 are counted."""
    path = tmp_path / "x.csv"
    lines = [f"a{i},b,c,x" for i in range(1500)]
    path.write_text("\n".join(["id,generator,facility,declared_t", *lines]) + "\n")
    found = read_shipments(path).problems
    assert len(found) == 1001
    assert any("500 more rows" in p.message for p in found)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_template_is_a_good_file(tmp_path: Path, suffix: str) -> None:
    """The form that is handed out can be read; its example is complete."""
    path = tmp_path / f"form{suffix}"
    write_template(path)
    table = read_shipments(path).checked()
    assert table["quantity_t"].tolist() == [1.76]
    assert table["declared_t"].tolist() == [pytest.approx(1.8)]
    with pytest.raises(ShipmentError, match="a template is"):
        write_template(tmp_path / "form.pdf")


def test_a_workbook_explains_its_columns(tmp_path: Path) -> None:
    """The second sheet has one line a column; text is never a formula."""
    path = tmp_path / "form.xlsx"
    table = shipment_table(
        {"id": ["=1+1"], "generator": "a", "facility": "b", "state": "draft"}
    )
    write_shipments(table, path, "own_xlsx")
    book = openpyxl.load_workbook(path)
    assert book["shipments"]["A2"].data_type == "s"
    assert book["columns"].max_row == len(OWN_COLUMNS) + 1
    assert read_shipments(path).checked()["id"].tolist() == ["=1+1"]


def test_a_broken_workbook(tmp_path: Path) -> None:
    """A file that is no workbook, and a workbook without the sheet."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"no workbook")
    assert "cannot be read as a workbook" in read_shipments(path).problems[0].message
    book = openpyxl.Workbook()
    book.active.title = "other"
    book.save(path)
    assert "has no sheet 'shipments'" in read_shipments(path).problems[0].message


# e-Manifest -------------------------------------------------------------------------


def test_emanifest_by_hand() -> None:
    """2000 lb = 0.9072 t; 1000 gal x 8 lb/gal = 8000 lb; 3 m3 without density.

    2 short tons with a residue: declared 4000 lb, received unknown; 5 t rejected.
    """
    table = read("emanifest_good.json")
    tons = [2000 * LB_T, 8000 * LB_T, None, 4000 * LB_T, 5.0, 0.04]
    declared = [None if pd.isna(t) else t for t in table["declared_t"]]
    assert declared == [None if t is None else pytest.approx(t) for t in tons]
    received = table["received_t"]
    assert received[0] == pytest.approx(2000 * LB_T)
    assert received[[2, 3, 5]].isna().all()
    assert (received[4], table["rejected_t"][4]) == (0.0, 5.0)
    assert table["quantity_basis"].tolist()[:2] == ["declared", "volume_x_density"]
    states = ["confirmed"] * 4 + ["rejected", "reserved"]
    assert table["state"].tolist() == states
    assert table["transporters"][0] == "VAT000000002;VAT000000003"
    assert table["waste_code"].tolist()[0] == "D001;F003"
    assert table["is_hazardous"].tolist() == [True, True, False, True, True, True]
    assert table["id"].tolist()[1] == "100000001ELC/2"


def test_emanifest_reads_nothing_of_people() -> None:
    """Names, phones and signatures of the file are nowhere in the table."""
    text = read("emanifest_good.json").to_csv()
    assert "Invented" not in text
    assert "000-000-0000" not in text


def test_emanifest_tells_every_mistake_at_once() -> None:
    """By the path of the key, in the manifest that has it."""
    found = mistakes("emanifest_malformed.json")
    assert len(found) == 15
    assert "9 digits and 3 capital letters" in found[1, "manifestTrackingNumber"]
    assert "did you mean 'Signed'" in found[1, "status"]
    assert '"ten" is no number' in found[1, "wastes[0].quantity.quantity"]
    assert (1, "wastes[1].quantity.unitOfMeasurement.code") in found
    assert found[1, "wastes[1].brInfo.density"] == "-1 must be above 0"
    assert found[2, "wastes"] == "is empty; it needs at least one entry"
    assert found[3, ""] == "7 is no document; it must be an object"


@pytest.mark.parametrize("code", "PTKMGLYN")
def test_emanifest_knows_every_unit(tmp_path: Path, code: str) -> None:
    """Each unit of the schema gives a tonnage; volumes with a gravity of 1."""
    manifest = json.loads((FILES / "emanifest_good.json").read_text())[0]
    waste = manifest["wastes"][1]
    waste["quantity"]["unitOfMeasurement"]["code"] = code
    waste["brInfo"] = {"density": 1.0, "densityUnitOfMeasurement": {"code": "2"}}
    path = tmp_path / "x.json"
    path.write_text(json.dumps({**manifest, "wastes": [waste]}))
    t_of_1000 = {
        "P": 0.45359237,
        "T": 907.18474,
        "K": 1.0,
        "M": 1000.0,
        "G": 3.785411784,
        "L": 1.0,
        "Y": 764.554857984,
        "N": 1000.0,
    }
    found = read_shipments(path).checked()["declared_t"]
    assert found.tolist() == [pytest.approx(t_of_1000[code])]


def test_broken_json(tmp_path: Path) -> None:
    """No JSON, NaN in JSON, and JSON of something else."""
    path = tmp_path / "x.json"
    path.write_text('{"wastes": [')
    assert "is no JSON" in read_shipments(path).problems[0].message
    path.write_text('{"wastes": [{"quantity": NaN}]}')
    assert "NaN is no number in JSON" in read_shipments(path).problems[0].message
    path.write_text('{"other": 1}')
    assert "name its format" in read_shipments(path).problems[0].message


# England ----------------------------------------------------------------------------


def test_england_by_hand() -> None:
    """10 t: 6 t to R3, 3,000 kg (estimated) to R1, 1 t without a code; 250,000 g."""
    table = read("england_good.json")
    assert table["received_t"].tolist() == pytest.approx([6, 3, 1, 0.25])
    assert table["route"].tolist()[:2] == ["R3", "R1"]
    assert table["route"].isna().tolist() == [False, False, True, True]
    basis = ["weighed", "estimated", "weighed", "estimated"]
    assert table["quantity_basis"].tolist() == basis
    assert table["n_containers"].sum() == 7
    assert table["received_at"][0] == pd.Timestamp("2025-09-15 12:12:28")
    assert table["generator"].unique().tolist() == ["factory_1"]
    assert table["waste_code"].tolist()[3] == "04 02 16;04 02 17"
    assert "example.org" not in table.to_csv()


def test_england_tells_every_mistake_at_once() -> None:
    """Words in the wrong case, codes that do not exist, weights that do not add up."""
    found = mistakes("england_malformed.json")
    assert len(found) == 12
    assert "did you mean 'Tonnes'" in found[1, "wasteItems[0].weight.metric"]
    assert "six digits" in found[1, "wasteItems[0].ewcCodes"]
    assert "above the item's 3 t" in found[1, "wasteItems[1].disposalOrRecoveryCodes"]
    assert (1, "carrier.vehicleRegistration") in found


# Allbaro ----------------------------------------------------------------------------


def test_allbaro_by_hand() -> None:
    """1,200 kg declared, 1,180 weighed; the carrier's 900 kg where nobody else says."""
    table = read("allbaro_good.csv")
    assert table["declared_t"].tolist() == pytest.approx([1.2, 0.9])
    assert table["quantity_t"].tolist() == pytest.approx([1.18, 0.9])
    assert table["state"].tolist() == ["treated", "in_transit"]
    assert "Invented" not in table.to_csv()


def test_allbaro_tells_every_mistake_at_once() -> None:
    """Four mistakes in two rows."""
    found = mistakes("allbaro_malformed.csv")
    assert set(found) == {
        (2, "handover_date"),
        (2, "handover_kg"),
        (3, "discharger_no"),
        (3, "status"),
    }


# Round trips ------------------------------------------------------------------------


def mixed_table() -> ShipmentTable:
    """Shipments in several states, of several schemes, with much left unknown."""
    tables = ["own_good.csv", "england_good.json", "allbaro_good.csv"]
    return read_shipments([FILES / name for name in tables]).checked()


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    """All columns come back, save those of which the format says they are lost."""
    table = mixed_table()
    if name == "england_receipt":
        table = table[table["received_at"].notna()].reset_index(drop=True)
    lost = LOST_IN_ALLBARO if name == "allbaro" else set()
    path = tmp_path / f"x{SUFFIX[name]}"
    write_shipments(table, path, name)
    back = read_shipments(path).checked()
    # documents gather their rows, which may change the order
    order = table["id"].tolist()
    back = back.set_index("id", drop=False).loc[order].reset_index(drop=True)
    expected, found = plain(table, lost), plain(back, lost)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9)


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """No clock and no chance in the files."""
    for name, suffix in SUFFIX.items():
        paths = [tmp_path / f"{i}{suffix}" for i in "ab"]
        for path in paths:
            write_shipments(mixed_table(), path, name)
        assert paths[0].read_bytes() == paths[1].read_bytes(), name


def test_manifests_get_numbers_of_the_right_form(tmp_path: Path) -> None:
    """Documents with other names get running numbers; quantities are whole."""
    path = tmp_path / "x.json"
    write_shipments(read("own_good.csv"), path, "us_emanifest")
    manifests = json.loads(path.read_text())
    numbers = [m["manifestTrackingNumber"] for m in manifests]
    assert numbers == ["000000001WPL", "000000002WPL", "000000003WPL"]
    first, second = manifests[0]["wastes"][0], manifests[1]["wastes"][0]
    assert first["quantity"]["quantity"] == 2000
    assert first["quantity"]["unitOfMeasurement"] == {"code": "K"}
    assert second["brInfo"]["density"] == 0.15
    assert manifests[0]["wastes"][0]["managementMethod"] == {"code": "H050"}


def test_folders_and_unknown_formats(tmp_path: Path) -> None:
    """A folder is read by name; what is no shipment file is said to be none."""
    for name in ("b.csv", "a.csv"):
        write_template(tmp_path / name)
    table = read_shipments(tmp_path).checked()
    assert table["source_file"].tolist() == ["a.csv", "b.csv"]
    with pytest.raises(ShipmentError, match="there is no file"):
        read_shipments(tmp_path / "none.csv")
    with pytest.raises(ShipmentError, match="did you mean 'allbaro'"):
        read_shipments(tmp_path, file_format="alllbaro")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ShipmentError, match="holds no file"):
        read_shipments(empty)
    odd = tmp_path / "x.pdf"
    odd.write_text("x")
    assert "name its format" in read_shipments(odd).problems[0].message
