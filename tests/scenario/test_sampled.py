"""Uncertain numbers of scenarios, and samples as scenarios."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_case import edit, write_case

from wasteplan.errors import ScenarioError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.plan.files import read_plan
from wasteplan.scenario.checks import problems_of
from wasteplan.scenario.derived import leakage_shares
from wasteplan.scenario.difference import difference
from wasteplan.scenario.findings import row_name
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.sample_folder import write_sample
from wasteplan.scenario.sampled import sample_of, with_values
from wasteplan.scenario.sampling import draw
from wasteplan.scenario.uncertain import UncertainNumber, uncertain_numbers

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NOT_NUMBERS = ("ranges", "provenance")
HEADER = "table,row,column,low,high,distribution,group,values,source,status\n"


@pytest.fixture
def small(tmp_path) -> Callable[..., Scenario]:
    """The small case with lines of ranges.csv."""

    def load(*lines: str) -> Scenario:
        folder = write_case(tmp_path / f"case{len(list(tmp_path.iterdir()))}")
        rows = "".join(f"{line},survey,read\n" for line in lines)
        (folder / "ranges.csv").write_text(HEADER + rows, encoding="utf-8")
        return load_scenario(folder)

    return load


def of(scenario: Scenario) -> dict[str, UncertainNumber]:
    return {number.name: number for number in uncertain_numbers(scenario)}


def test_every_low_and_high_of_the_tables_is_found(small):
    found = of(small("sizes,burner/b40,capex,25000000,40000000,pert,,"))
    own = found["sizes/burner/b40/capex"]
    assert (own.low, own.central, own.high) == (25e6, 30e6, 40e6)
    assert (own.distribution, own.status) == ("pert", "read")
    # leakage with ranges: 3 rows; factors: 2; the moisture of kitchen waste
    tables = Counter(number.table for number in found.values())
    assert tables["leakage"] == 3
    assert tables["factors"] == 2
    assert (
        found["fraction_properties/kitchen/moisture_tropical_mixed/value"].high == 0.8
    )
    groups = {found[name].group for name in found if name.startswith("factors")}
    assert groups == {"factors/grid_kg_co2e_per_kwh/value"}


def test_a_line_for_a_column_holds_for_the_cells_within_it(small):
    """The burner's 0.9 is within 0.85 to 0.95, the dump's 1 is not."""
    found = of(small("technologies,*,availability,0.85,0.95,uniform,up,"))
    names = [name for name in found if name.endswith("/availability")]
    assert names == ["technologies/burner/availability"]
    assert found[names[0]].group == "up"


def test_discrete_values_with_weights(small):
    scenario = small("sizes,burner/b40,capex,2e7,5e7,discrete,,2e7:1 3e7:2 5e7:1")
    values = draw(uncertain_numbers(scenario), 400, 1)
    column = values.names.index("sizes/burner/b40/capex")
    assert Counter(values.values[:, column].tolist()) == {2e7: 100, 3e7: 200, 5e7: 100}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sizes,burner/b40,capex,0,4e7,log_normal,,", "log-normal"),
        ("technologies,burner,availability,0.5,1.2,,,", "outside above 0 to 1"),
        ("sizes,burner/b40,capex,2e7,4e7,discrete,,2e7:x", "value:weight"),
        ("sizes,burner/b40,capex,2e7,4e7,discrete,,2e7 9e7", "outside low to high"),
        ("sizes,burner/b40,capex,2e7,4e7,uniform,,2e7", "not discrete"),
        ("sizes,burner/b40,capex,2e7,4e7,beta,,", "distribution"),
        ("sizes,burner/b40,capex,2e7,4e7,uniform,Two Words,", "group"),
    ],
)
def test_what_cannot_be_drawn_is_refused(small, line, said):
    with pytest.raises(ScenarioError, match=said):
        small(line)


def test_lifetimes_are_drawn_only_when_named(small):
    assert "technologies/burner/lifetime_y" not in of(small())
    line = "technologies,burner,lifetime_y,15,25,,,"
    assert "technologies/burner/lifetime_y" in of(small(line))


def test_a_low_or_high_response_leaves_no_chance_to_leakage(tmp_path):
    folder = write_case(tmp_path / "case")
    edit(folder, "scenario.toml", "", '\n[leakage]\nresponse = "high"\n')
    assert not any(name.startswith("leakage") for name in of(load_scenario(folder)))


def test_a_sample_changes_its_cells_and_no_others(small):
    scenario = small("sizes,burner/b40,capex,25000000,40000000,uniform,,")
    numbers = [n for n in uncertain_numbers(scenario) if n.table == "sizes"]
    samples = draw(numbers, 3, 1)
    moved = sample_of(scenario, samples, 2)
    assert [(d.table, d.column) for d in difference(scenario, moved)] == [
        ("sizes", "capex")
    ]
    assert moved.sizes[0].capex == samples.values[2, 0]


def test_shares_still_sum_to_one(small):
    """0.8 and 0.2; the drawn 0.9 leaves 0.1 to the other; both drawn: 0.9 / 1.2."""
    gas = UncertainNumber("yields", "burner/any/all/stack_gas", "share", 0.7, 0.8, 0.9)
    ash = UncertainNumber("yields", "burner/any/all/grate_ash", "share", 0.1, 0.2, 0.3)
    scenario = small()
    one = with_values(scenario, [gas], [0.9])
    assert [y.share for y in one.yields[:2]] == pytest.approx([0.9, 0.1])
    both = with_values(scenario, [gas, ash], [0.9, 0.3])
    assert [y.share for y in both.yields[:2]] == pytest.approx([0.75, 0.25])


def test_nothing_leaks_more_than_there_is(small):
    """Burning 0.05 -> 0.9, dealers 0.1 -> 0.6 would be 1.5: scaled to 0.6 and 0.4."""
    scenario = small()
    numbers = [
        UncertainNumber("leakage", row_name("leakage", step), "share", 0, 0.1, 1)
        for step in (scenario.leakage[0], scenario.leakage[2])
    ]
    moved = with_values(scenario, numbers, [0.9, 0.6])
    shares = leakage_shares(moved, "factory", "garment", "late")
    assert shares == pytest.approx({"burning": 0.6, "dealer": 0.4})


@pytest.mark.parametrize("name", ["phnom-penh", "food-sme-effluent"])
@pytest.mark.parametrize("distribution", ["triangular", "uniform"])
def test_samples_of_shipped_scenarios_are_sound(name, distribution):
    scenario = load_scenario(SCENARIOS / name)
    numbers = uncertain_numbers(scenario, distribution)
    assert all(n.low <= n.central <= n.high for n in numbers)
    samples = draw(numbers, 10, 1)
    for i in range(len(samples)):
        assert problems_of(sample_of(scenario, samples, i)) == []


def test_phnom_penh_moves_what_its_ranges_name():
    scenario = load_scenario(SCENARIOS / "phnom-penh")
    found = of(scenario)
    missing = {f"{r.table}/{r.row}/{r.column}" for r in scenario.ranges} - set(found)
    assert missing == set()
    waste = [n for n in found.values() if n.table == "generation"]
    assert len({n.group for n in waste}) == 4  # one a stream
    assert len(waste) == 62
    samples = draw(list(found.values()), 5, 1)
    assert np.isfinite(samples.values).all()


def test_what_is_carried_over_changes_no_answer():
    """A sample evaluates as the same records do that were never another scenario."""
    scenario = load_scenario(SCENARIOS / "phnom-penh")
    plan = read_plan(SCENARIOS / "phnom-penh" / "plans" / "status-quo.json")
    evaluate(scenario, plan)
    samples = draw(uncertain_numbers(scenario), 2, 1)
    moved = sample_of(scenario, samples, 1)
    found, fresh = evaluate(moved, plan, compare=False), evaluate(replace(moved), plan)
    assert found.unmixing is None
    assert fresh.unmixing is not None
    assert repr(found.kpis) == repr(fresh.kpis)
    assert repr(found.kpis) != repr(evaluate(scenario, plan).kpis)


@pytest.mark.parametrize("name", ["phnom-penh", "food-sme-effluent"])
def test_a_sample_written_as_a_folder_reads_back_the_same(name, tmp_path):
    scenario = load_scenario(SCENARIOS / name)
    numbers = uncertain_numbers(scenario)
    samples = draw(numbers, 5, 1)
    write_sample(scenario, samples, 3, tmp_path / "sample")
    read = load_scenario(tmp_path / "sample")
    moved = sample_of(scenario, samples, 3)
    for number in numbers:
        values = [
            getattr(row, number.column)
            for case in (moved, read)
            for row in getattr(case, number.table)
            if row_name(number.table, row) == number.row
        ]
        assert len(values) == 2, number.name
        assert values[0] == values[1], number.name
    assert [d for d in difference(moved, read) if d.table not in NOT_NUMBERS] == []
