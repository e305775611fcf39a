"""The JSON Schema of a scenario: every table and setting with units and texts."""

from __future__ import annotations

import inspect
from typing import Any

from wasteplan.scenario.column_notes import ColumnNote, column_notes
from wasteplan.scenario.registry import TABLES, TableSpec
from wasteplan.scenario.settings import Settings
from wasteplan.units import Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """The schema of a whole scenario: `settings`, `sources`, `tables`.

    A table is an array of objects, one a row; an empty cell is an absent key.
    `unit`, `refers_to`, `key` and `waits_for` are annotations beside the standard
    keywords.
    """
    return {
        "$schema": DIALECT,
        "title": "wasteplan scenario",
        "type": "object",
        "additionalProperties": False,
        "required": ["settings", "tables"],
        "properties": {
            "settings": settings_schema(),
            "sources": _sources_schema(),
            "tables": {
                "type": "object",
                "additionalProperties": False,
                "required": [t.name for t in TABLES if t.is_required],
                "properties": {t.name: table_schema(t) for t in TABLES},
            },
        },
    }


def table_schema(spec: TableSpec) -> dict[str, Any]:
    """The schema of one table (`<name>.csv`)."""
    return {
        "type": "array",
        "description": spec.text,
        "key": list(spec.key),
        "items": _record_schema(spec.record),
    }


def settings_schema() -> dict[str, Any]:
    """The schema of `scenario.toml`."""
    sections = {n: _record_schema(r) for n, r in setting_sections().items()}
    required = [n for n, f in Settings.model_fields.items() if f.is_required()]
    return {
        "type": "object",
        "description": _docstring(Settings),
        "additionalProperties": False,
        "required": required,
        "properties": sections,
    }


def setting_sections() -> dict[str, type[Record]]:
    """The sections of `scenario.toml` with their records."""
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Record)
    }


def _record_schema(record: type[Record]) -> dict[str, Any]:
    """A record's fields: types and limits from pydantic, units and links from marks."""
    limits = record.model_json_schema()["properties"]
    notes = column_notes(record)
    return {
        "type": "object",
        "description": _docstring(record),
        "additionalProperties": False,
        "required": [n.name for n in notes if n.is_required],
        "properties": {n.name: _with_marks(limits[n.name], n) for n in notes},
    }


def _with_marks(limits: dict[str, Any], note: ColumnNote) -> dict[str, Any]:
    schema = _without_null({k: v for k, v in limits.items() if k != "title"})
    if note.unit:
        schema["unit"] = note.unit
    if note.refers_to:
        schema["refers_to"] = note.refers_to
    if note.waits_for:
        schema = {"not": {}, "waits_for": note.waits_for}
    return schema


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A cell that may be empty may be absent; null is not a cell."""
    kinds = [s for s in schema.get("anyOf", []) if s.get("type") != "null"]
    if schema.get("default", 0) is None:
        schema = {k: v for k, v in schema.items() if k != "default"}
    if len(kinds) == 1:
        others = {k: v for k, v in schema.items() if k != "anyOf"}
        return {**kinds[0], **others}
    return schema


def _sources_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "keys of `sources.toml`",
        "additionalProperties": {
            "type": "object",
            "required": ["text"],
            "additionalProperties": False,
            "properties": {"text": {"type": "string"}, "url": {"type": "string"}},
        },
    }


def _docstring(record: type[Record]) -> str:
    return inspect.cleandoc(record.__doc__ or "")
