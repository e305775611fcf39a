"""What waste is, as rows: fractions, their properties, streams, compositions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wasteplan.units import Amount, Id, Reference, Share, SourcedRecord, Unit

PropertyName = Literal[
    "moisture_tropical_mixed",
    "moisture_dry_industrial",
    "moisture_ipcc",
    "lhv_dry_mj_per_kg",
    "ash_dry",
    "carbon_dry",
    "fossil_carbon_share",
    "doc_dry",
    "hydrogen_dry",
    "nitrogen_dry",
    "oxygen_dry",
    "sulphur_dry",
    "chlorine_dry",
    "density_kg_per_m3",
    "cod_kg_per_t",
    "bod_kg_per_t",
]

MoistureBasis = Literal["tropical_mixed", "dry_industrial", "ipcc"]


class Fraction(SourcedRecord):
    """A material class: food, paper, polyester, bottom ash.

    A fraction without a row of its own in yields or properties uses its parent's.
    """

    id: Id
    name: str = ""
    parent: Annotated[str, Reference("fractions")] = ""
    decay_class: Literal[
        "food", "garden", "paper_textiles", "wood_straw", "sludge", "bulk", "none"
    ] = "none"
    is_recyclable: bool = False


class FractionProperty(SourcedRecord):
    """One property of one fraction; shares are of dry mass, moisture of wet mass.

    Oxygen demand of an effluent (`cod_kg_per_t`, `bod_kg_per_t`) is of wet mass: a
    tonne is a cubic metre.
    """

    fraction: Annotated[Id, Reference("fractions")]
    property: PropertyName
    value: Annotated[float, Field(ge=0), Unit("MJ/kg dry, kg/m3, kg/t or -")]
    low: Annotated[float | None, Unit("as value")] = None
    high: Annotated[float | None, Unit("as value")] = None


class Stream(SourcedRecord):
    """A kind of waste as generators hand it over, with one composition.

    An effluent (`is_effluent`) is counted in a ledger of its own, in m3 of 1 t; only
    its sludge is solid waste.
    """

    id: Id
    name: str = ""
    is_hazardous: bool = False
    is_effluent: bool = False
    moisture_basis: MoistureBasis = "tropical_mixed"
    lhv_measured_mj_per_kg: Annotated[float | None, Unit("MJ/kg as received")] = None
    density_loose_kg_per_m3: Annotated[Amount | None, Unit("kg/m3")] = None
    density_compacted_kg_per_m3: Annotated[Amount | None, Unit("kg/m3")] = None
    density_baled_kg_per_m3: Annotated[Amount | None, Unit("kg/m3")] = None
    waste_codes: str = ""


class CompositionShare(SourcedRecord):
    """The mass share of a fraction in a stream.

    With `within` empty, `share` is of the wet mass of the stream, and these rows sum to
    1. With `within` naming a fraction of the stream, `share` is of that fraction's dry
    mass (a fibre or polymer mix), and the rows of one `within` sum to 1.
    """

    stream: Annotated[Id, Reference("streams")]
    fraction: Annotated[Id, Reference("fractions")]
    share: Share
    within: Annotated[str, Reference("fractions")] = ""
    moisture: Annotated[float | None, Field(ge=0, lt=1), Unit("-")] = None
    low: Annotated[float | None, Unit("-")] = None
    high: Annotated[float | None, Unit("-")] = None
