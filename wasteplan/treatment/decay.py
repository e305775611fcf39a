"""Methane from waste in a landfill: first-order decay in closed form.

IPCC (2006), Guidelines for National Greenhouse Gas Inventories, volume 5, chapter 3:
decomposable carbon decays at a rate k, starting on 1 January after the deposit.  Two
numbers come from it and are never mixed: *committed* methane, all that a tonne emits in
100 years, booked in the year of deposit; and the *yearly* series of an inventory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from wasteplan.treatment.gas import parameter
from wasteplan.treatment.landgem import LANDGEM
from wasteplan.units import CH4_PER_C, KG_PER_T
from wasteplan.waste.carbon import degradable_carbon_dry
from wasteplan.waste.material import FractionTable, Material

Floats = npt.NDArray[np.float64]

COMMITTED_YEARS = 100
CLIMATES = (
    "boreal_temperate_dry",
    "boreal_temperate_wet",
    "tropical_dry",
    "tropical_moist_wet",
)
NO_DECAY = "none"
IPCC_2006 = "ipcc2006"
IPCC_2019 = "ipcc2019"
GUIDELINES = (IPCC_2006, IPCC_2019, *LANDGEM)
DISSIMILATED_2019 = {
    "food": "food_grass_2019",
    "garden": "food_grass_2019",
    "paper_textiles": "paper_textiles_2019",
    "wood_straw": "wood_2019",
}
"""Decay class -> row of DOC_f by how easily waste decomposes; others as in 2006."""
DISSIMILATED_2019_FRACTION = {"nappies": "nappies_2019"}
"""Fractions that decay at the rate of one class and decompose like another."""
RATE_ROW = {
    "food": "food_sludge",
    "sludge": "food_sludge",
    "garden": "garden_other_organic",
    "paper_textiles": "paper_textiles",
    "wood_straw": "wood_straw",
    "bulk": "bulk",
}
"""Decay class of a fraction -> row of the table of rates."""


def decay_rate_per_y(decay_class: str, climate: str) -> float:
    """Rate of first-order decay.  [1/y]

    IPCC (2006), volume 5, chapter 3, Table 3.3; 0 for a class that does not decay.

    Parameters
    ----------
    decay_class
        `food`, `garden`, `paper_textiles`, `wood_straw`, `sludge`, `bulk` or `none`.
    climate
        One of `CLIMATES`.

    Raises
    ------
    KeyError
        If class or climate is unknown.

    >>> decay_rate_per_y("food", "tropical_moist_wet")
    0.4
    """
    if climate not in CLIMATES:
        known = ", ".join(CLIMATES)
        raise KeyError(f"no climate {climate!r}: there are {known}")
    if decay_class == NO_DECAY:
        return 0.0
    return parameter("k", RATE_ROW[decay_class], climate)


def methane_potential_t_per_t(
    degradable_carbon: float,
    dissimilated: float,
    methane_correction: float = 1.0,
    methane_share: float = 0.5,
) -> float:
    """Methane that a tonne of waste can make.  [t CH4/t]

    L0 = DOC DOC_f MCF F 16/12, IPCC (2006), volume 5, chapter 3, equations 3.2 and 3.3.

    Parameters
    ----------
    degradable_carbon
        DOC.  [t C/t as received]
    dissimilated
        DOC_f, the share of it that decomposes.  [-]
    methane_correction
        MCF of the site, 1 if managed and anaerobic.  [-]
    methane_share
        F, methane in landfill gas by volume.  [-]

    Food waste with 15 % degradable carbon:

    >>> round(methane_potential_t_per_t(0.15, 0.5), 6)
    0.05
    """
    return (
        degradable_carbon * dissimilated * methane_correction * methane_share
    ) * CH4_PER_C


def dissimilated_share(
    decay_class: str, guidelines: str = IPCC_2006, ancestry: Sequence[str] = ()
) -> float:
    """DOC_f: the share of degradable carbon that decomposes.  [-]

    One half for all waste in IPCC (2006), volume 5, chapter 3; by decomposability in
    the 2019 Refinement, Table 3.0: food and grass 0.7, paper, textiles and nappies
    0.5, wood 0.1.  Classes that it does not name (sludge, bulk) keep one half.

    Parameters
    ----------
    decay_class
        Class of the fraction.
    guidelines
        One of `GUIDELINES`.
    ancestry
        The fraction and its parents.

    Raises
    ------
    KeyError
        If there are no such guidelines.

    >>> dissimilated_share("wood_straw"), dissimilated_share("wood_straw", "ipcc2019")
    (0.5, 0.1)
    """
    if guidelines not in GUIDELINES:
        raise KeyError(f"no guidelines {guidelines!r}: there are {GUIDELINES}")
    return parameter("docf", dissimilated_row(decay_class, guidelines, ancestry))


def dissimilated_row(
    decay_class: str, guidelines: str = IPCC_2006, ancestry: Sequence[str] = ()
) -> str:
    """The row of DOC_f that applies to a class of waste."""
    default = "all_2006"
    if guidelines != IPCC_2019:
        return default
    named = (DISSIMILATED_2019_FRACTION.get(a) for a in ancestry)
    own = next((row for row in named if row), None)
    return own or DISSIMILATED_2019.get(decay_class, default)


def methane_after_deposit(
    potential: float, rate_per_y: float, years: Sequence[int] | Floats
) -> Floats:
    """Yearly methane of one deposit.  [unit of the potential per year]

    Q(x) = L (exp(-k (x - 1)) - exp(-k x)) for x = 1, 2, ... years after the deposit,
    IPCC (2006), volume 5, chapter 3, equations 3.4 to 3.6; nothing in year 0.

    Parameters
    ----------
    potential
        Methane potential of the deposit.  [t]
    rate_per_y
        Rate of decay.  [1/y]
    years
        Years since the deposit.  [y]

    >>> methane_after_deposit(50.0, 0.4, [0, 1, 2]).round(4).tolist()
    [0.0, 16.484, 11.0496]
    """
    x = np.asarray(years, dtype=float)
    begun = x >= 1
    return np.where(
        begun,
        potential * (np.exp(-rate_per_y * (x - 1)) - np.exp(-rate_per_y * x)),
        0.0,
    )


def methane_by_year(
    deposits_t: Mapping[int, float],
    potential_t_per_t: float,
    rate_per_y: float,
    years: Sequence[int],
) -> Floats:
    """Yearly methane of a history of deposits.  [t CH4/y]

    Parameters
    ----------
    deposits_t
        Tonnes by year of deposit.  [t]
    potential_t_per_t
        L0.  [t CH4/t]
    rate_per_y
        Rate of decay.  [1/y]
    years
        Calendar years asked for.

    Returns
    -------
    array, shape (years,)
    """
    asked = np.asarray(years, dtype=float)
    total = np.zeros(len(asked))
    for year, tonnes in deposits_t.items():
        potential = tonnes * potential_t_per_t
        total += methane_after_deposit(potential, rate_per_y, asked - year)
    return total


def methane_of_material(
    material: Material,
    table: FractionTable,
    climate: str,
    methane_correction: float,
    years: Sequence[int] | Floats,
    guidelines: str = IPCC_2006,
) -> Floats:
    """Yearly methane generated by one tonne of a material.  [kg CH4/(t y)]

    Before capture and oxidation; NaN if the degradable carbon of a decaying fraction
    is unknown.

    Parameters
    ----------
    material, table
        What is deposited, by fraction: each decays at its own rate.
    climate
        One of `CLIMATES`.
    methane_correction
        MCF of the site.  [-]
    years
        Years since the deposit.  [y]
    guidelines
        One of `GUIDELINES`.
    """
    series = np.zeros(len(years))
    for rate, potential in _decaying(
        material, table, climate, methane_correction, guidelines
    ):
        series += methane_after_deposit(KG_PER_T * potential, rate, years)
    return series


def committed_methane_kg_per_t(
    material: Material,
    table: FractionTable,
    climate: str,
    methane_correction: float,
    years: float = COMMITTED_YEARS,
    guidelines: str = IPCC_2006,
    from_y: float = 0.0,
) -> float:
    """Methane that one tonne of a material generates in 100 years.  [kg CH4/t]

    sum over classes of L0 (exp(-k a) - exp(-k n)); before capture and oxidation; NaN if
    the degradable carbon of a decaying fraction is unknown.

    Parameters
    ----------
    material, table
        What is deposited.
    climate
        One of `CLIMATES`.
    methane_correction
        MCF of the site.  [-]
    years
        Horizon n.  [y]
    guidelines
        One of `GUIDELINES`.
    from_y
        Age a from which methane is counted; 0 for all of it.  [y]
    """
    span = (np.array([from_y]), np.array([years]))
    found = methane_between(
        material, table, climate, methane_correction, *span, guidelines
    )
    return float(found[0])


def methane_between(
    material: Material,
    table: FractionTable,
    climate: str,
    methane_correction: float,
    from_y: Floats,
    until_y: Floats,
    guidelines: str = IPCC_2006,
) -> Floats:
    """Methane that one tonne generates between ages.  [kg CH4/t]

    sum over classes of L0 (exp(-k a) - exp(-k b)); spans that follow one another add
    up, so that yearly and committed methane are the same gas.

    Parameters
    ----------
    material, table, climate, methane_correction, guidelines
        As for `committed_methane_kg_per_t`.
    from_y, until_y
        Ages a and b, shape (spans,); 0 is the January after the deposit.  A span that
        ends before it begins is empty.  [y]

    Returns
    -------
    array, shape (spans,)
    """
    total = np.zeros(len(from_y))
    for rate, potential in _decaying(
        material, table, climate, methane_correction, guidelines
    ):
        span = -np.expm1(-rate * np.maximum(until_y - from_y, 0.0))
        total += potential * np.exp(-rate * from_y) * span
    return KG_PER_T * total


def _decaying(
    material: Material,
    table: FractionTable,
    climate: str,
    methane_correction: float,
    guidelines: str,
) -> list[tuple[float, float]]:
    """(rate, methane potential) of what decays.  [1/y], [t CH4/t of material]

    LandGEM: its k, and its L0 for every tonne but what holds no carbon (its guide takes
    inert waste off); climate and fractions do not matter then.  Its cubic metres are
    those of 20 C.
    """
    if guidelines in LANDGEM:
        row = LANDGEM[guidelines]
        is_inert = table.values["carbon_dry"] == 0.0
        mass = float(material.mass[~is_inert].sum()) * methane_correction
        kg_per_t = parameter("landgem_l0", row) * parameter("landgem_density_ch4")
        return [(parameter("landgem_k", row), mass * kg_per_t / KG_PER_T)]
    found = _potential_by_class(material, table, methane_correction, guidelines)
    return [(decay_rate_per_y(c, climate), potential) for c, potential in found.items()]


def _potential_by_class(
    material: Material, table: FractionTable, methane_correction: float, guidelines: str
) -> dict[str, float]:
    """L0 of each decay class that is there.  [t CH4/t of material]"""
    methane_share = parameter("f", "landfill gas CH4")
    doc = degradable_carbon_dry(table.values)
    wet_doc = np.where(doc == 0.0, 0.0, doc * (1.0 - material.water))
    found: dict[str, float] = {}
    for i in np.flatnonzero(material.mass > 0):
        decay_class = table.decay_class[i]
        if decay_class == NO_DECAY:
            continue
        ancestry = table.ancestry(table.ids[i])
        dissimilated = dissimilated_share(decay_class, guidelines, ancestry)
        carbon = float(material.mass[i] * wet_doc[i])
        potential = methane_potential_t_per_t(
            carbon, dissimilated, methane_correction, methane_share
        )
        found[decay_class] = found.get(decay_class, 0.0) + potential
    return found
