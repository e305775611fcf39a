"""Robust siting as files: tables, plans, a summary and a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wasteplan.plan.files import write_plan
from wasteplan.scenario.writing import written_whole
from wasteplan.study.keeping import plain
from wasteplan.study.robust import Robust
from wasteplan.study.robust_tables import sample_table, site_table
from wasteplan.study.robust_text import both, measure_name
from wasteplan.study.robust_values import evpi, vss
from wasteplan.study.sample_average import SampleAverage

MILLION = 1e6
MARK = "robust.json"
SIZE = ("columns", "rows", "entries", "whole_decisions")


def summary(found: Robust, average: SampleAverage | None = None) -> dict[str, Any]:
    """The headline numbers, in money of present value."""
    robust, central = both(found)
    best = found.found
    content = {
        "scenario": found.scenario.settings.scenario.name,
        "measure": measure_name(found.risk),
        "risk": asdict(found.risk),
        "n_samples": found.n_samples,
        "penalty_per_t": found.recourse.per_t,
        "penalty_per_t_without_place": found.recourse.per_t_left,
        "objective": best.objective * MILLION,
        "bound": best.bound * MILLION,
        "gap": best.gap * MILLION,
        "status": best.status,
        "value_of_stochastic_solution": asdict(vss(found)),
        "value_of_perfect_information": asdict(evpi(found)),
        "robust": asdict(robust),
        "central": asdict(central),
        "missed_under_central_values": list(found.violations),
        "extensive_form": dict(zip(SIZE, best.size, strict=True)),
    }
    if average is not None:
        content["sample_average_millions"] = asdict(average)
    found_plain: dict[str, Any] = plain(content)
    return found_plain


def write_robust(
    out: str | Path,
    found: Robust,
    page: Callable[[], str],
    average: SampleAverage | None = None,
) -> Path:
    """Write tables, plans, summary and page: the folder whole or not at all.

    `samples.csv`, `sites.csv`, `robust.json`, `robust.html`, `plans/robust.json` and
    `plans/central.json`.
    """
    with written_whole(out, MARK) as temporary:
        for name, table in (
            ("samples", sample_table(found)),
            ("sites", site_table(found)),
        ):
            table.to_csv(temporary / f"{name}.csv", index=False, lineterminator="\n")
        text = json.dumps(summary(found, average), indent=2, ensure_ascii=False)
        (temporary / MARK).write_text(text + "\n", encoding="utf-8")
        (temporary / "robust.html").write_text(page(), encoding="utf-8")
        write_plan(found.plan, temporary / "plans" / "robust.json")
        write_plan(found.central, temporary / "plans" / "central.json")
    return Path(out)
