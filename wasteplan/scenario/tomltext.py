"""Settings as TOML text: one canonical way to write what `tomllib` reads."""

from __future__ import annotations

import datetime
import json
import math
import re
import tomllib
from collections.abc import Mapping
from typing import Any

BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")
WIDE = 88  # a list longer than a line of code is written one item a line


def toml_text(data: Mapping[str, Any]) -> str:
    """A mapping as TOML: plain values first, then one `[section]` per nested mapping.

    Reading the text with `tomllib` gives the mapping back.

    >>> print(toml_text({"scenario": {"name": "a", "years": [1, 2]}}), end="")
    [scenario]
    name = "a"
    years = [1, 2]
    """
    return "\n\n".join(_sections(data, ())) + "\n"


def value_text(value: Any, wide: int = 0) -> str:
    r"""One value as a TOML literal; a list longer than `wide` goes over several lines.

    >>> value_text(0.1), value_text(True), value_text('say "no"')
    ('0.1', 'true', '"say \\"no\\""')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int():
            return str(value)
        case float():
            return repr(value) if math.isfinite(value) else _not_finite(value)
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case list() | tuple():
            return _list_text(value, wide)
        case Mapping():
            inside = ", ".join(f"{_key(k)} = {value_text(v)}" for k, v in value.items())
            return "{ " + inside + " }" if inside else "{}"
    raise TypeError(f"TOML has no value for {type(value).__name__}")


def plain_or_literal(text: str) -> Any:
    """Read a cell: a TOML literal if it is one, else the text itself.

    >>> plain_or_literal("0.5"), plain_or_literal("Phnom Penh"), plain_or_literal('"7"')
    (0.5, 'Phnom Penh', '7')
    """
    try:
        parsed = tomllib.loads(f"v = {text}")
    except (ValueError, RecursionError):
        return text
    return parsed["v"] if set(parsed) == {"v"} else text


def cell_of(value: Any) -> str:
    """The shortest cell text from which `plain_or_literal` gives the value back."""
    if isinstance(value, str) and value and plain_or_literal(value) == value:
        return value
    return value_text(value)


def section_path(text: str) -> tuple[str, ...]:
    """The keys of a dotted section name, with TOML's quoting.

    >>> section_path("economics"), section_path('a."b c"'), section_path("")
    (('economics',), ('a', 'b c'), ())
    """
    if not text:
        return ()
    nested: Any = tomllib.loads(f"[{text}]")
    path: list[str] = []
    while nested:
        (key, nested), *_ = nested.items()
        path.append(key)
    return tuple(path)


def section_name(path: tuple[str, ...]) -> str:
    """The dotted name of a section; the inverse of `section_path`."""
    return ".".join(_key(k) for k in path)


def _sections(data: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    own = {k: v for k, v in data.items() if not isinstance(v, Mapping)}
    nested = {k: v for k, v in data.items() if isinstance(v, Mapping)}
    lines = [f"[{section_name(path)}]"] if path and (own or not nested) else []
    lines += [f"{_key(k)} = {value_text(v, WIDE)}" for k, v in own.items()]
    blocks = ["\n".join(lines)] if lines else []
    for key, value in nested.items():
        blocks += _sections(value, (*path, key))
    return blocks


def _list_text(values: list[Any] | tuple[Any, ...], wide: int) -> str:
    items = [value_text(v) for v in values]
    short = f"[{', '.join(items)}]"
    if not wide or len(short) <= wide or not items:
        return short
    return "[\n" + "".join(f"  {i},\n" for i in items) + "]"


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else value_text(key)


def _not_finite(value: float) -> str:
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
