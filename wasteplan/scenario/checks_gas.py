"""Rules on landfills, part load and waste in place, and what waste codes say."""

from __future__ import annotations

import math
from collections.abc import Iterator

from wasteplan.scenario.derived import fractions, material
from wasteplan.scenario.findings import Finding, Rule, about, reads
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.decay import committed_methane_kg_per_t
from wasteplan.treatment.landfill import SHARES, packaged_phases
from wasteplan.waste.codes import known_codes
from wasteplan.wording import did_you_mean


@reads("technologies")
def gas_is_captured_in_a_span(scenario: Scenario) -> Iterator[Finding]:
    """Capture ends after it begins, and a span belongs to a share that is captured."""
    for row in scenario.technologies:
        start, end = row.gas_capture_from_y, row.gas_capture_until_y
        if end is not None and end <= (start or 0.0):
            message = f"{end:g} y is not after gas_capture_from_y, {start or 0:g} y"
            yield about("technologies", row, "gas_capture_until_y", message)
        if (start, end) != (None, None) and row.gas_capture is None:
            message = "is empty, but the years of capture are given"
            yield about("technologies", row, "gas_capture", message)


@reads("technologies", "landfill_phases")
def landfill_phases_are_known(scenario: Scenario) -> Iterator[Finding]:
    """Only landfills name phases, those that there are, and state capture once."""
    known = {r.phases for r in (*scenario.landfill_phases, *packaged_phases())}
    for row in scenario.technologies:
        name = row.landfill_phases
        if not name:
            continue
        if row.kind != "disposal":
            message = f"is '{name}', but {row.id} is of kind {row.kind}, not disposal"
            yield about("technologies", row, "landfill_phases", message)
        if name not in known:
            message = f"no phases '{name}'{did_you_mean(name, known)}"
            yield about("technologies", row, "landfill_phases", message)
        elif (row.gas_capture_from_y, row.gas_capture_until_y) != (None, None):
            message = f"phases '{name}' say when gas is captured: leave it empty"
            yield about("technologies", row, "gas_capture_from_y", message)


@reads("technologies", "landfill_phases")
def phases_are_shares_and_used(scenario: Scenario) -> Iterator[Finding]:
    """Shares of phases are at most 1; phases that no landfill names are a warning."""
    named = {t.landfill_phases for t in scenario.technologies}
    for row in scenario.landfill_phases:
        if row.quantity in SHARES and row.value > 1:
            message = f"{row.value:g} is above 1, and {row.quantity} is a share"
            yield about("landfill_phases", row, "value", message)
        if row.phases not in named:
            message = f"no technology names the phases '{row.phases}'"
            yield about("landfill_phases", row, "phases", message, is_warning=True)


@reads("technologies", "landfill_phases")
def leachate_has_what_it_needs(scenario: Scenario) -> Iterator[Finding]:
    """A height of waste needs rain, phases and compaction; the rest needs a height."""
    rain = scenario.settings.assessment.rain_mm_per_y
    for row in scenario.technologies:
        if row.waste_height_m is None:
            if row.leachate_collected is not None:
                message = "is given without waste_height_m, so no leachate is counted"
                yield about("technologies", row, "leachate_collected", message)
            continue
        lacking = [
            text
            for text, is_there in (
                ("[assessment] rain_mm_per_y in scenario.toml", rain is not None),
                ("landfill_phases", bool(row.landfill_phases)),
                ("compaction_t_per_m3", row.compaction_t_per_m3 is not None),
            )
            if not is_there
        ]
        if lacking:
            message = f"leachate needs {' and '.join(lacking)} too"
            yield about("technologies", row, "waste_height_m", message)


@reads("technologies")
def only_furnaces_are_fed_in_batches(scenario: Scenario) -> Iterator[Finding]:
    """`is_batch` chooses emission factors of combustion and says nothing elsewhere."""
    for row in scenario.technologies:
        if row.is_batch and row.kind != "combustion":
            message = f"is true, but {row.id} is of kind {row.kind}, not combustion"
            yield about("technologies", row, "is_batch", message)


@reads("technologies", "part_load")
def part_load_is_of_burners(scenario: Scenario) -> Iterator[Finding]:
    """Curves belong to burners that make power, and end with 1 at full load."""
    by_id = scenario.technology
    for row in scenario.part_load:
        technology = by_id.get(row.technology)
        if technology is None:
            continue  # the rule on names says so
        if technology.kind != "combustion" or not technology.efficiency_electric_net:
            message = f"{technology.id} is no combustion that makes electricity"
            yield about("part_load", row, "technology", message)
    for name in dict.fromkeys(p.technology for p in scenario.part_load):
        curve = [p for p in scenario.part_load if p.technology == name]
        top = max(curve, key=lambda p: p.load)
        if top.load < 1 or top.efficiency_share < 1:
            message = (
                f"the curve of {name} ends with {top.efficiency_share:g} at load "
                f"{top.load:g}; it has to end with 1 at load 1, which the planner takes"
            )
            yield about("part_load", top, "efficiency_share", message)


@reads("facilities", "technologies", "streams", "composition", "fraction_properties")
def waste_in_place_is_known(scenario: Scenario) -> Iterator[Finding]:
    """Waste in place lies in a landfill, is older than the study, and has a make-up."""
    base_year = scenario.settings.scenario.base_year
    climate = scenario.settings.assessment.climate
    for row in scenario.facilities:
        if not row.waste_in_place_t:
            continue
        kind = scenario.technology[row.technology].kind
        if kind != "disposal":
            message = f"{row.technology} is of kind {kind}; only a landfill holds waste"
            yield about("facilities", row, "waste_in_place_t", message)
        if row.opened >= base_year:
            message = (
                f"a facility opened in {row.opened} holds none in base year {base_year}"
            )
            yield about("facilities", row, "waste_in_place_t", message)
        if not row.waste_in_place_stream:
            message = "is empty; name the stream whose composition it has"
            yield about("facilities", row, "waste_in_place_stream", message)
            continue
        made_of = material(scenario, row.waste_in_place_stream)
        gas = committed_methane_kg_per_t(made_of, fractions(scenario), climate, 1.0)
        if math.isnan(gas):
            message = (
                f"the degradable carbon of {row.waste_in_place_stream} is not known; "
                "give `doc_dry` and moisture of its fractions"
            )
            yield about("facilities", row, "waste_in_place_stream", message)


@reads("streams")
def codes_say_what_streams_say(scenario: Scenario) -> Iterator[Finding]:
    """A stream with a hazardous waste code is hazardous (a warning)."""
    for row in scenario.streams:
        for code in known_codes(row.waste_codes):
            if code.is_hazardous and not row.is_hazardous:
                message = (
                    f"{code.code} ({code.scheme}, {code.description}) is hazardous, "
                    "but is_hazardous is false"
                )
                yield about("streams", row, "waste_codes", message, is_warning=True)


GAS_RULES: tuple[Rule, ...] = (
    gas_is_captured_in_a_span,
    landfill_phases_are_known,
    phases_are_shares_and_used,
    leachate_has_what_it_needs,
    only_furnaces_are_fed_in_batches,
    part_load_is_of_burners,
    waste_in_place_is_known,
    codes_say_what_streams_say,
)
