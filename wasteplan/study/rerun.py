"""Run a study again from its provenance and compare the outputs byte by byte."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from wasteplan.errors import WasteplanError
from wasteplan.plan.files import read_plan
from wasteplan.study.provenance import (
    changed,
    input_hashes,
    output_hashes,
    read_provenance,
    shipment_hashes,
    trade_off_hashes,
    versions,
)
from wasteplan.study.run import PLAN_FILE, ReportWriter, Run, Watch, run


@dataclass(frozen=True)
class Rerun:
    """What came out the same and what did not."""

    run: Run
    same: tuple[str, ...]
    different: tuple[str, ...]
    """File names with what happened to them."""
    versions_changed: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Every file is the same, byte by byte."""
        return not self.different


def rerun(
    folder: str | Path,
    *,
    write_report: ReportWriter | None = None,
    watch: Watch | None = None,
    into: str | Path | None = None,
) -> Rerun:
    """Run again what made an output folder.

    Parameters
    ----------
    folder
        The output of a run.
    write_report, watch
        As for `run`; a report that showed reported shipments or trade-offs needs them
        (see `shipments_of`, `trade_offs_of`) to come out the same.
    into
        Keep the new output here; by default it is thrown away.

    Raises
    ------
    WasteplanError
        If the folder is no output, or the scenario or the shipments shown are gone or
        have changed since.
    """
    before = read_provenance(folder)
    scenario = scenario_of(folder)
    inputs = changed(before.inputs, input_hashes(scenario))
    if inputs:
        raise WasteplanError(
            f"{scenario} is not what it was when {folder} was made: "
            + ", ".join(inputs)
        )
    plan = read_plan(Path(folder) / PLAN_FILE) if before.is_plan_given else None
    with tempfile.TemporaryDirectory(prefix="wasteplan-") as parent:
        out = Path(into) if into is not None else Path(parent) / Path(folder).name
        made = run(
            scenario,
            out,
            options=before.options,
            plan=plan,
            write_report=write_report,
            watch=watch,
            shipments=shipments_of(folder),
            trade_offs=trade_offs_of(folder),
        )
        now = output_hashes(out)
    known = dict(before.outputs)
    return Rerun(
        run=made,
        same=tuple(n for n in sorted(known) if now.get(n) == known[n]),
        different=tuple(changed(known, now)),
        versions_changed=tuple(changed(before.versions, versions())),
    )


def scenario_of(folder: str | Path) -> Path:
    """The scenario that an output folder was made from.

    Raises
    ------
    WasteplanError
        If the folder is no output, or the scenario is gone.
    """
    stated = read_provenance(folder).folder
    scenario = (Path(folder).absolute() / stated).resolve()
    if not scenario.exists():
        raise WasteplanError(f"{folder}: the scenario {stated} is gone")
    return scenario


def shipments_of(folder: str | Path) -> Path | None:
    """The reported shipments that an output folder shows; None without any.

    Raises
    ------
    WasteplanError
        If the folder is no output, or the shipments are gone or have changed since.
    """
    before = read_provenance(folder)
    if not before.shipments:
        return None
    path = (Path(folder).absolute() / before.shipments).resolve()
    if not path.exists():
        raise WasteplanError(f"{folder}: the shipments {before.shipments} are gone")
    found = changed(before.shipment_inputs, shipment_hashes(path))
    if found:
        raise WasteplanError(
            f"{path} is not what it was when {folder} was made: {', '.join(found)}"
        )
    return path


def trade_offs_of(folder: str | Path) -> tuple[Path, ...]:
    """The fronts, alternatives and switch points that an output folder shows.

    Raises
    ------
    WasteplanError
        If the folder is no output, or they are gone or have changed since.
    """
    before = read_provenance(folder)
    paths = tuple((Path(folder).absolute() / p).resolve() for p in before.trade_offs)
    for path, stated in zip(paths, before.trade_offs, strict=True):
        if not path.is_dir():
            raise WasteplanError(f"{folder}: the trade-off {stated} is gone")
    found = changed(before.trade_off_inputs, trade_off_hashes(paths))
    if found:
        raise WasteplanError(
            f"trade-offs are not what they were when {folder} was made: "
            + ", ".join(found)
        )
    return paths
