"""The trips of a simulation as shipments, marked as simulated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.scenario.model import Scenario
from wasteplan.shipments.table import (
    NAMES,
    SIMULATED,
    SIMULATED_NUMBER,
    ShipmentTable,
    shipment_table,
)
from wasteplan.units import HOURS_PER_DAY
from wasteplan.wording import did_you_mean

SCHEME = SIMULATED
CODE_SCHEME = "EU_LoW"
ROUND = "round "
"""How the simulation names a round that serves several small generators."""

ROUTE_OF_KIND = {
    "disposal": "D5",
    "combustion": "R1",
    "co_processing": "R1",
    "recycling": "R3",
    "biological": "R3",
    "sorting": "R12",
    "storage": "R13",
    "effluent": "D8",
}
ROUTE_OF_OUTLET = {"recycling": "R3", "recovery": "R1", "landfill": "D5", "leakage": ""}
TIPPED = "tipped"
UNTREATED = "untreated"
KG_DIGITS = 3  # notes and weighbridges say kilograms


def simulated_shipments(
    scenario: Scenario,
    trips: pd.DataFrame,
    *,
    declared_sd: float = 0.1,
    seed: int = 1,
) -> ShipmentTable:
    """Every load as its consignment note would tell it.

    What was tipped is weighed; a load refused at a gate is a rejected shipment, and its
    next attempt a new one; a load that nobody took stays in transit.

    Parameters
    ----------
    scenario
        The scenario that was simulated.
    trips
        The trip log of a simulation, with columns period, origin, destination,
        carries, vehicle, outcome, tonnes, start_h, arrive_h, tipped_h, left_h.
    declared_sd
        Relative error of what generators declare against what was weighed.  [-]
    seed
        Of the declared errors.
    """
    n = len(trips)
    start = trips["period"].map(_new_year(scenario))
    outcome = trips["outcome"].astype(str).to_numpy()
    tipped = outcome == TIPPED
    lost = outcome == UNTREATED
    tonnes = trips["tonnes"].to_numpy(dtype=float).round(KG_DIGITS)
    stream = trips["carries"].astype(str).str.split("@").str[0]
    waste = _streams(scenario, stream)
    number = [f"{SIMULATED_NUMBER}{i:07d}" for i in range(1, n + 1)]
    return shipment_table(
        {
            "id": number,
            "document": number,
            "scheme": SCHEME,
            "generator": trips["origin"].astype(str),
            "facility": trips["destination"].astype(str),
            "waste_code": waste["code"],
            "code_scheme": CODE_SCHEME,
            "stream": waste["stream"],
            "is_hazardous": waste["is_hazardous"],
            "declared_t": _declared(tonnes, declared_sd, seed),
            "received_t": np.where(tipped, tonnes, np.nan),
            "rejected_t": np.where(tipped | lost, np.nan, tonnes),
            "vehicle": trips["vehicle"],
            "received_vehicle": trips["vehicle"].where(~lost),
            "shipped_at": _times(start, trips["start_h"]),
            "collected_at": _times(start, trips["start_h"]),
            "received_at": _times(start, trips["arrive_h"]).where(~lost),
            "confirmed_at": _times(start, trips["left_h"]).where(tipped),
            "route": trips["destination"].map(_routes(scenario)),
            "state": np.select(
                [tipped, lost], ["confirmed", "in_transit"], default="rejected"
            ),
        },
        n_rows=n,
    )


def pickup_shipments(
    scenario: Scenario,
    pickups: pd.DataFrame,
    *,
    declared_sd: float = 0.1,
    seed: int = 1,
) -> ShipmentTable:
    """Every pickup as the consignment note of its generator.

    Rounds hide who hands over what; pickups tell it. All count as received where the
    plan sends them, on the evening of the day: what gates turned away is told by trips.

    Parameters
    ----------
    scenario
        The scenario that was simulated.
    pickups
        Rows with the columns period, day, generator, stream, destination, vehicle,
        tonnes of the pickup log.
    declared_sd, seed
        As for trips.
    """
    evening = pickups["day"] * HOURS_PER_DAY - 1.0
    trips = pickups.assign(
        origin=pickups["generator"],
        carries=pickups["stream"],
        outcome=TIPPED,
        start_h=evening,
        arrive_h=evening,
        tipped_h=evening,
        left_h=evening,
    )
    return simulated_shipments(scenario, trips, declared_sd=declared_sd, seed=seed)


def of_regions(
    scenario: Scenario, table: ShipmentTable, regions: Iterable[str]
) -> ShipmentTable:
    """The loads that generators and rounds of some regions hand over.

    Raises
    ------
    WasteplanError
        The scenario has no such region.
    """
    home = {g: row.region for g, row in scenario.generator.items()}
    known = sorted(set(home.values()))
    wanted = set(regions)
    for name in sorted(wanted - set(known)):
        listed = ", ".join(known)
        hint = did_you_mean(name, known)
        raise WasteplanError(f"no region '{name}' in {scenario.name}: {listed}{hint}")
    home |= {ROUND + r: r for r in known}
    at = table["generator"].astype(object).map(home)
    kept = table[at.isin(wanted)].reset_index(drop=True)
    for name in NAMES:
        kept[name] = kept[name].cat.remove_unused_categories()
    return kept


def part_of(
    table: ShipmentTable, shares: Mapping[str, float], seed: int = 1
) -> ShipmentTable:
    """The table with only a part of the loads of some facilities, taken at random.

    To try out what monitoring says of a facility that falls short.

    Parameters
    ----------
    shares
        Facility -> share of its loads that is kept.  [-]
    seed
        Of the choice; the loads of one facility do not change another's.

    Raises
    ------
    WasteplanError
        No load goes to the facility, or the share is none.
    """
    kept = np.ones(len(table), dtype=bool)
    facility = table["facility"].astype(object)
    for name, share in shares.items():
        at = np.flatnonzero(facility == name)
        if not len(at):
            known = [str(n) for n in sorted(facility.dropna().unique())]
            hint = did_you_mean(name, known) or f"; they go to {', '.join(known)}"
            raise WasteplanError(f"no load goes to '{name}'{hint}")
        if not 0 <= share <= 1:
            raise WasteplanError(f"{name}: {share:g} is no share; it lies in 0 to 1")
        chance = np.random.default_rng([seed, crc32(name.encode())])
        kept[at] = chance.random(len(at)) < share
    return table[kept].reset_index(drop=True)


def handed_over_by(trips: pd.DataFrame) -> pd.Series[Any]:
    """Who handed each load of a trip log over, gates that refused it left out.

    A load goes on from a gate at the moment at which it was refused there; its origin
    in the log is that gate.  Where the log does not hold the trip before, it stays so.
    """
    first = trips["origin"].astype(str)
    what = ["period", "carries", "tonnes"]
    for attempt in range(1, int(trips["attempt"].max()) + 1):
        onward = trips[trips["attempt"] == attempt]
        is_refused = (trips["attempt"] == attempt - 1) & (trips["outcome"] != TIPPED)
        refused = trips[is_refused]
        left = _numbered(refused[[*what, "destination", "left_h"]])
        came = _numbered(onward[[*what, "origin", "start_h"]])
        known = pd.Series(first[refused.index].to_numpy(), index=left)
        found = pd.Series(known.reindex(came).to_numpy(), index=onward.index).dropna()
        first.loc[found.index] = found
    return first


def _numbered(loads: pd.DataFrame) -> pd.MultiIndex:
    """Loads by all that is known of them, like ones numbered in their order."""
    plain = loads.set_axis(["period", "carries", "tonnes", "place", "at_h"], axis=1)
    plain = plain.astype({"period": str, "carries": str, "place": str})
    like = plain.groupby(list(plain.columns)).cumcount()
    return pd.MultiIndex.from_frame(plain.assign(like=like))


def _declared(weighed_t: np.ndarray, sd: float, seed: int) -> np.ndarray:
    """What generators declare: lognormal about what is weighed, mean 1, in kg.  [t]"""
    chance = np.random.default_rng(seed)
    errors = chance.lognormal(-(sd**2) / 2, sd, len(weighed_t))
    return np.asarray((weighed_t * errors).round(KG_DIGITS))


def _new_year(scenario: Scenario) -> dict[str, pd.Timestamp]:
    """A simulated year is the last of its period."""
    return {p.id: pd.Timestamp(p.last_year, 1, 1) for p in scenario.periods}


def _times(start: pd.Series[Any], hours: pd.Series[float]) -> pd.Series[Any]:
    moment: Any = start + pd.to_timedelta(hours, unit="h")
    rounded: pd.Series[Any] = pd.to_datetime(moment).dt.round("s")
    return rounded


def _streams(scenario: Scenario, carries: pd.Series[str]) -> pd.DataFrame:
    """Stream, hazard and first waste code; unknown for products."""
    rows = {s.id: s for s in scenario.streams}
    codes = {s: " ".join(r.waste_codes.split()[:3]) for s, r in rows.items()}
    hazard = {s: r.is_hazardous for s, r in rows.items()}
    return pd.DataFrame(
        {
            "stream": carries.where(carries.isin(list(rows))),
            "code": carries.map(codes),
            "is_hazardous": carries.map(hazard).astype("boolean"),
        }
    )


def _routes(scenario: Scenario) -> dict[str, str]:
    """Recovery or disposal code of every place that takes waste."""
    kinds = {t.id: ROUTE_OF_KIND[t.kind] for t in scenario.technologies}
    found = {c.id: "R13" for c in scenario.centres}
    for site in scenario.sites:
        for technology, route in kinds.items():
            found[f"{site.id}.{technology}"] = route
    for outlet in scenario.outlets:
        if ROUTE_OF_OUTLET[outlet.counts_as]:
            found[outlet.id] = ROUTE_OF_OUTLET[outlet.counts_as]
    return found
