"""The JSON Schema holds every table, every unit, and judges rows as the loader does."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Annotated

import jsonschema
import pytest
from pydantic import ValidationError

from wasteplan.scenario.registry import TABLE, TABLES, TableSpec
from wasteplan.scenario.schema import scenario_schema, settings_schema, table_schema
from wasteplan.units import Id, NotYetUsed, Record

TWO_CITY = Path(__file__).parents[2] / "scenarios" / "two-city"


def test_the_schema_is_one_and_goes_through_json() -> None:
    schema = json.loads(json.dumps(scenario_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]["tables"]["properties"]) == {t.name for t in TABLES}


def test_units_links_and_limits_are_written() -> None:
    columns = table_schema(TABLE["sizes"])["items"]["properties"]
    assert columns["capacity_t_per_y"]["unit"] == "t/y"
    assert columns["capacity_t_per_y"]["exclusiveMinimum"] == 0
    assert columns["technology"]["refers_to"] == "technologies"
    assert columns["capex"] == {"type": "number", "minimum": 0, "unit": "money"}


def test_the_settings_of_a_shipped_study_are_valid() -> None:
    settings = tomllib.loads((TWO_CITY / "scenario.toml").read_text())
    jsonschema.validate(settings, settings_schema())
    settings["economics"]["discont_rate"] = 0.1
    with pytest.raises(jsonschema.ValidationError, match="discont_rate"):
        jsonschema.validate(settings, settings_schema())


@pytest.mark.parametrize(
    "row",
    [
        {"id": "a", "throughput_max_t_per_y": 1.0, "name": "A", "region": "r"},
        {"id": "a", "throughput_max_t_per_y": 0.0, "name": "A", "region": "r"},
        {"id": "A b", "throughput_max_t_per_y": 1.0, "name": "A", "region": "r"},
        {"id": "a", "throughput_max_t_per_y": 1.0, "name": "A"},
        {"id": "a", "throughput_max_t_per_y": 1.0, "name": "A", "region": "r", "x": 1},
    ],
)
def test_schema_and_record_agree(row: dict) -> None:
    """The first row is fine; the others break a limit, a pattern, a need, a name."""
    spec = TABLE["centres"]
    validator = jsonschema.Draft202012Validator(table_schema(spec))
    try:
        spec.record(**row)
        is_fine = True
    except ValidationError:
        is_fine = False
    assert validator.is_valid([row]) == is_fine


class Nose(Record):
    """A record with a column that nothing reads yet."""

    id: Id
    smell: Annotated[float | None, NotYetUsed("noses")] = None


def test_a_column_not_used_yet_is_refused() -> None:
    spec = TableSpec("noses", Nose, ("id",), "for this test")
    validator = jsonschema.Draft202012Validator(table_schema(spec))
    assert validator.is_valid([{"id": "a"}])
    assert not validator.is_valid([{"id": "a", "smell": 1.0}])


def test_every_column_of_the_shipped_tables_is_in_the_schema() -> None:
    for path in TWO_CITY.glob("*.csv"):
        known = table_schema(TABLE[path.stem])["items"]["properties"]
        with path.open(newline="") as file:
            assert set(next(csv.reader(file))) <= set(known), path.name
