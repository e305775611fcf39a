"""Plants that grow by further lines: paper cases and every set of builds."""

from itertools import product

import numpy as np
import pytest
from networks import (
    TWO_YEARS,
    Period,
    distances,
    generator,
    settings,
    site,
    size,
    standing,
    technology,
    two_generators,
    waste,
)
from scipy.optimize import linprog
from test_rendering import assert_same_matrix

from wasteplan.errors import ScenarioError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize import solve
from wasteplan.optimize.alternatives import next_best
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.handover import problem
from wasteplan.optimize.incumbent import decisions_of
from wasteplan.plan.records import Build
from wasteplan.superstructure.assembly import superstructure

TWO = TWO_YEARS
THREE = (*TWO, Period(id="p3", first_year=2027, last_year=2027))
LIFE = 30


def growing(n=1, *, life=LIFE, periods=TWO, first=900.0, line=300.0, **more):
    """50 + 30 kt/y doubling in 2026; a first line of 90 kt/y, further ones of 40."""
    tables = {
        "generation": (
            waste("a", 50_000.0 / 2, 1.0),
            waste("b", 30_000.0 / 2, 1.0),
        ),
        "technologies": (
            technology("plant", "storage", lifetime_y=life),
            technology("tip", variable_om_per_t=100.0),
        ),
        "sizes": (
            size("plant", 90_000.0, first),
            size("plant", 40_000.0, line, id="line", module_of="only", modules_max=n),
            size("tip", 1e6),
        ),
        "periods": periods,
    }
    return two_generators(**{**tables, **more})


def builds(plan):
    """(size, period) of what opens, by period, first lines first."""
    own = [(b.size, b.period) for b in plan.builds if b.technology == "plant"]
    return sorted(own, key=lambda b: (b[1], b[0] != "only"))


def test_a_plant_grows_when_waste_does():
    """80 kt/y, then 160 with room for 90: two lines of 40 kt/y join in p2.

    First line: 2 annuities of 900/30; two lines: one of 300/30 each; 1 USD/t of haul.
    Modules do not carry the site's cost: 300 for 40 kt/y, where the first costs 900.
    """
    case = growing(2)

    plan = solve(case)

    assert builds(plan) == [("only", "p1"), ("line", "p2"), ("line", "p2")]
    cost = 2 * 900 / LIFE + 2 * 300 / LIFE + 240_000 * 1.0
    assert plan.proof.objective == pytest.approx(cost)
    assert not evaluate(case, plan).violations


def test_no_more_lines_than_may_be():
    """One line: 130 of 160 kt/y in p2, 30 kt/y to the tip at 101 USD/t."""
    plan = solve(growing(1))

    assert builds(plan) == [("only", "p1"), ("line", "p2")]
    cost = 2 * 900 / LIFE + 300 / LIFE + 210_000 * 1.0 + 30_000 * 101
    assert plan.proof.objective == pytest.approx(cost)


def test_no_line_without_its_first():
    """The first costs 99 M a year, the line nothing: all 80 and 160 kt to the tip."""
    plan = solve(growing(3, first=99e6 * LIFE, line=0.0))

    assert builds(plan) == []
    assert plan.proof.objective == pytest.approx(240_000 * 101)


def test_a_line_beside_what_stands():
    """The first stands already: only lines are bought."""
    stands = (standing("clean", "plant"), standing("dump", "tip"))
    plan = solve(growing(2, first=99e6 * LIFE, facilities=stands))

    assert builds(plan) == [("line", "p2"), ("line", "p2")]
    assert plan.proof.objective == pytest.approx(2 * 300 / LIFE + 240_000 * 1.0)


def test_a_line_stops_with_its_first():
    """Lives of 2 years, 3 periods, 120 kt/y: first and line are built again in p3."""
    case = growing(2, life=2, periods=THREE, generation=(waste("a", 120_000.0),))

    plan = solve(case)

    assert builds(plan) == [
        ("only", "p1"),
        ("line", "p1"),
        ("only", "p3"),
        ("line", "p3"),
    ]
    assert not evaluate(case, plan).violations


def test_a_plan_by_hand_is_judged():
    """A line alone, and two sizes at once, are named."""
    case = growing(1)
    plan = solve(case)
    alone = plan.model_copy(
        update={"builds": tuple(b for b in plan.builds if b.size == "line")}
    )
    line = Build(site="clean", technology="plant", size="line", period="p2")
    more = plan.model_copy(update={"builds": (*plan.builds, line)})

    found = {v.requirement for v in evaluate(case, alone).violations}
    assert "modules" in found
    (too_many,) = evaluate(case, more).violations
    assert (too_many.requirement, too_many.value, too_many.limit) == ("modules", 2, 1)


def test_two_first_sizes_at_once_are_named():
    case = growing(1)
    first = Build(site="clean", technology="plant", size="only", period="p2")
    plan = solve(case)
    twice = plan.model_copy(update={"builds": (*plan.builds, first)})

    (found,) = evaluate(case, twice).violations
    assert (found.requirement, found.period, found.value) == ("one_size", "p2", 2)


def test_a_plan_is_found_again():
    """Equal lines of a plan become decisions and the same plan again."""
    case = growing(2)
    plan = solve(case)
    p = problem(PlanningData(superstructure(case)))
    guess = decisions_of(p, plan)

    works = {k: guess[p.column_of[id(v)]] for k, v in p.model.works.items()}
    assert sum(works.values()) == 4  # the first in both periods, each line in p2
    assert builds(solve(case, incumbent=plan)) == builds(plan)


