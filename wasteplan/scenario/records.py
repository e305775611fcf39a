"""Rows of a scenario that are neither places, waste nor treatment."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from wasteplan.scenario.total_names import TotalName
from wasteplan.units import (
    Amount,
    Id,
    Reference,
    Share,
    SourcedRecord,
    Unit,
    Year,
)

RATE_METRICS = ("landfill_diversion_rate", "recycling_rate")
EMISSION_METRICS = ("co2e_direct_t_per_y", "co2e_t_per_y")
INFORMAL_METRICS = ("informal_income_per_worker_y", "informal_income_share")
HORIZON_METRICS = get_args(TotalName)
"""Totals over all years of the horizon; a limit on one names no period."""
SHARE_METRICS = ("hosted_share_largest", "exposure_share_largest")
FLOOR_METRICS = ("jobs", "site_score")
BURDEN_METRICS = (*SHARE_METRICS, *FLOOR_METRICS)
"""What plants mean to those around them, in each period."""

Growth = Annotated[float, Field(gt=-1, le=1), Unit("1/y")]


class GeneratorClass(SourcedRecord):
    """Generators that pay the same for the legal route and leak alike."""

    id: Id
    name: str = ""
    legal_price_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    waste_t_per_worker_y: Annotated[Amount | None, Unit("t/(worker y)")] = None


class Generation(SourcedRecord):
    """Tonnes of a stream at a generator in a year.

    Several years of one generator and stream are joined by straight lines; after the
    last, `growth_per_y` of that last row applies, before the first it is constant.
    """

    generator: Annotated[Id, Reference("generators")]
    stream: Annotated[Id, Reference("streams")]
    year: Year
    waste_t_per_y: Annotated[Amount, Unit("t/y")]
    growth_per_y: Growth = 0.0
    basis: Literal["generated", "collected", "disposed"] = "generated"
    profile: Annotated[str, Reference("profiles")] = ""
    low_t_per_y: Annotated[Amount | None, Unit("t/y")] = None
    high_t_per_y: Annotated[Amount | None, Unit("t/y")] = None


class Estimate(SourcedRecord):
    """An independent figure of waste, beside which `check` puts the study's tonnage.

    Empty `region`, `stream` or `fraction` means all.  A fraction counts with its kinds.
    """

    id: Id
    name: str
    region: str = ""
    stream: Annotated[str, Reference("streams")] = ""
    fraction: Annotated[str, Reference("fractions")] = ""
    year: Year
    low_t_per_y: Annotated[Amount | None, Unit("t/y")] = None
    central_t_per_y: Annotated[Amount, Unit("t/y")]
    high_t_per_y: Annotated[Amount | None, Unit("t/y")] = None


class ExistingFacility(SourcedRecord):
    """A facility that stands today.

    `waste_in_place_t` was laid down evenly from `opened` to the year before the base
    year and is made of `waste_in_place_stream`; its gas is a yearly account of its own.
    """

    id: Id
    site: Annotated[Id, Reference("sites")]
    technology: Annotated[Id, Reference("technologies")]
    size: Id
    opened: Year
    closes_after: Year | None = None
    may_close: bool = False
    airspace_left_m3: Annotated[Amount | None, Unit("m3")] = None
    waste_in_place_t: Annotated[Amount | None, Unit("t")] = None
    waste_in_place_stream: Annotated[str, Reference("streams")] = ""


class Fate(SourcedRecord):
    """Where waste goes that does not enter the legal system."""

    id: Id
    name: str = ""
    kind: Literal["open_burning", "dumping", "kiln", "informal", "uncollected"]
    price_paid_per_t: Annotated[float, Unit("money/t")] = 0.0
    expected_penalty_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    penalty_from: Year | None = None
    counts_as: Literal["leakage", "recycling"] = "leakage"


UNCOLLECTED_KINDS = ("open_burning", "dumping", "uncollected")
"""Kinds of fates of waste that nobody fetches; kilns and informal buyers do."""


class LeakageStep(SourcedRecord):
    """A step of the response of a generator class to the pull of a fate.

    The advantage is (price the fate pays + legal price - expected penalty); the share
    of the row with the highest `advantage_min` not above it applies.
    """

    generator_class: Annotated[Id, Reference("generator_classes")]
    stream: Annotated[Id, Reference("streams")]
    fate: Annotated[Id, Reference("fates")]
    advantage_min: Annotated[float | None, Unit("money/t")] = None
    share: Share
    low: Annotated[Share | None, Unit("-")] = None
    high: Annotated[Share | None, Unit("-")] = None


class Period(SourcedRecord):
    """Consecutive years in which the set of facilities does not change."""

    id: Id
    first_year: Year
    last_year: Year


class Target(SourcedRecord):
    """A requirement on a metric, for all waste or one region or stream, in a period.

    Metrics ending in `_total` or `_total_t` are sums over all years: `cost_total` the
    present value of the resource cost, `co2e_total_t` net of credits,
    `co2e_direct_total_t` inside the boundary, `landfilled_total_t` what diversion does
    not count as diverted, `jobs_total` person-years at plants and centres,
    `exposure_total` tonnes treated times people beside the site, `unsuited_total_t`
    tonnes treated times (1 - score of the site), `hosted_largest_total_t` and
    `exposure_largest_total` the same of the region of sites that has most; so is
    `diversion_rate_lowest`, the least of any region and period, and likewise
    `collected_rate_lowest`, the share not burnt, dumped or left where it arises.  They
    take no period, region or stream.  `jobs` are those of a period's last year,
    `site_score` is the least score of sites where something new opens;
    `hosted_share_largest` and `exposure_share_largest` are shares of what is treated,
    and of its exposure, in the region of sites that has most.
    """

    id: Id
    metric: Literal[
        "landfill_diversion_rate",
        "recycling_rate",
        "co2e_direct_t_per_y",
        "co2e_t_per_y",
        "capex",
        "informal_income_per_worker_y",
        "informal_income_share",
        TotalName,
        "hosted_share_largest",
        "exposure_share_largest",
        "jobs",
        "site_score",
    ]
    region: str = ""
    stream: Annotated[str, Reference("streams")] = ""
    period: Annotated[str, Reference("periods")] = ""
    min: Annotated[float | None, Unit("the metric's own")] = None
    max: Annotated[float | None, Unit("the metric's own")] = None
    definition: str = ""


class Choice(SourcedRecord):
    """A decision that the planner takes for the model: something must or may not open.

    `force`: a size of the technology at the site works from the period on (every
    period, if empty).  `forbid`: none opens in the period (in any, if empty).  A centre
    is named as site, with technology `centre`.
    """

    id: Id
    choice: Literal["force", "forbid"]
    site: Id
    technology: Id
    size: str = ""
    period: Annotated[str, Reference("periods")] = ""


class Price(SourcedRecord):
    """A price in a year; between years straight lines, outside the nearest."""

    item: Literal[
        "electricity_sold",
        "electricity_bought",
        "diesel",
        "carbon",
        "coal",
        "heat_sold",
    ]
    year: Year
    value: Annotated[float, Unit("per kWh, l, t or GJ")]
    currency: str
    price_year: Year


class YearlyFactor(SourcedRecord):
    """A physical factor that changes with the year."""

    item: Literal[
        "grid_kg_co2e_per_kwh",
        "grid_marginal_kg_co2e_per_kwh",
        "heat_kg_co2e_per_gj",
    ]
    year: Year
    value: Annotated[Amount, Unit("kg CO2e per kWh or GJ")]
    low: Annotated[Amount | None, Unit("kg CO2e per kWh or GJ")] = None
    high: Annotated[Amount | None, Unit("kg CO2e per kWh or GJ")] = None


class Owner(SourcedRecord):
    """Who owns and pays for the facilities of a technology or a centre."""

    technology_or_centre: Id
    actor: Literal["public", "operator", "generator", "informal"]


class Profile(SourcedRecord):
    """Relative waste by month (1-12), weekday (1-7, Monday first) or hour; mean 1.

    Hour 1 begins at midnight, hour 24 ends there: when in the day loads are ready.

    A `holiday` is a day of every year, month x 100 + day (414 is 14 April); its factor
    comes on top of month and weekday.
    """

    profile: Id
    kind: Literal["month", "weekday", "holiday", "hour"]
    index: Annotated[
        int, Field(ge=1, le=1231), Unit("month, weekday, day of year or hour")
    ]
    factor: Annotated[Amount, Unit("-")]


class Season(SourcedRecord):
    """What a part of the year is like for a stream; all rows of a stream are the year.

    Limits on the blend a plant takes hold in every season: raw waste is then wetter or
    drier by `moisture_factor`, while shares of flows and products stay those of the
    year.  Shares of a stream sum to 1, and so do shares times factors.  Rows without a
    stream are for all streams without rows.
    """

    id: Id
    stream: Annotated[str, Reference("streams")] = ""
    waste_share: Annotated[Share, Unit("- of the year's tonnes")]
    moisture_factor: Annotated[Amount, Unit("- of the year's moisture")] = 1.0


class ProvenanceLine(SourcedRecord):
    """Source and status of one cell or column that differ from its row's."""

    table: str
    row: str
    column: str


