"""Rules on names: references resolve, ids are unambiguous, keys are unique."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from wasteplan.scenario.derived import ACTORS
from wasteplan.scenario.findings import (
    Finding,
    Rule,
    about,
    on_table,
    reads,
    row_key,
    row_name,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.registry import TABLE, TABLES
from wasteplan.tables import columns_of, named
from wasteplan.units import Record, Reference, field_mark, words
from wasteplan.wording import did_you_mean

PLACE_TABLES = ("generators", "sites", "centres", "outlets", "depots")
RESERVED = frozenset({"raw", "centre", "outlet", "haul", "any", "all"})
"""Words with a meaning of their own in plans, legs and yields."""


@cache
def references_of(record: type[Record]) -> tuple[tuple[str, Reference], ...]:
    """(column, what it names) of every column that names a row of another table."""
    marks = ((n, field_mark(f, Reference)) for n, f in record.model_fields.items())
    return tuple((name, mark) for name, mark in marks if mark is not None)


def ids(scenario: Scenario, *tables: str) -> set[str]:
    """The names of the rows of some tables."""
    return {
        row.profile if table == "profiles" else row.id
        for table in tables
        for row in getattr(scenario, table)
    }


def unknown(name: str, known: Collection[str], what: str) -> str:
    """The sentence for a name that names nothing."""
    return f"no {what} '{name}'{did_you_mean(name, known)}"


@reads()
def every_reference_resolves(scenario: Scenario) -> Iterator[Finding]:
    """A cell that names a row of another table names one that exists."""
    known: dict[str, set[str]] = {}
    for spec in TABLES:
        columns = [c for c in references_of(spec.record) if c[1].table != "sources"]
        for column, mark in columns:
            if mark.table not in known:
                known[mark.table] = ids(scenario, mark.table)
            for row in getattr(scenario, spec.name, ()):
                value = getattr(row, column)
                for name in words(value) if mark.many else (value,):
                    if name and name not in known[mark.table]:
                        hint = did_you_mean(name, known[mark.table])
                        message = f"no row '{name}' in {mark.table}{hint}"
                        found = about(spec.name, row, column, message)
                        yield replace(found, names=mark.table, name=name)


@reads("generators", "generator_classes", "containers")
def every_generator_has_a_class(scenario: Scenario) -> Iterator[Finding]:
    """Where classes are described at all, every class that is used is among them."""
    known = ids(scenario, "generator_classes")
    for table in ("generators", "containers"):
        for row in getattr(scenario, table):
            if known and row.generator_class not in known:
                message = unknown(row.generator_class, known, "generator class")
                yield about(table, row, "generator_class", message)


@reads("facilities", "sizes")
def every_facility_has_a_size(scenario: Scenario) -> Iterator[Finding]:
    """The size of an existing facility is one of its technology's."""
    for row in scenario.facilities:
        if (row.technology, row.size) not in scenario.size:
            known = [s.id for s in scenario.sizes if s.technology == row.technology]
            message = unknown(row.size, known, f"size of {row.technology}")
            yield about("facilities", row, "size", message)


@reads("acceptance", "streams", "products")
def what_is_accepted_exists(scenario: Scenario) -> Iterator[Finding]:
    """Acceptance names streams and products."""
    known = ids(scenario, "streams", "products")
    for row in scenario.acceptance:
        if row.accepts not in known:
            message = unknown(row.accepts, known, "stream or product")
            yield about("acceptance", row, "accepts", message)


@reads("yields", "fractions")
def what_is_converted_exists(scenario: Scenario) -> Iterator[Finding]:
    """Yields name fractions, or `any`."""
    known = ids(scenario, "fractions") | {"any"}
    for row in scenario.yields:
        if row.fraction not in known:
            message = unknown(row.fraction, known, "fraction")
            yield about("yields", row, "fraction", message)


@reads("legs", "generators", "technologies", "streams", "products")
def legs_name_what_exists(scenario: Scenario) -> Iterator[Finding]:
    """A leg starts at a generator class, `centre` or a technology; it carries waste."""
    origins = {g.generator_class for g in scenario.generators}
    origins |= ids(scenario, "generator_classes", "technologies") | {"centre", "*"}
    carried = ids(scenario, "streams", "products") | {"*"}
    for row in scenario.legs:
        if row.origin not in origins:
            what = "generator class, `centre` or technology"
            yield about("legs", row, "origin", unknown(row.origin, origins, what))
        if row.carries not in carried:
            message = unknown(row.carries, carried, "stream or product")
            yield about("legs", row, "carries", message)


@reads("edges", "nodes")
def edges_join_nodes(scenario: Scenario) -> Iterator[Finding]:
    """Both ends of a road are nodes, and they differ."""
    known = ids(scenario, "nodes")
    for row in scenario.edges:
        for column in ("from_node", "to_node"):
            name = getattr(row, column)
            if name not in known:
                yield about("edges", row, column, unknown(name, known, "node"))
        if row.from_node == row.to_node:
            yield about("edges", row, "to_node", "the road ends where it starts")


