"""Does the best option stay the best?  Rankings over the range of one assumption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.indicators.headlines import counted_emissions
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import described_streams, fractions, material
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.landfill import phases_of
from wasteplan.treatment.records import LandfillPhase
from wasteplan.waste.records import CompositionShare
from wasteplan.waste.streams import MOISTURE_MAX

POINTS = 9  # at which options are looked at; crossings between them are found
VALUE_TOLERANCE = 1e-6  # of the switching value

Impact = Callable[[float], float]
"""The impact of an option as a function of one assumption."""

RANKING_COLUMNS = {
    "assumption": "what is varied",
    "low": "low end of its range",
    "central": "as in the study",
    "high": "high end of its range",
    "best_at_low": "option with the least impact there",
    "best_at_central": "option with the least impact as the study stands",
    "best_at_high": "option with the least impact there",
    "switch_value": "nearest value at which another option becomes the best; NaN none",
    "switch_to": "that option",
}


@dataclass(frozen=True)
class Assumption:
    """One assumption, its range, and the case in which it has a value."""

    name: str
    low: float
    central: float
    high: float
    applied: Callable[[Scenario, float], Scenario]


@dataclass(frozen=True)
class Switch:
    """Where the best option changes."""

    value: float
    best_after: str


def best(options: Mapping[str, Impact], at: float) -> str:
    """The option with the least impact.

    >>> best({"burn": lambda x: 1.0, "bury": lambda x: x}, at=0.5)
    'bury'
    """
    return min(options, key=lambda name: (options[name](at), name))


def switch_values(
    options: Mapping[str, Impact], low: float, high: float
) -> tuple[Switch, ...]:
    """Every value in a range at which the best option changes, in rising order.

    Between neighbouring points with different best options the crossing of the two is
    found by Brent's method; crossings closer together than a point apart can be missed.

    Parameters
    ----------
    options
        At least one.
    low, high
        The range.

    >>> linear = {"burn": lambda x: 1.0, "bury": lambda x: 2 * x}
    >>> [(round(s.value, 6), s.best_after) for s in switch_values(linear, 0, 2)]
    [(0.5, 'burn')]
    """
    points = np.linspace(low, high, POINTS)
    known = {
        name: np.array([impact(float(x)) for x in points])
        for name, impact in options.items()
    }
    names = sorted(known)
    leaders = [min(names, key=lambda n: (known[n][i], n)) for i in range(POINTS)]
    found: list[Switch] = []
    for i in range(POINTS - 1):
        found += _between(
            options, leaders[i], leaders[i + 1], float(points[i]), float(points[i + 1])
        )
    return tuple(found)


def _between(
    options: Mapping[str, Impact], before: str, after: str, low: float, high: float
) -> list[Switch]:
    """Crossings between two points; a third option may lead in between."""
    if before == after:
        return []

    def lead(x: float) -> float:
        return options[after](x) - options[before](x)

    if lead(low) == 0:
        return [Switch(low, after)]
    at = float(brentq(lead, low, high, xtol=VALUE_TOLERANCE))
    middle = best(options, at)
    if middle in (before, after):
        return [Switch(at, after)]
    return [
        *_between(options, before, middle, low, at),
        *_between(options, middle, after, at, high),
    ]


def ranking(
    scenario: Scenario, plans: Mapping[str, Plan], assumptions: tuple[Assumption, ...]
) -> pd.DataFrame:
    """Which plan emits least, over the range of each assumption on its own.

    Greenhouse gases per tonne of waste, with credits or without as the scenario
    declares; plans stay as they are, whatever they would have been under another value.

    Returns
    -------
    DataFrame
        See `RANKING_COLUMNS`.

    Raises
    ------
    WasteplanError
        If there are fewer than two plans, or their emissions are unknown.
    """
    if len(plans) < 2:
        raise WasteplanError("a ranking needs at least two plans")
    rows = []
    for a in assumptions:
        options = {name: _emitting(scenario, plan, a) for name, plan in plans.items()}
        if any(np.isnan(impact(a.central)) for impact in options.values()):
            raise WasteplanError(
                "plans cannot be ranked: the carbon of some waste is not given"
            )
        switches = switch_values(options, a.low, a.high)
        nearest = min(switches, key=lambda s: abs(s.value - a.central), default=None)
        rows.append(
            (
                a.name,
                a.low,
                a.central,
                a.high,
                best(options, a.low),
                best(options, a.central),
                best(options, a.high),
                nearest.value if nearest else float("nan"),
                _other_side(options, nearest, a) if nearest else "",
            )
        )
    return pd.DataFrame(rows, columns=list(RANKING_COLUMNS))


def _other_side(options: Mapping[str, Impact], switch: Switch, a: Assumption) -> str:
    """What becomes the best beyond the switching value, seen from the central one."""
    if switch.value >= a.central:
        return switch.best_after
    step = max(VALUE_TOLERANCE * 10, (a.high - a.low) * 1e-6)
    return best(options, max(a.low, switch.value - step))


def _emitting(scenario: Scenario, plan: Plan, a: Assumption) -> Impact:
    known: dict[float, float] = {}
    credits = scenario.settings.assessment.credits

    def impact(value: float) -> float:
        if value not in known:
            moved = a.applied(scenario, value)
            table = counted_emissions(evaluate(moved, plan).emissions, credits)
            known[value] = float(table["kg_co2e"].sum(skipna=False))
        return known[value]

    return impact


def assumptions_of(scenario: Scenario) -> tuple[Assumption, ...]:
    """Grid factor, moisture, fibre mix and gas capture, where the case has them.

    The grid factor goes from nothing to twice its value, moisture from half to one and
    a half times, the fossil part of fibre mixes and gas capture over their whole range.
    """
    found: list[Assumption] = []
    if scenario.factors:
        found.append(Assumption("grid factor, times", 0.0, 1.0, 2.0, _with_grid))
    found.append(Assumption("moisture, times", 0.5, 1.0, 1.5, _with_moisture))
    mixes = [c for c in scenario.composition if c.within]
    if mixes:
        share = _fossil_share(scenario)
        found.append(
            Assumption("polyester in fibre mixes", 0.0, share, 0.95, _with_polyester)
        )
    captures = [t.gas_capture for t in scenario.technologies if t.gas_capture]
    captures += [p.value for p in _captures_by_age(scenario)]
    if captures:
        found.append(Assumption("gas capture", 0.0, max(captures), 0.9, _with_capture))
    return tuple(found)


def _with_grid(scenario: Scenario, times: float) -> Scenario:
    rows = (f.model_copy(update={"value": f.value * times}) for f in scenario.factors)
    return replace(scenario, factors=tuple(rows))


def _with_capture(scenario: Scenario, share: float) -> Scenario:
    rows = (
        t.model_copy(update={"gas_capture": share}) if t.gas_capture else t
        for t in scenario.technologies
    )
    by_age = (
        p.model_copy(update={"value": share}) if p in _captures_by_age(scenario) else p
        for p in _phases(scenario)
    )
    return replace(scenario, technologies=tuple(rows), landfill_phases=tuple(by_age))


def _phases(scenario: Scenario) -> tuple[LandfillPhase, ...]:
    """The phases that technologies name, the package's as rows of the scenario."""
    named = {t.landfill_phases: t for t in scenario.technologies if t.landfill_phases}
    found = (phases_of(t, scenario.landfill_phases) for t in named.values())
    return tuple(row for rows in found for row in rows)


