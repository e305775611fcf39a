"""Two-stage siting against answers on paper, and against every set of builds.

Costs of the town in million USD, for 20, 60 and 100 kt/y (`two_stage_cases.py`):

    builds    20    60    100    mean
    nothing  1.6   4.8   8.0    4.8
    small    1.4   1.8   5.0    2.7333
    medium   1.7   2.1   3.9    2.5667
    big      2.4   2.8   3.2    2.8

small at 100 kt: 1.2 + 60 kt x 10 + 40 kt x 80 = 5.0.
"""

import os
import signal

import numpy as np
import pytest
from hard_case import hard_case
from scipy.optimize import linprog
from test_brute_force import LIFE, RATE, SIZES, YEARS, case
from two_stage_cases import three_futures, with_tonnes

from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.optimize.handover import problem
from wasteplan.optimize.recourse import Recourse
from wasteplan.optimize.risk import Risk
from wasteplan.optimize.running import Stop
from wasteplan.optimize.two_stage import follow_all, own_best, sampled, two_stage

STOP = Stop(1e-9, 60.0)
PRICES = Recourse(1000.0, 1000.0, 10.0)
THIRDS = np.full(3, 1 / 3)


def planned(samples, risk=Risk(), recourse=PRICES, chances=None):  # noqa: B008
    own = [own_best(s, recourse, STOP) for s in samples]
    return two_stage(samples, recourse, risk, STOP, chances=chances, own=own)


def built(found):
    """Sizes that are built, by the order in which they are offered."""
    return [
        name
        for name, value in zip(("small", "medium", "big"), found.decisions, strict=True)
        if value > 0.5
    ]


def test_the_middle_future_alone_builds_the_small_plant():
    """1.8 million, less than 2.1, 2.8 and 4.8."""
    own = own_best(three_futures()[1], PRICES, STOP)

    assert own.total == pytest.approx(1.8)
    assert own.decisions.tolist() == [1, 0, 0]


def test_the_expected_cost_builds_the_medium_plant():
    found = planned(three_futures())

    assert built(found) == ["medium"]
    assert found.objective == pytest.approx((1.7 + 2.1 + 3.9) / 3)
    assert found.totals == pytest.approx([1.7, 2.1, 3.9])
    assert found.gap == pytest.approx(0.0, abs=1e-6)


def test_the_worst_third_builds_the_big_plant():
    """The worst third is the future of 100 kt: 3.2 against 3.9, 5.0 and 8.0."""
    found = planned(three_futures(), Risk("cvar", alpha=2 / 3))

    assert built(found) == ["big"]
    assert found.objective == pytest.approx(3.2)


@pytest.mark.parametrize(
    ("weight", "chosen", "value"),
    [(0.2, "medium", 0.8 * 7.7 / 3 + 0.2 * 3.9), (0.5, "big", 0.5 * 2.8 + 0.5 * 3.2)],
)
def test_mean_and_worst_third_weighted(weight, chosen, value):
    """big and medium cost alike at w: 0.2333 (1 - w) = 0.7 w, so at w = 0.25."""
    found = planned(three_futures(), Risk("cvar", alpha=2 / 3, weight=weight))

    assert built(found) == [chosen]
    assert found.objective == pytest.approx(value)


def test_the_least_regret_builds_the_medium_plant():
    """Least costs 1.4, 1.8, 3.2. Regret: small 1.8, medium 0.7, big 1.0."""
    found = planned(three_futures(), Risk("regret"))

    assert built(found) == ["medium"]
    assert found.objective == pytest.approx(0.7)
    assert found.gap == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("chance", "chosen"), [(0.0, ["big"]), (0.34, ["medium"]), (1.0, ["medium"])]
)
def test_the_chance_of_missing_a_target(chance, chosen):
    """90 % diversion at 100 kt/y needs the big plant, else the medium one is cheapest.

    A miss itself costs nothing here: only its chance is limited.
    """
    samples, free = three_futures(diversion=0.9), Recourse(0.0, 1000.0, 0.0)
    found = planned(samples, Risk("chance", miss_max=chance), free)

    assert built(found) == chosen
    missing = [bool(f.missed) for f in found.followed]
    assert THIRDS @ missing <= chance + 1e-9


def test_a_chance_that_nothing_keeps():
    """300 kt in the last future: plants take 100, so a third is diverted, not 90 %."""
    samples = [with_tonnes(s, 3.0) for s in three_futures(diversion=0.9)]
    with pytest.raises(NoAnswer, match="allow more"):
        planned(samples, Risk("chance", miss_max=0.0))


def test_a_miss_is_priced_and_named():
    """The medium plant takes 80 of 100 kt; 90 are asked for: 10 kt at 1000 USD/t."""
    samples = three_futures(diversion=0.9)
    problems = [problem(sampled(s, PRICES)) for s in samples]
    [followed] = follow_all(problems, [np.array([0.0, 1.0, 0.0])])

    assert [bool(f.missed) for f in followed] == [False, False, True]
    miss = followed[2].missed[0]
    assert (miss.family, miss.place) == ("landfill_diversion", "div")
    assert miss.amount == pytest.approx(10.0)
    assert followed[2].missed_price == pytest.approx(10.0)
    assert followed[2].cost == pytest.approx(3.9)


