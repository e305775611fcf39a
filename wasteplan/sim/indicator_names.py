"""What a simulation measures: indicators of the system and of each plant, in words."""

from __future__ import annotations

from wasteplan.sim.log import OUTCOMES, REFUSALS
from wasteplan.sim.plant_measures import LINE_MEASURES

KPIS: dict[str, tuple[str, str]] = {
    "landfill_diversion_rate": ("Diversion from landfill", "-"),
    "generated_t": ("Waste generated", "t/y"),
    "landfilled_t": ("Landfilled, residues included", "t/y"),
    "leaked_t": ("Leaked at the generators", "t/y"),
    "container_overflow_t": ("Stood beside full containers", "t/y"),
    "turned_away_t": ("Turned away at the first gate", "t/y"),
    "turned_away_share": ("Share of loads turned away at the first gate", "-"),
    "uncollected_t": ("Waits longer and longer for trucks", "t/y"),
    "backlog_t": ("Piles up at gates, in bunkers and centres", "t/y"),
    "untreated_t": ("Found no place at all", "t/y"),
    "treated_t": ("Treated", "t/y"),
    "trips_per_y": ("Truck trips", "1/y"),
    "truck_km_per_y": ("Truck kilometres", "km/y"),
    "gate_wait_mean_min": ("Wait at gates, mean", "min"),
    "gate_wait_95_min": ("Wait at gates, 95th percentile", "min"),
    "bunker_days_mean": ("Bunker content, mean", "d"),
    "utilisation": ("Use of the lines at work", "-"),
    "availability": ("Availability of the lines", "-"),
    "electricity_mwh_per_y": ("Electricity, net export", "MWh/y"),
    "waiting_for_trucks_t": ("Waiting for a truck at the end", "t"),
    "fleet_use": ("Share of truck-hours on the road", "-"),
    "informal_t": ("Taken by informal collectors and buyers", "t/y"),
    **{
        f"turned_away_{OUTCOMES[c]}_t": (
            f"Turned away: {OUTCOMES[c].replace('_', ' ')}",
            "t/y",
        )
        for c in REFUSALS
    },
    "gate_wait_max_min": ("Wait at gates, longest", "min"),
    "t_km_per_y": ("Transport work", "t km/y"),
    "missed_pickups_per_y": ("Loads that leave in a later shift", "1/y"),
    "service_level": ("Share of loads that leave in their shift", "-"),
    "availability_of_tonnes": ("Availability by tonnes", "-"),
    "capacity_factor": ("Treated, of nameplate around the clock", "-"),
    "expired_t": ("Stayed in stores as long as allowed", "t/y"),
    "airspace_years": ("Years until the first landfill is full", "y"),
}
"""Indicator -> (label, unit)."""

PLANT_MEASURES: dict[str, str] = {
    "received_t_per_y": "tipped [t/y]",
    "treated_t_per_y": "burnt, sorted, ... [t/y]",
    **{f"{OUTCOMES[c]}_t_per_y": "turned away, by cause [t/y]" for c in REFUSALS},
    "utilisation": "of what the lines at work could take, by mass or heat [-]",
    "availability": "share of line-hours at work [-]",
    "empty_share": "share of time with nothing in the bunker [-]",
    "stock_mean_t": "bunker or centre, mean [t]",
    "stock_max_t": "highest, warm-up included [t]",
    "wait_mean_min": "before bridges and bays [min]",
    "wait_95_min": "95th percentile [min]",
    "wait_max_min": "longest [min]",
    "electricity_mwh_per_y": "net export [MWh/y]",
    **LINE_MEASURES,
}
