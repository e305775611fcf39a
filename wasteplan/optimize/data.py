"""The superstructure, indexed for the planning model, with bounds derived from data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from wasteplan.errors import WasteplanError
from wasteplan.optimize.recourse import FAMILIES, Recourse
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import outlet_works_in
from wasteplan.scenario.totals import COST, TOTALS, WEIGHTED, weights
from wasteplan.superstructure.model import CENTRE, OUTLET, Floats, Ints, Superstructure

KT_PER_T = 1e-3
M_PER_KT = 1e-3  # one unit of money a tonne, in millions a kilotonne


@dataclass(frozen=True)
class SingleDestination:
    """An output of a plant that goes to one place only in a period."""

    plant: int
    product: str
    period: int


@dataclass(eq=False)
class PlanningData:
    """What every constraint family reads; numbers ready, no look-ups left.

    `is_elastic` lets requirements give way at a price, to explain an infeasible case.
    """

    s: Superstructure
    is_elastic: bool = False
    single: frozenset[SingleDestination] = field(default_factory=frozenset)
    own: tuple[Callable[[Any], Iterable[tuple[str, object]]], ...] = ()
    """The user's own constraints (`own.py`)."""
    held: Plan | None = None
    """A plan of the first periods that stays as it is (`holding.py`)."""
    counted: dict[object, list[int]] = field(default_factory=dict)
    """Feeds that count for a target, kept once found."""
    builds_of: Plan | None = None
    """A plan whose openings and closings stay as they are."""
    recourse: Recourse | None = None
    """Prices of what is missed, where a plan is fixed before the future is known."""

    def gives_way(self, family: str) -> bool:
        """Whether requirements of a family have a slack."""
        return self.is_elastic or (self.recourse is not None and family in FAMILIES)

    @property
    def may_leave_waste(self) -> bool:
        """Whether waste may stay without a place."""
        return self.is_elastic or self.recourse is not None

    @cached_property
    def spoken_of(self) -> dict[tuple[str, str], np.ndarray]:
        """Region and stream -> which sources are of them, kept once found."""
        return {}

    @cached_property
    def scopes(self) -> list[tuple[str, str]]:
        """(region, stream) pairs of the sources, in a fixed order."""
        return sorted(
            set(zip(self.s.sources.region, self.s.sources.stream, strict=True))
        )

    @cached_property
    def aim(self) -> dict[str, float]:
        """Total -> weight in the objective, in the model's units.

        A weight in money per tonne is thousandths of a million per kilotonne.  Totals
        of which more is better have a negative weight.
        """
        chosen = self.s.scenario.settings.solve
        if chosen.objective != WEIGHTED:
            return {chosen.objective: TOTALS[chosen.objective].sign}
        beside = weights(chosen).items()
        more = {name: w * TOTALS[name].per_model_unit * 1e-6 for name, w in beside}
        return {COST: 1.0, **more}

    @cached_property
    def aim_unit(self) -> float:
        """What a planner reads per unit of the objective: 1e6 money, 1e3 t, ..."""
        name = COST if COST in self.aim else next(iter(self.aim))
        return TOTALS[name].per_model_unit

    @cached_property
    def haul_totals(self) -> tuple[str, ...]:
        """Sums over all hauls and years that an objective or a limit needs."""
        asked = {t.metric for t in self.s.scenario.targets}
        if self.own:
            return ("cost_total", "co2e_total_t")
        gases = {"co2e_total_t", "co2e_direct_total_t"} & (asked | set(self.aim))
        cost = ("cost_total",) if "cost_total" in asked else ()
        return (*cost, *(("co2e_total_t",) if gases else ()))

    @cached_property
    def periods(self) -> range:
        """Period indices."""
        return range(self.s.n_periods)

    @cached_property
    def options_of(self) -> dict[int, list[int]]:
        """Plant -> options."""
        found: dict[int, list[int]] = defaultdict(list)
        for o, option in enumerate(self.s.options):
            found[option.plant].append(o)
        return found

    @cached_property
    def feeds_of(self) -> dict[int, list[int]]:
        """Plant -> feeds."""
        found: dict[int, list[int]] = defaultdict(list)
        for f, p in enumerate(self.s.feeds.plant):
            found[int(p)].append(f)
        return found

    @cached_property
    def regimes_of(self) -> dict[str, list[int]]:
        """Class -> its regimes; classes without measures are absent."""
        found: dict[str, list[int]] = defaultdict(list)
        for r, regime in enumerate(self.s.regimes):
            found[regime.generator_class].append(r)
        return found

    @cached_property
    def is_there(self) -> np.ndarray:
        """(sources, periods): has waste to collect, under a regime that can be."""
        can = [
            *(regime.may_work for regime in self.s.regimes),
            [True] * len(self.periods),
        ]
        return (self.s.sources.collected_kt > 0) & np.array(can)[self.s.sources.regime]

    def by_twin(self, arcs: Ints) -> tuple[Ints, Ints]:
        """First hauls of one stream, under whatever regime, to one plant.

        Returns
        -------
        array, array
            One arc of each group, in order of the groups' first; the group of each arc.
        """
        first, plant = self.s.first, self.s.feeds.plant
        key = self.s.sources.twin[first.tail[arcs]] * len(self.s.plants)
        key = key + plant[first.feed[arcs]]
        _, start, which = np.unique(key, return_index=True, return_inverse=True)
        order = np.argsort(start, kind="stable")
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return arcs[start[order]], rank[which]

    def new_sizes_of(self, plant: int) -> list[int]:
        """Options that can be built at a plant, but for further lines of others."""
        known = self.s.options
        return [
            o
            for o in self.options_of[plant]
            if not known[o].facility and not known[o].module_of
        ]

    def is_landfill(self, plant: int) -> bool:
        """Whether cells can be added one after the other."""
        return self.s.plants[plant].kind == "disposal"

    def first_openings(self, option: int) -> list[int]:
        """Periods in which an option may start work."""
        return [t for t in self.periods if self.s.options[option].may_open[t]]

    def is_cumulative(self, option: int) -> bool:
        """Whether an option once opened works to the end: `works` is its binary."""
        o = self.s.options[option]
        if o.facility or self.is_landfill(o.plant):
            return False
        return all(o.works[t0, t0:].all() for t0 in self.first_openings(option))

    @cached_property
    def capacity_max_kt(self) -> Floats:
        """(plants, periods): the most a plant could take if all was built.  [kt/y]"""
        out = np.zeros((len(self.s.plants), self.s.n_periods))
        for p, plant in enumerate(self.s.plants):
            if plant.technology == OUTLET:
                out[p] = self.outlet_limit_kt(p)
                continue
            for t in self.periods:
                out[p, t] = self._capacity_kt(p, t)
        return out

    def _capacity_kt(self, plant: int, t: int) -> float:
        """All that stands, the largest new size (all cells) and its lines.  [kt/y]"""
        standing: dict[str, float] = defaultdict(float)
        lines: dict[str, float] = defaultdict(float)
        new = {"": 0.0}
        for o in self.options_of[plant]:
            option = self.s.options[o]
            may_open = option.facility or any(option.may_open[: t + 1])
            if not may_open or not option.works[: t + 1, t].any():
                continue
            if option.facility:
                standing[option.size] += option.capacity_kt
            elif option.module_of:
                lines[option.module_of] += option.capacity_kt
            else:
                new[option.size] = option.capacity_kt
                if self.is_landfill(plant):
                    new[option.size] *= sum(option.may_open[: t + 1])
        there = sum(standing.values())
        if self.is_landfill(plant):
            return there + sum(new.values())
        grown = [
            kt + sum(lines[size] for size in sorted({first, *standing} & lines.keys()))
            for first, kt in new.items()
        ]
        return there + max(grown)

    def capacity_share(self, plant: int, t: int) -> float:
        """What a plant's lines can take in practice, of what is planned with.  [-]"""
        return self.s.experience.capacity(self.s.plants[plant].id, self.s.spans[t].id)

    def lost_share(self, plant: int, t: int) -> float:
        """What a plant is sent in vain: turned away and lost to diversion.  [-]"""
        return self.s.experience.lost(self.s.plants[plant].id, self.s.spans[t].id)

    def outlet_limit_kt(self, plant: int) -> Floats:
        """What an outlet takes in each period; inf without a limit, 0 while closed."""
        outlet = self.s.scenario.outlet[self.s.plants[plant].id]
        limit = np.inf if outlet.limit_t_per_y is None else outlet.limit_t_per_y
        return np.array(
            [
                limit * KT_PER_T
                if outlet_works_in(self.s.scenario, outlet.id, span.id)
                else 0.0
                for span in self.s.spans
            ]
        )

    @cached_property
    def is_always_open(self) -> np.ndarray:
        """(plants, periods): outlets, and facilities that stand and may not close."""
        out = np.zeros((len(self.s.plants), self.s.n_periods), dtype=bool)
        for p, plant in enumerate(self.s.plants):
            if plant.technology == OUTLET:
                out[p] = True
            for o in self.options_of[p]:
                option = self.s.options[o]
                if option.facility and not option.may_close:
                    out[p] |= option.works[0]
        return out

    @cached_property
    def reach_kt(self) -> Floats:
        """(feeds, periods): the most of a commodity that can arrive.  [kt/y]

        Tonnages of all sources with an arc, carried through conversions, each capped
        by what the plant before could take.  Big-M values come from here.
        """
        feeds = self.s.feeds
        capacity = self.capacity_max_kt[feeds.plant]
        base = self._from_sources(len(feeds.plant))
        reach = np.minimum(base, capacity)
        made_by, sent_by, taken_by = self.conversions
        for _ in range(len(self.s.plants) + 1):  # conversions are acyclic
            made = np.zeros((len(self.outputs), self.s.n_periods))
            np.add.at(made, made_by, feeds.out_share[:, None] * reach[feeds.out_feed])
            more = base.copy()
            np.add.at(more, taken_by, made[sent_by])
            more = np.minimum(more, capacity)
            if (np.abs(more - reach) <= 1e-12 * (1 + np.abs(reach))).all():
                break
            reach = more
        return reach

    @cached_property
    def conversions(self) -> tuple[Ints, Ints, Ints]:
        """Output that each conversion adds to; output and feed of each later haul."""
        feeds, later = self.s.feeds, self.s.later
        number = {pair: i for i, pair in enumerate(self.outputs)}
        plants = feeds.plant[feeds.out_feed].tolist()
        pairs = zip(plants, feeds.out_commodity.tolist(), strict=True)
        made_by = np.array([number[pair] for pair in pairs], dtype=np.int64)
        sent = zip(later.tail.tolist(), later.commodity.tolist(), strict=True)
        sent_by = np.array([number.get(pair, -1) for pair in sent], dtype=np.int64)
        arcs = np.flatnonzero(sent_by >= 0)
        return made_by, sent_by[arcs], later.feed[arcs]

    def _from_sources(self, n: int) -> Floats:
        """(feeds, periods): what can come straight from generators.  [kt/y]

        Of one stream under several regimes, the most: they exclude each other.
        """
        first, sources = self.s.first, self.s.sources
        base = np.zeros((n, self.s.n_periods))
        which, feed = self.arrivals
        if len(feed) == len(which):
            np.add.at(base, first.feed, sources.collected_kt[first.tail])
            return base
        most = np.zeros((len(feed), self.s.n_periods))
        np.maximum.at(most, which, sources.collected_kt[first.tail])
        np.add.at(base, feed, most)
        return base

    @cached_property
    def arrivals(self) -> tuple[Ints, Ints]:
        """First hauls of one stream to one feed: group of each haul, feed of each."""
        first, sources = self.s.first, self.s.sources
        key = first.feed * (int(sources.twin.max(initial=0)) + 1)
        key = key + sources.twin[first.tail]
        found, which = np.unique(key, return_inverse=True)
        feed = np.zeros(len(found), dtype=np.int64)
        feed[which] = first.feed
        return which, feed

    @cached_property
    def outputs(self) -> list[tuple[int, int]]:
        """(plant, commodity) pairs that can leave a plant, in a fixed order."""
        feeds = self.s.feeds
        plants = feeds.plant[feeds.out_feed]
        pairs = zip(plants, feeds.out_commodity, strict=True)
        return sorted({(int(p), int(c)) for p, c in pairs})

    @cached_property
    def sludge_share(self) -> dict[int, float]:
        """Feed of an effluent plant -> solid output per input.  [kt/kt]"""
        feeds, plants = self.s.feeds, self.s.plants
        found: dict[int, float] = defaultdict(float)
        for f, share in zip(feeds.out_feed, feeds.out_share, strict=True):
            if plants[feeds.plant[f]].kind == "effluent":
                found[int(f)] += float(share)
        return dict(found)

    @cached_property
    def discounted_years(self) -> Floats:
        """(commodities, periods): sum of discount x year over last year.  [-]"""
        return np.array(
            [
                [
                    float(s.discount @ r)
                    for s, r in zip(self.s.spans, c.ratio, strict=True)
                ]
                for c in self.s.commodities
            ]
        ).reshape(len(self.s.commodities), self.s.n_periods)

    @cached_property
    def years_of_commodity(self) -> Floats:
        """(commodities, periods): tonnes of all years over the last year's.  [-]"""
        return np.array(
            [[float(r.sum()) for r in c.ratio] for c in self.s.commodities]
        ).reshape(len(self.s.commodities), self.s.n_periods)

    def emissions(self, t: int, *, credits: bool) -> Floats:
        """(feeds,): emissions inside the boundary, with or without credits.  [kt/kt]

        What outlets beyond the boundary emit is no direct emission.

        Raises
        ------
        WasteplanError
            If one is unknown: a cap needs the carbon of all that may be treated.
        """
        feeds = self.s.feeds
        kinds = [self.s.plants[p].technology for p in feeds.plant]
        inside = np.array([kind != OUTLET for kind in kinds], dtype=bool)
        direct = feeds.emissions[:, t] * np.where(inside | credits, 1.0, 0.0)
        out = direct + (feeds.credits[:, t] if credits else 0.0)
        for f in np.flatnonzero(np.isnan(out)):
            commodity = self.s.commodities[feeds.commodity[f]]
            streams = sorted({self.s.origins[o].stream for o in commodity.origins})
            name = f"{', '.join(streams)} ({commodity.product})"
            raise WasteplanError(
                f"an emission target needs the carbon of {name}, which is unknown: "
                "give the properties of its fractions"
            )
        return np.asarray(out)

    def emissions_total(self, *, credits: bool) -> Floats:
        """(feeds, periods): as `emissions`, all years.  [kt CO2e/(kt/y)]"""
        for t in self.periods:
            self.emissions(t, credits=credits)  # raises where carbon is unknown
        feeds = self.s.feeds
        kinds = [self.s.plants[p].technology for p in feeds.plant]
        inside = np.array([kind != OUTLET for kind in kinds], dtype=bool)
        direct = feeds.emissions_total * np.where(inside | credits, 1.0, 0.0)[:, None]
        return np.asarray(direct + (feeds.credits_total if credits else 0.0))

    def is_treatment(self, plant: int) -> bool:
        """Neither a centre nor an outlet."""
        return self.s.plants[plant].technology not in (CENTRE, OUTLET)
