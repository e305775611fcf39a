"""Plans under samples: what is linear on paper, stops and workers, tables, the command.

The two-city case: fixed cost of the burner (900,090 USD/y) and of the sorting plant
(400,040 USD/y) get ranges; the cost of its one year is linear in both.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from wasteplan.cli import app
from wasteplan.errors import StoppedWithoutPlan, WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.optimize.solving import solve, stop_of
from wasteplan.plan.files import write_plan
from wasteplan.report import chance_charts
from wasteplan.report.page import rendered
from wasteplan.report.uncertainty import uncertainty_document
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.records import Range, Target
from wasteplan.study.ensemble import Stopped, Way
from wasteplan.study.information_value import information_value, losses
from wasteplan.study.regret import regret_table
from wasteplan.study.sample_outcome import Asked, outcomes_of
from wasteplan.study.uncertainty import Uncertainty, uncertainty
from wasteplan.study.uncertainty_files import write_uncertainty
from wasteplan.study.uncertainty_indices import (
    morris_of,
    screened_factors,
    sobol_of,
)
from wasteplan.study.uncertainty_tables import (
    headline_table,
    influence_table,
    missed_table,
    year_table,
)
from wasteplan.study.uncertainty_text import UncertaintyStudy, said

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BURNER = "sizes/wte/150_t_per_d/fixed_om_per_y"
SORTING = "sizes/mrf/130_t_per_d/fixed_om_per_y"


def ranged(**ends: tuple[float, float]):
    """The two-city case; fixed costs within multiples of what they are."""
    case = load_scenario(SCENARIOS / "two-city")
    rows = []
    for technology, (low, high) in ends.items():
        size = next(s for s in case.sizes if s.technology == technology)
        cost = size.fixed_om_per_y
        rows.append(
            Range(
                table="sizes",
                row=f"{technology}/{size.id}",
                column="fixed_om_per_y",
                low=low * cost,
                high=high * cost,
                group=technology,
            )
        )
    return replace(case, ranges=tuple(rows))


@pytest.fixture(scope="module")
def case():
    return ranged(wte=(0.5, 2.0), mrf=(0.9, 1.1))


@pytest.fixture(scope="module")
def plan(case):
    return solve(case)


@pytest.fixture(scope="module")
def found(case, plan) -> Uncertainty:
    return uncertainty(case, {"a": plan}, samples=64, seed=3)


def test_the_mean_cost_is_that_of_the_mean_numbers(case, plan, found):
    """Triangular: mean (0.5 + 1 + 2)/3 = 7/6 of the burner's cost, 1 of sorting's."""
    costs = [s for s in case.sizes if s.technology == "wte"]
    more = costs[0].fixed_om_per_y / 6
    built = evaluate(case, plan)
    factor = (
        built.costs.loc[built.costs["technology"] == "wte", "present_value"].sum()
        / built.costs.loc[built.costs["technology"] == "wte", "amount"].sum()
    )
    row = (
        headline_table(found).set_index(["id", "period"]).loc["cost_present_value", ""]
    )
    assert row["central"] == pytest.approx(built.cost_present_value)
    expected = built.cost_present_value + more * factor
    assert row["mean"] == pytest.approx(expected, rel=2e-3)
    assert row["mean_low"] < expected < row["mean_high"]
    assert row["p05"] < row["p50"] < row["p95"]
    assert row["samples"] == 64


def test_influence_is_the_share_of_the_variance(case, found):
    """Variances of triangles: (a2+b2+c2-ab-ac-bc)/18 times the squared costs."""
    cost = {s.technology: s.fixed_om_per_y for s in case.sizes}

    def variance(low: float, high: float) -> float:
        squares = low**2 + 1 + high**2 - low - low * high - high
        return squares / 18

    burner = variance(0.5, 2.0) * cost["wte"] ** 2
    sorting = variance(0.9, 1.1) * cost["mrf"] ** 2
    table = influence_table(found)
    mine = table[table["headline"] == "cost_per_t"].set_index("factor")
    share = burner / (burner + sorting)
    assert mine.loc["wte", "share"] == pytest.approx(share, abs=0.01)
    assert mine.loc["wte", "low_end"] < mine.loc["wte", "high_end"]
    assert mine.loc["wte", "share"] > mine.loc["wte", "noise"]


def test_years_add_up_to_the_cost(found):
    """One year, discounted once: the ratio is the same in every sample."""
    ratio = found.by_year("cost").sum(axis=1) / found.values("cost_present_value")
    assert ratio == pytest.approx(ratio[0])
    assert set(year_table(found)["what"]) >= {"cost"}


def test_sobol_indices_agree_with_the_samples(found):
    table = sobol_of(found, 32, Way(), apart=2)
    mine = table[(table["headline"] == "cost_per_t") & (table["base"] == 32)]
    mine = mine.set_index("factor")
    own = influence_table(found).query("headline == 'cost_per_t'").set_index("factor")
    assert mine.loc["wte", "total"] == pytest.approx(own.loc["wte", "share"], abs=0.1)
    words = [w for t, w in said(UncertaintyStudy(found, sobol=table)) if t == "Indices"]
    assert f"indices: wte {mine.loc['wte', 'total']:.2f} +- " in words[0]
    assert "16 to 32 base samples moved none by more than" in words[0]
    assert "none to be seen" in words[-1]  # no fixed cost moves diversion


def test_morris_effects_rank_the_burner_first(found):
    table = morris_of(found, 4, Way())
    assert table.query("headline == 'cost_per_t'")["factor"].iloc[0] == "wte"


def test_the_last_digits_of_what_stands_still_screen_nothing(found, monkeypatch):
    """Diversion is the same in every run but for rounding: it has no effects, though
    one factor would have all of what rounding leaves."""
    real = Uncertainty.values

    def rounded(self, headline, plan=None):
        values = real(self, headline, plan)
        if headline != "landfill_diversion_rate":
            return values
        return 0.25 + 1e-16 * (np.arange(len(values)) % 3)

    monkeypatch.setattr(Uncertainty, "values", rounded)
    table = morris_of(found, 4, Way())

    assert (table.query("headline == 'landfill_diversion_rate'")["effect"] == 0).all()
    assert screened_factors(table, 1) == ["wte"]
    words = [w for t, w in said(UncertaintyStudy(found)) if t == "Moved by"]
    assert words[-1].endswith(": the same in all samples")
    monkeypatch.setattr(
        Uncertainty, "values", lambda self, *_: np.full(len(self.kept), np.nan)
    )
    words = [w for t, w in said(UncertaintyStudy(found)) if t == "Moved by"]
    assert words[-1].endswith(": not known in all samples")


def test_workers_change_nothing_and_a_stopped_run_goes_on(case, plan, tmp_path):
    keep = tmp_path / "kept.jsonl"
    few = uncertainty(
        case, {"a": plan}, samples=24, seed=3, method="sobol", way=Way(keep=keep)
    )
    told = []
    way = Way(workers=2, keep=keep, say=told.append)
    more = uncertainty(case, {"a": plan}, samples=40, seed=3, method="sobol", way=way)
    assert told == [f"24 of 40 taken from {keep}"]
    alone = uncertainty(case, {"a": plan}, samples=40, seed=3, method="sobol")
    assert more.outcomes == alone.outcomes
    assert more.outcomes[:24] == few.outcomes


def test_another_plan_is_another_question(case, plan, tmp_path):
    keep, told = tmp_path / "kept.jsonl", []
    uncertainty(case, {"a": plan}, samples=20, way=Way(keep=keep))
    other = plan.model_copy(update={"routes": tuple(reversed(plan.routes))})
    uncertainty(case, {"a": other}, samples=20, way=Way(keep=keep, say=told.append))
    assert "starting anew" in told[0]


def test_requirements_missed_are_counted(case, plan):
    """A cap on cost a little above what the plan costs is missed in some samples."""
    cost = evaluate(case, plan).cost_present_value
    cap = Target(id="cap", metric="cost_total", max=cost * 1.001)
    capped = replace(case, targets=(*case.targets, cap))
    found = uncertainty(capped, {"a": plan}, samples=40)
    table = missed_table(found)
    row = table[table["requirement"].str.contains("cap")].iloc[0]
    values = found.values("cost_present_value")
    assert row["chance"] == pytest.approx((values > cost * 1.001).mean())
    assert 0 < row["low"] < row["chance"] < row["high"] < 1
    assert not row["central"]


def test_the_better_plan_depends_on_what_is_not_known(case, plan, found):
    """Plan b costs a fixed 60,000 more of everything but escapes the burner's range."""
    loss = losses(found)
    fixed = float(loss.mean()) + 1000.0
    both = np.column_stack([loss[:, 0], np.full(len(loss), fixed)])
    known = information_value(both, ["a", "b"], found.quantiles, found.samples.factors)
    top = known.factors.iloc[0]
    assert (top["factor"], top["below"], top["above"]) == ("wte", "a", "b")
    assert top["value"] == pytest.approx(known.perfect, rel=0.1)


