"""Jobs, exposure and suitability as objectives and limits; the working is on paper."""

from dataclasses import replace

import numpy as np
import pytest
from networks import (
    Acceptance,
    Period,
    Target,
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

from wasteplan.errors import NoAnswer, ScenarioError, WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.horizon import objective_value, total
from wasteplan.network.places import Centre, SiteCriterion
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.shadow_prices import shadow_prices
from wasteplan.optimize.solving import TIE
from wasteplan.scenario.site_effects import people_affected, site_scores
from wasteplan.study.front_steps import aimed, limited
from wasteplan.study.pareto import pareto
from wasteplan.superstructure.assembly import superstructure

THREE_YEARS = (Period(id="p1", first_year=2025, last_year=2027),)


def people(**persons):
    return tuple(
        SiteCriterion(site=s, criterion="people_affected", kind="score", value=n)
        for s, n in persons.items()
    )


def flood(**depths):
    """A score from 4 m of flood, the worst, to none, the best."""
    return tuple(
        SiteCriterion(
            site=s,
            criterion="flood_m",
            kind="score",
            value=depth,
            weight=3.0,
            worst=4.0,
            best=0.0,
        )
        for s, depth in depths.items()
    )


def crowded(**more):
    """200 people beside the dump, 50 beside the plant; 0.5 and 2 jobs per kt/y."""
    tables = {
        "technologies": (
            technology(
                "plant", "storage", variable_om_per_t=40.0, jobs_per_kt_per_y=2.0
            ),
            technology("tip", variable_om_per_t=10.0, jobs_per_kt_per_y=0.5),
        ),
        "site_criteria": people(clean=50, dump=200),
    }
    return two_generators(**{**tables, **more})


def test_jobs_over_all_years_have_a_floor():
    """80 kt/y, 3 years: at the tip 0.5 x 240 = 120 person-years, at the plant 480.

    A floor of 300: 0.5 (240 - x) + 2 x = 300, x = 120 kt at 41 USD/t, the rest at 11.
    """
    case = limited(crowded(periods=THREE_YEARS), {"jobs_total": 300.0})

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(120_000 * 41 + 120_000 * 11)
    assert total(case, "jobs_total", evaluate(case, plan)) == pytest.approx(300)


def test_most_jobs_are_those_of_the_plant():
    """All 80 kt to the plant: 160 FTE, and the bound says that none has more."""
    plan = solve(aimed(crowded(), "jobs_total"))

    assert plan.proof.objective == pytest.approx(160)
    assert plan.proof.bound == pytest.approx(160)
    assert (plan.proof.of, plan.proof.unit) == ("jobs_total", "person-years")
    most = max(plan.routes, key=lambda r: r.share)
    assert (most.destination, most.share) == ("clean.plant", pytest.approx(1, abs=1e-4))


def test_more_jobs_than_there_are_cannot_be_had():
    with pytest.raises(NoAnswer, match="missed by 40 person-years: set min to 160"):
        solve(limited(crowded(), {"jobs_total": 200.0}))


def test_jobs_of_a_year_have_a_floor():
    """100 FTE: 0.5 (80 - x) + 2 x = 100, x = 40 kt.  Centres employ people too."""
    floor = (Target(id="work", metric="jobs", min=100.0),)
    case = crowded(targets=floor)

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(40_000 * 41 + 40_000 * 11)
    assert evaluate(case, plan).kpi("jobs", "p1") == pytest.approx(100)
    with pytest.raises(NoAnswer, match="the floor on jobs 'work' in p1 is off by 40"):
        solve(crowded(targets=(Target(id="work", metric="jobs", min=200.0),)))


def test_jobs_at_a_centre_count():
    """A baler with 1 FTE/(kt/y) on the way to the tip: 80 + 40 person-years."""
    baler = Centre(
        id="baler",
        name="Baler",
        region="r",
        throughput_max_t_per_y=1e6,
        is_existing=True,
        jobs_per_kt_per_y=1.0,
        variable_om_per_t=5.0,
    )
    ways = {"clean": 99.0, "dump": 10.0, "baler": 0.0}
    case = crowded(
        centres=(baler,),
        sites=(site("clean", ""), site("dump", "")),
        distances=distances(
            {"a": ways, "b": ways, "baler": {"clean": 99.0, "dump": 10.0}}
        ),
    )

    plan = solve(aimed(case, "jobs_total"))

    assert plan.proof.objective == pytest.approx(120)


def test_the_least_exposure():
    """All to the plant with 50 people beside it: 80,000 t x 50 = 4 million person t."""
    plan = solve(aimed(crowded(), "exposure_total"))

    assert plan.proof.objective == pytest.approx(4e6)


def test_a_limit_on_exposure():
    """7 million person t: 50 x + 200 (80,000 - x) = 7e6, x = 60,000 t to the plant."""
    case = limited(crowded(), {"exposure_total": 7e6})

    plan = solve(case)

    assert plan.proof.objective == pytest.approx(60_000 * 41 + 20_000 * 11)
    assert not evaluate(case, plan).violations
    price = next(p for p in shadow_prices(case, plan) if p.unit == "person t")
    assert price.tighter == pytest.approx(30 / 150)  # 30 USD/t moves 150 person t
    with pytest.raises(NoAnswer, match=r"exceeded by 1,000,00\d person t"):
        solve(limited(crowded(), {"exposure_total": 3e6}))


def test_a_weight_on_exposure_moves_the_waste_once_it_pays():
    """30 USD/t buys 150 people less: worth it from 0.2 USD/(person t) on."""
    low = solve(aimed(crowded(), "weighted", weight_exposure_per_person_t=0.19))
    high = solve(aimed(crowded(), "weighted", weight_exposure_per_person_t=0.21))

    assert low.proof.objective == pytest.approx(80_000 * (11 + 0.19 * 200))
    assert high.proof.objective == pytest.approx(80_000 * (41 + 0.21 * 50))


def test_a_weight_on_jobs_moves_the_waste_once_it_pays():
    """30 USD/t buys 1.5 FTE per kt: worth it from 20,000 USD a person-year on."""
    low = solve(aimed(crowded(), "weighted", weight_jobs_per_person_y=19_900.0))
    high = solve(aimed(crowded(), "weighted", weight_jobs_per_person_y=20_100.0))

    assert low.proof.objective == pytest.approx(80_000 * 11 - 19_900 * 40)
    assert high.proof.objective == pytest.approx(80_000 * 41 - 20_100 * 160)


def test_people_within_a_radius():
    """Towns of 1,000 at the site, 500 one degree of latitude (111.2 km) north."""
    towns = (
        generator("a").model_copy(update={"lon": 0.0, "lat": 0.0, "population": 1000}),
        generator("b").model_copy(update={"lon": 0.0, "lat": 1.0, "population": 500}),
    )
    places = (site("clean", "plant", lon=0.0, lat=0.0), site("dump", "", lon=0, lat=2))
    case = two_generators(generators=towns, sites=places)

    def within(radius_km):
        return people_affected(aimed(case, "cost_total", exposure_radius_km=radius_km))

    assert within(111.0) == {"clean": 1000, "dump": 0}
    assert within(112.0) == {"clean": 1500, "dump": 500}
    stated = replace(case, site_criteria=people(dump=7))
    assert people_affected(stated)["dump"] == 7
    assert np.isnan(people_affected(stated)["clean"])


def test_scores_are_weighted_means():
    """Flood 1 of 4 m scores 0.75 with weight 3; slope 30 of 10-50 % half, weight 1.

    (3 x 0.75 + 1 x 0.5) / 4 = 0.6875.
    """
    slope = {"criterion": "slope", "kind": "score", "weight": 1.0}
    rows = (
        *flood(clean=1.0, dump=9.0),
        *(
            SiteCriterion(site=s, value=30.0, worst=50.0, best=10.0, **slope)
            for s in ("clean", "dump")
        ),
    )

    scores = site_scores(two_generators(site_criteria=rows))

    assert scores == pytest.approx({"clean": 0.6875, "dump": 0.125})


def test_nothing_opens_at_a_site_with_too_low_a_score():
    """The plant is cheaper; its site scores 0.25, the least is 0.3: all to the dump.

    With 0.2 it opens.  The dump stands: its score is not asked.
    """
    cheap = (
        technology("plant", "storage", variable_om_per_t=1.0),
        technology("tip", variable_om_per_t=10.0),
    )

    def case(least):
        return two_generators(
            technologies=cheap,
            site_criteria=flood(clean=3.0, dump=4.0),
            targets=(Target(id="sound", metric="site_score", min=least),),
        )

    opens, stays = solve(case(0.2)), solve(case(0.3))

    assert opens.proof.objective == pytest.approx(80_000 * 2)
    assert stays.proof.objective == pytest.approx(80_000 * 11)
    (found,) = evaluate(case(0.3), opens).violations
    assert (found.requirement, found.value) == ("site_score", 0.25)
    with pytest.raises(NoAnswer, match="the least score of sites 'sound'"):
        solve(replace(case(0.3), facilities=()))


def test_the_least_tonnes_at_unsuited_sites():
    """Scores 0.75 and 0.5: 80 kt x 0.25 = 20,000 t at the plant, 40,000 at the dump."""
    case = two_generators(site_criteria=flood(clean=1.0, dump=2.0))

    plan = solve(aimed(case, "unsuited_total_t"))
    half = solve(limited(case, {"unsuited_total_t": 30_000}))

    assert plan.proof.objective == pytest.approx(20_000, rel=2 * TIE)
    assert half.proof.objective == pytest.approx(40_000 * 41 + 40_000 * 11)


def test_a_weight_on_unsuited_sites():
    """30 USD/t buys a quarter of a tonne: worth it from 120 USD/t on."""
    case = two_generators(site_criteria=flood(clean=1.0, dump=2.0))

    low = solve(aimed(case, "weighted", weight_unsuited_per_t=119.0))
    high = solve(aimed(case, "weighted", weight_unsuited_per_t=121.0))

    assert low.proof.objective == pytest.approx(80_000 * 11 + 119 * 40_000)
    assert high.proof.objective == pytest.approx(80_000 * 41 + 121 * 20_000)


def test_a_front_of_cost_and_jobs():
    """Each person-year above 40 costs 30/1.5 x 1000 = 20,000 USD."""
    front = pareto(crowded(), ("cost_total", "jobs_total"), points=4)

    assert [p.values["jobs_total"] for p in front.points] == pytest.approx(
        [40, 80, 120, 160], abs=0.01
    )
    for point in front.points:
        by_hand = 880_000 + 20_000 * (point.values["jobs_total"] - 40)
        assert point.values["cost_total"] == pytest.approx(by_hand, rel=1e-5)


MISTAKES = {
    "no scores": (
        {"targets": (Target(id="x", metric="site_score", min=0.5),)},
        "no site has a score",
    ),
    "no people": (
        {"targets": (Target(id="x", metric="exposure_total", max=5.0),)},
        "people beside clean, dump are unknown",
    ),
    "a site without the criterion": (
        {"site_criteria": flood(clean=1.0)},
        "weighted criterion 'flood_m' is missing for dump",
    ),
    "a scale of its own": (
        {
            "site_criteria": (
                *flood(clean=1.0),
                flood(dump=1.0)[0].model_copy(update={"worst": 9.0}),
            )
        },
        "differs from 4.0 at site 'clean'",
    ),
    "no scale": (
        {
            "site_criteria": tuple(
                c.model_copy(update={"best": None}) for c in flood(clean=1, dump=1)
            )
        },
        "is empty, and the score is weighted",
    ),
    "worst is best": (
        {
            "site_criteria": tuple(
                c.model_copy(update={"best": 4.0}) for c in flood(clean=1, dump=1)
            )
        },
        "is also the worst",
    ),
    "an upper limit on jobs": (
        {"targets": (Target(id="x", metric="jobs_total", max=5.0),)},
        "has a lower limit only",
    ),
    "a score in percent": (
        {
            "site_criteria": flood(clean=1, dump=1),
            "targets": (Target(id="x", metric="site_score", min=50.0),),
        },
        "is not between 0 and 1",
    ),
    "jobs unknown": (
        {
            "technologies": (
                technology("plant", "storage", jobs_per_kt_per_y=None),
                technology("tip"),
            ),
            "targets": (Target(id="x", metric="jobs", min=5.0),),
        },
        "is empty, and jobs is asked for",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told(name):
    tables, text = MISTAKES[name]

    with pytest.raises(ScenarioError, match=text):
        two_generators(**tables)


def test_unknown_people_are_no_zero():
    """Without the check of a folder the planner still refuses."""
    with pytest.raises(WasteplanError, match="people beside"):
        solve(aimed(two_generators(), "exposure_total"))


AIMS = ("jobs_total", "exposure_total", "unsuited_total_t")
SITES = ("s0", "s1", "s2")
YEARS = (2025, 2026)


def random_case(seed):
    """Three sites with a plant each (built or not), a tip, two one-year periods."""
    chance = np.random.default_rng(seed)
    n = len(SITES)
    draw = {
        "tonnes": np.round(chance.uniform(5e3, 3e4, 3)),
        "growth": float(np.round(chance.uniform(0, 0.2), 2)),
        "people": np.round(chance.uniform(10, 5000, n + 1)),
        "depth": np.round(chance.uniform(0, 4, n + 1), 2),
        "jobs": np.round(chance.uniform(0.1, 3, n + 1), 2),
        "room": np.round(chance.uniform(1e4, 4e4, n)),
    }
    names = (*SITES, "tip")
    case = two_generators(
        generators=tuple(generator(f"g{i}") for i in range(3)),
        generation=tuple(
            waste(f"g{i}", t, draw["growth"]) for i, t in enumerate(draw["tonnes"])
        ),
        sites=(*(site(s, f"k{s}", facilities_max=1) for s in SITES), site("tip", "")),
        technologies=(
            *(
                technology(
                    f"k{s}",
                    "storage",
                    jobs_per_kt_per_y=draw["jobs"][i],
                    variable_om_per_t=5.0 + i,
                )
                for i, s in enumerate(SITES)
            ),
            technology("tip", jobs_per_kt_per_y=draw["jobs"][n]),
        ),
        sizes=(
            *(
                size(f"k{s}", draw["room"][i], 1e5 * (i + 1))
                for i, s in enumerate(SITES)
            ),
            size("tip", 1e6),
        ),
        facilities=(standing("tip", "tip"),),
        acceptance=tuple(
            Acceptance(technology=k, accepts="mixed")
            for k in (*(f"k{s}" for s in SITES), "tip")
        ),
        periods=tuple(Period(id=f"p{y}", first_year=y, last_year=y) for y in YEARS),
        distances=distances({f"g{i}": dict.fromkeys(names, 10.0) for i in range(3)}),
        site_criteria=(
            *people(**dict(zip(names, draw["people"], strict=True))),
            *flood(**dict(zip(names, draw["depth"], strict=True))),
        ),
    )
    return case, draw


def best_by_hand(draw, weight):
    """The best sum of weight x tonnes; every tonne may go anywhere there is room.

    Opening costs money only, so all sites may be open: what is left is how tonnes are
    shared out, one transport problem a year without distances.
    """
    best = 0.0
    for year in YEARS:
        whole = float(draw["tonnes"].sum()) * (1 + draw["growth"]) ** (year - 2024)
        room = [*draw["room"], np.inf]
        found = linprog(
            weight,
            A_eq=[np.ones(len(weight))],
            b_eq=[whole],
            bounds=[(0, r if np.isfinite(r) else None) for r in room],
        )
        best += found.fun
    return best


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_no_way_to_share_out_is_better(seed):
    case, draw = random_case(seed)
    weights = {
        "jobs_total": -draw["jobs"] * 1e-3,
        "exposure_total": draw["people"],
        "unsuited_total_t": draw["depth"] / 4,
    }
    for aim, weight in weights.items():
        aimed_case = aimed(case, aim)
        plan = solve(aimed_case, gap=1e-9)
        sign = -1 if aim == "jobs_total" else 1

        by_hand = sign * best_by_hand(draw, weight)
        assert plan.proof.objective == pytest.approx(by_hand, rel=3e-6)
        found = evaluate(aimed_case, plan)
        assert sign * objective_value(aimed_case, found) == pytest.approx(
            plan.proof.objective
        )


@pytest.mark.parametrize("seed", range(2))
def test_matrix_and_algebra_agree_with_burdens(seed):
    case, _ = random_case(seed)
    case = replace(
        case,
        targets=(
            Target(id="work", metric="jobs", min=1.0),
            Target(id="sound", metric="site_score", min=0.4),
        ),
    )
    case = limited(case, {"jobs_total": 1.0, "exposure_total": 1e9})
    for aim in (*AIMS, "cost_total"):
        assert_same_matrix(PlanningData(superstructure(aimed(case, aim))))


def test_settings_hold_all_weights():
    chosen = settings().solve.model_copy(
        update={
            "objective": "weighted",
            "weight_jobs_per_person_y": 5.0,
            "weight_exposure_per_person_t": 2.0,
        }
    )
    case = crowded(settings=settings(solve=chosen))

    aim = PlanningData(superstructure(case)).aim

    assert aim == pytest.approx(
        {"cost_total": 1.0, "jobs_total": -5e-6, "exposure_total": 2.0}
    )
