"""What can be scaled or set to see where a plan changes: prices, gates, waste."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wasteplan.errors import WasteplanError
from wasteplan.scenario.model import Scenario

PRICES = {
    "electricity_sold": "kWh",
    "electricity_bought": "kWh",
    "diesel": "l",
    "carbon": "t CO2e",
    "coal": "GJ",
    "heat_sold": "GJ",
}
"""Item of prices.csv -> what its price is per."""
WASTE, GATE, CARBON = "waste", "gate", "carbon"


@dataclass(frozen=True)
class Driver:
    """One kind of number, by factors on it or by levels it is set to."""

    name: str
    """Item of prices.csv, `gate:OUTLET`, or `waste`."""
    is_level: bool = False

    @property
    def outlet(self) -> str:
        """The outlet whose gate price it is; empty for others."""
        kind, _, name = self.name.partition(":")
        return name if kind == GATE else ""

    def unit(self, currency: str) -> str:
        """Of its levels; empty for factors."""
        if not self.is_level:
            return ""
        return f"{currency}/{PRICES.get(self.name, 't')}"

    def said(self, level: float) -> str:
        """A level or factor as people write it.

        >>> Driver("waste").said(1.25), Driver("carbon", True).said(50.0)
        ('x 1.25', '50')
        """
        return f"{level:.4g}" if self.is_level else f"x {level:.4g}"


def drivers_of(scenario: Scenario) -> tuple[str, ...]:
    """What can be scaled or set: prices with a row, outlets by name, waste."""
    known = {p.item for p in scenario.prices}
    outlets = tuple(f"{GATE}:{o.id}" for o in scenario.outlets)
    return (*(d for d in PRICES if d in known), *outlets, WASTE)


def checked(scenario: Scenario, driver: Driver) -> None:
    """Refuse what cannot move anything.

    Raises
    ------
    WasteplanError
        No such driver (the text lists what there is), factors on prices of 0, levels
        of waste.
    """
    if driver.name not in drivers_of(scenario):
        known = ", ".join(drivers_of(scenario))
        raise WasteplanError(
            f"nothing to scale called '{driver.name}'; there is: {known}"
        )
    if driver.name == WASTE and driver.is_level:
        raise WasteplanError(
            "waste has no level, its tonnages differ: write waste alone, and --factors"
        )
    if not driver.is_level and not any(_prices(scenario, driver)):
        unit = Driver(driver.name, True).unit(scenario.settings.scenario.currency)
        raise WasteplanError(
            f"the price of {driver.name} is 0, which no factor changes: give levels in "
            f"{unit}, as {driver.name}=0,50,100"
        )


def _prices(scenario: Scenario, driver: Driver) -> list[float]:
    """The numbers that a driver is about; tonnages of waste."""
    if driver.name == WASTE:
        return [g.waste_t_per_y for g in scenario.generation]
    if driver.outlet:
        return [scenario.outlet[driver.outlet].price_per_t]
    return [p.value for p in scenario.prices if p.item == driver.name]


def now(scenario: Scenario, driver: Driver) -> float | None:
    """Where the scenario stands: factor 1, or its price if that is one number."""
    if not driver.is_level:
        return 1.0
    if driver.name == CARBON and not scenario.settings.economics.count_carbon:
        return 0.0
    found = set(_prices(scenario, driver))
    return found.pop() if len(found) == 1 else None


def moved(scenario: Scenario, driver: Driver, level: float) -> Scenario:
    """The same case with a kind of number times a factor, or set to a level.

    A carbon price is counted then, also where the scenario leaves it out.
    """
    checked(scenario, driver)

    def new(value: float) -> float:
        return level if driver.is_level else level * value

    if driver.name == WASTE:
        rows = tuple(
            g.model_copy(update={"waste_t_per_y": new(g.waste_t_per_y)})
            for g in scenario.generation
        )
        return replace(scenario, generation=rows)
    if driver.outlet:
        outlets = tuple(
            o.model_copy(update={"price_per_t": new(o.price_per_t)})
            if o.id == driver.outlet
            else o
            for o in scenario.outlets
        )
        return replace(scenario, outlets=outlets)
    prices = tuple(
        p.model_copy(update={"value": new(p.value)}) if p.item == driver.name else p
        for p in scenario.prices
    )
    case = replace(scenario, prices=prices)
    return _counting_carbon(case) if driver.name == CARBON else case


def _counting_carbon(scenario: Scenario) -> Scenario:
    economics = scenario.settings.economics.model_copy(update={"count_carbon": True})
    settings = scenario.settings.model_copy(update={"economics": economics})
    return replace(scenario, settings=settings)
