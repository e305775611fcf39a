"""What a column or setting is: its type, unit, limits and choices, from the record."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from wasteplan.tables import annotation_parts
from wasteplan.units import (
    NotYetUsed,
    Record,
    Reference,
    SourcedRecord,
    Unit,
    field_mark,
)


@dataclass(frozen=True)
class ColumnNote:
    """One field of a record as a person or a spreadsheet sees it."""

    name: str
    kind: Literal["text", "integer", "number", "yes_no", "choice", "list"]
    unit: str = ""
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    is_required: bool = False
    default: Any = None
    waits_for: str = ""

    def text(self) -> str:
        """The column in a few words, for a header note or a table of columns."""
        kind = " | ".join(self.choices) or self.kind.replace("_", "/")
        parts = [f"[{self.unit}]" if self.unit else "", kind]
        if self.refers_to:
            parts.append(f"from table {self.refers_to}")
        if self.waits_for:
            parts.append(f"not used yet (waits for {self.waits_for}): leave empty")
        elif self.is_required:
            parts.append("(needed)")
        elif self.default not in (None, ""):
            parts.append(f"(empty: {self.default})")
        return " ".join(p for p in parts if p)


def column_notes(record: type[Record]) -> tuple[ColumnNote, ...]:
    """The columns of a record: its own fields first, then source, status and note.

    >>> from wasteplan.network.roads import RoadEdge
    >>> column_notes(RoadEdge)[3].text()
    '[km] number (needed)'
    """
    shared = SourcedRecord.model_fields if issubclass(record, SourcedRecord) else {}
    fields = record.model_fields
    order = [n for n in fields if n not in shared] + [n for n in fields if n in shared]
    return tuple(_column(n, fields[n]) for n in order)


def _column(name: str, field: FieldInfo) -> ColumnNote:
    annotation = field.annotation
    parts = (*field.metadata, *annotation_parts(annotation))
    unit = next((p for p in parts if isinstance(p, Unit)), None)
    reference = field_mark(field, Reference)
    waits = field_mark(field, NotYetUsed)
    kind, choices = _kind(annotation)
    return ColumnNote(
        name=name,
        kind=kind,
        unit=unit.symbol if unit else "",
        choices=choices,
        refers_to=reference.table if reference else "",
        is_required=field.is_required(),
        default=None if field.is_required() else field.default,
        waits_for=waits.waits_for if waits else "",
    )


def _kind(annotation: Any) -> tuple[Any, tuple[str, ...]]:
    inner = _without_none(annotation)
    if get_origin(inner) is Literal:
        return "choice", tuple(str(c) for c in get_args(inner))
    if get_origin(inner) is tuple:
        return "list", ()
    simple = {bool: "yes_no", int: "integer", float: "number"}
    return simple.get(inner, "text"), ()


def _without_none(annotation: Any) -> Any:
    """Strip `Annotated[...]` and `| None` down to the type itself."""
    if get_origin(annotation) is Annotated:
        return _without_none(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        (first, *_) = (a for a in get_args(annotation) if a is not type(None))
        return _without_none(first)
    return annotation
