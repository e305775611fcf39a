"""No mass is lost or made, whatever the network, the shares and the yields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from evaluation_cases import (
    ASH,
    GAS,
    REST,
    SOLD,
    case,
    generator,
    outlet,
    period,
    plan,
    route,
    site,
    size,
    splits,
    standing,
    takes,
    technology,
    tonnes,
)
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.indicators.accounts import actor_accounts
from wasteplan.network.places import Centre
from wasteplan.plan.records import Plan, Route
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Fate, LeakageStep

ENDS = (
    "leaked_t",
    "landfilled_t",
    "residues_landfilled_t",
    "recycled_t",
    "released_t",
    "exported_t",
)
PERIODS = ("p1", "p2")
TAKERS = {
    "raw": ("c", "s.sorter", "w.burner", "t.tip", "u.tip"),
    "kept": ("s.sorter", "w.burner", "t.tip", "u.tip"),
    "rest": ("w.burner", "t.tip", "u.tip", "kiln"),
    "sold": ("buyer", "t.tip"),
    "slag": ("t.tip", "u.tip", "far_tip"),
}


def network(rng: np.random.Generator) -> Scenario:
    """Up to four towns in two regions, a centre, three kinds of plants, outlets."""
    n = int(rng.integers(1, 5))
    names = [f"g{i}" for i in range(n)]
    share = rng.uniform(0, 0.4, 2)
    sold = rng.uniform(0, 1, 2)
    slag = rng.uniform(0.05, 0.5, 2)
    fates = [
        Fate(id="heap", kind="dumping", status="read"),
        Fate(id="picker", kind="informal", counts_as="recycling", status="read"),
    ]
    steps = [
        LeakageStep(
            generator_class="town", stream="wet", fate=f.id, share=s, status="read"
        )
        for f, s in zip(fates, share, strict=True)
    ]
    centre = Centre(
        id="c",
        name="c",
        region="north",
        is_existing=True,
        throughput_max_t_per_y=1e9,
        mixes_streams=bool(rng.integers(2)),
        status="read",
    )
    sites = {"s": "sorter", "w": "burner", "t": "tip", "u": "tip"}
    kinds = {"sorter": "sorting", "burner": "combustion", "tip": "disposal"}
    return case(
        periods=[period("p1", 2025, 2027), period("p2", 2028, 2028)],
        generators=[
            generator(g, ("north", "south")[i % 2]) for i, g in enumerate(names)
        ],
        generation=[
            tonnes(
                g, s, float(rng.uniform(0, 1e5)), growth=float(rng.uniform(-0.2, 0.2))
            )
            for g in names
            for s in ("dry", "wet")
        ],
        sites=[site(s, k) for s, k in sites.items()],
        facilities=[standing(k, s) for s, k in sites.items()],
        technologies=[technology(k, kind) for k, kind in kinds.items()],
        sizes=[size(k) for k in kinds],
        products=[ASH, GAS, REST, SOLD],
        yields=[
            row
            for f, part, left in zip(("dry", "wet"), sold, slag, strict=True)
            for row in (
                *splits("sorter", f, sold=part, rest=1 - part),
                *splits("burner", f, slag=left, gas=1 - left),
            )
        ],
        acceptance=takes("sorter", "dry", "wet"),
        centres=[centre],
        outlets=[
            outlet("buyer", "sold", price_per_t=20),
            outlet("kiln", "rest", kind="kiln", counts_as="recovery"),
            outlet("far_tip", "slag", kind="disposal", counts_as="landfill"),
        ],
        fates=fates,
        leakage=steps,
    )


def shares(
    rng: np.random.Generator, places: tuple[str, ...]
) -> list[tuple[str, float]]:
    """Random shares, some of them nothing."""
    parts = rng.uniform(0, 1, len(places)) * rng.integers(0, 2, len(places))
    if not parts.any():
        parts[int(rng.integers(len(places)))] = 1.0
    return [
        (d, float(p)) for d, p in zip(places, parts / parts.sum(), strict=True) if p
    ]


def random_plan(rng: np.random.Generator, scenario: Scenario) -> Plan:
    """Random shares everywhere; outputs by stream, by stream and region, or whole."""
    routes: list[Route] = []

    def add(origin: str, product: str, key: str, stream: str, at: str) -> None:
        for destination, share in shares(rng, TAKERS[key]):
            routes.append(route(origin, destination, share, product, stream, at))

    for at in PERIODS:
        for g in scenario.generators:
            for stream in ("dry", "wet"):
                add(g.id, "raw", "raw", stream, at)
        for stream in ("dry", "wet"):
            add("c", "raw", "kept", stream, at)
        tags = [("",), ("dry", "wet"), ("dry@north", "dry", "wet", "")]
        for origin, product in (("s.sorter", "rest"), ("s.sorter", "sold")):
            for tag in tags[int(rng.integers(3))]:
                add(origin, product, product, tag, at)
        for tag in tags[int(rng.integers(3))]:
            add("w.burner", "slag", "slag", tag, at)
    return plan(*routes)


@how(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_is_generated_ends_somewhere(seed: int) -> None:
    """Generated = leaked + landfilled + residues + recycled + released + exported.

    Per period, region and stream to 1e-9, whether outputs leave as blends or not.
    """
    rng = np.random.default_rng(seed)
    scenario = network(rng)
    made = random_plan(rng, scenario)
    for blends in (True, False):
        result = evaluate(scenario, made, blends=blends)
        ended = result.waste[list(ENDS)].sum(axis=1).to_numpy()
        generated = result.waste["generated_t"].to_numpy()
        np.testing.assert_allclose(ended, generated, rtol=1e-9, atol=1e-9)
        accounts = actor_accounts(result.costs, result.transfers)
        total = float(result.costs["amount"].sum())
        assert accounts["net_cost"].sum() == pytest.approx(total, rel=1e-9, abs=1e-6)


@how(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_place_passes_on_what_it_takes(seed: int) -> None:
    """Centres and plants: in = out over products, releases aside, year by year."""
    rng = np.random.default_rng(seed)
    scenario = network(rng)
    flows = evaluate(scenario, random_plan(rng, scenario)).flows
    for at in PERIODS:
        now = flows[flows["period"] == at]
        came = now.groupby("destination")["t_in_period"].sum()
        left = now.groupby("origin")["t_in_period"].sum()
        for place in ("c", "s.sorter"):
            assert left.get(place, 0.0) == pytest.approx(
                came.get(place, 0.0), rel=1e-9, abs=1e-6
            )


@how(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10))
def test_costs_scale_with_tonnes(seed: int, factor: float) -> None:
    """Without fixed costs, a multiple of the waste costs the multiple."""
    rng = np.random.default_rng(seed)
    scenario = network(rng)
    made = random_plan(rng, scenario)
    more: dict[str, Any] = {
        "generation": tuple(
            g.model_copy(update={"waste_t_per_y": factor * g.waste_t_per_y})
            for g in scenario.generation
        )
    }
    small, large = evaluate(scenario, made), evaluate(replace(scenario, **more), made)
    assert large.cost_present_value == pytest.approx(
        factor * small.cost_present_value, rel=1e-9
    )
    rate = "landfill_diversion_rate"
    assert large.kpi(rate) == pytest.approx(small.kpi(rate), abs=1e-9)


def test_rounded_shares_lose_no_mass() -> None:
    """Three thirds written with seven digits sum to 0.9999999; all mass arrives."""
    rng = np.random.default_rng(1)
    scenario = network(rng)
    third = 0.3333333
    routes = [
        route(g.id, place, third, stream=s, at=at)
        for g in scenario.generators
        for s in ("dry", "wet")
        for at in PERIODS
        for place in ("w.burner", "t.tip", "u.tip")
    ]
    routes += [route("w.burner", "t.tip", product="slag", at=at) for at in PERIODS]
    waste = evaluate(scenario, plan(*routes)).waste
    np.testing.assert_allclose(
        waste[list(ENDS)].sum(axis=1), waste["generated_t"], rtol=1e-12
    )
