"""Queues, bunkers and lines with known answers, run through the simulator's own parts.

Each function runs one replication: parameters by name, random numbers, and how many
customers or cycles; it returns estimates by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import repeat

import numpy as np
import simpy
from simpy.events import ProcessGenerator

from wasteplan.sim.arrivals import first_arrivals, renewal_times
from wasteplan.sim.bunker import Bunker
from wasteplan.sim.chance import Shape, Spread, draws
from wasteplan.sim.container import empty_on_timetable
from wasteplan.sim.gate import Gate, GateShape, Visit
from wasteplan.sim.line import Lines, Rating, outages
from wasteplan.units import HOURS_PER_DAY

Parameters = Mapping[str, float]
Estimates = dict[str, float]
Case = Callable[[Parameters, np.random.Generator, int], Estimates]

WARM_UP = 0.1  # share of each run cut off: every run starts empty
TOLERANCE_H = 1e-9  # a start this close to the arrival is no wait
MINUTES_PER_H = 60.0


def pass_gate(gate: Gate, arrival: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wait and stay of trucks at a gate; NaN: the yard was full; shapes (n,).  [h]"""
    waits = [math.nan] * len(arrival)
    stays = [math.nan] * len(arrival)
    times = arrival.tolist()
    tipping, is_limited = gate.tipping, gate.places is not None
    for i, at in enumerate(times):
        while tipping and tipping[0][0] <= at:
            _leave(gate.release(at), times, waits, stays)
        if not is_limited or gate.has_place(at):
            gate.admit(at, i)
    for visit in gate.settle(math.inf):
        _leave(visit, times, waits, stays)
    return np.array(waits), np.array(stays)


def _leave(
    visit: Visit | None, times: list[float], waits: list[float], stays: list[float]
) -> None:
    if visit is not None:
        _, left, waits[visit[3]], truck = visit
        stays[truck] = left - times[truck]


def at_bridge(rng: np.random.Generator, service: Spread) -> Gate:
    """A gate with one weighbridge and nothing else that takes time."""
    nothing = repeat(0.0)
    return Gate(GateShape(bridges_in=1), draws(service, rng), nothing, nothing)


def at_bays(p: Parameters, rng: np.random.Generator, service: Spread) -> Gate:
    """A gate with bays and, if stated, so many places in its yard."""
    bays = int(p.get("servers", 1))
    shape = GateShape(bays=bays, places=int(p["places"]) if "places" in p else None)
    nothing = repeat(0.0)
    return Gate(shape, nothing, draws(service, rng), nothing)


def arrivals_of(p: Parameters, rng: np.random.Generator, n: int) -> np.ndarray:
    """Poisson arrivals; shape (n,).  [h]"""
    return first_arrivals(Spread("exponential", 1 / p["arrival_rate"]), rng, n)


def queue(arrival: np.ndarray, gate: Gate, servers: int) -> Estimates:
    """Poisson arrivals before the bridge or the bays of a gate."""
    wait, stay = (a[int(WARM_UP * len(arrival)) :] for a in pass_gate(gate, arrival))
    span = float(arrival[-1] - arrival[len(arrival) - len(wait)])
    mean = float(wait.mean())
    return {
        "utilisation": float((stay - wait).sum()) / span / servers,
        "queue": float(wait.sum()) / span,
        "wait_h": mean,
        "wait_min": mean * MINUTES_PER_H,
        "sojourn_h": float(stay.mean()),
        "must_wait": float((wait > TOLERANCE_H).mean()),
    }


