"""The measures that a plan states, by class and period."""

from __future__ import annotations

from collections.abc import Iterator

from wasteplan.errors import PlanError
from wasteplan.plan.records import Plan
from wasteplan.scenario.measures import NO_MEASURES, Regime, may_work, measures
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Period


def planned_regimes(scenario: Scenario, plan: Plan) -> dict[tuple[str, str], Regime]:
    """(class, period) -> measures at work; pairs without any are absent.

    Measures that the scenario does not know are left out (`unknown_measures`).
    """
    known = measures(scenario)
    found: dict[tuple[str, str], set[str]] = {}
    for row in plan.measures:
        if row.measure in known:
            kind = known[row.measure].generator_class
            found.setdefault((kind, row.period), set()).add(row.measure)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def regimes_in(scenario: Scenario, plan: Plan, period: str) -> dict[str, Regime]:
    """Class -> measures at work in a period; classes without any are absent.

    Raises
    ------
    PlanError
        The plan names measures or periods that the scenario does not have.
    """
    wrong = list(unknown_measures(scenario, plan))
    if wrong:
        raise PlanError(f"plan '{plan.name}': " + "; ".join(wrong))
    planned = planned_regimes(scenario, plan)
    return {kind: regime for (kind, when), regime in planned.items() if when == period}


def unknown_measures(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Measures and periods that a plan names and the scenario does not have."""
    known, periods = measures(scenario), {p.id for p in scenario.periods}
    for row in plan.measures:
        if row.measure not in known:
            yield f"measures: no measure '{row.measure}'"
        if row.period not in periods:
            yield f"measure {row.measure}: no period '{row.period}'"


def misused_measures(
    scenario: Scenario, plan: Plan
) -> Iterator[tuple[str, str, Period]]:
    """(rule, measure, period) where a plan does what the rows do not allow.

    `excluded`: two of one group work at a time; `too_early`: before `from_year`;
    `stopped`: a measure ends, none of its group goes on, and it may not stop.
    """
    known, planned = measures(scenario), planned_regimes(scenario, plan)
    before: dict[str, Regime] = {}
    for period in scenario.periods:
        for kind in dict.fromkeys(m.generator_class for m in known.values()):
            regime = planned.get((kind, period.id), NO_MEASURES)
            groups = [known[m].group for m in regime]
            for i, m in enumerate(regime):
                if groups[i] in groups[:i]:
                    yield "excluded", m, period
                if not may_work(scenario, m, period):
                    yield "too_early", m, period
            for m in before.get(kind, ()):
                if not known[m].may_stop and known[m].group not in groups:
                    yield "stopped", m, period
            before[kind] = regime
