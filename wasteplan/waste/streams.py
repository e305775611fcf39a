"""From the rows of a stream to its material: mixes within fractions, moisture, LHV."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wasteplan.errors import Problem, ScenarioError
from wasteplan.waste.heating_value import WATER_EVAPORATION_MJ_PER_KG
from wasteplan.waste.material import FractionTable, Material, at_moisture
from wasteplan.waste.records import (
    CompositionShare,
    MoistureBasis,
    PropertyName,
    Stream,
)
from wasteplan.wording import did_you_mean

Floats = npt.NDArray[np.float64]

MOISTURE_COLUMN: dict[MoistureBasis, PropertyName] = {
    "tropical_mixed": "moisture_tropical_mixed",
    "dry_industrial": "moisture_dry_industrial",
    "ipcc": "moisture_ipcc",
}
MOISTURE_MAX = 0.95  # wetter than this is a slurry, not a fraction of solid waste
SHARE_SUM_TOLERANCE = 1e-6
FILE = "composition.csv"


@dataclass(frozen=True)
class Calibration:
    """How the moisture of a stream was brought to its measured heating value."""

    lhv_before_mj_per_kg: float
    lhv_measured_mj_per_kg: float
    moisture_factor: float


def stream_material(
    stream: Stream, shares: Sequence[CompositionShare], table: FractionTable
) -> Material:
    """What a stream is made of.

    Rows with `within` replace that fraction by its fibre or polymer mix, on dry mass
    and at the moisture of the fraction.  Moisture is that of the row, else of the
    fraction in the stream's `moisture_basis`, else unknown (NaN).  The IPCC basis
    describes waste as it is thrown away: for wet mixed waste in the tropics it
    overstates the heating value by half, so calibrate such a stream with
    `lhv_measured_mj_per_kg`.

    Parameters
    ----------
    stream
        The stream.
    shares
        Composition rows; those of other streams are passed over.
    table
        Fractions and properties.

    Raises
    ------
    ScenarioError
        If shares do not sum to 1, name an unknown fraction, or the measured heating
        value cannot be met.
    """
    own = [s for s in shares if s.stream == stream.id]
    mass, water = _as_received(stream, own, table)
    expanded = Material(*_expand(stream, own, mass, water, table))
    if stream.lhv_measured_mj_per_kg is None:
        return expanded
    found = calibration(stream, expanded, table)
    return at_moisture(expanded, found.moisture_factor)


def calibration(
    stream: Stream, material: Material, table: FractionTable
) -> Calibration:
    """One factor on the moisture of all fractions that meets the measured LHV.

    LHV(f) = sum m_i L_i - f sum m_i w_i (L_i + h_evap) is linear in f, with L the dry
    heating value; shares of wet mass stay as they are.

    Parameters
    ----------
    stream
        With `lhv_measured_mj_per_kg`.
    material
        The stream before calibration.
    table
        Fractions and properties.

    Raises
    ------
    ScenarioError
        If moisture or heating value is unknown, or if no moisture from 0 to 95 % of any
        fraction meets the measurement.
    """
    there = material.mass > 0
    m, w = material.mass[there], material.water[there]
    lhv_dry = table.values["lhv_dry_mj_per_kg"][there]
    at_zero = float(np.dot(m, lhv_dry))
    slope = float(np.dot(m, w * (lhv_dry + WATER_EVAPORATION_MJ_PER_KG)))
    measured = stream.lhv_measured_mj_per_kg
    if measured is None or np.isnan(at_zero) or np.isnan(slope):
        names = [n for n, is_in in zip(table.ids, there, strict=True) if is_in]
        lacking = np.isnan(lhv_dry) | np.isnan(w)
        unknown = ", ".join(np.array(names)[lacking])
        raise _wrong(
            stream,
            f"cannot be calibrated: moisture or heating value of {unknown} is unknown",
        )
    factor = (at_zero - measured) / slope if slope > 0 else np.nan
    wettest = float(w.max())
    driest = at_zero - slope * (MOISTURE_MAX / wettest if wettest > 0 else 0.0)
    if not (factor >= 0.0 and factor * wettest <= MOISTURE_MAX):
        raise _wrong(
            stream,
            f"{measured:g} MJ/kg cannot be met by moisture alone: this mix gives "
            f"{driest:.2f} MJ/kg (wettest fraction at 95 % water) to {at_zero:.2f} "
            "MJ/kg (dry); check the composition or the measurement",
        )
    return Calibration(at_zero - slope, measured, factor)


def _as_received(
    stream: Stream, own: Sequence[CompositionShare], table: FractionTable
) -> tuple[Floats, Floats]:
    """Mass share and moisture of the fractions of a stream, before mixes within."""
    mass = np.zeros(len(table.ids))
    water = np.zeros(len(table.ids))
    basis = table.values[MOISTURE_COLUMN[stream.moisture_basis]]
    for row in own:
        if row.within:
            continue
        i = _index(row.fraction, table)
        mass[i] += row.share
        if row.share > 0:
            water[i] = basis[i] if row.moisture is None else row.moisture
    if abs(mass.sum() - 1.0) > SHARE_SUM_TOLERANCE:
        message = f"shares of stream '{stream.id}' sum to {mass.sum():.6g}, not 1"
        raise ScenarioError("streams", [Problem(FILE, None, "share", message)])
    return mass / mass.sum(), water


def _expand(
    stream: Stream,
    own: Sequence[CompositionShare],
    mass: Floats,
    water: Floats,
    table: FractionTable,
) -> tuple[Floats, Floats]:
    """Replace each fraction that has a mix by the parts of the mix."""
    mixes: dict[str, list[CompositionShare]] = defaultdict(list)
    for row in own:
        if row.within:
            mixes[row.within].append(row)
    mixed, wet = mass.copy(), mass * np.where(mass > 0, water, 0.0)
    for whole, parts in mixes.items():
        _check_mix(stream, whole, parts, mass, table)
        i = table.index[whole]
        mixed[i] -= mass[i]
        wet[i] = 0.0
    for whole, parts in mixes.items():
        i = table.index[whole]
        total = sum(p.share for p in parts)
        for part in parts:
            j = _index(part.fraction, table)
            mixed[j] += mass[i] * part.share / total
            wet[j] += mass[i] * part.share / total * water[i]
    moisture = np.divide(wet, mixed, out=np.zeros_like(wet), where=mixed > 0)
    return mixed, moisture


def _check_mix(
    stream: Stream,
    whole: str,
    parts: Sequence[CompositionShare],
    mass: Floats,
    table: FractionTable,
) -> None:
    """A mix sums to 1, lies in a fraction of the stream, and states no moisture."""
    problems = []
    if not mass[_index(whole, table)] > 0:
        text = f"stream '{stream.id}' has no '{whole}' to be mixed within"
        problems.append(Problem(FILE, None, "within", text))
    total = sum(p.share for p in parts)
    if abs(total - 1.0) > SHARE_SUM_TOLERANCE:
        text = f"shares within '{whole}' of '{stream.id}' sum to {total:.6g}, not 1"
        problems.append(Problem(FILE, None, "share", text))
    if any(p.moisture is not None for p in parts):
        text = f"moisture belongs to '{whole}' of '{stream.id}', not to its parts"
        problems.append(Problem(FILE, None, "moisture", text))
    if problems:
        raise ScenarioError("streams", problems)


def _index(fraction: str, table: FractionTable) -> int:
    if fraction not in table.index:
        message = f"no fraction '{fraction}'{did_you_mean(fraction, table.ids)}"
        raise ScenarioError("streams", [Problem(FILE, None, "fraction", message)])
    return table.index[fraction]


def _wrong(stream: Stream, text: str) -> ScenarioError:
    problem = Problem("streams.csv", None, "lhv_measured_mj_per_kg", text)
    return ScenarioError(f"stream '{stream.id}'", [problem])
