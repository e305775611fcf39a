"""What leaked waste emits, and costs at a carbon price: no decision changes it."""

from __future__ import annotations

import numpy as np

from wasteplan.lca.emissions import co2e_kg_per_t, fate_emissions
from wasteplan.scenario.derived import fractions, leakage_shares, material, price
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.model import Floats, Span
from wasteplan.superstructure.origins import tonnes_by_year

MILLION = 1e-6
T_PER_KG = 1e-3
KT_PER_T = 1e-3


def carbon_of_leakage_m(scenario: Scenario, periods: tuple[Span, ...]) -> float:
    """Present value of the carbon price on all emissions of leaked waste.  [M money]

    sum over years of discount x price x tonnes x share of the fate x kg per tonne.
    """
    if not scenario.settings.economics.count_carbon:
        return 0.0
    weights = [
        span.discount * np.array([price(scenario, "carbon", y) for y in span.years])
        for span in periods
    ]
    return float(_weighted(scenario, periods, weights).sum()) * MILLION


def emissions_of_leakage_kt(scenario: Scenario, periods: tuple[Span, ...]) -> Floats:
    """Direct emissions of leaked waste in the last year of each period.  [kt CO2e/y]"""
    last = [np.eye(len(span.years))[-1] for span in periods]
    return _weighted(scenario, periods, last) * KT_PER_T


def emissions_of_leakage_total_kt(
    scenario: Scenario, periods: tuple[Span, ...]
) -> float:
    """Direct emissions of leaked waste over all years.  [kt CO2e]"""
    every = [np.ones(len(span.years)) for span in periods]
    return float(_weighted(scenario, periods, every).sum()) * KT_PER_T


def _weighted(
    scenario: Scenario, periods: tuple[Span, ...], weights: list[Floats]
) -> Floats:
    """(periods,): tonnes of CO2e of leaked waste, each year times its weight."""
    out = np.zeros(len(periods))
    if not scenario.leakage:
        return out
    pairs, tonnes = tonnes_by_year(scenario)
    per_t = _Intensities(scenario)
    start = 0
    for t, (span, weight) in enumerate(zip(periods, weights, strict=True)):
        weighted = tonnes[:, start : start + len(span.years)] @ weight
        start += len(span.years)
        for (generator, stream), amount in zip(pairs, weighted, strict=True):
            kind = scenario.generator[generator].generator_class
            for fate, share in leakage_shares(scenario, kind, stream, span.id).items():
                out[t] += share * amount * per_t(fate, stream)
    return out


class _Intensities:
    """Emissions of a stream in a fate, kept once computed.  [t CO2e/t]"""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.kind = {f.id: f.kind for f in scenario.fates}
        self.known: dict[tuple[str, str], float] = {}

    def __call__(self, fate: str, stream: str) -> float:
        key = (self.kind[fate], stream)
        if key not in self.known:
            chosen = self.scenario.settings.assessment
            found = fate_emissions(
                self.kind[fate],
                material(self.scenario, stream),
                fractions(self.scenario),
                climate=chosen.climate,
                guidelines=chosen.decay,
            )
            kg = co2e_kg_per_t(found, chosen.gwp, credits=False)
            self.known[key] = kg * T_PER_KG
        return self.known[key]
