"""Whether streams and plant blends burn by themselves: points of the Tanner diagram."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from wasteplan.evaluation.books import technology_of
from wasteplan.evaluation.evaluating import books_of
from wasteplan.plan.records import Plan
from wasteplan.scenario.derived import described_streams, fractions, material
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.combustion import is_autothermal
from wasteplan.waste.material import (
    FractionTable,
    Material,
    ash,
    blend,
    lhv_mj_per_kg,
    moisture,
)

STREAM = "stream"
BLEND = "blend"
WINDOW_COLUMNS = {
    "kind": "`stream`, or `blend` of all that a burner takes",
    "name": "stream or plant id",
    "period": "period id of a blend",
    "moisture": "share of wet mass [-]",
    "ash": "share of wet mass [-]",
    "combustible": "share of wet mass [-]",
    "lhv_mj_per_kg": "as received [MJ/kg]",
    "is_autothermal": "inside the window of the diagram",
}


def burning_window(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """Streams, and blends of burners in the last year of each period.

    What is unknown is left out (see `WINDOW_COLUMNS`).

    Raises
    ------
    PlanError
        If the plan does not fit the scenario.
    """
    table = fractions(scenario)
    known = [s.id for s in scenario.streams if s.id in described_streams(scenario)]
    points = [(STREAM, name, "", material(scenario, name)) for name in known]
    points += list(_blends(scenario, plan))
    rows = [
        (kind, name, period, *shares)
        for kind, name, period, what in points
        if (shares := _shares(what, table)) is not None
    ]
    return pd.DataFrame(rows, columns=list(WINDOW_COLUMNS))


def _blends(scenario: Scenario, plan: Plan) -> Iterator[tuple[str, str, str, Material]]:
    books = books_of(scenario, plan)
    materials = books.intensities.materials.all
    for (t, place), lots in sorted(books.course.intake.items()):
        technology = scenario.technology.get(technology_of(place))
        if technology is None or technology.kind != "combustion":
            continue
        taken = {lot: float(tonnes[-1]) for lot, tonnes in lots.items()}
        if sum(taken.values()) > 0:
            mixed = blend(
                [materials[lot.material] for lot in taken], list(taken.values())
            )
            yield BLEND, place, scenario.periods[t].id, mixed


def _shares(
    what: Material, table: FractionTable
) -> tuple[float, float, float, float, bool] | None:
    water, mineral = moisture(what), ash(what, table)
    if math.isnan(water) or math.isnan(mineral):
        return None
    burns = 1.0 - water - mineral
    window = is_autothermal(water, mineral, burns)
    return water, mineral, burns, lhv_mj_per_kg(what, table), window
