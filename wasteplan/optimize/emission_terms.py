"""Emissions of a solution by the coefficients of the planning model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wasteplan.optimize.handover import Problem
from wasteplan.optimize.haul_block import T_PER_KG, emissions_of_first
from wasteplan.optimize.heat import keys
from wasteplan.superstructure.model import Floats


@dataclass(frozen=True)
class EmissionTerms:
    """Greenhouse gases in the last year of each period, shape (periods,).

    [kt CO2e/y], committed methane.
    """

    treated: Floats
    haul: Floats
    leaked: Floats
    avoided: Floats
    """Credits, and what outlets beyond the boundary emit; negative if avoided."""

    @property
    def direct(self) -> Floats:
        """What a cap on direct emissions limits."""
        return self.treated + self.haul + self.leaked

    @property
    def net(self) -> Floats:
        """What a cap on net emissions limits."""
        return self.direct + self.avoided


def emission_terms(p: Problem, solution: Floats) -> EmissionTerms:
    """The terms that the emission caps of the model add up.

    The same factors make the assessment of a plan; both agree to rounding on the
    committed basis.

    Parameters
    ----------
    p
        The model in arrays.
    solution
        Value of every column.

    Raises
    ------
    WasteplanError
        If the carbon of what may be treated is unknown.
    """
    s = p.data.s
    throughput = p.throughput_kt(solution)
    first, later = p.first_shares(solution), p.later_kt(solution)
    treated, net, haul = (np.zeros(s.n_periods) for _ in range(3))
    for t in p.data.periods:
        treated[t] = p.data.emissions(t, credits=False) @ throughput[:, t]
        net[t] = p.data.emissions(t, credits=True) @ throughput[:, t]
        haul[t] = first[t] @ emissions_of_first(p.data, t)
        haul[t] += later[t] @ s.later.co2_kg_per_t * T_PER_KG
    avoided = net - treated
    for k, t, y in keys(p.data):
        if y == len(s.spans[t].years) - 1:
            sold = p.value(solution, p.model.heat_sold[k, t, y])
            avoided[t] -= s.heat_markets[k].avoided_kt[t][y] * sold
    return EmissionTerms(treated, haul, np.asarray(s.leaked_co2e_kt), avoided)
