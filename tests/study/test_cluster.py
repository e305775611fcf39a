"""A real Dask scheduler with two worker processes on this machine."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed.comm import CommClosedError

import wasteplan as wp
from wasteplan.spreading import WorkerLost
from wasteplan.study.cluster import DaskCluster, NoCluster
from wasteplan.study.ensemble import Way, run_all
from wasteplan.study.front_apart import pareto_apart
from wasteplan.study.provenance import versions

HERE = Path(__file__).parent
TWO_CITY = HERE.parents[1] / "scenarios" / "two-city"
START_S = 60.0


class Cluster:
    """A scheduler and workers as a user starts them, ended with the test."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        # no nanny: a worker that is killed stays away, as a machine that is lost
        self.address = self._start("scheduler", "--port", "0", "--host", "127.0.0.1")
        self.workers = []

    def add(self):
        self._start("worker", self.address, "--no-nanny", "--nthreads", "1")
        self.workers.append(self.processes[-1])

    def with_two(self):
        """Two workers alive, whatever the test before did to them."""
        self.workers = [w for w in self.workers if w.poll() is None]
        while len(self.workers) < 2:
            self.add()
        return self

    def _start(self, what, *options):
        log = self.folder / f"{what}{len(self.processes)}.log"
        paths = [str(HERE), str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")]
        with log.open("w") as file:
            self.processes.append(
                subprocess.Popen(
                    [
                        *(sys.executable, "-m", f"distributed.cli.dask_{what}"),
                        *(*options, "--no-dashboard"),
                    ],
                    stderr=file,
                    stdout=file,
                    cwd=self.folder,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                )
            )
        end = time.monotonic() + START_S
        ready = "Scheduler at" if what == "scheduler" else "Registered to"
        while ready not in log.read_text():
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", log.read_text())
        return found[1] if found else ""

    def close(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.close()


@pytest.fixture
def cluster(scheduler):
    return scheduler.with_two()


def square(shared, item):
    return {"square": item**2 + shared["add"]}


def die(shared, item):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(shared, item):
    raise ZeroDivisionError(f"a mistake at {item}")


def cost_of(shared, factor):
    """Cost of a plan when all waste grows: what an ensemble really does."""
    from dataclasses import replace

    case, plan = shared
    rows = tuple(
        g.model_copy(update={"waste_t_per_y": g.waste_t_per_y * factor})
        for g in case.generation
    )
    found = wp.evaluate(replace(case, generation=rows), plan)
    return {"cost": found.cost_present_value, "violations": len(found.violations)}


def test_the_cluster_gives_what_this_process_gives(cluster):
    case = wp.load_scenario(TWO_CITY)
    shared, factors = (case, wp.solve(case)), [0.5 + 0.05 * i for i in range(12)]

    there = run_all(
        cost_of, factors, shared=shared, mapper=DaskCluster(cluster.address)
    )

    assert there == run_all(cost_of, factors, shared=shared)


def test_replications_are_the_same_when_a_worker_is_killed_half_way(cluster):
    """Every table of a simulation, to the byte, with half its runs still to come."""
    case = wp.load_scenario(TWO_CITY)
    plan = wp.solve(case)
    asked = {"replications": 8, "days": 28}
    first, shares, said = cluster.workers[0], [], []

    def kill(progress):
        shares.append(progress.share)
        if progress.share == 0.5:
            first.kill()

    there = wp.simulate(
        case,
        plan,
        **asked,
        progress=kill,
        mapper=SlowCluster(cluster.address, say=said.append),
    )

    assert first.wait() == -signal.SIGKILL
    assert said == ["1 worker at work, 2 before"]
    assert shares == pytest.approx([k / 8 for k in range(1, 9)])
    assert tables_of(there) == tables_of(wp.simulate(case, plan, **asked))


class SlowCluster(DaskCluster):
    """Gives time to kill a worker before all is done."""

    def __call__(self, function, shared, items):
        return super().__call__(slowly, (function, shared), items)


def slowly(shared, item):
    time.sleep(0.2)
    function, its_shared = shared
    return function(its_shared, item)


def tables_of(result):
    """All that a simulation found, as text with every digit."""
    return {
        name: value.to_csv() if hasattr(value, "to_csv") else value
        for name, value in vars(result).items()
    }


def test_points_of_a_front_when_all_workers_are_lost_and_another_one_is_started(
    cluster, tmp_path
):
    case, totals = wp.load_scenario(TWO_CITY), ("cost_total", "landfilled_total_t")
    keep = tmp_path / "kept.jsonl"

    def kill(done, _of):
        if done == 2:
            for worker in list(cluster.workers):
                worker.kill()
                worker.wait()
            cluster.add()

    mapper = SlowCluster(cluster.address, patience_s=30.0)
    way = Way(mapper=mapper, keep=keep, progress=kill)
    there = pareto_apart(case, totals, points=4, way=way)

    assert len(keep.read_text().splitlines()) == 5
    assert len(there.points) == 4
    assert there == pareto_apart(case, totals, points=4)


def test_work_that_kills_its_workers_ends_the_run(cluster):
    mapper = DaskCluster(cluster.address, retries=0, patience_s=1.0)

    with pytest.raises((WorkerLost, NoCluster)):
        run_all(die, [1, 2], mapper=mapper)


class LosesOne:
    """A client of two workers, one of which is lost while it is asked."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def wait_for_workers(self, n_workers, timeout):
        assert n_workers == 1

    def run(self, function, on_error):
        assert on_error == "return"
        return self.answers.pop(0)


def test_a_worker_lost_while_it_is_asked_for_its_versions_is_no_other_version():
    lost, there = CommClosedError("Stream is closed"), versions()
    client = LosesOne({"tcp://a": lost, "tcp://b": there}, {"tcp://b": there})

    DaskCluster("tcp://127.0.0.1:1")._check(client)

    assert not client.answers
    other = LosesOne({"tcp://b": {**there, "numpy": "0.1"}})
    with pytest.raises(NoCluster, match=r"tcp://b has other versions: numpy 0\.1"):
        DaskCluster("tcp://127.0.0.1:1")._check(other)


def test_a_mistake_in_the_function_is_raised_here(cluster):
    with pytest.raises(ZeroDivisionError, match="a mistake at 1"):
        run_all(fail, [1], mapper=DaskCluster(cluster.address))


def test_no_scheduler_is_said_with_the_command_to_start_one():
    mapper = DaskCluster("tcp://127.0.0.1:9", patience_s=1.0)

    with pytest.raises(
        NoCluster, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"
    ):
        run_all(square, [1], shared={"add": 0}, mapper=mapper)


@pytest.mark.parametrize("address", ["foo", "tcp://foo", "foo:8786"])
def test_no_address_is_said_at_once(address):
    """A client that is half made would wait a minute to be closed."""
    before = time.monotonic()

    with pytest.raises(NoCluster, match=f"no Dask scheduler answers at {address}"):
        run_all(square, [1], shared={"add": 0}, mapper=DaskCluster(address))

    assert time.monotonic() - before < START_S / 2
