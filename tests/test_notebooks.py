"""Notebooks run from top to bottom and are stored without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_is_stored_without_outputs(path):
    cells = nbformat.read(path, as_version=4).cells

    assert all(not c.outputs for c in cells if c.cell_type == "code")
    assert all(c.execution_count is None for c in cells if c.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_runs_and_answers(path):
    notebook = nbformat.read(path, as_version=4)

    NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}
    ).execute()

    last = notebook.cells[-1]
    printed = "".join(o.get("text", "") for o in last.outputs)
    assert any(line.startswith("Answer:") for line in printed.splitlines())


def test_there_is_a_notebook():
    assert NOTEBOOKS
