"""The list of packaged numbers and how they are known."""

import csv
import io
from importlib.resources import files

from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.study.known_numbers import (
    counts_by_file,
    packaged_numbers,
    weak_numbers,
)
from wasteplan.units import WEAK_STATUSES


def test_no_row_of_the_factor_table_is_forgotten() -> None:
    text = (files("wasteplan.lca") / "data/emission_factors.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    found = packaged_numbers().query("file == 'lca/emission_factors.csv'")
    assert len(found) == len(rows)
    weak = [r for r in rows if r["status"] in WEAK_STATUSES]
    listed = weak_numbers().query("file == 'lca/emission_factors.csv'")
    assert len(listed) == len(weak) > 0
    counts = counts_by_file().set_index("file")
    share = counts.loc["lca/emission_factors.csv", "share_weak"]
    assert share == len(weak) / len(rows)


def test_the_command_lists_them_and_names_a_wrong_file() -> None:
    run = CliRunner().invoke(
        app, ["factors", "--weak", "--file", "sim/assumptions.csv"]
    )
    assert run.exit_code == 0
    assert "assumption" in run.stdout
    wrong = CliRunner().invoke(app, ["factors", "--file", "lca/emission_factor.csv"])
    assert wrong.exit_code == 2
    assert "did you mean 'lca/emission_factors.csv'" in wrong.stderr
