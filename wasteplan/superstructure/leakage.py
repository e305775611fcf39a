"""What leaked waste costs at a carbon price: a cost that no decision changes."""

from __future__ import annotations

import numpy as np

from wasteplan.lca.emissions import co2e_kg_per_t, fate_emissions
from wasteplan.scenario.derived import fractions, leakage_shares, material, price
from wasteplan.scenario.model import Scenario
from wasteplan.superstructure.model import Span
from wasteplan.superstructure.origins import tonnes_by_year

MILLION = 1e-6
T_PER_KG = 1e-3


def carbon_of_leakage_m(scenario: Scenario, periods: tuple[Span, ...]) -> float:
    """Present value of the carbon price on all emissions of leaked waste.  [M money]

    sum over years of discount x price x tonnes x share of the fate x kg per tonne.
    """
    if not scenario.settings.economics.count_carbon or not scenario.leakage:
        return 0.0
    pairs, tonnes = tonnes_by_year(scenario)
    gwp = scenario.settings.assessment.gwp
    climate = scenario.settings.assessment.climate
    kinds = {f.id: f.kind for f in scenario.fates}
    known: dict[tuple[str, str], float] = {}
    total, start = 0.0, 0
    for span in periods:
        prices = np.array([price(scenario, "carbon", y) for y in span.years])
        paid = tonnes[:, start : start + len(span.years)] @ (span.discount * prices)
        start += len(span.years)
        for (generator, stream), money in zip(pairs, paid, strict=True):
            kind = scenario.generator[generator].generator_class
            for fate, share in leakage_shares(scenario, kind, stream, span.id).items():
                key = (kinds[fate], stream)
                if key not in known:
                    found = fate_emissions(
                        kinds[fate],
                        material(scenario, stream),
                        fractions(scenario),
                        climate=climate,
                    )
                    known[key] = co2e_kg_per_t(found, gwp, credits=False) * T_PER_KG
                total += share * money * known[key]
    return float(total * MILLION)
