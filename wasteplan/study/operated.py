"""The plan that a simulation really ran: destinations as its records tell them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.plan.records import RAW, Plan, Route
from wasteplan.scenario.model import Scenario

TIPPED = "tipped"
UNTREATED = "untreated"
NEEDED = ("period", "origin", "destination", "carries", "outcome", "tonnes")
TRIPS_FILE = Path("sim") / "trips.csv"


@dataclass(frozen=True)
class Operated:
    """A plan with the destinations of a simulated year."""

    plan: Plan
    diverted_t: float
    """Loads that went elsewhere than the plan says, measured days.  [t]"""
    tipped_t: float
    """All loads that were taken.  [t]"""
    untreated_t: float
    """Loads that nobody took; they have no place in the plan.  [t]"""

    def summary(self) -> str:
        """One line for people."""
        share = self.diverted_t / self.tipped_t if self.tipped_t else 0.0
        return (
            f"as simulated: {self.tipped_t:,.0f} t tipped on the measured days, "
            f"{100 * share:.1f} % of it elsewhere than planned, "
            f"{self.untreated_t:,.0f} t taken by nobody (left out)"
        )


def operated_plan(scenario: Scenario, plan: Plan, trips: pd.DataFrame) -> Operated:
    """Routes with the shares that arrived, in place of those that were planned.

    An origin and what it carries keep the planned route where no trip tells of them:
    small generators that share a round, and periods that were not simulated.  Tonnages
    stay those of the scenario; a turned-away load counts where it was tipped in the
    end, without its extra kilometres.

    Parameters
    ----------
    scenario, plan
        What was simulated.
    trips
        Trip log with the columns period, origin, destination, carries, outcome, tonnes.

    Raises
    ------
    WasteplanError
        If a column is missing.
    """
    lacking = [c for c in NEEDED if c not in trips.columns]
    if lacking:
        raise WasteplanError(f"the trip log has no column {', '.join(lacking)}")
    log = trips.assign(carries=trips["carries"].astype(str).str.split("@").str[0])
    taken = log[log["outcome"] == TIPPED]
    keys = ["period", "origin", "carries"]
    told: dict[tuple[str, str, str], dict[str, float]] = {}
    for (*key, destination), part in taken.groupby([*keys, "destination"], sort=True):
        period, origin, carries = map(str, key)
        told.setdefault((period, origin, carries), {})[str(destination)] = float(
            part["tonnes"].sum()
        )
    kept, planned = _kept(scenario, plan, told)
    routes = [*kept, *_told(scenario, told, planned)]
    elsewhere = sum(
        t
        for key, ends in told.items()
        if key in planned
        for end, t in ends.items()
        if end not in planned[key]
    )
    lost = log.loc[log["outcome"] == UNTREATED, "tonnes"].sum()
    return Operated(
        plan.model_copy(update={"routes": tuple(routes), "proof": None}),
        elsewhere,
        float(taken["tonnes"].sum()),
        float(lost),
    )


def trips_of(folder: Path) -> pd.DataFrame:
    """The trip log in the output folder of a run.

    Raises
    ------
    WasteplanError
        If the folder holds no simulation.
    """
    path = folder / TRIPS_FILE
    if not path.is_file():
        raise WasteplanError(
            f"{folder} holds no simulation ({TRIPS_FILE}); name the output folder of a "
            "run with a simulation"
        )
    return pd.read_csv(path)


Key = tuple[str, str, str]


def _key(scenario: Scenario, route: Route, stream: str) -> Key:
    name = stream if route.product == RAW else route.product
    return route.period, route.origin, name


def _kept(
    scenario: Scenario, plan: Plan, told: dict[Key, dict[str, float]]
) -> tuple[list[Route], dict[Key, set[str]]]:
    """Routes that no trip tells of, and the planned ends of those that one does."""
    kept: list[Route] = []
    planned: dict[Key, set[str]] = {}
    for route in plan.routes:
        stream = route.stream.split("@")[0]
        streams = [stream] if stream or route.product != RAW else list(scenario.stream)
        keys = [_key(scenario, route, s) for s in streams]
        found = [k for k in keys if k in told]
        for key in found:
            planned.setdefault(key, set()).add(route.destination)
        if len(found) < len(keys):  # a told stream's own route goes before this one
            kept.append(route)
    return kept, planned


def _told(
    scenario: Scenario,
    told: dict[Key, dict[str, float]],
    planned: dict[Key, set[str]],
) -> list[Route]:
    routes = []
    for (period, origin, name), ends in told.items():
        if (period, origin, name) not in planned:
            continue
        is_raw = name in scenario.stream
        total = sum(ends.values())
        for end, tonnes in ends.items():
            routes.append(
                Route(
                    period=period,
                    origin=origin,
                    stream=name if is_raw else "",
                    product=RAW if is_raw else name,
                    destination=end,
                    share=tonnes / total,
                )
            )
    return routes
