"""What plans come to when the numbers are not known: samples, headlines, years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from wasteplan.distributions import Floats
from wasteplan.errors import WasteplanError
from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.sampling import Method, Samples, draw
from wasteplan.scenario.uncertain import UncertainNumber, uncertain_numbers
from wasteplan.study.ensemble import Way, run_all
from wasteplan.study.keeping import fingerprint, plain
from wasteplan.study.sample_outcome import (
    Asked,
    Question,
    labels_of,
    outcome,
    outcomes_of,
)

SIMULATED_ONLY = frozenset({"operations", "containers", "fleets", "depots"})
"""Tables of which an evaluation reads nothing."""

SAMPLES_MIN = 20  # fewer say little of a 5 % quantile


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Plans under samples of what is uncertain.

    Attributes
    ----------
    scenario, plans
        The case, and plans by name, the one asked about first.
    samples
        What was drawn.
    central
        Plan -> outcome with the numbers as they stand in the scenario.
    outcomes
        For each sample: plan -> outcome (see `sample_outcome.outcome`).
    """

    scenario: Scenario
    plans: Mapping[str, Plan]
    samples: Samples
    central: Mapping[str, Mapping[str, Any]]
    outcomes: Sequence[Mapping[str, Mapping[str, Any]]]
    asked: Asked = field(default_factory=Asked)
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Indicator -> what it is called, and its unit."""

    @property
    def plan(self) -> str:
        """The plan that was asked about."""
        return next(iter(self.plans))

    @cached_property
    def headlines(self) -> tuple[str, ...]:
        """Names of all headlines, those of the whole horizon first."""
        names = dict.fromkeys(
            name
            for plan in self.plans
            for name in self.central[plan].get("headlines", ())
        )
        return tuple(names)

    @cached_property
    def failed(self) -> dict[int, str]:
        """Samples that have no answer, and why: their numbers contradict each other."""
        found = {}
        for i, of_sample in enumerate(self.outcomes):
            said = [o["failed"] for o in of_sample.values() if "failed" in o]
            if said:
                found[i] = str(said[0])
        return found

    @cached_property
    def kept(self) -> list[int]:
        """Samples with an answer for every plan."""
        return [i for i in range(len(self.outcomes)) if i not in self.failed]

    def values(self, headline: str, plan: str = "") -> Floats:
        """A headline in every sample with an answer; NaN unknown.  Shape (kept,)."""
        name = plan or self.plan
        found = [self.outcomes[i][name]["headlines"].get(headline) for i in self.kept]
        return np.array([np.nan if v is None else v for v in found], dtype=float)

    def by_year(self, what: str, plan: str = "") -> Floats:
        """`cost` or `co2e_t` of every year.  Shape (kept, years)."""
        rows = [self.outcomes[i][plan or self.plan]["years"][what] for i in self.kept]
        return np.array(rows, dtype=float).reshape(len(rows), -1)

    def missed(self, plan: str = "") -> dict[str, int]:
        """Requirement -> in how many samples the plan misses it, often first."""
        counts: dict[str, int] = {}
        for i in self.kept:
            for name in self.outcomes[i][plan or self.plan]["missed"]:
                counts[name] = counts.get(name, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def quantiles(self) -> Floats:
        """As far as values tell them, with an answer.  Shape (kept, factors)."""
        return self.samples.known_quantiles[self.kept]


def numbers_asked(scenario: Scenario, asked: Asked) -> list[UncertainNumber]:
    """The uncertain numbers that what is asked can depend on.

    Raises
    ------
    WasteplanError
        If no number of the scenario has a range.
    """
    found = [
        number
        for number in uncertain_numbers(scenario)
        if asked.replications or number.table not in SIMULATED_ONLY
    ]
    if not found:
        raise WasteplanError(
            f"{scenario.name}: no number has a range; give low and high in the tables "
            "or lines in ranges.csv"
        )
    return found


def uncertainty(
    scenario: Scenario,
    plans: Mapping[str, Plan],
    *,
    samples: int = 200,
    seed: int = 1,
    method: Method = "latin_hypercube",
    asked: Asked | None = None,
    way: Way | None = None,
) -> Uncertainty:
    """Work out plans under samples of everything that has a range.

    The plans stay as they are: their shares, builds and closures.

    Parameters
    ----------
    scenario, plans
        The case, and plans of it by name, the one asked about first.
    samples, seed, method
        As for `scenario.sampling.draw`.
    asked
        What is worked out beside the evaluation.
    way
        On how many processes, kept where, who is told.

    Raises
    ------
    WasteplanError
        If nothing is uncertain, samples are fewer than 20, or none has an answer.
    Stopped
        After Ctrl-C.
    """
    wanted = asked or Asked()
    if samples < SAMPLES_MIN:
        raise WasteplanError(
            f"{samples} samples are too few to speak of chances; at least {SAMPLES_MIN}"
        )
    numbers = numbers_asked(scenario, wanted)
    drawn = draw(numbers, samples, seed, method)
    central = plain(outcomes_of(scenario, plans, wanted))
    for name, of_plan in central.items():
        if "failed" in of_plan:
            raise WasteplanError(f"plan '{name}': {of_plan['failed']}")
    outcomes = worked_out(scenario, plans, drawn, wanted, way or Way())
    labels = labels_of(scenario, next(iter(plans.values())))
    found = Uncertainty(scenario, plans, drawn, central, outcomes, wanted, labels)
    if not found.kept:
        raise WasteplanError(f"no sample has an answer: {found.failed[0]}")
    return found


def worked_out(
    scenario: Scenario,
    plans: Mapping[str, Plan],
    samples: Samples,
    asked: Asked,
    way: Way,
) -> list[dict[str, Any]]:
    """The outcome of every sample, in order."""
    question = Question(scenario, samples.numbers, samples.factors, plans, asked)
    names = [
        (n.name, n.low, n.central, n.high, n.distribution) for n in samples.numbers
    ]
    inputs = fingerprint(
        scenario, list(plans), list(plans.values()), vars(asked), names, samples.factors
    )
    return run_all(
        outcome,
        samples.quantiles.tolist(),
        shared=question,
        workers=way.workers,
        mapper=way.mapper,
        keep=way.keep,
        inputs=inputs,
        progress=way.progress,
        say=way.say,
    )
