"""Element balances of the streams of a case through its technologies."""

from __future__ import annotations

import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.scenario.derived import (
    accepted_by,
    described_streams,
    fractions,
    material,
)
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.conversion import conversion
from wasteplan.treatment.element_balance import element_balance, landfill_balance
from wasteplan.treatment.landfill import phases_of
from wasteplan.wording import did_you_mean


def element_tables(
    scenario: Scenario, technology: str = "", stream: str = ""
) -> dict[tuple[str, str], pd.DataFrame]:
    """A table per technology and stream that it accepts.

    Rows are `in`, the products and `in less out`; columns `where` and the elements in
    kg per tonne as received; NaN is not known.

    Parameters
    ----------
    scenario
        The case.
    technology, stream
        Only this one; all if empty.

    Raises
    ------
    WasteplanError
        If there is no such technology or stream, or the one does not take the other.
    """
    for name, known in (
        (technology, list(scenario.technology)),
        (stream, list(scenario.stream)),
    ):
        if name and name not in known:
            hint = did_you_mean(name, known) or f"; there are: {', '.join(known)}"
            raise WasteplanError(f"{scenario.name} has no '{name}'{hint}")
    table, chosen = fractions(scenario), scenario.settings.assessment
    found: dict[tuple[str, str], pd.DataFrame] = {}
    for t in scenario.technologies:
        if technology not in ("", t.id):
            continue
        prepared = conversion(t, scenario.yields, scenario.products, table)
        for name in sorted(accepted_by(scenario, t.id)):
            if name not in described_streams(scenario) or stream not in ("", name):
                continue
            what = material(scenario, name)
            if t.kind == "disposal":
                balance = landfill_balance(
                    t,
                    what,
                    table,
                    chosen.climate,
                    chosen.decay,
                    phases_of(t, scenario.landfill_phases),
                    chosen.rain_mm_per_y,
                )
            elif prepared.outputs:
                balance = element_balance(prepared, what, table)
            else:
                continue
            rows = balance.table().reset_index(names="where")
            found[t.id, name] = rows
    if not found:
        raise WasteplanError(
            f"{scenario.name}: no technology asked for takes a stream asked for"
        )
    return found
