"""Equal servers before which customers stand in one line."""

from __future__ import annotations

from heapq import heapreplace


class Servers:
    """Equal servers that serve whoever comes next, one call per customer.

    >>> two = Servers(2)
    >>> [two.serve(at, 4.0) for at in (0.0, 1.0, 1.5)]
    [0.0, 1.0, 4.0]
    """

    __slots__ = ("free",)

    def __init__(self, servers: int) -> None:
        self.free = [0.0] * servers

    def serve(self, arrival: float, service: float) -> float:
        """When service begins; call in order of arrival."""
        first = self.free[0]
        begin = arrival if arrival > first else first
        heapreplace(self.free, begin + service)
        return begin
