"""Same inputs, seed and versions give the same bytes, with any number of workers."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIO = Path(__file__).parents[2] / "scenarios" / "two-city"
TIMES = "provenance.json"  # holds wall times, the only file that may differ


def hashes(out: Path, workers: int, hash_seed: str) -> dict[str, str]:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "wasteplan",
            "run",
            str(SCENARIO),
            "--out",
            str(out),
            "--workers",
            str(workers),
            "--quiet",
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=SCENARIO.parents[1],
    )
    return {
        str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.name != TIMES
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return hashes(tmp_path_factory.mktemp("first") / "out", 1, "0")


@pytest.mark.parametrize(("workers", "hash_seed"), [(1, "1"), (2, "0"), (4, "7")])
def test_another_run_gives_the_same_bytes(first, tmp_path, workers, hash_seed):
    again = hashes(tmp_path / "out", workers, hash_seed)

    assert set(again) == set(first)
    assert {"report.html", "results.xlsx", "plan.json", "kpis.csv"} <= set(first)
    assert [n for n in first if first[n] != again[n]] == []
