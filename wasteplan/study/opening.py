"""A scenario to work on, whether it comes as a folder or as one workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wasteplan.errors import ScenarioError, WasteplanError
from wasteplan.scenario.settings_file import SETTINGS_FILE
from wasteplan.scenario.workbook import workbook_to_folder

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")


def is_workbook(path: Path) -> bool:
    """Whether a scenario comes as one file; a folder may be called anything."""
    return path.suffix.lower() in WORKBOOK_ENDINGS and not path.is_dir()


def output_name(scenario: str | Path) -> str:
    """What the output of a scenario is called: as its folder, or as its workbook.

    >>> output_name("studies/a.v1"), output_name("studies/a.xlsx")
    ('a.v1', 'a')
    """
    path = Path(scenario).resolve()
    return path.stem if is_workbook(path) else path.name


@contextmanager
def opened(scenario: str | Path) -> Iterator[Path]:
    """The folder of a scenario; a workbook is unpacked for as long as it is needed."""
    path = Path(scenario)
    if path.is_file() and not is_workbook(path):
        is_inside = (path.parent / SETTINGS_FILE).is_file()
        right = str(path.parent) if is_inside else "a scenario folder or a workbook"
        raise WasteplanError(f"{path} is one file of a scenario; name {right}")
    if is_workbook(path) and not path.exists():
        raise WasteplanError(f"{path} does not exist")
    if not is_workbook(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="wasteplan-") as parent:
        folder = Path(parent) / path.stem
        workbook_to_folder(path, folder)
        try:
            yield folder
        except ScenarioError as error:
            if error.where != str(folder):
                raise
            raise ScenarioError(str(path), error.problems) from None
