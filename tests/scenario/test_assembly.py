"""Scenarios made in memory: completed from the catalogue and checked like folders."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_case import TABLES, edit, write_case

from wasteplan.errors import ScenarioError
from wasteplan.scenario.assembly import make_scenario
from wasteplan.scenario.checks import RULES
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLE
from wasteplan.treatment.records import Size, Technology


@pytest.fixture
def small(tmp_path: Path) -> Scenario:
    return load_scenario(write_case(tmp_path / "small"))


def tables_of(scenario: Scenario) -> dict[str, tuple]:
    return {name: getattr(scenario, name) for name in TABLE}


def test_tables_in_memory_need_no_sources(small: Scenario) -> None:
    """The same rows without their sources are a scenario; on request they are not."""
    tables = tables_of(small)
    tables["legs"] = tuple(
        leg.model_copy(update={"source": "", "status": None}) for leg in small.legs
    )
    assert make_scenario(small.settings, **tables).name == "small"
    with pytest.raises(ScenarioError, match=r"legs\.csv, homes, status: is empty"):
        make_scenario(small.settings, need_sources=True, **tables)


def test_mistakes_in_memory_name_the_key(small: Scenario) -> None:
    tables = tables_of(small)
    tables["composition"] = small.composition[1:]
    expected = (
        r"small has 1 problem\n  composition\.csv, garment/card/, share: "
        r"shares of garment sum to 0\.3, not 1"
    )
    with pytest.raises(ScenarioError, match=expected):
        make_scenario(small.settings, **tables)
    assert make_scenario(small.settings, check=False, **tables).name == "small"


def test_doubled_keys_in_memory(small: Scenario) -> None:
    tables = tables_of(small)
    tables["vehicles"] = (*small.vehicles, small.vehicles[0])
    with pytest.raises(ScenarioError, match="tipper stands 2 times in vehicles"):
        make_scenario(small.settings, **tables)


def test_an_unknown_table_in_memory(small: Scenario) -> None:
    with pytest.raises(TypeError, match=r"'site' \(did you mean 'sites'\?\)"):
        make_scenario(small.settings, site=())


def test_empty_cells_are_filled_from_the_catalogue(small: Scenario) -> None:
    """Stated cells stay, also a stated 0; every filled cell is remembered."""
    tables = tables_of(small)
    wte = Technology(
        id="wte", kind="combustion", catalogue="mass_burn_wte", lead_time_y=0
    )
    size = Size(technology="wte", id="s", capacity_t_per_y=200_000, fixed_om_per_y=7)
    tables["technologies"] = (*small.technologies, wte)
    tables["sizes"] = (*small.sizes, size)
    made = make_scenario(small.settings, **tables)
    assert made.technology["wte"].lead_time_y == 0
    assert made.technology["wte"].lifetime_y is not None
    assert ("technologies", "wte", "lifetime_y") in made.filled_cells
    assert ("technologies", "wte", "lead_time_y") not in made.filled_cells
    assert made.size["wte", "s"].fixed_om_per_y == 7
    assert (made.size["wte", "s"].capex or 0) > 1e6
    assert made.technology["burner"] == small.technology["burner"]


def test_rules_are_named_as_sentences() -> None:
    """A rule's name says what holds, and its docstring says it again in words."""
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names) > 35
    for rule in RULES:
        assert "_" in rule.name
        assert rule.check.__doc__
        assert rule.tables <= {*TABLE, "scenario.toml"}, rule.name


CELLS = [
    (name, row, column)
    for name, text in TABLES.items()
    for row, cells in enumerate(csv.reader(io.StringIO(text)))
    for column in range(len(cells))
    if row
]


def answer(folder: Path) -> str:
    """The name of the scenario or the text of its problems; nothing else may come."""
    try:
        return load_scenario(folder).name
    except ScenarioError as error:
        return str(error) if error.problems else ""


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    cell=st.sampled_from(CELLS),
    value=st.sampled_from(["", "zzz", "0", "-1", "1e30", "town", "burner", "2030"]),
)
def test_no_cell_breaks_the_checks(
    cell: tuple[str, int, int], value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever one cell holds, the answer is a scenario or a list of problems."""
    name, row, column = cell
    folder = write_case(tmp_path_factory.mktemp("any") / "small")
    cells = list(csv.reader(io.StringIO(TABLES[name])))
    cells[row][column] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(cells)
    (folder / f"{name}.csv").write_text(out.getvalue())
    assert answer(folder)


def test_no_missing_table_breaks_the_checks(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").unlink()
        assert answer(folder)
        (folder / f"{name}.csv").write_text(text)


def test_a_second_capital_cost_is_not_guessed(tmp_path: Path) -> None:
    """An empty capex of a technology outside the catalogue stays empty: an error."""
    folder = write_case(tmp_path / "small")
    edit(folder, "sizes.csv", "10,30000000", "10,")
    with pytest.raises(ScenarioError, match="no cost function fills it"):
        load_scenario(folder)
