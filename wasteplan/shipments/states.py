"""The life of a shipment: its states, what may follow what, and the clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from wasteplan.shipments.mistakes import IllegalTransition
from wasteplan.shipments.table import ShipmentTable
from wasteplan.units import Record, Unit
from wasteplan.wording import did_you_mean

State = Literal[
    "draft",
    "reserved",
    "in_transit",
    "received",
    "confirmed",
    "treated",
    "cancelled",
    "rejected",
    "mismatch",
    "overdue",
    "corrected",
]

TRANSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "draft": frozenset({"reserved", "in_transit", "cancelled"}),
        "reserved": frozenset({"in_transit", "cancelled"}),
        "in_transit": frozenset({"received", "rejected", "overdue"}),
        "received": frozenset({"confirmed", "mismatch", "rejected", "overdue"}),
        "mismatch": frozenset({"corrected", "rejected", "overdue"}),
        "overdue": frozenset({"received", "confirmed", "mismatch", "corrected"})
        | {"rejected", "cancelled"},
        "corrected": frozenset({"confirmed", "mismatch"}),
        "confirmed": frozenset({"treated", "mismatch"}),
        "treated": frozenset(),
        "rejected": frozenset(),
        "cancelled": frozenset(),
    }
)
"""What may follow each state; a rejected load goes on as a new shipment."""

STATES: tuple[str, ...] = tuple(TRANSITIONS)
FINAL: frozenset[str] = frozenset(s for s, after in TRANSITIONS.items() if not after)
CANCELLED = frozenset({"draft", "cancelled"})
"""States in which nothing moved: such rows are no waste shipped."""

Days = Annotated[float, Field(ge=0), Unit("d")]


class Clocks(Record):
    """How long each party may take; after that a shipment is overdue.

    The defaults for confirming and correcting are those publicly described for
    Korea's Allbaro.  Transit is the 35 days after which a large generator in the
    United States must ask what became of its waste (40 CFR 262.42, from memory).
    The week from reservation to departure is an assumption.
    """

    ship_days: Days = 7.0
    transit_days: Days = 35.0
    confirm_days: Days = 2.0
    fix_days: Days = 3.0


class StateChange(Record):
    """One step in the life of a shipment."""

    state: State
    at: datetime


CLOCK_OF: Mapping[str, str] = MappingProxyType(
    {
        "in_transit": "transit_days",
        "received": "confirm_days",
        "mismatch": "fix_days",
    }
)
"""The clock that runs in a state; the others wait for nobody."""


def step(state: str, to: str) -> str:
    """The next state, if it may follow.

    Raises
    ------
    IllegalTransition
        `to` is no state, or may not follow `state`; the text lists what may.

    >>> step("received", "confirmed")
    'confirmed'
    """
    if to not in TRANSITIONS:
        raise IllegalTransition(f"'{to}' is no state{did_you_mean(to, STATES)}")
    allowed = TRANSITIONS[state]
    if to not in allowed:
        after = ", ".join(sorted(allowed)) or "nothing"
        message = f"a shipment cannot go from {state} to {to}; {state} allows {after}"
        raise IllegalTransition(message)
    return to


def advanced(
    history: tuple[StateChange, ...], to: str, at: datetime
) -> tuple[StateChange, ...]:
    """A history with one more step.

    Raises
    ------
    IllegalTransition
        The step may not follow the last one, or lies before it in time.
    """
    if not history:
        if to not in ("draft", "reserved", "in_transit", "received"):
            raise IllegalTransition(f"a shipment cannot begin as {to}")
        return (StateChange(state=to, at=at),)  # type: ignore[arg-type]
    last = history[-1]
    if at < last.at:
        message = f"{to} at {at:%Y-%m-%d %H:%M} lies before {last.state} at "
        raise IllegalTransition(message + f"{last.at:%Y-%m-%d %H:%M}")
    change = StateChange(state=step(last.state, to), at=at)  # type: ignore[arg-type]
    return (*history, change)


def due_at(last: StateChange, clocks: Clocks) -> datetime | None:
    """When the clock of the state runs out; None if no clock runs."""
    clock = CLOCK_OF.get(last.state)
    return None if clock is None else last.at + timedelta(days=getattr(clocks, clock))


def lapsed(
    history: tuple[StateChange, ...], now: datetime, clocks: Clocks
) -> tuple[StateChange, ...]:
    """The history at a later time: overdue once the clock of its state has run out."""
    due = due_at(history[-1], clocks) if history else None
    if due is None or now <= due:
        return history
    return advanced(history, "overdue", due)


def states_from_times(table: ShipmentTable) -> pd.Categorical:
    """The state that the times of each row speak for, where none was reported.

    The furthest step that has a time counts; a load refused in full is rejected.
    """
    moved = table["shipped_at"].notna() | table["collected_at"].notna()
    refused = (table["rejected_t"] > 0) & ~(table["received_t"] > 0)
    conditions = [
        table["treated_at"].notna(),
        refused,
        table["confirmed_at"].notna(),
        table["received_at"].notna() | table["received_t"].notna(),
        moved,
        table["reserved_at"].notna(),
    ]
    names = ["treated", "rejected", "confirmed", "received", "in_transit", "reserved"]
    codes = [STATES.index(name) for name in names]
    chosen = np.select(
        [c.to_numpy() for c in conditions], codes, default=STATES.index("draft")
    )
    return pd.Categorical.from_codes(
        chosen.astype("int8"), categories=pd.Index(STATES, dtype=object)
    )


NEEDS: Mapping[str, str] = MappingProxyType(
    {"received": "received_at", "confirmed": "received_at", "treated": "received_at"}
)
"""The time that must be known in a state (a missing one is a contradiction)."""

EXCLUDES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "draft": ("shipped_at", "received_at", "confirmed_at", "treated_at"),
        "reserved": ("shipped_at", "received_at", "confirmed_at", "treated_at"),
        "in_transit": ("received_at", "confirmed_at", "treated_at"),
        "received": ("treated_at",),
        "cancelled": ("received_at", "confirmed_at", "treated_at"),
        "rejected": ("treated_at",),
    }
)
"""Times that cannot be known yet in a state."""


def contradictions(table: ShipmentTable) -> list[tuple[np.ndarray, str, str]]:
    """Rows whose state contradicts their times.

    Returns
    -------
    list of (mask, state, message)
        One entry a rule that some rows break; the mask has one flag a row.
    """
    found = []
    state = table["state"]
    for name, column in NEEDS.items():
        mask = ((state == name) & table[column].isna()).to_numpy()
        found.append((mask, name, f"is {name}, but {column} is empty"))
    for name, columns in EXCLUDES.items():
        in_state = state == name
        for column in columns:
            mask = (in_state & table[column].notna()).to_numpy()
            found.append((mask, name, f"is {name}, but {column} is filled"))
    return [entry for entry in found if entry[0].any()]


def illegal_changes(before: ShipmentTable, after: ShipmentTable) -> pd.DataFrame:
    """Shipments whose state moved between two reports as it never can.

    A report may skip steps (a month lies between two files): a change is legal when
    some chain of transitions leads from the old state to the new one.

    Returns
    -------
    pandas.DataFrame
        `id`, `before`, `after`; one row a shipment.
    """
    pairs: Any = before[["id", "state"]].merge(
        after[["id", "state"]], on="id", suffixes=("_before", "_after")
    )
    pairs = pairs.dropna()
    known = {(a, b) for a in STATES for b in reachable(a)}
    legal = [
        (a, b) in known
        for a, b in zip(pairs["state_before"], pairs["state_after"], strict=True)
    ]
    wrong = pairs[~np.array(legal, dtype=bool)]
    wrong = wrong.rename(columns={"state_before": "before", "state_after": "after"})
    return wrong.reset_index(drop=True)


def reachable(state: str) -> frozenset[str]:
    """The state itself and every state that some chain of transitions leads to."""
    seen = {state}
    waiting = [state]
    while waiting:
        for after in TRANSITIONS[waiting.pop()] - seen:
            seen.add(after)
            waiting.append(after)
    return frozenset(seen)
