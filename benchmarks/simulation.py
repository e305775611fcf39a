"""How fast the simulation is, beside three other ways to write it, in one run.

python benchmarks/simulation.py                      # everything, tens of minutes
python benchmarks/simulation.py --years 1            # a quick look
python benchmarks/simulation.py --only wasteplan simpy --years 2

Every line runs in a process of its own: seconds of the processor and peak memory are
its own, of building and running; imports are left out of the seconds.

The workload: 200 trucks of one depot bring 2,600 t a day from 20 towns in loads of 10 t
to a plant with two weighbridges, 12 bays, a bunker and four lines that fail and are
mended; its residues go to a landfill.  A trip is one haul of waste or residues.
"""

from __future__ import annotations

import argparse
import heapq
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
TOWNS, TRUCKS, LOAD_T, T_PER_D = 20, 200, 10.0, 2600.0
BRIDGES, BAYS, LINES = 1, 12, 4
CAPACITY_T_PER_D, BUNKER_T = 3600.0, 10_800.0
OPENS_H, OPEN_H = 6.0, 12.0
LOADING_H, WEIGH_H, TIP_H = 0.5, 0.02, 0.25
MTBF_H, MTTR_H = 700.0, 48.0
KM_PER_H = 40.0
SITES = ("depot", "hill", "pit", "buyer")
HEAVY = 45_000  # generators of the wide workload

Found = dict[str, float]


def km_of(town: int) -> float:
    """From a town to the plant."""
    return 10.0 + 2.0 * town


# The simulator -----------------------------------------------------------------------


def scenario_of(
    towns: int, t_per_d: float, trucks: int | None, containers: bool, **run: Any
) -> tuple[Any, Any]:
    """Scenario and plan: so many towns around one plant and one landfill."""
    sys.path.insert(0, str(ROOT / "tests" / "sim"))
    import small_network as small

    from wasteplan.network.places import WasteGenerator
    from wasteplan.network.roads import RoadDistance
    from wasteplan.scenario.assembly import make_scenario
    from wasteplan.scenario.records import Generation

    burner = {
        "lines": LINES, "weighbridges": 2 * BRIDGES, "weigh_in_min": 60 * WEIGH_H,
        "weigh_out_min": 60 * WEIGH_H, "bays": BAYS, "tip_min": 60 * TIP_H,
        "bunker_d": BUNKER_T / CAPACITY_T_PER_D, "mtbf_h": MTBF_H, "mttr_h": MTTR_H,
        "opens_h": OPENS_H, "opening_h_per_d": OPEN_H,
    }  # fmt: skip
    shift = {"shift_start_h": OPENS_H, "shift_length_h": OPEN_H, "days_per_week": 7}
    tables = small.tables(
        burner_t_per_y=CAPACITY_T_PER_D * 365,
        burner=burner,
        fleet={"trucks": trucks, **shift} if trucks else None,
        containers={"volume_m3": 1.1, "pickup_every_d": 1, "variation": 0.3}
        if containers
        else None,
    )
    names = [f"t{i}" for i in range(towns)]
    tables["generators"] = [
        WasteGenerator(
            id=n, name=n, kind="municipality", generator_class="homes", region="north"
        )
        for n in names
    ]
    tables["generation"] = [
        Generation(
            generator=n, stream="msw", year=2030, waste_t_per_y=365 * t_per_d / towns
        )
        for n in names
    ]
    near = {n: km_of(i % TOWNS) for i, n in enumerate(names)}
    ways = [(n, "hill", km) for n, km in near.items()]
    ways += [(a, b, 10.0) for a in SITES for b in SITES if a != b]
    if trucks:
        ways += [(n, "depot", 10.0) for n in names]
        ways += [("depot", n, 10.0) for n in names]
    tables["distances"] = [
        RoadDistance(origin=a, destination=b, distance_km=km, time_h=km / KM_PER_H)
        for a, b, km in ways
    ]
    wanted = {"warm_up_d": 0, "replications": 1, **run}
    scenario = make_scenario(small.settings(**wanted), check=False, **tables)
    routes = [small.route(n, "hill.burner", stream="msw") for n in names]
    routes.append(small.route("hill.burner", "pit.dump", product="slag"))
    return scenario, small.plan(*routes)


