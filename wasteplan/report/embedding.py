"""Putting data and code into one HTML file without opening a door."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import numpy as np

from wasteplan.report.numbers import rounded

_ESCAPES = {
    "<": "\\u003c",  # no </script>, no <!--
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",  # line ends of JavaScript but not of JSON
    "\u2029": "\\u2029",
}


def json_for_html(data: Any) -> str:
    r"""Compact JSON that can stand inside a script element.

    >>> json_for_html({"name": "</script><!--"})
    '{"name":"\\u003c/script\\u003e\\u003c!--"}'
    """
    text = json.dumps(
        plain(data), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def plain(data: Any) -> Any:
    """Data as JSON knows it: unknown numbers are None, floats have few digits.

    >>> plain({"a": (1.0, float("nan"), 2.5)})
    {'a': [1, None, 2.5]}
    """
    if data is None or isinstance(data, bool | str | int):
        return data
    if isinstance(data, np.bool_):
        return bool(data)
    if isinstance(data, np.integer):
        return int(data)
    if isinstance(data, float | np.floating):
        number = rounded(data)
        return int(number) if number is not None and _is_short_int(number) else number
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain(value) for value in data]
    raise TypeError(f"no place in the report for a {type(data).__name__}")


def script_source(code: str) -> str:
    """The Content-Security-Policy source that allows exactly this inline script."""
    digest = hashlib.sha256(code.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def content_security_policy(scripts: tuple[str, ...]) -> str:
    """A policy that loads nothing and runs only the given inline scripts.

    Inline styles stay allowed, because chart tooltips carry style attributes.
    """
    sources = " ".join(script_source(code) for code in scripts)
    return (
        f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _is_short_int(number: float) -> bool:
    return number.is_integer() and abs(number) < 1e15
