"""How often, and from when on: replications until precise, steady states, ranking."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from small_network import all_to_the_burner, network, plan, route
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.errors import PlanError
from wasteplan.sim import simulate
from wasteplan.sim.assembly import assemble
from wasteplan.sim.comparing import _Runs, compare_simulated
from wasteplan.sim.precision import half_widths, replications_enough
from wasteplan.sim.ranking import eta, rank
from wasteplan.sim.run_in import filled_after
from wasteplan.sim.statistics import interval

NOISY = {"volume_m3": 1.0, "variation": 1.5}


def test_a_value_without_end_is_never_precise():
    wide = half_widths([5.0, 5.0, math.inf, 5.0])
    assert wide[1:].tolist() == [0.0, math.inf, math.inf]
    assert replications_enough([math.inf] * 20, target=0.5) is None


def test_half_widths_are_those_of_the_intervals():
    values = [9.0, math.nan, 10.5, 11.0, 9.5, math.nan, 10.0]
    wide = half_widths(values)
    for n in range(1, 8):
        known = interval(values[:n])
        expected = known.relative if known.n > 1 else math.inf
        assert wide[n - 1] == pytest.approx(expected)


def test_values_that_do_not_vary_are_enough_at_once():
    assert replications_enough([0.0] * 8, 0.05) == 3
    assert replications_enough([1e9] * 8, 1e-9) == 3


def test_a_lucky_moment_is_not_enough():
    """10, 10, 10 would do, but the next values do not keep the half-width."""
    values = [10.0, 10.0, 10.0, 14.0, 6.0, 10.0, 11.0, 9.0, 10.0, 10.0, 10.0, 10.0]
    assert half_widths(values)[2] == 0.0
    assert replications_enough(values, 0.1) is None
    assert replications_enough([*values, *[10.0] * 60], 0.1) > 5


def test_the_rule_covers_the_mean_about_as_often_as_it_says():
    """Normal values, mean 10, s 2, within 10 %: the interval at the end covers 10 in
    95 % of 400 studies, less a little for stopping when it looks good."""
    rng, covered, needed = np.random.default_rng(5), 0, []
    for _ in range(400):
        values = rng.normal(10.0, 2.0, 120)
        n = replications_enough(values, 0.1)
        end = interval(values[: n + 5])
        covered += end.low < 10.0 < end.high
        needed.append(n)
    assert 0.90 < covered / 400 < 0.985
    # t s / sqrt(n) <= 1 needs n = 18 (2.11 x 2 / sqrt(18) = 0.995)
    assert 12 < np.mean(needed) < 24


def test_simulate_goes_on_until_it_is_precise():
    settings = {"half_width_target": 0.2, "half_width_of": ("generated_t",)}
    scenario = network(settings, containers=NOISY)
    result = simulate(scenario, all_to_the_burner())
    row = result.kpis.set_index("id").loc["generated_t"]
    assert row["n"] == result.replications > 8
    assert row["half_width"] <= 0.2 * row["mean"]
    values = result.samples[result.samples["id"] == "generated_t"]["value"]
    assert replications_enough(values, 0.2) + 5 == result.replications
    assert "until half-widths are within 20 % of the mean" in result.summary()
    again = simulate(scenario, all_to_the_burner(), workers=2)
    assert again.kpis.equals(result.kpis)
    fixed = simulate(scenario, all_to_the_burner(), replications=3)
    assert fixed.replications == 3


def test_a_half_width_that_is_not_met_is_told():
    scenario = network(containers=NOISY)
    wish = {"half_width_target": 1e-6, "replications_max": 9}
    object.__setattr__(scenario.settings.simulation, "half_width_of", ("generated_t",))
    result = simulate(scenario, all_to_the_burner(), **wish)
    assert result.replications == 9
    assert any("not met after 9" in note for note in result.notes)


def test_an_unknown_indicator_is_refused():
    scenario = network({"half_width_of": ("happiness",)})
    with pytest.raises(PlanError, match="happiness"):
        simulate(scenario, all_to_the_burner())


def test_a_steady_state_finds_its_warm_up():
    """A bunker fed 110 t/d, drained at 114 t/d less outages of 10 in 50 h, fills for
    weeks; without a warm-up the filling would be measured."""
    burner = {"mtbf_h": 40, "mttr_h": 10, "bunker_d": 10}
    scenario = network(
        {"days": 364, "warm_up_d": 0, "replications": 2},
        burner_t_per_y=52_000,
        burner=burner,
    )
    short = simulate(scenario, all_to_the_burner())
    steady = simulate(scenario, all_to_the_burner(), kind="steady_state")
    assert short.warm_up_d == 0
    assert steady.warm_up_d > 0
    assert "steady state" in steady.summary()
    assert "terminating" in short.summary()


def test_a_steady_state_does_not_measure_how_containers_fill():
    """The bunker settles at once, containers do not: measured from the first day they
    would hide landfilled slag. All is burnt, 0.2 of it is slag: diversion 0.8."""
    scenario = network({"days": 14, "warm_up_d": 28, "replications": 2})
    steady = simulate(scenario, all_to_the_burner(), kind="steady_state")
    assert steady.warm_up_d == 28
    assert steady.kpi("landfill_diversion_rate") == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("stated", [0, 3])
def test_a_steady_state_waits_for_containers_whatever_is_stated(stated):
    """Containers emptied every 21 days: at least 21 + 2 days; 0.8 of the waste is
    diverted, in cycles of 21 days. Measured from the start they are not alike.
    """
    scenario = network(
        {"days": 42, "warm_up_d": stated, "replications": 1},
        burner={"bunker_d": 40},
        containers={"volume_m3": 1.1, "pickup_every_d": 21},
    )
    steady = simulate(scenario, all_to_the_burner(), kind="steady_state")
    assert steady.warm_up_d >= 23
    assert steady.kpi("landfill_diversion_rate") == pytest.approx(0.8, abs=0.02)
    at_once = simulate(scenario, all_to_the_burner())
    assert abs(at_once.kpi("landfill_diversion_rate") - 0.8) > 0.05


def test_when_waste_has_been_collected_once():
    """No containers: the town fills 10 t in a day, the village (2.5 t/d) in four; a
    load is collected within the day after and two more go by for its hauls."""
    scenario = network({"warm_up_d": 0}, village_t_per_y=912.5)
    case = assemble(scenario, all_to_the_burner(), "p1", days=7, warm_up_d=0)
    assert filled_after(case) == 1 + 4 + 2


def test_what_never_settles_is_told():
    """110 t/d come, 50 t/d are burnt, room for ever: the stock rises all the time."""
    scenario = network(
        {"days": 200}, burner_t_per_y=18_250, burner={"bunker_d": 10_000}
    )
    result = simulate(scenario, all_to_the_burner(), kind="steady_state")
    assert any("no steady state" in note for note in result.notes)


# Ranking ----------------------------------------------------------------------------


def normal(means, seed, shared=0.0):
    """Values of systems with these means; part of the noise is shared."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0.0, 1.0, 500)
    own = rng.normal(0.0, 1.0, (len(means), 500))
    weight = math.sqrt(1 - shared**2)

    def draw(pairs):
        return [means[s] + shared * common[r] + weight * own[s, r] for s, r in pairs]

    return draw


