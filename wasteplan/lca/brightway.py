"""A life cycle as tables that Brightway's CSV importers read.

Brightway keeps data in projects, not in files; its documented way in is the table
format of `bw2io` (`CSVImporter` for databases, `CSVLCIAImporter` for methods).  It
needs no library to write and can be read by eye.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from wasteplan.lca.activities import (
    SUBSTANCE_NAMES,
    TO_WATER,
    LifeCycle,
    substances_of,
)
from wasteplan.lca.methods import ImpactMethod
from wasteplan.whole import file_written_whole

BIOSPHERE = "wasteplan biosphere"
LOCATION = "GLO"
KILOGRAM = "kilogram"
UNIT = "unit"
EXCHANGE_COLUMNS = (
    "name",
    "amount",
    "unit",
    "type",
    "database",
    "categories",
    "location",
    "reference product",
    "comment",
)
READING = """\
Brightway (bw2io >= 0.8), in a project of your own:

import bw2io as bi
from bw2data import Database

flows = bi.CSVImporter("biosphere.csv")
flows.apply_strategies()
flows.write_database()
plan = bi.CSVImporter("inventory.csv")
plan.apply_strategies()
plan.match_database("{biosphere}", fields=("name", "unit", "categories"))
plan.statistics()  # nothing unlinked
plan.write_database()

Each method_NAME.csv is read by

method = bi.CSVLCIAImporter("method_NAME.csv", ("wasteplan", "NAME"), "", "unit")
method.apply_strategies()
method.data = bi.strategies.link_iterable_by_fields(
    method.data, Database("{biosphere}"), fields=("name", "categories"),
    edge_kinds=["biosphere"],
)
method.write_methods()
"""


def database_name(cycle: LifeCycle) -> str:
    """The name of the database in Brightway."""
    return f"wasteplan {cycle.scenario} {cycle.plan}"


def reference_name(cycle: LifeCycle) -> str:
    """The activity that treats one tonne of waste."""
    return f"Plan {cycle.plan} of {cycle.scenario}"


def write_brightway(folder: str | Path, cycle: LifeCycle) -> tuple[Path, ...]:
    """Write biosphere.csv, inventory.csv, method_NAME.csv and reading.txt.

    Parameters
    ----------
    folder
        Made if it is not there; files of other names in it are left alone.
    cycle
        What to write.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    WasteplanError
        If a file cannot be written.
    """
    folder = Path(folder)
    files = {
        "biosphere.csv": _biosphere(cycle),
        "inventory.csv": _inventory(cycle),
        **{f"method_{m.id}.csv": _method(m) for m in cycle.methods},
    }
    written = []
    for name, rows in files.items():
        written.append(_write(folder / name, _text(rows)))
    written.append(_write(folder / "reading.txt", READING.format(biosphere=BIOSPHERE)))
    return tuple(written)


def _write(path: Path, text: str) -> Path:
    with file_written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
    return path


def _text(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _categories(substance: str) -> str:
    """Compartment; `::` separates the parts of a tuple."""
    return "water::" if substance in TO_WATER else "air::"


def _biosphere(cycle: LifeCycle) -> Iterator[tuple[object, ...]]:
    yield ("Database", BIOSPHERE)
    yield ("format", "wasteplan")
    for substance in substances_of(cycle):
        yield ()
        yield ("Activity", SUBSTANCE_NAMES[substance])
        yield ("code", substance)
        yield ("type", "emission")
        yield ("unit", KILOGRAM)
        yield ("categories", _categories(substance))


def _inventory(cycle: LifeCycle) -> Iterator[tuple[object, ...]]:
    database = database_name(cycle)
    yield ("Database", database)
    yield ("format", "wasteplan")
    yield ("system", cycle.system)
    yield ("waste generated [t]", repr(cycle.waste_t))
    whole = reference_name(cycle)
    yield from _head(whole, whole, UNIT, f"one tonne of waste; {cycle.system}")
    yield _produces(whole, database)
    for activity in cycle.activities:
        share = 1.0 / cycle.waste_t
        yield (
            activity.name,
            repr(share),
            UNIT,
            "technosphere",
            database,
            "",
            LOCATION,
            activity.name,
            "",
        )
    for activity in cycle.activities:
        comment = "over the whole horizon of the plan"
        yield from _head(activity.name, activity.name, UNIT, comment)
        yield _produces(activity.name, database)
        for substance, amount in activity.amounts.items():
            yield (
                SUBSTANCE_NAMES[substance],
                repr(amount.kg),
                KILOGRAM,
                "biosphere",
                BIOSPHERE,
                _categories(substance),
                "",
                "",
                f"status: {amount.status}",
            )


def _head(
    name: str, product: str, unit: str, comment: str
) -> Iterator[tuple[object, ...]]:
    yield ()
    yield ("Activity", name)
    yield ("reference product", product)
    yield ("location", LOCATION)
    yield ("unit", unit)
    yield ("comment", comment)
    yield ("Exchanges",)
    yield EXCHANGE_COLUMNS


def _produces(name: str, database: str) -> tuple[object, ...]:
    return (name, "1.0", UNIT, "production", database, "", LOCATION, name, "")


def _method(method: ImpactMethod) -> Iterator[tuple[object, ...]]:
    yield ("name", "categories", "amount", "unit", "comment")
    for factor in method.factors.values():
        yield (
            SUBSTANCE_NAMES[factor.substance],
            _categories(factor.substance),
            repr(factor.value),
            KILOGRAM,
            f"{method.unit}; status {factor.status}; {factor.source}",
        )
