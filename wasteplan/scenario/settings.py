"""The settings of `scenario.toml`, section by section."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.distributions import Distribution
from wasteplan.scenario.finance_settings import FinanceSettings
from wasteplan.scenario.total_names import TotalName
from wasteplan.units import Amount, Id, Record, Share, Unit, Year


class Heading(Record):
    """`[scenario]`: what this study is."""

    name: Id
    title: str
    description: str = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    price_year: Year
    base_year: Year
    extends: str = ""
    notes: tuple[str, ...] = ()


class Economics(Record):
    """`[economics]`: real terms, in the scenario's currency and price year."""

    discount_rate: Annotated[float, Field(ge=0, lt=1), Unit("1/y")]
    count_carbon: bool = False


class Roads(Record):
    """`[roads]`: how distance and time between places are found."""

    provider: Literal["matrix", "graph", "osm", "great_circle"]
    file: str = ""
    circuity: Annotated[float, Field(ge=1), Unit("-")] = 1.3
    speed_km_per_h: Annotated[float, Field(gt=0), Unit("km/h")] = 40.0
    snap_max_km: Annotated[Amount, Unit("km")] = 50.0


class LeakageSettings(Record):
    """`[leakage]`: which response of the table is taken."""

    response: Literal["low", "central", "high"] = "central"


class Assessment(Record):
    """`[assessment]`: conventions of the emission accounts, declared once.

    `credits` true is system expansion (avoided production is subtracted), false is
    cut-off.  `electricity_credit` names the grid factor of exported power; `decay` the
    IPCC guidelines that say how much carbon decomposes in a landfill, or a set of the
    US EPA's LandGEM.  `rain_mm_per_y`
    falls on landfills and makes leachate where they state a height and phases.
    """

    gwp: Literal["AR4", "AR5", "AR6"] = "AR6"
    credits: bool = True
    electricity_credit: Literal["average", "marginal"] = "average"
    decay: Literal[
        "ipcc2006",
        "ipcc2019",
        "landgem_caa",
        "landgem_caa_arid",
        "landgem_inventory",
        "landgem_inventory_arid",
        "landgem_wet",
    ] = "ipcc2006"
    climate: Literal[
        "boreal_temperate_dry",
        "boreal_temperate_wet",
        "tropical_dry",
        "tropical_moist_wet",
    ] = "tropical_moist_wet"
    rain_mm_per_y: Annotated[float | None, Field(ge=0), Unit("mm/y")] = None


class SolveSettings(Record):
    """`[solve]`: what the optimizer makes least, and when it stops.

    `myopic` decides period by period, knowing nothing of later ones.
    `weighted` is the cost plus the weights times their totals over all years, less the
    weight of jobs times person-years.  Jobs and the lowest diversion are made most.
    `exposure_radius_km` counts the people of generators around a site for which
    `site_criteria` states no `people_affected`.
    """

    objective: Literal[TotalName, "weighted"] = "cost_total"
    weight_co2e_per_t: Annotated[Amount, Unit("money/t CO2e")] = 0.0
    weight_landfilled_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    foresight: Literal["perfect", "myopic"] = "perfect"
    weight_jobs_per_person_y: Annotated[Amount, Unit("money/person-year")] = 0.0
    weight_exposure_per_person_t: Annotated[Amount, Unit("money/(person t)")] = 0.0
    weight_unsuited_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    exposure_radius_km: Annotated[Amount | None, Unit("km")] = None

    gap: Annotated[Share, Unit("- of gross cost")] = 0.005
    time_limit_s: Annotated[float, Field(gt=0), Unit("s")] = 60.0
    threads: Annotated[int, Field(ge=1), Unit("threads")] = 1
    unmixing_max: Annotated[Share, Unit("-")] = 0.01
    single_sourcing: bool = False
    service_distance_max_km: Annotated[Amount | None, Unit("km")] = None
    cluster_above: Annotated[int, Field(ge=1), Unit("generators")] = 400


class SimulationSettings(Record):
    """`[simulation]`: how long, how often, which chance.

    `terminating` measures what happens after `warm_up_d`; `steady_state` lengthens the
    warm-up until stocks have settled. With `half_width_target` replications go on until
    the 95 % intervals of the indicators in `half_width_of` are that narrow, or
    `replications_max` is reached.
    """

    seed: Annotated[int, Field(ge=0), Unit("-")] = 1
    replications: Annotated[int, Field(ge=1), Unit("runs")] = 10
    days: Annotated[int, Field(ge=7), Unit("d")] = 365
    warm_up_d: Annotated[int, Field(ge=0), Unit("d")] = 28
    kind: Literal["terminating", "steady_state"] = "terminating"
    half_width_target: Annotated[
        float | None, Field(gt=0, lt=1), Unit("- of the mean")
    ] = None
    half_width_of: tuple[str, ...] = ("landfill_diversion_rate",)
    replications_max: Annotated[int, Field(ge=8), Unit("runs")] = 100


class LoopSettings(Record):
    """`[loop]`: when planning and simulating in turn stops."""

    rounds_max: Annotated[int, Field(ge=1, le=20), Unit("rounds")] = 6
    tolerance: Annotated[Share, Unit("-")] = 0.005
    time_limit_s: Annotated[float | None, Field(gt=0), Unit("s a later solve")] = None


class UncertaintySettings(Record):
    """`[uncertainty]`: how what is uncertain is drawn, where `ranges.csv` is silent.

    `waste_moves_together`: tonnages of a `generator`'s stream in its years, of a whole
    `stream` (all its generators: their ranges come from the same rate a worker), or
    `all`.
    """

    distribution: Distribution = "triangular"
    waste_moves_together: Literal["generator", "stream", "all"] = "stream"


class Settings(Record):
    """All of `scenario.toml`."""

    scenario: Heading
    economics: Economics
    roads: Roads
    leakage: LeakageSettings = LeakageSettings.model_construct()
    assessment: Assessment = Assessment.model_construct()
    solve: SolveSettings = SolveSettings.model_construct()
    simulation: SimulationSettings = SimulationSettings.model_construct()
    loop: LoopSettings = LoopSettings.model_construct()
    finance: FinanceSettings = FinanceSettings.model_construct()
    uncertainty: UncertaintySettings = UncertaintySettings.model_construct()
