"""One tonne of dry 65/35 polyester-cotton waste on every way it can take."""

import numpy as np
import pytest

from wasteplan.lca.emissions import (
    co2e_kg_per_t,
    fate_emissions,
    haul_emissions,
    outlet_credit,
    process_emissions,
)
from wasteplan.lca.pollutants import process_pollutants
from wasteplan.treatment.performance import performance
from wasteplan.treatment.records import Technology
from wasteplan.waste.material import (
    Material,
    biogenic_carbon,
    fossil_carbon,
    total_carbon,
)
from wasteplan.waste.packaged import packaged_table

TABLE = packaged_table()
CLIMATE = "tropical_moist_wet"
GRID = 0.5


def mix(moisture=0.0, **shares):
    mass = np.zeros(len(TABLE.ids))
    for fraction, share in shares.items():
        mass[TABLE.index[fraction]] = share
    return Material(mass, np.where(mass > 0, moisture, 0.0))


def cloth(moisture=0.0):
    return mix(moisture, textile_polyester=0.65, textile_cotton=0.35)


def treated(technology, material):
    done = performance(technology, material, TABLE, CLIMATE)
    return process_emissions(
        technology, material, TABLE, done, gwp="AR6", grid_kg_co2e_per_kwh=GRID
    )


def kg(emissions, substance, *, credit=False):
    return sum(
        e.kg_per_t
        for e in emissions
        if e.substance == substance and e.is_credit == credit
    )


def burner(**cells):
    return Technology(id="burner", kind="combustion", **cells)


def landfill(**cells):
    given = {"methane_correction": 1.0, "oxidation": 0.1, **cells}
    return Technology(id="landfill", kind="disposal", **given)


def test_fossil_blend():
    """65 % polyester at 0.625 C, 35 % cotton at 0.4445 C: 72.31 % of it fossil.

    0.65 x 0.625 x 44/12 = 1,489.6 kg fossil CO2 per dry tonne.
    """
    share = fossil_carbon(cloth(), TABLE) / total_carbon(cloth(), TABLE)
    assert share == pytest.approx(0.7231, abs=1e-4)
    found = kg(treated(burner(), cloth()), "co2_fossil")
    assert found == pytest.approx(1489.6, rel=1e-4)


def test_burnt():
    """CO2 1,489.583; N2O 100 g; CH4 0.13 + 0.07 g; reagents 10 kg CO2e.

    1,489.583 + 0.1 x 273 + 0.00013 x 29.8 + 0.00007 x 27 + 10 = 1,526.889
    """
    found = treated(burner(), cloth())
    assert kg(found, "n2o") == pytest.approx(0.1)
    assert kg(found, "ch4_fossil") == pytest.approx(0.00013)
    assert kg(found, "ch4_biogenic") == pytest.approx(0.00007)
    assert co2e_kg_per_t(found, "AR6", credits=True) == pytest.approx(1526.889, 1e-6)


def test_a_furnace_fed_in_batches_has_factors_of_its_own():
    """Wood, IPCC tables 5.3 and 5.6: 60 instead of 0.2 g CH4, 60 instead of 50 g N2O.

    Cloth is industrial waste, 100 g N2O either way.
    """
    here = np.array([name == "wood" for name in TABLE.ids], dtype=float)
    wood = Material(here, here * 0.2)
    batch = treated(burner(is_batch=True), wood)
    assert kg(batch, "ch4_biogenic") == pytest.approx(0.06)
    assert kg(batch, "n2o") == pytest.approx(0.06)
    assert kg(treated(burner(), wood), "n2o") == pytest.approx(0.05)
    assert kg(treated(burner(is_batch=True), cloth()), "n2o") == pytest.approx(0.1)
    assert process_pollutants(burner(is_batch=True), wood, TABLE) == ()
    assert process_pollutants(burner(), wood, TABLE)


