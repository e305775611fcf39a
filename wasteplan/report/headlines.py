"""The headline numbers, each with its difference to the status quo."""

from __future__ import annotations

from typing import Literal

from wasteplan.evaluation.result import Kpi
from wasteplan.report.document import Tile, listed
from wasteplan.report.numbers import (
    is_known,
    number_text,
    percent_text,
    scale_of,
    signed_text,
)
from wasteplan.report.simulated import simulated
from wasteplan.report.standing import DIVERSION, SHARE_UNITS, planned
from wasteplan.report.subject import Subject
from wasteplan.report.targets import doubted_targets
from wasteplan.study import broken
from wasteplan.study.wording import currency_unit

HEADLINES = {
    "cost_per_t": False,
    "cost_present_value": False,
    DIVERSION: True,
    "recycling_rate": True,
    "co2e_t_per_y": False,
    "jobs": True,
}
"""Indicators that become tiles, in this order; True: of the last period, where the plan
has arrived, else of the whole horizon."""

Tone = Literal["plain", "good", "bad"]


def tiles(subject: Subject) -> tuple[Tile, ...]:
    """One tile per headline that the evaluation knows."""
    found = []
    for id, of_last_period in HEADLINES.items():
        kpi = _chosen(subject, id, of_last_period)
        if kpi is not None and is_known(kpi.value) and (kpi.value or id != "jobs"):
            found.append(_tile(subject, kpi))
    return tuple(found)


def caveats(subject: Subject) -> tuple[str, ...]:
    """What must be known beside the tiles: targets in doubt, a status quo that ends."""
    said = []
    doubted = doubted_targets(subject)
    if doubted:
        words = "; ".join(doubted)
        said.append(f"{words[0].upper()}{words[1:]}.")
    full = without_room(subject)
    if full:
        said.append(
            "The status quo is no alternative that could be kept: there is no room at "
            f"{listed(full, 3)}. Differences against it are against something that "
            "cannot go on."
        )
    return tuple(said)


def without_room(subject: Subject) -> list[str]:
    """Facilities of the status quo that cannot take what they are sent."""
    if subject.baseline is None:
        return []
    return broken.without_room(subject.scenario, subject.baseline)


def _chosen(subject: Subject, id: str, of_last_period: bool) -> Kpi | None:
    kpis = {k.period: k for k in subject.evaluation.kpis if k.id == id}
    last = subject.period_ids[-1]
    first, second = (last, "") if of_last_period else ("", last)
    return kpis.get(first) or kpis.get(second)


def _tile(subject: Subject, kpi: Kpi) -> Tile:
    value, unit = _value_and_unit(subject, kpi.value, kpi.unit)
    notes = []
    result = simulated(subject, kpi.id, kpi.period)
    if result is not None and kpi.unit in SHARE_UNITS:
        mean, half = result
        notes.append(f"simulated {percent_text(mean)} ± {percent_text(half)}")
    elif result is not None:
        notes.append(f"simulated {number_text(result[0])} ± {number_text(result[1])}")
    difference, tone = _difference(subject, kpi)
    if difference:
        notes.append(difference)
    year = subject.last_year(kpi.period)
    when = f" in {year}" if year is not None else ""
    if year is None and kpi.unit.endswith("/y"):
        when = f", mean of {subject.years_span(subject.period_ids)}"
    return Tile(f"{kpi.label}{when}", value, unit, tuple(notes), tone)


def _value_and_unit(subject: Subject, value: float, unit: str) -> tuple[str, str]:
    if unit in SHARE_UNITS:
        return number_text(100 * value, 1), "%"
    divisor, word = scale_of([value])
    text = currency_unit(unit, subject.currency)
    if abs(value) < 1e6:
        return number_text(value), text
    return number_text(value / divisor), f"{word}{text}"


def _difference(subject: Subject, kpi: Kpi) -> tuple[str, Tone]:
    """The change against the status quo in words, and whether it is for the better."""
    if subject.baseline is None:
        return "", "plain"
    was = planned(subject.baseline, kpi.id, kpi.period)
    if not is_known(was) or was is None:
        return "", "plain"
    change = kpi.value - was
    tone: Tone = "plain"
    if kpi.better and abs(change) > 1e-9 * max(abs(was), 1.0):
        tone = "good" if (change < 0) == (kpi.better == "less") else "bad"
    against = "against the status quo"
    if without_room(subject):
        against = "against a status quo that cannot go on"
    if kpi.unit in SHARE_UNITS:
        return f"{signed_text(100 * change, 1)} points {against}", tone
    divisor, word = scale_of([kpi.value]) if abs(kpi.value) >= 1e6 else (1.0, "")
    unit = currency_unit(kpi.unit.partition(",")[0], subject.currency)
    return f"{signed_text(change / divisor)} {word}{unit} {against}", tone
