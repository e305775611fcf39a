"""What makes a shipment an exception: one rule a function, over the whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from wasteplan.shipments.checking import mapped
from wasteplan.shipments.quantities import is_volume
from wasteplan.shipments.records import Permit
from wasteplan.shipments.states import CANCELLED, Clocks, contradictions
from wasteplan.shipments.table import ShipmentTable
from wasteplan.units import Amount, Record, Share, Unit

Days = Annotated[float, Field(ge=0), Unit("d")]


class Tolerances(Record):
    """How far two parties may differ before it is an exception.

    The share of mass is the significant difference of bulk waste in the United
    States, above 10 % by weight (40 CFR 264.72); the least mass and the day between
    dates are assumptions.
    """

    mass_share: Share = 0.10
    mass_min_t: Annotated[Amount, Unit("t")] = 0.02
    date_days: Days = 1.0


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: the moment, the clocks, the limits."""

    now: pd.Timestamp
    clocks: Clocks
    tolerances: Tolerances
    permits: tuple[Permit, ...]


Found = Iterable[tuple[np.ndarray, Callable[[Any], str], str]]
"""(mask of rows, message from a row, column since which it stands)."""


def overdue_confirmation(table: ShipmentTable, asked: Asked) -> Found:
    """Received, and neither confirmed nor refused when the clock has run out."""
    days = asked.clocks.confirm_days
    waits = table["state"].isin(["received", "overdue"]) & table["confirmed_at"].isna()
    late = (waits & (asked.now > table["received_at"] + _days(days))).to_numpy()
    yield late, lambda r: f"not confirmed within {days:g} d", "received_at"


def overdue_correction(table: ShipmentTable, asked: Asked) -> Found:
    """A mismatch that nobody corrected when the clock has run out."""
    days = asked.clocks.fix_days
    stands = table["state"] == "mismatch"
    late = (stands & (asked.now > table["received_at"] + _days(days))).to_numpy()
    yield late, lambda r: f"mismatch not corrected within {days:g} d", "received_at"


def date_mismatch(table: ShipmentTable, asked: Asked) -> Found:
    """Handover and collection on different days, or steps in the wrong order."""
    days = asked.tolerances.date_days
    apart = (table["shipped_at"] - table["collected_at"]).abs() > _days(days)
    yield (
        apart.to_numpy(),
        lambda r: (
            f"generator says {_day(r.shipped_at)}, carrier {_day(r.collected_at)}"
        ),
        "shipped_at",
    )
    for first, then in ORDER:
        wrong = _before(table[then], table[first]).to_numpy()
        yield wrong, _order_message(first, then), first


ORDER = (
    ("shipped_at", "received_at"),
    ("collected_at", "received_at"),
    ("received_at", "confirmed_at"),
    ("received_at", "treated_at"),
)
"""(step, later step): the second cannot lie before the first."""


def vehicle_mismatch(table: ShipmentTable, asked: Asked) -> Found:
    """Another vehicle at the gate than at the generator's."""
    said = mapped(pd.Categorical(table["vehicle"]), plate)
    seen = mapped(pd.Categorical(table["received_vehicle"]), plate)
    known = (said.codes >= 0) & (seen.codes >= 0)
    place = {name: i for i, name in enumerate(said.categories)}
    of_seen = np.array([*(place.get(n, -2) for n in seen.categories), -1])
    differs = known & (of_seen[seen.codes] != said.codes)
    yield (
        differs,
        lambda r: f"sent with {r.vehicle}, arrived with {r.received_vehicle}",
        "received_at",
    )


def quantity_mismatch(table: ShipmentTable, asked: Asked) -> Found:
    """Declared and received (with refused and left over) differ too much.  [t]"""
    limits = asked.tolerances
    arrived = table["received_t"] + table["rejected_t"].fillna(0)
    arrived = arrived + table["residue_t"].fillna(0)
    off = (arrived - table["declared_t"]).abs()
    limit = (limits.mass_share * table["declared_t"]).clip(lower=limits.mass_min_t)
    too_far = (off > limit * (1 + 1e-9)).to_numpy()  # the limit itself is allowed
    share = f"{limits.mass_share:.0%}"

    def message(r: Any) -> str:
        parts = [r.received_t, r.rejected_t, r.residue_t]
        arrived_t = sum(p for p in parts if not pd.isna(p))
        told = f"declared {r.declared_t:.4g} t, accounted for {arrived_t:.4g} t"
        return f"{told}; more than {share} apart"

    yield too_far, message, "received_at"


def never_shipped(table: ShipmentTable, asked: Asked) -> Found:
    """Reserved, and not on its way when the clock has run out."""
    days = asked.clocks.ship_days
    moved = table["shipped_at"].notna() | table["collected_at"].notna()
    waits = (table["state"] == "reserved") & ~moved & table["received_at"].isna()
    late = (waits & (asked.now > table["reserved_at"] + _days(days))).to_numpy()
    yield late, lambda r: f"not shipped within {days:g} d of its date", "reserved_at"


def never_received(table: ShipmentTable, asked: Asked) -> Found:
    """Shipped, and not arrived when the clock has run out."""
    days = asked.clocks.transit_days
    left = table["shipped_at"].fillna(table["collected_at"])
    waits = table["state"].isin(["in_transit", "overdue"])
    waits &= table["received_at"].isna()
    late = (waits & (asked.now > left + _days(days))).to_numpy()
    yield late, lambda r: f"not received within {days:g} d", "shipped_at"


