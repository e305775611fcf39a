"""Units, sources and the frozen record that every input row becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

KG_PER_T = 1000.0
HOURS_PER_YEAR = 8760.0
HOURS_PER_DAY = 24.0
DAYS_PER_YEAR = 365.0
MJ_PER_KWH = 3.6
CO2_PER_C = 44.0 / 12.0  # molar masses of CO2 and C
CH4_PER_C = 16.0 / 12.0  # molar masses of CH4 and C

ID_PATTERN = r"^[a-z0-9][a-z0-9_]*$"

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=64)]
"""A short, lower-case, stable name: letters, digits and underscores."""

Status = Literal["read", "secondary", "derived", "memory", "assumption"]
"""How a number is known; `memory` and `assumption` stay marked wherever it is shown."""

WEAK_STATUSES: frozenset[str] = frozenset({"memory", "assumption"})
STATUS_ORDER: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True)
class Unit:
    """The unit of a numeric field; `money` is in the scenario's currency and year."""

    symbol: str


@dataclass(frozen=True)
class NotYetUsed:
    """Marks a column that is part of the schema but that no code reads yet.

    A filled cell in such a column is refused, never ignored.
    """

    waits_for: str


@dataclass(frozen=True)
class Reference:
    """The field names a row of another table (several, split by spaces, if `many`)."""

    table: str
    many: bool = False


_STATED: dict[frozenset[str], set[str]] = {}


class Record(BaseModel):
    """A row or value that never changes; a change is `model_copy(update=...)`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        populate_by_name=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
    )

    def model_post_init(self, context: Any, /) -> None:
        """Share the set of stated fields with the records that state the same.

        Tables have many rows and few such sets, which take as much memory as all else
        of a row.
        """
        stated = self.__pydantic_fields_set__
        shared = _STATED.setdefault(frozenset(stated), stated)
        object.__setattr__(self, "__pydantic_fields_set__", shared)


class SourcedRecord(Record):
    """A row whose numbers share one source and status, or as `provenance.csv` says."""

    source: Annotated[str, Reference("sources")] = ""
    status: Status | None = None
    note: str = ""


Share = Annotated[float, Field(ge=0, le=1), Unit("-")]
Amount = Annotated[float, Field(ge=0)]
Longitude = Annotated[float, Field(ge=-180, le=180), Unit("deg")]
Latitude = Annotated[float, Field(ge=-90, le=90), Unit("deg")]
Year = Annotated[int, Field(ge=1900, le=2200), Unit("year")]


def field_mark(field: FieldInfo, mark: type[Any]) -> Any | None:
    """The first piece of metadata of the given kind on a field, or None."""
    return next((m for m in field.metadata if isinstance(m, mark)), None)


def weakest(*statuses: str | None) -> str:
    """The least certain of several statuses; an unknown status counts as assumption."""
    known = [s if s in STATUS_ORDER else "assumption" for s in statuses]
    return max(known, key=STATUS_ORDER.index) if known else "assumption"


def words(text: str) -> tuple[str, ...]:
    """Split a list cell: names separated by spaces, commas or semicolons."""
    return tuple(w for w in re.split(r"[\s,;]+", text.strip()) if w)
