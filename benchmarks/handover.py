"""How long a model takes from arrays to the solver, and how much memory.

    python benchmarks/handover.py     # 50 thousand, 500 thousand, 1 million hauls
    python benchmarks/handover.py --arcs 50000 --ways raw wasteplan linopy

One generated siting case (50 sites, 4 streams, 5 periods; columns of hauls counted) is
handed to HiGHS four ways, each in a process of its own: arrays straight to `passModel`
by hand; this model, through the public `solve` on the folder; linopy; and Pyomo with a
variable per haul through `appsi_highs`.  All four state the same program: shares that
sum to 1, what a plant takes, its capacity by size, one size per site, opening for good,
and up to 250,000 hauls the strong links share <= open.

The clock runs from the arrays (tonnes, cost of every haul, sizes; what `superstructure`
returns) to the return of `passModel`: seconds of the processor, all threads.  Reading
and checking the folder and working out its arrays are printed beside it.  Peak memory
is that of the whole process, imports and inputs included.  `linopy` (MIT) is needed for
its line only: `pip install linopy`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from generated_folder import siting_folder

N_SITES, N_STREAMS, N_PERIODS = 50, 4, 5
WAYS = ("raw", "wasteplan", "linopy", "appsi")
LINKS_MAX = 250_000
NAMES = {
    "raw": "raw highspy",
    "wasteplan": "wasteplan, public `solve`",
    "linopy": "linopy",
    "appsi": "Pyomo, `appsi_highs`",
}


@dataclass(frozen=True)
class Case:
    """The arrays that every way starts from."""

    haul: np.ndarray
    """(sources, sites, periods): cost of all of a source.  [M money]"""
    kt: np.ndarray
    """(sources, periods).  [kt/y]"""
    stream: np.ndarray
    """(sources,)"""
    per_kt: np.ndarray
    """(streams, sites, periods): cost of treatment.  [M money/(kt/y)]"""
    building: np.ndarray
    """(sites, sizes, periods): cost of being there from a period on, less what being
    there from the next one costs.  [M money]"""
    capacity: np.ndarray
    """(sizes,)  [kt/y]"""

    @property
    def has_links(self) -> bool:
        """Whether share <= open is stated haul by haul."""
        return self.haul.size <= LINKS_MAX

    @property
    def reach(self) -> np.ndarray:
        """(streams, sites, periods): the most that can come.  [kt/y]"""
        total = np.zeros((self.per_kt.shape[0], self.kt.shape[1]))
        np.add.at(total, self.stream, self.kt)
        most = np.minimum(total, self.capacity.max())
        return np.repeat(most[:, None, :], self.haul.shape[1], axis=1)


class Handed(Exception):
    """Raised when the solver has the model: nothing is solved here."""


def clock() -> float:
    """Seconds of the processor, of all threads."""
    return time.process_time()


def peak_mb() -> float:
    """The most memory the process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def case_of(folder: Path) -> Case:
    """The arrays of a generated folder, as the package works them out."""
    from wasteplan.optimize.data import PlanningData
    from wasteplan.optimize.haul_block import first_cost
    from wasteplan.scenario.loading import load_scenario
    from wasteplan.superstructure.assembly import superstructure

    s = superstructure(load_scenario(folder))
    data = PlanningData(s)
    n, n_t = len(s.sources.stream), s.n_periods
    haul = np.zeros((n, len(s.plants), n_t))
    haul[s.first.tail, s.feeds.plant[s.first.feed]] = first_cost(data)
    streams = sorted(set(s.sources.stream))
    stream = np.array([streams.index(name) for name in s.sources.stream])
    per_kt = np.zeros((len(streams), len(s.plants), n_t))
    for f, p in enumerate(s.feeds.plant):
        origin = s.commodities[s.feeds.commodity[f]].origins[0]
        per_kt[streams.index(s.origins[origin].stream), p] = s.feeds.cost[f]
    sizes = sorted({o.size for o in s.options})
    capital = np.zeros((len(s.plants), len(sizes), n_t + 1))
    fixed = np.zeros((len(s.plants), len(sizes), n_t))
    capacity = np.zeros(len(sizes))
    for o in s.options:
        k = sizes.index(o.size)
        capital[o.plant, k, :n_t], fixed[o.plant, k] = o.capital_m, o.fixed_om_m
        capacity[k] = o.capacity_kt
    building = capital[..., :-1] - capital[..., 1:] + fixed
    return Case(haul, s.sources.collected_kt, stream, per_kt, building, capacity)


