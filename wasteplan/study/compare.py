"""Several plans side by side: indicators with their differences, and what is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.files import read_plan
from wasteplan.scenario.conventions import require_same
from wasteplan.study.provenance import PROVENANCE_FILE, read_provenance
from wasteplan.study.wording import NOISE, three_digits

HEAD = ["id", "label", "unit", "period", "better"]
BUILD = "build"
BUILD_KEYS = ["site", "technology", "size", "action"]
NUMBERS = {name: [""] for name in ("planned", "value", "kg_co2e", "present_value")}
"""Columns in which an empty cell is not known."""
PROOF_COLUMNS = ["plan", "status", "objective", "bound", "gap", "gap_of_gross"]


@dataclass(frozen=True)
class Comparison:
    """Plans side by side; the first one is what the others are compared with."""

    names: tuple[str, ...]
    kpis: pd.DataFrame
    """Columns id, label, unit, period, better, one a plan, and `<plan> change`."""
    builds: pd.DataFrame
    """Columns site (closing: the facility), technology, size, action (build, close),
    then the years of it in each plan such as `2030, 2035 x2`; empty: never."""
    proofs: pd.DataFrame
    """Columns plan, status, objective, bound, gap, gap_of_gross; one row a plan."""
    warnings: tuple[str, ...] = ()
    """Differences of cost that the gaps do not prove."""

    @property
    def building_differs(self) -> pd.DataFrame:
        """What is not built and closed alike in all plans, in every year."""
        return self.builds[self.builds[list(self.names)].nunique(axis=1) > 1]

    @property
    def telling(self) -> pd.DataFrame:
        """Indicators of which at least one plan has a value that is not 0."""
        values = self.kpis[list(self.names)].abs() > NOISE
        return self.kpis[values.any(axis=1)]


def compare(evaluations: Mapping[str, Evaluation]) -> pd.DataFrame:
    """Indicators of several evaluations side by side, with changes against the first.

    Parameters
    ----------
    evaluations
        Name of a plan -> its evaluation; the first is the reference.

    Returns
    -------
    DataFrame
        Columns id, label, unit, period, better, one a name, and `<name> change` for
        all but the first.

    Raises
    ------
    WasteplanError
        If they follow different conventions, or there are fewer than two.
    """
    require_same(e.conventions for e in evaluations.values())
    tables = {}
    for name, evaluation in evaluations.items():
        rows = [
            (k.id, k.label, k.unit, k.period, k.better, k.value)
            for k in evaluation.kpis
        ]
        tables[name] = pd.DataFrame(rows, columns=[*HEAD, "planned"])
    return _side_by_side(tables)


def compare_folders(folders: Sequence[str | Path]) -> Comparison:
    """Compare the outputs of several runs.

    Raises
    ------
    WasteplanError
        If a folder is no output of a run, two have the same name, or they follow
        different conventions.
    """
    names = _names(folders)
    declared = {n: _declared(Path(f)) for n, f in zip(names, folders, strict=True)}
    require_same(declared.values())
    kpis, builds = {}, {}
    for name, folder in zip(names, folders, strict=True):
        kpis[name] = read_of_run(Path(folder) / "kpis.csv", [*HEAD, "planned"])
        table = read_of_run(Path(folder) / "builds.csv", [*BUILD_KEYS, "opens"])
        builds[name] = table.groupby(BUILD_KEYS)["opens"].agg(years_said).rename(name)
    joined = pd.concat(list(builds.values()), axis=1).sort_index()
    joined = joined.fillna("").reset_index()
    proofs = pd.DataFrame(
        [
            _proof(name, Path(folder))
            for name, folder in zip(names, folders, strict=True)
        ],
        columns=PROOF_COLUMNS,
    )
    return Comparison(
        tuple(names),
        _side_by_side(kpis),
        joined,
        proofs,
        (*_unsaid(declared), *_unproved(proofs)),
    )


def years_said(years: Iterable[float]) -> str:
    """All years in order, with how often if more than once.

    >>> years_said([2035, 2030, 2035])
    '2030, 2035 x2'
    """
    counts = sorted(Counter(int(year) for year in years).items())
    return ", ".join(f"{year} x{n}" if n > 1 else f"{year}" for year, n in counts)


def _side_by_side(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Join on id and period, keeping the order in which indicators first appear."""
    names = list(tables)
    if len(names) < 2:
        raise WasteplanError("a comparison needs at least two plans")
    every = pd.concat(list(tables.values()))[HEAD]
    joined = every.drop_duplicates(["id", "period"]).reset_index(drop=True)
    for name, table in tables.items():
        values = table[["id", "period", "planned"]].rename(columns={"planned": name})
        joined = joined.merge(values, on=["id", "period"], how="left")
    for name in names[1:]:
        joined[f"{name} change"] = _change(joined[names[0]], joined[name])
    return joined