def wasteplan(years: float, *, without: str = "") -> Found:
    """The public `simulate`; `without` log or audit, to see what they cost."""
    from wasteplan.sim import measures, simulate
    from wasteplan.sim.log import TripLog

    case = scenario_of(TOWNS, T_PER_D, TRUCKS, containers=False, days=days_of(years))
    if without in ("audit", "log"):
        measures.check = lambda audit: None  # type: ignore[attr-defined]
    if without == "log":
        made = TripLog.__init__

        def mute(log: TripLog) -> None:
            made(log)
            log.append = lambda row: None

        TripLog.__init__ = mute  # type: ignore[method-assign]
    start = time.process_time()
    result = simulate(*case)
    found = {"cpu_s": time.process_time() - start}
    trips = result.kpi("trips_per_y") * years
    if without != "log":
        found |= {"trips": trips, "away": result.kpi("turned_away_share")}
        found |= {"wait_min": result.kpi("gate_wait_mean_min")}
        found |= {"fleet_use": result.kpi("fleet_use")}
    return found


def wide(_: float) -> Found:
    """45,000 sources with containers emptied daily for a year; the trips are logged."""
    from wasteplan.sim import simulate

    case = scenario_of(HEAVY, T_PER_D, None, containers=True, days=365)
    before = peak_mb()
    start = time.process_time()
    result = simulate(*case)
    cpu = time.process_time() - start
    return {
        "cpu_s": cpu, "trips": result.kpi("trips_per_y"), "inputs_mb": before,
    }  # fmt: skip


def pickups(_: float) -> Found:
    """The same with every pickup handed over, one row a stop."""
    from wasteplan.sim.pickups import pickups as all_pickups

    case = scenario_of(HEAVY, T_PER_D, None, containers=True, days=365)
    before = peak_mb()
    start = time.process_time()
    stops = sum(len(p.day) for p in all_pickups(*case))
    cpu = time.process_time() - start
    return {"cpu_s": cpu, "trips": float(stops), "inputs_mb": before}


def long(replications: float) -> Found:
    """20 years, 20 trucks, so many replications: memory must not grow."""
    from wasteplan.sim import simulate

    case = scenario_of(
        2, T_PER_D / 10, TRUCKS // 10, containers=False, days=days_of(20)
    )
    start = time.process_time()
    result = simulate(*case, replications=int(replications))
    cpu = time.process_time() - start
    trips = result.kpi("trips_per_y") * 20 * replications
    return {"cpu_s": cpu, "trips": trips}


# The others --------------------------------------------------------------------------


def requests(years: float) -> Iterator[tuple[float, float]]:
    """When loads are ready, and how far they go: spread over the open hours.  [h]"""
    rng = np.random.default_rng(1)
    per_day = round(T_PER_D / LOAD_T)
    towns = np.arange(per_day) % TOWNS
    for day in range(days_of(years)):
        at = day * 24 + OPENS_H + np.sort(rng.random(per_day)) * (OPEN_H - 4)
        for when, town in zip(at.tolist(), towns.tolist(), strict=True):
            yield when, km_of(town) / KM_PER_H


