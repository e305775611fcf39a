"""Departure times of first-come queues, computed without an event per truck."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace

import numpy as np


def single_server(
    arrival: np.ndarray, service: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of service before one server, first come first served.

    Lindley's recursion D_n = max(A_n, D_{n-1}) + S_n, unrolled: D_n = C_n +
    max_{k <= n} (A_k - C_{k-1}) with C the running sum of S.

    Parameters
    ----------
    arrival, service
        Arrival times in order and service times; shape (n,), one unit of time.

    >>> single_server(np.array([0.0, 1.0, 5.0]), np.array([2.0, 2.0, 2.0]))
    (array([0., 2., 5.]), array([2., 4., 7.]))
    """
    total = np.cumsum(service)
    end = total + np.maximum.accumulate(arrival - (total - service))
    return np.maximum(end - service, arrival), end


def many_servers(
    arrival: np.ndarray, service: np.ndarray, servers: int
) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of service before several equal servers, first come first served.

    Parameters
    ----------
    arrival, service
        Arrival times in order and service times; shape (n,).
    servers
        How many; one is handed to `single_server`.

    >>> many_servers(np.array([0.0, 1.0, 1.5]), np.array([4.0, 4.0, 4.0]), 2)
    (array([0., 1., 4.]), array([4., 5., 8.]))
    """
    if servers == 1:
        return single_server(arrival, service)
    free = [0.0] * servers  # a heap: when each server is done
    start = []
    for a, s in zip(arrival.tolist(), service.tolist(), strict=True):
        first = free[0]
        begin = a if a > first else first
        heapreplace(free, begin + s)
        start.append(begin)
    starts = np.array(start)
    return starts, starts + service


def stage(
    arrival: np.ndarray, service: np.ndarray, servers: int
) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of service where arrivals are not in order (a later station)."""
    order = np.argsort(arrival, kind="stable")
    start, end = np.empty_like(arrival), np.empty_like(arrival)
    start[order], end[order] = many_servers(arrival[order], service[order], servers)
    return start, end


@dataclass(frozen=True)
class Yard:
    """What happened at a yard of limited size.

    Attributes
    ----------
    accepted
        Whether the truck found room; shape (n,).
    start, end
        Of service; NaN for trucks sent on; shape (n,).
    """

    accepted: np.ndarray
    start: np.ndarray
    end: np.ndarray


def limited_yard(
    arrival: np.ndarray, service: np.ndarray, servers: int, places: int
) -> Yard:
    """First-come service in a yard of limited size, trucks in service included.

    >>> y = limited_yard(np.array([0.0, 1.0, 2.0]), np.array([5.0, 5.0, 5.0]), 1, 2)
    >>> y.accepted.tolist(), y.start.tolist()[:2]
    ([True, True, False], [0.0, 5.0])
    """
    free = [0.0] * servers
    inside: list[float] = []  # a heap: when each truck in the yard leaves
    starts, ends = [], []
    nan = float("nan")
    for a, s in zip(arrival.tolist(), service.tolist(), strict=True):
        while inside and inside[0] <= a:
            heappop(inside)
        if len(inside) >= places:
            starts.append(nan)
            ends.append(nan)
            continue
        first = free[0]
        begin = a if a > first else first
        heapreplace(free, begin + s)
        heappush(inside, begin + s)
        starts.append(begin)
        ends.append(begin + s)
    start = np.array(starts)
    return Yard(~np.isnan(start), start, np.array(ends))


class Servers:
    """Equal servers that serve whoever comes next, one call per customer.

    The same answers as `many_servers`, when arrivals are not known beforehand.
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
