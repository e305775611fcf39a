"""Waste codes of several lists and the fractions that stand for them."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Literal

from wasteplan.units import Reference, SourcedRecord
from wasteplan.waste.packaged import packaged_records

Scheme = Literal["EU_LoW", "KR_designated", "KR_general_industrial", "Basel", "KH"]
SIX_DIGITS = re.compile(r"(?<!\d)(\d\d) ?(\d\d) ?(\d\d)\*?(?!\d)")
OTHER_CODE = re.compile(
    r"(?<![\w-])(?:Y\d{1,2}|KH-[A-Z]+|\d\d-\d\d(?:-\d\d)?)(?![\w-])"
)


class WasteCode(SourcedRecord):
    """A code of a list, whether it is hazardous, and the fraction it is like.

    `fraction` is empty for mixtures, and for codes that name an origin rather than a
    material; `is_hazardous` is empty where the list leaves it open.
    """

    scheme: Scheme
    code: str
    description: str
    is_hazardous: bool | None = None
    fraction: Annotated[str, Reference("fractions")] = ""


@cache
def waste_codes() -> tuple[WasteCode, ...]:
    """The packaged codes: EU List of Waste, Korea, Basel Convention, Cambodia.

    A selection for factories and towns, not the whole lists.
    """
    key = ("scheme", "code")
    return packaged_records("wasteplan.waste", "waste_codes.csv", WasteCode, key)


def codes_in(text: str) -> tuple[str, ...]:
    """The codes written in a cell, in their usual form.

    >>> codes_in("15 01 10 150202 Y12")
    ('15 01 10', '15 02 02', 'Y12')
    """
    found = [(m.start(), " ".join(m.groups())) for m in SIX_DIGITS.finditer(text)]
    found += [(m.start(), m.group()) for m in OTHER_CODE.finditer(text)]
    return tuple(code for _, code in sorted(found))


def known_codes(text: str) -> tuple[WasteCode, ...]:
    """The packaged entries of the codes written in a cell.

    >>> [c.fraction for c in known_codes("04 02 22")]
    ['textiles']
    """
    asked = codes_in(text)
    return tuple(c for c in waste_codes() if c.code in asked)