def _captures_by_age(scenario: Scenario) -> tuple[LandfillPhase, ...]:
    """Steps in which gas is captured."""
    rows = _phases(scenario)
    return tuple(p for p in rows if p.quantity == "gas_capture" and p.value)


def _with_moisture(scenario: Scenario, times: float) -> Scenario:
    """Every fraction wetter or drier; tonnes as received stay, LHV follows."""
    table = fractions(scenario)
    water = {s: material(scenario, s).water for s in described_streams(scenario)}
    mixed = {(c.stream, c.within): c.fraction for c in scenario.composition if c.within}

    def moved(row: CompositionShare) -> CompositionShare:
        if row.within:
            return row
        shown = mixed.get((row.stream, row.fraction), row.fraction)
        now = float(water[row.stream][table.index[shown]])
        if np.isnan(now):
            return row
        return row.model_copy(update={"moisture": min(now * times, MOISTURE_MAX)})

    streams = (
        s.model_copy(update={"lhv_measured_mj_per_kg": None}) for s in scenario.streams
    )
    return replace(
        scenario,
        composition=tuple(map(moved, scenario.composition)),
        streams=tuple(streams),
    )


POLYESTER = "textile_polyester"


def _fossil_share(scenario: Scenario) -> float:
    """Polyester in the fibre mixes of the case, the mean of its mixes.  [-]"""
    shares = [
        c.share for c in scenario.composition if c.within and c.fraction == POLYESTER
    ]
    return float(np.mean(shares)) if shares else 0.0


def _with_polyester(scenario: Scenario, share: float) -> Scenario:
    """Polyester at a share of every mix that has it; the other fibres keep theirs."""
    own = {
        (c.stream, c.within): c.share
        for c in scenario.composition
        if c.within and c.fraction == POLYESTER
    }

    def moved(row: CompositionShare) -> CompositionShare:
        was = own.get((row.stream, row.within)) if row.within else None
        if was is None or was >= 1.0:
            return row
        is_it = row.fraction == POLYESTER
        new = share if is_it else row.share * (1.0 - share) / (1.0 - was)
        return row.model_copy(update={"share": new})

    return replace(scenario, composition=tuple(map(moved, scenario.composition)))
