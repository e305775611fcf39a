"""How yields written for one moisture hold at another: dry matter first, then water.

Each output falls in one of three classes:

- a *water outlet* (its target fraction is `water`) takes what water is left over;
- an output *with a moisture of its own* (compost, fuel, gas at 0) holds at most that;
- every other output keeps the moisture of the input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class AsReceived:
    """Yields as received, of every fraction.

    Attributes
    ----------
    share
        Shape (fractions, outputs): t per t of the fraction as received.
    assumed
        Shape (fractions,): moisture the rows were written for; NaN: hold at any.
    is_water, is_release
        Shape (outputs,): takes left-over water; leaves the solid system.
    moisture
        Shape (outputs,): moisture of its own; NaN: that of the input.
    """

    share: Floats
    assumed: Floats
    is_water: Flags
    is_release: Flags
    moisture: Floats


@dataclass(frozen=True)
class DrySplit:
    """Where dry matter and left-over water go, shape (fractions, outputs).

    Rows sum to 1; `overflow` is the share of the water that no output can hold.
    """

    dry: Floats
    overflow: Floats


def dry_split(rows: AsReceived) -> DrySplit:
    """The dry matter behind shares as received at their assumed moisture.

    Of an output with moisture p and share s, (1 - p) s is dry.  One class of outputs
    closes the balance of water instead: effluents, which carry the solids that are
    found nowhere else; or, where a fraction has no outlet for water, its solid products
    with a moisture of their own.  Rounding of the shares is scaled away.
    """
    s, a = rows.share, rows.assumed[:, None]
    has_own = ~np.isnan(rows.moisture)
    own = np.where(rows.is_water & ~has_own, 1.0, rows.moisture)
    water = s * np.where(np.isnan(own), a, own)
    has_outlet = (s * rows.is_water).sum(axis=1, keepdims=True) > 0
    solid = has_own & ~rows.is_release & ~rows.is_water
    closes = np.where(has_outlet, rows.is_water & has_own, solid) & (s > 0)
    rest = a - np.where(closes, 0.0, water).sum(axis=1, keepdims=True)
    whole = np.where(closes, s, 0.0).sum(axis=1, keepdims=True)
    wet = np.clip(_ratio(rest, whole), 0.0, 1.0)
    dry = s - np.where(closes, s * wet, water)
    total = dry.sum(axis=1, keepdims=True)
    share = np.where(total > 0, _ratio(dry, total), s)
    return DrySplit(share, _overflow(rows, share))


def _overflow(rows: AsReceived, dry: Floats) -> Floats:
    """Outlets of the fraction, else of the technology, else the wettable solids."""
    own = rows.share * rows.is_water
    vapour = (rows.is_water & rows.is_release).astype(float)
    any_outlet = np.broadcast_to(
        vapour if vapour.any() else rows.is_water.astype(float), own.shape
    )
    wettable = ~np.isnan(rows.moisture) & ~rows.is_release
    choices = (own, any_outlet, dry * wettable, dry * ~rows.is_release, dry, rows.share)
    found = np.zeros_like(own)
    for choice in choices:
        total = choice.sum(axis=1, keepdims=True)
        take = (found.sum(axis=1, keepdims=True) == 0) & (total > 0)
        found = np.where(take, _ratio(choice, total), found)
    return found


def water_by_output(
    rows: AsReceived, split: DrySplit, index: npt.NDArray[np.intp], moisture: Floats
) -> tuple[Floats, Floats]:
    """Mass and water of every output.  [t per t of each fraction]

    Parameters
    ----------
    rows, split
        Prepared yields.
    index
        Fractions asked for.
    moisture
        Their moisture, shape (len(index),); NaN leaves the masses as written.

    Returns
    -------
    mass, water
        Shape (len(index), outputs); masses sum to 1, waters to the moisture.
    """
    w = moisture[:, None]
    fixed = np.isnan(rows.assumed[index])[:, None]
    plain_mass, plain_water = _as_written(rows, index, w)
    dry = split.dry[index] * (1.0 - w)
    start = split.dry[index] * w
    own = np.where(np.isnan(rows.moisture), 0.0, rows.moisture)
    has_own = ~np.isnan(rows.moisture) & ~rows.is_water
    cap = np.where(has_own, dry * own / (1.0 - own), start)
    held = np.minimum(start, cap)
    freed = (start - held).sum(axis=1, keepdims=True)
    room = np.maximum(cap - start, 0.0)
    space = room.sum(axis=1, keepdims=True)
    taken = np.minimum(freed, space)
    held = held + taken * _ratio(room, space)
    held = held + (freed - taken) * split.overflow[index]
    as_written = fixed | np.isnan(w)
    return (
        np.where(as_written, plain_mass, dry + held),
        np.where(as_written, plain_water, held),
    )


def _as_written(
    rows: AsReceived, index: npt.NDArray[np.intp], w: Floats
) -> tuple[Floats, Floats]:
    """Masses as the rows state them; never more water leaves than there is."""
    s = rows.share[index]
    outlet = s * rows.is_water
    asked = outlet.sum(axis=1, keepdims=True)
    given = np.where(np.isnan(w), asked, np.minimum(asked, w))
    others = np.where(rows.is_water, 0.0, s)
    rest = others.sum(axis=1, keepdims=True)
    mass = outlet * _ratio(given, asked) + np.where(
        rest > 0, others * _ratio(1.0 - given, rest), 0.0
    )
    gas = rows.is_release & ~np.isnan(rows.moisture) & ~rows.is_water
    dry_gas = np.where(gas, mass, 0.0)
    wettable = np.where(rows.is_water | gas, 0.0, mass)
    room = wettable.sum(axis=1, keepdims=True)
    common = _ratio(np.minimum(w - given, room), room)
    spill = w - given - common * room
    water = np.where(rows.is_water, mass, wettable * common)
    water = water + spill * _ratio(dry_gas, dry_gas.sum(axis=1, keepdims=True))
    return mass, np.where(np.isnan(w), np.nan, water)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Part / whole, and 0 where the whole is 0; NaN stays NaN."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole != 0)
