"""What can be built, as rows: technologies, sizes, products, yields, operations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.units import Amount, Id, Reference, Share, SourcedRecord, Unit

Kind = Literal[
    "combustion",
    "biological",
    "sorting",
    "recycling",
    "co_processing",
    "disposal",
    "effluent",
    "storage",
]
"""Behaviour differs by kind only; a new technology is new rows."""

Positive = Annotated[float, Field(gt=0)]


class Technology(SourcedRecord):
    """A kind of treatment.

    `is_batch` marks a small furnace that is fed in batches and has no gas cleaning.
    `landfill_phases` names rows of that table, or of the package's, that say how gas
    capture, oxidation and leachate change with the age of a deposit.  A cell left empty
    is filled from the packaged catalogue row named in `catalogue`.
    """

    id: Id
    name: str = ""
    kind: Kind
    catalogue: str = ""
    lifetime_y: Annotated[Positive | None, Unit("y")] = None
    lead_time_y: Annotated[Amount | None, Unit("y")] = None
    availability: Annotated[float | None, Field(gt=0, le=1), Unit("-")] = None
    load_min: Annotated[Share | None, Unit("-")] = None
    mass_overload_max: Annotated[Positive, Unit("-")] = 1.1
    variable_om_per_t: Annotated[float | None, Unit("money/t")] = None
    gate_fee_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    jobs_per_kt_per_y: Annotated[Amount | None, Unit("FTE/(kt/y)")] = None
    efficiency_electric_net: Annotated[Share | None, Unit("- of LHV")] = None
    efficiency_heat_net: Annotated[Share | None, Unit("- of LHV")] = None
    electricity_kwh_per_t: Annotated[Amount | None, Unit("kWh/t")] = None
    diesel_l_per_t: Annotated[Amount | None, Unit("l/t")] = None
    coal_displaced_gj_per_gj: Annotated[Amount | None, Unit("GJ/GJ")] = None
    reagent_t_per_t: Annotated[Amount | None, Unit("t/t")] = None
    biogas_m3_per_t_organic: Annotated[Amount | None, Unit("m3/t")] = None
    accepts_hazardous: bool = False
    is_batch: bool = False
    is_planned_landfill: bool = False
    compaction_t_per_m3: Annotated[Positive | None, Unit("t/m3")] = None
    cover_share: Annotated[Share | None, Unit("- of volume")] = None
    methane_correction: Annotated[Share | None, Unit("-")] = None
    gas_capture: Annotated[Share | None, Unit("-")] = None
    gas_capture_from_y: Annotated[Amount | None, Unit("y after deposit")] = None
    gas_capture_until_y: Annotated[Amount | None, Unit("y after deposit")] = None
    landfill_phases: str = ""
    waste_height_m: Annotated[Positive | None, Unit("m")] = None
    leachate_collected: Annotated[Share | None, Unit("-")] = None
    gas_to_engine: Annotated[Share | None, Unit("-")] = None
    oxidation: Annotated[Share | None, Unit("-")] = None
    cod_removal: Annotated[Share | None, Unit("-")] = None
    after_care_per_t: Annotated[Amount, Unit("money/t")] = 0.0


class PartLoad(SourcedRecord):
    """Electric efficiency of a burner at a load, over that at full load."""

    technology: Annotated[Id, Reference("technologies")]
    load: Annotated[float, Field(gt=0, le=1), Unit("- of the thermal rating")]
    efficiency_share: Annotated[float, Field(gt=0, le=1), Unit("- of full load")]


class Size(SourcedRecord):
    """One size in which a technology can be built.

    An empty `capex` or `fixed_om_per_y` follows from the catalogue's chosen cost
    function, converted to the scenario's currency and price year.  A row with
    `module_of` is a further line of a plant: it is built only where the named size of
    the technology works, at most `modules_max` times at a site, in the same or later
    periods.  Costs that come once a site belong into the first size's row.
    """

    technology: Annotated[Id, Reference("technologies")]
    id: Id
    capacity_t_per_y: Annotated[Positive, Unit("t/y")]
    lhv_design_mj_per_kg: Annotated[Positive | None, Unit("MJ/kg")] = None
    capex: Annotated[Amount | None, Unit("money")] = None
    fixed_om_per_y: Annotated[Amount | None, Unit("money/y")] = None
    land_m2: Annotated[Amount, Unit("m2")] = 0.0
    airspace_m3: Annotated[Amount | None, Unit("m3")] = None
    capex_low: Annotated[Amount | None, Unit("money")] = None
    capex_high: Annotated[Amount | None, Unit("money")] = None
    module_of: str = ""
    modules_max: Annotated[int, Field(ge=1, le=20), Unit("modules a site")] = 1


class Product(SourcedRecord):
    """What a technology puts out.

    `release` leaves the solid system (flue gas, water vapour); everything else must go
    somewhere. `fraction` empty: the output keeps the fractions it came from.
    """

    id: Id
    name: str = ""
    kind: Literal["release", "residue", "recyclate", "fuel", "intermediate", "compost"]
    fraction: Annotated[str, Reference("fractions")] = ""
    moisture: Annotated[float | None, Field(ge=0, lt=1), Unit("-")] = None
    is_hazardous: bool = False
    density_kg_per_m3: Annotated[Amount | None, Unit("kg/m3")] = None
    state: Literal["loose", "compacted", "baled"] = "loose"


class Yield(SourcedRecord):
    """Share of an input fraction, or of its water or ash, leaving as a product.

    Shares of one (technology, fraction, component) sum to 1. A technology states either
    `all` rows or the three component rows; `any` stands for every fraction.
    """

    technology: Annotated[Id, Reference("technologies")]
    fraction: str
    component: Literal["all", "water", "ash", "combustible"] = "all"
    output: Annotated[Id, Reference("products")]
    share: Share
    moisture_assumed: Annotated[Share | None, Unit("-")] = None
    low: Annotated[Share | None, Unit("-")] = None
    high: Annotated[Share | None, Unit("-")] = None


PhaseQuantity = Literal[
    "gas_capture",
    "oxidation",
    "rain_share",
    "bod_kg_per_m3",
    "cod_kg_per_m3",
    "nitrogen_kg_per_m3",
]


class LandfillPhase(SourcedRecord):
    """A step in the life of a deposit: what holds from an age on until the next step.

    `rain_share` is the share of the rain on it that becomes leachate; the three
    concentrations are those of the leachate.  Before its first step a quantity is 0.
    """

    phases: Id
    quantity: PhaseQuantity
    from_y: Annotated[Amount, Unit("y after deposit")]
    value: Annotated[Amount, Unit("- or kg/m3")]
    low: Annotated[Amount | None, Unit("- or kg/m3")] = None
    high: Annotated[Amount | None, Unit("- or kg/m3")] = None


class Acceptance(SourcedRecord):
    """A technology takes this stream or product."""

    technology: Annotated[Id, Reference("technologies")]
    accepts: Id


BlendProperty = Literal[
    "lhv_mj_per_kg", "moisture", "ash", "chlorine", "sulphur", "fossil_carbon"
]


class BlendLimit(SourcedRecord):
    """A limit on the mass-weighted mean of a property of all that a facility takes."""

    technology: Annotated[Id, Reference("technologies")]
    property: BlendProperty
    min: Annotated[float | None, Unit("MJ/kg or kg/kg as received")] = None
    max: Annotated[float | None, Unit("MJ/kg or kg/kg as received")] = None


Distribution = Literal["", "exponential", "weibull", "lognormal"]
"""Of a time to failure or repair; empty: exponential.  The parameter is the shape of a
Weibull, the coefficient of variation of a lognormal."""


class Operation(SourcedRecord):
    """How a facility of a technology works hour by hour (for the simulation).

    `mtbf_h` and `mttr_h` are means whatever the distribution. Lines have their planned
    outage one after another from `planned_outage_from_d` on, at random without it.
    `weigh_out_bridges` of the `weighbridges` serve only trucks that leave; 0: all
    serve both ways. The dwell columns are for `storage`: a Weibull of this mean and
    shape, and the longest stay allowed.
    """

    technology: Annotated[Id, Reference("technologies")]
    lines: Annotated[int | None, Field(ge=1), Unit("lines")] = None
    weighbridges: Annotated[int | None, Field(ge=1), Unit("bridges")] = None
    weigh_in_min: Annotated[Amount | None, Unit("min")] = None
    weigh_out_min: Annotated[Amount | None, Unit("min")] = None
    bays: Annotated[int | None, Field(ge=1), Unit("bays")] = None
    tip_min: Annotated[Amount | None, Unit("min")] = None
    opens_h: Annotated[float | None, Field(ge=0, lt=24), Unit("h")] = None
    opening_h_per_d: Annotated[float | None, Field(gt=0, le=24), Unit("h/d")] = None
    opening_d_per_week: Annotated[int | None, Field(ge=1, le=7), Unit("d/week")] = None
    bunker_d: Annotated[Amount | None, Unit("d of full throughput")] = None
    mtbf_h: Annotated[Positive | None, Unit("h")] = None
    mttr_h: Annotated[Positive | None, Unit("h")] = None
    planned_outage_weeks: Annotated[Amount | None, Unit("weeks/y")] = None
    yard_trucks: Annotated[int | None, Field(ge=1), Unit("trucks")] = None
    reweigh_share: Annotated[
        float | None, Field(ge=0, lt=1), Unit("of the trucks weighed in, once more")
    ] = None
    fleets_first: bool | None = None
    repair_crews: Annotated[int | None, Field(ge=1), Unit("crews of the plant")] = None
    failure_distribution: Distribution = ""
    failure_parameter: Annotated[Positive | None, Unit("-")] = None
    repair_distribution: Distribution = ""
    repair_parameter: Annotated[Positive | None, Unit("-")] = None
    planned_outage_from_d: Annotated[
        int | None, Field(ge=1, le=365), Unit("day of the year")
    ] = None
    ramp_h: Annotated[Amount | None, Unit("h to full load")] = None
    weigh_out_bridges: Annotated[int | None, Field(ge=0), Unit("bridges")] = None
    rejected_share: Annotated[Share | None, Unit("- of loads")] = None
    dwell_mean_d: Annotated[Positive | None, Unit("d")] = None
    dwell_shape: Annotated[Positive | None, Unit("-")] = None
    dwell_max_d: Annotated[Positive | None, Unit("d")] = None
