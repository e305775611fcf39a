"""One carbon balance: fossil + biogenic = total, degradable is a part of biogenic."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from wasteplan.waste.records import PropertyName

Floats = npt.NDArray[np.float64]


def degradable_carbon_dry(values: Mapping[PropertyName, Floats]) -> Floats:
    """Degradable organic carbon of each fraction.  [kg C/kg dry; NaN unknown]

    DOC_i = min(DOC_table,i, C_i (1 - fossil share_i))

    The IPCC defaults for garden waste and wood state slightly more degradable carbon
    (0.500 and 0.506 of dry mass) than carbon (0.49 and 0.50), because they come from
    different tables; here carbon that is not there cannot rot.

    Parameters
    ----------
    values
        Columns of a fraction table.
    """
    carbon, fossil = values["carbon_dry"], values["fossil_carbon_share"]
    biogenic = np.where(carbon == 0.0, 0.0, carbon * (1.0 - fossil))
    doc = np.where(biogenic == 0.0, 0.0, values["doc_dry"])
    return np.where(np.isnan(biogenic), doc, np.minimum(doc, biogenic))
