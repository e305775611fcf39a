"""Parts of the year in which waste is wetter or drier than its mean."""

from __future__ import annotations

from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import Season
from wasteplan.scenario.remembering import remembered
from wasteplan.waste.material import Material, at_moisture

WHOLE_YEAR = Season.model_construct(id="", stream="", waste_share=1.0)
"""The one season of a scenario without any."""


@remembered
def season_ids(scenario: Scenario) -> tuple[str, ...]:
    """The seasons in the order of their rows; one empty id without any."""
    return tuple(dict.fromkeys(s.id for s in scenario.seasons)) or (WHOLE_YEAR.id,)


@remembered
def season_of(scenario: Scenario, season: str, stream: str) -> Season:
    """The row of a stream, else the one for all streams, in a season."""
    rows = {(s.id, s.stream): s for s in scenario.seasons}
    return rows.get((season, stream)) or rows.get((season, "")) or WHOLE_YEAR


def in_season(material: Material, season: Season) -> Material:
    """The same waste at the moisture of a season; tonnes are as received each time."""
    return at_moisture(material, season.moisture_factor)