@reads("distances", *PLACE_TABLES)
def distances_are_between_places(scenario: Scenario) -> Iterator[Finding]:
    """Both ends of a distance are places of the scenario."""
    known = ids(scenario, *PLACE_TABLES)
    for row in scenario.distances:
        for column in ("origin", "destination"):
            name = getattr(row, column)
            if name not in known:
                message = unknown(name, known, "generator, site, centre or outlet")
                yield about("distances", row, column, message)


@reads("owners", "technologies", "centres")
def owners_own_something(scenario: Scenario) -> Iterator[Finding]:
    """An owner owns a technology or a centre; a centre has one owner."""
    known = ids(scenario, "technologies", "centres")
    for row in scenario.owners:
        name = row.technology_or_centre
        if name not in known:
            message = unknown(name, known, "technology or centre")
            yield about("owners", row, "technology_or_centre", message)
    owned = {row.technology_or_centre: row.actor for row in scenario.owners}
    for centre in scenario.centres:
        if centre.owner and centre.owner not in ACTORS:
            message = unknown(centre.owner, ACTORS, "actor")
            yield about("centres", centre, "owner", message)
        elif centre.owner and owned.get(centre.id, centre.owner) != centre.owner:
            message = f"is '{centre.owner}', but owners.csv says '{owned[centre.id]}'"
            yield about("centres", centre, "owner", message)


@reads("targets", "generators")
def targets_name_regions(scenario: Scenario) -> Iterator[Finding]:
    """The region of a target is the region of some generator."""
    known = {g.region for g in scenario.generators}
    for row in scenario.targets:
        if row.region and row.region not in known:
            message = unknown(row.region, known, "generator in region")
            yield about("targets", row, "region", message)


@reads("ranges", "provenance")
def ranges_and_provenance_name_cells(scenario: Scenario) -> Iterator[Finding]:
    """`table`, `row` and `column` name a cell; `*` as row names the whole column.

    A row is named by its id, or by its key columns joined by `/`.
    """
    names: dict[str, set[str]] = {}
    for table in ("ranges", "provenance"):
        for row in getattr(scenario, table):
            spec = TABLE.get(row.table)
            if spec is None:
                yield about(table, row, "table", unknown(row.table, TABLE, "table"))
                continue
            columns = columns_of(spec.record)
            if row.column not in columns:
                message = unknown(row.column, columns, f"column of {row.table} named")
                yield about(table, row, "column", message)
            if row.table not in names:
                rows = getattr(scenario, row.table, ())
                names[row.table] = {row_name(row.table, r) for r in rows}
            if row.row != "*" and row.row not in names[row.table]:
                message = unknown(
                    row.row, names[row.table], f"row in {row.table} named"
                )
                yield about(table, row, "row", message)


@reads()
def keys_are_unique(scenario: Scenario) -> Iterator[Finding]:
    """No two rows of a table have the same key."""
    for spec in TABLES:
        rows = getattr(scenario, spec.name, ())
        counts = Counter(row_key(spec.name, row) for row in rows)
        for key, count in counts.items():
            if count > 1:
                message = f"{named(key)} stands {count} times in {spec.name}"
                yield on_table(spec.name, message, ", ".join(spec.key))


@reads()
def no_name_means_two_things(scenario: Scenario) -> Iterator[Finding]:
    """Places and fates share no id, nor streams and products, nor leg origins."""
    groups: tuple[tuple[str, ...], ...] = (
        (*PLACE_TABLES, "fates"),
        ("streams", "products"),
        ("generator_classes", "technologies"),
        ("technologies", "centres"),
    )
    for tables in groups:
        seen: dict[str, str] = {}
        for table in tables:
            for row in getattr(scenario, table):
                if row.id in seen and seen[row.id] != table:
                    message = f"'{row.id}' is also the id of a row in {seen[row.id]}"
                    yield about(table, row, "id", message)
                seen.setdefault(row.id, table)
    for table in (*PLACE_TABLES, "streams", "products", "technologies", "fractions"):
        for row in getattr(scenario, table):
            if row.id in RESERVED:
                yield about(table, row, "id", f"'{row.id}' is a reserved word")


@reads()
def unused_columns_are_empty(scenario: Scenario) -> Iterator[Finding]:
    """A column that no code reads yet holds nothing but its default."""
    for spec in TABLES:
        for column in columns_of(spec.record).values():
            if not column.waits_for:
                continue
            default: Any = spec.record.model_fields[column.name].default
            for row in getattr(scenario, spec.name, ()):
                if getattr(row, column.name) != default:
                    message = f"is not used yet (waits for {column.waits_for})"
                    yield about(spec.name, row, column.name, message)


NAME_RULES: tuple[Rule, ...] = (
    every_reference_resolves,
    every_generator_has_a_class,
    every_facility_has_a_size,
    what_is_accepted_exists,
    what_is_converted_exists,
    legs_name_what_exists,
    edges_join_nodes,
    distances_are_between_places,
    owners_own_something,
    targets_name_regions,
    ranges_and_provenance_name_cells,
    keys_are_unique,
    no_name_means_two_things,
    unused_columns_are_empty,
)
