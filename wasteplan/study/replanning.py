"""What to look at and re-plan when reports leave the plan."""

from __future__ import annotations

import pandas as pd

ACTION_COLUMNS = {
    "year": "calendar year",
    "what": "facility, region and stream, or target",
    "trigger": "what set it off",
    "action": "what to look at and re-plan",
}


WASTE_PART = 0.5
"""From this part on, waste that did not come explains what a facility lacks.  [-]"""


def replanning(
    facilities: pd.DataFrame,
    generation: pd.DataFrame,
    targets: pd.DataFrame,
) -> pd.DataFrame:
    """What to look at for every trigger, and which tables to mend before solving."""
    below = generation[generation["trigger"] == "below plan"]
    missing_t = (below["planned_t"] - below["reported_t"]).groupby(below["year"]).sum()
    short_t = missing_t.to_dict()
    rows = []
    for row in generation[generation["trigger"] != ""].to_dict("records"):
        said = (
            "less waste than planned or less of it reported: check coverage and "
            "leakage; replace generation.csv by reports and solve again"
            if row["trigger"] == "below plan"
            else "more waste than planned: replace generation.csv by reports; check "
            "whether capacity of the next period is needed earlier"
        )
        name = f"{row['stream']} of {row['region']}"
        rows.append((row["year"], name, row["trigger"], said))
    for row in facilities[facilities["trigger"] != ""].to_dict("records"):
        lacks_t = row["planned_t"] - row["reported_t"]
        waste_is_short = short_t.get(row["year"], 0.0) >= WASTE_PART * lacks_t
        said = _facility_action(row["trigger"], waste_is_short)
        rows.append((row["year"], row["facility"], row["trigger"], said))
    for row in targets[targets["trigger"] != ""].to_dict("records"):
        said = (
            "reports alone do not meet it: solve again from today's facilities"
            if row["trigger"] == "missed"
            else "too much is not reported or of unknown route: raise coverage first"
        )
        rows.append((row["year"], row["target"], row["trigger"], said))
    table = pd.DataFrame(rows, columns=list(ACTION_COLUMNS))
    return table.sort_values(["year", "what"], ignore_index=True)


def _facility_action(trigger: str, waste_is_short: bool) -> str:
    if trigger == "nothing reported":
        return "is it open, and does it report? if late, move its start and solve again"
    if trigger == "not in the plan":
        return "add it to facilities.csv or outlets.csv, or find out who sends there"
    if trigger == "above plan":
        return "check capacity and queues by simulation; bring the next size forward"
    if waste_is_short:
        return "its waste does not come: see generation below plan, then solve again"
    return (
        "the waste is there but goes elsewhere: check availability, gate and price; "
        "put what it really takes into sizes.csv or technologies.csv and solve again"
    )