def test_burnt_with_electricity():
    """LHV 0.65 x 22.4 + 0.35 x 16.37 = 20.2895 MJ/kg; 20 % of it is 1,127.2 kWh/t.

    At 0.5 kg/kWh the grid avoids 563.6 kg.
    """
    found = treated(burner(efficiency_electric_net=0.2), cloth())
    avoided = kg(found, "co2e", credit=True)
    assert avoided == pytest.approx(-20289.5 * 0.2 / 3.6 * 0.5)
    net = co2e_kg_per_t(found, "AR6", credits=True)
    assert net == pytest.approx(1526.889 - 563.597, abs=0.01)
    assert co2e_kg_per_t(found, "AR6", credits=False) == pytest.approx(1526.889, 1e-6)


def test_moisture_dilutes_the_carbon():
    """At 20 % water a tonne holds 0.8 of the carbon."""
    wet = kg(treated(burner(), cloth(0.2)), "co2_fossil")
    assert wet == pytest.approx(0.8 * 1489.583, rel=1e-6)


def test_landfilled():
    """DOC 0.35 x 0.4445; x 0.5 x 0.5 x 16/12 = 51.858 kg; k 0.07 leaves e^-7.

    51.858 x 0.999088 x 0.9 (oxidation 10 %) = 46.630 kg CH4, all biogenic.
    """
    found = treated(landfill(), cloth())
    assert kg(found, "ch4_biogenic") == pytest.approx(46.630, abs=0.001)
    assert {e.substance for e in found} == {"ch4_biogenic"}
    assert {e.stage for e in found} == {"landfill"}


def test_half_the_gas_captured():
    """0.5 x 46.630"""
    found = treated(landfill(gas_capture=0.5), cloth())
    assert kg(found, "ch4_biogenic") == pytest.approx(23.315, abs=0.001)


@pytest.mark.parametrize("fate", ["dumping", "uncollected"])
def test_dumped(fate):
    """A shallow heap, MCF 0.4, no oxidation: 51.811 x 0.4 = 20.724 kg CH4."""
    found = fate_emissions(fate, cloth(), TABLE)
    assert kg(found, "ch4_biogenic") == pytest.approx(20.724, abs=0.001)
    assert co2e_kg_per_t(found, "AR6", credits=True) == pytest.approx(559.56, abs=0.02)


def test_open_burnt():
    """CO2 58 % of 1,489.583 = 863.958; CH4 4.225 fossil + 2.275 biogenic; N2O 0.15.

    863.958 + 4.225 x 29.8 + 2.275 x 27 + 0.15 x 273 = 1,092.24
    """
    found = fate_emissions("open_burning", cloth(), TABLE)
    assert kg(found, "co2_fossil") == pytest.approx(863.958, abs=0.001)
    assert kg(found, "ch4_fossil") == pytest.approx(4.225)
    assert kg(found, "ch4_biogenic") == pytest.approx(2.275)
    assert kg(found, "n2o") == pytest.approx(0.15)
    assert co2e_kg_per_t(found, "AR6", credits=True) == pytest.approx(1092.24, abs=0.01)


def test_open_burning_of_wet_cloth_has_less_nitrous_oxide():
    """N2O goes with dry mass (0.15 kg per dry t), CH4 with wet mass."""
    found = fate_emissions("open_burning", cloth(0.2), TABLE)
    assert kg(found, "n2o") == pytest.approx(0.8 * 0.15)
    assert kg(found, "ch4_fossil") + kg(found, "ch4_biogenic") == pytest.approx(6.5)


def test_kiln():
    """All fossil carbon, 60 g CH4 and 60 g N2O of batch burning, no coal credit."""
    found = fate_emissions("kiln", cloth(), TABLE)
    assert kg(found, "co2_fossil") == pytest.approx(1489.583, abs=0.001)
    assert kg(found, "n2o") == pytest.approx(0.06)
    assert kg(found, "ch4_fossil") == pytest.approx(0.06 * 0.65)
    assert not any(e.is_credit for e in found)


