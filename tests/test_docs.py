"""The documentation says what the program does."""

import re
from pathlib import Path

from typer.testing import CliRunner

from wasteplan.cli import app

ROOT = Path(__file__).parents[1]


def test_the_table_reference_is_what_the_program_prints():
    printed = CliRunner().invoke(app, ["schema"]).stdout
    text = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")

    block = re.search(r"```\n(.*)```", text, re.DOTALL)

    assert block is not None
    assert block[1] == printed, "write `wasteplan schema` into docs/scenario.md again"


def test_every_page_that_the_readme_names_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    pages = re.findall(r"`(docs/[\w-]+\.md|[A-Z_]+\.md)`", text)
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)

    assert pages
    assert [p for p in [*pages, *pictures] if not (ROOT / p).exists()] == []


def test_every_command_of_the_readme_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"^wasteplan (\w+)|&& wasteplan (\w+)", text, re.M))
    known = {c.name or c.callback.__name__ for c in app.registered_commands}
    known |= {g.typer_instance.info.name for g in app.registered_groups}

    named = {a or b for a, b in commands}
    assert named
    assert named <= known