def simpy_processes(years: float) -> Found:
    """A process per trip, a Resource for trucks, bridges and bays, a Container."""
    import simpy

    env = simpy.Environment()
    trucks = simpy.Resource(env, TRUCKS)
    weigh_in = simpy.Resource(env, BRIDGES)
    bays = simpy.Resource(env, BAYS)
    weigh_out = simpy.Resource(env, BRIDGES)
    bunker = simpy.Container(env, BUNKER_T)
    rng = np.random.default_rng(2)
    up = [LINES]
    log: list[tuple[float, ...]] = []

    def trip(ready: float, time_h: float) -> Iterator[Any]:
        with trucks.request() as truck:
            yield truck
            left = env.now
            yield env.timeout(LOADING_H + time_h)
            came = env.now
            with weigh_in.request() as turn:
                yield turn
                yield env.timeout(WEIGH_H)
            with bays.request() as bay:
                yield bay
                yield env.timeout(TIP_H * float(rng.lognormal(-0.02, 0.2)))
                yield bunker.put(LOAD_T)
            tipped = env.now
            with weigh_out.request() as turn:
                yield turn
                yield env.timeout(WEIGH_H)
            log.append((ready, left, came, tipped, env.now, LOAD_T))
            yield env.timeout(time_h)

    def source() -> Iterator[Any]:
        for ready, time_h in requests(years):
            yield env.timeout(ready - env.now)
            env.process(trip(ready, time_h))

    def burning() -> Iterator[Any]:
        while True:
            yield env.timeout(1.0)
            burnt = min(bunker.level, CAPACITY_T_PER_D / 24 / LINES * up[0])
            if burnt > 0:
                yield bunker.get(burnt)

    def line() -> Iterator[Any]:
        while True:
            yield env.timeout(float(rng.exponential(MTBF_H)))
            up[0] -= 1
            yield env.timeout(float(rng.exponential(MTTR_H)))
            up[0] += 1

    start = time.process_time()
    env.process(source())
    env.process(burning())
    for _ in range(LINES):
        env.process(line())
    env.run(until=24 * days_of(years))
    return {"cpu_s": time.process_time() - start, "trips": float(len(log))}


def heap_loop(years: float) -> Found:
    """The same by hand: one heap of events, no library; the least it can take."""
    start = time.process_time()
    rng = np.random.default_rng(2)
    tips = iter((TIP_H * rng.lognormal(-0.02, 0.2, 4_000_000)).tolist())
    agenda: list[tuple[float, int, float, float]] = []
    free, waiting = TRUCKS, []
    bridge_in, bridge_out, bays = 0.0, 0.0, [0.0] * BAYS
    log: list[tuple[float, ...]] = []
    source = requests(years)
    ready = next(source, None)
    while agenda or ready is not None:
        if ready is not None and (not agenda or ready[0] < agenda[0][0]):
            now, time_h = ready
            waiting.append((now, time_h))
            ready = next(source, None)
        else:
            now, kind, time_h, left = heapq.heappop(agenda)
            if kind == 0:
                bridge_in = max(now, bridge_in) + WEIGH_H
                begin = max(bridge_in, bays[0])
                tipped = begin + next(tips)
                heapq.heapreplace(bays, tipped)
                heapq.heappush(agenda, (tipped, 1, time_h, left))
                continue
            if kind == 1:
                bridge_out = max(now, bridge_out) + WEIGH_H
                log.append((left, now, bridge_out, LOAD_T))
                heapq.heappush(agenda, (bridge_out + time_h, 2, time_h, left))
                continue
            free += 1
        while free and waiting:
            _, time_h = waiting.pop(0)
            free -= 1
            heapq.heappush(agenda, (now + LOADING_H + time_h, 0, time_h, now))
    return {"cpu_s": time.process_time() - start, "trips": float(len(log))}


def ciw_gate(years: float) -> Found:
    """Ciw states the gate only: three nodes in a row; no trucks, bunker, outages."""
    try:
        import ciw
    except ImportError:
        return {}
    rate = T_PER_D / LOAD_T / 24
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate), None, None],
        service_distributions=[
            ciw.dists.Deterministic(WEIGH_H),
            ciw.dists.Lognormal(np.log(TIP_H), 0.2),
            ciw.dists.Deterministic(WEIGH_H),
        ],
        number_of_servers=[BRIDGES, BAYS, BRIDGES],
        routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    )
    start = time.process_time()
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(24 * days_of(years))
    trips = sum(r.node == 3 for r in simulation.get_all_records())
    return {"cpu_s": time.process_time() - start, "trips": float(trips)}


