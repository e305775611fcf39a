"""Commands print the scenario's currency, not the word money."""

import shutil
from pathlib import Path

from typer.testing import CliRunner

from wasteplan.cli import app

TWO_CITY = Path(__file__).parents[1] / "scenarios" / "two-city"


def test_a_changed_price_is_told_in_the_currency(tmp_path: Path) -> None:
    """The burner's fixed cost goes from 900 090 to 900 091 USD/y."""
    changed = tmp_path / "changed"
    shutil.copytree(TWO_CITY, changed)
    table = changed / "sizes.csv"
    table.write_text(table.read_text().replace(",900090,", ",900091,"))

    found = CliRunner().invoke(app, ["diff", str(TWO_CITY), str(changed)])

    assert found.exit_code == 0
    assert "900090 -> 900091 USD/y" in found.output
