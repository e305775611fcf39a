"""What to look at and re-plan when reports leave the plan."""

from __future__ import annotations

import pandas as pd

ACTION_COLUMNS = {
    "year": "calendar year",
    "what": "facility, region and stream, or target",
    "trigger": "what set it off",
    "action": "what to look at and re-plan",
}


def replanning(
    facilities: pd.DataFrame,
    generation: pd.DataFrame,
    targets: pd.DataFrame,
) -> pd.DataFrame:
    """What to look at for every trigger, and which tables to mend before solving."""
    short = dict(generation.groupby("year")["trigger"].agg(set))
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
        waste_is_short = "below plan" in short.get(row["year"], set())
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
