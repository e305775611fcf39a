"""The starter study is valid, complete and small."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasteplan.errors import WasteplanError
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.template import template_files, write_template


def test_the_starter_study_loads(tmp_path: Path) -> None:
    names = write_template(tmp_path / "mine")
    scenario = load_scenario(tmp_path / "mine")
    assert scenario.name == "starter"
    assert "README.md" in names
    assert sorted(p.name for p in (tmp_path / "mine").iterdir()) == sorted(names)


def test_the_readme_says_what_every_table_is_for() -> None:
    found = dict(template_files())
    readme = found["README.md"].decode()
    assert [n for n in found if n.endswith(".csv") and n not in readme] == []


def test_the_starter_study_is_the_two_city_case() -> None:
    two_city = Path(__file__).parents[2] / "scenarios" / "two-city"
    tables = {n: text for n, text in template_files() if n.endswith(".csv")}
    assert tables == {p.name: p.read_bytes() for p in two_city.glob("*.csv")}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(WasteplanError, match="holds something already"):
        write_template(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
