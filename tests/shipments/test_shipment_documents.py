"""Documents in JSON: read piece by piece, written with as few remarks as it takes."""

import json
from pathlib import Path

import pandas as pd
import pytest

from wasteplan.shipments import documents, json_stream
from wasteplan.shipments.formats import read_shipments, write_shipments
from wasteplan.shipments.json_stream import NoJson, values_in
from wasteplan.shipments.table import ShipmentTable, shipment_table

FILES = Path(__file__).parent / "files"


def of_text(tmp_path: Path, text: str, name: str = "x.json") -> list[object]:
    """The values of a file with this text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [value for _, value in values_in(path)]


@pytest.mark.parametrize("octets", [1, 2, 3, 7, 1000])
def test_values_do_not_depend_on_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, octets: int
) -> None:
    """Cut anywhere (within a number, a letter of two bytes, an escape): the same."""
    monkeypatch.setattr(json_stream, "PIECE_BYTES", octets)
    value = {"a": [1.25, "caf\u00e9", None], "b": {"c": '\u00e9\\"'}}
    text = json.dumps([value, 12345, value], ensure_ascii=False, indent=1)
    assert of_text(tmp_path, "\ufeff" + text) == [value, 12345, value]
    assert of_text(tmp_path, "123456") == [123456]
    assert of_text(tmp_path, " [ ] ") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1\n 2]", "Expecting ',' delimiter, line 2"),
        ("[1,\n\n]", "Expecting value, line 3"),
        ("[1,\n2", "Expecting ',' delimiter, line 2"),
        ("{}\n{}", "Extra data, line 2"),
        ("", "Expecting value, line 1"),
        ("[1,\nInfinity]", "Infinity is no number in JSON; leave the value out"),
        ("[" * 100_000, "recursion"),
    ],
)
@pytest.mark.parametrize("octets", [2, 1000])
def test_a_broken_text_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, octets: int, text: str, said: str
) -> None:
    """The line is that of the file, wherever the window stands."""
    monkeypatch.setattr(json_stream, "PIECE_BYTES", octets)
    with pytest.raises(NoJson, match="is no JSON") as told:
        of_text(tmp_path, text)
    assert said in str(told.value)


def test_a_broken_line_does_not_stop_the_others(tmp_path: Path) -> None:
    """Lines are documents of their own."""
    found = of_text(tmp_path, '{"a": 1}\n\n{"a": \n{"a": 2}\n', "x.jsonl")
    assert [found[0], found[2]] == [{"a": 1}, {"a": 2}]
    assert "line 3" in str(found[1])


def many(n: int) -> ShipmentTable:
    """Documents of two rows each, the second half a year after the first."""
    at = pd.Timestamp("2025-01-01")
    name = [f"{i:09d}TST" for i in range(n)]
    half = {
        "document": name,
        "scheme": "us_emanifest",
        "generator": [f"factory_{i % 7}" for i in range(n)],
        "facility": "plant",
        "waste_code": "D001",
        "code_scheme": "US_RCRA",
        "is_hazardous": True,
        "quantity": 500.0,
        "quantity_unit": "kg",
        "declared_t": 0.5,
        "received_t": 0.5,
        "quantity_basis": "declared",
        "shipped_at": [at + pd.Timedelta(hours=i) for i in range(n)],
        "received_at": [at + pd.Timedelta(hours=i + 3) for i in range(n)],
        "confirmed_at": [at + pd.Timedelta(hours=i + 9) for i in range(n)],
        "state": "confirmed",
    }
    lines = [{**half, "id": [f"{m}/{line}" for m in name]} for line in (1, 2)]
    frames = [shipment_table(columns) for columns in lines]
    return documents.concatenated(frames)


@pytest.mark.parametrize("rows", [2, 3, 1000])
def test_batches_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """Rows of a document stay together, and documents in the order of their first."""
    table = many(11)
    monkeypatch.setattr(documents, "BATCH_ROWS", rows)
    path = tmp_path / "x.json"
    write_shipments(table, path, "us_emanifest")
    made = json.loads(path.read_text())
    numbers = [m["manifestTrackingNumber"] for m in made]
    assert numbers == table["document"][:11].tolist()
    assert [len(m["wastes"]) for m in made] == [2] * 11
    back = read_shipments(path).checked()
    assert sorted(back["id"]) == sorted(table["id"])
    assert back["declared_t"].tolist() == [0.5] * 22


def test_what_a_manifest_says_itself_needs_no_remark(tmp_path: Path) -> None:
    """A table of manifests is written without one, and comes back whole."""
    path = tmp_path / "x.json"
    write_shipments(many(3), path, "us_emanifest")
    assert "wasteplan:" not in path.read_text()
    changed = many(3).assign(vehicle="2A-1", declared_t=0.4)
    write_shipments(changed, path, "us_emanifest")
    comments = json.loads(path.read_text())[0]["wastes"][0]["additionalInfo"]
    labels = {c["label"]: c["description"] for c in comments["comments"]}
    assert labels == {"wasteplan:vehicle": "2A-1", "wasteplan:declared_t": "0.4"}
    assert read_shipments(path).checked()["declared_t"].tolist() == [0.4] * 6


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("state", "lost"),
        ("quantity_unit", "stone"),
        ("declared_t", "-1"),
        ("treated_at", "0001-01-01"),
        ("is_hazardous", "perhaps"),
    ],
)
def test_remarks_are_checked_as_cells_are(
    tmp_path: Path, column: str, text: str
) -> None:
    """A remark is as foreign as the file that it stands in."""
    manifest = json.loads((FILES / "emanifest_good.json").read_text())[0]
    comment = {"label": f"wasteplan:{column}", "description": text}
    manifest["wastes"][0]["additionalInfo"] = {"comments": [comment]}
    path = tmp_path / "x.json"
    path.write_text(json.dumps(manifest))
    (problem,) = read_shipments(path).problems
    assert problem.field == "wastes[0].additionalInfo.comments[0].description"
    assert f"'{text}' is no" in problem.message


def test_times_outside_the_century_are_mistakes(tmp_path: Path) -> None:
    """The year 1 is no time of a shipment (and no time that a table can hold)."""
    manifest = json.loads((FILES / "emanifest_good.json").read_text())[0]
    manifest["receivedDate"] = "0001-01-01T00:00:00Z"
    path = tmp_path / "x.json"
    path.write_text(json.dumps(manifest))
    assert "check the year" in read_shipments(path).problems[0].message


def test_reading_stops_after_too_many_mistakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of another kind does not fill the memory with messages."""
    monkeypatch.setattr("wasteplan.shipments.json_reading.PROBLEMS_MAX", 10)
    path = tmp_path / "x.json"
    path.write_text(json.dumps([7] * 1000))
    found = read_shipments(path, file_format="us_emanifest").problems
    assert len(found) == 12
    assert "too many mistakes" in found[-1].message