def _change(was: pd.Series, now: pd.Series) -> pd.Series:
    """The difference; 0 where it is what rounding leaves behind."""
    change = now - was
    size = pd.concat([was.abs(), now.abs()], axis=1).max(axis=1).clip(lower=1.0)
    return change.mask(change.abs() <= NOISE * size, 0.0)


def _proof(name: str, folder: Path) -> dict[str, object]:
    """What is proved of a run's plan; status `none` without a proof."""
    path = folder / "plan.json"
    proof = read_plan(path).proof if path.is_file() else None
    found = {} if proof is None else proof.model_dump()
    if proof is not None and proof.gap <= NOISE * max(1.0, abs(proof.objective)):
        found["gap"] = 0.0  # what sums of floats leave behind
    return {"status": "none", **found, "plan": name}


def _declared(folder: Path) -> Mapping[str, str]:
    """The conventions of a run; empty if its output does not record them."""
    if not (folder / PROVENANCE_FILE).is_file():
        return {}
    return read_provenance(folder).conventions


def _unsaid(declared: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Runs that do not record their conventions, if others do."""
    if not any(declared.values()):
        return ()
    return tuple(
        f"{name} does not record its conventions (credits, warming potentials, "
        "currency): run it again to be sure that it is comparable"
        for name, own in declared.items()
        if not own
    )


def _unproved(proofs: pd.DataFrame) -> tuple[str, ...]:
    """Plans whose cost could be above or below the first one's within the gaps.

    The best cost of a scenario lies between bound and objective, so which of two is
    the dearer is proved only if these ranges do not overlap.
    """
    first, *others = proofs.to_dict("records")
    said = []
    for other in others:
        if "none" in (first["status"], other["status"]):
            said.append(
                f"{first['plan']} and {other['plan']}: without a proof of both, their "
                "difference of cost may be one of the search"
            )
            continue
        difference = other["objective"] - first["objective"]
        if -first["gap"] <= difference <= other["gap"] and difference != 0:
            said.append(
                f"{other['plan']} differs from {first['plan']} in cost by "
                f"{three_digits(difference)}, which is within the gaps "
                f"({three_digits(first['gap'])} and {three_digits(other['gap'])}): "
                "which one is cheaper is not proved"
            )
    return tuple(said)


def left_out_text(found: Comparison) -> str:
    """How many indicators a table of those that tell something leaves out."""
    n = len(found.kpis) - len(found.telling)
    if not n:
        return ""
    what = "1 indicator is" if n == 1 else f"{n} indicators are"
    return f"{what} 0 or not known in all runs and left out (kpis.csv has all)"


def _names(folders: Sequence[str | Path]) -> list[str]:
    names = [Path(f).resolve().name for f in folders]
    double = next((n for n in names if names.count(n) > 1), None)
    if double is not None:
        raise WasteplanError(f"two of the folders are called {double}; rename one")
    return names


def read_of_run(path: Path, columns: list[str]) -> pd.DataFrame:
    """Some columns of a table that a run has written.

    Raises
    ------
    WasteplanError
        If it is not there or not such a table.
    """
    try:
        table = pd.read_csv(path, keep_default_na=False, na_values=NUMBERS)
        return table[columns]
    except FileNotFoundError:
        raise WasteplanError(
            f"{path.parent} has no {path.name}; it is not the output of a run"
        ) from None
    except (KeyError, ValueError) as error:
        raise WasteplanError(f"{path} is damaged: {error}") from error
