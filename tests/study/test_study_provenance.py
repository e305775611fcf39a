"""Where a result came from, and whether its inputs are still the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from wasteplan.errors import WasteplanError
from wasteplan.study.doctor import examine
from wasteplan.study.provenance import (
    Options,
    Provenance,
    changed,
    input_hashes,
    output_hashes,
    read_provenance,
    relative_to,
    versions,
    write_provenance,
)

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def small() -> Provenance:
    return Provenance(
        scenario="small",
        folder="../scenarios/small",
        options=Options(gap=0.01, seed=7),
        is_plan_given=False,
        seed=7,
        inputs={"scenario.toml": "00"},
        outputs={"plan.json": "11"},
        versions={"python": "3"},
        wall_s={"solve": 1.0},
    )


def test_a_record_comes_back_with_its_options(tmp_path: Path) -> None:
    write_provenance(small(), tmp_path)
    back = read_provenance(tmp_path)
    assert back.options == small().options
    assert back.inputs == small().inputs
    assert back.made > "2000"


def test_a_hash_is_that_of_the_standard(tmp_path: Path) -> None:
    """SHA-256 of `abc`, FIPS 180-4, appendix B.1."""
    (tmp_path / "a.txt").write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert output_hashes(tmp_path) == {"a.txt": digest}


def test_a_changed_input_is_noticed_also_in_the_base_of_a_variant(
    tmp_path: Path,
) -> None:
    shutil.copytree(SCENARIOS / "two-city", tmp_path / "base")
    (tmp_path / "variant").mkdir()
    (tmp_path / "variant" / "scenario.toml").write_text(
        '[scenario]\nname = "variant"\nextends = "../base"\n'
    )
    before = input_hashes(tmp_path / "variant")
    assert {"scenario.toml", "../base/scenario.toml"} <= set(before)
    (tmp_path / "base" / "sizes.csv").write_text("id\n")
    now = input_hashes(tmp_path / "variant")
    assert changed(before, now) == ["../base/sizes.csv (changed)"]


def test_the_way_to_the_scenario_is_relative(tmp_path: Path) -> None:
    assert relative_to(tmp_path / "a" / "b", tmp_path / "out" / "b") == "../../a/b"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"options": {"gapp": 1}}'])
def test_a_damaged_record_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_text(text)
    with pytest.raises(WasteplanError, match="is damaged"):
        read_provenance(tmp_path)


def test_a_record_with_a_wrong_type_inside_is_named(tmp_path: Path) -> None:
    """Every field in turn holds a list of null."""
    record = Provenance("a", "../a", Options(), False, 1, {"f": "0"}, {}, {})
    write_provenance(record, tmp_path)
    path = tmp_path / "provenance.json"
    whole = json.loads(path.read_text())
    for name in whole:
        path.write_text(json.dumps({**whole, name: [None]}))
        with pytest.raises(WasteplanError, match=f"is damaged: {name}"):
            read_provenance(tmp_path)


def test_a_folder_without_a_record_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(WasteplanError, match="not the output of a run"):
        read_provenance(tmp_path)


def test_every_library_has_a_version() -> None:
    known = versions()
    assert json.dumps(known)
    assert known["highspy"][0].isdigit()


def test_the_doctor_finds_this_installation_well(tmp_path: Path) -> None:
    found = {f.subject: f for f in examine(tmp_path / "not" / "yet")}
    assert [s for s, f in found.items() if f.is_needed and not f.is_well] == []
    assert "solves a small integer problem" in found["solver"].text
    assert str(tmp_path) in found["folder"].text


def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = {f.subject: f for f in examine(tmp_path / "file" / "below")}
    assert not found["folder"].is_well
