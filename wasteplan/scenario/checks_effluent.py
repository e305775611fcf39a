"""Rules on effluent: it keeps to its own plants, and its plants to it."""

from __future__ import annotations

from collections.abc import Iterator

from wasteplan.scenario.derived import accepted_by, material
from wasteplan.scenario.derived import fractions as fractions_of
from wasteplan.scenario.findings import Finding, Rule, about, reads
from wasteplan.scenario.hauls import is_effluent
from wasteplan.scenario.model import Scenario
from wasteplan.treatment.effluent import cod_kg_per_t
from wasteplan.units import words

KIND = "effluent"


@reads("streams", "technologies", "acceptance")
def effluent_goes_to_effluent_plants_only(scenario: Scenario) -> Iterator[Finding]:
    """Effluent would count as solid waste elsewhere, and solid waste as effluent."""
    kinds = {t.id: t.kind for t in scenario.technologies}
    for row in scenario.acceptance:
        if row.technology not in kinds:
            continue
        takes_effluent = is_effluent(scenario, row.accepts)
        if takes_effluent and kinds[row.technology] != KIND:
            message = (
                f"{row.accepts} is effluent: only a technology of kind '{KIND}' takes "
                f"it, not one of kind '{kinds[row.technology]}'"
            )
            yield about("acceptance", row, "accepts", message)
        elif not takes_effluent and kinds[row.technology] == KIND:
            message = (
                f"{row.technology} treats effluent and takes no {row.accepts}: mark "
                "the stream `is_effluent` in streams.csv, or accept it elsewhere"
            )
            yield about("acceptance", row, "accepts", message)


@reads("streams", "centres")
def effluent_passes_no_centre(scenario: Scenario) -> Iterator[Finding]:
    """Centres handle solid waste."""
    for centre in scenario.centres:
        for stream in words(centre.accepts):
            if is_effluent(scenario, stream):
                message = f"takes {stream}, which is effluent: send it to a plant"
                yield about("centres", centre, "accepts", message)


@reads("streams", "leakage")
def effluent_does_not_leak(scenario: Scenario) -> Iterator[Finding]:
    """What is discharged untreated goes to a technology that removes nothing."""
    for row in scenario.leakage:
        if is_effluent(scenario, row.stream):
            message = (
                f"{row.stream} is effluent: describe its discharge as a technology of "
                f"kind '{KIND}' with `cod_removal` 0"
            )
            yield about("leakage", row, "stream", message)


@reads("technologies")
def effluent_plants_are_complete(scenario: Scenario) -> Iterator[Finding]:
    """COD removal and methane correction are stated; no default would be honest."""
    for row in scenario.technologies:
        if row.kind != KIND:
            continue
        for column in ("cod_removal", "methane_correction"):
            if getattr(row, column) is None:
                message = f"a technology of kind '{KIND}' needs it"
                yield about("technologies", row, column, message)


@reads("streams", "composition", "fractions", "fraction_properties", "acceptance")
def oxygen_demand_is_known(scenario: Scenario) -> Iterator[Finding]:
    """Every effluent that a plant takes has its COD."""
    taken = {a for t in scenario.technologies for a in accepted_by(scenario, t.id)}
    for stream in scenario.streams:
        if not stream.is_effluent or stream.id not in taken:
            continue
        cod = cod_kg_per_t(material(scenario, stream.id), fractions_of(scenario))
        if cod != cod:
            message = (
                "has a fraction without `cod_kg_per_t` in fraction_properties.csv: "
                "methane and discharge cannot be told"
            )
            yield about("streams", stream, "id", message)


EFFLUENT_RULES: tuple[Rule, ...] = (
    effluent_goes_to_effluent_plants_only,
    effluent_passes_no_centre,
    effluent_does_not_leak,
    effluent_plants_are_complete,
    oxygen_demand_is_known,
)
