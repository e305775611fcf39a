"""What a simulation can tell of the targets of a plan, in one statement.

Met and missed are said where the whole 95 % interval is on one side of the limit.
Where it holds the limit nobody can tell: then it is said how near the mean is.
"""

from __future__ import annotations

from collections.abc import Sequence

from wasteplan.scenario.model import Scenario
from wasteplan.study.naming import period_name, scope_name
from wasteplan.study.simulated_targets import InSimulation
from wasteplan.study.wording import mean_text, percent, signed, some_of

SHOWN = 3


def targets_told(
    scenario: Scenario, targets: Sequence[InSimulation], replications: int
) -> list[str]:
    """Each target alone if there are few, else how many are met, open and missed.

    Parameters
    ----------
    targets
        As the simulation sees them; those not simulated by themselves are left out.
    """
    of = {
        word: [t for t in targets if t.verdict == word]
        for word in ("met", "open", "missed")
    }
    missed = sorted(of["missed"], key=lambda t: t.room)
    listed = [_alone(scenario, t, "missed") for t in missed]
    if len(of["open"]) + len(missed) <= 1:
        unsure = [_alone(scenario, t, "not sure to be met") for t in of["open"]]
        return [*listed, *unsure]
    counts = [f"{len(of['met'])} met"]
    if of["open"]:
        low, high = (signed(f"{100 * t:.1f}") for t in _rooms(of["open"]))
        runs = f"{replications} replications" if replications > 1 else "one run"
        counts.append(
            f"{len(of['open'])} that {runs} cannot tell (means {low} to {high} points "
            "from their limits)"
        )
    counts.append(f"{len(missed)} missed" if missed else "none missed")
    told = sum(map(len, of.values()))
    said = f"of {told} targets simulated, {', '.join(counts)}"
    return [said, *([some_of(listed, SHOWN)] if listed else [])]


def _rooms(targets: Sequence[InSimulation]) -> tuple[float, float]:
    rooms = [t.room for t in targets]
    return min(rooms), max(rooms)


def _alone(scenario: Scenario, t: InSimulation, words: str) -> str:
    scope = ""
    if t.target.region or t.target.stream:
        scope = f" of {scope_name(scenario, t.target)}"
    return (
        f"{percent(t.limit)}{scope} {words} in the simulation in "
        f"{period_name(scenario, t.period)} ({mean_text(t.mean, t.half_width)})"
    )
