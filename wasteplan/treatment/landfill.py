"""The life of a deposit by its age: gas capture, oxidation in the cover, leachate.

A landfill is open, then under intermediate and final cover, then left alone.  Each
quantity is a step function of the years since the deposit (`LandfillPhase`); landfills
that state no phases have one share of capture, within one span of ages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from wasteplan.treatment.decay import COMMITTED_YEARS, Floats
from wasteplan.treatment.gas import parameter
from wasteplan.treatment.records import LandfillPhase, PhaseQuantity, Technology
from wasteplan.waste.packaged import packaged_records

M_PER_MM = 1e-3
SHARES: tuple[PhaseQuantity, ...] = ("gas_capture", "oxidation", "rain_share")
"""Quantities that are at most 1."""


@dataclass(frozen=True)
class Step:
    """What holds between two ages of a deposit."""

    from_y: float
    until_y: float
    value: float


@dataclass(frozen=True)
class GasStep:
    """Ages between which gas is captured and oxidised at the same shares."""

    from_y: float
    until_y: float
    capture: float
    oxidation: float


@dataclass(frozen=True)
class Leachate:
    """Of one tonne laid down, over 100 years."""

    m3: float = 0.0
    """All that forms.  [m3/t]"""
    collected_m3: float = 0.0
    """[m3/t]"""
    treatment_kwh: float = 0.0
    """Electricity of treatment.  [kWh/t]"""
    bod_removed_kg: float = 0.0
    cod_kg: float = 0.0
    """COD that reaches water and ground.  [kg/t]"""
    nitrogen_kg: float = 0.0
    """Nitrogen of ammonium that reaches water and ground.  [kg/t]"""
    nitrogen_leached_kg: float = 0.0
    """Nitrogen that leaves the waste, before treatment.  [kg/t]"""


NO_LEACHATE = Leachate()


@cache
def packaged_phases() -> tuple[LandfillPhase, ...]:
    """Phases of the package: `us_typical`, `us_best`, `us_worst`, `us_california`."""
    key = ("phases", "quantity", "from_y")
    file = "landfill_phases.csv"
    return packaged_records("wasteplan.treatment", file, LandfillPhase, key)


def phases_of(
    technology: Technology, stated: Sequence[LandfillPhase] = ()
) -> tuple[LandfillPhase, ...]:
    """The phases that a technology names; rows stated go before packaged ones.

    Raises
    ------
    KeyError
        If no rows have that name.
    """
    name = technology.landfill_phases
    if not name:
        return ()
    for rows in (stated, packaged_phases()):
        found = tuple(r for r in rows if r.phases == name)
        if found:
            return found
    known = ", ".join(sorted({r.phases for r in (*stated, *packaged_phases())}))
    raise KeyError(f"no landfill phases {name!r}: there are {known}")


def steps(
    rows: Sequence[LandfillPhase], quantity: PhaseQuantity
) -> tuple[Step, ...] | None:
    """The step function of a quantity over 100 years; None if no row states it.

    >>> rows = [
    ...     LandfillPhase(phases="p", quantity="gas_capture", from_y=y, value=v)
    ...     for y, v in ((2, 0.5), (5, 0.75))
    ... ]
    >>> [(s.from_y, s.until_y, s.value) for s in steps(rows, "gas_capture")]
    [(0.0, 2.0, 0.0), (2.0, 5.0, 0.5), (5.0, 100.0, 0.75)]
    """
    own = sorted((r.from_y, r.value) for r in rows if r.quantity == quantity)
    if not own:
        return None
    if own[0][0] > 0:
        own.insert(0, (0.0, 0.0))
    ends = [*(start for start, _ in own[1:]), float(COMMITTED_YEARS)]
    return tuple(
        Step(start, min(end, COMMITTED_YEARS), value)
        for (start, value), end in zip(own, ends, strict=True)
        if start < COMMITTED_YEARS
    )


def gas_steps(
    technology: Technology, phases: Sequence[LandfillPhase] = ()
) -> tuple[GasStep, ...]:
    """How the gas of a deposit fares by age, over 100 years.

    Phases go before `gas_capture`, its span of ages and `oxidation` of the technology.

    >>> tip = Technology(id="t", kind="disposal", gas_capture=0.6, gas_capture_from_y=2)
    >>> [(s.from_y, s.until_y, s.capture) for s in gas_steps(tip)]
    [(0.0, 2.0, 0.0), (2.0, 100.0, 0.6)]
    """
    last = float(COMMITTED_YEARS)
    capture = steps(phases, "gas_capture") or _one_span(technology)
    oxidation = steps(phases, "oxidation")
    if oxidation is None:
        oxidation = (Step(0.0, last, technology.oxidation or 0.0),)
    edges = sorted({s.from_y for s in (*capture, *oxidation)})
    return tuple(
        GasStep(start, end, value_at(capture, start), value_at(oxidation, start))
        for start, end in zip(edges, [*edges[1:], last], strict=True)
    )


def value_at(found: Sequence[Step], age_y: float) -> float:
    """The value that holds from an age on."""
    return next((s.value for s in reversed(found) if s.from_y <= age_y), 0.0)


def _one_span(technology: Technology) -> tuple[Step, ...]:
    """Capture as the technology's own columns say."""
    start, end = capture_window_y(technology)
    share, last = technology.gas_capture or 0.0, float(COMMITTED_YEARS)
    spans = ((0.0, start, 0.0), (start, end, share), (end, last, 0.0))
    return tuple(Step(*span) for span in spans if span[1] > span[0])


