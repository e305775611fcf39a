"""Solving a live problem again, with what earlier solves have shown."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np

from wasteplan.optimize.handover import Problem
from wasteplan.optimize.known_results import Results
from wasteplan.optimize.live import Live
from wasteplan.optimize.running import SMALL, Outcome, Watch, fixed_builds
from wasteplan.superstructure.model import Floats

TRIED_MAX = 12
"""Decisions known from earlier solves that are tried, the latest first."""


class Resuming:
    """A live problem and its results so far."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.results = Results()
        self._pattern = live.generation

    @property
    def problem(self) -> Problem:
        """The problem as it is now."""
        return self.live.problem

    def before_search(self, watch: Watch) -> Outcome | None:
        """The best that is known without a search; its bound goes to the watch too.

        Returns
        -------
        Outcome or None
            Status `infeasible`, `gap` (no search is needed), or `start` (a start for
            the search); None if no known decisions fit.
        """
        p = self.problem
        if self._pattern != self.live.generation:
            self.results, self._pattern = Results(), self.live.generation
        watch.known_bound = self.results.bound(p)
        if watch.known_bound == np.inf:
            return Outcome("infeasible", None, np.inf, np.inf, 0.0)
        tried = islice(self.results.starts(), TRIED_MAX)
        fit = [x for x in map(self._flows, tried) if x.solution is not None]
        if not fit:
            return None
        best = min(fit, key=lambda x: x.objective)
        best = replace(best, status="start", bound=watch.known_bound)
        is_enough = best.gap <= watch.stop.gap_of_gross * max(best.gross, SMALL)
        return replace(best, status="gap") if is_enough else best

    def after_search(self, outcome: Outcome) -> None:
        """Keep what a search has shown."""
        if outcome.status == "infeasible":
            self.results.add(self.problem, np.inf, None)
        elif outcome.solution is not None:
            self.results.add(self.problem, outcome.bound, outcome.solution)

    def _flows(self, decisions: Floats) -> Outcome:
        """Exact flows for decisions made in another problem."""
        guess = np.zeros(len(self.problem.cost))
        guess[self.problem.is_integer] = decisions
        return fixed_builds(self.problem, guess)
