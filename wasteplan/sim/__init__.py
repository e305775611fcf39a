"""Simulate a plan hour by hour: trucks, gates, bunkers, lines, chance."""

from wasteplan.sim.result import SimulationResult
from wasteplan.sim.selftesting import Selftest, selftest
from wasteplan.sim.simulating import simulate

__all__ = ["Selftest", "SimulationResult", "selftest", "simulate"]
