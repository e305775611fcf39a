"""What is handed to openLCA and Brightway gives the same impacts when loaded back."""

import csv
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wasteplan.errors import WasteplanError
from wasteplan.lca.activities import LifeCycle, life_cycle
from wasteplan.lca.brightway import write_brightway
from wasteplan.lca.methods import packaged_methods
from wasteplan.lca.openlca import id_of, write_openlca

WASTE_T = 3200.0
ROWS = [  # stage, place, technology, substance, is_credit, kg, status
    ("process", "works.burner", "burner", "co2_fossil", False, 1_833_333.3, "read"),
    ("process", "works.burner", "burner", "nox", False, 848.0, "derived"),
    ("process", "works.burner", "burner", "co2_fossil", False, -10.0, "memory"),
    ("landfill", "hole.tip", "tip", "ch4_biogenic", False, 40_000.123, "secondary"),
    ("collection", "haul", "haul", "co2_fossil", False, 2960.0, "assumption"),
    ("avoided", "works.burner", "burner", "co2e", True, -555_555.5, "assumption"),
]
COLUMNS = ["stage", "place", "technology", "substance", "is_credit", "kg", "status"]
METHODS = ("gwp100_ar6", "gwp20_ar6", "acidification_traci21")


def cycle(with_credits: bool = True, rows: list[tuple[Any, ...]] = ROWS) -> LifeCycle:
    return life_cycle(
        pd.DataFrame(rows, columns=COLUMNS),
        [packaged_methods()[m] for m in METHODS],
        scenario="case",
        plan="by hand",
        system="system expansion" if with_credits else "cut-off",
        waste_t=WASTE_T,
        with_credits=with_credits,
    )


def expected(method: str, with_credits: bool = True) -> float:
    """Impact per tonne of waste, straight from the rows."""
    factors = packaged_methods()[method].factors
    counted = (r for r in ROWS if with_credits or not r[4])
    known = (r for r in counted if r[3] in factors)
    return sum(r[5] * factors[r[3]].value for r in known) / WASTE_T


@pytest.mark.parametrize("with_credits", [True, False])
def test_openlca_gives_the_same_numbers(tmp_path: Path, with_credits: bool) -> None:
    import olca_schema as o
    from olca_schema.zipio import ZipReader

    path = tmp_path / "plan.zip"
    write_openlca(path, cycle(with_credits))
    with ZipReader(path) as package:
        main = package.read(o.Process, id_of("process", "case", "by hand", "whole"))
        method = package.read(o.ImpactMethod, id_of("method", "wasteplan"))
        reference = [e for e in main.exchanges if e.is_quantitative_reference]
        assert [e.amount for e in reference] == [1000.0]  # kg of waste
        emitted: dict[str, float] = {}
        for taken in (e for e in main.exchanges if e.is_input):
            part = package.read(o.Process, taken.default_provider.id)
            assert part.exchanges[0].flow.id == taken.flow.id
            for e in part.exchanges[1:]:
                assert e.description.startswith("status: ")
                kg = taken.amount * e.amount
                emitted[e.flow.id] = emitted.get(e.flow.id, 0.0) + kg
        assert len(method.impact_categories) == len(METHODS)
        for ref in method.impact_categories:
            category = package.read(o.ImpactCategory, ref.id)
            impact = sum(
                f.value * emitted.get(f.flow.id, 0.0) for f in category.impact_factors
            )
            wanted = expected(category.code, with_credits)
            assert impact == pytest.approx(wanted, rel=1e-12)
        for flow in emitted:
            assert package.read(o.Flow, flow) is not None


def test_the_package_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_openlca(tmp_path / name, cycle())
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as package:
        assert package.testzip() is None
        assert "olca-schema.json" in package.namelist()


def sections(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Database line and activities with their exchanges, as Brightway reads them."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if any(row)]
    starts = [i for i, row in enumerate(rows) if row[0] == "Activity"]
    found = []
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        part = rows[start:end]
        at = next((i for i, row in enumerate(part) if row[0] == "Exchanges"), len(part))
        one: dict[str, Any] = {"name": part[0][1]} | {r[0]: r[1] for r in part[1:at]}
        heads = part[at + 1] if at < len(part) else []
        one["exchanges"] = [
            dict(zip(heads, row, strict=False)) for row in part[at + 2 :]
        ]
        found.append(one)
    return rows[0], found


def test_brightway_gives_the_same_numbers(tmp_path: Path) -> None:
    """By the layout that bw2io documents, with links by name and compartment."""
    write_brightway(tmp_path, cycle())
    _, flows = sections(tmp_path / "biosphere.csv")
    known = {(f["name"], f["categories"], f["unit"]) for f in flows}
    head, activities = sections(tmp_path / "inventory.csv")
    by_name = {a["name"]: a for a in activities}
    main = by_name["Plan by hand of case"]
    emitted: dict[tuple[str, str], float] = {}
    for taken in (e for e in main["exchanges"] if e["type"] == "technosphere"):
        assert taken["database"] == head[1]
        for e in by_name[taken["name"]]["exchanges"]:
            if e["type"] == "biosphere":
                key = (e["name"], e["categories"])
                assert (*key, e["unit"]) in known
                kg = float(taken["amount"]) * float(e["amount"])
                emitted[key] = emitted.get(key, 0.0) + kg
    for method in METHODS:
        with (tmp_path / f"method_{method}.csv").open(newline="") as file:
            factors = list(csv.DictReader(file))
        impact = sum(
            float(f["amount"]) * emitted.get((f["name"], f["categories"]), 0.0)
            for f in factors
        )
        assert impact == pytest.approx(expected(method), rel=1e-12)


def test_an_unknown_amount_is_not_handed_over() -> None:
    rows = [(*ROWS[0][:5], float("nan"), "read")]
    with pytest.raises(WasteplanError, match="cannot be exported"):
        cycle(rows=rows)
