"""A plan as a JSON file: one canonical text, the same for the same plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wasteplan.errors import PlanError
from wasteplan.plan.records import Build, Closure, MeasureAtWork, Plan, Route
from wasteplan.units import Record
from wasteplan.whole import file_written_whole

PLAN_BYTES_MAX = 500_000_000
LISTS = ("builds", "closures", "routes", "measures")
ONLY_IF_ANY = "measures"
SHOWN_MAX = 20  # mistakes listed in one message


def in_order(plan: Plan) -> Plan:
    """The plan with its lists in canonical order, so that equal plans are equal.

    Builds, closures, routes and measures are sorted by their fields, the period first.
    """
    return plan.model_copy(
        update={
            "builds": tuple(sorted(plan.builds, key=_build_key)),
            "closures": tuple(sorted(plan.closures, key=_closure_key)),
            "routes": tuple(sorted(plan.routes, key=_route_key)),
            "measures": tuple(sorted(plan.measures, key=_measure_key)),
        }
    )


def plan_text(plan: Plan) -> str:
    """The plan as canonical JSON: sorted, one record a line, floats as `repr`, no time.

    Two equal plans give the same bytes.

    >>> print(plan_text(Plan(scenario="s", name="nothing")), end="")
    {
     "scenario": "s",
     "name": "nothing",
     "made_by": "hand",
     "builds": [],
     "closures": [],
     "routes": []
    }
    """
    ordered = in_order(plan)
    content = ordered.model_dump(exclude_none=True, exclude=set(LISTS))
    lines = [
        f' "{name}": {_json(content[name])}'
        for name in ("scenario", "name", "made_by", "description", "first_year")
        if content.get(name) not in (None, "")
    ]
    if ordered.proof is not None:
        lines.append(f' "proof": {_json(content["proof"])}')
    lines += [
        f' "{name}": {_list_text(getattr(ordered, name))}'
        for name in LISTS
        if name != ONLY_IF_ANY or ordered.measures
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write_plan(plan: Plan, path: str | Path) -> None:
    """Write a plan, whole or not at all."""
    with file_written_whole(path) as temporary:
        temporary.write_bytes(plan_text(plan).encode("utf-8"))


def read_plan(path: str | Path) -> Plan:
    """Read a plan written by `write_plan` or by hand.

    Raises
    ------
    PlanError
        If the file is missing, is no JSON, or a field is unknown, missing or out of
        range; the message lists the places.
    """
    file = Path(path)
    try:
        if file.stat().st_size > PLAN_BYTES_MAX:
            raise PlanError(f"{file} is larger than {PLAN_BYTES_MAX // 1_000_000} MB")
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"{file} is not UTF-8 text") from error
    except OSError as error:
        raise PlanError(f"{file}: {error.strerror or error}") from error
    return plan_from_text(text, str(file))


def plan_from_text(text: str, where: str = "plan") -> Plan:
    """A plan from JSON text; `where` names it in messages."""
    try:
        content = json.loads(text, object_pairs_hook=_without_doubles)
    except (json.JSONDecodeError, RecursionError) as error:
        raise PlanError(f"{where} is not JSON: {error}") from error
    except ValueError as error:
        raise PlanError(f"{where}: {error}") from error
    try:
        plan = Plan.model_validate(content)
    except ValidationError as error:
        raise PlanError(_said_of(where, error)) from error
    _nothing_is_said_twice(where, plan)
    return plan


def _nothing_is_said_twice(where: str, plan: Plan) -> None:
    routes = [(*_route_key(r)[:5],) for r in plan.routes]
    closures = [c.facility for c in plan.closures]
    measures = [_measure_key(m) for m in plan.measures]
    every = (("route", routes), ("closure", closures), ("measure", measures))
    for what, keys in every:
        double = _first_double(keys)
        if double is not None:
            named = double if isinstance(double, str) else " / ".join(map(str, double))
            raise PlanError(f"{where}: the {what} {named} is there twice")


def _first_double(keys: Sequence[Any]) -> Any | None:
    seen = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a key given twice is a mistake, not a choice."""
    double = _first_double([k for k, _ in pairs])
    if double is not None:
        raise ValueError(f"key {double!r} is there twice in one object")
    return dict(pairs)


def _said_of(where: str, error: ValidationError) -> str:
    lines = [f"{where} is not a plan"]
    for one in error.errors()[:SHOWN_MAX]:
        place = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in one["loc"])
        given = one.get("input")
        value = f" (is {given!r})" if isinstance(given, str | int | float) else ""
        lines.append(f"  {place.lstrip('.') or 'the file'}: {one['msg']}{value}")
    more = error.error_count() - SHOWN_MAX
    return "\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])])


def _list_text(records: Iterable[Record]) -> str:
    rows = [f"  {_json(r.model_dump(exclude_defaults=True))}" for r in records]
    return "[\n" + ",\n".join(rows) + "\n ]" if rows else "[]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _build_key(build: Build) -> tuple[str, ...]:
    return (build.period, build.site, build.technology, build.size)


def _closure_key(closure: Closure) -> tuple[str, ...]:
    return (closure.period, closure.facility)


def _measure_key(m: MeasureAtWork) -> tuple[str, str]:
    return (m.period, m.measure)


def _route_key(r: Route) -> tuple[str, str, str, str, str, float]:
    return (r.period, r.origin, r.stream, r.product, r.destination, r.share)
