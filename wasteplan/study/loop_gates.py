"""What became of loads turned away, told for the plants that they were meant for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from wasteplan.sim.log import OUTCOMES, REFUSALS
from wasteplan.sim.result import SimulationResult
from wasteplan.superstructure.experience import PlantPeriod

CAUSES = tuple(OUTCOMES[c] for c in REFUSALS)
STEPS = 20  # gates that a load can be turned away from, one after the other


@dataclass(frozen=True)
class AtTheGate:
    """A place in a period, from the trips of the first replication."""

    own: float = 1.0
    """Of what it turned away, the part that the plan had sent.  [-]"""
    lost: float = 1.0
    """Of what it turned away, the part that in the end was buried or found no place.
    [-]"""


def at_the_gates(simulation: SimulationResult) -> dict[PlantPeriod, AtTheGate]:
    """Every place that turned something away.

    A load turned away goes on and may be turned away again. With s(p, q) the share of
    what p turns away that q turns away next, and b(p) the share that is buried next or
    finds no place, the part lost in the end is L = b + s L.
    """
    trips = simulation.trips
    if trips.empty:
        return {}
    is_first = trips["attempt"] == 0
    is_refused = trips["outcome"].isin(CAUSES)
    keys = ["destination", "period"]
    own = trips[is_first & is_refused].groupby(keys)["tonnes"].sum().to_dict()
    refused = trips[is_refused].groupby(keys)["tonnes"].sum().to_dict()
    lost = _lost_in_the_end(trips, disposal_of(simulation))
    return {
        (str(k[0]), str(k[1])): AtTheGate(  # type: ignore[index]
            own=float(own.get(k, 0.0)) / float(t),
            lost=lost.get((str(k[0]), str(k[1])), 1.0),  # type: ignore[index]
        )
        for k, t in refused.items()
        if t > 0
    }


def disposal_of(simulation: SimulationResult) -> set[str]:
    """Places without lines or stock: what they take stays there."""
    plants = simulation.plants
    stays = plants["availability"].isna() & plants["stock_max_t"].isna()
    return set(plants.loc[stays, "plant"].astype(str))


def _lost_in_the_end(
    trips: pd.DataFrame, disposal: set[str]
) -> dict[PlantPeriod, float]:
    """Of what each place turns away, the part lost after all gates.  [-]"""
    onward = trips[(trips["attempt"] > 0) | (trips["outcome"] == "untreated")]
    ways = onward.groupby(["origin", "period", "destination", "outcome"])["tonnes"]
    total: dict[PlantPeriod, float] = defaultdict(float)
    at_once: dict[PlantPeriod, float] = defaultdict(float)
    again: dict[PlantPeriod, list[tuple[PlantPeriod, float]]] = defaultdict(list)
    for r in ways.sum().reset_index().to_dict("records"):
        place, period = str(r["origin"]), str(r["period"])
        total[place, period] += r["tonnes"]
        if r["outcome"] in CAUSES:
            to = (str(r["destination"]), period)
            again[place, period].append((to, r["tonnes"]))
        elif r["outcome"] == "untreated" or r["destination"] in disposal:
            at_once[place, period] += r["tonnes"]
    lost = {p: at_once[p] / t for p, t in total.items() if t > 0}
    for _ in range(STEPS):
        lost = {
            p: (at_once[p] + sum(t * lost.get(q, 1.0) for q, t in again[p])) / total[p]
            for p in lost
        }
    return {p: min(1.0, share) for p, share in lost.items()}
