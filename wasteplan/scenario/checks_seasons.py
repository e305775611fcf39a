"""Rules on parts of the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from wasteplan.scenario.checks_waste import PROFILE_TOLERANCE
from wasteplan.scenario.derived import described_streams, material
from wasteplan.scenario.findings import Finding, Rule, about, on_table, reads
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Season
from wasteplan.waste.streams import MOISTURE_MAX


@reads("seasons", "streams", "composition", "fractions", "fraction_properties")
def seasons_make_up_the_year(scenario: Scenario) -> Iterator[Finding]:
    """Every stream has all seasons, which sum to the year's tonnes and moisture."""
    rows: dict[str, list[Season]] = defaultdict(list)
    for row in scenario.seasons:
        rows[row.stream].append(row)
    if rows and "" not in rows:
        message = "give rows without a stream, for products and all other streams"
        yield on_table("seasons", message, "stream")
    for stream, own in rows.items():
        missing = {s.id for s in scenario.seasons} - {s.id for s in own}
        whose = stream or "all other streams"
        if missing:
            message = f"{whose} has no row for season {min(missing)}"
            yield about("seasons", own[0], "id", message)
            continue
        total = sum(row.waste_share for row in own)
        mean = sum(row.waste_share * row.moisture_factor for row in own)
        for column, value in (("waste_share", total), ("moisture_factor", mean)):
            if abs(value - 1) > PROFILE_TOLERANCE:
                kind = "shares" if column == "waste_share" else "share x factor"
                message = f"{kind} of {whose} sum to {value:.4g} over the year, not 1"
                yield about("seasons", own[0], column, message)
        for row in own:
            if not stream and row.moisture_factor != 1:
                message = "stands for products too: name the stream that is wetter"
                yield about("seasons", row, "moisture_factor", message)
            yield from _too_wet(scenario, row)


def _too_wet(scenario: Scenario, row: Season) -> Iterator[Finding]:
    if row.stream not in described_streams(scenario):
        return
    wettest = float(np.nanmax(material(scenario, row.stream).water, initial=0.0))
    if wettest * row.moisture_factor > MOISTURE_MAX:
        message = (
            f"makes a fraction of {row.stream} {wettest * row.moisture_factor:.0%} "
            f"water; at most {MOISTURE_MAX:.0%}"
        )
        yield about("seasons", row, "moisture_factor", message)


SEASON_RULES: tuple[Rule, ...] = (seasons_make_up_the_year,)
