"""Gates, fleets, lines, bunkers and stores that closed forms are stated for.

Each model builds what a case states from the simulator's own parts, runs it once, and
measures everything it can; a case is rows of `data/closed_forms.csv`, never code.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import simpy
from simpy.events import ProcessGenerator

from wasteplan.sim.arrivals import first_arrivals, renewal_times
from wasteplan.sim.bunker import Bunker
from wasteplan.sim.chance import Spread, draws
from wasteplan.sim.closed_forms import ClosedForm
from wasteplan.sim.container import empty_on_timetable
from wasteplan.sim.crews import Crews
from wasteplan.sim.line import Lines, Rating, outages
from wasteplan.sim.priority_gate import gate_of
from wasteplan.sim.yard import GateShape, Visit, Yard
from wasteplan.units import HOURS_PER_DAY

Estimates = dict[str, float]
Model = Callable[[ClosedForm, np.random.Generator, int], Estimates]

WARM_UP = 0.1  # share of each run cut off: every run starts empty
TOLERANCE_H = 1e-9  # a start this close to the arrival is no wait
MINUTES_PER_H = 60.0


def pass_gate(
    gate: Yard, arrival: np.ndarray, rank: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Wait and stay of trucks at a gate; NaN: the yard was full; shapes (n,).  [h]"""
    waits = [math.nan] * len(arrival)
    stays = [math.nan] * len(arrival)
    times = arrival.tolist()
    ranks = [0] * len(times) if rank is None else rank.tolist()
    tipping, is_limited = gate.tipping, gate.places is not None
    for i, at in enumerate(times):
        while tipping and tipping[0][0] <= at:
            _leave(gate.release(at), times, waits, stays)
        if not is_limited or gate.has_place(at):
            gate.admit(at, i, 1.0, ranks[i])
    for visit in gate.settle(math.inf):
        _leave(visit, times, waits, stays)
    return np.array(waits), np.array(stays)


def _leave(
    visit: Visit | None, times: list[float], waits: list[float], stays: list[float]
) -> None:
    if visit is not None:
        _, left, waits[visit[3]], truck = visit
        stays[truck] = left - times[truck]


def gate_stated(form: ClosedForm, rng: np.random.Generator, prefix: str = "") -> Yard:
    """The gate of a case."""
    shape = GateShape(
        bridges_in=form.count("bridges_in"),
        bays=form.count("bays"),
        bridges_out=form.count("bridges_out"),
        places=form.count("places"),
        reweigh_share=form.parameters.get("reweigh_share", 0.0),
        has_ranks="first_share" in form.parameters,
    )
    weigh_in, tip, weigh_out = (
        draws(form.spread(prefix + name), rng)
        for name in ("weigh_in_h", "tip_h", "weigh_out_h")
    )
    return gate_of(shape, weigh_in, tip, weigh_out, again=rng)


