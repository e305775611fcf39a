"""What a technology makes of a material: products by mass, exact, with their make-up.

Two forms of yields.  *Component* rows split the water, ash and combustible matter of a
fraction; they hold at any moisture, and ash follows from composition.  *All* rows split
the fraction as received.  Where they state the moisture they were written for, the dry
matter is split as they say and the water finds its own way: solid products keep the
moisture of the input, products with a moisture of their own are dried down to it, and
what is left over leaves as water.

Reagents of gas cleaning are an auxiliary input.  They leave with the fly ash and count
as it, so the products of a tonne add to one tonne and its reagents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wasteplan.errors import Problem, ScenarioError
from wasteplan.treatment.acyclic import (
    every_conversion_is_acyclic as every_conversion_is_acyclic,  # read here by checks
)
from wasteplan.treatment.records import Product, Technology, Yield
from wasteplan.treatment.split import AsReceived, DrySplit, dry_split, water_by_output
from wasteplan.waste.material import FractionTable, Material

Floats = npt.NDArray[np.float64]

ANY = "any"
FLY_ASH = "fly_ash"  # the fraction of the product that spent reagents leave with
WATER = "water"  # the fraction of products that are nothing but water
COMPONENTS = ("water", "ash", "combustible")
SHARE_SUM_TOLERANCE = 1e-3  # shares are written with four decimals
"""Rows off by no more than this are scaled to sum to 1; beyond it is an error."""


@dataclass(frozen=True)
class Conversion:
    """A technology's yields, prepared once for every fraction of a table.

    Arrays have shape (fractions,) or (fractions, outputs).
    """

    technology: str
    outputs: tuple[str, ...]
    is_release: npt.NDArray[np.bool_]
    target: tuple[int | None, ...]
    """Index of the fraction that the output becomes; None keeps the input's."""
    is_component: npt.NDArray[np.bool_]
    is_known: npt.NDArray[np.bool_]
    component: Mapping[str, Floats]
    as_received: AsReceived
    dry: DrySplit
    ash_dry: Floats
    reagent: Floats
    """Reagents that leave with each output, shape (outputs,).  [t/t of input]"""


def conversion(
    technology: Technology,
    yields: Iterable[Yield],
    products: Iterable[Product],
    table: FractionTable,
) -> Conversion:
    """Prepare a technology's yields for a table of fractions.

    For every fraction the rows of the fraction itself apply, else of its nearest
    ancestor, else of `any`; component rows go before `all` rows of the same fraction.

    Parameters
    ----------
    technology
        The technology; one without yields converts nothing.
    yields, products
        Rows; those of other technologies are passed over.  Products of every output.
    table
        Fractions and properties.

    Raises
    ------
    ScenarioError
        If shares do not sum to 1, a component has no rows, an output is unknown, or
        there are reagents and no fly ash.
    """
    rows = [y for y in yields if y.technology == technology.id]
    known = {p.id: p for p in products}
    outputs = tuple(dict.fromkeys(y.output for y in rows))
    problems = [
        Problem("yields.csv", None, "output", f"no product '{o}' ({technology.id})")
        for o in outputs
        if o not in known
    ]
    groups = _groups(rows)
    problems += [p for key, group in groups.items() for p in _sums(key, group)]
    if problems:
        raise ScenarioError(f"technology '{technology.id}'", problems)
    made = tuple(known[o] for o in outputs)
    shares, assumed, is_component, is_known = _by_fraction(groups, outputs, table)
    plain = AsReceived(
        shares["all"],
        assumed,
        np.array([_is_water(p, table) for p in made], dtype=bool),
        np.array([p.kind == "release" for p in made], dtype=bool),
        np.array([np.nan if p.moisture is None else p.moisture for p in made]),
    )
    return Conversion(
        technology=technology.id,
        outputs=outputs,
        is_release=plain.is_release,
        target=tuple(table.index[p.fraction] if p.fraction else None for p in made),
        is_component=is_component,
        is_known=is_known,
        component={c: shares[c] for c in COMPONENTS},
        as_received=plain,
        dry=dry_split(plain),
        ash_dry=table.values["ash_dry"],
        reagent=_spent_reagents(technology, made),
    )


