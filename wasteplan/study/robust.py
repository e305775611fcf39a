"""Robust siting: the plan that is best over samples, and what it buys.

Every sample is solved alone (spread over processes, kept and continued), then all of
them together; the plan for central values is followed through the same samples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wasteplan.errors import NoAnswer, StoppedWithoutPlan
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.first_stage import decided
from wasteplan.optimize.following import Followed
from wasteplan.optimize.handover import problem
from wasteplan.optimize.hedging import Hedged
from wasteplan.optimize.own import Own
from wasteplan.optimize.reading import discounted_tonnes
from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.risk import Risk
from wasteplan.optimize.running import Progress, Stop
from wasteplan.optimize.solving import solve
from wasteplan.optimize.two_stage import (
    OwnBest,
    TwoStage,
    follow_all,
    own_best,
    sampled,
    two_stage,
)
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.sampled import sample_of
from wasteplan.scenario.sampling import Samples
from wasteplan.spreading import Mapper
from wasteplan.study.ensemble import run_all
from wasteplan.study.keeping import fingerprint
from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.model import Floats

TIMES_AVERAGE = 10.0
"""A missed tonne costs so many times what a tonne costs on average, if not stated."""
TIMES_MONEY = 10.0
"""A unit of money over a budget counts so many times."""


@dataclass(frozen=True)
class Futures:
    """Samples of a scenario, each made when it is asked for."""

    scenario: Scenario
    samples: Samples

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, i: int) -> Scenario:
        if not 0 <= i < len(self):
            raise IndexError(i)
        return sample_of(self.scenario, self.samples, i)


@dataclass(frozen=True)
class Search:
    """How each search is stopped, and where the samples are worked on."""

    stop: Stop
    workers: int = 1
    mapper: Mapper | None = None
    """Another place to work on samples than processes of this machine."""
    keep: Path | None = None
    """A file that keeps what each sample's search has found, to continue from."""
    on_step: Callable[[str], None] = lambda _: None
    on_progress: Callable[[Progress], None] | None = None
    on_sample: Callable[[int, int], None] | None = None


@dataclass(frozen=True)
class Robust:
    """A plan made for many samples beside the one made for central values."""

    scenario: Scenario
    risk: Risk
    recourse: Recourse
    chances: Floats
    central: Plan
    """The plan for central values, as `solve` finds it."""
    at_central: tuple[Followed, ...]
    """Its builds, followed in each sample."""
    own: tuple[OwnBest, ...]
    """The best plan for each sample alone; those of further samples come last."""
    found: TwoStage
    plan: Plan
    """The robust plan, run under central values."""
    violations: tuple[str, ...]
    """What the robust plan misses under central values, by the evaluation."""

    @property
    def n_samples(self) -> int:
        """Samples that the robust plan was made for."""
        return len(self.chances)

    @property
    def own_totals(self) -> Floats:
        """(samples,): cost of the best plan for each sample alone.  [M money]"""
        return np.array([o.total for o in self.own[: self.n_samples]])

    @property
    def central_totals(self) -> Floats:
        """(samples,): cost of the plan for central values.  [M money]"""
        return np.array([f.total for f in self.at_central])


def prices_of_misses(
    scenario: Scenario, central: Plan, per_t: float | None = None
) -> Recourse:
    """Prices of misses: as stated, or ten times what a tonne costs on average.

    Parameters
    ----------
    scenario, central
        The case and its plan; gross cost over discounted tonnes is the average.
    per_t
        Price of a tonne that misses a target; waste without a place costs at least
        the average tenfold.  [money/t]
    """
    assert central.proof is not None
    average = central.proof.gross_cost / discounted_tonnes(superstructure(scenario))
    usual = TIMES_AVERAGE * average
    asked = usual if per_t is None else per_t
    return Recourse(asked, max(asked, usual), TIMES_MONEY)


