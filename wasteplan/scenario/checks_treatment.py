"""Rules on treatment: what technologies take, make and need to be known of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from wasteplan.errors import WasteplanError
from wasteplan.network.places import Site
from wasteplan.scenario.derived import (
    accepted_by,
    facility_works_in,
    fractions,
)
from wasteplan.scenario.findings import Finding, Rule, about, on_table, reads
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import ExistingFacility
from wasteplan.scenario.setting_out import materials_of
from wasteplan.treatment.conversion import conversion, outputs
from wasteplan.treatment.records import Size, Technology, Yield
from wasteplan.units import Record, words
from wasteplan.waste.material import lhv_mj_per_kg

SHARE_SUM_TOLERANCE = 1e-3  # published yields are written with four decimals
NEEDED = ("lifetime_y", "availability", "variable_om_per_t")
MATERIAL_TABLES = (
    *("streams", "composition", "fractions", "fraction_properties", "programmes"),
)


def technologies_in_use(scenario: Scenario) -> list[Technology]:
    """Technologies that stand somewhere or may be built on some site."""
    names = {w for site in scenario.sites for w in words(site.technologies)}
    names |= {f.technology for f in scenario.facilities}
    return [t for t in scenario.technologies if t.id in names]


@reads("acceptance", "sites", "facilities")
def technology_accepts_something(scenario: Scenario) -> Iterator[Finding]:
    """A technology that stands or may be built takes some stream or product."""
    for row in technologies_in_use(scenario):
        if not accepted_by(scenario, row.id):
            message = "takes nothing: it has no rows in acceptance.csv"
            yield about("technologies", row, "id", message)


@reads("technologies", "sizes", "sites", "facilities")
def technology_has_a_size(scenario: Scenario) -> Iterator[Finding]:
    """A technology that may be built has at least one size."""
    sized = {s.technology for s in scenario.sizes}
    for row in technologies_in_use(scenario):
        if row.id not in sized:
            yield about("technologies", row, "id", "has no rows in sizes.csv")


@reads("technologies", "sites", "facilities")
def technology_is_complete(scenario: Scenario) -> Iterator[Finding]:
    """Lifetime, availability and variable O&M are known, here or in the catalogue."""
    for row in technologies_in_use(scenario):
        for column in NEEDED:
            if getattr(row, column) is None:
                message = "is empty, and no catalogue entry fills it"
                yield about("technologies", row, column, message)


@reads("technologies", "sizes", "sites")
def every_size_has_its_cost(scenario: Scenario) -> Iterator[Finding]:
    """What may be built has a capital cost and a fixed O&M."""
    candidates = {w for site in scenario.sites for w in words(site.technologies)}
    standing = {(f.technology, f.size) for f in scenario.facilities}
    for row in scenario.sizes:
        may_be_built = row.technology in candidates
        if may_be_built and row.capex is None:
            message = "is empty, and no cost function fills it"
            yield about("sizes", row, "capex", message)
        in_use = may_be_built or (row.technology, row.id) in standing
        if in_use and row.fixed_om_per_y is None:
            message = "is empty, and no cost function fills it"
            yield about("sizes", row, "fixed_om_per_y", message)


@reads("technologies", "sizes")
def modules_have_a_first_line(scenario: Scenario) -> Iterator[Finding]:
    """A further line names a size of its technology that is a plant of its own."""
    for row in scenario.sizes:
        if not row.module_of:
            if row.modules_max > 1:
                message = "is more than 1, but module_of does not say of what"
                yield about("sizes", row, "modules_max", message)
            continue
        first = scenario.size.get((row.technology, row.module_of))
        if first is None:
            message = f"'{row.technology}' has no size '{row.module_of}'"
            yield about("sizes", row, "module_of", message)
        elif first.module_of:
            message = f"'{row.module_of}' is a further line itself: name its first size"
            yield about("sizes", row, "module_of", message)
        technology = scenario.technology.get(row.technology)
        if technology is not None and technology.kind == "disposal":
            message = "landfills grow by cells, any number of them: leave it empty"
            yield about("sizes", row, "module_of", message)
        if first is not None and _is_rated(first) != _is_rated(row):
            message = f"is given for one of '{row.id}' and '{first.id}' only"
            yield about("sizes", row, "lhv_design_mj_per_kg", message)


def _is_rated(size: Size) -> bool:
    return size.lhv_design_mj_per_kg is not None


@reads("technologies", "sizes", "facilities")
def nothing_stands_as_a_module(scenario: Scenario) -> Iterator[Finding]:
    """What stands today is a size of its own: lines beside it are decisions."""
    for row in scenario.facilities:
        size = scenario.size.get((row.technology, row.size))
        if size is not None and size.module_of:
            message = f"'{row.size}' is a further line: name a size without module_of"
            yield about("facilities", row, "size", message)


@reads("technologies", "sizes", "sites", "facilities")
def airspace_has_a_compaction(scenario: Scenario) -> Iterator[Finding]:
    """Where airspace is limited, tonnes per cubic metre are known."""
    limited = {s.technology for s in scenario.sizes if s.airspace_m3 is not None}
    for f in scenario.facilities:
        if f.airspace_left_m3 is not None:
            limited.add(f.technology)
    for row in technologies_in_use(scenario):
        is_limited = row.kind == "disposal" and row.id in limited
        if is_limited and row.compaction_t_per_m3 is None:
            message = "is empty, but airspace in m3 is given"
            yield about("technologies", row, "compaction_t_per_m3", message)


@reads("technologies", "sizes", "sites", "facilities", "periods")
def airspace_is_known_of_all_or_none(scenario: Scenario) -> Iterator[Finding]:
    """Where one cell of a landfill states its airspace, all others do."""
    reported: set[tuple[str, Record]] = set()
    for site in scenario.sites:
        for technology in scenario.technologies:
            if technology.kind != "disposal":
                continue
            known, unknown = _airspace_rows(scenario, site, technology.id)
            if not known:
                continue
            for table, column, row in unknown:
                if (table, row) not in reported:
                    reported.add((table, row))
                    message = (
                        f"is empty, but others of {site.id}.{technology.id} state "
                        "their airspace; give it for all of them or for none"
                    )
                    yield about(table, row, column, message)


AirspaceCell = tuple[str, str, ExistingFacility | Size]
"""Table, column and row."""


def _airspace_rows(
    scenario: Scenario, site: Site, technology: str
) -> tuple[list[AirspaceCell], list[AirspaceCell]]:
    """Cells that may work at a plant: of known airspace, of unknown."""
    known: list[AirspaceCell] = []
    unknown: list[AirspaceCell] = []
    for f in scenario.facilities:
        works = any(facility_works_in(scenario, f, p) for p in scenario.periods)
        if (f.site, f.technology) != (site.id, technology) or not works:
            continue
        size = scenario.size.get((technology, f.size))
        is_known = f.airspace_left_m3 is not None or (
            size is not None and size.airspace_m3 is not None
        )
        (known if is_known else unknown).append(("facilities", "airspace_left_m3", f))
    if technology in words(site.technologies):
        for s in scenario.sizes:
            if s.technology == technology:
                side = unknown if s.airspace_m3 is None else known
                side.append(("sizes", "airspace_m3", s))
    return known, unknown


@reads("yields")
def yields_sum_to_one(scenario: Scenario) -> Iterator[Finding]:
    """Shares of a technology, fraction and component sum to 1."""
    groups: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    first: dict[tuple[str, str, str], Yield] = {}
    for row in scenario.yields:
        key: tuple[str, str, str] = (row.technology, row.fraction, row.component)
        groups[key].append(row.share)
        first.setdefault(key, row)
    for key, shares in groups.items():
        total = sum(shares)
        if abs(total - 1) > SHARE_SUM_TOLERANCE:
            message = f"shares of {' '.join(key)} sum to {total:.6g}, not 1"
            yield about("yields", first[key], "share", message)


@reads("technologies", "products", "yields", "acceptance", *MATERIAL_TABLES)
def every_conversion_is_complete(scenario: Scenario) -> Iterator[Finding]:
    """Every stream that a technology takes can be converted by its yields."""
    table = fractions(scenario)
    for row in technologies_in_use(scenario):
        try:
            prepared = conversion(row, scenario.yields, scenario.products, table)
        except WasteplanError as error:
            yield on_table("yields", flat(error), row.id)
            continue
        for name in sorted(accepted_by(scenario, row.id) & set(scenario.stream)):
            try:
                for mix in materials_of(scenario, name):
                    outputs(prepared, mix, table)
            except WasteplanError as error:
                yield on_table("yields", flat(error), f"{row.id}, {name}")


def flat(error: WasteplanError) -> str:
    """The text of an error on one line."""
    return "; ".join(line.strip() for line in str(error).splitlines())


@reads("technologies", "yields", "acceptance")
def conversions_are_acyclic(scenario: Scenario) -> Iterator[Finding]:
    """No output comes back, by way of others, to the technology that made it."""
    used = [t.id for t in technologies_in_use(scenario)]
    makes: dict[str, set[str]] = defaultdict(set)
    for row in scenario.yields:
        if row.share > 0:
            makes[row.technology].add(row.output)
    feeds = {
        taker: {maker for maker in used if makes[maker] & accepted_by(scenario, taker)}
        for taker in used
    }
    try:
        TopologicalSorter(feeds).prepare()
    except CycleError as error:
        loop = list(error.args[1])
        goods = [
            ", ".join(sorted(makes[maker] & accepted_by(scenario, taker)))
            for maker, taker in pairwise(loop)
        ]
        steps = [f"{maker} -({g})->" for maker, g in zip(loop, goods, strict=False)]
        yield on_table("acceptance", f"a loop: {' '.join(steps)} {loop[-1]}", "accepts")


@reads("technologies", "products", "yields", "acceptance", "outlets", "sites")
def every_product_has_a_way_out(scenario: Scenario) -> Iterator[Finding]:
    """What a technology puts out is taken by another one or by an outlet."""
    used = technologies_in_use(scenario)
    taken = {w for o in scenario.outlets for w in words(o.accepts)}
    for technology in used:
        taken |= accepted_by(scenario, technology.id)
    reported: set[str] = set()
    for technology in used:
        for row in scenario.yields:
            product = scenario.product.get(row.output)
            if row.technology != technology.id or product is None or row.share <= 0:
                continue
            if product.kind == "release" or product.id in taken | reported:
                continue
            reported.add(product.id)
            message = (
                f"{technology.id} puts out {product.id}, which no technology or outlet "
                "takes (acceptance.csv, outlets.csv)"
            )
            yield about("yields", row, "output", message)


@reads("technologies", "streams", "products", "acceptance")
def hazardous_waste_has_consent(scenario: Scenario) -> Iterator[Finding]:
    """Only a technology with consent takes hazardous streams and products."""
    hazardous = {s.id for s in scenario.streams if s.is_hazardous}
    hazardous |= {p.id for p in scenario.products if p.is_hazardous}
    for row in scenario.acceptance:
        technology = scenario.technology.get(row.technology)
        if technology is None or technology.accepts_hazardous:
            continue
        if row.accepts in hazardous:
            message = (
                f"{row.accepts} is hazardous and {technology.id} has no "
                "`accepts_hazardous`"
            )
            yield about("acceptance", row, "accepts", message)


@reads("technologies", "sizes", "acceptance", *MATERIAL_TABLES)
def heat_is_known_where_it_counts(scenario: Scenario) -> Iterator[Finding]:
    """A technology with a heat rating takes only streams of known heating value."""
    rated = {s.technology for s in scenario.sizes if s.lhv_design_mj_per_kg is not None}
    table = fractions(scenario)
    for row in scenario.acceptance:
        if row.technology in rated and row.accepts in scenario.stream:
            mixes = materials_of(scenario, row.accepts)
            if any(math.isnan(lhv_mj_per_kg(mix, table)) for mix in mixes):
                message = (
                    f"the heating value of {row.accepts} is unknown, but sizes of "
                    f"{row.technology} have `lhv_design_mj_per_kg`"
                )
                yield about("acceptance", row, "accepts", message)


@reads("sites", "facilities", "outlets", "technologies")
def no_outlet_is_also_a_facility(scenario: Scenario) -> Iterator[Finding]:
    """A kiln is a facility inside the boundary or an outlet outside, never both."""
    burns = {t.id for t in scenario.technologies if t.kind == "co_processing"}
    inside = {f.site for f in scenario.facilities if f.technology in burns}
    for site in scenario.sites:
        if set(words(site.technologies)) & burns:
            inside.add(site.id)
    sites = [s for s in scenario.sites if s.id in inside]
    for outlet in scenario.outlets:
        if outlet.kind != "kiln":
            continue
        for site in sites:
            same_place = outlet.lon is not None and (outlet.lon, outlet.lat) == (
                site.lon,
                site.lat,
            )
            if same_place or outlet.name.casefold() == site.name.casefold():
                message = f"'{outlet.name}' is also the site '{site.id}' with a kiln"
                yield about("outlets", outlet, "id", message)


TREATMENT_RULES: tuple[Rule, ...] = (
    technology_accepts_something,
    technology_has_a_size,
    technology_is_complete,
    every_size_has_its_cost,
    modules_have_a_first_line,
    nothing_stands_as_a_module,
    airspace_has_a_compaction,
    airspace_is_known_of_all_or_none,
    yields_sum_to_one,
    every_conversion_is_complete,
    conversions_are_acyclic,
    every_product_has_a_way_out,
    hazardous_waste_has_consent,
    heat_is_known_where_it_counts,
    no_outlet_is_also_a_facility,
)
