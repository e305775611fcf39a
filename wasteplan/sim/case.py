"""What a simulation run needs to know, as plain values: no scenario, no plan."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from wasteplan.sim.calendar import Hours, Pause
from wasteplan.sim.chance import Spread
from wasteplan.sim.line import Rating
from wasteplan.sim.yard import GateShape

NO_FLEET = -1
EMERGENCY = "emergency"
"""Where a load goes that nobody takes; it counts as untreated."""


@dataclass(frozen=True)
class Commodity:
    """A material that moves: raw waste or a product, by where it first came from."""

    name: str
    """What acceptance tables call it: stream id or product id."""
    product: str
    """`raw` or the product id."""
    origin: str
    """`stream` or `stream@region` of the waste it was."""
    lhv_gj_per_t: float
    """NaN unknown.  [GJ/t]"""
    is_hazardous: bool


@dataclass(frozen=True, slots=True)
class Haul:
    """A way with the truck that serves it."""

    destination: int
    load_t: float
    km: float
    """One way.  [km]"""
    time_h: float
    """One way.  [h]"""
    load_h: float
    unload_h: float
    vehicle: int
    fleet: int = NO_FLEET


@dataclass(frozen=True)
class Bin:
    """What waits at a centre or plant for one destination; it leaves by truckloads."""

    name: str
    """The stream or product, as acceptance tables call it."""
    haul: Haul
    shares: dict[int, float]
    """Share of each commodity that goes this way.  [-]"""
    leaves_from_t: float = 0.0
    """Trucks are called when so much waits.  [t]"""
    leaves_after_h: float = math.inf
    """What has waited so long leaves in a truck that is not full.  [h]"""


@dataclass(frozen=True)
class Made:
    """One output of a conversion."""

    product: str
    share: float
    """Tonnes per tonne taken.  [-]"""
    commodity: int | None
    """None: released, leaves the solid system."""


@dataclass(frozen=True)
class TurnDown:
    """How a plant keeps to its minimum load.

    Below `below_t` in its bunker it turns down to the minimum. With an empty bunker it
    stops until `restart_t` have come.
    """

    load_min: float
    """Share of the heat rating, of the mass limit without one.  [-]"""
    below_t: float
    restart_t: float


@dataclass(frozen=True)
class BlendCase:
    """A limit on the mean of a property over what a plant takes."""

    property: str
    min: float
    max: float
    values: tuple[float, ...]
    """By commodity; NaN unknown.  [MJ/kg or kg/kg]"""


@dataclass(frozen=True)
class Dwell:
    """How long a store keeps what comes.

    Without a time to keep, loads leave as soon as they fill a truck.
    """

    time: Spread | None
    limit_h: float
    """What would stay longer is expired and leaves.  [h]"""


@dataclass(frozen=True)
class PlantCase:
    """A plant at work: all capacity of one technology at one site."""

    id: str
    technology: str
    is_disposal: bool
    accepts: frozenset[str]
    ratings: tuple[Rating, ...]
    """One a line; empty for disposal."""
    nameplate_t_per_h: float
    derating: float
    """Availability built into the ratings where no outages are simulated.  [-]"""
    bunker_t: float
    gate: GateShape
    weigh_in: Spread
    tip_h: float | None
    """Mean time to tip; None: the vehicle's own.  [h]"""
    weigh_out: Spread
    hours: Hours
    failure: Spread | None
    repair: Spread | None
    overhaul_h: float
    made: dict[int, tuple[Made, ...]]
    reagent_t_per_t: float
    """Added to what is converted; part of what is made.  [t/t]"""
    electricity_mwh_per_t: dict[int, float]
    bins: tuple[Bin, ...]
    repair_crews: int | None = None
    """Lines that are mended at the same time; None: all of them."""
    overhaul_from_d: int | None = None
    """Day of the year on which the first line's overhaul begins; None: by chance."""
    ramp_h: float = 0.0
    """From the restart of a line to full load.  [h]"""
    turn_down: TurnDown | None = None
    """How the lines keep to their minimum load; None: they run at any load."""
    rejected_share: float = 0.0
    """Of loads, found unfit at the gate.  [-]"""
    blends: tuple[BlendCase, ...] = ()
    airspace_m3: float = math.inf
    """Left on 1 January.  [m3]"""
    m3_per_t: float = 0.0
    """Airspace that a tonne takes, cover included.  [m3/t]"""
    dwell: Dwell | None = None
    """Of a store; None: the lines take out what lies in the bunker."""
    low_load_mwh_per_t: dict[int, float] = field(default_factory=dict)
    """What a tonne of a commodity makes less at minimum load; empty: as much."""


