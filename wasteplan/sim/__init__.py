"""Simulate a plan hour by hour: trucks, gates, bunkers, lines, chance.

The names are handed on when first used, so that worker processes load no data frames.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasteplan.sim.comparing import Comparison, compare_simulated
    from wasteplan.sim.result import SimulationResult
    from wasteplan.sim.selftesting import Selftest, selftest
    from wasteplan.sim.simulating import simulate

HOMES = {
    "Comparison": "wasteplan.sim.comparing",
    "SimulationResult": "wasteplan.sim.result",
    "Selftest": "wasteplan.sim.selftesting",
    "compare_simulated": "wasteplan.sim.comparing",
    "selftest": "wasteplan.sim.selftesting",
    "simulate": "wasteplan.sim.simulating",
}
"""Public name -> the module that defines it."""

__all__ = [
    "Comparison",
    "Selftest",
    "SimulationResult",
    "compare_simulated",
    "selftest",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in HOMES:
        raise AttributeError(f"module 'wasteplan.sim' has no attribute {name!r}")
    value = getattr(import_module(HOMES[name]), name)
    globals()[name] = value
    return value