def missing_density(table: ShipmentTable, asked: Asked) -> Found:
    """A volume that no density turns into tonnes."""
    lacks = is_volume(pd.Categorical(table["quantity_unit"]))
    lacks &= (table["quantity"].notna() & table["quantity_t"].isna()).to_numpy()
    yield (
        lacks,
        lambda r: f"{r.quantity:g} {r.quantity_unit} without density",
        "shipped_at",
    )


def missing_quantity(table: ShipmentTable, asked: Asked) -> Found:
    """A shipment that moved without any quantity."""
    moved = ~table["state"].isin([*CANCELLED, "reserved", "rejected"])
    lacks = moved & table["quantity_t"].isna() & table["quantity"].isna()
    yield lacks.to_numpy(), lambda r: "no quantity is stated", "shipped_at"


def duplicate(table: ShipmentTable, asked: Asked) -> Found:
    """The same id twice, or the same load under two ids.

    The same load: equal generator, facility, waste code, vehicle, time of handover
    and tonnage, all of them known.
    """
    ids = table["id"]
    doubled = (ids.duplicated(keep=False) & ids.notna()).to_numpy()
    yield doubled, lambda r: f"the id {r.id} stands in more than one row", "shipped_at"
    keys = ["generator", "facility", "waste_code", "vehicle", "shipped_at"]
    keys.append("quantity_t")
    known = table[keys].notna().all(axis=1) & ~table["state"].isin([*CANCELLED])
    subset = table.loc[known, keys]
    same = np.zeros(len(table), dtype=bool)
    same[np.flatnonzero(known.to_numpy())] = subset.duplicated(keep=False).to_numpy()
    yield (
        same & ~doubled,
        lambda r: f"same load as another row: {r.quantity_t:g} t, {r.vehicle}",
        "shipped_at",
    )


def over_permit(table: ShipmentTable, asked: Asked) -> Found:
    """Loads with which a facility passes its permit of the calendar year.  [t]

    The load that passes the limit and those after it, in the order of arrival.
    """
    for permit in asked.permits:
        mine = (table["facility"] == permit.facility) & (table["quantity_t"] > 0)
        mine &= ~table["state"].isin([*CANCELLED, "reserved", "in_transit"])
        if permit.waste_code:
            codes = mapped(
                pd.Categorical(table["waste_code"]),
                lambda c, b=permit.waste_code: "x" if c.startswith(b) else None,  # type: ignore[misc]
            )
            mine &= codes.codes >= 0
        loads = table.loc[mine, ["received_at", "quantity_t"]].dropna()
        loads = loads.sort_values("received_at", kind="stable")
        year = loads["received_at"].dt.year
        total = loads.groupby(year)["quantity_t"].cumsum()
        over = total > permit.permit_t_per_y * (1 + 1e-9)
        over &= year >= (permit.first_year or 0)
        over &= year <= (permit.last_year or 9999)
        mask = np.zeros(len(table), dtype=bool)
        mask[loads.index[over].to_numpy()] = True
        yield mask, _permit_message(permit, total[over]), "received_at"


def state_contradiction(table: ShipmentTable, asked: Asked) -> Found:
    """A state that the reported times contradict."""
    for mask, _, message in contradictions(table):
        yield mask, lambda r, m=message: m, "received_at"  # type: ignore[misc]


RULES: dict[str, Callable[[ShipmentTable, Asked], Found]] = {
    "overdue_confirmation": overdue_confirmation,
    "overdue_correction": overdue_correction,
    "date_mismatch": date_mismatch,
    "vehicle_mismatch": vehicle_mismatch,
    "quantity_mismatch": quantity_mismatch,
    "never_shipped": never_shipped,
    "never_received": never_received,
    "missing_density": missing_density,
    "missing_quantity": missing_quantity,
    "duplicate": duplicate,
    "over_permit": over_permit,
    "state_contradiction": state_contradiction,
}


def plate(text: str) -> str | None:
    """A number plate without blanks and hyphens, in capitals.

    >>> plate("2a-1234") == plate("2A 1234")
    True
    """
    return "".join(c for c in text.upper() if c.isalnum()) or None


def _permit_message(permit: Permit, total_t: pd.Series[Any]) -> Callable[[Any], str]:
    """How far the year stands at a load against the permit."""

    def message(row: Any) -> str:
        at = f"{total_t[row.Index]:,.4g} t in {row.received_at.year}"
        of = f" of {permit.waste_code}" if permit.waste_code else ""
        return f"{at}{of}, above the permit of {permit.permit_t_per_y:,.4g} t/y"

    return message


def _order_message(first: str, then: str) -> Callable[[Any], str]:
    """That one step is reported before another that it must follow."""

    def message(row: Any) -> str:
        a, b = getattr(row, first), getattr(row, then)
        return f"{then} {_day(b)} lies before {first} {_day(a)}"

    return message


def _before(then: pd.Series[Any], first: pd.Series[Any]) -> pd.Series[Any]:
    """Whether a step lies before another; one without an hour counts by its day."""
    by_day = (then == then.dt.normalize()) | (first == first.dt.normalize())
    earlier_day = then.dt.normalize() < first.dt.normalize()
    return earlier_day | (~by_day & (then < first))


def _days(days: float) -> pd.Timedelta:
    return pd.Timedelta(days=days)


def _day(time: pd.Timestamp) -> str:
    return f"{time:%Y-%m-%d %H:%M}"