@dataclass(frozen=True)
class CentreCase:
    """A collection centre or transfer station at work."""

    id: str
    accepts: frozenset[str]
    storage_t: float
    loads_t_per_h: float
    """How fast bulk trucks are loaded, day and night.  [t/h]"""
    bins: tuple[Bin, ...]
    baler_t_per_h: float = math.inf
    """How fast waste is baled before it can be loaded, day and night.  [t/h]"""


@dataclass(frozen=True)
class OutletCase:
    """A way out across the boundary."""

    id: str
    counts_as: str
    limit_t: float = math.inf
    """Taken in the measured days.  [t]"""


Place = PlantCase | CentreCase | OutletCase


@dataclass(frozen=True)
class FleetCase:
    """Trucks of one type at a depot."""

    id: str
    trucks: int
    """At work at the same time.  [trucks]"""
    hours: Hours
    pause: Pause | None = None
    depot: str = ""
    owned: int = 0
    """With those that stand for want of a crew.  [trucks]"""


@dataclass(frozen=True, slots=True)
class Group:
    """Waste collected together: one commodity, one destination, one truck type."""

    origin: str
    """A generator, or `round <region>` for a round over small generators."""
    commodity: int
    haul: Haul
    """km and time are means over the members."""
    is_serviced: bool
    """Containers are emptied on a timetable; otherwise a load leaves when full."""
    rest_joins: int | None = None
    """The round that takes what fills no truck on a day; None: a truck goes for it."""
    by_hour: tuple[float, ...] = ()
    """Factors of the hours of the day at which loads are ready; empty: no matter."""


@dataclass(frozen=True, slots=True)
class Member:
    """The part of a source's waste that belongs to a group."""

    group: int
    share: float
    km: float
    time_h: float


@dataclass(frozen=True, slots=True)
class Source:
    """A generator's stream."""

    id: str
    mean_t_per_d: float
    """Generated.  [t/d]"""
    lost: float
    """Share that leaks to fates counted as leakage.  [-]"""
    recycled: float
    """Share that leaks to fates counted as recycling.  [-]"""
    profile: int
    variation: float
    container_t: float
    """Room in the containers; inf: no containers.  [t]"""
    every_d: int
    first_d: int
    members: tuple[Member, ...]
    material: str = ""
    """`stream` or `stream@region` of what it generates, as `Commodity.origin`."""


@dataclass(frozen=True)
class Case:
    """One period of a plan, ready to run."""

    scenario: str
    plan: str
    period: str
    year: int
    warm_up_d: int
    days: int
    commodities: tuple[Commodity, ...]
    places: tuple[Place, ...]
    fleets: tuple[FleetCase, ...]
    vehicles: tuple[str, ...]
    sources: tuple[Source, ...]
    groups: tuple[Group, ...]
    profiles: np.ndarray
    """Daily factors; shape (profiles, warm_up_d + days).  [-]"""
    km: np.ndarray
    """Between places; shape (places, places).  [km]"""
    time_h: np.ndarray
    notes: tuple[str, ...] = ()
    """Where the run departs from what is stated."""

    @property
    def days_in_all(self) -> int:
        """Warm-up and measured days."""
        return self.warm_up_d + self.days