def _spent_reagents(technology: Technology, made: tuple[Product, ...]) -> Floats:
    """Reagents that leave with each output: all with the first fly ash.  [t/t]"""
    leaving = np.zeros(len(made))
    if not technology.reagent_t_per_t or not made:
        return leaving
    ashes = [o for o, product in enumerate(made) if product.fraction == FLY_ASH]
    if not ashes:
        text = (
            f"'{technology.id}' has no output of fraction '{FLY_ASH}' for its reagents "
            "to leave with; add one or set `reagent_t_per_t` to 0"
        )
        problem = Problem("technologies.csv", None, "reagent_t_per_t", text)
        raise ScenarioError(f"technology '{technology.id}'", [problem])
    leaving[ashes[0]] = technology.reagent_t_per_t
    return leaving


def outputs(
    conversion: Conversion, material: Material, table: FractionTable
) -> dict[str, tuple[float, Material | None]]:
    """Products of one tonne of a material.

    Parameters
    ----------
    conversion
        Prepared yields.
    material
        What goes in.
    table
        The table the conversion was prepared for.

    Returns
    -------
    dict
        Product id -> (t per t of input as received, what it is made of; None for a
        release).  The shares sum to 1 and the reagents.  Empty for a technology without
        yields: a landfill or a store keeps what it takes.

    Raises
    ------
    ScenarioError
        If a fraction has no yields, or is split by components and its ash or moisture
        is unknown.
    """
    if not conversion.outputs:
        return {}
    there = np.flatnonzero(material.mass > 0)
    _check(conversion, material, there, table)
    mass, water = _split(conversion, material, there)
    mass /= mass.sum()
    total = mass.sum(axis=0) + conversion.reagent
    return {
        name: (
            float(total[o]),
            None
            if conversion.is_release[o]
            else _material(
                conversion.target[o],
                there,
                mass[:, o],
                water[:, o],
                table,
                float(conversion.reagent[o]),
            ),
        )
        for o, name in enumerate(conversion.outputs)
        if total[o] > 0
    }


