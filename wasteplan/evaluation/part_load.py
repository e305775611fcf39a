"""What part load costs a burner in electricity, year by year.

The planner counts every tonne at the efficiency of full load, which is linear.  Here
the load of each year is known, and with it the efficiency: a plant that is half full
makes less of each tonne.  Nothing is lost where no curve is stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from wasteplan.evaluation.books import Books, technology_of
from wasteplan.evaluation.intensities import EmissionKind, EmissionLine
from wasteplan.evaluation.lots import Floats, Lot
from wasteplan.treatment.part_load import relative_efficiency

MJ_PER_TJ = 1e6
USED = "electricity"
"""Stage of electricity that is bought."""


def lost_share(books: Books, period: int, plant: str) -> Floats | None:
    """Share of the electricity of full load that is not made; None without a curve.

    Load = thermal input of the year over the thermal rating at work, mass over
    capacity without a rating: the mean of the year, all lines alike.  [-]
    """
    if books.at_design:
        return None
    name = technology_of(plant)
    points = [p for p in books.scenario.part_load if p.technology == name]
    if not points:
        return None
    at_work = [a for a in books.assets.get(plant, ()) if a.works[period]]
    rating = sum(a.heat_max_tj_per_y for a in at_work)
    lots = books.course.intake.get((period, plant), {})
    load = np.zeros(len(books.years[period]))
    has_rating = rating > 0  # NaN has none
    for lot, tonnes in lots.items():
        work = books.intensities.performance(name, lot.material)
        per_t = work.heat_mj_per_t / MJ_PER_TJ if has_rating else 1.0
        load = load + per_t * tonnes
    whole = rating if has_rating else sum(a.mass_max_t_per_y for a in at_work)
    if not whole:
        return None
    return 1.0 - relative_efficiency(points, load / whole)


def lost_kwh(books: Books, period: int, plant: str, lot: Lot) -> Floats | float:
    """Electricity that part load takes of a tonne, by year.  [kWh/t]"""
    share = lost_share(books, period, plant)
    if share is None:
        return 0.0
    name = technology_of(plant)
    return share * books.intensities.performance(name, lot.material).made_kwh_per_t


def lost_lines(
    lines: tuple[EmissionLine, ...], net_kwh: float, lost: Floats
) -> Iterator[tuple[EmissionLine, Floats]]:
    """What the lost electricity changes in the emissions of a tonne.

    A line of 1 kg per unit of the grid factor, and the kilowatt-hours of each year it
    stands for: credit that is not earned, then power that is bought.

    Parameters
    ----------
    lines
        Emissions of a tonne at full load.
    net_kwh, lost
        Export of a tonne at full load, and what part load takes of it.  [kWh/t]
    """
    grid = next((line for line in lines if line.per_grid_kg), None)
    if grid is None:
        return
    forgone = np.minimum(lost, max(net_kwh, 0.0))
    bought = lost - forgone
    credit = EmissionLine(grid.kind, 0.0, 1.0)
    use = EmissionLine(_bought(grid.kind), 0.0, 1.0)
    if forgone.any():
        yield credit, forgone
    if bought.any():
        yield use, bought


def _bought(kind: EmissionKind) -> EmissionKind:
    return replace(kind, stage=USED, is_credit=False)
