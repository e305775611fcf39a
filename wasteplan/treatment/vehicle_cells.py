"""The columns of a truck type from the packaged vehicle table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wasteplan.treatment.choices import CatalogueVehicle, status_of
from wasteplan.treatment.costs import Convert
from wasteplan.treatment.parameters import (
    Parameter,
    money_unit,
    vehicle_parameters,
)

MINUTES_PER_HOUR = 60.0
MONEY = {"cost_per_km": "cost_per_km_{road}", "cost_per_h": "cost_per_hour"}
PLAIN = {
    "payload_t": "payload_t",
    "volume_m3": "volume_m3",
    "speed_km_per_h": "speed_{road}",
    "co2_kg_per_km": "co2_{road}",
}
MINUTES = {"load_time_h": "load_time", "unload_time_h": "unload_time"}
CREW = ("crew_driver", "crew_helpers")


def vehicle_cells(
    vehicle: CatalogueVehicle, convert: Convert, wants_cost: Callable[[str], bool]
) -> dict[str, tuple[Any, str]]:
    """Column -> (value, status) of a truck type.

    Parameters
    ----------
    vehicle
        A vehicle of the catalogue.
    convert
        To the scenario's money.
    wants_cost
        Whether a cost column is to be filled; money is converted only then.

    Raises
    ------
    ConversionError
        If a wanted cost cannot be converted.
    """
    cells: dict[str, tuple[Any, str]] = {"compacts": (vehicle.compacts, "assumption")}
    for column, name in PLAIN.items():
        row = _row(vehicle, name)
        cells[column] = (row.central, row.status)
    for column, name in MINUTES.items():
        row = _row(vehicle, name)
        cells[column] = ((row.central or 0.0) / MINUTES_PER_HOUR, row.status)
    for column, name in MONEY.items():
        if wants_cost(column):
            row = _row(vehicle, name)
            _, currency = money_unit(row.unit)
            amount = convert(row.central or 0.0, currency, row.price_year or 0)
            cells[column] = (amount, row.status)
    crew = [_row(vehicle, name) for name in CREW]
    cells["crew"] = (sum(r.central or 0.0 for r in crew), status_of(*crew))
    return cells


def _row(vehicle: CatalogueVehicle, name: str) -> Parameter:
    return vehicle_parameters()[vehicle.row, name.format(road=vehicle.road)]
