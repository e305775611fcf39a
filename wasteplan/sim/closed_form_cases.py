"""Queues, bunkers and lines with known answers, run through the simulator's own parts.

Each function runs one replication: parameters by name, random numbers, and how many
customers or cycles; it returns estimates by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import simpy
from simpy.events import ProcessGenerator

from wasteplan.sim.arrivals import first_arrivals, renewal_times
from wasteplan.sim.bunker import Stock
from wasteplan.sim.chance import Shape, Spread, draws
from wasteplan.sim.container import empty_on_timetable
from wasteplan.sim.gate import Gate, GateShape
from wasteplan.sim.line import Lines, Rating, outages, up_and_down
from wasteplan.sim.queueing import Servers, limited_yard, many_servers, single_server
from wasteplan.units import HOURS_PER_DAY

Parameters = Mapping[str, float]
Estimates = dict[str, float]
Case = Callable[[Parameters, np.random.Generator, int], Estimates]

WARM_UP = 0.1  # share of each run cut off: every run starts empty
TOLERANCE_H = 1e-9  # a start this close to the arrival is no wait
MINUTES_PER_H = 60.0


def queue(
    p: Parameters, rng: np.random.Generator, n: int, service: Spread
) -> Estimates:
    """Poisson arrivals before equal servers."""
    arrival = first_arrivals(Spread("exponential", 1 / p["arrival_rate"]), rng, n)
    times = service.draw(rng, n)
    servers = int(p.get("servers", 1))
    start, end = many_servers(arrival, times, servers)
    kept = slice(int(WARM_UP * n), None)
    wait = (start - arrival)[kept]
    span = float(arrival[-1] - arrival[kept][0])
    mean = float(wait.mean())
    return {
        "utilisation": float(times[kept].sum()) / span / servers,
        "queue": float(wait.sum()) / span,
        "wait_h": mean,
        "wait_min": mean * MINUTES_PER_H,
        "sojourn_h": float((end - arrival)[kept].mean()),
        "must_wait": float((wait > TOLERANCE_H).mean()),
    }


def markov_queue(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/M/c."""
    return queue(p, rng, n, Spread("exponential", p["service_h"]))


