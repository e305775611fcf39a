"""Keeping answers with the scenario they belong to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from wasteplan.scenario.model import Scenario

P = ParamSpec("P")
T = TypeVar("T")


def remembered(
    function: Callable[Concatenate[Scenario, P], T],
) -> Callable[Concatenate[Scenario, P], T]:
    """Compute once per scenario object and arguments (hashable, positional)."""
    name = f"_remembered_{function.__name__}"

    @functools.wraps(function)
    def lookup(scenario: Scenario, *args: P.args, **kwargs: P.kwargs) -> T:
        answers = scenario.__dict__.setdefault(name, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = function(scenario, *args, **kwargs)
        return answers[key]

    return lookup
