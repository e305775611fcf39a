"""Two-stage cases that fit on paper."""

from dataclasses import replace

from networks import (
    Acceptance,
    Target,
    distances,
    generator,
    settings,
    site,
    size,
    standing,
    technology,
    two_generators,
    waste,
)

TONNES = (20_000.0, 60_000.0, 100_000.0)
SIZES = {"small": (60_000.0, 1.2e6), "medium": (80_000.0, 1.5e6), "big": (1e5, 2.2e6)}
"""Capacity [t/y] and annuity of capital [USD/y]: capex is ten times that, at 0 %."""


def one_town(t: float, diversion: float | None = None, size_id: str = ""):
    """A town of t tonnes; a tip at 80 USD/t, a plant at 10 USD/t in three sizes.

    The next year is planned, money has no interest, hauls cost nothing.
    """
    known = {
        name: size("plant", room, capex=10 * annuity, id=name)
        for name, (room, annuity) in SIZES.items()
        if size_id in ("", name)
    }
    return two_generators(
        settings=settings(),
        generators=(generator("a"),),
        generation=(waste("a", t),),
        sites=(site("clean", "plant"), site("dump", "")),
        technologies=(
            technology("plant", "storage", variable_om_per_t=10.0, lifetime_y=10),
            technology("tip", variable_om_per_t=80.0),
        ),
        sizes=(*known.values(), size("tip", 200_000.0)),
        facilities=(standing("dump", "tip"),),
        acceptance=(
            Acceptance(technology="plant", accepts="mixed"),
            Acceptance(technology="tip", accepts="mixed"),
        ),
        distances=distances({"a": {"clean": 0.0, "dump": 0.0}}),
        targets=()
        if diversion is None
        else (Target(id="div", metric="landfill_diversion_rate", min=diversion),),
    )


def three_futures(diversion: float | None = None):
    """20, 60 or 100 kt/y; which one, is not known when the plant is built."""
    return [one_town(t, diversion) for t in TONNES]


def with_tonnes(scenario, factor):
    """The same case with more or less waste everywhere."""
    rows = tuple(
        r.model_copy(update={"waste_t_per_y": r.waste_t_per_y * factor})
        for r in scenario.generation
    )
    return replace(scenario, generation=rows)