def test_what_cannot_be_asked_is_refused(case, plan):
    with pytest.raises(WasteplanError, match="no number has a range"):
        uncertainty(load_scenario(SCENARIOS / "two-city"), {"a": plan}, samples=20)
    with pytest.raises(WasteplanError, match="at least 20"):
        uncertainty(case, {"a": plan}, samples=5)
    route = plan.routes[0].model_copy(update={"destination": "nowhere"})
    wrong = plan.model_copy(update={"routes": (route, *plan.routes[1:])})
    assert "nowhere" in outcomes_of(case, {"a": wrong}, Asked())["a"]["failed"]
    with pytest.raises(WasteplanError, match=r"plan 'a': .*nowhere"):
        uncertainty(case, {"a": wrong}, samples=20)


def test_a_simulation_in_every_sample(case, plan):
    asked = Asked(replications=1, days=14)
    outcome = outcomes_of(case, {"a": plan}, asked)["a"]
    names = [n for n in outcome["headlines"] if n.startswith("simulated/")]
    assert any("landfill_diversion_rate" in name for name in names)


def test_the_page_has_its_pictures_and_words(case, plan, found, tmp_path):
    study = UncertaintyStudy(found, sobol=sobol_of(found, 8, Way(), apart=1))
    document = uncertainty_document(study)
    kinds = [chart.kind for chart in document.charts]
    assert {"histogram", "tornado", "parallel"} <= set(kinds)
    assert "fan" not in kinds  # a single year has no band
    page = rendered(document)
    assert "What moves it" in page
    topics = [topic for topic, _ in said(study)]
    assert topics[0] == "Samples"
    assert "Moved by" in topics
    out = write_uncertainty(tmp_path / "out", study, lambda: page)
    assert {p.name for p in out.iterdir()} >= {
        *("chances.csv", "outcomes.csv", "samples.csv", "uncertainty.html", "plans"),
    }
    assert len(pd.read_csv(out / "samples.csv")) == 64


