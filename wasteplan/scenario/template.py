"""A small study to start from, copied out of the package."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from wasteplan.scenario.writing import written_whole

TEMPLATE = "template"


def write_template(folder: str | Path) -> tuple[str, ...]:
    """Copy the starter study to a new folder; returns the names of its files.

    Raises
    ------
    WasteplanError
        If the folder holds something already.
    """
    names = []
    with written_whole(folder) as temporary:
        for name, content in template_files():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            names.append(name)
    return tuple(names)


def template_files() -> Iterator[tuple[str, bytes]]:
    """Path and content of every file of the starter study, in name order."""
    yield from _files(files("wasteplan.scenario").joinpath(TEMPLATE), "")


def _files(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _files(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry.read_bytes()
