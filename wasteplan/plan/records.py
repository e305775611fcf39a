"""A plan: what is built where and when, and where each flow is sent."""

from __future__ import annotations

from typing import Annotated, Literal

from wasteplan.units import Id, Record, Share, Unit, Year

RAW = "raw"
"""The product name of a stream as its generator hands it over."""


def plant_id(site: str, technology: str) -> str:
    """The name of all capacity of one technology at one site."""
    return f"{site}.{technology}"


class Build(Record):
    """A facility or centre that starts work in the first year of a period.

    For a centre, `site` is the centre's id, and `technology` and `size` are `centre`.
    """

    site: Id
    technology: Id
    size: Id
    period: Id


class Closure(Record):
    """An existing facility that does no work from the first year of a period on."""

    facility: Id
    period: Id


class Route(Record):
    """The share of what an origin puts out that goes to a destination in a period.

    `origin` is a generator (product `raw`), a centre id or a plant id
    (`site.technology`).  `stream` is the stream for generators; for later hauls empty
    means the real blend, and a stream id (or `stream@region`) means only that part of
    it, which a plant cannot separate (see un-mixing).  `destination` is a plant id, a
    centre id, or an outlet id.  Shares of one (period, origin, stream, product) sum to
    1; for a generator they are shares of what does not leak, so they also sum to 1.
    """

    period: Id
    origin: str
    stream: str = ""
    product: str = RAW
    destination: str
    share: Share


class MeasureAtWork(Record):
    """A programme or measure of the scenario that works in all years of a period.

    Every period in which it works is stated; nothing goes on by itself.
    """

    measure: Id
    period: Id


class Proof(Record):
    """What the solver knows of how good the plan is.

    `of` is what was made least; unless it is the cost, `objective`, `bound`,
    `gross_cost` (the positive part of the objective) and the gaps are in `unit`.  Of
    what is made most (jobs, the lowest diversion) `bound` is what no plan exceeds.
    """

    status: Literal["optimal", "gap", "time_limit", "interrupted", "restricted"]
    objective: Annotated[float, Unit("money, present value")]
    bound: Annotated[float, Unit("money, present value")]
    gross_cost: Annotated[float, Unit("money, present value")]
    gap: Annotated[float, Unit("money, present value")]
    gap_of_gross: Annotated[float, Unit("-")]
    gap_per_t: Annotated[float, Unit("money/t")]
    note: str = ""
    of: str = "cost_total"
    unit: str = "money, present value"


class Plan(Record):
    """What to build, close and send where in every period; its proof, if solved."""

    scenario: Id
    name: str
    made_by: Literal["solve", "hand"] = "hand"
    builds: tuple[Build, ...] = ()
    closures: tuple[Closure, ...] = ()
    routes: tuple[Route, ...] = ()
    measures: tuple[MeasureAtWork, ...] = ()
    proof: Proof | None = None
    description: str = ""
    first_year: Year | None = None
