"""What a product does beyond the boundary: production it avoids, fuel it replaces."""

from __future__ import annotations

from dataclasses import replace

from wasteplan.lca import factors
from wasteplan.lca.factors import chosen
from wasteplan.lca.inventory import Emission, coal_displaced, fossil_co2, with_status
from wasteplan.treatment.parameters import parameters
from wasteplan.units import KG_PER_T, weakest
from wasteplan.waste.material import FractionTable, Material, lhv_mj_per_kg

FUEL_PRODUCTS = frozenset({"rdf", "residual_to_energy"})
"""Products that a buyer can only burn."""


def outlet_credit(
    product_id: str,
    material: Material,
    table: FractionTable,
    *,
    outlet_kind: str = "",
    coal_displaced_gj_per_gj: float | None = None,
    substitution_ratio: float = 1.0,
    substitution_status: str | None = None,
) -> tuple[Emission, ...]:
    """What one tonne of a product does beyond the boundary.  [kg/t as received]

    Recyclates avoid primary production, fraction by fraction; compost avoids
    fertiliser; a fuel emits its fossil carbon at the buyer's kiln and displaces coal
    there, as it would in a kiln inside the boundary.  Anything else: nothing.  Paper
    gets no credit: the only factors at hand count carbon stored in forests.

    Parameters
    ----------
    product_id, material, table
        What is sold.
    outlet_kind
        `kiln` burns whatever it takes, `disposal` avoids nothing; with other kinds
        the product decides.
    coal_displaced_gj_per_gj
        Coal per heat of the fuel; the packaged choice if None.  [GJ/GJ]
    substitution_ratio, substitution_status
        Primary production that a tonne of recyclate or compost replaces, and how that
        is known; of fuel the coal displaced says it.  [t/t]
    """
    if outlet_kind == "kiln" or product_id in FUEL_PRODUCTS:
        return _burnt_at_buyer(material, table, coal_displaced_gj_per_gj)
    if outlet_kind == "disposal":
        return ()
    found = _production_avoided(product_id, material, table)
    if substitution_ratio == 1.0:
        return found
    return tuple(
        with_status(
            replace(e, kg_per_t=e.kg_per_t * substitution_ratio), substitution_status
        )
        for e in found
    )


def _production_avoided(
    product_id: str, material: Material, table: FractionTable
) -> tuple[Emission, ...]:
    """What a tonne avoids if it is as good as what it replaces."""
    if product_id == "compost":
        return (_fertiliser_avoided(),)
    if product_id in factors.product_credits():
        factor = factors.product_credits()[product_id]
        return () if factor is None else (_avoided(factor.value, factor.status),)
    if product_id == "recyclate":
        return _avoided_by_fraction(material, table)
    return ()


def _burnt_at_buyer(
    material: Material, table: FractionTable, displaced: float | None
) -> tuple[Emission, ...]:
    row = parameters()[factors.coal_displaced_row()]
    chosen_gj_per_gj = float("nan") if row.central is None else row.central
    gj_per_gj = chosen_gj_per_gj if displaced is None else displaced
    gj_per_t = lhv_mj_per_kg(material, table)  # MJ/kg is GJ/t
    found = (
        fossil_co2("process", material, table, chosen("combustion_oxidation")),
        with_status(coal_displaced(gj_per_t * gj_per_gj), row.status),
    )
    return tuple(e for e in found if e.kg_per_t)


def _fertiliser_avoided() -> Emission:
    pairs = [
        (chosen(f"compost_{n}"), chosen(f"fertiliser_{n}"))
        for n in ("n", "p2o5", "k2o")
    ]
    kg = sum(nutrient.value * made.value for nutrient, made in pairs)
    return Emission(
        "avoided", "co2e", -kg, True, weakest(*(f.status for p in pairs for f in p))
    )


def _avoided(t_co2e_per_t: float, status: str) -> Emission:
    return Emission("avoided", "co2e", t_co2e_per_t * KG_PER_T, True, status)


def _avoided_by_fraction(
    material: Material, table: FractionTable
) -> tuple[Emission, ...]:
    credits = factors.recyclate_credits()
    found: list[Emission] = []
    for fraction, share in zip(table.ids, material.mass, strict=True):
        named = next((a for a in table.ancestry(fraction) if a in credits), None)
        factor = credits[named] if named else None
        if share > 0 and factor is not None:
            found.append(_avoided(float(share) * factor.value, factor.status))
    return tuple(found)
