"""The just-transition table of a study."""

from __future__ import annotations

import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.indicators.just_transition import PlanTables, just_transition
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.site_effects import PEOPLE


def transition_table(
    scenario: Scenario, evaluation: Evaluation, baseline: Evaluation | None
) -> pd.DataFrame:
    """Who gains and who loses by a plan (`TRANSITION_COLUMNS`)."""
    return just_transition(
        _tables(evaluation),
        None if baseline is None else _tables(baseline),
        {p.id: p.last_year for p in scenario.periods},
        wage_per_y=scenario.settings.finance.wage_per_y,
        people={
            c.site: c.value for c in scenario.site_criteria if c.criterion == PEOPLE
        },
        landfills=[t.id for t in scenario.technologies if t.kind == "disposal"],
    )


def _tables(evaluation: Evaluation) -> PlanTables:
    return PlanTables(
        evaluation.costs,
        evaluation.transfers,
        evaluation.facilities,
        evaluation.informal,
    )
