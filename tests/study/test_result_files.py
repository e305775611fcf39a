"""The tables of a run: columns, sums and bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_case import evaluation, plan, result, scenario

from wasteplan.errors import WasteplanError
from wasteplan.plan.files import write_plan
from wasteplan.plan.records import Closure
from wasteplan.study.compare import compare, compare_folders
from wasteplan.study.provenance import Options, Provenance, write_provenance
from wasteplan.study.result_files import (
    BUILD_COLUMNS,
    CASHFLOW_COLUMNS,
    KPI_COLUMNS,
    builds_table,
    cashflow_table,
    kpi_table,
    write_tables,
)


def test_builds_say_where_how_big_when_and_at_what_price() -> None:
    closing = plan().model_copy(
        update={"closures": (Closure(facility="dump", period="p1"),)}
    )
    table = builds_table(scenario(), closing)
    assert list(table.columns) == list(BUILD_COLUMNS)
    build, close = table.to_dict("records")
    assert (build["name"], build["opens"], build["capex"]) == ("South gate", 2030, 2e6)
    assert (close["action"], close["site"]) == ("close", "dump")


def test_the_accounts_of_all_actors_add_up_to_the_system_cost() -> None:
    """90 000 + 10 000 - 10 000; the gate fee of 30 000 stands twice and cancels."""
    table = cashflow_table(evaluation())
    assert list(table.columns) == list(CASHFLOW_COLUMNS)
    assert table["amount"].sum() == pytest.approx(90_000.0)
    by_actor = table.groupby("actor")["amount"].sum()
    assert by_actor["public"] == pytest.approx(40_000.0)
    assert by_actor["operator"] == pytest.approx(50_000.0)
    assert table.loc[table["kind"] == "transfer", "amount"].sum() == 0


def test_indicators_stand_beside_the_status_quo() -> None:
    table = kpi_table(result(baseline=evaluation(cost=70_000.0)))
    assert list(table.columns) == list(KPI_COLUMNS)
    row = table[table["id"] == "cost_per_t"].iloc[0]
    assert (row["planned"], row["status_quo"], row["difference"]) == (90.0, 70.0, 20.0)


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_tables(result(), tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_two_outputs_side_by_side(tmp_path: Path) -> None:
    """The second plan costs 20 USD/t less and builds nothing."""
    write_tables(result(), tmp_path / "first")
    other = result()
    nothing = plan().model_copy(update={"builds": ()})
    cheap = evaluation(cost=70_000.0)
    write_tables(type(other)(scenario(), nothing, cheap), tmp_path / "second")

    found = compare_folders([tmp_path / "first", tmp_path / "second"])

    cost = found.kpis[found.kpis["id"] == "cost_per_t"].iloc[0]
    assert (cost["first"], cost["second"]) == (90.0, 70.0)
    assert cost["second change"] == pytest.approx(-20.0)
    (row,) = found.building_differs.to_dict("records")
    assert (row["site"], row["first"], row["second"]) == ("s", "2030", "")


def test_two_evaluations_side_by_side() -> None:
    table = compare({"a": evaluation(), "b": evaluation(diversion=0.6)})
    row = table[table["id"] == "landfill_diversion_rate"].iloc[0]
    assert row["b change"] == pytest.approx(0.06)


def test_money_is_written_in_the_currency() -> None:
    table = kpi_table(result()).set_index("id")
    assert table.loc["cost_per_t", "unit"] == "USD/t"


def test_rounding_is_no_change() -> None:
    """Two sums of the same numbers differ in the 15th digit."""
    table = compare({"a": evaluation(), "b": evaluation(diversion=0.54 + 1e-14)})
    assert set(table["b change"]) == {0.0}


@pytest.mark.parametrize(("objective", "is_warned"), [(89_500.0, True), (88e3, False)])
def test_a_difference_within_the_gaps_is_not_proved(
    tmp_path: Path, objective: float, is_warned: bool
) -> None:
    """The first costs 90 000 with a bound of 89 000: 89 500 may still be dearer."""
    proof = plan().proof
    assert proof is not None
    other = proof.model_copy(update={"objective": objective, "gap": 0.0})
    plans = {"a": plan(), "b": plan().model_copy(update={"proof": other})}
    for name, each in plans.items():
        write_tables(result(), tmp_path / name)
        write_plan(each, tmp_path / name / "plan.json")

    found = compare_folders([tmp_path / "a", tmp_path / "b"])

    assert list(found.proofs["gap"]) == [1000.0, 0.0]
    assert any("within the gaps" in w for w in found.warnings) == is_warned


def test_a_folder_that_is_no_output_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with pytest.raises(WasteplanError, match=r"a has no kpis\.csv"):
        compare_folders([tmp_path / "a", tmp_path / "b"])
    with pytest.raises(WasteplanError, match="two of the folders are called a"):
        compare_folders([tmp_path / "a", tmp_path / "a"])


def recorded(**conventions: str) -> Provenance:
    return Provenance(
        "a", "../a", Options(), False, 1, {"f": "0"}, {}, {}, conventions=conventions
    )


@pytest.mark.parametrize(
    ("name", "values", "place"),
    [
        ("system", ("system expansion", "cut-off"), "credits"),
        ("gwp", ("AR5", "AR6"), "gwp"),
        ("price_year", ("2020", "2024"), "price_year"),
    ],
)
def test_runs_by_different_conventions_are_refused(
    tmp_path: Path, name: str, values: tuple[str, str], place: str
) -> None:
    for folder, value in zip("ab", values, strict=True):
        write_tables(result(), tmp_path / folder)
        write_provenance(recorded(**{name: value}), tmp_path / folder)
    with pytest.raises(WasteplanError, match=f"by {values[0]} and by .*{place}"):
        compare_folders([tmp_path / "a", tmp_path / "b"])


def test_a_run_that_does_not_say_its_conventions_is_named(tmp_path: Path) -> None:
    for folder, said in (("a", {"gwp": "AR6"}), ("b", {})):
        write_tables(result(), tmp_path / folder)
        write_provenance(recorded(**said), tmp_path / folder)
    found = compare_folders([tmp_path / "a", tmp_path / "b"])

    assert any(w.startswith("b does not record") for w in found.warnings)
    assert not any(w.startswith("a does not record") for w in found.warnings)
