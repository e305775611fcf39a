"""A life cycle as openLCA JSON-LD: flows, unit processes, impact methods."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wasteplan.errors import WasteplanError
from wasteplan.lca.activities import (
    SUBSTANCE_NAMES,
    TO_WATER,
    Activity,
    LifeCycle,
    substances_of,
)
from wasteplan.whole import file_written_whole

NAMESPACE = uuid.UUID("6f1d6a52-8a53-5d0e-9a60-7a5f3c1f2b11")  # of this package's ids
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can state
METHOD_NAME = "wasteplan"


def write_openlca(path: str | Path, cycle: LifeCycle) -> None:
    """Write a zip package that openLCA 2 imports.

    One unit process per activity, in kilograms over the horizon; one process whose
    reference is a tonne of waste generated and that takes its part of each activity;
    one impact method with a category per packaged or own method.  Status and source of
    every number stand in its description.

    Raises
    ------
    WasteplanError
        If `olca-schema` is not installed, or the file cannot be written.
    """
    schema = _schema()
    entities = _entities(schema, cycle)
    with file_written_whole(path) as temporary:
        _write(temporary, entities)


def _schema() -> Any:
    try:
        import olca_schema
    except ImportError as error:
        raise WasteplanError(
            "openLCA packages need olca-schema: pip install 'wasteplan[lca]'"
        ) from error
    return olca_schema


def id_of(*parts: str) -> str:
    """A stable id for a thing with a name."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def _entities(o: Any, cycle: LifeCycle) -> list[tuple[str, Any]]:
    """(folder, entity) of everything, in a fixed order."""
    kg_group, mass = _mass(o)
    one_group, number = _number(o)
    kg, one = kg_group.units[0], one_group.units[0]
    emissions = {s: _emission(o, s, mass) for s in substances_of(cycle)}
    study = (cycle.scenario, cycle.plan)
    products, processes = [], []
    for activity in cycle.activities:
        product = o.new_product(activity.name, number)
        product.id = id_of("product", *study, activity.name)
        products.append(product)
        processes.append(_process(o, cycle, activity, product, one, emissions, kg))
    whole = o.new_product("Waste generated, treated by the plan", mass)
    whole.id = id_of("product", *study, "whole")
    main = _main_process(o, cycle, (whole, kg), products, processes, one)
    categories = [_category(o, m, emissions, kg) for m in cycle.methods]
    method = o.ImpactMethod(name=METHOD_NAME, id=id_of("method", METHOD_NAME))
    method.impact_categories = [c.to_ref() for c in categories]
    entities = [
        *(("unit_groups", g) for g in (kg_group, one_group)),
        *(("flow_properties", p) for p in (mass, number)),
        *(("flows", f) for f in (*emissions.values(), *products, whole)),
        *(("processes", p) for p in (*processes, main)),
        *(("lcia_categories", c) for c in categories),
        ("lcia_methods", method),
    ]
    for _, entity in entities:
        entity.last_change = None  # same inputs, same bytes
    return entities


def _mass(o: Any) -> tuple[Any, Any]:
    return _quantity(o, "Units of mass", "kg", "Mass")


def _number(o: Any) -> tuple[Any, Any]:
    return _quantity(o, "Units of items", "Item(s)", "Number of items")


def _quantity(o: Any, group: str, unit: str, name: str) -> tuple[Any, Any]:
    units = o.new_unit_group(group, unit)
    units.id = id_of("unit_group", group)
    units.units[0].id = id_of("unit", unit)
    units.units[0].is_ref_unit = True
    units.units[0].conversion_factor = 1.0
    quantity = o.new_flow_property(name, units)
    quantity.id = id_of("flow_property", name)
    return units, quantity


def _emission(o: Any, substance: str, mass: Any) -> Any:
    flow = o.new_elementary_flow(SUBSTANCE_NAMES[substance], mass)
    where = "water" if substance in TO_WATER else "air"
    flow.id = id_of("flow", substance)
    flow.category = f"Elementary flows/Emission to {where}/unspecified"
    flow.description = f"wasteplan substance {substance}"
    return flow


def _process(
    o: Any,
    cycle: LifeCycle,
    activity: Activity,
    product: Any,
    one: Any,
    emissions: dict[str, Any],
    kg: Any,
) -> Any:
    process = o.new_process(activity.name)
    process.id = id_of("process", cycle.scenario, cycle.plan, activity.name)
    process.category = f"wasteplan/{cycle.scenario}/{activity.stage}"
    process.description = "Over the whole horizon of the plan."
    made = o.new_output(process, product, 1.0, one)
    made.is_quantitative_reference = True
    for substance, amount in activity.amounts.items():
        out = o.new_output(process, emissions[substance], amount.kg, kg)
        out.description = f"status: {amount.status}"
    return process


def _main_process(
    o: Any,
    cycle: LifeCycle,
    reference: tuple[Any, Any],
    products: list[Any],
    processes: list[Any],
    one: Any,
) -> Any:
    """One tonne of waste takes 1 / (tonnes generated) of every activity."""
    whole, kg = reference
    main = o.new_process(f"Plan {cycle.plan} of {cycle.scenario}")
    main.id = id_of("process", cycle.scenario, cycle.plan, "whole")
    main.category = f"wasteplan/{cycle.scenario}"
    main.description = (
        f"{cycle.system}; functional unit {cycle.waste_t!r} t of waste generated"
    )
    made = o.new_output(main, whole, 1000.0, kg)
    made.is_quantitative_reference = True
    for product, process in zip(products, processes, strict=True):
        taken = o.new_input(main, product, 1.0 / cycle.waste_t, one)
        taken.default_provider = process.to_ref()
    return main


def _category(o: Any, method: Any, emissions: dict[str, Any], kg: Any) -> Any:
    category = o.new_impact_category(method.name)
    category.id = id_of("category", method.id)
    category.code = method.id
    category.ref_unit = method.unit
    said = [
        f"{f.substance}: status {f.status}, source {f.source or 'not stated'}"
        for f in method.factors.values()
    ]
    category.description = "; ".join([*([method.note] if method.note else []), *said])
    for factor in method.factors.values():
        o.new_impact_factor(category, emissions[factor.substance], factor.value, kg)
    return category


def _write(path: Path, entities: Iterable[tuple[str, Any]]) -> None:
    """The package in the layout of schema version 2, with fixed times."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        parts = [("olca-schema.json", '{"version": 2}')]
        parts += [(f"{folder}/{e.id}.json", e.to_json()) for folder, e in entities]
        for name, text in parts:
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, text)
