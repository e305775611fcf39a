"""The packaged closed forms: a model, its numbers, and what must come out."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from importlib.resources import files
from typing import get_args

from wasteplan.sim.chance import Shape, Spread

SHAPES: tuple[Shape, ...] = get_args(Shape)
NOTHING = Spread("deterministic", 0.0)


@dataclass(frozen=True)
class ClosedForm:
    """One case.

    Attributes
    ----------
    model
        Key of `closed_form_models.MODELS`.
    size
        Customers, cycles or weeks of one replication.
    parameters
        Plain numbers by name.
    spreads
        Random quantities by name.
    expected
        Quantity -> (value, unit).
    """

    model: str
    size: int
    parameters: dict[str, float] = field(default_factory=dict)
    spreads: dict[str, Spread] = field(default_factory=dict)
    expected: dict[str, tuple[float, str]] = field(default_factory=dict)

    def count(self, name: str) -> int | None:
        """A whole number, None if it is not stated."""
        return int(self.parameters[name]) if name in self.parameters else None

    def spread(self, name: str) -> Spread:
        """A random quantity; one that is not stated takes no time."""
        return self.spreads.get(name, NOTHING)


def closed_forms() -> dict[str, ClosedForm]:
    """The packaged cases by id.

    A row whose role is the name of a distribution states a mean; a parameter of the
    same name with `_shape` behind it is its second number.
    """
    found: dict[str, ClosedForm] = {}
    text = files("wasteplan.sim").joinpath("data/closed_forms.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    for row in rows:
        name, value = row["name"], float(row["value"])
        if row["role"] == "model":
            found[row["case"]] = ClosedForm(name, int(value))
        elif row["role"] == "parameter":
            found[row["case"]].parameters[name] = value
        elif row["role"] == "expected":
            found[row["case"]].expected[name] = (value, row["unit"])
    for row in rows:
        for shape in SHAPES:
            if row["role"] == shape:
                case = found[row["case"]]
                second = case.parameters.get(f"{row['name']}_shape", 1.0)
                spread = Spread(shape, float(row["value"]), second)
                case.spreads[row["name"]] = spread
    return found
