"""What is written is whole, canonical and reads back the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wasteplan.errors import WasteplanError
from wasteplan.scenario.difference import difference
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.rawfolder import read_raw
from wasteplan.scenario.writing import (
    raw_of,
    write_raw,
    write_scenario,
    written_whole,
)

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize("name", ["two-city", "phnom-penh", "phnom-penh-high-growth"])
def test_a_scenario_written_and_read_back_does_not_differ(
    name: str, tmp_path: Path
) -> None:
    before = load_scenario(SCENARIOS / name)
    write_scenario(before, tmp_path / "again")
    after = load_scenario(tmp_path / "again")
    found = difference(before, after)
    assert [d for d in found if d.column != "extends"] == []
    assert after.sources == before.sources
    assert after.filled_cells == before.filled_cells


def test_columns_that_say_nothing_are_left_out() -> None:
    raw = raw_of(load_scenario(SCENARIOS / "two-city"))
    assert "growth_per_y" not in raw.tables["generation"].columns
    assert "centres" not in raw.tables
    assert "roads" in raw.settings
    assert "assessment" not in raw.settings


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def stop_half_way() -> None:
        with written_whole(tmp_path / "out") as temporary:
            (temporary / "half").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stop_half_way()
    assert list(tmp_path.iterdir()) == []


def test_a_failed_replacement_leaves_the_old_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mark").write_text("old")

    def stop_half_way() -> None:
        with written_whole(out, replaces="mark") as temporary:
            (temporary / "mark").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stop_half_way()
    assert (out / "mark").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_marked_folder_is_replaced_completely(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mark").write_text("old")
    (out / "left over").write_text("old")
    with written_whole(out, replaces="mark") as temporary:
        (temporary / "mark").write_text("new")
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [("mark", "new")]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("replaces", ["", "mark"])
def test_a_folder_of_somebody_else_is_left_alone(replaces: str, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with (
        pytest.raises(WasteplanError, match="holds something already"),
        written_whole(tmp_path, replaces),
    ):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_new_folder_can_be_read_by_others(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with written_whole(tmp_path / "out"):
        pass
    plain, out = ((tmp_path / n).stat().st_mode for n in ("plain", "out"))
    assert out == plain


def test_overwriting_keeps_what_is_never_carried(tmp_path: Path) -> None:
    """A repository, a picture and a link stay; a note that is carried no more goes."""
    folder = tmp_path / "case"
    write_raw(read_raw(SCENARIOS / "two-city"), folder)
    raw = read_raw(folder)
    (folder / ".git" / "refs").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref")
    (folder / "maps").mkdir()
    (folder / "maps" / "roads.osm.pbf").write_bytes(bytes(range(256)))
    (folder / "notes.txt").write_text("carried, and removed in the workbook")
    (folder / "elsewhere").symlink_to(tmp_path)
    write_raw(raw, folder, overwrite=True)
    assert (folder / ".git" / "HEAD").read_text() == "ref"
    assert (folder / "maps" / "roads.osm.pbf").read_bytes() == bytes(range(256))
    assert (folder / "elsewhere").is_symlink()
    assert not (folder / "notes.txt").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_ctrl_c_while_folders_change_places_leaves_the_old_one(
    fails_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old folder aside, hidden file over, new folder in: stopped at each of them."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "mark").write_text("old")
    (out / ".hidden").write_text("mine")
    calls = 0
    replace = os.replace

    def stopped(old: Path, new: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise KeyboardInterrupt
        replace(old, new)

    monkeypatch.setattr(os, "replace", stopped)

    def attempt() -> None:
        with written_whole(out, "mark") as temporary:
            (temporary / "mark").write_text("new")

    with pytest.raises(KeyboardInterrupt):
        attempt()
    assert (out / "mark").read_text() == "old"
    assert (out / ".hidden").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_place_that_cannot_be_written_is_named_as_it_was_given(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")

    def attempt() -> None:
        with written_whole(tmp_path / "file" / "out"):
            pass

    with pytest.raises(WasteplanError, match="file cannot be written"):
        attempt()
