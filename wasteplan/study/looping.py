"""Closing the loop: plan, simulate, learn, and plan again until both agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.running import Progress
from wasteplan.optimize.solving import solve
from wasteplan.plan.files import in_order
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.sim.progress import SimulationProgress
from wasteplan.sim.simulating import simulate
from wasteplan.study.as_it_ran import cost_as_it_ran
from wasteplan.study.loop_experience import (
    PlantFound,
    expected,
    found_by,
    learnt,
    overloaded,
)
from wasteplan.study.loop_first_guess import first_guess
from wasteplan.study.loop_result import (
    LoopResult,
    Round,
    best_of,
    digest,
    targets_in_practice,
)
from wasteplan.study.provenance import Options
from wasteplan.superstructure.experience import (
    NO_EXPERIENCE,
    Experience,
    PlantPeriod,
)

EASED = (1.0, 0.5, 0.25, 0.0)
"""Shares of the losses known that are planned with, if more leaves no plan."""
ROOM = 0.999
"""Left below a limit that a real blend exceeded."""
LEARNT = (
    "Planned with what simulations of earlier plans found: the bound is that of plans "
    "which reckon with it too."
)


@dataclass
class LoopWatch:
    """Who is told what the loop is doing."""

    on_step: Callable[[str], None] = lambda step: None
    on_progress: Callable[[Progress], None] | None = None
    on_simulated: Callable[[SimulationProgress], None] | None = None
    workers: int = 1


@dataclass
class Loop:
    """The state of the loop between two rounds."""

    scenario: Scenario
    options: Options
    watch: LoopWatch
    rounds: list[Round] = field(default_factory=list)
    experience: Experience = NO_EXPERIENCE
    seen: dict[PlantPeriod, PlantFound] = field(default_factory=dict)
    room: dict[PlantPeriod, float] = field(default_factory=dict)
    """Share of capacity to plan with, where real blends exceeded it."""
    missed: dict[tuple[str, str], float] = field(default_factory=dict)
    """By how much later rounds missed a target, added up; by target and period. [-]"""
    stopped_plan: Plan | None = None
    """The first plan, if its simulation was stopped."""
    cycle: int = 0

    def run(self) -> str:
        """Go round until an ending (a key of `ENDINGS`)."""
        guess = first_guess(self.scenario)
        digests: list[str] = []
        for number in range(1, self.scenario.settings.loop.rounds_max + 1):
            try:
                plan, eased = self._solved(number)
            except NoAnswer:
                if number == 1:
                    raise
                return "nothing"
            except (StoppedWithoutPlan, KeyboardInterrupt) as error:
                if number == 1:
                    raise
                is_time = isinstance(error, StoppedWithoutPlan)
                return "time" if is_time and "Ctrl-C" not in str(error) else "stopped"
            is_cut = plan.proof is not None and plan.proof.status == "interrupted"
            if is_cut and number > 1:
                return "stopped"
            name = digest(plan)
            if name in digests:
                self.cycle = len(digests) - digests.index(name)
                return "unchanged" if self.cycle == 1 else "cycle"
            digests.append(name)
            try:
                self._simulated(number, plan, eased)
            except KeyboardInterrupt:
                self.stopped_plan = plan
                return "stopped"
            if self._is_settled():
                return "closed"
            if is_cut:
                return "stopped"
            last = self.rounds[-1].found
            self.seen |= {(p.plant, p.period): p for p in last.plants}
            self._leave_room()
            known = learnt(self.scenario, guess, self.seen, last)
            self.experience = replace(
                known.limited(self.room), target_margin=dict(self.missed)
            )
        return "rounds"

    def _leave_room(self) -> None:
        """Leave room where real blends were too much, or targets are missed again."""
        for key, share in overloaded(self.rounds[-1].evaluation).items():
            self.room[key] = share * ROOM * self.experience.capacity(*key)
        for key, shortfall in self._missed_again().items():
            self.missed[key] = self.missed.get(key, 0.0) + shortfall

    def _missed_again(self) -> dict[tuple[str, str], float]:
        """Shortfalls of targets missed by the last two rounds.  [-]

        The first round knew nothing and the second corrects it; only what newer losses
        did not mend either is made up for by a tighter target.
        """
        if len(self.rounds) < 3:
            return {}
        last, before = (
            {(t.target.id, t.period): t.shortfall for t in r.targets if not t.is_met}
            for r in (self.rounds[-1], self.rounds[-2])
        )
        return {key: s for key, s in last.items() if key in before}

    def _solved(self, number: int) -> tuple[Plan, float]:
        """The plan of a round, and the share of the losses known it reckons with."""
        self.watch.on_step(f"round {number}: solve")
        if number == 1:
            return self._solve(self.experience, explains=True), 1.0
        for eased in EASED:
            known = self.experience.scaled(eased)
            try:
                plan = self._solve(known, explains=False)
            except NoAnswer:
                continue
            self.experience = known
            return plan, eased
        raise NoAnswer("no plan meets the requirements with what was learnt")

    def _solve(self, experience: Experience, *, explains: bool) -> Plan:
        chosen = self.scenario.settings.loop
        later_s = chosen.time_limit_s if self.rounds else None
        limit_s = self.options.time_limit_s
        plan = solve(
            self.scenario,
            gap=self.options.gap,
            time_limit_s=later_s if limit_s is None else limit_s,
            threads=self.options.threads,
            progress=self.watch.on_progress,
            experience=experience,
            incumbent=self.rounds[-1].plan if self.rounds else None,
            explains=explains,
        )
        if self.rounds and plan.proof is not None:
            note = plan.proof.note.rstrip(". ")
            note = f"{note}. {LEARNT}" if note else LEARNT
            proof = plan.proof.model_copy(update={"note": note})
            plan = plan.model_copy(update={"proof": proof})
        return in_order(plan)

    def _simulated(self, number: int, plan: Plan, eased: float) -> None:
        """Evaluate and simulate a plan: one more round."""
        evaluation = evaluate(self.scenario, plan)
        self.watch.on_step(f"round {number}: simulate")
        simulation = simulate(
            self.scenario,
            plan,
            replications=self.options.replications,
            seed=self.options.seed,
            workers=self.watch.workers,
            days=self.options.days,
            progress=self.watch.on_simulated,
        )
        found = found_by(evaluation, simulation)
        self.rounds.append(
            Round(
                number,
                plan,
                evaluation,
                simulation,
                self.experience,
                found,
                targets_in_practice(
                    self.scenario,
                    plan,
                    evaluation,
                    found,
                    simulation,
                    self.tolerance,
                ),
                cost_as_it_ran(self.scenario, plan, found, simulation),
                eased,
            )
        )

    @property
    def tolerance(self) -> float:
        """By how much rates may differ and still agree.  [-]"""
        return self.scenario.settings.loop.tolerance

    def _is_settled(self) -> bool:
        """The last plan meets its targets in simulation, and runs as was expected."""
        last = self.rounds[-1]
        if last.n_met < len(last.targets) or overloaded(last.evaluation):
            return False
        for period in last.found.margin:
            mean, half = last.simulated(period)
            hoped = expected(last.evaluation, last.experience, period)
            allowed = self.tolerance if math.isnan(half) else max(self.tolerance, half)
            if not (math.isnan(mean) or abs(mean - hoped) <= allowed):
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
    simulated yet, with a closed form (`first_guess`).  The loop ends when every
    diversion target is met in simulation and every simulated diversion is what the
    planner expected, within `[loop] tolerance` or the half-width of its interval; when
    a plan repeats; after `[loop] rounds_max` rounds.  All rounds share their chance.

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
    return LoopResult(rounds, best_of(rounds), ending, loop.cycle)
