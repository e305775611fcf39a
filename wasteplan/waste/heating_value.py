"""Heating values: from dry to as received, and estimates from elements or mix."""

from __future__ import annotations

WATER_EVAPORATION_MJ_PER_KG = 2.443  # heat of evaporation of water at 25 °C
WATER_PER_HYDROGEN = 9.0  # kg of water formed by burning 1 kg of hydrogen, about 18/2


def lhv_as_received(lhv_dry_mj_per_kg: float, moisture: float) -> float:
    """Lower heating value of wet waste.  [MJ/kg as received]

    LHV_ar = LHV_dry (1 - w) - h_evap w

    Parameters
    ----------
    lhv_dry_mj_per_kg
        Lower heating value of the dry matter.  [MJ/kg dry]
    moisture
        Water as a share of wet mass, 0 to 1.  [-]

    >>> round(lhv_as_received(18.0, moisture=0.5), 4)
    7.7785
    """
    return lhv_dry_mj_per_kg * (1 - moisture) - WATER_EVAPORATION_MJ_PER_KG * moisture


def lhv_from_hhv(hhv_mj_per_kg: float, hydrogen: float, moisture: float) -> float:
    """Lower from higher heating value, both of the same wet mass.  [MJ/kg]

    LHV = HHV - h_evap (9 H + w): the water that was there and the water that burning
    hydrogen forms leave as vapour.

    Parameters
    ----------
    hhv_mj_per_kg
        Higher heating value.  [MJ/kg as received]
    hydrogen
        Hydrogen of the combustible, as a share of wet mass.  [kg/kg]
    moisture
        Water as a share of wet mass.  [kg/kg]

    The Phnom Penh measurement, 10.03 MJ/kg at 60.92 % moisture, 7 % hydrogen in a
    combustible share of 0.3589:

    >>> round(lhv_from_hhv(10.03, 0.07 * 0.3589, 0.6092), 2)
    7.99
    """
    water = WATER_PER_HYDROGEN * hydrogen + moisture
    return hhv_mj_per_kg - WATER_EVAPORATION_MJ_PER_KG * water


def hhv_dulong(
    carbon: float, hydrogen: float, oxygen: float, sulphur: float = 0.0
) -> float:
    """Higher heating value by Dulong's formula.  [MJ/kg dry]

    HHV = 33.86 C + 144.4 (H - O/8) + 9.428 S, the form of Perry and Chilton, Chemical
    Engineers' Handbook.  Oxygen is taken to be bound to hydrogen already, so it is too
    low for cellulose and other oxygen-rich matter.

    Parameters
    ----------
    carbon, hydrogen, oxygen, sulphur
        Elements.  [kg/kg dry]

    Polyethylene, PET and cellulose:

    >>> round(hhv_dulong(0.8563, 0.1437, 0.0), 2)
    49.74
    >>> round(hhv_dulong(0.6250, 0.0420, 0.3330), 2)
    21.22
    >>> round(hhv_dulong(0.4445, 0.0622, 0.4934), 2)
    15.13
    """
    return 33.86 * carbon + 144.4 * (hydrogen - oxygen / 8) + 9.428 * sulphur


def hhv_channiwala_parikh(
    carbon: float,
    hydrogen: float,
    oxygen: float,
    nitrogen: float = 0.0,
    sulphur: float = 0.0,
    ash: float = 0.0,
) -> float:
    """Higher heating value by the unified correlation.  [MJ/kg dry]

    HHV = 34.91 C + 117.83 H - 10.34 O - 1.51 N + 10.05 S - 2.11 Ash,
    Channiwala and Parikh, Fuel 81 (2002) 1051-1063, doi:10.1016/S0016-2361(01)00131-4.
    It has no chlorine term and overstates PVC.

    Parameters
    ----------
    carbon, hydrogen, oxygen, nitrogen, sulphur, ash
        Composition of the dry matter.  [kg/kg dry]

    >>> round(hhv_channiwala_parikh(0.4445, 0.0622, 0.4934), 2)
    17.74
    """
    return (
        34.91 * carbon
        + 117.83 * hydrogen
        - 10.34 * oxygen
        - 1.51 * nitrogen
        + 10.05 * sulphur
        - 2.11 * ash
    )


def heating_value_khan_abu_ghararah(
    food: float, cardboard_paper: float, plastic_rubber_leather: float
) -> float:
    """Energy content of mixed municipal waste from three shares.  [MJ/kg]

    E = 0.051 (F + 3.6 CP) + 0.352 PLR with shares in percent, Khan and Abu-Ghararah,
    Journal of Environmental Engineering 117 (1991) 376-380 (formula recalled).

    Parameters
    ----------
    food, cardboard_paper, plastic_rubber_leather
        Shares of wet mass, 0 to 1.  [-]

    >>> round(heating_value_khan_abu_ghararah(0.20, 0.40, 0.08), 3)
    11.18
    """
    percent = 100.0
    return percent * (
        0.051 * (food + 3.6 * cardboard_paper) + 0.352 * plastic_rubber_leather
    )
