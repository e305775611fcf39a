"""One shipment, and what a facility may take: the records of waste on the move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field

from wasteplan.shipments.completing import completed
from wasteplan.shipments.quantities import tonnes
from wasteplan.shipments.states import State, StateChange, advanced
from wasteplan.shipments.table import (
    COLUMNS,
    NAMES,
    PARTY_SEPARATOR,
    ShipmentTable,
)
from wasteplan.units import Amount, Record, SourcedRecord, Unit, Year

QuantityUnit = Literal["t", "kg", "g", "lb", "short_ton", "m3", "l", "us_gal", "yd3"]
QuantityBasis = Literal["weighed", "declared", "volume_x_density", "estimated"]
Tonnes = Annotated[Amount | None, Unit("t")]

Name = Annotated[str, Field(max_length=200)]


class Shipment(Record):
    """One kind of waste on one document, from generator to treatment.

    Names are those of the reporting scheme, not ids of a scenario.  The fields are
    the columns of the own format (`template`), in that order; what is unknown is
    empty.  A tonnage may be given directly or as quantity, unit and density.
    """

    id: Annotated[str, Field(min_length=1, max_length=200)]
    document: Name = ""
    scheme: Name = "own"
    generator: Name = ""
    transporters: Annotated[str, Field(max_length=1000)] = ""
    facility: Name = ""
    waste_code: Name = ""
    code_scheme: Name = ""
    stream: Name = ""
    is_hazardous: bool | None = None
    quantity: Annotated[Amount | None, Unit("quantity_unit")] = None
    quantity_unit: QuantityUnit | None = None
    density_kg_per_m3: Annotated[
        float | None, Field(gt=0, le=25_000), Unit("kg/m3")
    ] = None
    quantity_basis: QuantityBasis | None = None
    declared_t: Tonnes = None
    received_t: Tonnes = None
    rejected_t: Tonnes = None
    residue_t: Tonnes = None
    container: Name = ""
    n_containers: Annotated[Amount | None, Unit("-")] = None
    vehicle: Name = ""
    received_vehicle: Name = ""
    reserved_at: datetime | None = None
    shipped_at: datetime | None = None
    collected_at: datetime | None = None
    received_at: datetime | None = None
    confirmed_at: datetime | None = None
    treated_at: datetime | None = None
    route: Name = ""
    state: State = "draft"
    source_file: Name = ""
    source_row: Annotated[int | None, Unit("row")] = None
    history: tuple[StateChange, ...] = ()

    @property
    def carriers(self) -> tuple[str, ...]:
        """The transporters in the order in which they carry the load."""
        parts = self.transporters.split(PARTY_SEPARATOR)
        return tuple(p.strip() for p in parts if p.strip())

    @property
    def quantity_t(self) -> float | None:
        """What was received; if unknown, what was declared.  [t]"""
        if self.received_t is not None:
            return self.received_t
        if self.declared_t is not None:
            return self.declared_t
        if self.quantity is None or self.quantity_unit is None:
            return None
        mass_t = tonnes(self.quantity, self.quantity_unit, self.density_kg_per_m3)
        return None if mass_t != mass_t else mass_t  # NaN: the density is missing

    def to(self, state: State, at: datetime, **known: Any) -> Shipment:
        """The shipment after a step of its life, with what became known by it.

        Raises
        ------
        IllegalTransition
            The step may not follow the present state, or lies before the last one.
        """
        past = self.history or (StateChange(state=self.state, at=at),)
        history = advanced(past, state, at)
        return self.model_copy(update={**known, "state": state, "history": history})


class Permit(SourcedRecord):
    """What a facility may take in a calendar year, of all waste or of some codes."""

    facility: Annotated[str, Field(min_length=1, max_length=200)]
    waste_code: Name = ""
    """Beginning of the codes it holds for; empty: all."""
    permit_t_per_y: Annotated[Amount, Unit("t/y")]
    first_year: Year | None = None
    last_year: Year | None = None


def table_of(shipments: Iterable[Shipment]) -> ShipmentTable:
    """Records as a table, tonnages worked out."""
    rows = list(shipments)
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        values = [getattr(row, name) for row in rows]
        columns[name] = [None if v == "" else v for v in values]
    columns["source_row"] = [row.source_row or 0 for row in rows]
    for name in NAMES:
        columns[name] = pd.Categorical(pd.Series(columns[name], dtype="object"))
    del columns["quantity_t"]
    return completed(columns, len(rows))


def records_of(table: ShipmentTable) -> Iterator[Shipment]:
    """The rows of a (small) table as records, without a history.

    Raises
    ------
    pydantic.ValidationError
        A row lacks an id or holds what no shipment can.
    """
    fields = [n for n in COLUMNS if n in Shipment.model_fields]
    for row in table[fields].itertuples(index=False):
        given = {n: v for n, v in zip(fields, row, strict=True) if not pd.isna(v)}
        given["source_row"] = given.get("source_row") or None
        yield Shipment.model_validate(given)
