"""Plan again and again: the same case with other targets, prices or tonnages.

    import wasteplan as wp

    planner = wp.planner(wp.load_scenario("scenarios/phnom-penh"))
    first = planner.solve()
    planner.update(targets={"diversion_phnom_penh_p4": 0.85})
    second = planner.solve()

The model stays with the solver and its numbers are changed there.  A search starts from
what earlier ones have shown: plans that still fit, and bounds that still hold.  Often
both together prove a plan within the gap, and no search is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from wasteplan.errors import WasteplanError
from wasteplan.optimize.live import Live, Updated
from wasteplan.optimize.own import Own
from wasteplan.optimize.resuming import Resuming
from wasteplan.optimize.running import Progress
from wasteplan.optimize.searching import Search
from wasteplan.optimize.solving import answer_of, solve, stop_of
from wasteplan.plan.records import Plan
from wasteplan.scenario.levels import wrong_level
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.experience import NO_EXPERIENCE, Experience

EVERYWHERE = "*"


class Planner:
    """A scenario that is planned more than once.

    Parameters
    ----------
    scenario
        A validated case.
    gap, time_limit_s, threads, progress, experience, own
        As for `solve`, of each search.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        gap: float | None = None,
        time_limit_s: float | None = None,
        threads: int | None = None,
        progress: Callable[[Progress], None] | None = None,
        experience: Experience = NO_EXPERIENCE,
        own: Sequence[Own] = (),
    ) -> None:
        self._scenario, self._first = scenario, scenario
        self._limits = (gap, time_limit_s, threads)
        self._progress, self._experience, self._own = progress, experience, tuple(own)
        self._resuming: Resuming | None = None

    @property
    def scenario(self) -> Scenario:
        """The case as it is now."""
        return self._scenario

    @property
    def live(self) -> Live:
        """The problem that the solver holds; built when first asked for."""
        return self._ready().live

    def _ready(self) -> Resuming:
        if self._resuming is None:
            live = Live(self._scenario, self._experience, self._own)
            self._resuming = Resuming(live)
        return self._resuming

    def update(
        self,
        *,
        targets: Mapping[str, float] | None = None,
        prices: Mapping[str, float] | None = None,
        demand: Mapping[str, float] | float | None = None,
    ) -> Updated:
        """Change numbers of the case as it is now.

        Parameters
        ----------
        targets
            Target id -> its new minimum or maximum, whichever it states.  [its unit]
        prices
            Item of `prices.csv` with one row, or outlet -> price.  [money per unit]
        demand
            Generator or stream -> factor on its tonnes, or one factor for all.  [-]

        Returns
        -------
        Updated
            Seconds, and whether the model was changed in place.

        Raises
        ------
        WasteplanError
            Unknown names or values that cannot be; nothing has changed then.
        """
        case, problems = self._scenario, list[str]()
        for change, how in ((targets, targeted), (prices, priced)):
            case = how(case, change or {}, problems)
        asked = {EVERYWHERE: demand} if isinstance(demand, int | float) else demand
        case = grown(case, asked or {}, problems)
        if problems:
            raise WasteplanError("; ".join(problems))
        return self.change(case)

    def change(self, scenario: Scenario) -> Updated:
        """Take another case: in place where only such numbers differ, else anew."""
        found = self._ready().live.change(scenario)
        self._scenario = scenario
        return found

    def solve(
        self,
        *,
        name: str = "solved",
        incumbent: Plan | None = None,
        explains: bool = True,
    ) -> Plan:
        """A plan for the case as it is now, within the gap, as `solve` would give.

        Parameters, exceptions and proof are those of `solve`.
        """
        gap, time_limit_s, threads = self._limits
        is_short_sighted = self._scenario.settings.solve.foresight != "perfect"
        if is_short_sighted and len(self._scenario.periods) > 1:
            return solve(
                self._scenario,
                gap=gap,
                time_limit_s=time_limit_s,
                threads=threads,
                progress=self._progress,
                name=name,
                experience=self._experience,
                incumbent=incumbent,
                explains=explains,
                own=self._own,
            )
        search = Search(
            stop_of(self._scenario, gap, time_limit_s, threads),
            self._progress,
            incumbent,
            explains,
            self._own,
            resuming=self._ready(),
        )
        return answer_of(self.live.parts.s, search, name)


def planner(
    scenario: Scenario,
    *,
    gap: float | None = None,
    time_limit_s: float | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    experience: Experience = NO_EXPERIENCE,
    own: Sequence[Own] = (),
) -> Planner:
    """A planner of a scenario, for many plans with other numbers (see `Planner`)."""
    return Planner(
        scenario,
        gap=gap,
        time_limit_s=time_limit_s,
        threads=threads,
        progress=progress,
        experience=experience,
        own=own,
    )


def targeted(
    scenario: Scenario, values: Mapping[str, float], problems: list[str]
) -> Scenario:
    """The same case with other levels of targets."""
    known = {t.id: t for t in scenario.targets}
    for name, value in values.items():
        target = known.get(name)
        if target is None:
            problems.append(f"no target '{name}'; there is: {', '.join(known)}")
        elif target.min is not None and target.max is not None:
            problems.append(f"target '{name}' has min and max: change the scenario")
        elif wrong := wrong_level(target.metric, value):
            problems.append(f"target '{name}', {target.metric}: {wrong}")
        else:
            side = "min" if target.min is not None else "max"
            known[name] = target.model_copy(update={side: float(value)})
    return replace(scenario, targets=tuple(known.values())) if values else scenario


def priced(
    scenario: Scenario, values: Mapping[str, float], problems: list[str]
) -> Scenario:
    """The same case with other prices of items and outlets."""
    items = [str(p.item) for p in scenario.prices]
    outlets = [o.id for o in scenario.outlets]
    for name, value in values.items():
        if name not in items and name not in outlets:
            there = ", ".join(dict.fromkeys((*items, *outlets)))
            problems.append(f"no price or outlet '{name}'; there is: {there}")
        elif items.count(name) > 1:
            problems.append(f"price '{name}' has several rows: change the scenario")
        elif not math.isfinite(value) or (name in items and value < 0):
            problems.append(f"price '{name}': {value} is no price")
    if not values or problems:
        return scenario
    return replace(
        scenario,
        prices=tuple(
            p.model_copy(update={"value": float(values[p.item])})
            if p.item in values
            else p
            for p in scenario.prices
        ),
        outlets=tuple(
            o.model_copy(update={"price_per_t": float(values[o.id])})
            if o.id in values
            else o
            for o in scenario.outlets
        ),
    )


def grown(
    scenario: Scenario, factors: Mapping[str, float], problems: list[str]
) -> Scenario:
    """The same case with more or less waste."""
    known = {g.generator for g in scenario.generation}
    known |= {g.stream for g in scenario.generation} | {EVERYWHERE}
    for name, factor in factors.items():
        if name not in known:
            problems.append(f"no generator or stream '{name}' with waste")
        if not math.isfinite(factor) or factor < 0:
            problems.append(f"demand of '{name}': {factor} is no factor")
    if not factors or problems:
        return scenario
    rows = tuple(
        g.model_copy(
            update={
                "waste_t_per_y": g.waste_t_per_y
                * math.prod(
                    factors.get(k, 1.0) for k in {g.generator, g.stream, EVERYWHERE}
                )
            }
        )
        for g in scenario.generation
    )
    return replace(scenario, generation=rows)
