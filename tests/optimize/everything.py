"""Random small networks in which every constraint family has rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from networks import (
    BlendLimit,
    Fate,
    Target,
    site,
    size,
    standing,
)
from random_measures import measured
from test_burdens import flood, people
from test_informal import pickers, way

from wasteplan.network.haulage import Vehicle
from wasteplan.network.places import Site
from wasteplan.optimize.data import PlanningData, SingleDestination
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Choice, Price, Season, YearlyFactor
from wasteplan.superstructure.assembly import superstructure

BURNED = "burn.burner"
SITES = ("sort", "burn", "tip")
LIMITS = {
    "landfill_diversion_rate": 0.01,
    "recycling_rate": 0.001,
    "jobs": 0.01,
    "site_score": 0.3,
    "informal_income_share": 0.1,
    "jobs_total": 0.1,
    "diversion_rate_lowest": 0.001,
    "collected_rate_lowest": 0.001,
}
"""Floors; loose, so that there is a plan."""
CAPS = {
    "co2e_direct_t_per_y": 1e9,
    "co2e_t_per_y": 1e9,
    "capex": 1e12,
    "cost_total": 1e12,
    "co2e_total_t": 1e12,
    "co2e_direct_total_t": 1e12,
    "landfilled_total_t": 1e12,
    "exposure_total": 1e15,
    "exposure_largest_total": 1e15,
    "unsuited_total_t": 1e12,
    "hosted_largest_total_t": 1e12,
    "hosted_share_largest": 0.99,
    "exposure_share_largest": 0.99,
}


def everything(seed: int, objective: str = "cost_total") -> PlanningData:
    """A random network with measures, and one of every kind of requirement."""
    scenario = with_everything(seed, objective)
    s = superstructure(scenario)
    sorter = next(p for p, x in enumerate(s.plants) if x.technology == "sorter")
    single = frozenset(SingleDestination(sorter, "rest", t) for t in range(s.n_periods))
    return PlanningData(s, single=single, own=(busy_or_shut,))


def with_everything(seed: int, objective: str = "cost_total") -> Scenario:
    """The scenario of `everything`."""
    base, chance = measured(seed), np.random.default_rng(seed + 7)
    chosen = base.settings.solve.model_copy(
        update={
            "objective": objective,
            "weight_co2e_per_t": 5.0,
            "weight_landfilled_per_t": 3.0,
            "weight_jobs_per_person_y": 100.0,
            "weight_exposure_per_person_t": 1e-4,
            "weight_unsuited_per_t": 1.0,
            "single_sourcing": bool(seed % 2),
            "service_distance_max_km": 50.0 if seed % 3 == 0 else None,
        }
    )
    return replace(
        base,
        settings=base.settings.model_copy(update={"solve": chosen}),
        sites=(
            _place("sort", "q0", "sorter burner", permit_t_per_y=3e5),
            _place("burn", "q1", "burner", heat_demand_gj_per_y=1e5, opens_from=2026),
            _place("tip", "q2", "cell", airspace_m3=5e6),
        ),
        facilities=(
            standing("tip", "cell", airspace_left_m3=2e6, may_close=True),
            standing("sort", "sorter"),
        ),
        sizes=(
            *(s for s in base.sizes if s.technology != "cell"),
            size("sorter", 2e4, 1e6, 5e4, id="line", module_of="only", modules_max=2),
            size(
                "burner",
                2e4,
                5e6,
                1e5,
                id="line",
                module_of="only",
                lhv_design_mj_per_kg=10.0,
            ),
            size("cell", 1e6, 3e7, 1e5, airspace_m3=4e5),
        ),
        technologies=tuple(_technology(t, chance) for t in base.technologies),
        seasons=(
            Season(id="wet", stream="mixed", waste_share=0.6, moisture_factor=1.1),
            Season(id="dry", stream="mixed", waste_share=0.4, moisture_factor=0.85),
        ),
        blend_limits=(
            BlendLimit(
                technology="burner", property="lhv_mj_per_kg", min=1.0, max=30.0
            ),
        ),
        vehicles=(
            Vehicle(id="truck", cost_per_t_km=0.12, payload_t=9.0, co2_kg_per_km=1.1),
        ),
        fates=(*base.fates, Fate(id="unused", kind="kiln", counts_as="recycling")),
        informal=(pickers(capture=0.1, paid_per_t=10.0),),
        integration=(way(price_added_per_t=5.0, cost_per_y=2e4, capture_added=0.01),),
        site_criteria=(
            *people(**{s: float(chance.integers(1, 900)) for s in SITES}),
            *flood(sort=3.5, **{s: float(chance.uniform(0, 2.5)) for s in SITES[1:]}),
        ),
        choices=(
            Choice(
                id="on", choice="force", site="burn", technology="burner", period="p2"
            ),
            Choice(
                id="off",
                choice="forbid",
                site="burn",
                technology="burner",
                size="big",
                period="p2",
            ),
        ),
        prices=(
            *base.prices,
            *(_price(item) for item in ("heat_sold", "electricity_sold")),
        ),
        factors=(
            *base.factors,
            YearlyFactor(item="heat_kg_co2e_per_gj", year=2025, value=60.0),
            YearlyFactor(item="grid_kg_co2e_per_kwh", year=2025, value=0.6),
        ),
        targets=(
            *(Target(id=f"least_{m}", metric=m, min=v) for m, v in LIMITS.items()),
            *(Target(id=f"most_{m}", metric=m, max=v) for m, v in CAPS.items()),
            Target(id="r0", metric="landfill_diversion_rate", min=0.001, region="r0"),
            Target(id="clean", metric="recycling_rate", max=0.999, stream="clean"),
        ),
    )


def _place(name: str, region: str, technologies: str, **more: object) -> Site:
    return site(name, technologies, **more).model_copy(update={"region": region})


def _technology(t: object, chance: np.random.Generator) -> object:
    changes = {"jobs_per_kt_per_y": float(np.round(chance.uniform(0.1, 3), 2))}
    if t.id == "burner":
        changes |= {"efficiency_heat_net": 0.3, "lifetime_y": 5}
    if t.id == "sorter":
        changes |= {"load_min": 0.1}
    return t.model_copy(update=changes)


def _price(item: str) -> Price:
    return Price(item=item, year=2025, value=0.1, currency="USD", price_year=2024)


def busy_or_shut(d: object) -> Iterator[tuple[str, object]]:
    """Own constraints over plants, measures and totals."""
    for period in d.periods:
        taken = d.takes_kt(BURNED, period)
        yield f"busy_{period}", taken >= 0.5 * d.is_open(BURNED, period)
        yield (
            f"with_{period}",
            d.at_work("sort", period) <= d.works("sort.sorter", period),
        )
    yield "purse", d.total("cost_total") <= 1e6
