"""How mistakes are put into words: value, unit, limit, and the most likely fix."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from wasteplan.units import ID_PATTERN


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint that ends a message: the nearest known name, or nothing.

    >>> did_you_mean("wte_grat", ["dump", "wte_grate"])
    " (did you mean 'wte_grate'?)"
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{near[0]}'?)" if near else ""


def not_a_number(cell: str) -> str:
    """Why a cell is no number, with the most likely fix.

    >>> not_a_number("3,5")
    "'3,5' is not a number; write decimals with a point and no separators"
    >>> not_a_number("-35 t")
    "'-35 t' is not a number; write the number alone: -35; the column fixes the unit"
    """
    if re.fullmatch(r"[+-]?\d[\d ,._']*", cell):
        hint = "; write decimals with a point and no separators"
    elif cell.lower().lstrip("+-") in {"nan", "inf", "infinity", "na", "n/a", "-"}:
        hint = "; leave an unknown cell empty"
    elif cell.endswith("%"):
        hint = "; shares are 0 to 1, not percent"
    elif written := re.fullmatch(r"([+-]?\d[\d ,._']*?)\s*(?!e\d)[^\W\d].*", cell):
        alone = _if_clear(written[1])
        hint = f"; write the number alone{alone}; the column fixes the unit"
    else:
        hint = ""
    return f"'{cell}' is not a number{hint}"


def _if_clear(number: str) -> str:
    is_clear = re.fullmatch(r"[+-]?\d+(\.\d+)?", number)
    return f": {number}" if is_clear else " and without separators"


def no_id(value: str) -> str:
    """Why a value is no id, with the id that it was most likely meant to be.

    >>> no_id("Burner North")
    "'Burner North' is no id (lower-case letters, digits, underscores): 'burner_north'?"
    """
    rule = f"'{value}' is no id (lower-case letters, digits, underscores)"
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    meant = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return f"{rule}: '{meant}'?" if re.fullmatch(ID_PATTERN, meant) else rule


def explanation(detail: dict[str, Any], unit: str | None) -> str:
    """One pydantic error as a sentence with value, unit and limit.

    Parameters
    ----------
    detail
        An entry of `ValidationError.errors()`.
    unit
        The unit of the field; None if it has none.
    """
    value = detail.get("input")
    limits = detail.get("ctx", {})
    shown = f" {unit}" if unit not in (None, "", "-") else ""
    percent = "; shares are 0 to 1, not percent" if unit == "-" else ""
    kind = detail["type"]
    if kind == "missing":
        return "is empty and must be filled"
    if kind == "greater_than_equal":
        return f"{value}{shown} is below {limits['ge']:g}"
    if kind == "greater_than":
        return f"{value}{shown} must be above {limits['gt']:g}"
    if kind == "less_than_equal":
        hint = percent if limits["le"] == 1 else ""
        return f"{value}{shown} is above {limits['le']:g}{hint}"
    if kind == "less_than":
        return f"{value}{shown} must be below {limits['lt']:g}"
    if kind in ("int_parsing", "int_from_float"):
        return f"'{value}' is not a whole number"
    if kind in ("float_parsing", "finite_number", "float_type", "int_type"):
        return not_a_number(str(value))
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", str(limits.get("expected", "")))
        hint = did_you_mean(str(value), known)
        return f"'{value}' is none of {', '.join(known)}{hint}"
    if kind == "string_pattern_mismatch":
        if limits["pattern"] == ID_PATTERN:
            return no_id(str(value))
        return f"'{value}' does not fit the pattern {limits['pattern']}"
    if kind == "extra_forbidden":
        return "unknown key"
    return f"{detail['msg']} (got '{value}')"
