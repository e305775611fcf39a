"""Reading folders: what is missing, what is strange, and variants of a sibling."""

import os
from pathlib import Path

import pytest
from small_case import TABLES, edit, write_case

from wasteplan.errors import ScenarioError
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.registry import TABLE
from wasteplan.tables import columns_of

VARIANT = """\
[scenario]
name = "small_dear"
title = "The same with dear money"
extends = "../small"

[economics]
discount_rate = 0.12
"""


def message(folder: Path) -> str:
    with pytest.raises(ScenarioError) as raised:
        load_scenario(folder)
    return str(raised.value)


def write_variant(tmp_path: Path, name: str = "dear", settings: str = VARIANT) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "scenario.toml").write_text(settings, encoding="utf-8")
    return folder


def test_records_are_read_with_their_types(tmp_path: Path) -> None:
    """Numbers, flags, empty cells and lists of the small case, read off the table."""
    scenario = load_scenario(write_case(tmp_path / "small"))

    assert [g.id for g in scenario.generators] == ["zone", "town"]
    assert scenario.generators[0].workers == 12_000.0
    assert scenario.generators[1].workers is None
    assert scenario.stream["garment"].is_hazardous is False
    assert scenario.facilities[0].closes_after == 2040
    assert scenario.leakage[0].advantage_min is None
    assert scenario.settings.economics.discount_rate == 0.06
    assert {s.id for s in scenario.sources} == {"survey", "handbook"}
    assert scenario.folder == tmp_path / "small"


def test_no_folder(tmp_path: Path) -> None:
    assert "the folder does not exist" in message(tmp_path / "nowhere")


def test_no_settings(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    (folder / "scenario.toml").unlink()
    assert "scenario.toml: missing" in message(folder)


def test_a_required_table_is_missing(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    (folder / "vehicles.csv").unlink()
    (folder / "legs.csv").unlink()
    text = message(folder)
    assert "vehicles.csv: missing (truck types)" in text
    assert "legs.csv: missing" in text


def test_an_unknown_table(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    (folder / "generator.csv").write_text("id\nx\n")
    (folder / "notes.md").write_text("free text is nobody's business")
    assert "generator.csv: unknown table (did you mean 'generators.csv'?)" in message(
        folder
    )
    assert "notes.md" not in message(folder)


def test_every_column_is_read() -> None:
    """A column that nothing reads yet would be refused (see tests/test_tables.py)."""
    waiting = [
        (spec.name, column.name)
        for spec in TABLE.values()
        for column in columns_of(spec.record).values()
        if column.waits_for
    ]
    assert waiting == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"\xef\xbb\xbf" + TABLES["legs"].encode(),
            "byte-order mark; save it as UTF-8",
        ),
        (TABLES["legs"].encode("utf-16"), "is UTF-16; save it as UTF-8"),
        (TABLES["legs"].replace("rest", "r\u00e9st").encode("latin-1"), "0xe9 is not"),
        (TABLES["legs"].replace("rest", "re\x00st").encode(), "NUL byte"),
        (b"", "is empty; it needs a header row"),
    ],
    ids=["utf-8-sig", "utf-16", "latin-1", "nul", "empty"],
)
def test_a_table_in_another_encoding(
    content: bytes, words: str, tmp_path: Path
) -> None:
    folder = write_case(tmp_path / "small")
    (folder / "legs.csv").write_bytes(content)
    assert words in message(folder)


