"""Where a result came from: versions, hashes of inputs, options, outputs, times."""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from wasteplan.errors import Problem, WasteplanError
from wasteplan.scenario.loading import label, lineage

PROVENANCE_FILE = "provenance.json"
LIBRARIES = (
    "highspy",
    "pyomo",
    "simpy",
    "numpy",
    "scipy",
    "pandas",
    "networkx",
    "pydantic",
    "jinja2",
    "xlsxwriter",
)
"""Whose versions can change a result."""

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Options:
    """What was asked of a run; None leaves it to the scenario's settings."""

    gap: float | None = None
    time_limit_s: float | None = None
    threads: int | None = None
    simulate: bool = True
    seed: int | None = None
    replications: int | None = None
    days: int | None = None
    loop: bool = False
    """Plan and simulate in turn until both agree."""


@dataclass(frozen=True)
class Provenance:
    """Enough to run a study again and to tell whether it gave the same."""

    scenario: str
    folder: str
    """The scenario, relative to the folder that holds this record."""
    options: Options
    is_plan_given: bool
    """The plan came from a file; a rerun takes it from the output folder."""
    seed: int
    inputs: Mapping[str, str]
    """Input file -> SHA-256, including the files of a scenario that it extends."""
    outputs: Mapping[str, str]
    versions: Mapping[str, str]
    wall_s: Mapping[str, float] = field(default_factory=dict)
    made: str = ""
    conventions: Mapping[str, str] = field(default_factory=dict)
    """See `scenario.conventions`: results by different ones are not comparable."""
    shipments: str = ""
    """Reported shipments that the report shows, relative to the folder; or none."""
    shipment_inputs: Mapping[str, str] = field(default_factory=dict)
    """File of them -> SHA-256."""
    trade_offs: tuple[str, ...] = ()
    """Folders of fronts, alternatives and switch points that the report shows,
    relative to the folder."""
    trade_off_inputs: Mapping[str, str] = field(default_factory=dict)
    """Their record -> SHA-256; the record holds what is shown beside the plans."""


def input_hashes(scenario: str | Path) -> dict[str, str]:
    """SHA-256 of every file of a scenario folder, and of the folders it extends.

    A workbook is one file.
    """
    path = Path(scenario)
    if path.is_file():
        return {path.name: sha256(path)}
    problems: list[Problem] = []
    folders = lineage(path, problems) or [path]
    return {
        label(name, folder, path): hash
        for folder in folders
        for name, hash in output_hashes(folder).items()
    }


def shipment_hashes(path: str | Path | None) -> dict[str, str]:
    """SHA-256 of a file of shipments, or of every file of a folder of them."""
    if path is None:
        return {}
    path = Path(path)
    return output_hashes(path) if path.is_dir() else {path.name: sha256(path)}


def trade_off_hashes(folders: Sequence[str | Path]) -> dict[str, str]:
    """SHA-256 of the records and plans of fronts, alternatives and switch points."""
    return {
        f"{Path(folder).name}/{name}": digest
        for folder in folders
        for name, digest in output_hashes(Path(folder)).items()
        if name.endswith(".json")
    }


def output_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder except its provenance and hidden files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_file() and not hidden and inside.as_posix() != PROVENANCE_FILE:
            found[inside.as_posix()] = sha256(path)
    return found


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python, the platform and every library that can change a result."""
    own = vars(sys.modules["wasteplan"])["__version__"]
    found = {
        "wasteplan": own,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def write_provenance(record: Provenance, folder: Path) -> None:
    """Write the record as `provenance.json`; the one file that holds times."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    content = {**asdict(record), "made": now}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (folder / PROVENANCE_FILE).write_text(text + "\n", encoding="utf-8")


def read_provenance(folder: str | Path) -> Provenance:
    """Read the record of an output folder.

    Raises
    ------
    WasteplanError
        If there is none, or it is damaged.
    """
    path = Path(folder) / PROVENANCE_FILE
    try:
        text = path.read_text(encoding="utf-8")
        return TypeAdapter(Provenance).validate_json(text, strict=True)
    except FileNotFoundError:
        raise WasteplanError(
            f"{folder} has no {PROVENANCE_FILE}; it is not the output of a run"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise WasteplanError(f"{path} is damaged: {place}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise WasteplanError(f"{path} is damaged: {error}") from error


def relative_to(target: str | Path, folder: str | Path) -> str:
    """The way from a folder to a target, with forward slashes."""
    try:
        return Path(os.path.relpath(Path(target).resolve(), Path(folder))).as_posix()
    except ValueError:  # another drive on Windows
        return Path(target).resolve().as_posix()


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Names whose value is not the same in both, with what happened to them.

    >>> changed({"a": "1", "b": "1"}, {"b": "2", "c": "1"})
    ['a (gone)', 'b (changed)', 'c (new)']
    """
    said = []
    for name in sorted({*before, *now}):
        if name not in now:
            said.append(f"{name} (gone)")
        elif name not in before:
            said.append(f"{name} (new)")
        elif before[name] != now[name]:
            said.append(f"{name} (changed)")
    return said
