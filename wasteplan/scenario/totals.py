"""What can be added up over all years: made least or most, or limited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Target
from wasteplan.scenario.settings import SolveSettings

COST = "cost_total"
WEIGHTED = "weighted"


@dataclass(frozen=True)
class Total:
    """How a total is counted, and which way it is better."""

    unit: str
    per_model_unit: float
    """Units a planner reads per unit of the planning model (millions, kilotonnes)."""
    more_is_better: bool = False
    weight: str = ""
    """Setting of `[solve]` with its weight beside money; empty: not weighted."""

    @property
    def sign(self) -> float:
        """+1 if it is made least, -1 if it is made most."""
        return -1.0 if self.more_is_better else 1.0


TOTALS: Mapping[str, Total] = {
    COST: Total("money, present value", 1e6),
    "co2e_total_t": Total("t CO2e", 1e3, weight="weight_co2e_per_t"),
    "co2e_direct_total_t": Total("t CO2e", 1e3),
    "landfilled_total_t": Total("t", 1e3, weight="weight_landfilled_per_t"),
    "jobs_total": Total("person-years", 1.0, True, "weight_jobs_per_person_y"),
    "exposure_total": Total("person t", 1e6, weight="weight_exposure_per_person_t"),
    "exposure_largest_total": Total("person t", 1e6),
    "unsuited_total_t": Total("t", 1e3, weight="weight_unsuited_per_t"),
    "hosted_largest_total_t": Total("t", 1e3),
    "diversion_rate_lowest": Total("-", 1e-2, True),
    "collected_rate_lowest": Total("-", 1e-2, True),
}
"""All of `HORIZON_METRICS`, in their order."""


def sign_of(objective: str) -> float:
    """+1 for what is made least, `weighted` included, -1 for what is made most."""
    return 1.0 if objective == WEIGHTED else TOTALS[objective].sign


def weights(chosen: SolveSettings) -> dict[str, float]:
    """What the objective adds to the cost: total -> money per unit, more or less.

    Empty unless the objective is `weighted`.  Totals of which more is better have a
    negative weight.
    """
    if chosen.objective != WEIGHTED:
        return {}
    found = {
        name: counted.sign * float(getattr(chosen, counted.weight))
        for name, counted in TOTALS.items()
        if counted.weight
    }
    return {name: weight for name, weight in found.items() if weight}


def asked_totals(scenario: Scenario) -> frozenset[str]:
    """Totals that the objective or a target speaks of."""
    chosen = scenario.settings.solve
    aims = {COST, *weights(chosen)} if chosen.objective == WEIGHTED else set()
    asked = {t.metric for t in scenario.targets} | {chosen.objective} | aims
    return frozenset(asked & set(TOTALS))


def limit_on(metric: str, id: str, limit: float) -> Target:
    """A target that a total is at most a limit, or at least where more is better."""
    is_floor = TOTALS[metric].more_is_better
    return Target(
        id=id,
        metric=metric,  # type: ignore[arg-type]
        min=limit if is_floor else None,
        max=None if is_floor else limit,
    )
