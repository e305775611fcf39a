"""What closing the loop between plan and simulation has given, round by round."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.files import plan_text
from wasteplan.plan.records import Plan
from wasteplan.sim.result import SimulationResult
from wasteplan.sim.statistics import Interval, interval
from wasteplan.study.loop_experience import DIVERSION, Found, expected
from wasteplan.study.loop_planning import GaveWay, Known, decided
from wasteplan.study.loop_targets import TargetInPractice
from wasteplan.superstructure.experience import Experience

SHARE_DIGITS = 4  # of routes, when plans are told apart
LOOP_COLUMNS = {
    "round": "number of the round, from 1",
    "period": "period id",
    "planned": "diversion of the plan on paper [-]",
    "expected": "diversion the planner reckoned with, knowing earlier rounds [-]",
    "simulated": "mean of the simulation [-]",
    "simulated_low": "lower end of the 95 % interval [-]",
    "simulated_high": "upper end of the 95 % interval [-]",
    "turned_away_t_per_y": "at the first gate, simulated [t/y]",
    "targets_met": "diversion targets not missed, by the mean at most the tolerance",
    "targets_told_met": "of which the whole 95 % interval is beyond the limit",
    "targets_told_missed": "of which the whole 95 % interval is short of the limit",
    "targets": "diversion targets of the period",
    "cost": "present value of the plan, all periods [money]",
    "cost_in_practice": "with the consequences of what is turned away [money]",
    "changes": "openings and closings other than in the round before",
    "gave_way": "most by which a target gave way, as no plan known meets all [-]",
    "is_kept": "whether this round's plan is the answer",
    "plan": "digest of what is built and sent where",
}
GAIN_COLUMNS = {
    "id": "simulated indicator",
    "period": "period id",
    "gain": "kept round less the first, mean over replications",
    "half_width": "of the 95 % interval of the paired differences",
    "low": "lower end",
    "high": "upper end",
    "n": "pairs",
}
GAINS = (DIVERSION, "turned_away_t", "landfilled_t", "untreated_t")
ENDINGS = {
    "closed": "plan and simulation agree, and no target is missed",
    "short": "plan and simulation agree, but not all targets can be met",
    "unchanged": "what was learnt changes the plan no more",
    "cycle": "the plans repeat in a cycle",
    "rounds": "the rounds allowed are used up",
    "stopped": "stopped by hand",
    "time": "no plan was found within the time limit",
    "nothing": "no plan meets the requirements with what was learnt",
}


@dataclass(frozen=True)
class Round:
    """One plan, solved and simulated."""

    number: int
    plan: Plan
    evaluation: Evaluation
    simulation: SimulationResult
    known: Known
    """What had been learnt."""
    experience: Experience
    """What of it the planner was told."""
    found: Found
    """What the simulation then found."""
    targets: tuple[TargetInPractice, ...]
    cost_in_practice: float | None
    gave_way: tuple[GaveWay, ...] = ()
    """Targets that no plan known meets together, loosened."""

    @property
    def n_met(self) -> int:
        """Targets met in the simulation."""
        return sum(t.is_met for t in self.targets)

    @property
    def shortfall(self) -> float:
        """By how much the targets not met are missed, summed.  [-]"""
        return sum(t.shortfall for t in self.targets if not t.is_met)

    @property
    def cost(self) -> float:
        """With consequences where they are known.  [money, present value]"""
        planned = self.evaluation.cost_present_value
        return planned if self.cost_in_practice is None else self.cost_in_practice

    @property
    def n_told_met(self) -> int:
        """Targets met with the whole interval."""
        return sum(t.told == "met" for t in self.targets)

    @property
    def n_told_missed(self) -> int:
        """Targets missed with the whole interval."""
        return sum(t.told == "missed" for t in self.targets)

    def simulated(self, period: str) -> tuple[float, float]:
        """Mean and half-width of the simulated diversion of a period.  [-]"""
        rows = self.simulation.kpis
        row = rows[(rows["id"] == DIVERSION) & (rows["period"] == period)].iloc[0]
        return float(row["mean"]), float(row["half_width"])

    def differs_by(self, period: str) -> float:
        """Simulated less what the planner expected.  [-]"""
        hoped = expected(self.evaluation, self.experience, period)
        return self.simulated(period)[0] - hoped


@dataclass(frozen=True)
class LoopResult:
    """All rounds, and the one whose plan is kept.

    The kept plan meets the most targets in the simulation and costs least, with
    consequences, among those that do (`best_of`).
    """

    rounds: tuple[Round, ...]
    kept: Round
    ending: str
    """A key of `ENDINGS`."""
    cycle: int = 0
    """Rounds after which plans came back, if they did."""
    gave_way: tuple[GaveWay, ...] = ()
    """Targets that no plan known meets, by the end."""
    clash: str = ""
    """What cannot be met any more with what was learnt, if there is no plan."""

    def table(self) -> pd.DataFrame:
        """One row per round and period (columns `LOOP_COLUMNS`)."""
        rows = [
            _row(r, before, period, is_kept=r is self.kept)
            for r, before in zip(self.rounds, (None, *self.rounds), strict=False)
            for period in dict.fromkeys(r.simulation.kpis["period"])
        ]
        return pd.DataFrame(rows, columns=list(LOOP_COLUMNS))

    def plants(self) -> pd.DataFrame:
        """What each round found at each plant, one row per round, period and plant."""
        rows = [
            {"round": r.number, **vars(p)}
            for r in self.rounds
            for p in sorted(r.found.plants, key=lambda p: (p.period, p.plant))
        ]
        return pd.DataFrame(rows)

    def gain(self, id: str = DIVERSION) -> dict[str, Interval]:
        """What the loop gained: kept round less the first, by period.

        Both share their chance, so the interval is that of paired differences.
        """
        first, kept = self.rounds[0].simulation, self.kept.simulation
        return paired(kept.samples, first.samples, id)

    def gain_table(self) -> pd.DataFrame:
        """What the loop gained, by indicator and period (`GAIN_COLUMNS`)."""
        rows = [
            (id, period, i.mean, i.half_width, i.low, i.high, i.n)
            for id in GAINS
            for period, i in self.gain(id).items()
        ]
        return pd.DataFrame(rows, columns=list(GAIN_COLUMNS))


def paired(
    one: pd.DataFrame, other: pd.DataFrame, id: str = DIVERSION
) -> dict[str, Interval]:
    """Interval of the differences of an indicator, replication by replication.

    Parameters
    ----------
    one, other
        Samples of two simulations with the same seed; columns id, period, replication,
        value.

    Returns
    -------
    dict
        By period: one less other, 95 %.
    """
    keys = ["period", "replication"]
    a, b = (t[t["id"] == id].set_index(keys)["value"] for t in (one, other))
    change = (a - b).dropna()
    return {
        period: interval(change.loc[[period]].tolist())
        for period in dict.fromkeys(change.index.get_level_values("period"))
    }


def digest(plan: Plan) -> str:
    """A name for what a plan does: builds, closures, routes to 0.01 %.

    Equal for plans that differ by rounding of the solver or by their proof.
    """
    routes = tuple(
        r.model_copy(update={"share": round(r.share, SHARE_DIGITS)})
        for r in plan.routes
        if round(r.share, SHARE_DIGITS) > 0
    )
    same = {"routes": routes, "proof": None, "name": "", "description": ""}
    text = plan_text(plan.model_copy(update=same))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def best_of(rounds: Sequence[Round]) -> Round:
    """The round that meets most targets in the simulation, then costs least.

    Among those with as many, one that breaks less of the scenario on paper goes first,
    and nearness to targets missed counts before cost: dumping is cheap.
    """
    return min(
        rounds,
        key=lambda r: (
            -r.n_met,
            len(r.evaluation.violations),
            r.shortfall,
            r.cost,
            r.number,
        ),
    )


def changes(r: Round, before: Round | None) -> int:
    """Openings and closings of a round other than those of the one before."""
    if before is None:
        return 0
    return len(decided(r.plan) ^ decided(before.plan))


def _row(
    r: Round, before: Round | None, period: str, *, is_kept: bool
) -> dict[str, object]:
    mean, half = r.simulated(period)
    mine = [t for t in r.targets if t.period == period]
    return {
        "round": r.number,
        "period": period,
        "planned": r.evaluation.kpi(DIVERSION, period),
        "expected": expected(r.evaluation, r.experience, period),
        "simulated": mean,
        "simulated_low": mean - half,
        "simulated_high": mean + half,
        "turned_away_t_per_y": r.simulation.kpi("turned_away_t", period),
        "targets_met": sum(t.is_met for t in mine),
        "targets_told_met": sum(t.told == "met" for t in mine),
        "targets_told_missed": sum(t.told == "missed" for t in mine),
        "targets": len(mine),
        "cost": r.evaluation.cost_present_value,
        "cost_in_practice": r.cost_in_practice,
        "changes": changes(r, before),
        "gave_way": max((g.share for g in r.gave_way), default=0.0),
        "is_kept": is_kept,
        "plan": digest(r.plan),
    }