def test_informal_buyers_emit_nothing_here():
    assert fate_emissions("informal", cloth(), TABLE) == ()


def test_an_unknown_fate_is_an_error():
    with pytest.raises(KeyError):
        fate_emissions("sea", cloth(), TABLE)


def test_the_burner_and_the_landfill_agree_on_the_carbon():
    """Carbon in the burner's fossil CO2 + carbon the landfill can rot = all carbon."""
    burnt_c = kg(treated(burner(), cloth()), "co2_fossil") * 12 / 44
    methane = kg(treated(landfill(oxidation=0.0), cloth()), "ch4_biogenic")
    rotting_c = methane / (1 - np.exp(-7)) * 12 / 16 / 0.5 / 0.5
    assert burnt_c + rotting_c == pytest.approx(1000 * total_carbon(cloth(), TABLE))
    assert rotting_c == pytest.approx(1000 * biogenic_carbon(cloth(), TABLE))


def test_co_processing_displaces_coal():
    """20.2895 GJ/t x 0.9 x 96.1 kg/GJ = 1,754.838 kg less against 1,489.583 more.

    The kiln itself emits less, so nothing of it is a credit.
    """
    kiln = Technology(id="kiln", kind="co_processing", coal_displaced_gj_per_gj=0.9)
    found = treated(kiln, cloth())
    assert kg(found, "co2_fossil") == pytest.approx(1489.583 - 1754.838, abs=0.001)
    assert {(e.stage, e.is_credit) for e in found} == {("process", False)}


def test_soaked_waste_costs_a_kiln_coal():
    """Food at 95 % water: 18.6 x 0.05 - 2.443 x 0.95 < 0, so more coal is burnt."""
    kiln = Technology(id="kiln", kind="co_processing", coal_displaced_gj_per_gj=1.0)
    found = treated(kiln, mix(0.95, food=1.0))
    heat_gj_per_t = 18.6 * 0.05 - 2.443 * 0.95
    assert kg(found, "co2_fossil") == pytest.approx(-heat_gj_per_t * 96.1)
    assert kg(found, "co2_fossil", credit=True) == 0


def test_a_kiln_beyond_the_boundary_emits_as_one_inside():
    """The same fuel, the same coal: selling it moves nothing out of sight."""
    kiln = Technology(id="kiln", kind="co_processing", coal_displaced_gj_per_gj=0.9)
    inside = co2e_kg_per_t(treated(kiln, cloth()), "AR6", credits=True)
    outside = outlet_credit("residual_to_energy", cloth(), TABLE)
    assert co2e_kg_per_t(outside, "AR6", credits=True) == pytest.approx(inside)
    assert kg(outside, "co2_fossil") == pytest.approx(1489.583, abs=0.001)


def test_composting():
    """60 % food: 0.6 x 4 = 2.4 kg CH4, 0.6 x 0.24 = 0.144 kg N2O; plastics none."""
    plant = Technology(id="compost_yard", kind="biological")
    found = treated(plant, mix(0.5, food=0.6, plastics=0.4))
    assert kg(found, "ch4_biogenic") == pytest.approx(2.4)
    assert kg(found, "n2o") == pytest.approx(0.144)
    assert kg(found, "co2_fossil") == 0


def test_digestion_leaks_less():
    """0.8 kg CH4 per t of food and no N2O."""
    plant = Technology(id="digester", kind="biological", biogas_m3_per_t_organic=120)
    found = treated(plant, mix(0.7, food=1.0))
    assert kg(found, "ch4_biogenic") == pytest.approx(0.8)
    assert kg(found, "n2o") == 0


