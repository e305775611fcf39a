"""What each facility that a plan builds costs and earns, in real money by year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.finance.annuity import capital_recovery_factor, salvage_value
from wasteplan.finance.lending import Floats
from wasteplan.plan.records import Build, Plan, plant_id
from wasteplan.scenario.derived import price
from wasteplan.scenario.model import Scenario
from wasteplan.units import words

CENTRE = "centre"
FOR_EVER = 9999  # last year of what has no stated lifetime


@dataclass(frozen=True)
class Stage:
    """Something that is built: its money and its years of life."""

    place: str
    opening: int
    life_y: float
    capex: float
    land: float
    draws: dict[int, float]
    """Capital cost by year.  [money, real]"""

    @property
    def last(self) -> int:
        """Last year of its life."""
        if math.isinf(self.life_y):
            return FOR_EVER
        return self.opening + math.floor(self.life_y) - 1

    def charged_until(self, horizon: int) -> int:
        """Last year in which the planner charges capital for it."""
        return min(self.last, horizon)

    def charge(self, rate: float) -> float:
        """Yearly capital charge.  [money/y]"""
        return self.capex * capital_recovery_factor(rate, self.life_y)

    def salvage(self, rate: float, horizon: int) -> float:
        """Worth at the end of the horizon.  [money at that time]"""
        age = horizon - self.opening + 1
        return salvage_value(self.capex, rate, self.life_y, age)


def place_of(build: Build) -> str:
    """The plant or centre that a build belongs to."""
    if build.technology == CENTRE:
        return build.site
    return plant_id(build.site, build.technology)


def stages(scenario: Scenario, plan: Plan) -> tuple[Stage, ...]:
    """What the plan builds, in the order of opening; builds without cost are left out.

    Capital is spent by the shares of `[finance] construction`, else evenly over the
    lead time, never before the year after the base year if that can be.
    """
    first_year = {p.id: p.first_year for p in scenario.periods}
    found = []
    for build in plan.builds:
        opening = first_year[build.period]
        capex, life, lead, land = _cost(scenario, build)
        if capex <= 0:
            continue
        draws = _draws(scenario, capex, opening, lead)
        found.append(Stage(place_of(build), opening, life, capex, land, draws))
    return tuple(sorted(found, key=lambda s: (s.opening, s.place)))


def _cost(scenario: Scenario, build: Build) -> tuple[float, float, float, float]:
    """Capital cost, lifetime, lead time, land value."""
    centre = scenario.centre.get(build.site)
    if build.technology == CENTRE and centre is not None:
        return centre.capex, centre.lifetime_y, centre.lead_time_y, 0.0
    size = scenario.size[build.technology, build.size]
    technology = scenario.technology[build.technology]
    land = size.land_m2 * scenario.site[build.site].land_cost_per_m2
    life = technology.lifetime_y or math.inf
    lead = technology.lead_time_y or 1.0
    return size.capex or 0.0, life, lead, land


def _draws(
    scenario: Scenario, capex: float, opening: int, lead_y: float
) -> dict[int, float]:
    stated = [float(w) for w in words(scenario.settings.finance.construction)]
    n = len(stated) or max(1, math.ceil(lead_y))
    shares = stated or [1.0 / n] * n
    earliest = min(scenario.settings.scenario.base_year, opening - 1)
    draws: dict[int, float] = {}
    for i, share in enumerate(shares):
        year = max(opening - n + i, earliest)
        draws[year] = draws.get(year, 0.0) + share / sum(shares) * capex
    return draws


@dataclass(frozen=True)
class Ledger:
    """Lines of a place by calendar year, real; costs and revenue both positive."""

    place: str
    lines: dict[str, dict[int, float]]
    tonnes: dict[int, float]
    electricity_mwh: dict[int, float]
    recyclate_t: dict[int, float]

    def line(self, name: str, years: Sequence[int]) -> Floats:
        """A line over some years."""
        found = self.lines.get(name, {})
        return np.array([found.get(int(y), 0.0) for y in years])


class Ledgers:
    """The ledgers of all places of an evaluated plan."""

    def __init__(
        self, scenario: Scenario, plan: Plan | None, evaluation: Evaluation
    ) -> None:
        self.scenario = scenario
        self.evaluation = evaluation
        self.stages = () if plan is None else stages(scenario, plan)
        self.span = {
            p.id: range(p.first_year, p.last_year + 1) for p in scenario.periods
        }
        by_place = evaluation.costs.groupby("place", sort=False)
        self._costs = {str(place): rows for place, rows in by_place}
        self._tonnes: dict[str, dict[int, float]] = {}
        self._known: dict[str, Ledger] = {}

    def of(self, place: str) -> Ledger:
        """The ledger of a plant or centre."""
        if place not in self._known:
            self._known[place] = self._made(place)
        return self._known[place]

    def _made(self, place: str) -> Ledger:
        rows = self._costs.get(place, self.evaluation.costs.iloc[:0])
        terms = {
            str(term): dict(part.groupby("year")["amount"].sum())
            for term, part in rows[rows["technology"] != "haul"].groupby("term")
        }
        lines: dict[str, dict[int, float]] = {
            "fixed_om": dict(terms.get("fixed_om", {})),
            "variable_om": dict(terms.get("variable_om", {})),
            "after_care": dict(terms.get("after_care", {})),
        }
        if place in self.scenario.centre:
            self._split_centre(place, terms.get(CENTRE, {}), lines)
        bought, sold, saved = self._energy(rows)
        lines |= {"energy": bought, "electricity": sold, "fuel_saved": saved}
        haul = rows[rows["technology"] == "haul"].groupby("year")["amount"].sum()
        lines["residues"] = _added(dict(haul), self._fees_paid(place))
        lines["products"], recyclate = self._sales(place)
        return Ledger(place, lines, self.tonnes(place), self._mwh(sold), recyclate)

    def _split_centre(
        self,
        place: str,
        amounts: dict[int, float],
        lines: dict[str, dict[int, float]],
    ) -> None:
        """Fixed and variable operating cost of a centre, without its capital charge."""
        rate = self.scenario.settings.economics.discount_rate
        last = self.scenario.years[-1]
        left = dict(amounts)
        for stage in self.stages:
            if stage.place == place:
                for y in range(stage.opening, stage.charged_until(last) + 1):
                    left[y] = left.get(y, 0.0) - stage.charge(rate)
        centre = self.scenario.centre[place]
        tonnes = self.tonnes(place)
        for year, amount in left.items():
            variable = centre.variable_om_per_t * tonnes.get(year, 0.0)
            lines["variable_om"][year] = variable
            lines["fixed_om"][year] = amount - variable

    def tonnes(self, place: str) -> dict[int, float]:
        """Taken in by year: the flows of each period, spread as its variable cost is.

        [t/y]
        """
        if place not in self._tonnes:
            flows = self.evaluation.flows
            of_place = flows[flows["destination"] == place]
            sums = of_place.groupby("period")["t_in_period"].sum()
            found: dict[int, float] = {}
            for period, span in self.span.items():
                total = float(sums.get(period, 0.0))
                weights = self._weights(place, span)
                found |= {y: total * w for y, w in zip(span, weights, strict=True)}
            self._tonnes[place] = found
        return self._tonnes[place]

    def _weights(self, place: str, span: range) -> list[float]:
        """How a period's tonnes fall on its years."""
        rows = self._costs.get(place)
        found = dict.fromkeys(span, 0.0)
        if rows is not None:
            for term in ("variable_om", "after_care"):
                part = rows[rows["term"] == term].groupby("year")["amount"].sum()
                found = {y: float(part.get(y, 0.0)) for y in span}
                if any(found.values()):
                    break
        total = sum(found.values())
        if total == 0 or min(found.values()) < 0:
            return [1.0 / len(span)] * len(span)
        return [found[y] / total for y in span]

    def _energy(
        self, rows: pd.DataFrame
    ) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
        """Bought, power sold, fuel saved and heat sold; all positive.  [money/y]"""
        energy = rows[rows["term"].isin(["electricity", "fuel", "heat"])]
        bought = energy[energy["amount"] > 0].groupby("year")["amount"].sum()
        earned = energy[energy["amount"] < 0]
        is_power = earned["term"] == "electricity"
        sold = -earned[is_power].groupby("year")["amount"].sum()
        saved = -earned[~is_power].groupby("year")["amount"].sum()
        return dict(bought), dict(sold), dict(saved)

    def _mwh(self, sold: dict[int, float]) -> dict[int, float]:
        found = {}
        for year, amount in sold.items():
            per_kwh = price(self.scenario, "electricity_sold", int(year))
            found[int(year)] = amount / per_kwh / 1e3 if per_kwh > 0 else 0.0
        return found

    def _outputs(self, place: str) -> pd.DataFrame:
        flows = self.evaluation.flows
        return flows[flows["origin"] == place]

    def _by_weight(self, place: str, period: str, total: float) -> dict[int, float]:
        span = self.span[period]
        weights = self._weights(place, span)
        return {y: total * w for y, w in zip(span, weights, strict=True)}

    def _fees_paid(self, place: str) -> dict[int, float]:
        """Gate fees for what the place sends on.  [money/y]"""
        found: dict[int, float] = {}
        if place in self.scenario.centre:
            return (
                found  # who sends waste through a centre pays the fee, not the centre
            )
        for row in self._outputs(place).itertuples():
            name = str(row.destination).rpartition(".")[2]
            technology = self.scenario.technology.get(name)
            if technology is not None and technology.gate_fee_per_t:
                paid = technology.gate_fee_per_t * float(row.t_in_period)  # type: ignore[arg-type]
                found = _added(found, self._by_weight(place, str(row.period), paid))
        return found

    def _sales(self, place: str) -> tuple[dict[int, float], dict[int, float]]:
        """What outlets pay, and the recyclates among it.  [money/y], [t/y]"""
        sold: dict[int, float] = {}
        recyclate: dict[int, float] = {}
        for row in self._outputs(place).itertuples():
            outlet = self.scenario.outlet.get(str(row.destination))
            if outlet is None:
                continue
            tonnes = float(row.t_in_period)  # type: ignore[arg-type]
            period = str(row.period)
            earned = outlet.price_per_t * tonnes
            sold = _added(sold, self._by_weight(place, period, earned))
            if outlet.counts_as == "recycling":
                more = self._by_weight(place, period, tonnes)
                recyclate = _added(recyclate, more)
        return sold, recyclate


def _added(one: dict[int, float], two: dict[int, float]) -> dict[int, float]:
    return {y: one.get(y, 0.0) + two.get(y, 0.0) for y in sorted({*one, *two})}
