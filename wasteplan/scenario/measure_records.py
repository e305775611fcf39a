"""Rows of what changes waste before it is collected: measures, and the informal trade.

A measure is at work in a class of generators for whole periods; the plan decides which.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.units import Amount, Id, Reference, Share, SourcedRecord, Unit, Year


class Programme(SourcedRecord):
    """Source segregation, prevention or awareness, for one fraction of a class.

    Rows of one `id` are one programme; their costs add.  `segregation` moves
    participation x capture of the fraction with its water into `to_stream`, whose mass
    holds `contamination` of other material; `prevention` lets that much never arise;
    `awareness` makes participation x capture of those join who do not yet take part in
    the other programmes of the class and fraction.  Of the programmes of one `group`
    at most one is at work in a period.
    """

    id: Id
    kind: Literal["segregation", "prevention", "awareness"]
    generator_class: Annotated[Id, Reference("generator_classes")]
    fraction: Annotated[Id, Reference("fractions")]
    participation: Share
    capture: Share
    contamination: Annotated[float, Field(ge=0, lt=1), Unit("-")] = 0.0
    stream: Annotated[str, Reference("streams")] = ""
    to_stream: Annotated[str, Reference("streams")] = ""
    cost_per_y: Annotated[Amount, Unit("money/y")] = 0.0
    cost_per_t: Annotated[Amount, Unit("money/t moved or prevented")] = 0.0
    from_year: Year
    group: str = ""
    may_stop: bool = False


class LeakageMeasure(SourcedRecord):
    """A level of enforcement, or of price matching, against the leakage of a class.

    `enforcement` adds to the expected penalty of a fate (empty: of all);
    `price_matching` pays generators towards the legal route, which lowers the advantage
    of every fate.  What is paid is a transfer; `cost_per_y` and `cost_per_t` (of what
    is collected) are the cost of running it.  One level of a kind works at a time.
    """

    id: Id
    kind: Literal["enforcement", "price_matching"]
    generator_class: Annotated[Id, Reference("generator_classes")]
    fate: Annotated[str, Reference("fates")] = ""
    penalty_added_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    paid_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    cost_per_y: Annotated[Amount, Unit("money/y")] = 0.0
    cost_per_t: Annotated[Amount, Unit("money/t collected")] = 0.0
    from_year: Year
    group: str = ""
    may_stop: bool = False


class InformalTrade(SourcedRecord):
    """Pickers or buyers who take a fraction of a class's waste before collection.

    Rows of one `id` are one trade; its workers are the sum of its rows.  What they take
    counts as recycled and is sold beyond the boundary.  Shares of workers and words on
    their conditions are for reading; leave empty what nobody has counted.
    """

    id: Id
    kind: Literal["picker", "buyer"] = "picker"
    generator_class: Annotated[Id, Reference("generator_classes")]
    fraction: Annotated[Id, Reference("fractions")]
    stream: Annotated[str, Reference("streams")] = ""
    capture: Share
    price_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    paid_per_t: Annotated[Amount, Unit("money/t, to generators")] = 0.0
    cost_per_t: Annotated[Amount, Unit("money/t, but labour")] = 0.0
    workers: Annotated[Amount | None, Unit("workers")] = None
    youth_share: Annotated[Share | None, Unit("- of workers")] = None
    women_share: Annotated[Share | None, Unit("- of workers")] = None
    working_conditions: str = ""


class Integration(SourcedRecord):
    """A way to make an informal trade part of the system, in one class, as a decision.

    A cooperative sells together (`price_added_per_t`) and may take more
    (`capture_added`); a buy-back pays `premium_per_t` on what is taken; sorting jobs
    pay `wage_per_worker_y` out of what plants pay for labour.  Premium and wage are
    transfers, the rest is cost.  One way at a time for each trade and class.
    """

    id: Id
    kind: Literal["cooperative", "buy_back", "sorting_jobs"]
    informal: Annotated[Id, Reference("informal")]
    generator_class: Annotated[Id, Reference("generator_classes")]
    workers: Annotated[Amount, Unit("workers covered")] = 0.0
    capture_added: Annotated[float, Field(ge=-1, le=1), Unit("-")] = 0.0
    price_added_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    premium_per_t: Annotated[Amount, Unit("money/t")] = 0.0
    wage_per_worker_y: Annotated[Amount, Unit("money/(worker y)")] = 0.0
    insurance_per_worker_y: Annotated[Amount, Unit("money/(worker y)")] = 0.0
    ppe_per_worker_y: Annotated[Amount, Unit("money/(worker y)")] = 0.0
    contributions_per_worker_y: Annotated[Amount, Unit("money/(worker y)")] = 0.0
    registration_per_worker_y: Annotated[Amount, Unit("money/(worker y)")] = 0.0
    cost_per_y: Annotated[Amount, Unit("money/y")] = 0.0
    from_year: Year
    group: str = ""
    may_stop: bool = False
