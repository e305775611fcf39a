"""Broken cases, each with one true cause, which the message must name.

All start from two generators of 50 and 30 kt/y, a clean plant and a tip.
"""

import pytest
from networks import (
    BlendLimit,
    Fate,
    FractionProperty,
    LeakageStep,
    Outlet,
    Period,
    Product,
    Target,
    Yield,
    distances,
    settings,
    site,
    size,
    technology,
    two_generators,
)

from wasteplan.errors import NoAnswer
from wasteplan.network.haulage import Vehicle
from wasteplan.optimize import solve
from wasteplan.scenario.records import Choice

WET = (
    FractionProperty(fraction="stuff", property="moisture_tropical_mixed", value=0.6),
    FractionProperty(fraction="stuff", property="lhv_dry_mj_per_kg", value=10.0),
)
INERT = tuple(
    FractionProperty(fraction="stuff", property=name, value=0.0)
    for name in (
        "moisture_tropical_mixed",
        "carbon_dry",
        "fossil_carbon_share",
        "doc_dry",
    )
)
PLANT = technology("plant", "storage", variable_om_per_t=40.0)
TIP = technology("tip", variable_om_per_t=10.0)


def target(metric, **limits):
    return (Target(id="asked", metric=metric, **limits),)


def leaks(share):
    step = LeakageStep(
        generator_class="plain", stream="mixed", fate="kilns", share=share
    )
    return {"fates": (Fate(id="kilns", kind="kiln"),), "leakage": (step,)}


def chosen(**more):
    return settings(solve=settings().solve.model_copy(update=more))


CASES = {
    "leakage stands against the diversion target": (
        {"diversion": 0.9, **leaks(0.25)},
        r"diversion target 'div' in p1 asks for 90\.0%; at most 75\.0%",
    ),
    "the plant is too small for the diversion target": (
        {
            "diversion": 0.8,
            "sizes": (size("plant", 40_000.0), size("tip", 100_000.0)),
        },
        r"at most 50\.0% can be reached.*24,000 t/y are missing",
    ),
    "nothing recycles": (
        {"targets": target("recycling_rate", min=0.1)},
        r"recycling target 'asked' in p1 of 10\.0% is off by 8,000 t/y",
    ),
    "hauls alone emit more than the cap": (
        {
            "fraction_properties": INERT,
            "vehicles": (
                Vehicle(id="truck", cost_per_t_km=0.1, payload_t=10, co2_kg_per_km=5),
            ),
            "technologies": (PLANT, technology("tip", "storage")),
            "targets": target("co2e_direct_t_per_y", max=500.0),
        },
        r"cap on emissions 'asked' in p1 is exceeded by 300 t CO2e/y: set max to 800",
    ),
    "the budget is short": (
        {
            "diversion": 0.5,
            "sizes": (size("plant", 100_000.0, 2e6), size("tip", 100_000.0)),
            "targets": (
                *target("capex", max=1.2e6),
                Target(id="div", metric="landfill_diversion_rate", min=0.5),
            ),
        },
        r"budget 'asked' in p1 is short of 800,000|diversion target 'div'",
    ),
    "permits are below the waste": (
        {
            "sites": (
                site("clean", "plant", permit_t_per_y=30_000.0),
                site("dump", "", permit_t_per_y=40_000.0),
            )
        },
        r"the permit of site '(clean|dump)' in p1 is off by|no place can take 10,000",
    ),
    "a technology is forced that has nothing to burn": (
        {
            "technologies": (
                technology("plant", "storage", variable_om_per_t=40.0, load_min=1.0),
                TIP,
            ),
            "sizes": (size("plant", 90_000.0), size("tip", 100_000.0)),
            "choices": (
                Choice(id="ours", choice="force", site="clean", technology="plant"),
            ),
        },
        r"minimum load of 'clean\.plant'|the forced choice 'ours'",
    ),
    "the service distance is too short": (
        {"settings": chosen(service_distance_max_km=5.0)},
        r"no place can take 80,000 t/y of mixed",
    ),
    "the waste is too wet for the only burner": (
        {
            "facilities": (),
            "fraction_properties": WET,
            "blend_limits": (
                BlendLimit(technology="plant", property="lhv_mj_per_kg", min=7.0),
            ),
        },
        r"no place can take 80,000 t/y of mixed",
    ),
    "the residue has no buyer left": (
        {
            "facilities": (),
            "technologies": (technology("plant", "sorting"), TIP),
            "products": (Product(id="bale", kind="recyclate"),),
            "yields": (
                Yield(technology="plant", fraction="any", output="bale", share=1.0),
            ),
            "outlets": (
                Outlet(
                    id="shop",
                    name="Shop",
                    kind="buyer",
                    accepts="bale",
                    limit_t_per_y=60_000.0,
                ),
            ),
            "distances": distances(
                {
                    "a": {"clean": 10.0, "dump": 10.0},
                    "b": {"clean": 10.0, "dump": 10.0},
                    "clean": {"shop": 10.0},
                }
            ),
        },
        r"no place can take 20,000 t/y|limit of outlet 'shop' in p1 is off by 20 kt/y",
    ),
    "the plant comes too late": (
        {
            "diversion": 0.5,
            "technologies": (
                technology("plant", "storage", variable_om_per_t=1.0, lead_time_y=9),
                TIP,
            ),
        },
        r"'div' in p1 asks for 50\.0%; at most 0\.0% can be reached",
    ),
    "the money over all years does not suffice": (
        {"targets": target("cost_total", max=8e5)},
        r"limit 'asked' in all years is exceeded by 80,000 money",
    ),
    "too much must be landfilled over all years": (
        {
            "sizes": (size("plant", 30_000.0), size("tip", 100_000.0)),
            "periods": (Period(id="p1", first_year=2025, last_year=2026),),
            "targets": target("landfilled_total_t", max=60_000.0),
        },
        r"limit 'asked' in all years is exceeded by 40,000 t",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_true_cause_is_named(name):
    tables, said = CASES[name]

    with pytest.raises(NoAnswer, match=f"(?s){said}"):
        solve(two_generators(**tables))
