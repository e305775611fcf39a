"""The section on the rounds of planning and simulating."""

from types import SimpleNamespace

import pandas as pd
import report_case as case

from wasteplan.report.rounds import rounds_section
from wasteplan.study.loop_result import GAIN_COLUMNS, LOOP_COLUMNS


class Loop(SimpleNamespace):
    """Two rounds, the second kept: 51 % simulated instead of 48 %."""

    def table(self) -> pd.DataFrame:
        rows = [
            (
                1, "p2", 0.5, 0.5, 0.48, 0.47, 0.49, 300.0, 0, 0, 1, 1, 2e6, 2.1e6, 0,
                0.0, 0, "a",
            ),
            (
                2, "p2", 0.53, 0.5, 0.51, 0.5, 0.52, 90.0, 1, 0, 0, 1, 3e6, None, 4,
                0.0, 1, "b",
            ),
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(LOOP_COLUMNS))

    def gain_table(self) -> pd.DataFrame:
        row = ("landfill_diversion_rate", "p2", 0.03, 0.01, -0.02, 0.04, 10)
        return pd.DataFrame([row], columns=list(GAIN_COLUMNS))

    def gain(self) -> dict[str, object]:
        return {"p2": SimpleNamespace(mean=0.03, half_width=0.01)}


def looped():
    made = case.subject()
    found = SimpleNamespace(plants=())
    first = SimpleNamespace(
        n_met=0, n_told_missed=1, cost=2.1e6, number=1, targets=(1,)
    )
    kept = SimpleNamespace(
        n_met=1,
        n_told_missed=0,
        cost=3e6,
        number=2,
        targets=(1,),
        found=found,
        simulation=made.simulation,
    )
    loop = Loop(
        rounds=(first, kept), kept=kept, ending="cycle", cycle=2, gave_way=(), clash=""
    )
    return case.subject(loop=loop)


def test_planned_expected_and_simulated_of_every_round_are_drawn():
    section = rounds_section(looped())
    (chart,) = section.charts

    assert chart.data["by_period"]["p2"]["rows"] == [
        ["Round 1", 0.5, 0.48, 0.47, 0.49, 0.5],
        ["Round 2, kept", 0.53, 0.51, 0.5, 0.52, 0.5],
    ]
    assert "plans come back every 2 rounds" in section.lead
    assert "+3.0 ± 1.0 points" in section.lead
    gain = section.tables[1].rows[0]
    assert gain[3:] == ("+3.00", "−2.00", "+4.00")
    assert section.tables[0].rows[1][7:9] == ("0 1 0", "4")
    assert section.tables[0].rows[1][10] is None
