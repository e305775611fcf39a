"""What follows from a reported row: its tonnage, how that is known, its state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wasteplan.shipments.checking import missing_column
from wasteplan.shipments.quantities import is_volume, tonnes_of_columns
from wasteplan.shipments.states import states_from_times
from wasteplan.shipments.table import QUANTITY_BASES, ShipmentTable, shipment_table


def completed(columns: dict[str, Any], n_rows: int) -> ShipmentTable:
    """A shipment table; tonnage, basis and state follow where they are not reported.

    Where no declared tonnage is given it is quantity x unit (x density).  Without a
    reported basis, a received tonnage is weighed, a declared one declared or, for a
    volume, volume x density.  Without a reported state, the times speak.

    Parameters
    ----------
    columns
        Checked columns by name; text as categories, unknown as missing.
    n_rows
        Number of rows.
    """
    columns = dict(columns)
    basis = columns.pop("quantity_basis", missing_column(n_rows))
    state = columns.pop("state", missing_column(n_rows))
    unit = columns.get("quantity_unit", missing_column(n_rows))
    nothing = np.full(n_rows, np.nan)
    declared = np.asarray(columns.get("declared_t", nothing), dtype=float)
    reckoned = tonnes_of_columns(
        columns.get("quantity", nothing),
        unit,
        columns.get("density_kg_per_m3", nothing),
    )
    from_volume = np.isnan(declared) & is_volume(unit)
    columns["declared_t"] = np.where(np.isnan(declared), reckoned, declared)
    table = shipment_table(columns, n_rows)
    table["quantity_basis"] = filled(basis, _bases(table, from_volume))
    table["state"] = filled(state, states_from_times(table))
    return table


def filled(given: pd.Categorical, fallback: pd.Categorical) -> pd.Categorical:
    """The names given, and those of the fallback where none is given."""
    names = list(dict.fromkeys([*given.categories, *fallback.categories]))
    place = pd.Index(names, dtype=object)
    ours = np.append(place.get_indexer(pd.Index(given.categories, dtype=object)), -1)
    theirs = np.append(
        place.get_indexer(pd.Index(fallback.categories, dtype=object)), -1
    )
    codes = np.where(given.codes >= 0, ours[given.codes], theirs[fallback.codes])
    return pd.Categorical.from_codes(codes, categories=place)


def _bases(table: ShipmentTable, from_volume: np.ndarray) -> pd.Categorical:
    """Basis of quantity_t where nobody reported one."""
    is_received = table["received_t"].notna().to_numpy()
    is_declared = table["declared_t"].notna().to_numpy()
    codes = np.select(
        [is_received, is_declared & from_volume, is_declared],
        [QUANTITY_BASES.index(n) for n in ("weighed", "volume_x_density", "declared")],
        default=-1,
    )
    names = pd.Index(QUANTITY_BASES, dtype=object)
    return pd.Categorical.from_codes(codes, categories=names)
