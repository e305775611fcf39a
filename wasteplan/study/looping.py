"""Closing the loop: plan, simulate, learn, and plan again until both agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.running import Progress
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.sim.progress import SimulationProgress
from wasteplan.sim.result import SimulationResult
from wasteplan.sim.simulating import simulate
from wasteplan.spreading import Mapper
from wasteplan.study.as_it_ran import cost_as_it_ran
from wasteplan.study.loop_experience import (
    PlantFound,
    expected,
    found_by,
    learnt,
    overloaded,
)
from wasteplan.study.loop_first_guess import first_guess
from wasteplan.study.loop_planning import Known, Planner, TargetPeriod
from wasteplan.study.loop_result import LoopResult, Round, best_of, digest
from wasteplan.study.loop_targets import (
    asked_on_top,
    floors,
    targets_in_practice,
    told_apart,
)
from wasteplan.study.provenance import Options
from wasteplan.superstructure.experience import PlantPeriod

ROOM = 0.999
"""Left below a limit that a real blend exceeded."""


@dataclass
class LoopWatch:
    """Who is told what the loop is doing."""

    on_step: Callable[[str], None] = lambda step: None
    on_progress: Callable[[Progress], None] | None = None
    on_simulated: Callable[[SimulationProgress], None] | None = None
    workers: int = 1
    mapper: Mapper | None = None


@dataclass
class Loop:
    """The state of the loop between two rounds."""

    scenario: Scenario
    options: Options
    watch: LoopWatch
    planner: Planner = field(init=False)
    guess: dict[str, tuple[float, float]] = field(init=False)
    rounds: list[Round] = field(default_factory=list)
    on_top: dict[TargetPeriod, float] = field(default_factory=dict)
    """What missed targets are asked for besides, as plans gain in part.  [-]"""
    known: Known = field(default_factory=Known)
    """What is planned with next."""
    seen: dict[PlantPeriod, PlantFound] = field(default_factory=dict)
    room: dict[PlantPeriod, float] = field(default_factory=dict)
    """Share of capacity to plan with, where real blends exceeded it."""
    is_strict: bool = False
    """Whether plans came back, so that from now on nothing learnt is forgotten."""
    stopped_plan: Plan | None = None
    """The first plan, if its simulation was stopped."""
    cycle: int = 0
    clash: str = ""
    """Why there is no plan any more."""

    def __post_init__(self) -> None:
        """Begin with nothing but closed forms."""
        self.planner = Planner(self.scenario, self.options, self.watch.on_progress)
        self.guess = first_guess(self.scenario)

    def run(self) -> str:
        """Go round until an ending (a key of `ENDINGS`)."""
        for number in range(1, self.scenario.settings.loop.rounds_max + 1):
            try:
                plan = self._planned(number)
            except NoAnswer as nothing:
                if number == 1:
                    raise
                self.clash = str(nothing)
                return "nothing"
            except (StoppedWithoutPlan, KeyboardInterrupt) as error:
                if number == 1:
                    raise
                is_time = isinstance(error, StoppedWithoutPlan)
                return "time" if is_time and "Ctrl-C" not in str(error) else "stopped"
            is_cut = plan.proof is not None and plan.proof.status == "interrupted"
            if is_cut and number > 1:
                return "stopped"
            since = self._since(plan)
            if since > 1:
                self.cycle = since
                return "cycle"
            try:
                self._simulated(number, plan, is_known=since == 1)
            except KeyboardInterrupt:
                self.stopped_plan = plan
                return "stopped"
            if self._is_settled():
                return "short" if self.planner.gave_way else "closed"
            if since == 1:
                return "unchanged"
            if is_cut:
                return "stopped"
            self._learn()
        return "rounds"

    def _planned(self, number: int) -> Plan:
        """The plan of a round; of a cycle that is left, if it can be."""
        self.watch.on_step(f"round {number}: solve")
        if number == 1:
            return self.planner.first()
        last = self.rounds[-1].plan
        floor = floors(self.rounds[-1].targets)
        plan = self.planner.again(last, self.known, floor)
        since = self._since(plan)
        if since <= 1 or self.is_strict:
            return plan
        # Plans that come back forget what others taught: keep all since, and go on
        self.is_strict, self.cycle = True, since
        for passed in self.rounds[1 - since :]:
            self.known = self.known.joined(passed.known)
        return self.planner.again(last, self.known, floor)

    def _since(self, plan: Plan) -> int:
        """Rounds since this very plan was there; 0 if it is new."""
        name = digest(plan)
        for back, before in enumerate(reversed(self.rounds), start=1):
            if digest(before.plan) == name:
                return back
        return 0

    def _learn(self) -> None:
        """What to plan the next round with."""
        last = self.rounds[-1]
        self.seen |= {(p.plant, p.period): p for p in last.found.plants}
        for key, share in overloaded(last.evaluation).items():
            self.room[key] = share * ROOM * last.experience.capacity(*key)
        apart = told_apart(last.evaluation, last.found, last.targets)
        before = {t.key: t for t in self.rounds[-2].targets} if self.rounds[1:] else {}
        self.on_top = {
            t.key: asked_on_top(t, before[t.key], self.on_top.get(t.key, 0.0))
            for t in last.targets
            if t.key in before
        }
        apart = {key: lost + self.on_top.get(key, 0.0) for key, lost in apart.items()}
        kept = self.known if self.is_strict else None
        self.known = Known(
            *(
                learnt(
                    self.scenario, self.guess, self.seen, last.found, apart, in_full=x
                ).limited(self.room)
                for x in (False, True)
            )
        ).joined(kept)

    def _simulated(self, number: int, plan: Plan, *, is_known: bool) -> None:
        """Evaluate and simulate a plan: one more round.

        The plan of the round before would run as it did: it is not simulated again.
        """
        evaluation = evaluate(self.scenario, plan)
        if is_known:
            simulation = self.rounds[-1].simulation
        else:
            self.watch.on_step(f"round {number}: simulate")
            simulation = self._simulation(plan)
        found = found_by(evaluation, simulation)
        told = targets_in_practice(
            self.scenario, plan, evaluation, found, simulation, self.tolerance
        )
        self.rounds.append(
            Round(
                number,
                plan,
                evaluation,
                simulation,
                self.known,
                self.planner.used,
                found,
                told,
                cost_as_it_ran(self.scenario, plan, found, simulation),
                self.planner.gave_way,
            )
        )

    def _simulation(self, plan: Plan) -> SimulationResult:
        return simulate(
            self.scenario,
            plan,
            replications=self.options.replications,
            seed=self.options.seed,
            workers=self.watch.workers,
            mapper=self.watch.mapper,
            days=self.options.days,
            progress=self.watch.on_simulated,
        )

    @property
    def tolerance(self) -> float:
        """By how much rates may differ and still agree.  [-]"""
        return self.scenario.settings.loop.tolerance

    def _is_settled(self) -> bool:
        """The last plan keeps its targets in simulation, and runs as was expected."""
        last = self.rounds[-1]
        way = {(g.target, g.period): g.share for g in last.gave_way}
        if not all(t.is_met_but_for(way.get(t.key, 0.0)) for t in last.targets):
            return False
        if overloaded(last.evaluation):
            return False
        for period in last.found.margin:
            mean, half = last.simulated(period)
            off = mean - expected(last.evaluation, last.experience, period)
            allowed = self.tolerance if math.isnan(half) else max(self.tolerance, half)
            is_safe = self.is_strict and off > 0
            if not (math.isnan(mean) or abs(off) <= allowed or is_safe):
                return False
        return True


def close_loop(
    scenario: Scenario,
    options: Options | None = None,
    watch: LoopWatch | None = None,
) -> LoopResult | Plan:
    """Plan, simulate, learn from it, plan again, until plan and simulation agree.

    Round 1 is the plan that a run without the loop gives.  After each round, plants are
    planned with what the simulation found of them (`found_by`) and, where none has been
    simulated yet, with a closed form (`first_guess`); every target is moved by what its
    own waste lost besides, so that planner and simulation agree on the last plan.
    Builds change only where that is worth it (`Planner`).  The loop ends when every
    diversion target is met in simulation and every simulated diversion is what the
    planner expected, within `[loop] tolerance` or the half-width of its interval; when
    plans come back in spite of all that they taught; after `[loop] rounds_max` rounds.
    All rounds share their chance.

    Parameters
    ----------
    options
        Of the solves and simulations; the scenario's settings by default.

    Returns
    -------
    LoopResult or Plan
        All rounds and the best simulated plan; only the first plan if Ctrl-C came
        before it was simulated.

    Raises
    ------
    NoAnswer, StoppedWithoutPlan
        There is no first plan.
    """
    loop = Loop(scenario, options or Options(), watch or LoopWatch())
    ending = loop.run()
    if not loop.rounds:
        assert loop.stopped_plan is not None
        return loop.stopped_plan
    rounds = tuple(loop.rounds)
    ways = loop.planner.gave_way
    return LoopResult(rounds, best_of(rounds), ending, loop.cycle, ways, loop.clash)
