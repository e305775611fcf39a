"""Rules on measures: what their rows must state, and what their combinations do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wasteplan.errors import WasteplanError
from wasteplan.scenario.findings import Finding, Rule, about, on_table, reads
from wasteplan.scenario.informal import workers_of
from wasteplan.scenario.measures import (
    MEASURE_TABLES,
    Row,
    leakage_under,
    measures_of,
    regimes,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.setting_out import set_out, streams_of

SHARE_SUM_TOLERANCE = 1e-6
TABLES = MEASURE_TABLES
SHARED = ("kind", "generator_class", "from_year", "group", "may_stop")
"""What rows of one measure have in common."""
RESPONSE = ("leakage", "fates", "periods")
WASTE = ("generators", "generation", "streams", "composition", "fractions")


@reads(*TABLES)
def rows_of_a_measure_agree(scenario: Scenario) -> Iterator[Finding]:
    """Rows of one id are one decision: one class, kind, year and group, one table."""
    first: dict[str, tuple[str, Row]] = {}
    for table in TABLES:
        for row in getattr(scenario, table):
            other, known = first.setdefault(row.id, (table, row))
            if other != table:
                message = f"'{row.id}' is also the id of a row of {other}.csv"
                yield about(table, row, "id", message)
                continue
            for column in SHARED:
                here, there = getattr(row, column), getattr(known, column)
                if here != there:
                    message = f"is '{here}'; another row of {row.id} says '{there}'"
                    yield about(table, row, column, message)


@reads("programmes")
def programmes_say_where_it_goes(scenario: Scenario) -> Iterator[Finding]:
    """Segregation names a stream; prevention and awareness move nothing anywhere."""
    for row in scenario.programmes:
        if row.kind == "segregation":
            if not row.to_stream:
                message = "segregation needs the stream that the fraction goes into"
                yield about("programmes", row, "to_stream", message)
            continue
        for column in ("to_stream", "contamination"):
            if getattr(row, column):
                message = f"only segregation has one; leave it empty for {row.kind}"
                yield about("programmes", row, column, message)


@reads("leakage_measures")
def leakage_measures_do_something(scenario: Scenario) -> Iterator[Finding]:
    """Enforcement adds to a penalty; price matching pays, whatever the fate."""
    for row in scenario.leakage_measures:
        needs, leaves = "penalty_added_per_t", ["paid_per_t"]
        if row.kind == "price_matching":
            needs, leaves = "paid_per_t", ["penalty_added_per_t", "fate"]
        if not getattr(row, needs):
            message = f"{row.kind} needs a value above 0"
            yield about("leakage_measures", row, needs, message)
        for column in leaves:
            if getattr(row, column):
                message = f"has no meaning for {row.kind}; leave it empty"
                yield about("leakage_measures", row, column, message)


@reads("programmes", *WASTE)
def separated_streams_have_one_source(scenario: Scenario) -> Iterator[Finding]:
    """What a programme separates reaches a generator's gate by one way only.

    Otherwise two materials of one name would leave one gate.
    """
    stated: dict[str, set[str]] = defaultdict(set)
    for tonnes in scenario.generation:
        stated[tonnes.generator].add(tonnes.stream)
    for row in scenario.programmes:
        if not row.to_stream:
            continue
        for g in scenario.generators:
            if g.generator_class != row.generator_class:
                continue
            if row.to_stream in stated[g.id]:
                message = (
                    f"{g.id} states tonnes of {row.to_stream} itself: separate into a "
                    "stream of its own"
                )
                yield about("programmes", row, "to_stream", message)
                break
            others = {
                p.stream
                for p in scenario.programmes
                if (p.generator_class, p.to_stream)
                == (row.generator_class, row.to_stream)
            }
            ways = stated[g.id] if "" in others else stated[g.id] & others
            if len(ways) > 1:
                message = (
                    f"{row.to_stream} would come out of {', '.join(sorted(ways))} of "
                    f"{g.id}: name one in `stream`, or separate into several streams"
                )
                yield about("programmes", row, "to_stream", message)
                break


@reads(*TABLES, *WASTE, *RESPONSE, "informal", "fraction_properties")
def every_regime_can_be(scenario: Scenario) -> Iterator[Finding]:
    """Every combination of a class: enough to separate, leakage of at most 1."""
    classes = {g.generator_class for g in scenario.generators}
    for kind in sorted(classes):
        own = measures_of(scenario, kind)
        trades = [row for row in scenario.informal if row.generator_class == kind]
        if not own and not trades:
            continue
        try:
            yield from _regimes_of(scenario, kind)
        except WasteplanError as error:
            table = own[0].table if own else "informal"
            yield on_table(table, str(error), "id")


def _regimes_of(scenario: Scenario, kind: str) -> Iterator[Finding]:
    for regime in regimes(scenario, kind):
        for stream, basis in streams_of(scenario, kind):
            for part in set_out(scenario, kind, stream, basis, regime).parts:
                for period in scenario.periods:
                    shares = leakage_under(
                        scenario, kind, part.stream, period.id, regime
                    )
                    if regime and sum(shares.values()) > 1 + SHARE_SUM_TOLERANCE:
                        names = ", ".join(regime)
                        message = (
                            f"with {names}, fates take {sum(shares.values()):g} of "
                            f"{part.stream} of {kind} in {period.id}, above 1"
                        )
                        yield on_table("leakage", message, "share")
                        return


@reads("informal", "integration")
def integration_meets_its_trade(scenario: Scenario) -> Iterator[Finding]:
    """A trade is integrated where it works, and no more people than it has."""
    workers = workers_of(scenario)
    classes = {(row.id, row.generator_class) for row in scenario.informal}
    for row in scenario.integration:
        if (row.informal, row.generator_class) not in classes:
            message = f"{row.informal} takes nothing from class {row.generator_class}"
            yield about("integration", row, "generator_class", message)
        most = workers.get(row.informal)
        if most is not None and row.workers > most:
            message = f"{row.workers:g} are more than the {most:g} of {row.informal}"
            yield about("integration", row, "workers", message)


@reads("informal", "targets")
def income_floors_have_workers(scenario: Scenario) -> Iterator[Finding]:
    """An income per worker needs trades whose workers are known."""
    if any(workers_of(scenario).values()):
        return
    for row in scenario.targets:
        if row.metric == "informal_income_per_worker_y":
            message = "no trade of informal.csv has `workers`"
            yield about("targets", row, "metric", message)


MEASURE_RULES: tuple[Rule, ...] = (
    rows_of_a_measure_agree,
    programmes_say_where_it_goes,
    leakage_measures_do_something,
    separated_streams_have_one_source,
    integration_meets_its_trade,
    income_floors_have_workers,
    every_regime_can_be,
)
