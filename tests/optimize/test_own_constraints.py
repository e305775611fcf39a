"""Constraints that a user writes in Pyomo, on cases that fit on paper."""

import pytest
from measure_cases import programme, with_programme
from networks import two_generators
from random_measures import measured
from random_networks import random_network
from test_rendering import assert_same_matrix

from wasteplan.errors import NoAnswer, WasteplanError
from wasteplan.optimize import solve
from wasteplan.optimize.data import PlanningData
from wasteplan.superstructure.assembly import superstructure


def at_least_20_kt(d):
    for period in d.periods:
        yield f"busy_{period}", d.takes_kt("clean.plant", period) >= 20


def test_a_plant_kept_busy():
    """20 kt at 41 USD/t, 60 kt at 11 USD/t: 1,480,000 USD instead of 880,000."""
    plan = solve(two_generators(), own=[at_least_20_kt])

    assert plan.proof.objective == pytest.approx(20_000 * 41 + 60_000 * 11)


def test_a_plant_kept_shut():
    """Nothing at the tip: all 80 kt at 41 USD/t."""

    def no_tip(d):
        for period in d.periods:
            yield f"no_tip_{period}", d.takes_kt("dump.tip", period, "raw") <= 0

    plan = solve(two_generators(), own=[no_tip])

    assert plan.proof.objective == pytest.approx(80_000 * 41)


def test_a_budget_over_all_years():
    """80 kt cost at least 0.88 M: 0.9 M can be kept, 0.8 M cannot."""

    def at_most(most):
        return lambda d: [("budget", d.total("cost_total") <= most)]

    assert solve(two_generators(), own=[at_most(0.9)]).proof.objective == pytest.approx(
        880_000
    )
    with pytest.raises(NoAnswer, match="without the own constraints budget"):
        solve(two_generators(), own=[at_most(0.8)])


def test_names_that_do_not_exist_are_told():
    with pytest.raises(WasteplanError, match=r"no plant 'x'; there is: clean\.plant"):
        solve(two_generators(), own=[lambda d: [("a", d.works("x", "p1") <= 1)]])
    with pytest.raises(WasteplanError, match=r"no period 'p9'; there is: p1"):
        solve(two_generators(), own=[lambda d: [("a", d.is_open("dump.tip", "p9"))]])
    with pytest.raises(WasteplanError, match=r"no size of dump\.tip 'big'"):
        solve(
            two_generators(), own=[lambda d: [("a", d.works("dump.tip", "p1", "big"))]]
        )


def test_a_name_given_twice_is_told():
    def twice(d):
        yield "a", d.takes_kt("dump.tip", "p1") <= 70
        yield "a", d.takes_kt("dump.tip", "p1") <= 60

    with pytest.raises(WasteplanError, match="two own constraints are called 'a'"):
        solve(two_generators(), own=[twice])


def test_a_relation_without_decisions_is_true_or_false():
    """The tip stands: asking for that changes nothing, asking against it fails."""
    stands = solve(
        two_generators(), own=[lambda d: [("a", d.works("dump.tip", "p1") >= 1)]]
    )

    assert stands.proof.objective == pytest.approx(880_000)
    with pytest.raises(NoAnswer):
        solve(two_generators(), own=[lambda d: [("a", d.works("dump.tip", "p1") <= 0)]])


@pytest.mark.parametrize("seed", range(5))
def test_matrix_and_algebra_agree_with_own_constraints(seed):
    def mine(d):
        yield "budget", d.total("cost_total") + 0.1 * d.total("co2e_total_t") <= 1e4
        for period in d.periods:
            yield (
                f"one_{period}",
                d.works("burn.burner", period, "big")
                <= d.is_open("sort.sorter", period),
            )

    data = PlanningData(superstructure(random_network(seed)), own=(mine,))

    assert_same_matrix(data)


def test_a_measure_that_must_be_taken():
    """Separation costs 5 M USD a year and saves 11 + 50 - 1 USD on each of 12.8 kt.

    Nobody would: 80 kt x 11 USD/t.  Asked for, it is taken: 40 % of 80 kt is dry, half
    takes part and hands over 80 % of it.
    """
    case = with_programme(programme(cost_per_y=5e6))

    def must(d):
        for period in d.periods:
            yield f"sort_{period}", d.at_work("sort", period) >= 1

    free, asked = solve(case), solve(case, own=[must])

    assert free.proof.objective == pytest.approx(80_000 * 11)
    apart = 80_000 * 0.4 * 0.5 * 0.8
    cost = 5e6 + (80_000 - apart) * 11 + apart * (1 - 50)
    assert asked.proof.objective == pytest.approx(cost)
    assert [m.measure for m in asked.measures] == ["sort"]


def test_a_measure_that_goes_with_a_plant():
    """No separation without 20 kt to the plant: 30 USD/t more on 20 kt is too much.

    12.8 kt apart save 60 USD/t each, 768,000 USD; 20 kt at the plant cost 600,000 more,
    the programme nothing: with 20 kt it still pays, with 30 kt (900,000) not.
    """
    case = with_programme(programme())

    def only_with(least_kt):
        def goes_with(d):
            for period in d.periods:
                taken = d.takes_kt("clean.plant", period)
                yield f"with_{period}", taken >= least_kt * d.at_work("sort", period)

        return goes_with

    pays, does_not = (solve(case, own=[only_with(kt)]) for kt in (20, 30))

    assert [m.measure for m in pays.measures] == ["sort"]
    assert does_not.measures == ()
    saved = 12_800 * 60 - 20_000 * 30
    assert pays.proof.objective == pytest.approx(880_000 - saved)


def test_measures_that_do_not_exist_are_told():
    case = with_programme(programme())
    with pytest.raises(WasteplanError, match="no measure 'x'; there is: sort"):
        solve(case, own=[lambda d: [("a", d.at_work("x", "p1") <= 1)]])


@pytest.mark.parametrize("seed", range(3))
def test_matrix_and_algebra_agree_with_measures_in_own_constraints(seed):
    def mine(d):
        assert set(d.measures) == {"cut", "police", "sort"}
        for period in d.periods:
            both = d.at_work("cut", period) + d.at_work("sort", period)
            yield f"not_both_{period}", both <= 1
            yield (
                f"with_{period}",
                d.at_work("police", period) <= d.works("sort.sorter", period),
            )

    assert_same_matrix(PlanningData(superstructure(measured(seed)), own=(mine,)))
