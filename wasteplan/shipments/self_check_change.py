"""A factory's self-check before and after a plan, side by side."""

from __future__ import annotations

import pandas as pd

from wasteplan.shipments.self_check import Diversion, SelfCheck

LANDFILL_MAX = 0.1
"""Share of its waste above which a factory is on landfill."""

CHANGE_COLUMNS = {
    "what": "waste, share of a fate, diversion, or question of the readiness list",
    "before": "value or answer",
    "after": "value or answer",
    "unit": "t, -, or answer",
}


def self_check_change(before: SelfCheck, after: SelfCheck) -> pd.DataFrame:
    """What changes between two self-checks of one factory.

    Returns
    -------
    pandas.DataFrame
        Columns of `CHANGE_COLUMNS`: tonnes of the year, every fate's share of them,
        both ends of diversion with and without burning, and the readiness questions
        whose answers differ.
    """
    rows: list[tuple[object, ...]] = []
    fates = [_shares(check, "waste_t") for check in (before, after)]
    rows.append(("waste", *(sum(f.values()) for f in fates), "t"))
    shares = [_shares(check, "share") for check in (before, after)]
    for fate in dict.fromkeys([*shares[0], *shares[1]]):
        rows.append((f"share: {fate}", *(s.get(fate, 0.0) for s in shares), "-"))
    for name, pair in (
        ("kept out of landfill", (before.diversion, after.diversion)),
        ("the same, burning not counted", _without(before, after)),
    ):
        rows.append((f"{name}, low", *(d.low for d in pair), "-"))
        rows.append((f"{name}, high", *(d.high for d in pair), "-"))
    answers = before.readiness.merge(after.readiness, on="question")
    changed = answers[answers["answer_x"] != answers["answer_y"]]
    for row in changed.to_dict("records"):
        rows.append((row["question"], row["answer_x"], row["answer_y"], "answer"))
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def moves_off_landfill(
    before: SelfCheck, after: SelfCheck, landfill_max: float = LANDFILL_MAX
) -> bool:
    """Whether the share that goes to landfill falls to the limit or below.

    Parameters
    ----------
    landfill_max
        Share above which a factory is on landfill.  [-]
    """
    was, is_now = (_shares(c, "share").get("landfill", 0.0) for c in (before, after))
    return was > landfill_max >= is_now


def _shares(check: SelfCheck, column: str) -> dict[str, float]:
    """Values of all waste by fate."""
    every = check.routes[check.routes["hazard"] == "all"]
    return dict(zip(every["fate"], every[column], strict=True))


def _without(before: SelfCheck, after: SelfCheck) -> tuple[Diversion, Diversion]:
    return (
        before.diversion_without_incineration,
        after.diversion_without_incineration,
    )
