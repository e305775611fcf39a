"""What leaked waste emits, and costs at a carbon price, under every regime."""

from __future__ import annotations

import numpy as np

from wasteplan.lca.emissions import co2e_kg_per_t, fate_emissions
from wasteplan.scenario.derived import fractions, price
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.gates import Gates, in_periods
from wasteplan.superstructure.model import Floats, Span
from wasteplan.waste.material import Material

MILLION = 1e-6
T_PER_KG = 1e-3
KT_PER_T = 1e-3


def carbon_of_leakage_m(
    gates: Gates, tonnes: Floats, periods: tuple[Span, ...]
) -> Floats:
    """Present value of the carbon price on all emissions of leaked waste.  [M money]

    sum over years of discount x price x tonnes x share of the fate x kg per tonne.

    Returns
    -------
    array, shape (regimes + 1, periods)
        The last row is for classes without measures.
    """
    scenario = gates.scenario
    if not scenario.settings.economics.count_carbon:
        return np.zeros((len(gates.regimes) + 1, len(periods)))
    weights = [
        span.discount * np.array([price(scenario, "carbon", y) for y in span.years])
        for span in periods
    ]
    return _emitted(gates, in_periods(tonnes, weights), periods) * MILLION


def emissions_of_leakage_kt(
    gates: Gates, tonnes: Floats, periods: tuple[Span, ...]
) -> Floats:
    """Direct emissions of leaked waste in the last year of each period.  [kt CO2e/y]

    Shape as for `carbon_of_leakage_m`.
    """
    last = [np.eye(len(span.years))[-1] for span in periods]
    return _emitted(gates, in_periods(tonnes, last), periods) * KT_PER_T


def emissions_of_leakage_total_kt(
    gates: Gates, tonnes: Floats, periods: tuple[Span, ...]
) -> Floats:
    """Direct emissions of leaked waste in all years of each period.  [kt CO2e]

    Shape as for `carbon_of_leakage_m`.
    """
    every = [np.ones(len(span.years)) for span in periods]
    return _emitted(gates, in_periods(tonnes, every), periods) * KT_PER_T


def _emitted(gates: Gates, tonnes: Floats, periods: tuple[Span, ...]) -> Floats:
    """(regimes + 1, periods): CO2e of what leaks of (pairs, periods) tonnes.  [t]"""
    if not gates.scenario.leakage:
        return np.zeros((len(gates.regimes) + 1, len(periods)))
    per_t = gates.kept("leaked_co2e_per_t", lambda: _per_stated_t(gates, periods))
    return gates.by_regime(tonnes, per_t)


def _per_stated_t(gates: Gates, periods: tuple[Span, ...]) -> Floats:
    """(gates, periods): emissions of what leaks of a stated tonne.  [t CO2e/t]"""
    per_t, out = _Intensities(gates.scenario), np.zeros((len(gates.all), len(periods)))
    for i, gate in enumerate(gates.all):
        for t, span in enumerate(periods):
            for fate, share in gates.leakage(gate, span).items():
                out[i, t] += share * gate.share * per_t(fate, gate.material)
    return out


class _Intensities:
    """Emissions of a material in a fate, kept once computed.  [t CO2e/t]"""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.kind = {f.id: f.kind for f in scenario.fates}
        self.known: dict[tuple[str, int], float] = {}

    def __call__(self, fate: str, material: Material) -> float:
        key = (self.kind[fate], id(material))
        if key not in self.known:
            chosen = self.scenario.settings.assessment
            found = fate_emissions(
                self.kind[fate],
                material,
                fractions(self.scenario),
                climate=chosen.climate,
                guidelines=chosen.decay,
            )
            kg = co2e_kg_per_t(found, chosen.gwp, credits=False)
            self.known[key] = kg * T_PER_KG
        return self.known[key]