def raw(c: Case) -> Any:
    """Columns: at work, open, throughput, share; rows by hand."""
    import highspy
    from scipy import sparse

    n, n_p, n_t = c.haul.shape
    n_s, n_k = len(c.per_kt), len(c.capacity)
    works = np.arange(n_p * n_k * n_t, dtype=np.int32).reshape(n_p, n_k, n_t)
    opens = works.size + np.arange(n_p * n_t, dtype=np.int32).reshape(n_p, n_t)
    taken = works.size + opens.size + np.arange(n_s * n_p * n_t, dtype=np.int32)
    taken = taken.reshape(n_s, n_p, n_t)
    first = works.size + opens.size + taken.size
    share = first + np.arange(c.haul.size, dtype=np.int32).reshape(n, n_p, n_t)
    parts: list[tuple[np.ndarray, np.ndarray, Any]] = []
    lower, upper, start = [], [], 0

    def rows(shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
        nonlocal start
        size = int(np.prod(shape))
        lower.append(np.full(size, low))
        upper.append(np.full(size, high))
        start += size
        return np.arange(start - size, start, dtype=np.int32).reshape(shape)

    whole = rows((n, n_t), 1.0, 1.0)
    parts.append((whole[:, None, :], share, 1.0))
    fill = rows((n_s, n_p, n_t), 0.0, 0.0)
    parts += [(fill[c.stream], share, -c.kt[:, None, :]), (fill, taken, 1.0)]
    cap = rows((n_p, n_t), -np.inf, 0.0)
    parts += [
        (cap[None], taken, 1.0),
        (cap[:, None], works, -c.capacity[None, :, None]),
    ]
    reach = rows((n_s, n_p, n_t), -np.inf, 0.0)
    parts += [(reach, taken, 1.0), (reach, opens[None], -c.reach)]
    one = rows((n_p, n_t), -np.inf, 1.0)
    parts.append((one[:, None], works, 1.0))
    only = rows((n_p, n_t), -np.inf, 0.0)
    parts += [(only, opens, 1.0), (only[:, None], works, -1.0)]
    if_any = rows((n_p, n_k, n_t), -np.inf, 0.0)
    parts += [(if_any, works, 1.0), (if_any, opens[:, None], -1.0)]
    stays = rows((n_p, n_k, n_t - 1), 0.0, np.inf)
    parts += [(stays, works[..., 1:], 1.0), (stays, works[..., :-1], -1.0)]
    if c.has_links:
        link = rows((n, n_p, n_t), -np.inf, 0.0)
        parts += [(link, share, 1.0), (link, opens[None], -1.0)]
    entries = [np.broadcast_arrays(*part) for part in parts]
    i, j, v = (np.concatenate([e[k].ravel() for e in entries]) for k in range(3))
    n_columns = first + c.haul.size
    matrix = sparse.csr_matrix((v, (i, j)), shape=(start, n_columns))
    cost = [c.building.ravel(), np.zeros(opens.size), c.per_kt.ravel(), c.haul.ravel()]
    most = [np.ones(works.size + opens.size), c.reach.ravel(), np.ones(c.haul.size)]
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.passModel(
        n_columns,
        start,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        np.concatenate(cost),
        np.zeros(n_columns),
        np.concatenate(most),
        np.concatenate(lower),
        np.concatenate(upper),
        matrix.indptr,
        matrix.indices,
        matrix.data,
        (np.arange(n_columns) < works.size).astype(np.int32),
    )
    return h


def linopy(c: Case) -> Any:
    """The same program in linopy's labelled arrays, by its direct interface."""
    import linopy as lo
    import xarray as xr

    n, n_p, n_t = c.haul.shape

    def coords(**more: int) -> dict[str, np.ndarray]:
        return {k: np.arange(v) for k, v in more.items()}

    p, t, k, s = n_p, n_t, len(c.capacity), len(c.per_kt)
    m = lo.Model()
    works = m.add_variables(binary=True, coords=coords(p=p, k=k, t=t), name="works")
    opens = m.add_variables(0, 1, coords=coords(p=p, t=t), name="open")
    reach = xr.DataArray(c.reach, coords=coords(s=s, p=p, t=t), dims=("s", "p", "t"))
    taken = m.add_variables(0, reach, name="taken")
    share = m.add_variables(0, 1, coords=coords(g=n, p=p, t=t), name="share")
    kt = xr.DataArray(c.kt, coords=coords(g=n, t=t), dims=("g", "t"))
    m.add_constraints(share.sum("p") == 1, name="whole")
    per_stream = []
    for number in range(s):
        mine = np.flatnonzero(c.stream == number)
        per_stream.append((kt.isel(g=mine) * share.isel(g=mine)).sum("g"))
        m.add_constraints(
            per_stream[-1] - taken.sel(s=number) == 0, name=f"fill_{number}"
        )
    size = xr.DataArray(c.capacity, coords=coords(k=k), dims=("k",))
    m.add_constraints(taken.sum("s") - (size * works).sum("k") <= 0, name="capacity")
    m.add_constraints(taken - reach * opens <= 0, name="reach")
    m.add_constraints(works.sum("k") <= 1, name="one")
    m.add_constraints(opens - works.sum("k") <= 0, name="only")
    m.add_constraints(works - opens <= 0, name="if_any")
    later = works.isel(t=slice(1, None))
    before = works.isel(t=slice(0, -1)).assign_coords(t=np.arange(1, t))
    m.add_constraints(later - before >= 0, name="stays")
    if c.has_links:
        m.add_constraints(share - opens <= 0, name="links")
    haul = xr.DataArray(c.haul, coords=coords(g=n, p=p, t=t), dims=("g", "p", "t"))
    per_kt = xr.DataArray(c.per_kt, coords=coords(s=s, p=p, t=t), dims=("s", "p", "t"))
    built = xr.DataArray(c.building, coords=coords(p=p, k=k, t=t), dims=("p", "k", "t"))
    m.add_objective(
        (haul * share).sum() + (per_kt * taken).sum() + (built * works).sum()
    )
    return m.to_highspy()


def appsi(c: Case) -> Any:
    """The same program in Pyomo, a variable for every haul."""
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import Highs

    n, n_p, n_t = c.haul.shape
    m = pyo.ConcreteModel()
    m.G, m.P, m.T = (pyo.RangeSet(0, size - 1) for size in (n, n_p, n_t))
    m.K = pyo.RangeSet(0, len(c.capacity) - 1)
    m.S = pyo.RangeSet(0, len(c.per_kt) - 1)
    reach = c.reach
    m.works = pyo.Var(m.P, m.K, m.T, domain=pyo.Binary)
    m.open = pyo.Var(m.P, m.T, bounds=(0, 1))
    m.taken = pyo.Var(
        m.S, m.P, m.T, bounds=lambda m, s, p, t: (0, float(reach[s, p, t]))
    )
    m.share = pyo.Var(m.G, m.P, m.T, bounds=(0, 1))
    m.whole = pyo.Constraint(
        m.G, m.T, rule=lambda m, g, t: sum(m.share[g, p, t] for p in m.P) == 1
    )
    mine = [[int(g) for g in np.flatnonzero(c.stream == s)] for s in m.S]
    m.fill = pyo.Constraint(
        m.S,
        m.P,
        m.T,
        rule=lambda m, s, p, t: (
            sum(float(c.kt[g, t]) * m.share[g, p, t] for g in mine[s])
            == m.taken[s, p, t]
        ),
    )
    m.capacity = pyo.Constraint(
        m.P,
        m.T,
        rule=lambda m, p, t: (
            sum(m.taken[s, p, t] for s in m.S)
            <= sum(float(c.capacity[k]) * m.works[p, k, t] for k in m.K)
        ),
    )
    m.reach = pyo.Constraint(
        m.S,
        m.P,
        m.T,
        rule=lambda m, s, p, t: (
            m.taken[s, p, t] <= float(reach[s, p, t]) * m.open[p, t]
        ),
    )
    m.one = pyo.Constraint(
        m.P, m.T, rule=lambda m, p, t: sum(m.works[p, k, t] for k in m.K) <= 1
    )
    m.only = pyo.Constraint(
        m.P,
        m.T,
        rule=lambda m, p, t: m.open[p, t] <= sum(m.works[p, k, t] for k in m.K),
    )
    m.if_any = pyo.Constraint(
        m.P, m.K, m.T, rule=lambda m, p, k, t: m.works[p, k, t] <= m.open[p, t]
    )
    m.stays = pyo.Constraint(
        m.P,
        m.K,
        pyo.RangeSet(1, n_t - 1),
        rule=lambda m, p, k, t: m.works[p, k, t] >= m.works[p, k, t - 1],
    )
    if c.has_links:
        m.links = pyo.Constraint(
            m.G, m.P, m.T, rule=lambda m, g, p, t: m.share[g, p, t] <= m.open[p, t]
        )
    terms = [
        (c.haul, m.share),
        (c.per_kt, m.taken),
        (c.building, m.works),
    ]
    m.cost = pyo.Objective(
        expr=pyo.quicksum(
            float(cost[i]) * variable[i]
            for cost, variable in terms
            for i in np.ndindex(cost.shape)
        )
    )
    solver = Highs()
    solver.set_instance(m)
    return solver._solver_model


def by_solve(folder: Path) -> tuple[dict[str, float], Any]:
    """This model through the public `solve`, stopped when the solver has it."""
    import highspy

    import wasteplan as wp
    from wasteplan.optimize import solving

    times: dict[str, float] = {}
    assemble = solving.superstructure

    def assembled(*args: Any, **kwargs: Any) -> Any:
        found = assemble(*args, **kwargs)
        times["arrays_s"], times["start"] = clock() - begun, clock()
        return found

    held: list[Any] = []
    hand = highspy.Highs.passModel

    def handed(self: Any, *model: Any) -> None:
        hand(self, *model)
        times["handover_s"] = clock() - times.pop("start")
        held.append(self)
        raise Handed

    begun = clock()
    scenario = wp.load_scenario(folder)
    times["load_s"], begun = clock() - begun, clock()
    solving.superstructure, highspy.Highs.passModel = assembled, handed
    try:
        wp.solve(scenario)
    except Handed:
        return times, held[0]
    finally:
        solving.superstructure, highspy.Highs.passModel = assemble, hand
    raise RuntimeError("the solver was never handed the model")


def one_way(way: str, folder: Path, *, relax: bool) -> dict[str, float]:
    """Measure a way in this process."""
    if way == "wasteplan":
        result, h = by_solve(folder)
    else:
        c = Case(**np.load(folder / "arrays.npz"))
        __import__({"raw": "highspy", "linopy": "linopy"}.get(way, "pyomo.environ"))
        if way == "raw":
            from scipy import sparse  # noqa: F401
        if way == "appsi":
            import pyomo.contrib.appsi.solvers  # noqa: F401
        begun = clock()
        h = {"raw": raw, "linopy": linopy, "appsi": appsi}[way](c)
        result = {"handover_s": clock() - begun}
    result |= {"peak_mb": peak_mb(), "columns": h.getNumCol(), "rows": h.getNumRow()}
    if relax:
        h.setOptionValue("solve_relaxation", True)
        h.setOptionValue("output_flag", False)
        h.run()
        result["relaxed_m"] = h.getInfo().objective_function_value
    return result


def apart(way: str, folder: Path, *, relax: bool, timeout_s: float) -> dict[str, float]:
    """Measure a way in a process of its own; empty if it takes too long."""
    command = [sys.executable, __file__, "--one", way, "--folder", str(folder)]
    try:
        done = subprocess.run(
            command + ["--relax"] * relax,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {}
    if done.returncode:
        print(done.stderr.strip()[-200:], file=sys.stderr)
        return {}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def table(arcs: int, ways: list[str], timeout_s: float, *, relax: bool) -> None:
    """One size of the case, every way."""
    n = round(arcs / (N_SITES * N_STREAMS * N_PERIODS))
    with tempfile.TemporaryDirectory() as name:
        folder = siting_folder(Path(name), n, N_SITES, N_STREAMS, N_PERIODS)
        np.savez(folder / "arrays.npz", **vars(case_of(folder)))
        base = None
        for way in ways:
            found = apart(way, folder, relax=relax, timeout_s=timeout_s)
            if not found:
                print(f"| {arcs:,} | {NAMES[way]} | - | - | - | - | - |", flush=True)
                continue
            base = found["handover_s"] if way == "raw" else base
            before = [found.get(k) for k in ("load_s", "arrays_s")]
            cells = [
                f"{found['handover_s']:.2f}",
                "-" if base is None else f"{found['handover_s'] / base:.1f}",
                f"{found['peak_mb']:.0f}",
                f"{found['columns']:,.0f} x {found['rows']:,.0f}",
                " + ".join(f"{x:.2f}" for x in before if x is not None) or "-",
            ]
            if relax:
                cells.append(f"{found['relaxed_m']:.6f}")
            print(f"| {arcs:,} | {NAMES[way]} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print the table, or measure one way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--arcs", type=int, nargs="+", default=[50_000, 500_000, 1_000_000]
    )
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds a way")
    parser.add_argument(
        "--check", action="store_true", help="solve the relaxations: all are one model"
    )
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--relax", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        found = one_way(chosen.one, chosen.folder, relax=chosen.relax)
        print(json.dumps(found))
        return
    last = " relaxation, M |" if chosen.check else ""
    print(
        "| hauls | way | CPU s | ratio to raw | peak MB | columns x rows "
        f"| before the clock: reading + arrays, s |{last}"
    )
    print("|" + "---|" * (7 + chosen.check))
    for arcs in chosen.arcs:
        table(arcs, chosen.ways, chosen.timeout, relax=chosen.check)


if __name__ == "__main__":
    main()
