"""Where waste ends that nobody collects: fates of leakage, and informal trades."""

from __future__ import annotations

from dataclasses import dataclass

from wasteplan.scenario.model import Scenario

RECYCLING = "recycling"


@dataclass(frozen=True)
class End:
    """An end outside the legal system."""

    kind: str
    """As of `fates`; trades are `informal`."""
    counts_as: str
    """`leakage` or `recycling`."""


def ends(scenario: Scenario) -> dict[str, End]:
    """Fates, and trades, which recycle what they take."""
    trades = {row.id: End("informal", RECYCLING) for row in scenario.informal}
    return {f.id: End(f.kind, f.counts_as) for f in scenario.fates} | trades
