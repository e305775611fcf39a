"""Completing a scenario from the packaged catalogue: empty cells and missing rows.

- A technology with a `catalogue` key: its empty cells; costs of its sizes; its
  operation; the yields of every fraction that the scenario gives no row for.
- Products of those yields that the scenario does not list.
- Fractions and properties that the scenario does not list.  A fraction that it does
  list is its own: none of the catalogue's properties are added to it.
- A vehicle whose id is one of the catalogue: its empty cells.

A cell counts as empty if the row does not state it, so a stated 0 stays 0.  A
technology that states its own `variable_om_per_t` has its own basis of operating cost:
an empty `fixed_om_per_y` of its sizes is then 0, with a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from wasteplan.errors import ConversionError, Problem, ScenarioError
from wasteplan.treatment.choices import (
    CatalogueTechnology,
    catalogue_technologies,
    catalogue_vehicles,
    chosen_yields,
)
from wasteplan.treatment.costs import (
    Convert,
    capex,
    fixed_om_per_y,
    variable_om_per_t,
)
from wasteplan.treatment.parameters import PACKAGE
from wasteplan.treatment.records import Operation, Product, Size, Technology, Yield
from wasteplan.treatment.vehicle_cells import vehicle_cells
from wasteplan.units import Record
from wasteplan.waste import packaged
from wasteplan.waste.packaged import packaged_records, packaged_sources
from wasteplan.waste.records import Fraction, FractionProperty
from wasteplan.wording import did_you_mean

R = TypeVar("R", bound=Record)
Cells = dict[str, tuple[Any, str]]
"""Column -> (value, status)."""
Filled = dict[tuple[str, str, str], str]
WHOLE = frozenset({"lines", "weighbridges", "bays", "opening_d_per_week"})
"""Columns of an operation that are whole numbers."""


@dataclass(frozen=True)
class Completed:
    """The tables with every cell that the catalogue fills.

    `filled` maps (table, row id, column) to the status of the number; the row id is
    the key of the row with its parts joined by `/`.  `warnings` are texts for results
    that are right but may surprise, such as a size outside a cost function's range.
    """

    technologies: tuple[Technology, ...]
    sizes: tuple[Size, ...]
    products: tuple[Product, ...]
    yields: tuple[Yield, ...]
    operations: tuple[Operation, ...]
    fractions: tuple[Fraction, ...]
    fraction_properties: tuple[FractionProperty, ...]
    vehicles: tuple[Any, ...]
    filled: Filled = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass
class _Notes:
    """What is written down while rows are completed."""

    filled: Filled = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def complete(
    technologies: Sequence[Technology],
    sizes: Sequence[Size],
    products: Sequence[Product],
    yields: Sequence[Yield],
    operations: Sequence[Operation],
    fractions: Sequence[Fraction],
    fraction_properties: Sequence[FractionProperty],
    vehicles: Sequence[Any],
    *,
    currency: str,
    price_year: int,
    convert: Convert | None = None,
) -> Completed:
    """Fill empty cells and add missing rows, as said at the top of this module.

    Parameters
    ----------
    technologies, ..., vehicles
        Rows as stated; vehicles have an `id` and the columns of a truck type.
    currency, price_year
        The scenario's money.
    convert
        (amount, currency, price year) -> amount in the scenario's money; without it,
        only money of that currency and price year is taken.

    Raises
    ------
    ScenarioError
        If a `catalogue` key is unknown or of another kind.
    ConversionError
        If an amount cannot be converted.
    """
    money = convert or _same_money(currency, price_year)
    entries = _entries(technologies)
    notes = _Notes()
    filled = notes.filled
    own_opex = {t.id for t in technologies if not is_empty(t, "variable_om_per_t")}
    all_yields = (*yields, *_missing_yields(entries, yields, filled))
    own = {f.id for f in fractions}
    plants = (_technology(t, entries.get(t.id), money, filled) for t in technologies)
    options = (
        _size(s, entries.get(s.technology), s.technology in own_opex, money, notes)
        for s in sizes
    )
    return Completed(
        technologies=tuple(plants),
        sizes=tuple(options),
        products=(*products, *_missing_products(entries, products, all_yields)),
        yields=all_yields,
        operations=_operations(entries, operations, filled),
        fractions=(*fractions, *(f for f in packaged.fractions() if f.id not in own)),
        fraction_properties=(
            *fraction_properties,
            *_missing_properties(own, fraction_properties, filled),
        ),
        vehicles=tuple(_vehicle(v, money, filled) for v in vehicles),
        filled=filled,
        warnings=tuple(notes.warnings),
    )


@cache
def products() -> tuple[Product, ...]:
    """The products of the catalogue."""
    return packaged_records(PACKAGE, "products.csv", Product, ("id",))


def sources() -> dict[str, str]:
    """Source key -> text, of every packaged number of waste and treatment."""
    return {**packaged_sources("wasteplan.waste"), **packaged_sources(PACKAGE)}


def is_empty(record: Record, column: str) -> bool:
    """Whether a row leaves a cell to the catalogue."""
    return getattr(record, column) is None or column not in record.model_fields_set


def _same_money(currency: str, price_year: int) -> Convert:
    def convert(amount: float, from_currency: str, from_year: int) -> float:
        if (from_currency, from_year) == (currency, price_year):
            return amount
        raise ConversionError(
            f"{from_currency} of {from_year} is not {currency} of {price_year}, and no "
            "conversion was handed in"
        )

    return convert


def _entries(technologies: Iterable[Technology]) -> dict[str, CatalogueTechnology]:
    """The catalogue entry of each technology that names one."""
    known, found, problems = catalogue_technologies(), {}, []
    for row in technologies:
        if not row.catalogue:
            continue
        entry = known.get(row.catalogue)
        if entry is None:
            hint = did_you_mean(row.catalogue, known)
            text = f"'{row.id}': no technology '{row.catalogue}' in the catalogue{hint}"
            problems.append(Problem("technologies.csv", None, "catalogue", text))
        elif entry.kind != row.kind:
            text = f"'{row.id}' is '{row.kind}', but '{entry.key}' is '{entry.kind}'"
            problems.append(Problem("technologies.csv", None, "kind", text))
        else:
            found[row.id] = entry
    if problems:
        raise ScenarioError("technologies", problems)
    return found


def _fill(record: R, table: str, row: str, cells: Cells, filled: Filled) -> R:
    """The record with its empty cells taken from `cells`."""
    taken = {c: v for c, v in cells.items() if is_empty(record, c)}
    if not taken:
        return record
    for column, (value, status) in taken.items():
        if value is not None and not isinstance(value, bool):
            filled[table, row, column] = status
    return record.model_copy(update={c: value for c, (value, _) in taken.items()})


def _technology(
    row: Technology, entry: CatalogueTechnology | None, money: Convert, filled: Filled
) -> Technology:
    if entry is None:
        return row
    cells: Cells = {c: (x.row.central, x.row.status) for c, x in entry.cells.items()}
    variable = (
        variable_om_per_t(entry, money) if is_empty(row, "variable_om_per_t") else None
    )
    if variable is not None:
        cells["variable_om_per_t"] = (variable.amount, variable.status)
    for flag in ("accepts_hazardous", "is_planned_landfill", "is_batch"):
        if getattr(entry, flag):
            cells[flag] = (True, "assumption")
    if not row.name:
        row = row.model_copy(update={"name": entry.name})
    return _fill(row, "technologies", row.id, cells, filled)


def _size(
    row: Size,
    entry: CatalogueTechnology | None,
    has_own_opex: bool,
    money: Convert,
    notes: _Notes,
) -> Size:
    if entry is None:
        return row
    name = f"{row.technology}/{row.id}"
    cells: Cells = {}
    if is_empty(row, "capex"):
        cells.update(_capital(name, entry, row.capacity_t_per_y, money, notes))
    if is_empty(row, "fixed_om_per_y"):
        if has_own_opex:
            cells["fixed_om_per_y"] = (0.0, "assumption")
            notes.warnings.append(
                f"size '{name}': fixed_om_per_y is empty and taken as 0, because "
                f"'{row.technology}' states its own variable_om_per_t: operating cost "
                "has one basis, and the catalogue's is not added to it"
            )
        elif fixed := fixed_om_per_y(entry, row.capacity_t_per_y, money):
            cells["fixed_om_per_y"] = (fixed.amount, fixed.status)
    return _fill(row, "sizes", name, cells, notes.filled)


def _capital(
    name: str,
    entry: CatalogueTechnology,
    capacity_t_per_y: float,
    money: Convert,
    notes: _Notes,
) -> Cells:
    """Capital cost with its range, by the chosen basis."""
    cost = capex(entry, capacity_t_per_y, money)
    if cost is None:
        return {}
    if cost.warning:
        notes.warnings.append(f"size '{name}': {cost.warning}")
    cells: Cells = {"capex": (cost.amount, cost.status)}
    if cost.low is not None and cost.high is not None:
        cells["capex_low"] = (min(cost.low, cost.amount), cost.status)
        cells["capex_high"] = (max(cost.high, cost.amount), cost.status)
    return cells


def _missing_yields(
    entries: Mapping[str, CatalogueTechnology],
    stated: Iterable[Yield],
    filled: Filled,
) -> list[Yield]:
    """Catalogue rows of the fractions for which a technology states none."""
    own = {(y.technology, y.fraction) for y in stated}
    added = []
    for technology, entry in entries.items():
        for row in chosen_yields(entry):
            if (technology, row.fraction) in own:
                continue
            added.append(row.model_copy(update={"technology": technology}))
            name = f"{technology}/{row.fraction}/{row.component}/{row.output}"
            filled["yields", name, "share"] = row.status or "assumption"
    return added


def _missing_products(
    entries: Mapping[str, CatalogueTechnology],
    stated: Iterable[Product],
    yields: Iterable[Yield],
) -> list[Product]:
    """Products of the catalogue that its technologies put out."""
    own = {p.id for p in stated}
    needed = {y.output for y in yields if y.technology in entries} - own
    return [p for p in products() if p.id in needed]


def _operations(
    entries: Mapping[str, CatalogueTechnology],
    stated: Sequence[Operation],
    filled: Filled,
) -> tuple[Operation, ...]:
    own = {o.technology for o in stated}
    rows = [
        *stated,
        *(Operation(technology=t) for t in entries if t not in own),
    ]
    made = []
    for row in rows:
        entry = entries.get(row.technology)
        cells = _operation_cells(entry) if entry else {}
        made.append(_fill(row, "operations", row.technology, cells, filled))
    return tuple(made)


def _operation_cells(entry: CatalogueTechnology) -> Cells:
    cells: Cells = {}
    for column, choice in entry.operation.items():
        value = choice.row.central
        if value is not None and column in WHOLE:
            value = round(value)
        cells[column] = (value, choice.row.status)
    return cells


def _missing_properties(
    own_fractions: set[str], stated: Iterable[FractionProperty], filled: Filled
) -> list[FractionProperty]:
    own = {(p.fraction, p.property) for p in stated}
    added = []
    for row in packaged.fraction_properties():
        if row.fraction in own_fractions or (row.fraction, row.property) in own:
            continue
        added.append(row)
        name = f"{row.fraction}/{row.property}"
        filled["fraction_properties", name, "value"] = row.status or "assumption"
    return added


def _vehicle(row: Any, money: Convert, filled: Filled) -> Any:
    entry = catalogue_vehicles().get(row.id)
    if entry is None:
        return row
    has_flat_rate = getattr(row, "cost_per_t_km", None) is not None
    cells = vehicle_cells(
        entry,
        money,
        lambda column: is_empty(row, column) and not has_flat_rate,
    )
    return _fill(row, "vehicles", row.id, cells, filled)
