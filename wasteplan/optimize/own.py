"""The user's own constraints, written in Pyomo over names of the scenario.

A constraint is a function that gets the decisions and yields (name, relation) pairs:

    def not_both(d):
        for period in d.periods:
            both = d.works("north.tip", period) + d.works("south.tip", period)
            yield f"not_both_{period}", both <= 1

    plan = solve(scenario, own=[not_both])

The evaluation of the plan knows nothing of them; it checks everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyomo.environ as pyo

from wasteplan.errors import WasteplanError
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Term, active, at_work, is_open, opened
from wasteplan.optimize.totals import total
from wasteplan.superstructure.model import CENTRE


class Decisions:
    """What may stand in an own constraint, by the names of the scenario.

    All are Pyomo expressions, or plain numbers where nothing is to be decided.
    """

    def __init__(self, m: pyo.ConcreteModel, data: PlanningData) -> None:
        self._m, self._data = m, data
        self._plant = {p.id: i for i, p in enumerate(data.s.plants)}
        self._period = {s.id: t for t, s in enumerate(data.s.spans)}

    @property
    def periods(self) -> tuple[str, ...]:
        """Period ids in order."""
        return tuple(self._period)

    @property
    def plants(self) -> tuple[str, ...]:
        """Ids of plants (`site.technology`), centres and outlets."""
        return tuple(self._plant)

    @property
    def lines(self) -> frozenset[tuple[str, str]]:
        """(plant, size) of all further lines of plants."""
        s = self._data.s
        return frozenset(
            (s.plants[o.plant].id, o.size) for o in s.options if o.module_of
        )

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of programmes and other measures that a class may work under."""
        known = (name for regime in self._data.s.regimes for name in regime.measures)
        return tuple(dict.fromkeys(known))

    def at_work(self, measure: str, period: str) -> Term:
        """Whether a measure is at work in its class of generators.  [0..1]

        Raises
        ------
        WasteplanError
            No such measure or period; the text lists what there is.
        """
        self._of(measure, dict.fromkeys(self.measures, 0), "measure")
        t = self._at(period)
        return sum(
            at_work(self._m, self._data, r, t)
            for r, regime in enumerate(self._data.s.regimes)
            if measure in regime.measures
        )

    def works(self, plant: str, period: str, size: str = "") -> Term:
        """How many sizes of a plant work in a period; of one size, if named.  [-]

        Raises
        ------
        WasteplanError
            No such plant, size or period; the text lists what there is.
        """
        p, t = self._of(plant, self._plant, "plant"), self._at(period)
        chosen = self._options(p, size)
        return sum(active(self._m, self._data, o, t) for o in chosen)

    def opens(self, plant: str, period: str, size: str = "") -> Term:
        """How many sizes of a plant start work in a period.  [-]"""
        p, t = self._of(plant, self._plant, "plant"), self._at(period)
        return sum(opened(self._m, self._data, o, t) for o in self._options(p, size))

    def is_open(self, plant: str, period: str) -> Term:
        """Whether a plant may take anything in a period.  [0..1]"""
        p = self._of(plant, self._plant, "plant")
        return is_open(self._m, self._data, p, self._at(period))

    def takes_kt(self, plant: str, period: str, product: str = "") -> Term:
        """What a plant takes in the last year of a period; of one product.  [kt/y]

        `raw` is untreated waste, as in `plan.json`.
        """
        p, t = self._of(plant, self._plant, "plant"), self._at(period)
        s = self._data.s
        return sum(
            self._m.throughput[f, t]
            for f in self._data.feeds_of[p]
            if product in ("", s.commodities[s.feeds.commodity[f]].product)
        )

    def built(self, plant: str) -> Term:
        """Whether anything new is built at a plant; of cells their share.  [0..1]"""
        p = self._of(plant, self._plant, "plant")
        new = self._data.new_sizes_of(p)
        terms = [
            opened(self._m, self._data, o, t)
            for o in new
            for t in self._data.first_openings(o)
        ]
        once = all(self._data.is_cumulative(o) for o in new)
        return sum(terms) if once else sum(terms) / max(len(terms), 1)

    def openings(self) -> Iterator[tuple[tuple[str, str, str], Term]]:
        """((plant, size, period), whether it opens) of all that costs to open.

        Equal further lines of a plant are told apart as `size`, `size~2`, `size~3`.
        """
        s = self._data.s
        for o, option in enumerate(s.options):
            is_free = not option.capital_m.any() and not option.fixed_om_m.any()
            if option.facility or is_free:
                continue
            plant = s.plants[option.plant]
            size = CENTRE if plant.technology == CENTRE else option.size
            size = line_name(size, option.copy)
            for t in self._data.first_openings(o):
                key = (plant.id, size, s.spans[t].id)
                yield key, opened(self._m, self._data, o, t)

    def closings(self) -> Iterator[tuple[tuple[str, str], Term]]:
        """((facility, period), whether it closes then) of all that may close."""
        s = self._data.s
        before: dict[int, Term] = {}
        for (o, t), closed in self._m.closed.items():
            since = closed - before[o] if o in before else closed
            before[o] = closed
            yield (s.options[o].facility, s.spans[t].id), since

    def whole(self) -> Iterator[tuple[str, Term]]:
        """(name in the model, variable) of every whole decision."""
        for variable in self._m.component_data_objects(pyo.Var, active=True):
            if variable.is_integer() or variable.is_binary():
                yield variable.name, variable

    def total(self, metric: str) -> Term:
        """A sum over all years (`cost_total`, ...).  [M money, kt CO2e or kt]"""
        return total(self._m, self._data, metric)

    def _options(self, plant: int, size: str) -> list[int]:
        known, options = self._data.s.options, self._data.options_of[plant]
        if not size:
            return options
        names = {known[o].size: o for o in options}
        self._of(size, names, f"size of {self._data.s.plants[plant].id}")
        return [o for o in options if known[o].size == size]

    def _at(self, period: str) -> int:
        return self._of(period, self._period, "period")

    def _of(self, name: str, known: dict[str, int], what: str) -> int:
        if name not in known:
            there = ", ".join(known) or "none"
            raise WasteplanError(f"no {what} '{name}'; there is: {there}")
        return known[name]


def line_name(size: str, copy: int) -> str:
    """A size, numbered from the second of equal lines on.

    >>> line_name("line", 0), line_name("line", 1)
    ('line', 'line~2')
    """
    return f"{size}~{copy + 1}" if copy else size


Own = Callable[[Decisions], Iterable[tuple[str, object]]]
"""Yields the name and the relation of each constraint."""


def own_constraints(m: pyo.ConcreteModel, data: PlanningData) -> None:
    """What the user adds, relations (<=, >=, =) as written.  [as `Decisions` gives]"""
    m.own = pyo.Constraint(pyo.Any)
    decisions = Decisions(m, data)
    for add in data.own:
        for name, relation in add(decisions):
            if isinstance(relation, bool):  # no decision stands in it
                relation = pyo.Constraint.Feasible if relation else m.nothing >= 1
            if name in m.own:
                raise WasteplanError(f"two own constraints are called '{name}'")
            m.own[name] = relation