def test_the_next_best_has_other_lines():
    """The plan itself is not found again, nor are two others the same."""
    case = growing(2)
    best = solve(case)
    others = list(next_best(case, best, 2))

    assert all(builds(o) != builds(best) for o in others)
    assert len({tuple(builds(o)) for o in others}) == 2


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ({"module_of": "other"}, "'plant' has no size 'other'"),
        ({"module_of": "line"}, "is a further line itself"),
        ({"module_of": "", "modules_max": 2}, "does not say of what"),
        ({"module_of": "only", "lhv_design_mj_per_kg": 9.0}, "for one of"),
    ],
)
def test_mistakes_are_told(rows, text):
    sizes = (
        size("plant", 90_000.0),
        size("plant", 40_000.0, id="line", **rows),
        size("tip", 1e6),
    )
    with pytest.raises(ScenarioError, match=text):
        growing(sizes=sizes)


def test_cells_are_no_modules():
    sizes = (
        size("plant", 90_000.0),
        size("tip", 1e6),
        size("tip", 1e6, id="more", module_of="only"),
    )
    with pytest.raises(ScenarioError, match="landfills grow by cells"):
        growing(sizes=sizes)


RATE = 0.06
FIRST = {"small": (20_000.0, 3e6, 1e5), "large": (45_000.0, 5e6, 2e5)}
LINES = {"small": (15_000.0, 1e6, 5e4, 2), "large": (30_000.0, 1.6e6, 9e4, 1)}
SITES = ("s0", "s1")


def random_case(seed):
    """Two sites, two first sizes with lines of their own, two periods, growth."""
    chance = np.random.default_rng(seed)
    tonnes = np.round(chance.uniform(8e3, 3e4, 3))
    km = np.round(chance.uniform(3, 60, (3, 2)), 1)
    dump = float(np.round(chance.uniform(20, 90), 1))
    growth = float(np.round(chance.uniform(0.0, 0.4), 2))
    case = two_generators(
        settings=settings(rate=RATE),
        generators=tuple(generator(f"g{i}") for i in range(3)),
        generation=tuple(waste(f"g{i}", tonnes[i], growth) for i in range(3)),
        sites=(*(site(s, "plant") for s in SITES), site("dump", "")),
        technologies=(
            technology("plant", "storage", lifetime_y=LIFE, variable_om_per_t=5.0),
            technology("tip", variable_om_per_t=dump),
        ),
        sizes=(
            *(size("plant", *v, id=k) for k, v in FIRST.items()),
            *(
                size("plant", *v[:3], id=f"{k}_line", module_of=k, modules_max=v[3])
                for k, v in LINES.items()
            ),
            size("tip", 1e6),
        ),
        periods=TWO,
        distances=distances(
            {
                f"g{i}": {**{s: km[i, j] for j, s in enumerate(SITES)}, "dump": 10.0}
                for i in range(3)
            }
        ),
    )
    return case, tonnes, km, dump, growth


def states():
    """What a site may have in two periods: (first, lines then and now), per period."""
    each = [(None, 0)] + [(k, n) for k, v in LINES.items() for n in range(v[3] + 1)]
    return [
        (a, b)
        for a, b in product(each, repeat=2)
        if a[0] in (None, b[0]) and a[1] <= b[1]
    ]


def brute_force(tonnes, km, dump, growth):
    """The best of all states of both sites, flows by a transport problem."""
    discount = [(1 + RATE) ** -1, (1 + RATE) ** -2]
    crf = RATE / (1 - (1 + RATE) ** -LIFE)
    cost = np.column_stack([0.1 * km + 5.0, np.full(3, 1.0 + dump)])
    best = np.inf
    flows: dict[tuple[int, float, float], float] = {}
    for chosen in product(states(), repeat=2):
        total = 0.0
        for t in range(2):
            room = []
            for state in chosen:
                first, n = state[t]
                kt = capex = fixed = 0.0
                if first:
                    f, line = FIRST[first], LINES[first]
                    kt, capex, fixed = (f[i] + n * line[i] for i in range(3))
                room.append(kt)
                total += discount[t] * (crf * capex + fixed)
            key = (t, *room)
            if key not in flows:
                volume = tonnes * (1 + growth) ** (t + 1)
                found = linprog(
                    (cost * volume[:, None]).ravel(),
                    A_eq=np.kron(np.eye(3), np.ones(3)),
                    b_eq=np.ones(3),
                    A_ub=np.kron(volume, np.eye(3)[:2]),
                    b_ub=np.array(room),
                    bounds=(0, 1),
                )
                flows[key] = discount[t] * found.fun
            total += flows[key]
        best = min(best, total)
    return best


@pytest.mark.parametrize("seed", range(3))
def test_no_way_to_grow_is_cheaper(seed):
    case, *numbers = random_case(seed)

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(brute_force(*numbers), rel=1e-7)
    assert not evaluate(case, plan).violations


@pytest.mark.parametrize("seed", range(2))
def test_matrix_and_algebra_agree_with_lines(seed):
    assert_same_matrix(PlanningData(superstructure(random_case(seed)[0])))
    short = growing(2, life=2, periods=THREE)
    assert_same_matrix(PlanningData(superstructure(short)))
