"""Effluent in a simulation: only the sludge of its treatment is hauled and queues.

Pipes, tankers and basins are not simulated: effluent is treated as it comes, and its
sludge is solid waste that starts at the plant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wasteplan.scenario.derived import fractions
from wasteplan.scenario.model import Scenario
from wasteplan.sim.routing import Routing
from wasteplan.treatment.conversion import conversion, outputs
from wasteplan.waste.material import Material

KIND = "effluent"


@dataclass(frozen=True)
class Sludge:
    """What the effluent of one generator leaves behind in one plant."""

    plant: str
    product: str
    material: Material
    t_per_y: float


def effluent_plants(scenario: Scenario, plants: Iterable[str]) -> frozenset[str]:
    """Those of some plants that treat effluent."""
    kinds = {t.id: t.kind for t in scenario.technologies}
    return frozenset(p for p in plants if kinds.get(p.partition(".")[2]) == KIND)


def sludge_of(
    scenario: Scenario,
    routing: Routing,
    generator: str,
    stream: str,
    effluent: Material,
    m3_per_y: float,
) -> list[Sludge]:
    """Solid waste of a generator's effluent, plant by plant.

    Parameters
    ----------
    effluent
        What it is made of.
    m3_per_y
        Tonnes of it.  [t/y]
    """
    found = []
    table = fractions(scenario)
    for plant, share in routing.of_generator(generator, stream).items():
        technology = scenario.technology[plant.partition(".")[2]]
        prepared = conversion(technology, scenario.yields, scenario.products, table)
        for product, (part, out) in outputs(prepared, effluent, table).items():
            is_solid = scenario.product[product].kind != "release" and out is not None
            if is_solid and out is not None:
                amount = m3_per_y * share * part
                found.append(Sludge(plant, product, out, amount))
    return found
