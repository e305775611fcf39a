"""Switch points: at which price or tonnage other plants are the cheapest."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import number_text, scale_of
from wasteplan.scenario.model import Scenario
from wasteplan.study.naming import place_name
from wasteplan.study.switch_drivers import Driver, now
from wasteplan.study.switch_points import Plants, Switch, Switches

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DRIVER_NAMES = {
    "waste": "All waste",
    "electricity_sold": "Price of electricity sold",
    "electricity_bought": "Price of electricity bought",
    "diesel": "Price of diesel",
    "carbon": "Carbon price",
    "coal": "Price of coal",
    "heat_sold": "Price of heat sold",
}
NOTE = (
    "Each strip runs from the lowest to the highest level searched. A letter is one "
    "set of plants, the cheapest that is known there; the mark is the scenario as it "
    "stands. Where a strip is grey no plan meets all requirements."
)


def switches_section(
    scenario: Scenario, found: Sequence[Switches], id: str = "switches"
) -> Section:
    """A strip a driver, what the sets of plants are, and what each switch is worth."""
    sets = _sets(scenario, found)
    return Section(
        id,
        "Where the plan changes",
        lead=_lead(scenario, found),
        charts=(_strips(scenario, found, sets, f"{id}_strips"),),
        tables=(_switches(scenario, found, sets), _plants(scenario, sets)),
        points=_points(scenario, found),
        short="Switch points",
    )


def driver_name(scenario: Scenario, driver: Driver) -> str:
    """What is moved, as people say it, with the unit of its levels."""
    name = DRIVER_NAMES.get(driver.name, driver.name)
    if driver.outlet:
        name = f"Gate price of {place_name(scenario, driver.outlet)}"
    unit = driver.unit(scenario.settings.scenario.currency)
    return f"{name} [{unit}]" if unit else name


def _lead(scenario: Scenario, found: Sequence[Switches]) -> str:
    with_any = [one for one in found if one.switches]
    if not with_any:
        return "The same plants are the cheapest known over all levels searched."
    parts = []
    for one in with_any:
        nearest = min(one.switches, key=lambda s: _distance(scenario, one, s))
        at = one.driver.said(0.5 * (nearest.below + nearest.above))
        parts.append(f"{driver_name(scenario, one.driver)} at {at}")
    return "Other plants become the cheapest known at: " + "; ".join(parts) + "."


def _distance(scenario: Scenario, one: Switches, switch: Switch) -> float:
    """How far a switch is from the scenario as it stands."""
    here = now(scenario, one.driver)
    middle = 0.5 * (switch.below + switch.above)
    return middle if here is None else abs(middle - here)


def _points(scenario: Scenario, found: Sequence[Switches]) -> tuple[str, ...]:
    widest = max((one.widest_gap for one in found), default=0.0)
    points = [
        "Of the plans known, which is cheaper where is exact. A plan that is not known "
        f"could be cheaper by at most {_money(scenario, widest)}; a switch that is "
        "worth less than its gap may be none of the best plan."
    ]
    here = {
        level.plants
        for one in found
        for level in one.levels
        if level.level == now(scenario, one.driver)
    }
    if len(here) > 1:
        points.append(
            "As the scenario stands, searches ended with different sets of plants: "
            "they cost the same within the gap."
        )
    for one in found:
        name = driver_name(scenario, one.driver)
        if one.without_plan:
            at = no_plan_said(one)
            points.append(f"{name}: no plan meets all requirements {at}.")
        if one.undecided:
            at = ", ".join(one.driver.said(x) for x in one.undecided)
            points.append(f"{name}: the time ran out before there was a plan at {at}.")
        if one.was_stopped:
            points.append(f"{name}: the search was stopped; switches are missing.")
    return tuple(points)


def no_plan_said(one: Switches) -> str:
    """Where a driver leaves no plan, in words."""
    said, known = one.driver.said, [x.level for x in one.levels]
    low, high = min(known, default=0.0), max(known, default=0.0)
    above = [x for x in one.without_plan if x > high]
    below = [x for x in one.without_plan if x < low]
    parts = [f"from {said(min(above))} up"] if above else []
    parts += [f"from {said(max(below))} down"] if below else []
    between = [said(x) for x in one.without_plan if low <= x <= high]
    return " and ".join([*parts, *([f"at {', '.join(between)}"] if between else [])])


def _sets(scenario: Scenario, found: Sequence[Switches]) -> dict[Plants, str]:
    """Sets of plants by letter; A is the one of the scenario as it stands."""
    first = [
        level.plants
        for one in found
        for level in one.levels
        if level.level == now(scenario, one.driver)
    ]
    every = [plants for one in found for _, _, plants in spans_of(one)]
    letters: dict[Plants, str] = {}
    for plants in (*first, *every):
        n = len(letters)
        if plants not in letters:
            letters[plants] = LETTERS[n] if n < len(LETTERS) else f"Z{n}"
    return letters


def spans_of(one: Switches) -> list[tuple[float, float, Plants]]:
    """(from, to, plants) along a driver; where there is no plan nothing is said."""
    if not one.levels:
        return []
    spans = []
    at, plants = one.levels[0].level, one.levels[0].plants
    for switch in one.switches:
        edge = 0.5 * (switch.below + switch.above)
        spans.append((at, edge, plants))
        after = set(plants) - set(switch.drops) | set(switch.adds)
        at, plants = edge, tuple(sorted(after))
    spans.append((at, one.levels[-1].level, plants))
    return spans


def _strips(
    scenario: Scenario,
    found: Sequence[Switches],
    sets: dict[Plants, str],
    id: str,
) -> Chart:
    rows, said = [], []
    for one in found:
        searched = [x.level for x in one.levels] + list(one.without_plan)
        spans = [
            (a, b, sets[plants], list(sets).index(plants))
            for a, b, plants in spans_of(one)
        ]
        name = driver_name(scenario, one.driver)
        said += [
            f"{name}: {letter} from {number_text(a, 2)} to {number_text(b, 2)}"
            for a, b, letter, _ in spans
        ]
        rows.append(
            {
                "name": name,
                "low": min(searched, default=0.0),
                "high": max(searched, default=1.0),
                "now": now(scenario, one.driver),
                "is_level": one.driver.is_level,
                "spans": spans,
            }
        )
    return Chart(
        id=id,
        kind="strips",
        title="Cheapest known plants at each level",
        summary="; ".join(said),
        data={"rows": rows},
        height=40 + 74 * len(rows),
        note=NOTE,
    )


def _switches(
    scenario: Scenario, found: Sequence[Switches], sets: dict[Plants, str]
) -> Table:
    worth = [s.saves for one in found for s in one.switches if math.isfinite(s.saves)]
    gaps = [s.gap for one in found for s in one.switches]
    divisor, word = scale_of([*worth, *gaps])
    unit = f"{word}{scenario.settings.scenario.currency}"
    columns = (
        Column("What moves"),
        Column("Between", form="written"),
        Column("Drops"),
        Column("Adds"),
        Column("Keeping the old plants would cost more", unit, form="written"),
        Column("at", form="written"),
        Column("Gap", unit, "number"),
        Column("Worth more than the gap"),
    )
    rows: list[tuple[object, ...]] = []
    for one in found:
        name = driver_name(scenario, one.driver)
        if not one.switches:
            rows.append((name, "the same plants", "-", "-", "-", "-", None, "-"))
        for s in one.switches:
            is_met = math.isfinite(s.saves)
            kept = number_text(s.saves / divisor, 2) if is_met else "not possible"
            rows.append(
                (
                    name,
                    f"{one.driver.said(s.below)} and {one.driver.said(s.above)}",
                    _named(scenario, s.drops),
                    _named(scenario, s.adds),
                    kept,
                    one.driver.said(s.at),
                    s.gap / divisor,
                    "yes" if s.saves > s.gap else "no",
                )
            )
    return Table("Switches", columns, tuple(rows))


def _plants(scenario: Scenario, sets: dict[Plants, str]) -> Table:
    first = set(next(iter(sets), ()))
    columns = (Column("Set"), Column("Builds"), Column("Against A"))
    rows = tuple(
        (letter, _named(scenario, plants), _against(scenario, first, set(plants)))
        for plants, letter in sets.items()
    )
    return Table("Sets of plants", columns, rows, is_folded=True)


def _against(scenario: Scenario, first: set[str], plants: set[str]) -> str:
    parts = []
    for word, some in (("without", first - plants), ("with", plants - first)):
        if some:
            parts.append(f"{word} {_named(scenario, tuple(sorted(some)))}")
    return "; ".join(parts) or "the same"


def _named(scenario: Scenario, plants: Plants) -> str:
    return "; ".join(place_name(scenario, p) for p in plants) or "-"


def _money(scenario: Scenario, value: float) -> str:
    divisor, word = scale_of([value])
    currency = scenario.settings.scenario.currency
    return f"{number_text(value / divisor, 2)} {word}{currency}"
