"""A plan written and read back is the same plan, and equal plans are equal bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasteplan.errors import PlanError, WasteplanError
from wasteplan.plan.files import (
    in_order,
    plan_from_text,
    plan_text,
    read_plan,
    write_plan,
)
from wasteplan.plan.records import Build, Closure, Plan, Proof, Route


def small() -> Plan:
    """One burner built, one dump closed, two routes out of one city."""
    routes = tuple(
        Route(period="p1", origin="city", stream="msw", destination=d, share=s)
        for d, s in (("b.wte", 0.7), ("a.landfill", 0.3))
    )
    return Plan(
        scenario="small",
        name="best",
        made_by="solve",
        builds=(Build(site="b", technology="wte", size="big", period="p1"),),
        closures=(Closure(facility="dump", period="p1"),),
        routes=routes,
        proof=Proof(
            status="gap",
            objective=100.0,
            bound=99.0,
            gross_cost=150.0,
            gap=1.0,
            gap_of_gross=1 / 150,
            gap_per_t=0.01,
        ),
    )


def test_a_plan_comes_back_the_same(tmp_path: Path) -> None:
    write_plan(small(), tmp_path / "out" / "plan.json")
    assert read_plan(tmp_path / "out" / "plan.json") == in_order(small())
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["plan.json"]


def test_the_order_of_the_lists_does_not_matter() -> None:
    turned = small().model_copy(update={"routes": small().routes[::-1]})
    assert plan_text(turned) == plan_text(small())
    assert [r.destination for r in in_order(turned).routes] == ["a.landfill", "b.wte"]


def test_the_text_is_json_with_a_line_per_record() -> None:
    text = plan_text(small())
    assert json.loads(text)["builds"] == [
        {"site": "b", "technology": "wte", "size": "big", "period": "p1"}
    ]
    assert sum("destination" in line for line in text.splitlines()) == 2


SHARES = st.floats(0, 1)
NAMES = st.text("abc_1", min_size=1, max_size=4).filter(lambda s: s[0] != "_")


@given(
    st.lists(
        st.builds(Route, period=NAMES, origin=NAMES, destination=NAMES, share=SHARES),
        unique_by=lambda r: (r.period, r.origin, r.destination),
    )
)
def test_any_routes_come_back_exactly(routes: list[Route]) -> None:
    plan = Plan(scenario="s", name="n", routes=tuple(routes))
    again = plan_from_text(plan_text(plan))
    assert again == in_order(plan)
    assert plan_text(again) == plan_text(plan)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "is not JSON"),
        ("[]", "is not a plan"),
        ('{"name": "n"}', "scenario: Field required"),
        ('{"scenario": "s", "name": "n", "bilds": []}', "bilds: Extra inputs"),
        (
            '{"scenario": "s", "name": "n", "routes": '
            '[{"period": "p", "origin": "o", "destination": "d", "share": 1.5}]}',
            r"routes\[0\].share: Input should be less than or equal to 1 \(is 1.5\)",
        ),
        (
            '{"scenario": "s", "name": "n", "routes": ['
            '{"period": "p", "origin": "o", "destination": "d", "share": 0.5},'
            '{"period": "p", "origin": "o", "destination": "d", "share": 0.5}]}',
            "route p / o /  / raw / d is there twice",
        ),
        ('{"scenario": "s", "scenario": "t", "name": "n"}', "'scenario' is there"),
        ('{"scenario": "s", "name": "n", "first_year": NaN}', "first_year"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        plan_from_text(text)


def test_a_missing_file_and_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"plan\.json: No such file"):
        read_plan(tmp_path / "plan.json")
    (tmp_path / "plan.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PlanError, match="not UTF-8"):
        read_plan(tmp_path / "plan.json")


def test_a_plan_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(old: Path, new: Path) -> None:
        raise KeyboardInterrupt

    write_plan(Plan(scenario="s", name="old"), tmp_path / "plan.json")
    monkeypatch.setattr("os.replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_plan(Plan(scenario="s", name="new"), tmp_path / "plan.json")
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]
    assert read_plan(tmp_path / "plan.json").name == "old"


def test_a_folder_is_no_plan_file(tmp_path: Path) -> None:
    with pytest.raises(WasteplanError, match="is a folder; name a file in it"):
        write_plan(Plan(scenario="s", name="p"), tmp_path)
