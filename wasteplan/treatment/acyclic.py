"""Conversions must not run in a circle: what a plant makes never comes back to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from wasteplan.errors import Problem, ScenarioError
from wasteplan.treatment.records import Acceptance, Technology, Yield

Step = tuple[str, str]
"""(product that is handed on, technology that takes it)."""


def every_conversion_is_acyclic(
    technologies: Iterable[Technology],
    yields: Iterable[Yield],
    acceptance: Iterable[Acceptance],
) -> None:
    """No output comes back, by way of others, to the technology that made it.

    Parameters
    ----------
    technologies
        Those that may work; rows of others are passed over.
    yields
        What they put out.
    acceptance
        What they take.

    Raises
    ------
    ScenarioError
        Naming the loop, such as `rdf_plant -rejects-> mrf_dirty -residue-> rdf_plant`.
    """
    loop = first_loop(technologies, yields, acceptance)
    if loop:
        text = f"conversions run in a circle: {loop}; take one acceptance row out"
        problem = Problem("acceptance.csv", None, "accepts", text)
        raise ScenarioError("conversions", [problem])


def first_loop(
    technologies: Iterable[Technology],
    yields: Iterable[Yield],
    acceptance: Iterable[Acceptance],
) -> str:
    """A circle of conversions as text, or empty if there is none."""
    steps = _steps({t.id for t in technologies}, yields, acceptance)
    done: set[str] = set()
    for start in steps:
        loop = _walk(start, steps, done, [(start, "")])
        if loop:
            return loop
    return ""


def _steps(
    known: set[str], yields: Iterable[Yield], acceptance: Iterable[Acceptance]
) -> dict[str, list[Step]]:
    """Technology -> where each of its outputs can go."""
    takers: dict[str, list[str]] = defaultdict(list)
    for row in acceptance:
        if row.technology in known:
            takers[row.accepts].append(row.technology)
    made: dict[str, dict[str, None]] = {name: {} for name in sorted(known)}
    for y in yields:
        if y.technology in known and y.share > 0:
            made[y.technology][y.output] = None
    return {
        name: [(output, taker) for output in outputs for taker in takers[output]]
        for name, outputs in made.items()
    }


def _walk(
    at: str,
    steps: Mapping[str, list[Step]],
    done: set[str],
    path: list[tuple[str, str]],
) -> str:
    """Depth first from one technology; the path holds (technology, product to it)."""
    if at in done:
        return ""
    on_path = [name for name, _ in path]
    for product, taker in steps[at]:
        if taker in on_path:
            circle = path[on_path.index(taker) :]
            text = circle[0][0]
            for name, brought in circle[1:]:
                text += f" -{brought}-> {name}"
            return f"{text} -{product}-> {taker}"
        loop = _walk(taker, steps, done, [*path, (taker, product)])
        if loop:
            return loop
    done.add(at)
    return ""
