"""A scenario to work on, whether it comes as a folder or as one workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wasteplan.errors import ScenarioError
from wasteplan.scenario.workbook import workbook_to_folder

WORKBOOK_ENDINGS = (".xlsx", ".xlsm")


@contextmanager
def opened(scenario: str | Path) -> Iterator[Path]:
    """The folder of a scenario; a workbook is unpacked for as long as it is needed."""
    path = Path(scenario)
    if path.suffix.lower() not in WORKBOOK_ENDINGS:
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
