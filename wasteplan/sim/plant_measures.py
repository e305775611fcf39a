"""What the books of a plant say of its lines, bunker, store and airspace."""

from __future__ import annotations

import math

from wasteplan.sim.books import PlaceBook
from wasteplan.sim.case import PlantCase
from wasteplan.units import DAYS_PER_YEAR, HOURS_PER_DAY

YEAR_H = DAYS_PER_YEAR * HOURS_PER_DAY

LINE_MEASURES: dict[str, str] = {
    "availability_of_tonnes": "what lines at work could take, of what all could [-]",
    "capacity_factor": "treated, of nameplate around the clock [-]",
    "broken_share": "share of line-hours broken, waits for a crew included [-]",
    "overhaul_share": "share of line-hours under overhaul [-]",
    "ramp_share": "share of line-hours rising to full load [-]",
    "turned_down_share": "share of time at minimum load [-]",
    "standing_share": "share of time stopped for want of waste [-]",
    "stops_per_y": "stops for want of waste [1/y]",
    "support_heat_gj_per_y": "lacking to the minimum load [GJ/y]",
    "bunker_days_mean": "content in days of full throughput [d]",
    "bunker_days_max": "highest, warm-up included [d]",
    "expired_t_per_y": "stayed in the store as long as allowed [t/y]",
    "expired_lots_per_y": "storage breaches [1/y]",
    "airspace_left_m3": "at the end of the measured days [m3]",
    "airspace_years": "left, at the use of the measured days [y]",
}
"""Measures of a plant by name; NaN where they do not apply."""


def line_measures(
    case: object, before: PlaceBook, after: PlaceBook, hours: float
) -> dict[str, float]:
    """The measures of `LINE_MEASURES` between two moments.

    Parameters
    ----------
    case
        The place; everything is NaN for what is no plant.
    before, after
        Its books at both moments.
    hours
        Between them.  [h]
    """
    found = dict.fromkeys(LINE_MEASURES, math.nan)
    if not isinstance(case, PlantCase):
        return found
    if case.is_disposal:
        return found | _airspace(case, before, after, hours)
    found |= _bunker(case, before, after, hours)
    if case.dwell is not None:
        scale = YEAR_H / hours
        return found | {
            "expired_t_per_y": (after.expired_t - before.expired_t) * scale,
            "expired_lots_per_y": (after.expired - before.expired) * scale,
        }
    return found | _lines(case, before, after, hours)


def _lines(
    case: PlantCase, before: PlaceBook, after: PlaceBook, hours: float
) -> dict[str, float]:
    def rise(name: str) -> float:
        return float(getattr(after, name) - getattr(before, name))

    n = len(case.ratings)
    could = sum(r.mass_t_per_h for r in case.ratings) * hours
    up, overhaul = rise("line_up_h"), rise("overhaul_h")
    nameplate = case.nameplate_t_per_h * hours
    found = {
        "availability_of_tonnes": case.derating * rise("mass_limit") / could,
        "capacity_factor": rise("treated") / nameplate if nameplate else math.nan,
        "broken_share": max(1.0 - (up + overhaul) / (n * hours), 0.0),
        "overhaul_share": overhaul / (n * hours),
        "ramp_share": rise("ramp_h") / (n * hours),
    }
    if case.turn_down is not None:
        found |= {
            "turned_down_share": rise("low_h") / hours,
            "standing_share": rise("standing_h") / hours,
            "stops_per_y": rise("stops") * YEAR_H / hours,
            "support_heat_gj_per_y": rise("support_gj") * YEAR_H / hours,
        }
    return found


def _bunker(
    case: PlantCase, before: PlaceBook, after: PlaceBook, hours: float
) -> dict[str, float]:
    daily = case.nameplate_t_per_h * HOURS_PER_DAY
    if not daily:
        return {}
    mean = (after.stock_area - before.stock_area) / hours
    return {
        "bunker_days_mean": mean / daily,
        "bunker_days_max": after.stock_max / daily,
    }


def _airspace(
    case: PlantCase, before: PlaceBook, after: PlaceBook, hours: float
) -> dict[str, float]:
    """Airspace left, and for how many years like this.  [m3], [y]"""
    if math.isinf(case.airspace_m3) or not case.m3_per_t:
        return {}
    used = (after.received - before.received) * case.m3_per_t
    left = max(case.airspace_m3 - used, 0.0)
    yearly = used * YEAR_H / hours
    years = left / yearly if yearly > 0 else math.inf
    return {"airspace_left_m3": left, "airspace_years": years}
