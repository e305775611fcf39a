"""A sample as a folder of its own, with every number written out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wasteplan.scenario.model import Scenario, SourceEntry
from wasteplan.scenario.rawfolder import read_raw
from wasteplan.scenario.records import ProvenanceLine
from wasteplan.scenario.sampled import sample_of
from wasteplan.scenario.sampling import Samples
from wasteplan.scenario.stated import KEY_CELL, Cell
from wasteplan.scenario.writing import raw_of, write_raw
from wasteplan.treatment.catalogue import sources as catalogue_sources
from wasteplan.units import STATUS_ORDER

DRAWN = "drawn_within_range"
CATALOGUE = "packaged_catalogue"
"""Source keys of numbers that were drawn, or that the catalogue filled."""


def write_sample(scenario: Scenario, samples: Samples, i: int, folder: Path) -> None:
    """Write the scenario of one sample as a folder that any command takes.

    All numbers of the catalogue are written out, so that none is filled anew; every
    drawn number says so.  Side files go along, ranges do not: they belong to the
    scenario, not to what was drawn from it.

    Raises
    ------
    WasteplanError
        If the folder holds something already.
    IndexError
        If there is no such sample.
    """
    raw = raw_of(stated_sample(scenario, samples, i))
    files = read_raw(scenario.folder).files if scenario.folder else {}
    write_raw(replace(raw, files=files), folder)


def stated_sample(scenario: Scenario, samples: Samples, i: int) -> Scenario:
    """The scenario of a sample in which nothing is left to the catalogue."""
    moved = sample_of(scenario, samples, i)
    drawn = {(n.table, n.row, n.column): n.status for n in samples.numbers}
    filled = {
        cell: status
        for cell, status in moved.filled_cells.items()
        if cell[0] not in KEY_CELL  # whole rows bring their own source
    }
    lines = {(p.table, p.row, p.column): p for p in moved.provenance}
    for cell, status in {**filled, **drawn}.items():
        source = DRAWN if cell in drawn else CATALOGUE
        lines[cell] = _line(cell, source, status)
    text = f"sample {i + 1} of {len(samples)}, {samples.method}, seed {samples.seed}"
    sources = {s.id: s for s in moved.sources}
    for key, words in catalogue_sources().items():
        sources.setdefault(key, SourceEntry(id=key, text=words))
    sources[DRAWN] = SourceEntry(id=DRAWN, text=f"drawn within its range: {text}")
    sources[CATALOGUE] = SourceEntry(id=CATALOGUE, text="the catalogue of wasteplan")
    return replace(
        moved,
        filled_cells={},
        provenance=tuple(lines.values()),
        sources=tuple(sources.values()),
        ranges=(),
    )


def _line(cell: Cell, source: str, status: str) -> ProvenanceLine:
    table, row, column = cell
    known = status if status in STATUS_ORDER else "assumption"
    return ProvenanceLine.model_validate(
        {
            "table": table,
            "row": row,
            "column": column,
            "source": source,
            "status": known,
        }
    )
