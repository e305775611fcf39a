"""What `check` says a study stands on, counted by hand on the small case."""

from pathlib import Path

import pytest
from small_case import edit, write_case

from wasteplan.scenario.certainty import cell_status
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.standing import cells_by_status, standing


def changed(tmp_path: Path, *edits: tuple[str, str, str]) -> Scenario:
    folder = write_case(tmp_path / "small")
    for each in edits:
        edit(folder, *each)
    return load_scenario(folder)


def test_tonnage_by_source_and_status(tmp_path: Path) -> None:
    """2026: zone 10,000 x 1.02 = 10,200, read; town 42,000, read and derived."""
    found = standing(changed(tmp_path))
    assert [(t.source, t.status) for t in found.tonnage] == [
        ("survey", "derived"),
        ("survey", "read"),
    ]
    assert found.tonnage[0].waste_t_per_y == pytest.approx(42_000)
    assert found.tonnage[1].waste_t_per_y == pytest.approx(10_200)
    assert sum(t.share for t in found.tonnage) == pytest.approx(1)
    assert found.tonnage_on_assumption == 0


def test_tonnage_on_assumption(tmp_path: Path) -> None:
    """The zone's row becomes an assumption: 10,200 of 52,200 t."""
    old = "zone,garment,2025,10000,0.02,generated,,survey,read"
    new = old.replace("read", "assumption")
    found = standing(changed(tmp_path, ("generation.csv", old, new)))
    assert found.tonnage_on_assumption == pytest.approx(10_200 / 52_200)


def test_tonnage_against_workers(tmp_path: Path) -> None:
    """12,000 workers x 0.8 t = 9,600 t; the table says 10,200: 1.0625 times."""
    found = standing(changed(tmp_path)).reconciliation
    assert len(found) == 1
    assert found[0].generator_class == "factory"
    assert found[0].estimate_t_per_y == pytest.approx(9_600)
    assert found[0].ratio == pytest.approx(1.0625)


def test_the_status_of_a_cell(tmp_path: Path) -> None:
    """A line for the row, then for the column, then the row's own."""
    scenario = changed(
        tmp_path,
        ("provenance.csv", "", "sizes,*,capex,handbook,derived,\n"),
        ("provenance.csv", "", "sizes,burner/b40,land_m2,handbook,memory,\n"),
        ("targets.csv", "0.5,,,assumption", "0.5,,survey,read"),
    )
    burner = scenario.size["burner", "b40"]
    assert cell_status(scenario, "sizes", burner, "land_m2") == "memory"
    assert cell_status(scenario, "sizes", burner, "capex") == "derived"
    assert cell_status(scenario, "sizes", burner, "capacity_t_per_y") == "read"
    assert cell_status(scenario, "targets", scenario.targets[0], "min") == "assumption"


def test_cells_are_counted_once(tmp_path: Path) -> None:
    """One more assumed number moves one cell; an empty cell counts nowhere."""
    before = cells_by_status(changed(tmp_path / "a"))
    line = ("provenance.csv", "", "sizes,burner/b40,capex,handbook,memory,\n")
    after = cells_by_status(changed(tmp_path / "b", line))
    assert before["memory"] == 0
    assert after["memory"] == 1
    assert sum(after.values()) == sum(before.values())
    fewer = cells_by_status(changed(tmp_path / "c", ("generators.csv", "12000", "")))
    assert sum(fewer.values()) == sum(before.values()) - 1


def test_roads_and_warnings(tmp_path: Path) -> None:
    """The town moves 0.01 degrees north of its node; one road becomes twice as long."""
    scenario = changed(
        tmp_path,
        ("generators.csv", "105.00,11.50", "105.00,11.51"),
        ("edges.csv", "b,c,12", "b,c,22"),
    )
    found = standing(scenario)
    assert found.network is not None
    assert found.network.component_sizes == (5,)
    far = max(found.network.snaps, key=lambda s: s[2])
    assert far[:2] == ("road_works", "d")
    snapped = {place: km for place, _, km, _ in found.network.snaps}
    assert snapped["transfer"] == pytest.approx(2.224, abs=0.001)
    assert [w for w in found.warnings if "edges.csv" in w and "2.02 times" in w]


def test_it_prints(tmp_path: Path) -> None:
    text = str(standing(changed(tmp_path)))
    assert "small stands on" in text
    assert "42,000 t/y (80%) derived: survey" in text
    assert "1.06 times workers x factor" in text
    assert "5 nodes, 4 edges, 1 connected piece" in text


def test_without_a_road_graph(tmp_path: Path) -> None:
    scenario = changed(tmp_path, ("scenario.toml", '"graph"', '"great_circle"'))
    found = standing(scenario)
    assert found.network is None
    assert "great_circle (no road is known)" in found.summary()
