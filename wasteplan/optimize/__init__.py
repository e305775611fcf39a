"""The planning model: the cheapest set of builds and flows, with a proof."""

from wasteplan.optimize.running import Progress
from wasteplan.optimize.solving import solve

__all__ = ["Progress", "solve"]