class Range(SourcedRecord):
    """The range of one number of the scenario, or of a whole column (row `*`).

    `distribution` between low, the cell and high; empty: triangular.  Low and high are
    ends, of a log-normal one the 2.5 and 97.5 % quantiles.  A discrete one takes one
    of `values` (`0.5:2 0.7`: a value and its weight), without them low, the cell or
    high.  Numbers of one `group` rise and fall together, those with `-` before it the
    other way.
    """

    table: str
    row: str
    column: str
    low: Annotated[float, Unit("the cell's own")]
    high: Annotated[float, Unit("the cell's own")]
    distribution: Literal[
        "", "triangular", "pert", "log_normal", "uniform", "discrete"
    ] = ""
    group: Annotated[str, Field(pattern=r"^(-?[a-z0-9][a-z0-9_]*)?$")] = ""
    values: str = ""


class Loan(SourcedRecord):
    """A tranche of finance: packaged terms by name, or terms stated here.

    Rows with the same `case` finance together; what they leave is equity.  Empty cells
    come from the packaged terms and from `[finance]`.  `place` limits a tranche to a
    technology, centre or plant.
    """

    id: Id
    terms: str
    share: Share
    case: str = "loans"
    kind: Literal["", "grant", "concessional", "commercial", "equity"] = ""
    place: str = ""
    interest_per_y: Annotated[float | None, Unit("1/y")] = None
    tenor_y: Annotated[Amount | None, Unit("y")] = None
    grace_y: Annotated[Amount | None, Unit("y")] = None
    repayment: Literal["", "equal_principal", "annuity", "sculpted"] = ""
    upfront_fee: Annotated[Amount | None, Unit("- of loan")] = None
    commitment_fee_per_y: Annotated[Amount | None, Unit("1/y of undrawn")] = None
    guarantee_fee_per_y: Annotated[Amount | None, Unit("1/y of balance")] = None
    currency: str = ""
    gain_per_y: Annotated[float, Unit("1/y against the scenario's currency")] = 0.0
    available_from: Year | None = None
    available_until: Year | None = None