def fixed_service(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/D/1."""
    return queue(p, rng, n, Spread("deterministic", p["service_h"]))


def erlang_service(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/E_k/1."""
    return queue(p, rng, n, Spread("erlang", p["service_h"], p["phases"]))


def yard(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/M/c with so many places; without `places` there is no queue at all."""
    arrival = first_arrivals(Spread("exponential", 1 / p["arrival_rate"]), rng, n)
    service = Spread("exponential", p["service_h"]).draw(rng, n)
    servers = int(p.get("servers", 1))
    seen = limited_yard(arrival, service, servers, int(p.get("places", servers)))
    kept = slice(int(WARM_UP * n), None)
    span = float(arrival[-1] - arrival[kept][0])
    accepted = seen.accepted[kept]
    return {
        "blocked": 1 - float(accepted.mean()),
        "wait_h": float((seen.start - arrival)[kept][accepted].mean()),
        "throughput": float(accepted.sum()) / span,
    }


def tandem(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Weigh in, tip, weigh out on a bridge of its own, one truck at a time."""
    arrival = first_arrivals(Spread("exponential", 1 / p["arrival_rate"]), rng, n)
    weigh = Spread("exponential", p["weigh_h"])
    gate = Gate(
        GateShape(bridges_in=1, bays=int(p["bays"]), bridges_out=1),
        weigh_in=draws(weigh, rng),
        tip=draws(Spread("exponential", p["tip_h"]), rng),
        weigh_out=draws(weigh, rng),
    )
    sojourn = np.empty(n)
    for i, at in enumerate(arrival.tolist()):
        for _, left, _, truck in gate.settle(at):
            sojourn[truck] = left - arrival[truck]
        gate.admit(at, i)
    for _, left, _, truck in gate.settle(np.inf):
        sojourn[truck] = left - arrival[truck]
    kept = slice(int(WARM_UP * n), None)
    span = float(arrival[-1] - arrival[kept][0])
    hours = sojourn[kept]
    return {"sojourn_h": float(hours.mean()), "trucks": float(hours.sum()) / span}


def split(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """A Poisson stream split at random over two queues."""
    arrival = first_arrivals(Spread("exponential", 1 / p["arrival_rate"]), rng, n)
    goes_first = rng.random(n) < p["share"]
    total = 0.0
    for chosen, mean in ((goes_first, p["first_h"]), (~goes_first, p["second_h"])):
        came = arrival[chosen]
        _, end = single_server(came, Spread("exponential", mean).draw(rng, len(came)))
        total += float((end - came).sum())
    return {"sojourn_h": total / n}


def closed_fleet(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Trucks that go out, come back and queue before one unloader."""
    env = simpy.Environment()
    dock = Servers(1)
    away = draws(Spread("exponential", p["away_h"]), rng)
    unload = draws(Spread("exponential", p["unload_h"]), rng)
    waits: list[float] = []
    until = n * (p["away_h"] + 3 * p["unload_h"]) / p["trucks"]
    warm = WARM_UP * until

    def truck() -> ProcessGenerator:
        while True:
            yield env.timeout(next(away))
            service = next(unload)
            begin = dock.serve(env.now, service)
            if env.now >= warm:
                waits.append(begin - env.now)
            yield env.timeout(begin + service - env.now)

    for _ in range(int(p["trucks"])):
        env.process(truck())
    env.run(until=until)
    return {
        "throughput": len(waits) / (until - warm),
        "wait_h": float(np.mean(waits)),
    }


def availability(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """A line that fails and is mended, by three distributions."""
    found = {}
    kinds: tuple[tuple[Shape, float], ...] = (
        ("exponential", 1.0),
        ("weibull", 1.5),
        ("lognormal", 1.0),
    )
    for shape, parameter in kinds:
        env = simpy.Environment()
        lines = Lines([Rating(1.0)])

        def switch(now: float, line: int, stops: bool, lines: Lines = lines) -> None:
            (lines.stop if stops else lines.start)(now, line)

        failure = Spread(shape, p["mtbf_h"], parameter)
        repair = Spread(shape, p["mttr_h"], parameter)
        env.process(outages(env, 0, switch, failure, repair, rng))
        until = n * (p["mtbf_h"] + p["mttr_h"])
        warm = WARM_UP * until
        env.run(until=warm)
        lines.settle(warm)
        before = lines.up_h
        env.run(until=until)
        lines.settle(until)
        found[f"availability_{shape}"] = (lines.up_h - before) / (until - warm)
    return found


def endless_bunker(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Constant inflow before a line that fails; no limit to the stock.

    The stock before each failure is a waiting time: it grows by r x down (a service)
    and falls by (c - r) x up (a gap between arrivals), never below 0.
    """
    up, down = up_and_down(
        Spread("exponential", p["mtbf_d"]), Spread("exponential", p["mttr_d"]), rng, n
    )
    falls = p["speed"] - p["inflow"]
    rise = p["inflow"] * down
    came = np.cumsum(falls * up)
    start, _ = single_server(came, rise)
    before = start - came  # stock when the line fails
    top = before + rise
    spans = np.append(up[1:], np.inf)  # the time to fall after each repair
    to_empty = np.minimum(top / falls, spans)
    left = top - falls * to_empty
    area = (before + top) / 2 * down + (top + left) / 2 * to_empty
    busy = down + to_empty
    kept = slice(int(WARM_UP * n), n - 1)
    total = float((down + spans)[kept].sum())
    return {
        "stock_t": float(area[kept].sum()) / total,
        "not_empty": float(busy[kept].sum()) / total,
    }


def limited_bunker(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Constant inflow before a line that fails; overflow is diverted."""
    up, down = up_and_down(
        Spread("exponential", p["mtbf_d"]), Spread("exponential", p["mttr_d"]), rng, n
    )
    stock = Stock(p["capacity_t"])
    stock.inflow = p["inflow"]
    now = 0.0
    for works, stands in zip(up.tolist(), down.tolist(), strict=True):
        stock.outflow = p["speed"]
        now += works
        stock.settle(now)
        stock.outflow = 0.0
        now += stands
        stock.settle(now)
    return {
        "diverted": stock.diverted / (p["inflow"] * now),
        "stock_t": stock.area / now,
        "empty": stock.empty_h / now,
        "utilisation": stock.left / (p["speed"] * now),
    }


def container(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Random daily waste in a container emptied on a timetable."""
    every = int(p["every_d"])
    daily = Spread("gamma", 1.0, p["shape"]).draw(rng, n * every)
    seen = empty_on_timetable(daily, p["capacity_t"], every, every - 1)
    per_cycle = seen.overflow_t.reshape(n, every).sum(axis=1)
    return {
        "overflows": float((per_cycle > TOLERANCE_H).mean()),
        "overflow_t": float(per_cycle.mean()),
    }


def weekly_plant(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Deliveries on five days, burning on seven; no chance in it."""
    stock = Stock()
    stock.outflow = p["burn"] / HOURS_PER_DAY
    levels = [0.0]
    for day in range(7 * n):
        stock.inflow = p["inflow"] / HOURS_PER_DAY if day % 7 < 5 else 0.0
        stock.settle((day + 1) * HOURS_PER_DAY)
        levels.append(stock.level)
    return {"swing_t": max(levels) - min(levels), "balance_t": levels[-1]}


def store(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Drums that come at random and stay as long as they need."""
    mean = p["mean_d"]
    until = n / p["drums_per_d"]
    warm = 10 * mean  # longer than practically any drum stays
    came = renewal_times(Spread("exponential", 1 / p["drums_per_d"]), rng, until)
    dwell = Spread("weibull", mean, p["shape"]).draw(rng, len(came))
    inside = np.minimum(came + dwell, until) - np.maximum(came, warm)
    is_counted = (came >= warm) & (came < until)
    too_long = dwell[is_counted] > p["limit_d"]
    return {
        "drums": float(np.maximum(inside, 0.0).sum()) / (until - warm),
        "too_long": float(too_long.mean()),
        "too_long_per_d": float(too_long.sum()) / (until - warm),
    }


CASES: dict[str, tuple[Case, int]] = {
    "q1": (markov_queue, 300_000),
    "q2": (markov_queue, 100_000),
    "q3": (markov_queue, 60_000),
    "q5": (markov_queue, 300_000),
    "q6": (markov_queue, 400_000),
    "q9": (fixed_service, 400_000),
    "q10": (fixed_service, 150_000),
    "q11": (erlang_service, 150_000),
    "q15": (yard, 60_000),
    "q17": (yard, 40_000),
    "n1": (tandem, 60_000),
    "n4": (split, 100_000),
    "r1": (closed_fleet, 12_000),
    "r3": (availability, 400),
    "f1": (endless_bunker, 400_000),
    "f2": (limited_bunker, 20_000),
    "c1": (container, 20_000),
    "d1": (weekly_plant, 4),
    "h1": (store, 100_000),
}
"""What is run, and how many customers, cycles or weeks make one replication."""
