"""Burning waste: heat, electricity, fossil CO2, and what a line can take."""

from __future__ import annotations

from wasteplan.units import CO2_PER_C, KG_PER_T, MJ_PER_KWH

TANNER_MOISTURE_MAX = 0.50  # of wet mass
TANNER_ASH_MAX = 0.60
TANNER_COMBUSTIBLE_MIN = 0.25
MASS_OVERLOAD_MAX = 1.1  # a grate takes no more than a tenth above its mass rating
LHV_AUTOTHERMAL_ANY_SEASON_MJ_PER_KG = 6.0  # World Bank guide, Rand et al. (2000)
LHV_AUTOTHERMAL_YEARLY_MJ_PER_KG = 7.0  # the same, as the mean of the year


def heat_gj(waste_t: float, lhv_mj_per_kg: float) -> float:
    """Heat of an amount of waste; MJ/kg is GJ/t.  [GJ]

    >>> heat_gj(1000.0, 10.0)
    10000.0
    """
    return waste_t * lhv_mj_per_kg


def electricity_kwh(waste_t: float, lhv_mj_per_kg: float, efficiency: float) -> float:
    """Electricity from an amount of waste.  [kWh]

    E = t LHV 1000 eta / 3.6: gross with the gross efficiency, net with the net one.

    Parameters
    ----------
    waste_t
        Waste burnt.  [t]
    lhv_mj_per_kg
        Lower heating value as received.  [MJ/kg]
    efficiency
        Electric efficiency of the lower heating value.  [-]

    One tonne of 10 MJ/kg at 18 %:

    >>> electricity_kwh(1.0, 10.0, 0.18)
    500.0
    """
    return waste_t * lhv_mj_per_kg * KG_PER_T * efficiency / MJ_PER_KWH


def net_of_own_use(gross_kwh: float, own_use_share: float) -> float:
    """Electricity left after the plant's own use.  [kWh]

    >>> net_of_own_use(600.0, 0.15)
    510.0
    """
    return gross_kwh * (1.0 - own_use_share)


def fossil_co2_kg_per_t(
    dry_matter: float,
    carbon_dry: float,
    fossil_share: float,
    oxidation: float = 1.0,
) -> float:
    """Fossil CO2 of burning one tonne.  [kg CO2/t as received]

    CO2 = SW dm CF FCF OF 44/12, IPCC (2006), Guidelines for National Greenhouse Gas
    Inventories, volume 5, chapter 5, equation 5.2.

    Parameters
    ----------
    dry_matter
        dm, share of wet mass.  [-]
    carbon_dry
        CF, carbon in dry matter.  [kg/kg]
    fossil_share
        FCF, fossil share of the carbon.  [-]
    oxidation
        OF.  [-]

    Household textiles by the IPCC defaults:

    >>> round(fossil_co2_kg_per_t(0.8, 0.5, 0.2), 2)
    293.33
    """
    return KG_PER_T * dry_matter * carbon_dry * fossil_share * oxidation * CO2_PER_C


def biogenic_co2_kg_per_t(
    dry_matter: float,
    carbon_dry: float,
    fossil_share: float,
    oxidation: float = 1.0,
) -> float:
    """Biogenic CO2 of burning one tonne, the other part of the same carbon.  [kg/t]

    >>> round(biogenic_co2_kg_per_t(0.8, 0.5, 0.2), 2)
    1173.33
    """
    return fossil_co2_kg_per_t(dry_matter, carbon_dry, 1.0 - fossil_share, oxidation)


def burns_without_support_fuel(
    lhv_lowest_mj_per_kg: float, lhv_mean_mj_per_kg: float
) -> bool:
    """Whether waste burns by itself: 6 MJ/kg in any season, 7 as the year's mean.

    World Bank, Decision Makers' Guide to Municipal Solid Waste Incineration (Rand et
    al. 2000), through a public screening study.

    Parameters
    ----------
    lhv_lowest_mj_per_kg, lhv_mean_mj_per_kg
        Lower heating values as received, of the worst season and of the year.  [MJ/kg]

    >>> burns_without_support_fuel(6.5, 7.8)
    True
    >>> burns_without_support_fuel(5.5, 7.8)
    False
    """
    return (
        lhv_lowest_mj_per_kg >= LHV_AUTOTHERMAL_ANY_SEASON_MJ_PER_KG
        and lhv_mean_mj_per_kg >= LHV_AUTOTHERMAL_YEARLY_MJ_PER_KG
    )


def is_autothermal(moisture: float, ash: float, combustible: float) -> bool:
    """Whether waste lies in the window of the Tanner diagram.

    Water at most 50 %, ash at most 60 %, combustible matter at least 25 %: then it
    burns without support fuel.  Tanner (1965), Schweizerische Bauzeitung 83; the same
    limits in the World Bank's Decision Makers' Guide (Rand et al. 2000).

    Parameters
    ----------
    moisture, ash, combustible
        Shares of wet mass that sum to 1.  [-]

    >>> is_autothermal(0.45, 0.15, 0.40), is_autothermal(0.61, 0.03, 0.36)
    (True, False)
    """
    return (
        moisture <= TANNER_MOISTURE_MAX
        and ash <= TANNER_ASH_MAX
        and combustible >= TANNER_COMBUSTIBLE_MIN
    )


def burnable_t_per_y(
    nameplate_t_per_y: float,
    lhv_design_mj_per_kg: float,
    lhv_mj_per_kg: float,
    mass_overload_max: float = MASS_OVERLOAD_MAX,
) -> float:
    """What a line can burn of waste with a heating value.  [t/y]

    min(1.1 C, C LHV_design / LHV): the boiler is full before the grate is with rich
    waste, the grate before the boiler with poor waste.

    Parameters
    ----------
    nameplate_t_per_y
        C, at the design heating value.  [t/y]
    lhv_design_mj_per_kg, lhv_mj_per_kg
        Lower heating values as received.  [MJ/kg]
    mass_overload_max
        Mass above nameplate that the grate takes.  [-]

    Dry garment waste of 17 MJ/kg in a line for 10.6 MJ/kg:

    >>> round(burnable_t_per_y(60_000, 10.6, 17.0))
    37412
    >>> round(burnable_t_per_y(60_000, 10.6, 8.0))
    66000
    """
    by_mass = mass_overload_max * nameplate_t_per_y
    if lhv_mj_per_kg <= 0:
        return by_mass
    return min(by_mass, nameplate_t_per_y * lhv_design_mj_per_kg / lhv_mj_per_kg)
