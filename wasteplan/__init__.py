"""Plan, prove and simulate waste-to-energy and waste-facility networks.

The public names are handed on when first used, so that importing the package is quick
and loads no solver, data-frame or simulation library.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

HOMES = {
    "load_scenario": "wasteplan.scenario.loading",
    "solve": "wasteplan.optimize.solving",
    "planner": "wasteplan.optimize.planner",
    "simulate": "wasteplan.sim.simulating",
    "evaluate": "wasteplan.evaluation.evaluating",
    "assess": "wasteplan.study.assess",
    "appraise": "wasteplan.study.appraising",
    "compare": "wasteplan.study.compare",
    "write_report": "wasteplan.report.writing",
    "read_plan": "wasteplan.plan.files",
    "write_plan": "wasteplan.plan.files",
}
"""Public name -> the module that defines it."""

__all__ = [*HOMES, "__version__"]  # noqa: PLE0604, RUF100


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in HOMES:
        raise AttributeError(f"module 'wasteplan' has no attribute {name!r}")
    value = getattr(import_module(HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
