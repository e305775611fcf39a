"""Indicators of the Sustainable Development Goals for waste, from plain tonnes.

Definitions after the United Nations' metadata sheets of 11.6.1, 12.4.2 and 12.5.1 and
UN-Habitat's Waste Wise Cities Tool, in own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from wasteplan.units import KG_PER_T

Control = Literal["none", "limited", "basic", "improved", "full"]
CONTROL_LEVELS: tuple[Control, ...] = get_args(Control)
"""Environmental control of a facility, the least first."""
CONTROLLED = frozenset({"basic", "improved", "full"})
"""From the basic level on a facility counts as controlled."""


@dataclass(frozen=True)
class Between:
    """A figure known only to a range."""

    low: float
    high: float


def controlled_share(
    received_t: Mapping[str, float],
    control: Mapping[str, Control],
    generated_low_t: float,
    generated_high_t: float,
) -> Between:
    """SDG 11.6.1: municipal waste managed in controlled facilities, of all generated.

    Facilities whose control level nobody has assessed count at the high end only.

    Parameters
    ----------
    received_t
        Municipal waste by facility.  [t]
    control
        Control level by facility; those not listed are not assessed.
    generated_low_t, generated_high_t
        Range of municipal waste generated.  [t]

    >>> controlled_share({"a": 50.0, "b": 20.0}, {"a": "basic"}, 100.0, 125.0)
    Between(low=0.4, high=0.7)
    """
    sure = sum(t for f, t in received_t.items() if control.get(f) in CONTROLLED)
    open_t = sum(t for f, t in received_t.items() if f not in control)
    return Between(
        _ratio(sure, generated_high_t), min(_ratio(sure + open_t, generated_low_t), 1.0)
    )


def hazardous_per_person(generated_t: float, persons: float | None) -> float:
    """SDG 12.4.2 (a): hazardous waste generated per resident.  [kg/person]

    >>> hazardous_per_person(500.0, 10_000.0)
    50.0
    """
    return _ratio(generated_t * KG_PER_T, persons or 0.0)


def treated_shares(
    by_treatment_t: Mapping[str, float], generated_t: float
) -> dict[str, float]:
    """SDG 12.4.2 (b): share of hazardous waste by type of treatment.  [-]

    What no treatment accounts for is `untreated or unknown`.

    >>> treated_shares({"incineration": 30.0}, 40.0)
    {'incineration': 0.75, 'untreated or unknown': 0.25}
    """
    rest = max(generated_t - sum(by_treatment_t.values()), 0.0)
    every = {**by_treatment_t, "untreated or unknown": rest}
    return {name: _ratio(tonnes, generated_t) for name, tonnes in every.items()}


def recycling_rate(
    recycled_t: float, exported_t: float, imported_t: float, generated_t: float
) -> float:
    """SDG 12.5.1: (recycled + exported for it - imported for it) / generated.  [-]

    >>> recycling_rate(30.0, 5.0, 10.0, 100.0)
    0.25
    """
    return _ratio(recycled_t + exported_t - imported_t, generated_t)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
