"""Fronts, alternatives and switch points as folders: tables, plans, and a record.

The record says what a report needs to show them again: limits, bounds and switches.
Plans are in files of their own and are evaluated anew, so that a page never shows other
numbers than the plans have.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from wasteplan.errors import WasteplanError
from wasteplan.plan.files import read_plan, write_plan
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.writing import written_whole
from wasteplan.study.front import End, Front, Point
from wasteplan.study.front_steps import point_of
from wasteplan.study.provenance import changed
from wasteplan.study.switch_points import Switches
from wasteplan.units import Id

PLANS = "plans"
RECORD = "trade-off.json"
Kind = Literal["front", "alternatives", "switches"]
FRONT: Kind = "front"
ALTERNATIVES: Kind = "alternatives"
SWITCHES: Kind = "switches"


@dataclass(frozen=True)
class KeptPoint:
    """A point of a front: its plan file, limits and bound."""

    plan: Id
    limits: Mapping[str, float]
    bound: float


@dataclass(frozen=True)
class KeptFront:
    """What a front is, beside its plans."""

    totals: tuple[str, ...]
    points: tuple[KeptPoint, ...]
    without_plan: tuple[Mapping[str, float], ...] = ()
    undecided: tuple[Mapping[str, float], ...] = ()
    was_stopped: bool = False
    ends: Mapping[str, End] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptAlternatives:
    """Plans beside the best, which is the first."""

    plans: tuple[Id, ...]
    share: float | None = None
    """What they may cost more, of gross cost; None: the next cheapest."""
    was_stopped: bool = False


@dataclass(frozen=True)
class TradeOff:
    """The record of a folder; one of the three is there."""

    kind: Kind
    scenario: str
    inputs: Mapping[str, str]
    """File of the scenario -> SHA-256."""
    front: KeptFront | None = None
    alternatives: KeptAlternatives | None = None
    switches: tuple[Switches, ...] = ()


@dataclass(frozen=True)
class Found:
    """A trade-off with its plans read."""

    record: TradeOff
    plans: Mapping[str, Plan] = field(default_factory=dict)


def front_found(scenario: Scenario, inputs: Mapping[str, str], front: Front) -> Found:
    """A front as it is kept: plans by name, the best by the first total first."""
    plans = {f"point_{k:02}": p.plan for k, p in enumerate(front.points, start=1)}
    points = tuple(
        KeptPoint(name, dict(p.limits), p.bound)
        for name, p in zip(plans, front.points, strict=True)
    )
    kept = KeptFront(
        front.totals,
        points,
        front.without_plan,
        front.undecided,
        front.was_stopped,
        dict(front.ends),
    )
    return Found(TradeOff(FRONT, scenario.name, inputs, front=kept), plans)


def alternatives_found(
    scenario: Scenario,
    inputs: Mapping[str, str],
    plans: Sequence[Plan],
    share: float | None,
    was_stopped: bool,
) -> Found:
    """Plans as they are kept, the best first."""
    kept = KeptAlternatives(tuple(p.name for p in plans), share, was_stopped)
    record = TradeOff(ALTERNATIVES, scenario.name, inputs, alternatives=kept)
    return Found(record, {p.name: p for p in plans})


def switches_found(
    scenario: Scenario, inputs: Mapping[str, str], found: Sequence[Switches]
) -> Found:
    """Switch points as they are kept."""
    return Found(TradeOff(SWITCHES, scenario.name, inputs, switches=tuple(found)))


def front_of(scenario: Scenario, found: Found) -> Front:
    """The front of a record, its plans evaluated."""
    kept = found.record.front
    assert kept is not None
    points: list[Point] = [
        point_of(scenario, found.plans[p.plan], kept.totals, p.limits, p.bound)
        for p in kept.points
    ]
    return Front(
        kept.totals,
        tuple(points),
        kept.without_plan,
        kept.was_stopped,
        kept.undecided,
        kept.ends,
    )


def write_trade_off(
    out: str | Path,
    found: Found,
    table: pd.DataFrame,
    page: Callable[[], str],
) -> Path:
    """Write table, page, plans and record: the folder whole or not at all."""
    name = found.record.kind
    with written_whole(out, f"{name}.csv") as temporary:
        table.to_csv(temporary / f"{name}.csv", index=False, lineterminator="\n")
        (temporary / f"{name}.html").write_text(page(), encoding="utf-8")
        for file, plan in found.plans.items():
            write_plan(plan, temporary / PLANS / f"{file}.json")
        text = json.dumps(_plain(asdict(found.record)), indent=1, ensure_ascii=False)
        (temporary / RECORD).write_text(text + "\n", encoding="utf-8")
    return Path(out)


def read_trade_off(
    folder: str | Path, scenario: Scenario, inputs: Mapping[str, str]
) -> Found:
    """Read what `write_trade_off` wrote, for the scenario that it is about.

    Raises
    ------
    WasteplanError
        The folder holds no trade-off, is damaged, or was made for another scenario or
        for other numbers of it.
    """
    path = Path(folder) / RECORD
    try:
        text = path.read_text(encoding="utf-8")
        record = TypeAdapter(TradeOff).validate_json(text)
    except FileNotFoundError:
        raise WasteplanError(
            f"{folder} has no {RECORD}: name the output folder of pareto, "
            "alternatives or switch"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise WasteplanError(f"{path} is damaged: {place}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise WasteplanError(f"{path} is damaged: {error}") from error
    _is_about(folder, record, scenario, inputs)
    names = _names(path, record)
    plans = {name: read_plan(Path(folder) / PLANS / f"{name}.json") for name in names}
    return Found(record, plans)


def _is_about(
    folder: str | Path,
    record: TradeOff,
    scenario: Scenario,
    inputs: Mapping[str, str],
) -> None:
    if record.scenario != scenario.name:
        raise WasteplanError(
            f"{folder} is about {record.scenario}, the report about {scenario.name}"
        )
    found = changed(record.inputs, inputs)
    if found:
        raise WasteplanError(
            f"{folder} was made before the scenario changed ({', '.join(found)}): run "
            "it again"
        )


def _names(path: Path, record: TradeOff) -> tuple[str, ...]:
    """Files of plans that a record speaks of."""
    if record.kind == FRONT and record.front is not None:
        return tuple(p.plan for p in record.front.points)
    if record.kind == ALTERNATIVES and record.alternatives is not None:
        return record.alternatives.plans
    if record.kind == SWITCHES and record.switches:
        return ()
    raise WasteplanError(f"{path} is damaged: {record.kind}: nothing is there")


def _plain(value: Any) -> Any:
    """As JSON knows it: what is not finite becomes text, which reads back."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value