# One run -----------------------------------------------------------------------------

RUNS: dict[str, tuple[Callable[[float], Found], str]] = {
    "wasteplan": (wasteplan, "public simulate: gate, bunker, outages, log, audit"),
    "without audit": (lambda y: wasteplan(y, without="audit"), "audit left out"),
    "without log": (lambda y: wasteplan(y, without="log"), "log and audit left out"),
    "simpy": (simpy_processes, "idiomatic SimPy, a process per trip"),
    "heap": (heap_loop, "plain heapq loop, no bunker, no audit"),
    "ciw": (ciw_gate, "Ciw, the gate only"),
    "wide": (wide, "45,000 sources x 1 year, trip grain"),
    "pickups": (pickups, "45,000 sources x 1 year, pickup grain"),
    "long 3": (lambda _: long(3), "20 years, 20 trucks, 3 replications"),
    "long 30": (lambda _: long(30), "20 years, 20 trucks, 30 replications"),
}


def days_of(years: float) -> int:
    """Whole days of so many years."""
    return round(365 * years)


def peak_mb() -> float:
    """Peak memory of this process.  [MB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(name: str, years: float) -> Found:
    """One line in a process of its own."""
    command = [sys.executable, __file__, "--alone", name, "--years", str(years)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found


def table(names: list[str], years: float) -> None:
    """Run and print line by line."""
    head = f"{'':<14}{'trips':>11}{'CPU s':>9}{'trips/s':>10}{'peak MB':>9}{'ratio':>7}"
    print(f"200 trucks x {years:g} years, one replication, and what else is named")
    print(head)
    seen: dict[str, Found] = {}
    for name in names:
        found = seen[name] = alone(name, years)
        if "cpu_s" not in found:
            print(f"{name:<14} left out: the package is not installed")
            continue
        trips, cpu = found.get("trips", float("nan")), found["cpu_s"]
        if name == "without log":
            trips = seen.get("wasteplan", {}).get("trips", trips)
        base = seen.get("simpy", {})
        ratio = trips / cpu / (base["trips"] / base["cpu_s"]) if base else float("nan")
        print(
            f"{name:<14}{trips:>11,.0f}{cpu:>9.2f}{trips / cpu:>10,.0f}"
            f"{found['peak_mb']:>9.0f}{ratio:>7.2f}  {RUNS[name][1]}"
            + "".join(f", {k} {v:.4g}" for k, v in found.items() if k not in SHOWN)
        )
    shares(seen)


SHOWN = ("trips", "cpu_s", "peak_mb")


def shares(seen: dict[str, Found]) -> None:
    """What log and audit cost."""
    if {"wasteplan", "without audit", "without log"} <= set(seen):
        full, no_audit, no_log = (
            seen[n]["cpu_s"] for n in ("wasteplan", "without audit", "without log")
        )
        print(f"audit: {100 * (full - no_audit) / full:.1f} % of the run")
        print(f"log: {100 * (no_audit - no_log) / no_log:.1f} % on top of no log")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--years", type=float, default=10.0)
    parser.add_argument("--only", nargs="+", choices=list(RUNS), default=None)
    parser.add_argument("--alone", choices=list(RUNS), default=None)
    asked = parser.parse_args()
    if asked.alone:
        found = RUNS[asked.alone][0](asked.years)
        if found:
            found["peak_mb"] = peak_mb()
        print(json.dumps(found))
        return
    order = ["simpy", *(n for n in RUNS if n != "simpy")]
    table([n for n in order if asked.only is None or n in asked.only], asked.years)


if __name__ == "__main__":
    main()
