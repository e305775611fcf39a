"""Runs side by side with all that is said of them, and the files that keep it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wasteplan.scenario.writing import written_whole
from wasteplan.study.choosing import Choice, choose
from wasteplan.study.compare import Comparison, compare_folders
from wasteplan.study.run_changes import cost_steps, emission_steps, simulated_changes

PAGE = "comparison.html"


@dataclass(frozen=True)
class SideBySide:
    """Runs, what changes between them, and how they rank."""

    comparison: Comparison
    folders: tuple[Path, ...]
    choice: Choice
    cost: pd.DataFrame
    """`STEP_COLUMNS` of `run_changes`, present value.  [money]"""
    emissions: pd.DataFrame
    """`STEP_COLUMNS`, over all years.  [t CO2e]"""
    simulated: pd.DataFrame
    """`SIMULATED_COLUMNS` of `run_changes`."""

    @property
    def names(self) -> tuple[str, ...]:
        """The runs; the first is the reference."""
        return self.comparison.names


def side_by_side(
    folders: Sequence[str | Path], weights: Mapping[str, float] | None = None
) -> SideBySide:
    """Compare the outputs of several runs in every way.

    Parameters
    ----------
    folders
        Of `wasteplan run`; the first is the reference.
    weights
        See `choose`.

    Raises
    ------
    WasteplanError
        See `compare_folders` and `choose`.
    """
    found = compare_folders(folders)
    paths = [Path(folder) for folder in folders]
    return SideBySide(
        found,
        tuple(paths),
        choose(found.kpis, found.names, weights),
        cost_steps(found.names, paths),
        emission_steps(found.names, paths),
        simulated_changes(found.names, paths),
    )


def write_side_by_side(
    found: SideBySide, out: str | Path, page: Callable[[], str]
) -> Path:
    """Write tables and page: the folder whole or not at all."""
    cost, emissions = (
        found.cost.assign(what="cost"),
        found.emissions.assign(what="co2e"),
    )
    tables = {
        "kpis": found.comparison.kpis,
        "builds": found.comparison.builds,
        "proofs": found.comparison.proofs,
        "changes": pd.concat([cost, emissions]),
        "simulated": found.simulated,
        "ranking": found.choice.ranking,
    }
    with written_whole(out, PAGE) as temporary:
        for name, table in tables.items():
            path = temporary / f"{name}.csv"
            table.to_csv(path, index=False, lineterminator="\n")
        (temporary / PAGE).write_text(page(), encoding="utf-8")
    return Path(out)