def test_the_constant_of_two_systems():
    """Error 0.05, 10 first replications: h^2 = 2 x 0.33405 x 9 = 6.013."""
    assert 2 * eta(0.05, 10) * 9 == pytest.approx(6.013, abs=1e-3)


def test_rankings_are_right_as_often_as_promised():
    """Four systems, each an indifference better than the next (the hardest case): at
    least 90 % of 150 rankings are right; the bound is conservative."""
    means, right = [0.0, 1.5, 0.5, 1.0], 0
    for seed in range(150):
        found = rank(
            normal(means, seed),
            4,
            indifference=0.5,
            confidence=0.9,
            replications_max=499,
        )
        assert all(found.decided)
        right += found.order == (1, 3, 2, 0)
    assert right >= 0.9 * 150


def test_shared_chance_saves_replications():
    means = [0.0, 0.5, 1.0]
    needed = [
        sum(rank(normal(means, 3, shared), 3, indifference=0.5).replications)
        for shared in (0.0, 0.9)
    ]
    assert needed[1] < 0.6 * needed[0]


def test_what_is_clearly_worse_is_not_run_any_further():
    found = rank(normal([0.0, 9.0, 9.2], 1), 3, indifference=0.2)
    assert found.order[2] == 0
    assert found.replications[0] == 10 < found.replications[1]