def capture_window_y(technology: Technology) -> tuple[float, float]:
    """Ages of a deposit between which its gas is captured.  [y after deposit]

    Without a statement from the first gas to the end of the committed 100 years.
    """
    start = technology.gas_capture_from_y or 0.0
    end = technology.gas_capture_until_y
    return start, COMMITTED_YEARS if end is None else min(end, COMMITTED_YEARS)


def leachate(
    technology: Technology,
    phases: Sequence[LandfillPhase],
    rain_mm_per_y: float | None,
    airspace_m3_per_t: float,
) -> Leachate:
    """Leachate of one tonne in 100 years, from the rain on the ground it takes up.

    V = P a sum_i (r_i T_i), with a = airspace per tonne / height of the waste, r the
    share of rain that becomes leachate and T the years of a step.  What is collected is
    treated; its BOD costs electricity.  Concentrations are those of leachate of
    municipal landfills and the same for every tonne.  None is counted where rain,
    height, airspace or shares are not stated.

    Parameters
    ----------
    technology
        `waste_height_m`; `leachate_collected`, the package's share if empty.
    phases
        Steps of rain_share and of the concentrations.
    rain_mm_per_y
        P.  [mm/y]
    airspace_m3_per_t
        Volume of a tonne with its cover.  [m3/t]

    One tonne on 0.1 m2 under 1,500 mm of rain, a fifth of it for five years:

    >>> tip = Technology(id="t", kind="disposal", waste_height_m=13.0)
    >>> rows = [
    ...     LandfillPhase(phases="p", quantity="rain_share", from_y=y, value=v)
    ...     for y, v in ((0, 0.2), (5, 0))
    ... ]
    >>> round(leachate(tip, rows, 1500.0, 1.3).m3, 4)
    0.15
    """
    shares = steps(phases, "rain_share")
    if not (rain_mm_per_y and technology.waste_height_m and shares):
        return NO_LEACHATE
    m3_per_y = rain_mm_per_y * M_PER_MM * airspace_m3_per_t / technology.waste_height_m
    loads = {q: steps(phases, q) or () for q in _CONCENTRATIONS}
    edges = sorted({s.from_y for s in (*shares, *sum(loads.values(), ()))})
    years = np.diff([*edges, float(COMMITTED_YEARS)])
    m3 = m3_per_y * years * np.array([value_at(shares, e) for e in edges])
    bod, cod, nitrogen = (
        float(m3 @ np.array([value_at(found, e) for e in edges]))
        for found in loads.values()
    )
    return _treated(technology, m3, bod, cod, nitrogen)


_CONCENTRATIONS: tuple[PhaseQuantity, ...] = (
    "bod_kg_per_m3",
    "cod_kg_per_m3",
    "nitrogen_kg_per_m3",
)


def _treated(
    technology: Technology, m3: Floats, bod: float, cod: float, nitrogen: float
) -> Leachate:
    stated = technology.leachate_collected
    collected = parameter("leachate_collected") if stated is None else stated
    removed = collected * bod * parameter("leachate_bod_removed")
    return Leachate(
        m3=float(m3.sum()),
        collected_m3=collected * float(m3.sum()),
        treatment_kwh=removed * parameter("leachate_bod_electricity"),
        bod_removed_kg=removed,
        cod_kg=cod * (1.0 - collected * parameter("leachate_cod_removed")),
        nitrogen_kg=nitrogen
        * (1.0 - collected * parameter("leachate_nitrogen_removed")),
        nitrogen_leached_kg=nitrogen,
    )
