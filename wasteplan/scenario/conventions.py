"""What results have to share before they are put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from wasteplan.errors import WasteplanError
from wasteplan.scenario.model import Scenario

SYSTEM_EXPANSION = "system expansion"
CUT_OFF = "cut-off"
DECLARED_IN = {
    "system": "[assessment] credits",
    "gwp": "[assessment] gwp",
    "decay": "[assessment] decay",
    "electricity_credit": "[assessment] electricity_credit",
    "currency": "[scenario] currency",
    "price_year": "[scenario] price_year",
}
"""Convention -> where a scenario declares it.  Factors and prices of different ones are
never combined; one that nobody recorded cannot be checked."""


def conventions(scenario: Scenario) -> dict[str, str]:
    """The conventions that a scenario declares, once for the study."""
    settings = scenario.settings
    own = settings.assessment
    return {
        "system": SYSTEM_EXPANSION if own.credits else CUT_OFF,
        "gwp": own.gwp,
        "decay": own.decay,
        "electricity_credit": own.electricity_credit,
        "currency": settings.scenario.currency,
        "price_year": str(settings.scenario.price_year),
    }


def require_same(declared: Iterable[Mapping[str, str]]) -> None:
    """Refuse results that follow different conventions.

    Raises
    ------
    WasteplanError
        Naming every convention that differs and where it is declared.

    >>> require_same([{"gwp": "AR6"}, {"gwp": "AR6"}, {}])
    """
    known = [d for d in declared if d]
    said = []
    for name, where in DECLARED_IN.items():
        found = list(dict.fromkeys(d[name] for d in known if name in d))
        if any(a != b for a, b in pairwise(found)):
            said.append(f"{' and by '.join(found)} (`{where}`)")
    if said:
        raise WasteplanError(
            f"results by {'; by '.join(said)} are not comparable: declare the same in "
            "all of them"
        )