def test_what_cannot_be_decided_is_told():
    draw = normal([0.0, 0.0], 2)
    found = rank(draw, 2, indifference=0.01, replications_max=20)
    assert found.decided == (False,)
    assert found.replications == (20, 20)


def plans():
    dumped = plan(
        route("town", "pit.dump"),
        route("village", "hill.burner"),
        route("hill.burner", "pit.dump", product="slag"),
    )
    half = plan(
        route("town", "hill.burner", 0.5),
        route("town", "pit.dump", 0.5),
        route("village", "hill.burner"),
        route("hill.burner", "pit.dump", product="slag"),
    )
    return {"dumped": dumped, "burnt": all_to_the_burner(), "half": half}


def test_plans_are_ranked_and_paired():
    """Diversion 0.8 / 11 = 0.073, 0.8, 0.8 x 60 / 110 = 0.436."""
    scenario = network(containers=NOISY)
    found = compare_simulated(scenario, plans(), indifference=0.02, first=4)
    assert found.plans["plan"].tolist() == ["burnt", "half", "dumped"]
    assert found.plans["mean"].tolist() == pytest.approx([0.8, 0.436, 0.073], abs=0.05)
    first = found.differences.iloc[0]
    assert (first["plan"], first["other"]) == ("burnt", "half")
    assert first["low"] > 0.3
    assert "right with probability 0.95" in found.summary()
    least = compare_simulated(
        scenario,
        plans(),
        indicator="landfilled_t",
        smallest_first=True,
        indifference=1000,
        first=4,
        workers=2,
    )
    assert least.plans["plan"].tolist() == ["burnt", "half", "dumped"]


def test_the_same_plan_twice_differs_by_nothing():
    """Common random numbers: the same plan meets the same chance."""
    both = {"a": all_to_the_burner(), "b": all_to_the_burner()}
    found = compare_simulated(
        network(containers=NOISY), both, indifference=0.01, first=3
    )
    assert found.differences["mean"].tolist() == [0.0]
    assert found.differences["half_width"].tolist() == [0.0]


def test_a_comparison_needs_plans_and_a_known_indicator():
    with pytest.raises(PlanError, match="two plans"):
        compare_simulated(network(), {"a": all_to_the_burner()}, indifference=1)
    with pytest.raises(PlanError, match="happiness"):
        compare_simulated(network(), plans(), indicator="happiness", indifference=1)
    with pytest.raises(PlanError, match="p9"):
        compare_simulated(network(), plans(), period="p9", indifference=1)


def test_a_plan_whose_landfill_is_never_full_is_not_ranked_by_its_years():
    """Infinite in every replication: no difference says which is better."""
    runs = _Runs([SimpleNamespace(plan="a")], "airspace_years", 1.0)
    assert runs.keep([(0, 0)], [3.0]) == [3.0]
    with pytest.raises(PlanError, match="a has no finite value of airspace_years"):
        runs.keep([(0, 1)], [math.inf])
    with pytest.raises(PlanError, match="a has no value of airspace_years"):
        runs.keep([(0, 1)], [math.nan])


def test_plans_are_ranked_on_the_command_line(tmp_path):
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    folder = Path(__file__).parents[2] / "scenarios" / "two-city"
    runner = CliRunner()
    options = ["--gap", "0.05", "--quiet", "--out"]
    made = runner.invoke(app, ["solve", str(folder), *options, str(one)])
    assert made.exit_code == 0, made.output
    text = one.read_text().replace('"name": "', '"name": "again_', 1)
    other.write_text(text)
    short = ["--days", "14", "--replications-max", "12", "--workers", "1", "--json"]
    ranked = runner.invoke(app, ["rank", str(folder), str(one), str(other), *short])
    assert ranked.exit_code == 0, ranked.output
    content = json.loads(ranked.stdout)
    assert content["differences"][0]["mean"] == 0.0
    assert len(content["plans"]) == 2
    alone = runner.invoke(app, ["rank", str(folder), str(one), *short])
    assert alone.exit_code == 2
    assert "two plans" in alone.stdout
