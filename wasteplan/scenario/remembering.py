"""Keeping answers with the scenario they belong to."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Concatenate, ParamSpec, TypeVar

from wasteplan.scenario.model import Scenario

P = ParamSpec("P")
T = TypeVar("T")


def remembered(
    function: Callable[Concatenate[Scenario, P], T],
) -> Callable[Concatenate[Scenario, P], T]:
    """Compute once per scenario object and arguments (hashable, positional)."""
    name = _name(function)

    @functools.wraps(function)
    def lookup(scenario: Scenario, *args: P.args, **kwargs: P.kwargs) -> T:
        answers = scenario.__dict__.setdefault(name, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = function(scenario, *args, **kwargs)
        return answers[key]

    return lookup


def carry(
    before: Scenario, after: Scenario, functions: Iterable[Callable[..., object]]
) -> None:
    """Let a variant share the answers that its changes do not touch.

    Parameters
    ----------
    before, after
        The scenario and its variant.
    functions
        Remembered ones, each of which gives the same for both whatever it is asked.
    """
    for function in functions:
        shared = before.__dict__.setdefault(_name(function), {})
        after.__dict__[_name(function)] = shared


def _name(function: Callable[..., object]) -> str:
    return f"_remembered_{function.__name__}"
