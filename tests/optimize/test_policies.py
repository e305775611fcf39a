"""Every policy family against enumeration: each generator goes to one of four places.

A sorting hall (40 % sold, 60 % to the tip), two clean plants and a standing tip; what
is opened follows from where waste goes and from what is forced.  All assignments are
tried, their cost and metrics being added up here.  Limits are those of a plan drawn at
random, so that there is one; which families are switched on is drawn too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pytest
from networks import (
    Acceptance,
    FractionProperty,
    Outlet,
    Period,
    Target,
    distances,
    generator,
    settings,
    size,
    sorts,
    standing,
    technology,
    two_generators,
    waste,
)
from test_burdens import flood, people

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.network.haulage import Vehicle
from wasteplan.network.places import Site
from wasteplan.optimize import solve
from wasteplan.scenario.records import Choice

PLACES = ("hall", "one", "two", "tip")
HOSTS = ("north", "north", "south", "south")
REGIONS = ("r0", "r1", "r0", "r1")
PER_KM, LOAD_T, KG_PER_KM, SOLD, LIFE = 0.1, 10.0, 2.0, 0.4, 30
SEEDS = 12
ROOM, TINY = 1e-7, 1e-12
FLOORS = (
    "landfill_diversion_rate",
    "recycling_rate",
    "jobs",
    "jobs_total",
    "site_score",
    "diversion_rate_lowest",
)
CAPS = (
    "co2e_direct_t_per_y",
    "capex",
    "exposure_total",
    "exposure_largest_total",
    "unsuited_total_t",
    "hosted_largest_total_t",
    "landfilled_total_t",
    "hosted_share_largest",
    "exposure_share_largest",
)
CHOICES = ("service_distance", "force", "forbid", "region")
FAMILIES = (*FLOORS, *CAPS, *CHOICES)


@dataclass
class Draw:
    """A case drawn at random."""

    seed: int
    chance: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.chance = c = np.random.default_rng(self.seed)
        self.tonnes = np.round(c.uniform(5e3, 3e4, 4))
        self.km = np.round(c.uniform(3, 80, (4, 4)), 1)
        self.on_km = np.round(c.uniform(3, 40, 2), 1)  # hall to tip, hall to shop
        self.dues = np.round([*c.uniform(20, 60, 3), c.uniform(5, 15)], 1)
        self.capex = np.round(c.uniform(1e5, 3e6, 3), -3)
        self.capacity = np.round(c.uniform(3e4, 9e4, 3), -2)
        self.people = np.round(c.uniform(10, 900, 4))
        self.depth = np.round(c.uniform(0, 4, 4), 2)
        self.jobs = np.round(c.uniform(0.1, 3, 4), 2)
        self.price = float(np.round(c.uniform(0, 80), 1))

    @property
    def score(self) -> np.ndarray:
        return 1 - self.depth / 4

    def taken(self, chosen: tuple[int, ...]) -> np.ndarray:
        """Tonnes that each place takes; the tip also what is left of sorting."""
        raw = np.bincount(chosen, self.tonnes, minlength=4)
        return raw + np.array([0, 0, 0, (1 - SOLD) * raw[0]])

    def cost(self, chosen: tuple[int, ...], opened: set[int]) -> float:
        """Annuities, dues, haul, less what is sold; one year at no interest."""
        hauls = sum(
            self.tonnes[g] * PER_KM * self.km[g, p] for g, p in enumerate(chosen)
        )
        sorted_t = self.taken(chosen)[0]
        on = np.array([1 - SOLD, SOLD]) * sorted_t
        return float(
            self.capex[list(opened)].sum() / LIFE
            + self.dues @ self.taken(chosen)
            + hauls
            + PER_KM * on @ self.on_km
            - self.price * on[1]
        )

    def metrics(self, chosen: tuple[int, ...], opened: set[int]) -> dict[str, float]:
        """Every metric of a target, and the longest haul."""
        taken, whole = self.taken(chosen), self.tonnes.sum()
        lost = np.array([{3: 1.0, 0: 1 - SOLD}.get(p, 0.0) for p in chosen])
        rate = {
            r: 1
            - sum(self.tonnes[g] * lost[g] for g in range(4) if REGIONS[g] == r)
            / sum(self.tonnes[g] for g in range(4) if REGIONS[g] == r)
            for r in set(REGIONS)
        }
        exposed = taken * self.people
        hosted = {h: np.array([x == h for x in HOSTS]) for h in set(HOSTS)}
        km_t = sum(self.tonnes[g] * self.km[g, p] for g, p in enumerate(chosen))
        km_t += taken[0] * ((1 - SOLD) * self.on_km[0] + SOLD * self.on_km[1])
        jobs = self.jobs @ taken / 1e3
        return {
            "landfill_diversion_rate": 1 - float(self.tonnes @ lost) / whole,
            "region": rate["r0"],
            "diversion_rate_lowest": min(rate.values()),
            "recycling_rate": SOLD * taken[0] / whole,
            "jobs": jobs,
            "jobs_total": jobs,
            "site_score": min((self.score[p] for p in opened), default=1.0),
            "co2e_direct_t_per_y": 2 * km_t * KG_PER_KM / LOAD_T / 1e3,
            "capex": self.capex[list(opened)].sum(),
            "exposure_total": exposed.sum(),
            "exposure_largest_total": max(exposed[i].sum() for i in hosted.values()),
            "unsuited_total_t": float(taken @ (1 - self.score)),
            "hosted_largest_total_t": max(taken[i].sum() for i in hosted.values()),
            "landfilled_total_t": taken[3],
            "hosted_share_largest": max(
                taken[i].sum() / taken.sum() for i in hosted.values()
            ),
            "exposure_share_largest": max(
                exposed[i].sum() / exposed.sum() for i in hosted.values()
            ),
            "service_distance": max(self.km[g, p] for g, p in enumerate(chosen)),
        }

    def fits(self, chosen: tuple[int, ...]) -> bool:
        return bool((self.taken(chosen)[:3] <= self.capacity).all())


@dataclass(frozen=True)
class Policy:
    """What is asked for: limits by family, what must open, what may not."""

    limits: dict[str, float]
    forced: int | None
    forbidden: int | None


def policy_of(draw: Draw) -> Policy:
    """Limits that a plan drawn at random keeps, of families drawn at random."""
    every = [c for c in product(range(4), repeat=4) if draw.fits(c)]
    witness = every[int(draw.chance.integers(len(every)))]
    opened = {p for p in witness if p < 3}
    found = draw.metrics(witness, opened)
    on = set(draw.chance.choice(FAMILIES, size=6, replace=False))
    limits = {}
    for name in on & found.keys():
        loose = abs(found[name]) * ROOM
        limits[name] = found[name] + (loose if is_cap(name) else -loose)
        if "share" in name:
            limits[name] = min(1.0, limits[name])
    shut = sorted({0, 1, 2} - opened)
    return Policy(
        limits,
        min(opened) if "force" in on and opened else None,
        shut[0] if "forbid" in on and shut else None,
    )


def is_cap(name: str) -> bool:
    return name in CAPS or name == "service_distance"


def best_of_all(draw: Draw, policy: Policy) -> float:
    """The least cost of all assignments; to open more than needed helps nobody."""
    best = np.inf
    for chosen in product(range(4), repeat=4):
        if not draw.fits(chosen):
            continue
        opened = {p for p in chosen if p < 3}
        opened |= {policy.forced} - {None}
        if policy.forbidden in opened:
            continue
        found = draw.metrics(chosen, opened)
        if all(
            found[name] <= limit + TINY if is_cap(name) else found[name] >= limit
            for name, limit in policy.limits.items()
        ):
            best = min(best, draw.cost(chosen, opened))
    return best


def scenario_of(draw: Draw, policy: Policy):
    """The same case for the planner."""
    one = settings().solve.model_copy(
        update={
            "single_sourcing": True,
            "service_distance_max_km": policy.limits.get("service_distance"),
        }
    )
    zero = ("moisture_tropical_mixed", "carbon_dry", "fossil_carbon_share", "doc_dry")
    kinds = [f"k_{p}" for p in PLACES]
    return two_generators(
        settings=settings(solve=one),
        generators=tuple(generator(f"g{i}", r) for i, r in enumerate(REGIONS)),
        generation=tuple(waste(f"g{i}", t) for i, t in enumerate(draw.tonnes)),
        fraction_properties=tuple(
            FractionProperty(fraction="stuff", property=name, value=0.0)
            for name in zero
        ),
        vehicles=(
            Vehicle(
                id="truck",
                cost_per_t_km=PER_KM,
                payload_t=LOAD_T,
                co2_kg_per_km=KG_PER_KM,
            ),
        ),
        sites=tuple(
            Site(id=p, name=p, region=h, technologies=k if p != "tip" else "")
            for p, h, k in zip(PLACES, HOSTS, kinds, strict=True)
        ),
        technologies=tuple(
            technology(
                k,
                kind,
                lifetime_y=LIFE,
                variable_om_per_t=draw.dues[i],
                jobs_per_kt_per_y=draw.jobs[i],
            )
            for i, (k, kind) in enumerate(
                zip(kinds, ("sorting", "storage", "storage", "disposal"), strict=True)
            )
        ),
        sizes=(
            *(size(kinds[i], draw.capacity[i], draw.capex[i]) for i in range(3)),
            size("k_tip", 1e6),
        ),
        facilities=(standing("tip", "k_tip"),),
        **sorts("k_hall", SOLD),
        outlets=(
            Outlet(
                id="shop",
                name="Shop",
                kind="buyer",
                accepts="good",
                price_per_t=draw.price,
            ),
        ),
        acceptance=(
            *(Acceptance(technology=k, accepts="mixed") for k in kinds),
            Acceptance(technology="k_tip", accepts="rest"),
        ),
        periods=(Period(id="p1", first_year=2025, last_year=2025),),
        distances=distances(
            {
                **{
                    f"g{i}": dict(zip(PLACES, km, strict=True))
                    for i, km in enumerate(draw.km.tolist())
                },
                "hall": {"tip": draw.on_km[0], "shop": draw.on_km[1]},
            }
        ),
        site_criteria=(
            *people(**dict(zip(PLACES, draw.people, strict=True))),
            *flood(**dict(zip(PLACES, draw.depth, strict=True))),
        ),
        targets=tuple(
            _target(name, limit)
            for name, limit in sorted(policy.limits.items())
            if name != "service_distance"
        ),
        choices=tuple(
            Choice(id=how, choice=how, site=PLACES[p], technology=kinds[p])
            for how, p in (("force", policy.forced), ("forbid", policy.forbidden))
            if p is not None
        ),
    )


def _target(name: str, limit: float) -> Target:
    if name == "region":
        return Target(id=name, metric="landfill_diversion_rate", min=limit, region="r0")
    side = "max" if is_cap(name) else "min"
    return Target(id=name, metric=name, **{side: limit})


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_assignment_is_cheaper(seed):
    draw = Draw(seed)
    policy = policy_of(draw)
    case = scenario_of(draw, policy)

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(best_of_all(draw, policy), rel=2e-6)
    assert not evaluate(case, plan).violations


def test_every_family_is_asked_for_by_some_case():
    asked = set()
    for seed in range(SEEDS):
        policy = policy_of(Draw(seed))
        asked |= policy.limits.keys()
        asked |= {"force"} if policy.forced is not None else set()
        asked |= {"forbid"} if policy.forbidden is not None else set()

    assert asked == set(FAMILIES)


@pytest.mark.parametrize("seed", range(2))
def test_without_its_limits_a_case_costs_no_more(seed):
    draw = Draw(seed)
    policy = policy_of(draw)

    free = solve(scenario_of(draw, replace(policy, limits={})))

    assert free.proof.objective <= best_of_all(draw, policy) * (1 + 1e-6)


def test_a_haul_too_far_is_not_taken():
    """The cheap plant is 60 km from a: within 50 km a goes to the tip at 11 USD/t."""
    one = settings().solve.model_copy(update={"service_distance_max_km": 50.0})
    case = two_generators(
        settings=settings(solve=one),
        technologies=(
            technology("plant", "storage", variable_om_per_t=1.0),
            technology("tip", variable_om_per_t=10.0),
        ),
        distances=distances(
            {"a": {"clean": 60.0, "dump": 10.0}, "b": {"clean": 10.0, "dump": 10.0}}
        ),
    )

    assert solve(case).proof.objective == pytest.approx(50_000 * 11 + 30_000 * 2)


def test_a_target_of_a_region_is_met_there():
    """Half of the 30 kt/y of the south: 15 kt at 41 USD/t, all the rest at 11."""
    south = Target(
        id="south", metric="landfill_diversion_rate", min=0.5, region="south"
    )
    case = two_generators(
        generators=(generator("a", "north"), generator("b", "south")), targets=(south,)
    )

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(15_000 * 41 + 65_000 * 11)
    assert {r.origin for r in plan.routes if r.destination == "clean.plant"} == {"b"}
