"""The rows of every constraint family as an LP file, on a case small enough to read.

    python tests/optimize/stored_lp.py

writes all files of `tests/optimize/lp/` again, where wasteplan is installed.  Look at
the difference before it is committed: every changed line is a changed coefficient.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyomo.environ as pyo
from measure_cases import programme, with_programme
from networks import (
    Acceptance,
    BlendLimit,
    FractionProperty,
    Outlet,
    Period,
    Target,
    distances,
    settings,
    site,
    size,
    sorts,
    standing,
    technology,
    two_generators,
)
from test_burdens import AIMS, crowded, flood
from test_corners import burning
from test_equity import (
    COLLECTED,
    EXPOSED,
    HOSTED,
    LOWEST,
    guarded_regions,
    spread,
    two_regions,
)
from test_growth import growing
from test_heat import with_heat
from test_informal import case as with_pickers
from test_informal import floor
from test_unmixing import sorted_rest

from wasteplan.network.haulage import Vehicle
from wasteplan.optimize import model
from wasteplan.optimize.data import PlanningData, SingleDestination
from wasteplan.optimize.decisions import declare
from wasteplan.optimize.rendering import as_pyomo
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Choice
from wasteplan.scenario.totals import TOTALS
from wasteplan.study.front_steps import aimed, limited
from wasteplan.superstructure.assembly import superstructure

FOLDER = Path(__file__).parent / "lp"
HAULS = (
    "collect_everything",
    "fill_feeds",
    "balance_outputs",
    "share_only_if_open",
    "send_to_one_place",
    "sum_emissions",
    "sum_all_years",
)
"""Families of the haul block, as `as_pyomo` says them."""
TWO = (
    Period(id="p1", first_year=2025, last_year=2025),
    Period(id="p2", first_year=2026, last_year=2027),
)
BUILT = (size("plant", 50_000.0, 3e6, 1e5), size("tip", 100_000.0))
FORCE = Choice(id="c", choice="force", site="clean", technology="plant")
WARM = (
    FractionProperty(fraction="stuff", property="moisture_tropical_mixed", value=0.0),
    FractionProperty(fraction="stuff", property="lhv_dry_mj_per_kg", value=12.0),
)
TRUCK = Vehicle(id="truck", cost_per_t_km=0.1, payload_t=10.0, co2_kg_per_km=5.0)


def target(metric: str, **more: object) -> tuple[Target, ...]:
    return (Target(id="asked", metric=metric, **more),)  # type: ignore[arg-type]


def plain(**more: object) -> Scenario:
    """A plant to build, a tip that stands, two periods of one and two years."""
    return two_generators(**{"periods": TWO, "sizes": BUILT, **more})


def furnace(**more: object) -> Scenario:
    """A furnace of 60 kt/y at 10 MJ/kg for waste of 12, at least 70 % full."""
    return two_generators(
        fraction_properties=WARM,
        technologies=(technology("plant", "storage", load_min=0.7), technology("tip")),
        sizes=(
            size("plant", 60_000.0, lhv_design_mj_per_kg=10.0),
            size("tip", 100_000.0),
        ),
        **more,
    )


def cells(**more: object) -> Scenario:
    """A cell of 100,000 m3 to build where a closing one stands."""
    return plain(
        sites=(site("clean", "plant"), site("dump", "tip", airspace_m3=150_000.0)),
        technologies=(
            technology("plant", "storage"),
            technology("tip", compaction_t_per_m3=0.8),
        ),
        sizes=(BUILT[0], size("tip", 100_000.0, 1e6, airspace_m3=100_000.0)),
        facilities=(standing("dump", "tip", airspace_left_m3=9e4, may_close=True),),
        **more,
    )


def sorting(**more: object) -> Scenario:
    """A hall to build, at least half full, makes 40 % good and 60 % rest for a tip."""
    ways = {"clean": 10.0, "dump": 10.0}
    return two_generators(
        sites=(site("clean", "plant"), site("dump", "tip")),
        facilities=(),
        technologies=(technology("plant", "sorting", load_min=0.5), technology("tip")),
        **sorts("plant"),
        outlets=(Outlet(id="shop", name="Shop", kind="buyer", accepts="good"),),
        acceptance=tuple(
            Acceptance(technology=k, accepts=a)
            for k, a in (("plant", "mixed"), ("tip", "mixed"), ("tip", "rest"))
        ),
        distances=distances(
            {"a": ways, "b": ways, "clean": {"dump": 5.0, "shop": 20.0}}
        ),
        **more,
    )


def both_on_one_site() -> Scenario:
    return two_generators(
        sites=(site("clean", "plant tip", permit_t_per_y=60_000.0), site("dump", ""))
    )


def emitting(**more: object) -> Scenario:
    return burning(vehicles=(TRUCK,), **more)


def whole(**more: object) -> object:
    return settings(solve=settings().solve.model_copy(update=more))


def kept_busy(d: object) -> Iterator[tuple[str, object]]:
    for period in d.periods:  # type: ignore[attr-defined]
        yield f"busy_{period}", d.takes_kt("clean.plant", period) >= 20  # type: ignore[attr-defined]


def one_way() -> PlanningData:
    """The rest of a sorting hall goes to one place only."""
    s = superstructure(sorted_rest(0.01))
    hall = next(p for p, plant in enumerate(s.plants) if plant.technology == "sorter")
    return PlanningData(s, single=frozenset({SingleDestination(hall, "rest", 0)}))


def data(scenario: Scenario) -> PlanningData:
    return PlanningData(superstructure(scenario))


CASES: dict[str, Callable[[], PlanningData]] = {
    "stays_active": lambda: data(plain()),
    "stays_closed": lambda: data(
        plain(facilities=(standing("dump", "tip", may_close=True),))
    ),
    "one_size": lambda: data(
        plain(sizes=(*BUILT, size("plant", 90_000.0, 5e6, id="big")))
    ),
    "modules_beside_first": lambda: data(growing(1)),
    "modules_in_order": lambda: data(growing(2)),
    "open_if_active": lambda: data(plain()),
    "site_room": lambda: data(both_on_one_site()),
    "permit": lambda: data(both_on_one_site()),
    "mass_capacity": lambda: data(plain()),
    "heat_capacity": lambda: data(furnace()),
    "minimum_load": lambda: data(furnace()),
    "open_takers": lambda: data(sorting()),
    "material_bounds": lambda: data(plain()),
    "blend_limits": lambda: data(
        furnace(
            blend_limits=(
                BlendLimit(
                    technology="plant", property="lhv_mj_per_kg", min=7.0, max=15.0
                ),
            )
        )
    ),
    "airspace": lambda: data(cells()),
    "site_airspace": lambda: data(cells()),
    "landfill_diversion": lambda: data(two_generators(diversion=0.6)),
    "recycling": lambda: data(sorting(targets=target("recycling_rate", min=0.2))),
    "heat_sold": lambda: data(with_heat()),
    "emissions_cap": lambda: data(
        emitting(targets=target("co2e_direct_t_per_y", max=1e4))
    ),
    "capex_budget": lambda: data(plain(targets=target("capex", max=2e6))),
    "jobs_floor": lambda: data(crowded(targets=target("jobs", min=100.0))),
    "suitable_sites": lambda: data(
        two_generators(
            site_criteria=flood(clean=3.0, dump=4.0),
            targets=target("site_score", min=0.3),
        )
    ),
    "burden_spread": lambda: data(
        aimed(spread(targets=target("exposure_share_largest", max=0.6)), HOSTED)
    ),
    "worst_served": lambda: data(aimed(two_regions(), LOWEST)),
    "worst_collected": lambda: data(aimed(guarded_regions(), COLLECTED)),
    "horizon_limits": lambda: data(
        limited(plain(), {"landfilled_total_t": 9e4, "cost_total": 5e6})
    ),
    "forced": lambda: data(plain(choices=(FORCE,))),
    "forbidden": lambda: data(
        plain(choices=(FORCE.model_copy(update={"choice": "forbid"}),))
    ),
    "one_regime": lambda: data(with_programme(programme())),
    "measures_go_on": lambda: data(with_programme(programme(), periods=TWO)),
    "informal_income": lambda: data(with_pickers(programme(), targets=(floor(0.5),))),
    "single_destination": one_way,
    "own_constraints": lambda: PlanningData(superstructure(plain()), own=(kept_busy,)),
    "collect_everything": lambda: data(with_programme(programme())),
    "fill_feeds": lambda: data(sorting()),
    "balance_outputs": lambda: data(sorting()),
    "share_only_if_open": lambda: data(plain()),
    "send_to_one_place": one_way,
    "sum_emissions": lambda: data(
        emitting(targets=target("co2e_direct_t_per_y", max=1e4))
    ),
    "sum_all_years": lambda: data(limited(plain(), {"cost_total": 5e6})),
    "single_sourcing": lambda: data(
        two_generators(settings=whole(single_sourcing=True))
    ),
    "service_distance": lambda: data(
        two_generators(
            settings=whole(service_distance_max_km=50.0),
            distances=distances(
                {"a": {"clean": 60.0, "dump": 10.0}, "b": {"clean": 10.0, "dump": 50.0}}
            ),
        )
    ),
}
"""Family -> a case in which it has rows."""
SHOWN_IN = {"single_sourcing": "collect_everything", "service_distance": "fill_feeds"}
"""Families without rows of their own: shares are whole, hauls too long are absent."""


def people_case() -> Scenario:
    """What all totals can be counted on."""
    base = spread()
    return replace(
        base,
        technologies=tuple(
            t.model_copy(update={"jobs_per_kt_per_y": 0.5 + k})
            for k, t in enumerate(base.technologies)
        ),
        site_criteria=(*base.site_criteria, *flood(near=1.0, far=3.0, dump=2.0)),
    )


def aims() -> dict[str, Callable[[], PlanningData]]:
    """Objective -> a case that aims at it."""
    of_people = {*AIMS, HOSTED, EXPOSED}

    def case(name: str) -> PlanningData:
        if name == LOWEST:
            return data(aimed(two_regions(), name))
        if name == COLLECTED:
            return data(aimed(guarded_regions(), name))
        base = people_case() if name in of_people else emitting(periods=TWO)
        return data(aimed(base, name))

    return {f"objective_{name}": lambda name=name: case(name) for name in TOTALS}


@cache
def components() -> dict[str, tuple[str, ...]]:
    """Family -> its Pyomo constraints."""
    m, known = pyo.ConcreteModel(), PlanningData(superstructure(plain()))
    declare(m, known)
    found = {name: (name,) for name in HAULS}
    for add in model.CONSTRAINTS:
        before = {c.local_name for c in m.component_objects(pyo.Constraint)}
        add(m, known)
        after = [c.local_name for c in m.component_objects(pyo.Constraint)]
        found[add.__name__] = tuple(c for c in after if c not in before)
    return found


def lp_text(name: str, folder: Path) -> str:
    """The LP file of a family or objective, nothing else of the model in it."""
    made = {**CASES, **aims()}[name]()
    m = as_pyomo(made)
    kept = components().get(SHOWN_IN.get(name, name), ())
    if name == "heat_sold":
        kept = ("heat_made",)  # declared only where heat has buyers
    for c in m.component_objects(pyo.Constraint):
        if c.local_name not in kept:
            c.deactivate()
    if not name.startswith("objective_"):
        m.objective.expr = 0.0
    file = folder / f"{name}.lp"
    m.write(str(file), io_options={"symbolic_solver_labels": True})
    text = legend(made) + file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    return text


def legend(data: PlanningData) -> str:
    """What the numbers in names of variables stand for, as comments."""
    s = data.s
    feeds = [
        f"{s.plants[p].id} < {s.commodities[c].product}"
        for p, c in zip(s.feeds.plant, s.feeds.commodity, strict=True)
    ]
    parts = {
        "plants p": [plant.id for plant in s.plants],
        "options o": [option.id for option in s.options],
        "feeds f of throughput(f_t)": feeds,
        "periods t": [span.id for span in s.spans],
    }
    return "".join(
        f"\\ {what}: " + ", ".join(f"{k} {x}" for k, x in enumerate(names)) + "\n"
        for what, names in parts.items()
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.lp"):
        old.unlink()
    for every in (*CASES, *aims()):
        lp_text(every, FOLDER)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.lp')))} files in {FOLDER}\n")
