"""What moves waste: containers, trucks, fleets, and which truck serves which leg."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.units import Amount, Id, Reference, Share, SourcedRecord, Unit


class Vehicle(SourcedRecord):
    """A truck type.

    Either `cost_per_t_km` alone (a study with a flat haul rate, one way), or payload,
    volume and running cost, from which cost per load follows as a round trip.
    """

    id: Id
    name: str = ""
    cost_per_t_km: Annotated[Amount | None, Unit("money/(t km)")] = None
    payload_t: Annotated[float | None, Field(gt=0), Unit("t")] = None
    volume_m3: Annotated[float | None, Field(gt=0), Unit("m3")] = None
    cost_per_km: Annotated[Amount | None, Unit("money/km")] = None
    cost_per_h: Annotated[Amount | None, Unit("money/h")] = None
    speed_km_per_h: Annotated[float | None, Field(gt=0), Unit("km/h")] = None
    load_time_h: Annotated[Amount, Unit("h")] = 0.0
    unload_time_h: Annotated[Amount, Unit("h")] = 0.0
    co2_kg_per_km: Annotated[Amount, Unit("kg CO2/km")] = 0.0
    crew: Annotated[Amount, Unit("persons")] = 1.0
    compacts: bool = False


class Leg(SourcedRecord):
    """Which vehicle serves which haul; the most specific row wins, a tie is an error.

    `origin` is a generator class, `centre`, a technology id, or `*`; `carries` is a
    stream, a product, or `*`.
    """

    id: Id
    origin: str = "*"
    carries: str = "*"
    state: Literal["loose", "compacted", "baled", "*"] = "*"
    vehicle: Annotated[Id, Reference("vehicles")]
    distance_max_km: Annotated[Amount | None, Unit("km")] = None


class Container(SourcedRecord):
    """Bins at generators of a class, emptied on a fixed interval."""

    id: Id
    generator_class: Id
    stream: Annotated[Id, Reference("streams")]
    volume_m3: Annotated[float, Field(gt=0), Unit("m3")]
    fill_max: Share = 1.0
    pickup_every_d: Annotated[float, Field(gt=0), Unit("d")] = 1.0
    variation: Annotated[Amount, Unit("-")] = 0.0


class Fleet(SourcedRecord):
    """The trucks of one type at a depot and the hours they work.

    `crews` on shift at a time, one a truck (empty: a crew for every truck); all rest
    for `break_h`, `break_after_h` after the shift began.
    """

    id: Id
    depot: Annotated[Id, Reference("depots")]
    vehicle: Annotated[Id, Reference("vehicles")]
    trucks: Annotated[int, Field(ge=0), Unit("trucks")]
    shift_start_h: Annotated[float, Field(ge=0, lt=24), Unit("h")] = 6.0
    shift_length_h: Annotated[float, Field(gt=0, le=24), Unit("h")] = 10.0
    days_per_week: Annotated[int, Field(ge=1, le=7), Unit("d/week")] = 6
    crews: Annotated[int | None, Field(ge=0), Unit("crews")] = None
    break_h: Annotated[Amount, Unit("h")] = 0.0
    break_after_h: Annotated[float | None, Field(gt=0), Unit("h")] = None
