"""What the planner has decided for the model: forced and forbidden openings."""

from __future__ import annotations

import pyomo.environ as pyo

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import active, opened, slack
from wasteplan.scenario.records import Choice
from wasteplan.superstructure.model import CENTRE


def forced(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """A forced size works from its period on: sum(active) >= 1.  [-]"""
    rows = [
        (k, t)
        for k, choice in enumerate(data.s.scenario.choices)
        if choice.choice == "force"
        for t in data.periods
        if t >= _period(data, choice)
    ]

    def limit(m: pyo.ConcreteModel, k: int, t: int) -> object:
        choice = data.s.scenario.choices[k]
        works = sum(active(m, data, o, t) for o in _options(data, choice))
        room = slack(m, data, "forced", choice.id, t, 1.0)
        return works + m.nothing + room >= 1

    m.forced = pyo.Constraint(rows, rule=limit)


def forbidden(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """A forbidden size does not open: opened = 0.  [-]"""
    rows = [
        (k, o, t)
        for k, choice in enumerate(data.s.scenario.choices)
        if choice.choice == "forbid"
        for o in _options(data, choice)
        for t in data.periods
        if data.s.options[o].may_open[t] and choice.period in ("", data.s.spans[t].id)
    ]
    m.forbidden = pyo.Constraint(
        rows, rule=lambda m, k, o, t: opened(m, data, o, t) == 0
    )


def _options(data: PlanningData, choice: Choice) -> list[int]:
    """New sizes that a choice speaks of."""
    return [
        o
        for o, option in enumerate(data.s.options)
        if not option.facility
        and data.s.plants[option.plant].place == choice.site
        and data.s.plants[option.plant].technology == choice.technology
        and (choice.size in ("", option.size) or choice.technology == CENTRE)
    ]


def _period(data: PlanningData, choice: Choice) -> int:
    """Index of the period from which a choice holds."""
    names = [span.id for span in data.s.spans]
    return names.index(choice.period) if choice.period else 0
