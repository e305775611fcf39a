"""Repair crews: broken lines wait for one, first come first served."""

from __future__ import annotations

import simpy


class Crews:
    """People who mend; one crew works on one line at a time.

    Parameters
    ----------
    env
        The clock.
    number
        How many crews there are.

    Attributes
    ----------
    calls
        Repairs begun so far.
    wait_h
        Hours that broken lines have waited for a crew before these repairs.  [h]
    """

    __slots__ = ("_desk", "calls", "wait_h")

    def __init__(self, env: simpy.Environment, number: int) -> None:
        self._desk = simpy.Resource(env, number)
        self.calls = 0
        self.wait_h = 0.0

    def request(self) -> simpy.resources.resource.Request:
        """Ask for a crew; give it back with `release`."""
        return self._desk.request()

    def begin(self, waited_h: float) -> None:
        """A repair begins after so many hours of waiting."""
        self.calls += 1
        self.wait_h += waited_h

    def release(self, crew: simpy.resources.resource.Request) -> None:
        """The crew is free for the next line."""
        self._desk.release(crew)