def test_accents_and_line_endings_of_other_systems(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    edit(folder, "generators.csv", "The zone", "Zone économique ភ្នំពេញ")
    path = folder / "generators.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    scenario = load_scenario(folder)
    assert scenario.generator["zone"].name == "Zone économique ភ្នំពេញ"


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    """A spreadsheet would run it; here it is a name like any other."""
    folder = write_case(tmp_path / "small")
    formula = '"=HYPERLINK(""http://example.org"",""x"")"'
    edit(folder, "generators.csv", "The zone", formula)
    edit(folder, "sites.csv", "North field", "@SUM(1+1)")
    edit(folder, "centres.csv", "Transfer station", "+1-2")
    scenario = load_scenario(folder)
    expected = '=HYPERLINK("http://example.org","x")'
    assert scenario.generator["zone"].name == expected
    assert scenario.site["north"].name == "@SUM(1+1)"
    assert scenario.centre["transfer"].name == "+1-2"


def test_a_table_outside_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    elsewhere = tmp_path / "legs.csv"
    (folder / "legs.csv").rename(elsewhere)
    os.symlink(elsewhere, folder / "legs.csv")
    assert "legs.csv: must be a file in the scenario folder" in message(folder)


def test_a_huge_cell_is_refused(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    edit(folder, "generators.csv", "The zone", "x" * 20_000)
    assert "generators.csv row 2, name: has 20,000 characters" in message(folder)


def test_a_damaged_row_does_not_echo(tmp_path: Path) -> None:
    """The town's row cannot be read; nobody is told that there is no town."""
    folder = write_case(tmp_path / "small")
    edit(folder, "generators.csv", "east,105.00", "east,east")
    text = message(folder)
    assert "1 problem\n" in text
    assert "generators.csv row 3, lon: 'east' is not a number" in text


# Variants ---------------------------------------------------------------------------


def test_a_variant_changes_settings_and_keeps_the_rest(tmp_path: Path) -> None:
    """A new discount rate; roads, tables and sources are those of the base."""
    write_case(tmp_path / "small")
    variant = load_scenario(write_variant(tmp_path))
    assert variant.name == "small_dear"
    assert variant.settings.scenario.title == "The same with dear money"
    assert variant.settings.scenario.currency == "USD"
    assert variant.settings.economics.discount_rate == 0.12
    assert variant.settings.roads.snap_max_km == 20.0
    assert len(variant.generators) == 2
    assert len(variant.sources) == 2


def test_a_variant_replaces_adds_and_removes_rows(tmp_path: Path) -> None:
    """zone 10,000 -> 20,000 t/y, a third row for the town, the 2030 row goes."""
    write_case(tmp_path / "small")
    folder = write_variant(tmp_path)
    (folder / "generation.csv").write_text(
        "generator,stream,year,waste_t_per_y,_remove,source,status\n"
        "zone,garment,2025,20000,,plan,assumption\n"
        "town,msw,2030,,1,,\n"
        "town,garment,2025,500,0,plan,assumption\n"
    )
    (folder / "sources.toml").write_text('[plan]\ntext = "A what-if."\n')
    rows = {
        (g.generator, g.stream, g.year): g for g in load_scenario(folder).generation
    }
    assert list(rows) == [
        ("zone", "garment", 2025),
        ("town", "msw", 2025),
        ("town", "garment", 2025),
    ]
    assert rows["zone", "garment", 2025].waste_t_per_y == 20_000
    # the whole row is replaced: growth is the default again, not the base's
    assert rows["zone", "garment", 2025].growth_per_y == 0.0


def test_a_row_is_removed_by_a_numeric_key(tmp_path: Path) -> None:
    """`advantage_min` 20.0 of the variant is 20 of the base; empty is empty."""
    write_case(tmp_path / "small")
    folder = write_variant(tmp_path)
    (folder / "leakage.csv").write_text(
        "generator_class,stream,fate,advantage_min,share,_remove\n"
        "factory,garment,burning,20.0,,1\n"
        "household,msw,burning,,,true\n"
    )
    left = [(s.fate, s.advantage_min) for s in load_scenario(folder).leakage]
    assert left == [("burning", None), ("dealer", 40.0)]


def test_mistakes_name_the_folder_they_are_in(tmp_path: Path) -> None:
    base = write_case(tmp_path / "small")
    edit(base, "targets.csv", "late,0.5", "late,50")
    folder = write_variant(tmp_path)
    (folder / "periods.csv").write_text("id,first_year,last_year\nlate,2032,2035\n")
    text = message(folder)
    assert "../small/targets.csv row 2, min: 50 is not between" in text
    assert "\n  periods.csv row 2, first_year: 2032 does not follow" in text


def test_nothing_to_remove(tmp_path: Path) -> None:
    write_case(tmp_path / "small")
    folder = write_variant(tmp_path)
    (folder / "legs.csv").write_text("id,vehicle,_remove\nhome,,1\n")
    text = message(folder)
    assert "legs.csv row 2, id: the base has no row home to remove" in text
    assert "did you mean 'homes'" in text


def test_a_variant_of_a_variant(tmp_path: Path) -> None:
    write_case(tmp_path / "small")
    write_variant(tmp_path)
    text = '[scenario]\nname = "third"\nextends = "../dear"\n[solve]\ngap = 0.02\n'
    third = load_scenario(write_variant(tmp_path, "third", text))
    assert third.settings.economics.discount_rate == 0.12
    assert third.settings.solve.gap == 0.02


@pytest.mark.parametrize(
    ("extends", "words"),
    [
        ("../..", "is not a sibling folder"),
        ("/etc", "is not a sibling folder"),
        ("../../other/small", "is not a sibling folder"),
        ("../small/../..", "is not a sibling folder"),
        ("small", "is not a sibling folder"),
        ("../smal", "no scenario '../smal' (did you mean '../small'?)"),
        ("../dear", "extends this scenario in turn"),
    ],
)
def test_a_variant_extends_a_sibling_only(
    extends: str, words: str, tmp_path: Path
) -> None:
    write_case(tmp_path / "small")
    text = VARIANT.replace("../small", extends)
    assert words in message(write_variant(tmp_path, settings=text))


def test_a_sibling_that_leads_elsewhere(tmp_path: Path) -> None:
    """A symbolic link is followed to where it leads, and refused there."""
    write_case(tmp_path / "far" / "away")
    here = tmp_path / "here"
    here.mkdir()
    os.symlink(tmp_path / "far" / "away", here / "small")
    assert "leads outside" in message(write_variant(here))


def test_a_variant_keeps_the_meaning_of_money(tmp_path: Path) -> None:
    write_case(tmp_path / "small")
    text = VARIANT.replace(
        'extends = "../small"', 'extends = "../small"\ncurrency = "EUR"'
    )
    found = message(write_variant(tmp_path, settings=text))
    assert "[scenario] currency: EUR differs from the base's USD" in found


def test_a_variant_has_a_name_of_its_own(tmp_path: Path) -> None:
    write_case(tmp_path / "small")
    text = VARIANT.replace('name = "small_dear"', "")
    assert "needs a name of its own" in message(write_variant(tmp_path, settings=text))