def markov_bridge(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/M/1: a weighbridge."""
    service = Spread("exponential", p["service_h"])
    return queue(arrivals_of(p, rng, n), at_bridge(rng, service), 1)


def fixed_bridge(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/D/1: a weighbridge."""
    service = Spread("deterministic", p["service_h"])
    return queue(arrivals_of(p, rng, n), at_bridge(rng, service), 1)


def erlang_bridge(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/E_k/1: a weighbridge."""
    service = Spread("erlang", p["service_h"], p["phases"])
    return queue(arrivals_of(p, rng, n), at_bridge(rng, service), 1)


def markov_bays(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/M/c: tipping bays."""
    service = Spread("exponential", p["service_h"])
    return queue(arrivals_of(p, rng, n), at_bays(p, rng, service), int(p["servers"]))


def yard(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """M/M/c with so many places; without `places` there is no queue at all."""
    places = p.get("places", p.get("servers", 1))
    arrival = arrivals_of(p, rng, n)
    gate = at_bays({**p, "places": places}, rng, Spread("exponential", p["service_h"]))
    wait, _ = pass_gate(gate, arrival)
    wait = wait[int(WARM_UP * n) :]
    accepted = ~np.isnan(wait)
    span = float(arrival[-1] - arrival[n - len(wait)])
    return {
        "blocked": 1 - float(accepted.mean()),
        "wait_h": float(wait[accepted].mean()),
        "throughput": float(accepted.sum()) / span,
    }


def tandem(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Weigh in, tip, weigh out on a bridge of its own, one truck at a time."""
    arrival = arrivals_of(p, rng, n)
    weigh = Spread("exponential", p["weigh_h"])
    gate = Gate(
        GateShape(bridges_in=1, bays=int(p["bays"]), bridges_out=1),
        weigh_in=draws(weigh, rng),
        tip=draws(Spread("exponential", p["tip_h"]), rng),
        weigh_out=draws(weigh, rng),
    )
    _, stay = pass_gate(gate, arrival)
    hours = stay[int(WARM_UP * n) :]
    span = float(arrival[-1] - arrival[n - len(hours)])
    return {"sojourn_h": float(hours.mean()), "trucks": float(hours.sum()) / span}


def split(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """A Poisson stream split at random over two weighbridges."""
    arrival = arrivals_of(p, rng, n)
    goes_first = rng.random(n) < p["share"]
    total = 0.0
    for chosen, mean in ((goes_first, p["first_h"]), (~goes_first, p["second_h"])):
        gate = at_bridge(rng, Spread("exponential", mean))
        total += float(pass_gate(gate, arrival[chosen])[1].sum())
    return {"sojourn_h": total / n}


def closed_fleet(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Trucks that go out, come back and queue before one bay."""
    env = simpy.Environment()
    away = draws(Spread("exponential", p["away_h"]), rng)
    gate = at_bays(p, rng, Spread("exponential", p["unload_h"]))
    until = n * (p["away_h"] + 3 * p["unload_h"]) / p["trucks"]
    warm = WARM_UP * until

    def truck() -> ProcessGenerator:
        while True:
            yield env.timeout(next(away))
            came = env.now
            yield env.timeout(gate.admit(came, came) - came)

    for _ in range(int(p["trucks"])):
        env.process(truck())
    env.run(until=until)
    waits = [wait for _, _, wait, came in gate.settle(math.inf) if came >= warm]
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


def bunker(p: Parameters, rng: np.random.Generator, n: int) -> Estimates:
    """Constant inflow before a line that fails; what finds no room is diverted."""
    env = simpy.Environment()
    lines = Lines([Rating(p["speed"])])
    stock = Bunker(p.get("capacity_t", math.inf))
    stock.inflow, stock.outflow = p["inflow"], lines.speed(math.nan)

    def switch(now: float, line: int, stops: bool) -> None:
        stock.settle(now)
        (lines.stop if stops else lines.start)(now, line)
        stock.outflow = lines.speed(stock.lhv)

    failure = Spread("exponential", p["mtbf_d"])
    repair = Spread("exponential", p["mttr_d"])
    env.process(outages(env, 0, switch, failure, repair, rng))
    until = n * (p["mtbf_d"] + p["mttr_d"])
    warm = WARM_UP * until
    seen = []
    for moment in (warm, until):
        env.run(until=moment)
        stock.settle(moment)
        seen.append(np.array([stock.diverted, stock.area, stock.empty_h, stock.left]))
    diverted, area, empty, left = ((seen[1] - seen[0]) / (until - warm)).tolist()
    return {
        "diverted": diverted / p["inflow"],
        "stock_t": area,
        "empty": empty,
        "not_empty": 1 - empty,
        "utilisation": left / p["speed"],
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
    """A load every hour on five days, burning on seven; no chance in it."""
    stock = Bunker()
    stock.outflow = p["burn"] / HOURS_PER_DAY
    levels = [0.0]
    for day in range(7 * n):
        for hour in range(int(HOURS_PER_DAY)) if day % 7 < 5 else ():
            load = p["inflow"] / HOURS_PER_DAY
            stock.tip(day * HOURS_PER_DAY + hour, load, ((0, 1.0),), math.nan)
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
    "q1": (markov_bridge, 240_000),
    "q2": (markov_bridge, 60_000),
    "q3": (markov_bays, 90_000),
    "q5": (markov_bays, 110_000),
    "q6": (markov_bays, 300_000),
    "q9": (fixed_bridge, 240_000),
    "q10": (fixed_bridge, 100_000),
    "q11": (erlang_bridge, 110_000),
    "q15": (yard, 40_000),
    "q17": (yard, 30_000),
    "n1": (tandem, 60_000),
    "n4": (split, 40_000),
    "r1": (closed_fleet, 12_000),
    "r3": (availability, 400),
    "f1": (bunker, 20_000),
    "f2": (bunker, 15_000),
    "c1": (container, 20_000),
    "d1": (weekly_plant, 4),
    "h1": (store, 100_000),
}
"""What is run, and how many customers, cycles or weeks make one replication."""
