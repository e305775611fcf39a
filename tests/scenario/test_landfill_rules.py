"""What is said of landfill phases and leachate that do not hold together."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from small_case import write_case

from wasteplan.scenario.checks_gas import GAS_RULES
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.records import LandfillPhase


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("case")
    return load_scenario(write_case(folder / "small"))


def landfill(scenario: Scenario) -> str:
    return next(t.id for t in scenario.technologies if t.kind == "disposal")


def said(scenario: Scenario, **cells: object) -> Iterator[str]:
    """Messages of the rules on gas, with cells of the landfill changed."""
    name = landfill(scenario)
    rows = tuple(
        t.model_copy(update=cells) if t.id == name else t for t in scenario.technologies
    )
    changed = replace(scenario, technologies=rows)
    for rule in GAS_RULES:
        for finding in rule(changed):
            yield f"{finding.table}.{finding.column}: {finding.message}"


def test_a_name_that_is_nearly_one(small: Scenario) -> None:
    (found,) = said(small, landfill_phases="us_typcal")
    assert "no phases 'us_typcal'" in found
    assert "us_typical" in found


def test_capture_is_stated_once(small: Scenario) -> None:
    cells = {"landfill_phases": "us_typical", "gas_capture_from_y": 3.0}
    found = list(said(small, **cells, gas_capture=0.5))
    assert any("leave it empty" in f for f in found)


def test_leachate_lacks_rain_and_phases(small: Scenario) -> None:
    (found,) = said(small, waste_height_m=12.0, compaction_t_per_m3=0.8)
    assert "rain_mm_per_y" in found
    assert "landfill_phases" in found
    (alone,) = said(small, leachate_collected=0.5)
    assert "without waste_height_m" in alone


def test_shares_above_one_and_phases_nobody_names(small: Scenario) -> None:
    row = LandfillPhase(
        phases="mine", quantity="gas_capture", from_y=2, value=1.5, status="read"
    )
    with_row = replace(small, landfill_phases=(row,))
    found = list(said(with_row))
    assert any("1.5 is above 1" in f for f in found)
    assert any("no technology names the phases 'mine'" in f for f in found)
    named = list(said(with_row, landfill_phases="mine"))
    assert not any("no technology names" in f for f in named)


def test_only_landfills_name_phases(small: Scenario) -> None:
    other = small.technologies[0]
    if other.kind == "disposal":
        other = next(t for t in small.technologies if t.kind != "disposal")
    rows = tuple(
        t.model_copy(update={"landfill_phases": "us_best"}) if t is other else t
        for t in small.technologies
    )
    changed = replace(small, technologies=rows)
    found = [f.message for rule in GAS_RULES for f in rule(changed)]
    assert any("not disposal" in m for m in found)
