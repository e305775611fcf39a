"""The inventory of a plan: every substance by year, stage, stream and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from wasteplan.evaluation.books import Books
from wasteplan.evaluation.costs import HAUL
from wasteplan.evaluation.emitting import Release, emitted, leaked, treated
from wasteplan.evaluation.evaluating import books_of
from wasteplan.evaluation.intensities import EmissionKind
from wasteplan.evaluation.lots import Floats
from wasteplan.lca.pollutants import fate_pollutants, process_pollutants
from wasteplan.plan.records import RAW, Plan
from wasteplan.scenario.model import Scenario

INVENTORY_COLUMNS = {
    "period": "period id",
    "year": "calendar year",
    "stage": "collection, haul, process, residues, landfill, leakage, avoided",
    "stream": "stream that the waste came from",
    "place": "plant, centre, outlet or fate id; `haul`",
    "technology": "technology id, `centre`, `outlet`, `haul` or fate kind",
    "substance": "see `wasteplan.lca.pollutants.INVENTORIED`",
    "is_credit": "True for an avoided emission",
    "kg": "emitted in the year, methane committed [kg]",
    "status": "weakest status of the factors",
}
STAGES = (
    "collection",
    "haul",
    "process",
    "residues",
    "landfill",
    "leakage",
    "avoided",
)
"""Stages of a life cycle, in the order of the waste's way."""


def inventory(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """What a plan emits and avoids, substance by substance (see `INVENTORY_COLUMNS`).

    Greenhouse gases are those of the emission table before characterisation; air
    pollutants come beside them where a factor is known.

    Raises
    ------
    PlanError
        If the plan does not fit the scenario.
    """
    books = books_of(scenario, plan)
    sums: dict[tuple[object, ...], float] = defaultdict(float)
    for release, amounts in (*emitted(books).items(), *_pollutants(books)):
        stage = life_cycle_stage(release, books)
        for year, kg in zip(books.years[release.period], amounts, strict=True):
            key = (
                scenario.periods[release.period].id,
                year,
                stage,
                release.stream,
                release.place,
                release.technology,
                release.kind.substance,
                release.kind.is_credit,
                release.kind.status,
            )
            sums[key] += float(kg)
    rows = [(*key[:-1], kg, key[-1]) for key, kg in sums.items() if kg != 0]
    frame = pd.DataFrame(rows, columns=list(INVENTORY_COLUMNS))
    by = ["year", "stage", "stream", "place", "technology", "substance", "status"]
    return frame.sort_values(by, kind="stable", ignore_index=True)


def life_cycle_stage(release: Release, books: Books) -> str:
    """The stage of a life cycle that a release belongs to.

    A haul from a generator is collection, a later one haul; what a landfill does with
    outputs of plants is residues, with waste as it came landfill; centres, electricity
    used and plants are process.
    """
    if release.kind.is_credit:
        return "avoided"
    if release.place == HAUL:  # of effluent too, whose stage is its own
        return "collection" if release.is_raw else "haul"
    if release.kind.stage == "leakage":
        return "leakage"
    technology = books.scenario.technology.get(release.technology)
    if technology is not None and technology.kind == "disposal":
        return "landfill" if release.is_raw else "residues"
    return "process"


def _pollutants(books: Books) -> Iterator[tuple[Release, Floats]]:
    materials = books.intensities.materials
    for load in treated(books):
        technology = books.scenario.technology.get(load.name)
        if technology is None or load.place in books.scenario.outlet:
            continue
        made_of = materials.all[load.lot.material]
        work = books.intensities.performance(load.name, load.lot.material)
        for e in process_pollutants(technology, made_of, materials.table, work):
            kind = EmissionKind(e.stage, e.substance, e.is_credit, e.status)
            origin = (load.lot.stream, load.lot.product == RAW)
            release = Release(load.period, load.place, load.name, *origin, True, kind)
            yield release, e.kg_per_t * load.tonnes
    for load in leaked(books):
        made_of = materials.all[load.lot.material]
        for e in fate_pollutants(load.name, made_of, materials.table):
            kind = EmissionKind(e.stage, e.substance, e.is_credit, e.status)
            stream = load.lot.stream
            release = Release(
                load.period, load.place, load.name, stream, True, True, kind
            )
            yield release, e.kg_per_t * load.tonnes
