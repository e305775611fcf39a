"""One tonne along a route: worked by hand, followed through sorting, refused."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from wasteplan.errors import WasteplanError
from wasteplan.scenario.derived import fractions
from wasteplan.scenario.loading import load_scenario
from wasteplan.scenario.model import Scenario
from wasteplan.study.treatment_routes import (
    Route,
    compare_routes,
    net_electricity_kwh_per_t,
    route_emissions,
)
from wasteplan.waste.material import Material

FOLDER = Path(__file__).parents[2] / "scenarios" / "phnom-penh"
STREAM = "industrial_garment"
ASH = {"bottom_ash": "sanitary_landfill", "fly_ash": "secure_cell"}


@cache
def scenario() -> Scenario:
    return load_scenario(FOLDER)


def dry(fraction: str) -> Material:
    """A tonne of one dry fraction."""
    table = fractions(scenario())
    mass = np.zeros(len(table.ids))
    mass[table.index[fraction]] = 1.0
    return Material(mass, np.zeros(len(table.ids)))


def test_burnt_polyester_gives_its_carbon_and_its_kilowatt_hours() -> None:
    """62.5 % fossil carbon: 625 x 44/12 = 2,292 kg CO2; the grid saves 0.58 a kWh."""
    found = route_emissions(
        scenario(),
        STREAM,
        Route("burn", {STREAM: "mass_burn_wte", **ASH}),
        grid_kg_co2e_per_kwh=0.58,
        waste=dry("textile_polyester"),
    )
    burnt = found[found["at"] == "mass_burn_wte"]
    table = fractions(scenario())
    carbon = table.values["carbon_dry"][table.index["textile_polyester"]]
    lhv = table.values["lhv_dry_mj_per_kg"][table.index["textile_polyester"]]
    efficiency = scenario().technology["mass_burn_wte"].efficiency_electric_net
    kwh = 1000 * lhv * efficiency / 3.6

    stack = burnt[(burnt["substance"] == "co2_fossil") & ~burnt["is_credit"]]
    assert stack["kg_per_t"].sum() == pytest.approx(carbon * 1000 * 44 / 12)
    assert carbon == pytest.approx(0.625, abs=0.01)
    assert burnt.loc[burnt["is_credit"], "co2e_kg_per_t"].sum() == pytest.approx(
        -0.58 * kwh
    )
    exported = net_electricity_kwh_per_t(
        scenario(), "mass_burn_wte", dry("textile_polyester")
    )
    assert exported == pytest.approx(kwh)


def test_polyester_does_not_rot_and_cotton_does() -> None:
    route = Route("tip", {STREAM: "sanitary_landfill"})
    polyester, cotton = (
        route_emissions(
            scenario(), STREAM, route, grid_kg_co2e_per_kwh=0.5, waste=dry(fibre)
        )
        for fibre in ("textile_polyester", "textile_cotton")
    )

    assert (polyester["substance"] != "ch4_biogenic").all()
    assert cotton.query("substance == 'ch4_biogenic'")["kg_per_t"].sum() > 10


def test_residues_are_followed_with_the_tonnes_that_come_out() -> None:
    """What burns is the share that sorting leaves for it, not a tonne."""
    takes = {
        "textile_recycling_feed": "feed_export",
        "reuse_pieces": "reuse_buyer",
        "recyclate": "paper_plastic_buyer",
        "recyclate_metal": "metal_buyer",
        "rejects": "sanitary_landfill",
        "residual_to_energy": "mass_burn_wte",
        **ASH,
    }
    found = route_emissions(
        scenario(),
        STREAM,
        Route("sort", {STREAM: "textile_sorting", **takes}),
        grid_kg_co2e_per_kwh=0.5,
    )
    burnt = found.query("at == 'mass_burn_wte'")["t_per_t"].unique()

    assert len(burnt) == 1
    assert 0.05 < burnt[0] < 0.5
    table = compare_routes([found])
    assert table["net_kg_co2e_per_t"].iloc[0] == pytest.approx(
        found["co2e_kg_per_t"].sum()
    )


def test_a_route_with_a_hole_is_refused_by_name() -> None:
    with pytest.raises(WasteplanError, match="does not say where 'fly_ash' goes"):
        route_emissions(
            scenario(),
            STREAM,
            Route(
                "half",
                {STREAM: "mass_burn_wte", "bottom_ash": "sanitary_landfill"},
            ),
            grid_kg_co2e_per_kwh=0.5,
        )


def test_a_taker_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(WasteplanError, match="'moon', which is no technology"):
        route_emissions(
            scenario(), STREAM, Route("far", {STREAM: "moon"}), grid_kg_co2e_per_kwh=0.5
        )


def test_a_route_that_runs_in_a_circle_is_refused() -> None:
    here = "rdf_plant"
    takes = dict.fromkeys((STREAM, "rdf", "rejects", "recyclate_metal"), here)
    with pytest.raises(WasteplanError, match="circle: rdf_plant -> rdf_plant"):
        route_emissions(
            scenario(), STREAM, Route("loop", takes), grid_kg_co2e_per_kwh=0.5
        )