@pytest.mark.parametrize("kind", ["sorting", "recycling", "storage"])
def test_sorting_emits_its_electricity_and_diesel(kind):
    """20 kWh x 0.5 = 10 kg CO2e, 2 l x 2.697 = 5.394 kg CO2."""
    plant = Technology(id="p", kind=kind, electricity_kwh_per_t=20, diesel_l_per_t=2)
    found = treated(plant, cloth())
    assert kg(found, "co2e") == pytest.approx(10)
    assert kg(found, "co2_fossil") == pytest.approx(5.394)
    assert {e.stage for e in found} == {"electricity", "process"}


def test_sludge_burns_with_more_nitrous_oxide():
    """450 g/t for industrial sludge, 50 g/t for food: half and half 250 g."""
    found = treated(burner(), mix(0.7, sludge=0.5, food=0.5))
    assert kg(found, "n2o") == pytest.approx(0.25)


def test_unknown_carbon_stays_unknown():
    found = treated(burner(), mix(0.1, solvent=1.0))
    assert np.isnan(kg(found, "co2_fossil"))
    assert np.isnan(co2e_kg_per_t(found, "AR6", credits=True))


def test_glass_does_not_burn():
    assert fate_emissions("open_burning", mix(glass=1.0), TABLE) == ()


def test_the_weakest_status_is_carried():
    found = process_emissions(
        burner(efficiency_electric_net=0.2),
        cloth(),
        TABLE,
        performance(burner(efficiency_electric_net=0.2), cloth(), TABLE, CLIMATE),
        gwp="AR6",
        grid_kg_co2e_per_kwh=GRID,
        grid_status="assumption",
    )
    statuses = {(e.stage, e.status) for e in found}
    assert ("avoided", "assumption") in statuses
    assert ("process", "secondary") in statuses


def test_an_emission_is_as_certain_as_the_cells_it_follows_from():
    """Only what follows from the cell that is an assumption is marked as one."""
    tip = landfill(
        gas_capture=0.5,
        gas_to_engine=0.8,
        efficiency_electric_net=0.3,
        diesel_l_per_t=2,
    )

    def statuses(assumed):
        found = process_emissions(
            tip,
            cloth(),
            TABLE,
            performance(tip, cloth(), TABLE, CLIMATE),
            gwp="AR6",
            grid_kg_co2e_per_kwh=GRID,
            grid_status="read",
            cell_status=lambda c: "assumption" if c == assumed else "read",
        )
        return {e.stage: e.status for e in found if e.status == "assumption"}.keys()

    assert statuses("gas_capture") == {"landfill", "avoided"}
    assert statuses("gas_to_engine") == {"avoided"}
    assert statuses("efficiency_electric_net") == {"avoided"}
    assert statuses("oxidation") == {"landfill"}
    assert statuses("diesel_l_per_t") == {"process"}
    assert statuses("lifetime_y") == set()


def test_a_misspelt_gwp_set_is_an_error():
    with pytest.raises(ValueError, match="AR4, AR5, AR6"):
        process_emissions(
            burner(),
            cloth(),
            TABLE,
            performance(burner(), cloth(), TABLE, CLIMATE),
            gwp="SAR",
            grid_kg_co2e_per_kwh=GRID,
        )


def test_hauling():
    assert kg(haul_emissions(8.0, "read"), "co2_fossil") == 8.0
    assert haul_emissions(0.0) == ()


def test_fossil_and_biogenic_methane_weigh_differently_in_ar6_only():
    """10 kg CH4: AR6 298 or 270, AR5 280 either way."""
    found = fate_emissions("open_burning", mix(textile_polyester=1.0), TABLE)
    fossil = [e for e in found if e.substance == "ch4_fossil"]
    assert co2e_kg_per_t(fossil, "AR6", credits=True) == pytest.approx(6.5 * 29.8)
    assert co2e_kg_per_t(fossil, "AR5", credits=True) == pytest.approx(6.5 * 28)
    assert co2e_kg_per_t(fossil, "AR4", credits=True) == pytest.approx(6.5 * 25)
