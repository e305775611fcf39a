"""Ensembles: in order, the same for any number of workers, continued after a stop."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wasteplan.errors import WasteplanError
from wasteplan.spreading import LocalProcesses, WorkerLost
from wasteplan.study.ensemble import Stopped, run_all
from wasteplan.study.keeping import fingerprint

ITEMS = [0.5 * i for i in range(12)]


def work(shared: dict, item: float) -> dict:
    return {"square": item**2, "sum": np.array([item, shared["add"]]), "none": np.nan}


def stop_at_three(shared: dict, item: float) -> float:
    if item == 3.0:
        raise KeyboardInterrupt
    return item


def fail_at_three(shared: dict, item: float) -> float:
    if item == 3.0:
        raise ZeroDivisionError("a mistake")
    return item


def die_once(shared: dict, item: float) -> float:
    mark = Path(shared["mark"])
    if item == 3.0 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def die_always(shared: dict, item: float) -> float:
    os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_results_come_in_order_for_any_number_of_workers(tmp_path):
    files = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    found = [
        run_all(work, ITEMS, shared={"add": 1.0}, workers=n + 1, keep=file)
        for n, file in enumerate(files)
    ]
    assert found[0] == found[1]
    assert found[0][2] == {"square": 1.0, "sum": [1.0, 1.0], "none": None}
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_stopped_run_continues_where_it_was(tmp_path):
    keep = tmp_path / "done.jsonl"
    whole = run_all(work, ITEMS, shared={"add": 1.0}, keep=tmp_path / "whole.jsonl")
    run_all(work, ITEMS[:5], shared={"add": 1.0}, keep=keep)
    with keep.open("ab") as file:
        file.write(b'{"mark": "half a li')  # what a killed process leaves behind
    said, asked = [], []
    found = run_all(
        work,
        ITEMS,
        shared={"add": 1.0},
        keep=keep,
        say=said.append,
        progress=lambda done, of_all: asked.append((done, of_all)),
    )
    assert found == whole
    assert keep.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert said == [f"5 of 12 taken from {keep}"]
    assert asked == [(done, 12) for done in range(5, 13)]


def test_ctrl_c_keeps_what_is_done(tmp_path):
    keep = tmp_path / "done.jsonl"
    with pytest.raises(Stopped, match=r"stopped after 6 of 12; kept in .*continue"):
        run_all(stop_at_three, ITEMS, keep=keep)
    assert len(keep.read_text().splitlines()) == 7
    with pytest.raises(Stopped, match="not kept"):
        run_all(stop_at_three, ITEMS)


def test_other_inputs_start_anew_and_say_so(tmp_path):
    keep, said = tmp_path / "done.jsonl", []
    run_all(work, ITEMS, shared={"add": 1.0}, keep=keep, inputs="a")
    found = run_all(
        work, ITEMS, shared={"add": 2.0}, keep=keep, inputs="b", say=said.append
    )
    assert found[0]["sum"] == [0.0, 2.0]
    assert said == [f"{keep} is of other inputs or another version: starting anew"]
    assert json.loads(keep.read_text().splitlines()[0])["inputs"] == "b"


def test_a_file_of_something_else_is_not_touched(tmp_path):
    keep = tmp_path / "notes.txt"
    keep.write_text("important\n")
    with pytest.raises(WasteplanError, match="something else"):
        run_all(work, ITEMS, shared={"add": 1.0}, keep=keep)
    assert keep.read_text() == "important\n"


def test_a_mistake_in_the_function_is_not_tried_again(tmp_path):
    keep = tmp_path / "done.jsonl"
    with pytest.raises(ZeroDivisionError):
        run_all(fail_at_three, ITEMS, keep=keep)
    assert len(keep.read_text().splitlines()) == 7


def test_a_lost_worker_is_replaced(tmp_path):
    shared = {"mark": str(tmp_path / "died")}
    assert run_all(die_once, ITEMS, shared=shared, workers=2) == ITEMS


SPREADS = """
import sys
sys.path.insert(0, {tests!r})
from test_ensemble import tell_and_wait
from wasteplan.spreading import LocalProcesses

if __name__ == "__main__":
    list(LocalProcesses(2)(tell_and_wait, {folder!r}, [1, 2, 3]))
"""


def tell_and_wait(folder: str, item: int) -> None:
    (Path(folder) / f"{os.getpid()}.pid").touch()
    time.sleep(60)


def test_workers_end_with_the_process_that_asks(tmp_path):
    """Killed, it can tell them nothing; they must not stay for ever."""
    script = tmp_path / "spreads.py"
    script.write_text(
        SPREADS.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    )
    process = subprocess.Popen([sys.executable, str(script)])
    try:
        assert comes_true(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
    finally:
        process.kill()
        process.wait()
    workers = [int(path.stem) for path in tmp_path.glob("*.pid")]

    is_over = comes_true(lambda: not any(map(is_running, workers)), 10)

    for pid in filter(is_running, workers):
        os.kill(pid, signal.SIGKILL)
    assert is_over


def comes_true(is_so: Callable[[], bool], within_s: float = 60) -> bool:
    end = time.monotonic() + within_s
    while not (found := is_so()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def is_running(pid: int) -> bool:
    """Not gone, and no zombie that nobody has waited for."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_workers_lost_again_and_again_end_the_run():
    mapper = LocalProcesses(workers=2, retries=0)
    with pytest.raises(WorkerLost, match="1 times in a row"):
        run_all(die_always, ITEMS, mapper=mapper)


def test_equal_items_are_done_once(tmp_path):
    keep = tmp_path / "done.jsonl"
    assert run_all(stop_at_three, [1.0, 2.0, 1.0], keep=keep) == [1.0, 2.0, 1.0]
    assert len(keep.read_text().splitlines()) == 3


def test_fingerprints_tell_scenarios_apart():
    from dataclasses import replace

    from wasteplan.scenario.loading import load_scenario

    folder = Path(__file__).parents[2] / "scenarios" / "two-city"
    scenario = load_scenario(folder)
    size = scenario.sizes[0].model_copy(update={"capacity_t_per_y": 1.0})
    moved = replace(scenario, sizes=(size, *scenario.sizes[1:]))
    assert fingerprint(scenario) == fingerprint(load_scenario(folder))
    assert fingerprint(scenario) != fingerprint(moved)
