"""The same seed gives the same run, whoever computes it."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from small_network import all_to_the_burner, network

from wasteplan.sim import simulate
from wasteplan.sim.assembly import assemble
from wasteplan.sim.chance import Spread, chance, draws
from wasteplan.sim.collection import daily_waste

ROOT = Path(__file__).parents[2]
GATE = {
    "bunker_d": 1, "mtbf_h": 60, "mttr_h": 12, "bays": 1, "tip_min": 30,
    "weigh_in_min": 4, "weigh_out_min": 2,
}  # fmt: skip
BINS = {"volume_m3": 10.0, "pickup_every_d": 2, "variation": 0.4}


def lively(workers=1):
    scenario = network(burner_t_per_y=36_500, burner=GATE, containers=BINS)
    return simulate(scenario, all_to_the_burner(), replications=4, workers=workers)


def fingerprint(result):
    """Of every table, to the last digit."""
    parts = (result.kpis, result.plants, result.trips, result.stocks)
    text = "\n".join(p.to_csv(float_format="%.17g") for p in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint_elsewhere(hash_seed, workers):
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from test_sim_chance import fingerprint, lively\n"
        "if __name__ == '__main__':\n"
        "    print(fingerprint(lively(int(sys.argv[3]))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(Path(__file__).parent),
         str(workers)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )  # fmt: skip
    return done.stdout.strip()


def test_workers_and_hash_seed_change_nothing():
    """1, 2 and 4 processes, other hash seeds: the same bytes."""
    here = fingerprint(lively())
    found = [
        fingerprint_elsewhere(hash_seed, workers)
        for hash_seed, workers in (("0", 2), ("4242", 4))
    ]
    assert found == [here] * 2


def test_another_seed_gives_another_run():
    scenario = network(burner=GATE, containers=BINS)
    one, other = (simulate(scenario, all_to_the_burner(), seed=s) for s in (1, 2))
    assert fingerprint(one) != fingerprint(other)


def test_replications_do_not_depend_on_their_number():
    scenario = network(burner=GATE, containers=BINS)
    few = simulate(scenario, all_to_the_burner(), replications=1)
    many = simulate(scenario, all_to_the_burner(), replications=3)
    assert few.trips.equals(many.trips)


def test_a_new_generator_changes_nobody_elses_waste():
    alone = network(containers=BINS, village_t_per_y=0.0)
    both = network(containers=BINS)
    waste = []
    for scenario in (alone, both):
        case = assemble(scenario, all_to_the_burner(), "p1", days=28, warm_up_d=0)
        town = next(s for s in case.sources if s.id == "town.msw")
        waste.append(daily_waste(town, case.profiles, seed=5, replication=1))
    np.testing.assert_array_equal(*waste)


def test_one_number_at_a_time_or_many():
    rng = chance(1, 2, "gate", "tip")
    spread = Spread("lognormal", 3.0, 0.5)
    one_by_one = draws(spread, chance(1, 2, "gate", "tip"))
    block = spread.draw(rng, 1024)
    assert [next(one_by_one) for _ in range(1024)] == block.tolist()


def test_spreads_have_their_mean():
    """100,000 draws: the mean within five standard errors."""
    rng = np.random.default_rng(3)
    shapes = (
        ("exponential", 1.0), ("erlang", 3), ("gamma", 4.0), ("lognormal", 0.75),
        ("weibull", 2.0), ("deterministic", 1.0),
    )  # fmt: skip
    for shape, parameter in shapes:
        drawn = Spread(shape, 7.0, parameter).draw(rng, 100_000)
        error = drawn.std() / 100_000**0.5
        assert abs(drawn.mean() - 7.0) <= 5 * error + 1e-12, shape


def test_a_lognormal_has_its_variation():
    drawn = Spread("lognormal", 2.0, 0.5).draw(np.random.default_rng(3), 200_000)
    assert abs(drawn.std() / drawn.mean() - 0.5) < 0.01
