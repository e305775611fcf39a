"""Every table of a scenario: its file name, its record and its key."""

from __future__ import annotations

from dataclasses import dataclass

from wasteplan.network import haulage, places, roads
from wasteplan.scenario import measure_records, money_records, records
from wasteplan.treatment import records as treatment
from wasteplan.units import SourcedRecord
from wasteplan.waste import records as waste


@dataclass(frozen=True)
class TableSpec:
    """One table; `name` is the file `<name>.csv`, the sheet and the Scenario field."""

    name: str
    record: type[SourcedRecord]
    key: tuple[str, ...]
    """Columns that together name a row; no two rows may share them."""
    text: str
    is_required: bool = False


TABLES: tuple[TableSpec, ...] = (
    TableSpec("generators", places.WasteGenerator, ("id",), "who produces waste", True),
    TableSpec(
        "generator_classes", records.GeneratorClass, ("id",), "who pays and leaks alike"
    ),
    TableSpec(
        "generation",
        records.Generation,
        ("generator", "stream", "year"),
        "tonnes per generator, stream and year",
        True,
    ),
    TableSpec(
        "estimates", records.Estimate, ("id",), "independent figures to compare with"
    ),
    TableSpec("streams", waste.Stream, ("id",), "kinds of waste", True),
    TableSpec(
        "composition",
        waste.CompositionShare,
        ("stream", "fraction", "within"),
        "mass shares of fractions in streams",
        True,
    ),
    TableSpec("fractions", waste.Fraction, ("id",), "material classes"),
    TableSpec(
        "fraction_properties",
        waste.FractionProperty,
        ("fraction", "property"),
        "moisture, heating value, carbon, ash of fractions",
    ),
    TableSpec("containers", haulage.Container, ("id",), "bins at generators"),
    TableSpec("fleets", haulage.Fleet, ("id",), "trucks of a depot and their shifts"),
    TableSpec("depots", places.Depot, ("id",), "where trucks start and end"),
    TableSpec("vehicles", haulage.Vehicle, ("id",), "truck types", True),
    TableSpec("legs", haulage.Leg, ("id",), "which vehicle serves which haul", True),
    TableSpec("centres", places.Centre, ("id",), "collection and transfer centres"),
    TableSpec("sites", places.Site, ("id",), "places for facilities"),
    TableSpec(
        "site_criteria",
        places.SiteCriterion,
        ("site", "criterion"),
        "what excludes or scores a site",
    ),
    TableSpec(
        "facilities", records.ExistingFacility, ("id",), "facilities that stand today"
    ),
    TableSpec("technologies", treatment.Technology, ("id",), "kinds of treatment"),
    TableSpec("sizes", treatment.Size, ("technology", "id"), "capacities and costs"),
    TableSpec("products", treatment.Product, ("id",), "what technologies put out"),
    TableSpec(
        "yields",
        treatment.Yield,
        ("technology", "fraction", "component", "output"),
        "shares of inputs leaving as products",
    ),
    TableSpec(
        "acceptance",
        treatment.Acceptance,
        ("technology", "accepts"),
        "streams and products a technology takes",
    ),
    TableSpec(
        "blend_limits",
        treatment.BlendLimit,
        ("technology", "property"),
        "limits on the mean of what a facility takes",
    ),
    TableSpec(
        "operations",
        treatment.Operation,
        ("technology",),
        "how facilities work by hour",
    ),
    TableSpec(
        "landfill_phases",
        treatment.LandfillPhase,
        ("phases", "quantity", "from_y"),
        "gas capture, oxidation and leachate by the age of a deposit",
    ),
    TableSpec(
        "part_load",
        treatment.PartLoad,
        ("technology", "load"),
        "electric efficiency of burners that are not full",
    ),
    TableSpec("outlets", places.Outlet, ("id",), "ways out across the boundary"),
    TableSpec("fates", records.Fate, ("id",), "where waste goes outside the system"),
    TableSpec(
        "leakage",
        records.LeakageStep,
        ("generator_class", "stream", "fate", "advantage_min"),
        "response of generators to the pull of fates",
    ),
    TableSpec("periods", records.Period, ("id",), "years planned together", True),
    TableSpec("targets", records.Target, ("id",), "requirements on metrics"),
    TableSpec("choices", records.Choice, ("id",), "what must or may not open"),
    TableSpec("prices", records.Price, ("item", "year"), "prices by year"),
    TableSpec(
        "factors", records.YearlyFactor, ("item", "year"), "physical factors by year"
    ),
    TableSpec("owners", records.Owner, ("technology_or_centre",), "who owns what"),
    TableSpec(
        "profiles",
        records.Profile,
        ("profile", "kind", "index"),
        "season, weekday, holiday and hour factors",
    ),
    TableSpec(
        "seasons",
        records.Season,
        ("id", "stream"),
        "parts of the year in which limits on blends must hold",
    ),
    TableSpec("nodes", roads.RoadNode, ("id",), "nodes of the road graph"),
    TableSpec(
        "edges", roads.RoadEdge, ("from_node", "to_node"), "edges of the road graph"
    ),
    TableSpec(
        "distances",
        roads.RoadDistance,
        ("origin", "destination"),
        "distance matrix between places",
    ),
    TableSpec("ranges", records.Range, ("table", "row", "column"), "ranges of numbers"),
    TableSpec(
        "provenance",
        records.ProvenanceLine,
        ("table", "row", "column"),
        "source and status of single cells",
    ),
    TableSpec(
        "informal",
        measure_records.InformalTrade,
        ("id", "generator_class", "fraction", "stream"),
        "informal pickers and buyers",
    ),
    TableSpec(
        "integration",
        measure_records.Integration,
        ("id",),
        "making informal trades part of the system, as decisions",
    ),
    TableSpec(
        "programmes",
        measure_records.Programme,
        ("id", "fraction", "stream"),
        "segregation, prevention and awareness, as decisions",
    ),
    TableSpec(
        "leakage_measures",
        measure_records.LeakageMeasure,
        ("id", "fate"),
        "enforcement and price matching, as decisions",
    ),
    TableSpec(
        "loans",
        records.Loan,
        ("id",),
        "tranches of finance, by financing case",
    ),
    TableSpec(
        "rates",
        money_records.MoneyRate,
        ("item", "currency", "year"),
        "paths of inflation and exchange rates",
    ),
    TableSpec(
        "recyclers",
        money_records.Recycler,
        ("id",),
        "small recyclers as businesses",
    ),
)

TABLE: dict[str, TableSpec] = {t.name: t for t in TABLES}
