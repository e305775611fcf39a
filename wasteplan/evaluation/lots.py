"""What is followed through a plan: tonnes of a material of one region and stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wasteplan.plan.records import RAW
from wasteplan.scenario.derived import fractions, material
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.conversion import Conversion, conversion, outputs
from wasteplan.waste.material import Material

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOOSE = "loose"
BURNING_KINDS = frozenset({"combustion", "co_processing"})
UNROUTED = "unrouted"
"""Where material is booked that no route of the plan takes anywhere."""


@dataclass(frozen=True)
class Lot:
    """Material of one origin that looks the same to every destination."""

    stream: str
    region: str
    product: str
    state: str
    material: int
    """Index into `Materials`."""
    was_burnt: bool = False
    """Whether a burner or kiln has put it out."""

    @property
    def name(self) -> str:
        """What acceptance and legs call it: its stream while raw, else its product."""
        return self.stream if self.product == RAW else self.product


@dataclass(frozen=True)
class Made:
    """One output of a conversion."""

    product: str
    share: float
    """t per t of input."""
    material: int | None
    """None for what leaves the solid system."""


class Materials:
    """All materials that a plan makes, numbered, with the conversions between them."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.table = fractions(scenario)
        self.all: list[Material] = []
        self._number: dict[int, int] = {}
        self._conversion: dict[str, Conversion] = {}
        self._made: dict[tuple[str, int], tuple[Made, ...]] = {}

    def of_stream(self, stream: str) -> int:
        """The material of a stream as it is handed over."""
        return self.number(material(self.scenario, stream))

    def number(self, of: Material) -> int:
        """The number of a material that generators set out, new or known."""
        if id(of) not in self._number:
            self._number[id(of)] = self._add(of)
        return self._number[id(of)]

    def made(self, technology: str, of: int) -> tuple[Made, ...]:
        """What a technology makes of a tonne of a material; empty if it keeps it."""
        key = (technology, of)
        if key not in self._made:
            if technology not in self._conversion:
                self._conversion[technology] = conversion(
                    self.scenario.technology[technology],
                    self.scenario.yields,
                    self.scenario.products,
                    self.table,
                )
            found = outputs(self._conversion[technology], self.all[of], self.table)
            self._made[key] = tuple(
                Made(product, share, None if out is None else self._add(out))
                for product, (share, out) in found.items()
            )
        return self._made[key]

    def _add(self, new: Material) -> int:
        self.all.append(new)
        return len(self.all) - 1


def period_years(scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    """The calendar years of every period."""
    return tuple(tuple(range(p.first_year, p.last_year + 1)) for p in scenario.periods)
