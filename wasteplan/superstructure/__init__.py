"""Every option of a scenario with its numbers, before any decision."""

from wasteplan.superstructure.assembly import superstructure
from wasteplan.superstructure.model import Superstructure

__all__ = ["Superstructure", "superstructure"]