def test_two_years_are_drawn_as_a_fan(found, monkeypatch):
    one = year_table(found)
    two = pd.concat([one, one.assign(year=one["year"] + 1)])
    monkeypatch.setattr(chance_charts, "year_table", lambda _: two)

    drawn = chance_charts.fan_chart(found).data["by_period"]["fan:cost"]

    assert drawn["labels"] == ["2024", "2025"]
    assert drawn["p05"][0] == drawn["p05"][1] < drawn["p95"][0]


def test_a_headline_that_only_rounding_moves_is_drawn(found, monkeypatch):
    """0.7 and the next double leave no room for bins between them."""
    steady = np.array([0.7, np.nextafter(0.7, 1.0)] * 32)
    monkeypatch.setattr(Uncertainty, "values", lambda *_: steady)

    drawn = chance_charts.spread_chart(found).data["by_period"]

    assert drawn
    assert all(sum(d["shares"]) == pytest.approx(1.0) for d in drawn.values())


def run_cli(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    return done.exit_code, done.output


def test_the_command_writes_and_prints(plan, tmp_path):
    folder = tmp_path / "case"
    shutil.copytree(SCENARIOS / "two-city", folder)
    (folder / "ranges.csv").write_text(
        "table,row,column,low,high,distribution,source,status\n"
        "sizes,wte/150_t_per_d,fixed_om_per_y,500000,1500000,pert,two_city_case,derived\n"
    )
    write_plan(plan, tmp_path / "plan.json")
    out = tmp_path / "out" / "u"
    command = ("uncertainty", folder, tmp_path / "plan.json", "--out", out)
    code, text = run_cli(*command, "--samples", 25, "--workers", 1)
    assert code == 0, text
    assert "25 samples (latin hypercube, seed 1) of 1 numbers" in text
    code, text = run_cli(
        *command, "--samples", 25, "--workers", 1, "--json", "--quiet", "--morris", 2
    )
    assert code == 0, text
    printed = json.loads(text)
    assert printed["chances"][0]["id"] == "cost_present_value"
    assert printed["morris"]
    code, text = run_cli(*command, "--sobol", 10, "--workers", 1, "--quiet")
    assert code == 2
    assert "power of 2" in text


def test_regret_of_keeping_a_plan(case, plan, found):
    """Nothing to gain where the same plants are best: regret within the bound's gap."""
    table = regret_table(found, 3, stop_of(case, 1e-6, 30.0, 1), Way())
    assert table["sample"].tolist() == [1, 2, 3]
    assert (table["regret"] >= 0).all()
    assert (table["regret_at_most"] >= table["regret"] - 1.0).all()
    assert (table["anew_at_least"] <= table["anew_cost"] + 1.0).all()
    own = found.values("cost_present_value")[:3]
    clean = table["kept_missed"] == ""
    # flows are free to follow: kept costs no more than with the shares as planned
    assert (table["kept_cost"][clean] <= own[clean] * (1 + 1e-6)).all()
    misses = table.assign(kept_missed=["", "no place for 5 t/y from a in 2024", ""])
    words = [said(UncertaintyStudy(found, regret=t))[-1] for t in (table, misses)]
    assert words[0][0] == "Regret"
    assert words[1][1].endswith("what the kept builds cannot meet in 1 is in it")


def test_regret_of_a_search_stopped_by_hand_is_no_answer(found, monkeypatch, tmp_path):
    """Else "failed" would be kept, and told of for ever."""

    def stopped(*_, **__):
        raise StoppedWithoutPlan("stopped by hand", by_hand=True)

    monkeypatch.setattr("wasteplan.study.regret.own_best", stopped)
    keep = tmp_path / "kept.jsonl"
    stop = stop_of(found.scenario, 1e-6, 30.0, 1)
    with pytest.raises(Stopped, match="stopped after 0 of 2"):
        regret_table(found, 2, stop, Way(keep=keep))
    assert len(keep.read_text().splitlines()) == 1  # the heading


@pytest.mark.slow
def test_ctrl_c_keeps_the_samples_and_the_next_run_goes_on(case, plan, tmp_path):
    """Interrupted by a signal: exit code 4 and how many are kept; then continued."""
    folder = tmp_path / "case"
    shutil.copytree(SCENARIOS / "two-city", folder)
    (folder / "ranges.csv").write_text(
        "table,row,column,low,high,source,status\n"
        "sizes,wte/150_t_per_d,fixed_om_per_y,500000,1500000,two_city_case,derived\n"
    )
    write_plan(plan, tmp_path / "plan.json")
    kept = tmp_path / ".u.samples.jsonl"
    command = ["uncertainty", str(folder), str(tmp_path / "plan.json")]
    command += ["--method", "sobol", "--workers", "1", "--out", str(tmp_path / "u")]
    running = subprocess.Popen(
        [sys.executable, "-m", "wasteplan", *command, "--samples", "100000"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SCENARIOS.parent)},
    )
    while not (kept.is_file() and kept.read_bytes().count(b"\n") > 25):
        assert running.poll() is None
        time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, said_last = running.communicate(timeout=120)
    assert running.returncode == 4
    assert "run it again to continue" in said_last
    assert not (tmp_path / "u").exists()
    code, text = run_cli(*command, "--samples", 20)
    assert code == 0
    assert "20 of 20 taken from" in text