def _split(
    conversion: Conversion, material: Material, there: npt.NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """Mass and water of (fraction there, output), t per t of material."""
    m, w = material.mass[there], material.water[there]
    mass = np.empty((len(there), len(conversion.outputs)))
    water = np.empty_like(mass)
    burnt = conversion.is_component[there]
    if burnt.any():
        dry, wet = _by_component(conversion, there[burnt], w[burnt])
        mass[burnt], water[burnt] = dry + wet, wet
    plain = ~burnt
    if plain.any():
        mass[plain], water[plain] = water_by_output(
            conversion.as_received, conversion.dry, there[plain], w[plain]
        )
    return mass * m[:, None], water * m[:, None]


def _by_component(
    conversion: Conversion, rows: npt.NDArray[np.intp], moisture: Floats
) -> tuple[Floats, Floats]:
    """Dry matter and water of each output, t per t of each fraction."""
    dry = (1.0 - moisture)[:, None]
    ash = conversion.ash_dry[rows][:, None]
    solid = dry * (
        ash * conversion.component["ash"][rows]
        + (1.0 - ash) * conversion.component["combustible"][rows]
    )
    return solid, moisture[:, None] * conversion.component["water"][rows]


def _material(
    target: int | None,
    there: npt.NDArray[np.intp],
    mass: Floats,
    water: Floats,
    table: FractionTable,
    reagent: float,
) -> Material:
    """The make-up of one output; its reagents are dry."""
    out_mass = np.zeros(len(table.ids))
    out_water = np.zeros(len(table.ids))
    total = mass.sum() + reagent
    if target is None:
        out_mass[there] = mass / total
        has = mass > 0
        out_water[there[has]] = np.clip(water[has] / mass[has], 0.0, 1.0)
    else:
        out_mass[target] = 1.0
        out_water[target] = np.clip(water[mass > 0].sum() / total, 0.0, 1.0)
    return Material(out_mass, out_water)


def _check(
    conversion: Conversion,
    material: Material,
    there: npt.NDArray[np.intp],
    table: FractionTable,
) -> None:
    """Every fraction that is there has yields, and what its components need."""
    problems = []
    for i in there:
        name = table.ids[i]
        if not conversion.is_known[i]:
            text = f"'{conversion.technology}' has no yields for '{name}' or any"
            problems.append(Problem("yields.csv", None, "fraction", text))
            continue
        if not conversion.is_component[i]:
            continue
        lacking = [
            what
            for what, value in (
                ("ash_dry", conversion.ash_dry[i]),
                ("moisture", material.water[i]),
            )
            if np.isnan(value)
        ]
        if lacking:
            text = (
                f"{' and '.join(lacking)} of '{name}' unknown, which "
                f"'{conversion.technology}' needs to split it by components"
            )
            problems.append(Problem("fraction_properties.csv", None, "value", text))
    if problems:
        raise ScenarioError(f"technology '{conversion.technology}'", problems)


Group = tuple[str, str]
"""(fraction, component)."""


def _groups(rows: Iterable[Yield]) -> dict[Group, list[Yield]]:
    groups: dict[Group, list[Yield]] = defaultdict(list)
    for y in rows:
        groups[y.fraction, y.component].append(y)
    return groups


def _sums(key: Group, group: list[Yield]) -> list[Problem]:
    """Shares of one fraction and component sum to 1 at one assumed moisture."""
    where = f"{group[0].technology}, {key[0]}, {key[1]}"
    found = []
    total = sum(y.share for y in group)
    if abs(total - 1.0) > SHARE_SUM_TOLERANCE:
        text = f"shares of {where} sum to {total:.6g}, not 1"
        found.append(Problem("yields.csv", None, "share", text))
    if len({y.moisture_assumed for y in group}) > 1:
        text = f"rows of {where} assume different moistures"
        found.append(Problem("yields.csv", None, "moisture_assumed", text))
    return found


def _by_fraction(
    groups: Mapping[Group, list[Yield]],
    outputs: tuple[str, ...],
    table: FractionTable,
) -> tuple[dict[str, Floats], Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Share arrays by component, assumed moisture, and which form applies where."""
    n, column = len(table.ids), {o: i for i, o in enumerate(outputs)}
    shares = {c: np.zeros((n, len(outputs))) for c in ("all", *COMPONENTS)}
    assumed = np.full(n, np.nan)
    is_component, is_known = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for i, name in enumerate(table.ids):
        form, source = _rows_of(name, groups, table)
        is_known[i], is_component[i] = bool(form), form == COMPONENTS
        for component in form:
            group = groups[source, component]
            total = sum(y.share for y in group)
            for y in group:
                shares[component][i, column[y.output]] += y.share / total
            if component == "all" and group[0].moisture_assumed is not None:
                assumed[i] = group[0].moisture_assumed
    return shares, assumed, is_component, is_known


def _rows_of(
    fraction: str, groups: Mapping[Group, list[Yield]], table: FractionTable
) -> tuple[tuple[str, ...], str]:
    """The form of the rows that apply to a fraction, and the fraction they name."""
    for source in (*table.ancestry(fraction), ANY):
        there = [c for c in COMPONENTS if (source, c) in groups]
        if len(there) == len(COMPONENTS):
            return COMPONENTS, source
        if there:
            lacking = ", ".join(c for c in COMPONENTS if c not in there)
            text = f"'{source}' has rows for {', '.join(there)} but not for {lacking}"
            problem = Problem("yields.csv", None, "component", text)
            raise ScenarioError("yields", [problem])
        if (source, "all") in groups:
            return ("all",), source
    return (), ""


def _is_water(product: Product, table: FractionTable) -> bool:
    """Whether a product takes up what water is left over."""
    return product.fraction == WATER and WATER in table.index
