"""Where things are: waste generators, sites, collection centres, depots, outlets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.units import (
    Amount,
    Id,
    Latitude,
    Longitude,
    Reference,
    Share,
    SourcedRecord,
    Unit,
    Year,
)


class WasteGenerator(SourcedRecord):
    """A factory, economic zone, municipality or cluster that produces waste."""

    id: Id
    name: str
    kind: Literal["factory", "zone", "municipality", "cluster"]
    generator_class: Id
    region: Id
    lon: Longitude | None = None
    lat: Latitude | None = None
    workers: Annotated[Amount | None, Unit("workers")] = None
    population: Annotated[Amount | None, Unit("persons")] = None


class Site(SourcedRecord):
    """A place where facilities stand or may be built."""

    id: Id
    name: str
    region: Id
    technologies: Annotated[str, Reference("technologies", many=True)] = ""
    lon: Longitude | None = None
    lat: Latitude | None = None
    permit_t_per_y: Annotated[Amount | None, Unit("t/y")] = None
    airspace_m3: Annotated[Amount | None, Unit("m3")] = None
    land_m2: Annotated[Amount | None, Unit("m2")] = None
    land_cost_per_m2: Annotated[Amount, Unit("money/m2")] = 0.0
    facilities_max: Annotated[int, Field(ge=1), Unit("facilities")] = 1
    opens_from: Year | None = None
    heat_demand_gj_per_y: Annotated[Amount | None, Unit("GJ/y")] = None


class SiteCriterion(SourcedRecord):
    """A measured property of a site that excludes it or scores it.

    An `exclusion` rules out what is below `min` or above `max`.  A `score` with a
    `weight` runs from `worst` (0) to `best` (1), either of which may be the larger
    number; one without weight is for reading, but for `people_affected`, the people
    who live beside the site, which exposure is counted with.
    """

    site: Annotated[Id, Reference("sites")]
    criterion: Id
    kind: Literal["exclusion", "score"]
    value: Annotated[float, Unit("criterion's own")]
    min: Annotated[float | None, Unit("criterion's own")] = None
    max: Annotated[float | None, Unit("criterion's own")] = None
    weight: Annotated[Amount | None, Unit("-")] = None
    worst: Annotated[float | None, Unit("criterion's own")] = None
    best: Annotated[float | None, Unit("criterion's own")] = None


class Centre(SourcedRecord):
    """A collection centre or transfer station, existing or candidate.

    Bulk trucks for one destination are called when `haul_from_t` wait there (a full
    truckload if empty); what has waited `haul_after_d` leaves in part-full trucks.
    """

    id: Id
    name: str
    region: Id
    lon: Longitude | None = None
    lat: Latitude | None = None
    is_existing: bool = False
    throughput_max_t_per_y: Annotated[float, Field(gt=0), Unit("t/y")]
    storage_t: Annotated[Amount | None, Unit("t")] = None
    accepts: Annotated[str, Reference("streams", many=True)] = ""
    state_out: Literal["loose", "compacted", "baled"] = "compacted"
    mixes_streams: bool = False
    capex: Annotated[Amount, Unit("money")] = 0.0
    lifetime_y: Annotated[float, Field(gt=0), Unit("y")] = 20.0
    lead_time_y: Annotated[Amount, Unit("y")] = 1.0
    fixed_om_per_y: Annotated[Amount, Unit("money/y")] = 0.0
    variable_om_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    electricity_kwh_per_t: Annotated[Amount, Unit("kWh/t")] = 0.0
    diesel_l_per_t: Annotated[Amount, Unit("l/t")] = 0.0
    jobs_per_kt_per_y: Annotated[Amount, Unit("FTE/(kt/y)")] = 0.0
    owner: str = ""
    baler_t_per_h: Annotated[float | None, Field(gt=0), Unit("t/h")] = None
    haul_from_t: Annotated[Amount | None, Unit("t")] = None
    haul_after_d: Annotated[float | None, Field(gt=0), Unit("d")] = None


class Outlet(SourcedRecord):
    """A way out across the boundary: recyclate buyer, kiln, export, disposal.

    `substitution_ratio` is the primary material that a tonne sold replaces: 1 if it is
    as good as new, less where it is not.
    """

    id: Id
    name: str
    kind: Literal["buyer", "kiln", "export", "disposal"]
    accepts: Annotated[str, Reference("products", many=True)]
    lon: Longitude | None = None
    lat: Latitude | None = None
    price_per_t: Annotated[float, Unit("money/t")] = 0.0
    limit_t_per_y: Annotated[Amount | None, Unit("t/y")] = None
    substitution_ratio: Annotated[Share, Unit("t/t")] = 1.0
    counts_as: Literal["recycling", "recovery", "landfill", "leakage"] = "recycling"
    opens_from: Year | None = None
    closes_after: Year | None = None


class Depot(SourcedRecord):
    """Where trucks start and end their shift."""

    id: Id
    name: str
    lon: Longitude | None = None
    lat: Latitude | None = None
