"""Every mistake a person can make is answered with file, row, column and a fix."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from small_case import TABLES, edit, write_case

from wasteplan.errors import Problem, ScenarioError
from wasteplan.scenario.loading import load_scenario


@dataclass(frozen=True)
class Mistake:
    """One edit of the small case and what its problem must say."""

    file: str
    old: str
    new: str
    row: int | None
    field: str
    words: tuple[str, ...]
    reported_in: str = ""


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as raised:
        load_scenario(folder)
    assert f"{len(raised.value.problems)} problem" in str(raised.value)
    return raised.value.problems


M = Mistake
CELLS = {
    "negative tonnage": M(
        "generation.csv",
        "2025,10000",
        "2025,-3",
        2,
        "waste_t_per_y",
        ("-3 t/y is below 0",),
    ),
    "comma decimal": M(
        "generation.csv",
        "2030,50000",
        '2030,"50000,5"',
        4,
        "waste_t_per_y",
        ("'50000,5' is not a number", "point"),
    ),
    "not a number": M(
        "sizes.csv", "b40,40000", "b40,nan", 2, "capacity_t_per_y", ("nan", "empty")
    ),
    "infinite": M(
        "sizes.csv", "10,30000000", "10,inf", 2, "capex", ("'inf' is not a number",)
    ),
    "overflow to infinite": M(
        "sizes.csv", "10,30000000", "10,1e999", 2, "capex", ("not a number",)
    ),
    "share above 1": M(
        "composition.csv",
        "garment,plastic_film,0.7",
        "garment,plastic_film,70",
        2,
        "share",
        ("70 is above 1", "percent"),
    ),
    "percent sign": M(
        "yields.csv",
        "stack_gas,0.8",
        "stack_gas,80%",
        2,
        "share",
        ("not a number", "0 to 1"),
    ),
    "zero capacity": M(
        "sizes.csv",
        "b40,40000",
        "b40,0",
        2,
        "capacity_t_per_y",
        ("0 t/y must be above 0",),
    ),
    "longitude": M(
        "generators.csv",
        "west,104.80",
        "west,1048.0",
        2,
        "lon",
        ("1048.0 deg is above 180",),
    ),
    "unit in the cell": M(
        "generators.csv", "12000", "12000 people", 2, "workers", ("is not a number",)
    ),
    "fractional year": M(
        "periods.csv",
        "late,2031",
        "late,2031.5",
        3,
        "first_year",
        ("'2031.5' is not a whole number",),
    ),
    "year out of range": M(
        "periods.csv",
        "early,2026",
        "early,26",
        2,
        "first_year",
        ("26 year is below 1900",),
    ),
    "id with spaces": M(
        "generators.csv",
        "zone,The zone",
        "The Zone,The zone",
        2,
        "id",
        ("'The Zone'", "lower-case"),
    ),
    "unknown kind": M(
        "technologies.csv",
        "Burner,combustion",
        "Burner,combustoin",
        2,
        "kind",
        ("'combustoin' is none of", "did you mean 'combustion'"),
    ),
    "neither yes nor no": M(
        "streams.csv",
        "Cuttings,false",
        "Cuttings,maybe",
        2,
        "is_hazardous",
        ("'maybe' is neither 0, 1, true nor false",),
    ),
    "empty needed cell": M(
        "generators.csv", "town,The town", "town,", 3, "name", ("must be filled",)
    ),
}
SHAPES = {
    "unknown column": M(
        "sizes.csv",
        "technology,id",
        "tecnology,id",
        1,
        "tecnology",
        ("unknown column 'tecnology'", "did you mean 'technology'"),
    ),
    "missing column": M(
        "periods.csv",
        "id,first_year,last_year\nearly,2026,2030\nlate,2031,2035",
        "id,first_year\nearly,2026\nlate,2031",
        1,
        "last_year",
        ("the column is missing",),
    ),
    "column twice": M(
        "legs.csv", "id,origin", "id,id", 1, "id", ("the column appears twice",)
    ),
    "column without a name": M("periods.csv", "last_year", "", 1, "", ("column 3",)),
    "ragged row": M(
        "nodes.csv",
        "104.80,11.50,",
        "104.80,11,50,",
        2,
        "",
        ("7 cells", "header has 6"),
    ),
    "semicolons": M(
        "periods.csv",
        TABLES["periods"],
        TABLES["periods"].replace(",", ";"),
        1,
        "",
        ("separated by semicolons",),
    ),
    "open quote": M(
        "generators.csv", "The zone", '"The zone', 2, "", ("cannot be read",)
    ),
    "empty file": M("legs.csv", TABLES["legs"], "", None, "", ("needs a header row",)),
    "no rows": M(
        "periods.csv",
        "\nearly,2026,2030\nlate,2031,2035",
        "",
        None,
        "",
        ("has no rows",),
    ),
    "double key": M(
        "generation.csv",
        "town,msw,2030",
        "town,msw,2025",
        4,
        "generator, stream, year",
        ("town/msw/2025 is already in row 3",),
    ),
    "removal outside a variant": M(
        "legs.csv", "id,origin", "_remove,origin", 1, "_remove", ("unknown column",)
    ),
}
SETTINGS = {
    "unknown key": M(
        "scenario.toml",
        "discount_rate",
        "discount_rat",
        None,
        "[economics] discount_rat",
        ("unknown key 'discount_rat'", "did you mean 'discount_rate'"),
    ),
    "unknown section": M(
        "scenario.toml", "[roads]", "[road]", None, "[road]", ("did you mean 'roads'",)
    ),
    "missing section": M(
        "scenario.toml", "[roads]", "[road]", None, "[roads]", ("missing",)
    ),
    "number as text": M(
        "scenario.toml",
        "0.06",
        '"0.06"',
        None,
        "[economics] discount_rate",
        ("number",),
    ),
    "rate in percent": M(
        "scenario.toml",
        "0.06",
        "6.0",
        None,
        "[economics] discount_rate",
        ("6.0 1/y must be below 1",),
    ),
    "no such provider": M(
        "scenario.toml",
        '"graph"',
        '"grap"',
        None,
        "[roads] provider",
        ("did you mean 'graph'",),
    ),
    "broken toml": M("scenario.toml", '"small"', '"small', 2, "", ("is not TOML",)),
    "road file outside": M(
        "scenario.toml",
        'provider = "graph"',
        'provider = "osm"\nfile = "../roads.osm.pbf"',
        None,
        "[roads] file",
        ("leads outside the scenario folder",),
    ),
    "road file missing": M(
        "scenario.toml",
        'provider = "graph"',
        'provider = "graph"\nfile = "roads.geojson"',
        None,
        "[roads] file",
        ("no file 'roads.geojson'",),
    ),
    "source without text": M(
        "sources.toml",
        'text = "A made-up survey, for tests."',
        "",
        None,
        "[survey] text",
        ("must be filled",),
    ),
}
NAMES = {
    "unknown generator": M(
        "generation.csv",
        "zone,garment",
        "zon,garment",
        2,
        "generator",
        ("no row 'zon' in generators", "did you mean 'zone'"),
    ),
    "one of several technologies": M(
        "sites.csv",
        "west,burner",
        "west,burner brner",
        2,
        "technologies",
        ("no row 'brner' in technologies", "did you mean 'burner'"),
    ),
    "unknown class": M(
        "generators.csv",
        "municipality,household",
        "municipality,houshold",
        3,
        "generator_class",
        ("no generator class 'houshold'", "did you mean 'household'"),
    ),
    "unknown size": M(
        "facilities.csv", "dump,old", "dump,olde", 2, "size", ("did you mean 'old'",)
    ),
    "accepts nothing known": M(
        "acceptance.csv",
        "dump,grate_ash",
        "dump,grateash",
        6,
        "accepts",
        ("no stream or product 'grateash'", "did you mean 'grate_ash'"),
    ),
    "unknown fraction": M(
        "yields.csv",
        "burner,any,all,stack_gas",
        "burner,kitchn,all,stack_gas",
        2,
        "fraction",
        ("no fraction 'kitchn'", "did you mean 'kitchen'"),
    ),
    "unknown origin of a leg": M(
        "legs.csv",
        "homes,household",
        "homes,homes",
        3,
        "origin",
        ("no generator class",),
    ),
    "unknown cargo of a leg": M(
        "legs.csv",
        "homes,household,*",
        "homes,household,mws",
        3,
        "carries",
        ("did you mean 'msw'",),
    ),
    "unknown node": M("edges.csv", "b,e,14", "b,f,14", 5, "to_node", ("no node 'f'",)),
    "unknown owner": M(
        "owners.csv", "dump,", "dumb,", 2, "technology_or_centre", ("'dump'",)
    ),
    "unknown region": M(
        "targets.csv",
        "rate,,,late",
        "rate,wst,,late",
        2,
        "region",
        ("no generator in region 'wst'", "did you mean 'west'"),
    ),
    "range of no table": M(
        "ranges.csv",
        "sizes,burner",
        "size,burner",
        2,
        "table",
        ("did you mean 'sizes'",),
    ),
    "range of no row": M(
        "ranges.csv",
        "burner/b40",
        "burner/b4",
        2,
        "row",
        ("did you mean 'burner/b40'",),
    ),
    "range of no column": M(
        "ranges.csv", "b40,capex", "b40,capx", 2, "column", ("did you mean 'capex'",)
    ),
    "one name for two things": M(
        "sites.csv",
        "north,North field",
        "town,North field",
        2,
        "id",
        ("'town' is also the id of a row in generators",),
    ),
    "reserved word": M(
        "products.csv", "stack_gas,Stack", "raw,Stack", 2, "id", ("reserved word",)
    ),
    "unlisted source": M(
        "nodes.csv",
        "104.80,11.50,handbook",
        "104.80,11.50,handbok",
        2,
        "source",
        ("no entry 'handbok' in sources.toml", "did you mean 'handbook'"),
    ),
    "no status": M(
        "legs.csv",
        "press,100,handbook,read",
        "press,100,handbook,",
        3,
        "status",
        ("distance_max_km", "provenance.csv"),
    ),
    "no source": M(
        "generation.csv",
        "40000,0,generated,wet_season,survey,read",
        "40000,0,generated,wet_season,,read",
        3,
        "source",
        ("waste_t_per_y",),
    ),
    "assumption without a reason": M(
        "provenance.csv", "a round number to aim for", "", 2, "source", ("filled",)
    ),
}
RULES = {
    "composition": M(
        "composition.csv",
        "msw,plastic_film,0.4",
        "msw,plastic_film,0.5",
        4,
        "share",
        ("shares of msw sum to 1.1",),
    ),
    "a mix within nothing": M(
        "composition.csv",
        "",
        "garment,kitchen,1,burner_ash,survey,read\n",
        6,
        "within",
        ("garment has no fraction 'burner_ash' of its own",),
    ),
    "stream without composition": M(
        "streams.csv",
        "",
        "sludge,Sludge,0,900,,handbook,read\n",
        4,
        "id",
        ("no rows in composition.csv",),
    ),
    "parents in a loop": M(
        "fractions.csv",
        "kitchen,Kitchen waste,,",
        "kitchen,Kitchen waste,kitchen,",
        2,
        "parent",
        ("a loop: kitchen -> kitchen",),
    ),
    "leakage above 1": M(
        "leakage.csv",
        "dealer,40,0.1,0.05,0.2",
        "dealer,,0.9,0.05,0.95",
        None,
        "share",
        ("factory, garment, early", "1.1 is above 1"),
    ),
    "collected waste leaks": M(
        "generation.csv",
        "0.02,generated",
        "0.02,collected",
        2,
        "basis",
        ("'collected'", "leakage.csv"),
    ),
    "two bases": M(
        "generation.csv",
        "0.01,generated",
        "0.01,disposed",
        4,
        "basis",
        ("another year's row says 'generated'",),
    ),
    "waste that ends within a period": M(
        "generation.csv",
        "town,msw,2030,50000",
        "town,msw,2033,0",
        4,
        "waste_t_per_y",
        ("msw of town is 0 in 2035", "period late", "until 2032", "end with a period"),
    ),
    "profile without a day": M(
        "profiles.csv",
        "wet_season,weekday,7,0.8,survey,read\n",
        "",
        None,
        "index",
        ("no factor for weekday 7",),
    ),
    "profile mean": M(
        "profiles.csv", "7,0.8", "7,1.8", None, "factor", ("mean 1.143, not 1",)
    ),
    "season missing": M(
        "seasons.csv",
        "dry,msw,0.5,0.9,survey,read\n",
        "",
        4,
        "id",
        ("msw has no row for season dry",),
    ),
    "season shares": M(
        "seasons.csv",
        "wet,,0.5,1",
        "wet,,0.6,1",
        2,
        "waste_share",
        ("shares of all other streams sum to 1.1",),
    ),
    "season moisture": M(
        "seasons.csv",
        "0.5,1.1",
        "0.5,1.5",
        4,
        "moisture_factor",
        ("share x factor of msw sum to 1.2",),
    ),
    "season of everything": M(
        "seasons.csv",
        "wet,,0.5,1,survey,read\ndry,,0.5,1,",
        "wet,,0.5,1.2,survey,read\ndry,,0.5,0.8,",
        2,
        "moisture_factor",
        ("stands for products too",),
    ),
    "yields": M(
        "yields.csv",
        "grate_ash,0.2",
        "grate_ash,0.3",
        2,
        "share",
        ("burner any all sum to 1.1",),
    ),
    "technology takes nothing": M(
        "acceptance.csv",
        "burner,garment\nburner,msw\n",
        "",
        2,
        "id",
        ("takes nothing",),
        "technologies.csv",
    ),
    "lifetime unknown": M(
        "technologies.csv", "combustion,20", "combustion,", 2, "lifetime_y", ("empty",)
    ),
    "no compaction": M(
        "technologies.csv",
        "0.8,0.1",
        ",0.1",
        3,
        "compaction_t_per_m3",
        ("airspace in m3 is given",),
    ),
    "airspace of some cells": M(
        "sites.csv",
        "east,,104.95",
        "east,dump,104.95",
        3,
        "airspace_m3",
        ("others of dump_site.dump state their airspace", "all of them or for none"),
        "sizes.csv",
    ),
    "no such catalogue entry": M(
        "technologies.csv",
        "id,name,kind,lifetime_y,lead_time_y",
        "id,catalogue,kind,lifetime_y,lead_time_y",
        2,
        "catalogue",
        ("no entry 'Burner' in the catalogue",),
    ),
    "conversion in a loop": M(
        "acceptance.csv",
        "burner,msw",
        "burner,msw\nburner,grate_ash",
        None,
        "accepts",
        ("a loop: burner -(grate_ash)-> burner",),
    ),
    "capex unknown": M("sizes.csv", "10,30000000", "10,", 2, "capex", ("is empty",)),
    "ash has no way out": M(
        "acceptance.csv",
        "dump,grate_ash\n",
        "",
        3,
        "output",
        ("burner puts out grate_ash",),
        "yields.csv",
    ),
    "hazardous without consent": M(
        "streams.csv",
        "Cuttings,false",
        "Cuttings,true",
        2,
        "accepts",
        ("garment is hazardous", "burner"),
        "acceptance.csv",
    ),
    "heat unknown": M(
        "fraction_properties.csv",
        "card,lhv_dry_mj_per_kg,16",
        "card,nitrogen_dry,0.01",
        2,
        "accepts",
        ("heating value of garment is unknown",),
        "acceptance.csv",
    ),
    "kiln inside and outside": M(
        "outlets.csv",
        "road_works,Road works,buyer",
        "road_works,North field,kiln",
        2,
        "id",
        ("is also the site 'north'",),
    ),
    "two costs of a truck": M(
        "vehicles.csv",
        "id,payload_t,volume_m3,cost_per_km,cost_per_h",
        "id,payload_t,cost_per_t_km,cost_per_km,cost_per_h",
        2,
        "cost_per_t_km",
        ("second cost basis",),
    ),
    "no payload": M(
        "vehicles.csv", "tipper,8", "tipper,", 2, "payload_t", ("no cost",)
    ),
    "half a position": M(
        "sites.csv", "west,burner,104.90", "west,burner,", 2, "lon", ("is empty",)
    ),
    "road shorter than the crow flies": M(
        "edges.csv",
        "a,b,12",
        "a,b,9",
        2,
        "length_km",
        ("9 km is shorter than the great circle 10.90 km",),
    ),
    "two legs fit": M(
        "legs.csv",
        "homes,household,*",
        "homes,*,*",
        None,
        "id",
        ("rest, homes", "fit equally well"),
    ),
    "nobody takes it": M(
        "acceptance.csv",
        "burner,garment\n",
        "",
        2,
        "id",
        ("no technology",),
        "streams.csv",
    ),
    "far from every road": M(
        "generators.csv",
        "west,104.80,11.50",
        "west,104.50,11.50",
        2,
        "lon",
        ("is 32.7 km from a, the nearest node; at most 20 km",),
    ),
    "no such actor": M(
        "centres.csv",
        "transfer,Transfer station",
        "transfer,pubic",
        2,
        "owner",
        ("no actor 'pubic'", "did you mean 'public'"),
    ),
    "cut off": M(
        "edges.csv",
        "a,b,12,50,handbook,read\n",
        "",
        2,
        "id",
        ("garment cannot be hauled", "no road leads there"),
        "generators.csv",
    ),
    "too far for its leg": M(
        "legs.csv",
        "press,100",
        "press,1",
        3,
        "id",
        ("msw cannot be hauled", "beyond its leg's limit"),
        "generators.csv",
    ),
    "gap between periods": M(
        "periods.csv",
        "late,2031",
        "late,2032",
        3,
        "first_year",
        ("2032 does not follow 2030",),
    ),
    "period before the base year": M(
        "periods.csv",
        "early,2026",
        "early,2024",
        2,
        "first_year",
        ("before the base year 2025",),
    ),
    "closed before it opened": M(
        "facilities.csv", "2010,2040", "2010,2009", 2, "closes_after", ("opened 2010",)
    ),
    "price missing": M(
        "technologies.csv",
        "lead_time_y,",
        "diesel_l_per_t,",
        None,
        "item",
        ("no row 'diesel'", "burner"),
        "prices.csv",
    ),
    "price of no index": M(
        "prices.csv",
        "0.08,USD,2023",
        "0.08,XOF,2023",
        2,
        "currency",
        ("XOF",),
    ),
    "target in percent": M(
        "targets.csv", "late,0.5", "late,50", 2, "min", ("not between 0 and 1",)
    ),
    "target without a limit": M(
        "targets.csv", "late,0.5", "late,", 2, "min", ("so is max",)
    ),
    "bounds": M(
        "factors.csv", "0.6,0.5,0.7", "0.6,0.65,0.7", 2, "low", ("0.65 is above value",)
    ),
    "waste in place of nothing": M(
        "facilities.csv",
        "old_dump,dump_site,dump,old,2010,2040,false,9000000,survey,read",
        "old_dump,dump_site,dump,old,2010,2040,false,9000000,survey,read",
        2,
        "waste_in_place_stream",
        ("is empty", "composition"),
    ),
    "landfill fed in batches": M(
        "technologies.csv",
        "0.8,0.1,,",
        "0.8,true,,",
        3,
        "is_batch",
        ("dump is of kind disposal, not combustion",),
    ),
    "range beside its cell": M(
        "ranges.csv",
        "25000000,40000000",
        "35000000,40000000",
        2,
        "low",
        ("does not hold the cell's 3e+07",),
    ),
    "road ends where it starts": M(
        "edges.csv", "b,e,14", "b,b,14", 5, "to_node", ("ends where it starts",)
    ),
}
EXTRA_EDITS = {
    "landfill fed in batches": (("technologies.csv", "cover_share,", "is_batch,"),),
    "waste in place of nothing": (
        ("facilities.csv", "airspace_left_m3,", "airspace_left_m3,waste_in_place_t,"),
        ("facilities.csv", "9000000,survey", "9000000,500000,survey"),
    ),
    "ash has no way out": (("outlets.csv", "buyer,grate_ash", "buyer,stack_gas"),),
    "nobody takes it": (("acceptance.csv", "dump,garment\n", ""),),
    "no such actor": (
        ("centres.csv", "id,name,region", "id,owner,region"),
        ("centres.csv", "accepts,state_out", "name,state_out"),
    ),
    "kiln inside and outside": (
        ("technologies.csv", "Burner,combustion", "Burner,co_processing"),
    ),
}
ALL = {**CELLS, **SHAPES, **SETTINGS, **NAMES, **RULES}


@pytest.mark.parametrize("name", ALL)
def test_a_mistake_is_named(name: str, tmp_path: Path) -> None:
    """The edit is answered with its file, row, column and the key words."""
    mistake = ALL[name]
    folder = write_case(tmp_path / "small")
    edit(folder, mistake.file, mistake.old, mistake.new)
    for more in EXTRA_EDITS.get(name, ()):
        edit(folder, *more)
    file = mistake.reported_in or mistake.file
    found = problems(folder)

    at = [
        p
        for p in found
        if (p.file, p.row, p.field) == (file, mistake.row, mistake.field)
    ]
    assert at, found
    text = " | ".join(p.message for p in at)
    for word in mistake.words:
        assert word in text


def test_the_case_itself_has_no_mistake(tmp_path: Path) -> None:
    """Otherwise the tests above would prove nothing."""
    assert load_scenario(write_case(tmp_path / "small")).name == "small"


def test_ten_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """Ten edits in ten places, one error with ten problems, in the order of files."""
    folder = write_case(tmp_path / "small")
    for edits in (
        ("scenario.toml", "[economics]", "[solve]\ngap = 2.0\n[economics]"),
        ("generators.csv", "12000", "many"),
        ("generation.csv", "2025,10000", "2025,-1"),
        ("composition.csv", "msw,plastic_film,0.4", "msw,plastic_film,0.5"),
        ("acceptance.csv", "dump,grate_ash", "dump,grateash"),
        ("periods.csv", "late,2031", "late,2032"),
        ("prices.csv", "0.08,USD", "0.08,XOF"),
        ("targets.csv", "late,0.5", "late,50"),
        ("nodes.csv", "104.80,11.50,handbook", "104.80,11.50,handbok"),
        ("edges.csv", "b,c,12", "b,c,1"),
    ):
        edit(folder, *edits)
    found = problems(folder)

    assert [(p.file, p.row, p.field) for p in found] == [
        ("acceptance.csv", 6, "accepts"),
        ("composition.csv", 4, "share"),
        ("edges.csv", 3, "length_km"),
        ("generation.csv", 2, "waste_t_per_y"),
        ("generators.csv", 2, "workers"),
        ("nodes.csv", 2, "source"),
        ("periods.csv", 3, "first_year"),
        ("prices.csv", 2, "currency"),
        ("scenario.toml", None, "[solve] gap"),
        ("targets.csv", 2, "min"),
    ]


def test_one_bad_cell_costs_only_that_cell(tmp_path: Path) -> None:
    """Mistakes of all kinds in five tables, all in one list, and no echo.

    The burner's lifetime is no number: `burner` is still a known name, and a wrong name
    in a row with another mistake is still found.
    """
    folder = write_case(tmp_path / "small")
    edit(folder, "technologies.csv", "combustion,20,3", "combustion,long,3")
    edit(folder, "generation.csv", "zone,garment,2025,10000", "zon,garment,2025,-3")
    edit(folder, "acceptance.csv", "burner,msw", "burnr,msw")
    edit(folder, "targets.csv", "late,0.5", "late,50")
    edit(folder, "vehicles.csv", "cost_per_km", "cost_km")
    edit(folder, "vehicles.csv", "tipper,8,", "tipper,-8,")
    found = {(p.file, p.row, p.field) for p in problems(folder)}
    assert found == {
        ("technologies.csv", 2, "lifetime_y"),
        ("generation.csv", 2, "generator"),
        ("generation.csv", 2, "waste_t_per_y"),
        ("acceptance.csv", 3, "technology"),
        ("targets.csv", 2, "min"),
        ("vehicles.csv", 1, "cost_km"),
        ("vehicles.csv", 2, "payload_t"),
    }


def test_a_syntax_error_in_the_settings_is_one_problem(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "small")
    edit(folder, "scenario.toml", 'name = "small"', 'name = "small')
    (found,) = problems(folder)
    assert (found.file, found.row) == ("scenario.toml", 2)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"0.06"', "remove the quotes: discount_rate = 0.06"),
        ("8", "8 % is 0.08"),
    ],
)
def test_a_rate_that_is_quoted_or_in_percent(
    value: str, words: str, tmp_path: Path
) -> None:
    folder = write_case(tmp_path / "small")
    edit(folder, "scenario.toml", "discount_rate = 0.06", f"discount_rate = {value}")
    assert words in problems(folder)[0].message
