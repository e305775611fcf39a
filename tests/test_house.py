"""The rules of the house: who may import whom, how long things are, what is marked."""

import ast
import csv
import doctest
import importlib
import pkgutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import wasteplan
from wasteplan.scenario.checks_sources import lacking, measured_columns, source_findings
from wasteplan.scenario.registry import TABLE
from wasteplan.tables import columns_of, read_table
from wasteplan.units import STATUS_ORDER, WEAK_STATUSES, Record

PACKAGE = Path(wasteplan.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
FLOORS = {
    "units": 0,
    "errors": 0,
    "wording": 0,
    "tables": 0,
    "whole": 0,
    "chances": 0,
    "distributions": 0,
    "processes": 0,
    "spreading": 0,
    "network": 1,
    "treatment": 1,
    "waste": 1,
    "plan": 2,
    "shipments": 2,
    "finance": 3,
    "lca": 3,
    "indicators": 3,
    "scenario": 4,
    "superstructure": 4.2,
    "evaluation": 4.3,
    "optimize": 5,
    "sim": 5,
    "study": 6,
    "report": 7,
    "commands": 8,
    "cli": 8.2,
    "__main__": 8.3,
}
NEIGHBOURS = {("treatment", "waste")}
"""The one pair on a floor of which the first may import the second."""
STRANGERS = {("evaluation", "superstructure")}
"""Evaluation must be able to contradict the options that the optimizer reads."""
GROUND = {room for room, floor in FLOORS.items() if floor == 0}

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc", "base"}
HEAVY = ("pyomo", "pandas", "scipy", "networkx", "highspy", "simpy")
WORKPLACE = ("/work/", "/root/", "../shared", "/tmp/")


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def room_of(path: Path) -> str:
    """The room that a file of the package belongs to; empty for the top."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import in a file, in functions too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: relative import"
            yield node.lineno, node.module or ""


def may_import(room: str, other: str) -> bool:
    """Whether one room may import another."""
    if room == other or (room, other) in NEIGHBOURS:
        return True
    if (room, other) in STRANGERS:
        return False
    if room in GROUND and other in GROUND:
        return True
    return FLOORS[other] < FLOORS[room]


def all_records() -> list[type[Record]]:
    """Every record of the package, after importing all of it."""
    for module in pkgutil.walk_packages([str(PACKAGE)], "wasteplan."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[Record]] = []
    waiting: list[type[Record]] = [Record]
    while waiting:
        record = waiting.pop()
        for below in record.__subclasses__():
            if below.__module__.startswith("wasteplan."):
                found.append(below)
            waiting.append(below)
    return found


# Imports ----------------------------------------------------------------------------


def test_the_rules_for_imports_tell_good_from_bad() -> None:
    """The yardstick itself, on pairs that the house plan decides."""
    assert may_import("optimize", "scenario")
    assert may_import("treatment", "waste")
    assert not may_import("waste", "treatment")
    assert not may_import("scenario", "optimize")
    assert not may_import("sim", "optimize")
    assert not may_import("network", "waste")
    assert not may_import("evaluation", "superstructure")
    assert not may_import("units", "network")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    """Every room imports only rooms on lower floors, and the defining module."""
    room = room_of(path)
    wrong = []
    for line, module in imports_of(path):
        if module == "wasteplan":
            wrong.append(f"line {line}: import wasteplan from inside")
        if not module.startswith("wasteplan.") or not room:
            continue
        other = module.split(".")[1]
        if not may_import(room, other):
            wrong.append(f"line {line}: {room} imports {module}")
    assert not wrong, f"{name_of(path)}: {wrong}"


def test_every_room_has_a_floor() -> None:
    """A new top-level module or package must find its place in the plan."""
    rooms = {room_of(path) for path in MODULES} - {""}
    assert rooms <= set(FLOORS), rooms - set(FLOORS)


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import wasteplan` hands on names lazily."""
    code = f"import sys, wasteplan; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


# Size and names ---------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    """At most 400 lines a file and 60 a function, decorators and docstring included."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LINES_MAX
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            lines = (node.end_lineno or first) - first + 1
            assert lines <= FUNCTION_LINES_MAX, f"{node.name}: {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_names_say_what_things_are(path: Path) -> None:
    """No module or room with a name that fits everything."""
    parts = {p.removesuffix(".py") for p in path.relative_to(PACKAGE).parts}
    assert not parts & FORBIDDEN_NAMES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_left_open_or_unsafe(path: Path) -> None:
    """No loose ends, no path of a workplace, no eval, exec or pickle."""
    text = path.read_text(encoding="utf-8")
    for mark in ("TODO", "FIXME", "NotImplementedError", *WORKPLACE):
        assert mark not in text, mark
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec"}, f"line {node.lineno}"
    assert "pickle" not in {module for _, module in imports_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_is_annotated_and_described(path: Path) -> None:
    """Every argument and result has a type; public functions have a docstring."""
    tree = tree_of(path)
    assert ast.get_docstring(tree), "the module has no docstring"
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        assert node.returns is not None, f"{node.name} at line {node.lineno}"
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        bare = [a.arg for a in arguments if a.annotation is None]
        assert set(bare) <= {"self", "cls"}, f"{node.name}: {bare}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_examples_in_docstrings_hold(path: Path) -> None:
    """Numbers in docstrings are what the code gives."""
    if ">>> " in path.read_text(encoding="utf-8"):
        parts = ("wasteplan", *path.relative_to(PACKAGE).with_suffix("").parts)
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        assert doctest.testmod(module).failed == 0


# Records ----------------------------------------------------------------------------


def test_records_never_change_and_know_their_columns() -> None:
    """Frozen, closed to unknown fields, and without infinities."""
    records = all_records()
    assert len(records) > 40
    for record in records:
        config = record.model_config
        assert config.get("frozen") is True, record
        assert config.get("extra") == "forbid", record
        assert config.get("allow_inf_nan") is False, record


def test_every_numeric_field_has_a_unit() -> None:
    """Also when the number may be empty; a share has the unit `-`."""
    bare = [
        f"{record.__module__}.{record.__name__}.{column.name}"
        for record in all_records()
        for column in columns_of(record).values()
        if column.is_number and not column.unit
    ]
    assert not bare


def test_a_number_without_a_unit_would_be_found() -> None:
    """The check above sees through optional and constrained numbers."""
    waste = columns_of(TABLE["sizes"].record)
    assert waste["capex"].is_number
    assert waste["capex"].unit == "money"
    assert columns_of(TABLE["generators"].record)["lon"].unit == "deg"
    assert not waste["id"].is_number


# Numbers ----------------------------------------------------------------------------


def packaged_tables() -> list[Path]:
    return sorted(PACKAGE.rglob("data/*.csv"))


def scenario_folders() -> list[Path]:
    return sorted(
        p.parent
        for top in (ROOT / "scenarios", PACKAGE)
        for p in top.rglob("scenario.toml")
    )


@pytest.mark.parametrize("path", packaged_tables(), ids=name_of)
def test_packaged_numbers_have_status_and_source(path: Path) -> None:
    """Every row states how it is known and where `sources.toml` beside it says from."""
    listed = tomllib.loads((path.parent / "sources.toml").read_text(encoding="utf-8"))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for number, row in enumerate(rows, start=2):
        assert row["status"] in STATUS_ORDER, f"row {number}"
        is_explained = row["status"] in WEAK_STATUSES and row.get("note")
        assert row["source"] in listed or (not row["source"] and is_explained), (
            f"row {number}: {row['source']}"
        )


@pytest.mark.parametrize("folder", scenario_folders(), ids=lambda p: p.name)
def test_shipped_scenarios_have_status_and_source(folder: Path) -> None:
    """Every row as stated; a variant may name the sources of what it extends."""
    listed: set[str] = set()
    at: Path | None = folder
    while at is not None:
        if (at / "sources.toml").is_file():
            listed |= set(tomllib.loads((at / "sources.toml").read_text("utf-8")))
        settings = tomllib.loads((at / "scenario.toml").read_text("utf-8"))
        extends = settings["scenario"].get("extends")
        at = at.parent / extends.removeprefix("../") if extends else None
    problems: list = []
    rows = {}
    for path in sorted(folder.glob("*.csv")):
        spec = TABLE[path.stem]
        read = read_table(
            path,
            spec.record,
            spec.key,
            file=path.name,
            problems=problems,
            may_remove=True,
        )
        rows[spec.name] = [r.record for r in read if r.record is not None]
    assert not problems
    assert not source_findings(rows, listed)


def test_a_number_without_a_source_would_be_found() -> None:
    """A size with a cost but no status lacks one; a key and a year need none."""
    sizes = TABLE["sizes"].record
    bare = sizes(technology="wte", id="s", capacity_t_per_y=1)
    assert lacking(bare) == "status"
    assert "capacity_t_per_y" in measured_columns("sizes")
    assert not measured_columns("periods")
    assert source_findings({"sizes": [bare]}, set())