def robust(
    scenario: Scenario,
    futures: Futures | Sequence[Scenario],
    risk: Risk,
    search: Search,
    *,
    per_t: float | None = None,
    more: Futures | Sequence[Scenario] = (),
    chances: Floats | None = None,
) -> Robust:
    """Plan over samples of a scenario.

    Parameters
    ----------
    scenario
        The case, with central values.
    futures
        Samples that the plan is made for.
    risk
        What is made least.
    search
        Limits of each search, processes, where to keep what is found.
    per_t
        See `prices_of_misses`.  [money/t]
    more
        Further samples, only solved alone, to count where they build.
    chances
        (samples,): alike if not given.  [-]

    Raises
    ------
    NoAnswer
        No plan for central values, or none keeps a limit on chance.
    Stopped
        Ctrl-C while samples are solved alone; later it keeps the best plan so far.
    """
    search.on_step("the plan for central values")
    central = _planned(scenario, search, "central")
    prices = prices_of_misses(scenario, central, per_t)
    at_centre = _went_on(own_best(scenario, prices, search.stop, incumbent=central))
    own = _each_alone(scenario, futures, more, prices, search)
    cases = [futures[i] for i in range(len(futures))]
    search.on_step("all samples together")
    found = two_stage(
        cases,
        prices,
        risk,
        search.stop,
        chances=chances,
        own=own[: len(cases)],
        candidates=[at_centre.decisions, *(o.decisions for o in own[len(cases) :])],
        progress=search.on_progress,
    )
    search.on_step("what it buys")
    [at_central] = follow_all(
        [problem(sampled(case, prices)) for case in cases], [at_centre.decisions]
    )
    plan = under_central_values(scenario, found, prices, search)
    fares = (tuple(at_central), tuple(own), found)
    return Robust(scenario, risk, prices, found.chances, central, *fares, *plan)


def _planned(
    scenario: Scenario, search: Search, name: str, own: Sequence[Own] = ()
) -> Plan:
    plan = solve(
        scenario,
        gap=search.stop.gap_of_gross,
        time_limit_s=search.stop.time_limit_s,
        threads=search.stop.threads,
        progress=search.on_progress,
        name=name,
        explains=not own,
        own=own,
    )
    if not own and _was_stopped(plan):
        raise KeyboardInterrupt
    return plan


def _was_stopped(plan: Plan) -> bool:
    """Whether a search was stopped by hand: the solver swallows Ctrl-C."""
    return plan.proof is not None and plan.proof.status == "interrupted"


def under_central_values(
    scenario: Scenario, found: TwoStage | Hedged, prices: Recourse, search: Search
) -> tuple[Plan, tuple[str, ...]]:
    """The robust decisions with the best flows for central values.

    Returns
    -------
    Plan, tuple of str
        And what it misses there; then its flows are those that miss least, by price.
    """
    values = dict(zip(found.names, found.decisions.tolist(), strict=True))
    try:
        plan = _planned(scenario, search, "robust", [decided(values)])
    except (NoAnswer, StoppedWithoutPlan):
        plan = own_best(scenario, prices, search.stop, decisions=values).plan
    missed = evaluate(scenario, plan, compare=False, headlines=False).violations
    return plan, tuple(map(str, missed))


def _each_alone(
    scenario: Scenario,
    futures: Futures | Sequence[Scenario],
    more: Futures | Sequence[Scenario],
    prices: Recourse,
    search: Search,
) -> list[OwnBest]:
    """The best plan for each sample, over processes."""
    search.on_step(f"{len(futures) + len(more)} samples, each alone")
    shared = (futures, more, prices, search.stop)
    documents = run_all(
        alone,
        list(range(len(futures) + len(more))),
        shared=shared,
        workers=search.workers,
        mapper=search.mapper,
        keep=search.keep,
        inputs=fingerprint(
            scenario,
            _mark_of(futures),
            _mark_of(more),
            [prices.per_t, prices.per_t_left, prices.per_money],
            [search.stop.gap_of_gross, search.stop.time_limit_s, search.stop.threads],
        ),
        progress=search.on_sample,
    )
    return [_from_document(document) for document in documents]


def _mark_of(futures: Futures | Sequence[Scenario]) -> Any:
    if isinstance(futures, Futures):
        return [list(futures.samples.names), futures.samples.quantiles.tolist()]
    return [fingerprint(case) for case in futures]


def alone(
    shared: tuple[
        Futures | Sequence[Scenario], Futures | Sequence[Scenario], Recourse, Stop
    ],
    i: int,
) -> dict[str, Any]:
    """The best plan for one sample, as plain values.

    Raises
    ------
    KeyboardInterrupt
        Its search was stopped by hand.
    """
    futures, more, prices, stop = shared
    n = len(futures)
    found = _went_on(own_best(futures[i] if i < n else more[i - n], prices, stop))
    return {
        "names": list(found.names),
        "decisions": found.decisions.tolist(),
        "total": found.total,
        "bound": found.bound,
        "gross": found.gross,
        "plan": found.plan.model_dump(mode="json", exclude={"routes", "proof"}),
    }


def _went_on(found: OwnBest) -> OwnBest:
    """A search that was not stopped by hand."""
    if _was_stopped(found.plan):
        raise KeyboardInterrupt
    return found


def _from_document(document: dict[str, Any]) -> OwnBest:
    bound = document["bound"]
    return OwnBest(
        tuple(document["names"]),
        np.array(document["decisions"], dtype=float),
        float(document["total"]),
        -np.inf if bound is None else float(bound),
        float(document["gross"]),
        Plan.model_validate({**document["plan"], "routes": ()}),
    )
