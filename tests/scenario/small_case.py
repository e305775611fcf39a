"""A small valid scenario folder: a zone, a town, a burner to build and an old dump."""

from pathlib import Path

SCENARIO = """\
[scenario]
name = "small"
title = "A small case"
currency = "USD"
price_year = 2023
base_year = 2025

[economics]
discount_rate = 0.06

[roads]
provider = "graph"
circuity = 1.3
speed_km_per_h = 40.0
snap_max_km = 20.0
"""
SOURCES = """\
[survey]
text = "A made-up survey, for tests."

[handbook]
text = "A made-up handbook, for tests."
url = "https://example.org/handbook"
"""
TABLES = {
    "generators": """\
id,name,kind,generator_class,region,lon,lat,workers,source,status
zone,The zone,zone,factory,west,104.80,11.50,12000,survey,read
town,The town,municipality,household,east,105.00,11.50,,survey,read
""",
    "generator_classes": """\
id,name,legal_price_per_t,waste_t_per_worker_y,source,status
factory,Factories,30,0.8,survey,read
household,Households,0,,survey,read
""",
    "generation": """\
generator,stream,year,waste_t_per_y,growth_per_y,basis,profile,source,status
zone,garment,2025,10000,0.02,generated,,survey,read
town,msw,2025,40000,0,generated,wet_season,survey,read
town,msw,2030,50000,0.01,generated,wet_season,survey,derived
""",
    "streams": """\
id,name,is_hazardous,density_loose_kg_per_m3,density_compacted_kg_per_m3,source,status
garment,Cuttings,false,100,300,handbook,secondary
msw,Household waste,0,250,500,handbook,secondary
""",
    "composition": """\
stream,fraction,share,within,source,status
garment,plastic_film,0.7,,survey,read
garment,card,0.3,,survey,read
msw,kitchen,0.6,,survey,read
msw,plastic_film,0.4,,survey,read
""",
    "fractions": """\
id,name,parent,decay_class,is_recyclable
kitchen,Kitchen waste,,food,false
plastic_film,Film,,none,true
card,Card,,paper_textiles,true
burner_ash,Ash,,none,false
""",
    "fraction_properties": """\
fraction,property,value,low,high,source,status
kitchen,moisture_tropical_mixed,0.7,0.6,0.8,handbook,read
kitchen,lhv_dry_mj_per_kg,16,,,handbook,read
kitchen,ash_dry,0.1,,,handbook,read
kitchen,carbon_dry,0.45,,,handbook,read
kitchen,fossil_carbon_share,0,,,handbook,read
kitchen,doc_dry,0.38,,,handbook,read
plastic_film,moisture_tropical_mixed,0.2,,,handbook,read
plastic_film,lhv_dry_mj_per_kg,35,,,handbook,read
plastic_film,ash_dry,0.05,,,handbook,read
plastic_film,carbon_dry,0.75,,,handbook,read
plastic_film,fossil_carbon_share,1,,,handbook,read
plastic_film,doc_dry,0,,,handbook,read
card,moisture_tropical_mixed,0.3,,,handbook,read
card,lhv_dry_mj_per_kg,16,,,handbook,read
card,ash_dry,0.1,,,handbook,read
card,carbon_dry,0.42,,,handbook,read
card,fossil_carbon_share,0,,,handbook,read
card,doc_dry,0.4,,,handbook,read
burner_ash,moisture_tropical_mixed,0.1,,,handbook,read
burner_ash,ash_dry,1,,,handbook,read
""",
    "sites": """\
id,name,region,technologies,lon,lat,land_cost_per_m2,opens_from,source,status
north,North field,west,burner,104.90,11.60,5,2026,survey,read
dump_site,Dump site,east,,104.95,11.40,,,survey,read
""",
    "facilities": """\
id,site,technology,size,opened,closes_after,may_close,airspace_left_m3,source,status
old_dump,dump_site,dump,old,2010,2040,false,9000000,survey,read
""",
    "technologies": """\
id,name,kind,lifetime_y,lead_time_y,availability,variable_om_per_t,\
efficiency_electric_net,compaction_t_per_m3,cover_share,source,status,note
burner,Burner,combustion,20,3,0.9,10,0.2,,,handbook,read,
dump,Dump,disposal,60,0,1,3,,0.8,0.1,,assumption,no record of the operator
""",
    "sizes": """\
technology,id,capacity_t_per_y,lhv_design_mj_per_kg,capex,fixed_om_per_y,land_m2,\
source,status
burner,b40,40000,10,30000000,900000,20000,handbook,read
dump,old,100000,,0,50000,,handbook,read
""",
    "products": """\
id,name,kind,fraction,moisture,density_kg_per_m3,source,status
stack_gas,Stack gas,release,,,,handbook,read
grate_ash,Grate ash,residue,burner_ash,0.1,1200,handbook,read
""",
    "yields": """\
technology,fraction,component,output,share,source,status
burner,any,all,stack_gas,0.8,handbook,read
burner,any,all,grate_ash,0.2,handbook,read
""",
    "acceptance": """\
technology,accepts
burner,garment
burner,msw
dump,garment
dump,msw
dump,grate_ash
""",
    "outlets": """\
id,name,kind,accepts,lon,lat,price_per_t,counts_as,opens_from,closes_after,source,status
road_works,Road works,buyer,grate_ash,105.00,11.60,2,recovery,2028,2033,survey,read
""",
    "centres": """\
id,name,region,lon,lat,throughput_max_t_per_y,accepts,state_out,capex,lead_time_y,\
source,status
transfer,Transfer station,east,105.00,11.52,60000,msw,compacted,2000000,1,survey,read
""",
    "vehicles": """\
id,payload_t,volume_m3,cost_per_km,cost_per_h,speed_km_per_h,load_time_h,\
unload_time_h,co2_kg_per_km,compacts,source,status
tipper,8,20,0.5,4,,0.3,0.2,0.8,false,handbook,read
press,10,20,0.6,5,30,0.5,0.2,0.9,true,handbook,read
""",
    "legs": """\
id,origin,carries,state,vehicle,distance_max_km,source,status
rest,*,*,*,tipper,,handbook,read
homes,household,*,*,press,100,handbook,read
""",
    "nodes": """\
id,name,lon,lat,source,status
a,West gate,104.80,11.50,handbook,read
b,Crossing,104.90,11.50,handbook,read
c,East gate,105.00,11.50,handbook,read
d,North,104.90,11.60,handbook,read
e,South,104.95,11.40,handbook,read
""",
    "edges": """\
from_node,to_node,length_km,speed_km_per_h,source,status
a,b,12,50,handbook,read
b,c,12,50,handbook,read
b,d,13,,handbook,read
b,e,14,,handbook,read
""",
    "fates": """\
id,name,kind,price_paid_per_t,expected_penalty_per_t,penalty_from,counts_as,source,status
burning,Burning,open_burning,0,20,2031,leakage,survey,read
dealer,Dealers,informal,15,0,,recycling,survey,read
""",
    "leakage": """\
generator_class,stream,fate,advantage_min,share,low,high,source,status
factory,garment,burning,,0.05,0.02,0.1,survey,read
factory,garment,burning,20,0.2,0.1,0.3,survey,read
factory,garment,dealer,40,0.1,0.05,0.2,survey,read
household,msw,burning,,0.1,,,survey,read
""",
    "periods": """\
id,first_year,last_year
early,2026,2030
late,2031,2035
""",
    "targets": """\
id,metric,region,stream,period,min,max,source,status
divert,landfill_diversion_rate,,,late,0.5,,,assumption
""",
    "prices": """\
item,year,value,currency,price_year,source,status
electricity_sold,2025,0.08,USD,2023,survey,read
electricity_sold,2035,0.10,USD,2023,survey,derived
""",
    "factors": """\
item,year,value,low,high,source,status
grid_kg_co2e_per_kwh,2025,0.6,0.5,0.7,survey,read
grid_kg_co2e_per_kwh,2035,0.4,0.3,0.5,survey,read
""",
    "owners": """\
technology_or_centre,actor
dump,public
""",
    "profiles": """\
profile,kind,index,factor,source,status
wet_season,weekday,1,1.2,survey,read
wet_season,weekday,2,1,survey,read
wet_season,weekday,3,1,survey,read
wet_season,weekday,4,1,survey,read
wet_season,weekday,5,1,survey,read
wet_season,weekday,6,1,survey,read
wet_season,weekday,7,0.8,survey,read
""",
    "seasons": """\
id,stream,waste_share,moisture_factor,source,status
wet,,0.5,1,survey,read
dry,,0.5,1,survey,read
wet,msw,0.5,1.1,survey,read
dry,msw,0.5,0.9,survey,read
""",
    "ranges": """\
table,row,column,low,high,source,status
sizes,burner/b40,capex,25000000,40000000,survey,read
""",
    "provenance": """\
table,row,column,source,status,note
targets,divert,min,,assumption,a round number to aim for
""",
}


def write_case(folder: Path) -> Path:
    """Write the small scenario into a new folder and return it."""
    folder.mkdir(parents=True)
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that stands once in a file; an empty `old` appends."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if old:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
    else:
        path.write_text(text + new, encoding="utf-8")