def test_waste_without_a_place_is_no_waste_diverted():
    """300 kt against 200 kt of tip and 60 kt of plant: 40 kt lie about.

    They count as lost: 240 of 300 kt, where 30 may be: 210 kt short of the target.
    """
    sample = with_tonnes(three_futures(diversion=0.9)[1], 5.0)
    [[found]] = follow_all([problem(sampled(sample, PRICES))], [np.array([1, 0, 0])])
    by_family = {m.family: m.amount for m in found.missed}

    assert by_family["collect_everything"] == pytest.approx(40.0)
    assert by_family["landfill_diversion"] == pytest.approx(210.0)
    assert found.cost == pytest.approx(1.2 + 60 * 0.01 + 200 * 0.08)


def test_chances_may_differ():
    """20 kt nine times in ten: nothing is worth more than the small plant."""
    found = planned(three_futures(), chances=np.array([0.9, 0.05, 0.05]))

    assert built(found) == ["small"]
    assert found.objective == pytest.approx(0.9 * 1.4 + 0.05 * 1.8 + 0.05 * 5.0)


def test_samples_must_offer_the_same():
    from two_stage_cases import one_town

    with pytest.raises(WasteplanError, match="other decisions"):
        two_stage([one_town(2e4), one_town(2e4, size_id="big")], PRICES, Risk(), STOP)


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_plan_so_far():
    """Stopped at the first word of progress: the plan that opens all is there to keep.

    Its cost over both samples is what the best flows of all open sites cost.
    """
    samples = [with_tonnes(hard_case(40, 60), f) for f in (0.8, 1.2)]
    everything = np.ones(40)
    found = two_stage(
        samples,
        PRICES,
        Risk(),
        Stop(0.0, 120.0),
        candidates=[everything],
        progress=lambda _: os.kill(os.getpid(), signal.SIGINT),
    )
    problems = [problem(sampled(s, PRICES)) for s in samples]
    [followed] = follow_all(problems, [everything])

    assert found.status == "interrupted"
    assert found.objective <= sum(f.total for f in followed) / 2 + 1e-6
    assert -np.inf < found.bound < found.objective


FACTORS = (0.6, 1.0, 1.5)
LEFT = 200.0  # USD/t


def every_set_of_builds(tonnes, km, dues, growth):
    """(sets of builds, samples): cost in USD, by one linear program each."""
    discount = np.array([(1 + RATE) ** -(y - 2024) for y in YEARS])
    volume = np.array([(1 + growth) ** (y - 2024) for y in YEARS])
    crf = RATE / (1 - (1 + RATE) ** -LIFE)
    choices = [None, *SIZES]
    found = []
    for index in np.ndindex(3, 3, 3, 3):
        chosen = [choices[i] for i in index]
        room = np.array([SIZES[c][0] if c else 0.0 for c in chosen])
        fixed = sum(
            (SIZES[c][1] * crf + SIZES[c][2]) * discount.sum() for c in chosen if c
        )
        found.append([])
        for factor in FACTORS:
            t = tonnes * factor
            unit = (0.2 * km + dues[None, :]) * t[:, None] * (discount @ volume)
            left = t * volume[-1] * LEFT * discount.sum()
            cost = np.hstack([unit, left[:, None]])
            n = len(tonnes)
            whole = np.kron(np.eye(n), np.ones(5))
            fits = np.zeros((4, n * 5))
            for j in range(4):
                fits[j, j::5] = t * volume[-1]
            answer = linprog(cost.ravel(), fits, room, whole, np.ones(n), bounds=(0, 1))
            found[-1].append(answer.fun + fixed)
    return np.array(found)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_every_set_of_builds_tried_one_by_one(seed):
    """81 sets of builds in three futures, each an independent linear program."""
    scenario, *numbers = case(seed)
    cost = every_set_of_builds(*numbers) / 1e6
    samples = [with_tonnes(scenario, f) for f in FACTORS]
    prices = Recourse(LEFT, LEFT, 1.0)
    own = [own_best(s, prices, STOP) for s in samples]
    best = cost.min(axis=0)

    assert [o.total for o in own] == pytest.approx(best)
    for risk, by_hand in (
        (Risk(), cost.mean(axis=1)),
        (Risk("cvar", alpha=0.5), (cost.max(axis=1) * 2 + np.median(cost, axis=1)) / 3),
        (Risk("regret"), (cost - best).max(axis=1)),
    ):
        found = two_stage(samples, prices, risk, STOP, own=own)
        chosen = int(np.argmin(by_hand))
        assert found.objective == pytest.approx(by_hand[chosen])
        assert found.totals == pytest.approx(cost[chosen])


@pytest.mark.parametrize("price", [float("inf"), float("nan"), -1.0])
def test_a_miss_has_a_finite_price(price):
    with pytest.raises(WasteplanError, match="a miss cannot cost"):
        Recourse(price, 1000.0, 10.0)
