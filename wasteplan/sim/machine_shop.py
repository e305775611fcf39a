"""A job shop whose published output shows that the installed SimPy works as it should.

Ten machines make parts, break down and are mended by one repairman, who otherwise does
less urgent work. The model is the machine shop of the SimPy documentation, written
anew; its numbers of parts follow from Python's own random generator and its seed.
"""

from __future__ import annotations

import random

import simpy
from simpy.events import ProcessGenerator

SEED = 42
MACHINES = 10
PART_MIN, PART_SPREAD_MIN = 10.0, 2.0
BETWEEN_FAILURES_MIN = 300.0
REPAIR_MIN = 30.0
OTHER_JOB_MIN = 30.0
END_MIN = 4 * 7 * 24 * 60
URGENT, OTHERWISE = 1, 2

PUBLISHED = (3251, 3273, 3242, 3343, 3387, 3244, 3269, 3185, 3302, 3279)
"""Parts of each machine after four weeks, as printed in the documentation."""


class Machine:
    """Makes parts; a failure interrupts the part in the making."""

    def __init__(
        self, env: simpy.Environment, man: simpy.PreemptiveResource, rng: random.Random
    ) -> None:
        self.env, self.rng = env, rng
        self.parts = 0
        self.is_broken = False
        self.work = env.process(self._make_parts(man))
        env.process(self._fail())

    def _make_parts(self, man: simpy.PreemptiveResource) -> ProcessGenerator:
        while True:
            left = self.rng.normalvariate(PART_MIN, PART_SPREAD_MIN)
            while left:
                begun = self.env.now
                try:
                    yield self.env.timeout(left)
                    left = 0.0
                except simpy.Interrupt:
                    self.is_broken = True
                    left -= self.env.now - begun
                    with man.request(priority=URGENT) as turn:
                        yield turn
                        yield self.env.timeout(REPAIR_MIN)
                    self.is_broken = False
            self.parts += 1

    def _fail(self) -> ProcessGenerator:
        while True:
            yield self.env.timeout(self.rng.expovariate(1 / BETWEEN_FAILURES_MIN))
            if not self.is_broken:
                self.work.interrupt()


def _other_jobs(
    env: simpy.Environment, man: simpy.PreemptiveResource
) -> ProcessGenerator:
    """What the repairman does when nothing is broken; a repair pre-empts it."""
    while True:
        left = OTHER_JOB_MIN
        while left:
            with man.request(priority=OTHERWISE) as turn:
                yield turn
                begun = env.now
                try:
                    yield env.timeout(left)
                    left = 0.0
                except simpy.Interrupt:
                    left -= env.now - begun


def machine_shop() -> tuple[int, ...]:
    """Parts made by each machine in four weeks."""
    env = simpy.Environment()
    rng = random.Random(SEED)
    man = simpy.PreemptiveResource(env, capacity=1)
    machines = [Machine(env, man, rng) for _ in range(MACHINES)]
    env.process(_other_jobs(env, man))
    env.run(until=END_MIN)
    return tuple(m.parts for m in machines)
