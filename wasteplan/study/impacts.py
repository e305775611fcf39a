"""What a plan does in every category of impact, and what contributes to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.inventorying import STAGES
from wasteplan.lca.methods import ImpactMethod, packaged_methods, user_methods
from wasteplan.scenario.conventions import CUT_OFF, conventions
from wasteplan.scenario.model import Scenario
from wasteplan.units import WEAK_STATUSES
from wasteplan.wording import did_you_mean

IMPACT_COLUMNS = {
    "method": "method id",
    "name": "its name",
    "category": "climate, acidification, ...",
    "unit": "of the impacts",
    "emitted": "without credits",
    "avoided": "credits, positive; 0 under cut-off",
    "net": "emitted less avoided",
    "net_per_t": "per tonne of solid waste generated, without what effluent does",
    "share_on_assumption": "of the magnitudes, on factors from memory or assumption",
}
CONTRIBUTION_COLUMNS = {
    "method": "method id",
    "by": "stage, stream or period",
    "name": "which one",
    "emitted": "without credits",
    "avoided": "credits, positive; 0 under cut-off",
    "net": "emitted less avoided",
}
BY = ("stage", "stream", "period")


def system_of(scenario: Scenario) -> str:
    """The system boundary that `[assessment] credits` declares, once for the study."""
    return conventions(scenario)["system"]


def methods_of(
    scenario: Scenario, asked: Sequence[str] = ()
) -> tuple[ImpactMethod, ...]:
    """The methods asked for; without any, those of the package and the folder.

    Raises
    ------
    WasteplanError
        If there is no such method, or a file in `methods` has mistakes.
    """
    keys = [s.id for s in scenario.sources]
    known = {**packaged_methods(), **user_methods(scenario.folder, keys)}
    unknown = [m for m in asked if m not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known) or f"; there are: {', '.join(known)}"
        raise WasteplanError(f"no impact method '{unknown[0]}'{hint}")
    return tuple(known[m] for m in asked) or tuple(known.values())


def impact_table(
    inventory: pd.DataFrame,
    methods: Sequence[ImpactMethod],
    system: str,
    generated_t: float,
    of_effluent: pd.Series[bool] | None = None,
) -> pd.DataFrame:
    """Impacts by method (see `IMPACT_COLUMNS`).

    Parameters
    ----------
    inventory
        See `evaluation.inventorying.INVENTORY_COLUMNS`.
    methods
        What is asked.
    system
        System expansion or cut-off; credits count only in the first.
    generated_t
        The functional unit.  [t]
    of_effluent
        Rows that are in the impacts and in none per tonne of solid waste.
    """
    rows = []
    own = inventory if of_effluent is None else inventory[~of_effluent]
    for method in methods:
        values = characterised(inventory, method)
        emitted, avoided = _two(inventory, values, system)
        net = emitted - avoided
        solid = float(np.subtract(*_two(own, values.loc[own.index], system)))
        rows.append(
            (
                method.id,
                method.name,
                method.category,
                method.unit,
                emitted,
                avoided,
                net,
                solid / generated_t if generated_t > 0 else float("nan"),
                _weak_share(inventory, values, method, system),
            )
        )
    return pd.DataFrame(rows, columns=list(IMPACT_COLUMNS))


def contribution_table(
    inventory: pd.DataFrame, methods: Sequence[ImpactMethod], system: str
) -> pd.DataFrame:
    """Impacts by stage, by stream and by period (see `CONTRIBUTION_COLUMNS`).

    The rows of one method and one `by` add up to its impact; stages are in the order of
    the waste's way.
    """
    rows = []
    for method in methods:
        values = characterised(inventory, method)
        for by in BY:
            parts = dict(list(inventory.groupby(by, sort=False)))
            order = [s for s in STAGES if s in parts] if by == "stage" else parts
            for name in order:
                part = parts[name]
                emitted, avoided = _two(part, values.loc[part.index], system)
                rows.append((method.id, by, name, emitted, avoided, emitted - avoided))
    return pd.DataFrame(rows, columns=list(CONTRIBUTION_COLUMNS))


def characterised(inventory: pd.DataFrame, method: ImpactMethod) -> pd.Series:
    """Impact of every row of an inventory: mass x factor.

    A substance that the method does not name has none, even where its mass is unknown.
    """
    factor = inventory["substance"].map({s: f.value for s, f in method.factors.items()})
    counts = factor.notna()
    impact = np.where(counts, inventory["kg"] * factor.fillna(0.0), 0.0)
    return pd.Series(impact, index=inventory.index)


def _two(
    inventory: pd.DataFrame, values: pd.Series, system: str
) -> tuple[float, float]:
    """Emitted, and avoided as a positive number."""
    is_credit = inventory["is_credit"].astype(bool)
    emitted = float(values[~is_credit].sum(skipna=False))
    if system == CUT_OFF:
        return emitted, 0.0
    return emitted, 0.0 - float(values[is_credit].sum(skipna=False))


def _weak_share(
    inventory: pd.DataFrame, values: pd.Series, method: ImpactMethod, system: str
) -> float:
    """Share of the magnitudes whose mass or factor is recalled or assumed."""
    size = values.abs()
    if system == CUT_OFF:
        size = size[~inventory["is_credit"].astype(bool)]
    weak = {s for s, f in method.factors.items() if f.status in WEAK_STATUSES}
    part = inventory.loc[size.index]
    is_weak = part["status"].isin(WEAK_STATUSES) | part["substance"].isin(weak)
    total = float(size.sum(skipna=False))
    return float(size[is_weak].sum()) / total if total > 0 else float("nan")