def gate(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """Poisson arrivals at a gate; `first_share` of the trucks go before the others."""
    p = form.parameters
    arrival = first_arrivals(Spread("exponential", 1 / p["arrival_rate"]), rng, n)
    is_first = rng.random(n) < p.get("first_share", 1.0)
    wait, stay = pass_gate(gate_stated(form, rng), arrival, (~is_first).astype(int))
    cut = int(WARM_UP * n)
    wait, stay, is_first = wait[cut:], stay[cut:], is_first[cut:]
    span = float(arrival[-1] - arrival[cut])
    seen = ~np.isnan(wait)
    servers = form.count("bays") or form.count("bridges_in") or 1
    mean = float(wait[seen].mean())
    return {
        "utilisation": float((stay - wait)[seen].sum()) / span / servers,
        "queue": float(wait[seen].sum()) / span,
        "trucks": float(stay[seen].sum()) / span,
        "wait_h": mean,
        "wait_min": mean * MINUTES_PER_H,
        "sojourn_h": float(stay[seen].mean()),
        "sojourn_first_h": _mean(stay[seen & is_first]),
        "sojourn_others_h": _mean(stay[seen & ~is_first]),
        "must_wait": float((wait[seen] > TOLERANCE_H).mean()),
        "blocked": 1 - float(seen.mean()),
        "throughput": float(seen.sum()) / span,
    }


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else math.nan


def two_gates(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """A Poisson stream split at random over two gates."""
    p = form.parameters
    arrival = first_arrivals(Spread("exponential", 1 / p["arrival_rate"]), rng, n)
    goes_first = rng.random(n) < p["share"]
    stays = []
    for chosen, prefix in ((goes_first, "first_"), (~goes_first, "second_")):
        _, stay = pass_gate(gate_stated(form, rng, prefix), arrival[chosen])
        stays.append(stay[int(WARM_UP * len(stay)) :])
    return {"sojourn_h": float(np.concatenate(stays).mean())}


def closed_fleet(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """Trucks that go out, come back and queue at a gate, for ever."""
    env = simpy.Environment()
    trucks = form.count("trucks") or 1
    away = draws(form.spread("away_h"), rng)
    plant = gate_stated(form, rng)
    once_h = form.spread("away_h").mean + 3 * form.spread("tip_h").mean
    until = n * once_h / trucks
    warm = WARM_UP * until

    def truck() -> ProcessGenerator:
        while True:
            yield env.timeout(next(away))
            came = env.now
            yield env.timeout(plant.admit(came, came) - came)

    for _ in range(trucks):
        env.process(truck())
    env.run(until=until)
    waits = [wait for _, _, wait, came in plant.settle(math.inf) if came >= warm]
    return {
        "throughput": len(waits) / (until - warm),
        "wait_h": float(np.mean(waits)),
    }


def lines(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """Lines that fail and are mended, with a crew for each or some in common."""
    env = simpy.Environment()
    number = form.count("lines") or 1
    plant = Lines([Rating(1.0)] * number)
    crews = Crews(env, form.count("repair_crews") or number)

    def switch(now: float, line: int, stops: bool) -> None:
        (plant.stop if stops else plant.start)(now, line)

    failure, repair = form.spread("to_failure_h"), form.spread("to_repair_h")
    for line in range(number):
        env.process(outages(env, line, switch, failure, repair, rng, crews))
    until = n * (failure.mean + repair.mean) / number
    warm = WARM_UP * until
    seen = []
    for moment in (warm, until):
        env.run(until=moment)
        plant.settle(moment)
        seen.append((plant.up_h, crews.wait_h, crews.calls))
    up_h, wait_h, calls = (b - a for a, b in zip(*seen, strict=True))
    return {
        "availability": up_h / (until - warm) / number,
        "crew_wait_h": wait_h / calls,
    }


def bunker(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """Constant inflow before a line that fails; what finds no room is diverted."""
    p = form.parameters
    env = simpy.Environment()
    plant = Lines([Rating(p["speed"])])
    stock = Bunker(p.get("capacity_t", math.inf))
    stock.inflow, stock.outflow = p["inflow"], plant.speed(math.nan)

    def switch(now: float, line: int, stops: bool) -> None:
        stock.settle(now)
        (plant.stop if stops else plant.start)(now, line)
        stock.outflow = plant.speed(stock.lhv)

    failure, repair = form.spread("to_failure_d"), form.spread("to_repair_d")
    env.process(outages(env, 0, switch, failure, repair, rng))
    until = n * (failure.mean + repair.mean)
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


def container(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """Random daily waste in a container emptied on a timetable."""
    every = form.count("every_d") or 1
    daily = form.spread("daily_t").draw(rng, n * every)
    room = form.parameters["capacity_t"]
    seen = empty_on_timetable(daily, room, every, every - 1)
    per_cycle = seen.overflow_t.reshape(n, every).sum(axis=1)
    return {
        "overflows": float((per_cycle > TOLERANCE_H).mean()),
        "overflow_t": float(per_cycle.mean()),
    }


def weekly_plant(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """A load every hour on five days, burning on seven; no chance in it."""
    p = form.parameters
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


def store(form: ClosedForm, rng: np.random.Generator, n: int) -> Estimates:
    """Drums that come at random and stay as long as they need."""
    p = form.parameters
    stay = form.spread("dwell_d")
    until = n / p["drums_per_d"]
    warm = 10 * stay.mean  # longer than practically any drum stays
    came = renewal_times(Spread("exponential", 1 / p["drums_per_d"]), rng, until)
    dwell = stay.draw(rng, len(came))
    inside = np.minimum(came + dwell, until) - np.maximum(came, warm)
    is_counted = (came >= warm) & (came < until)
    too_long = dwell[is_counted] > p["limit_d"]
    return {
        "drums": float(np.maximum(inside, 0.0).sum()) / (until - warm),
        "too_long": float(too_long.mean()),
        "too_long_per_d": float(too_long.sum()) / (until - warm),
    }


MODELS: dict[str, Model] = {
    "gate": gate,
    "two_gates": two_gates,
    "closed_fleet": closed_fleet,
    "lines": lines,
    "bunker": bunker,
    "container": container,
    "weekly_plant": weekly_plant,
    "store": store,
}
