"""Completing a scenario: empty cells, missing rows, costs of sizes, one basis each."""

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

import pytest

from wasteplan.errors import ConversionError, ScenarioError
from wasteplan.network.haulage import Vehicle
from wasteplan.treatment.catalogue import Completed, complete, products, sources
from wasteplan.treatment.choices import (
    catalogue_technologies,
    catalogue_vehicles,
    chosen_yields,
    not_technologies,
    packaged_yields,
)
from wasteplan.treatment.parameters import cost_functions, parameters
from wasteplan.treatment.records import Operation, Product, Size, Technology, Yield
from wasteplan.waste import packaged
from wasteplan.waste.packaged import packaged_text
from wasteplan.waste.records import Fraction, FractionProperty

PACKAGE = "wasteplan.treatment"
RATE = {"USD": 1.0, "EUR": 1.2, "GBP": 1.5}


def plain_money(amount: float, currency: str, price_year: int) -> float:
    """Prices of every year are alike here, so that figures can be checked by hand."""
    return amount * RATE[currency]


def completed(
    technologies: Sequence[Technology] = (), sizes: Sequence[Size] = (), **tables: Any
) -> Completed:
    return complete(
        technologies,
        sizes,
        tables.get("products", ()),
        tables.get("yields", ()),
        tables.get("operations", ()),
        tables.get("fractions", ()),
        tables.get("fraction_properties", ()),
        tables.get("vehicles", ()),
        currency="USD",
        price_year=2023,
        convert=tables.get("convert", plain_money),
    )


def known(value: float | None) -> float:
    """A cell that must have been filled."""
    assert value is not None
    return value


WTE = Technology(id="burner", kind="combustion", catalogue="mass_burn_wte")


def test_empty_cells_are_filled_and_stated_ones_stay() -> None:
    own = WTE.model_copy(update={"lifetime_y": 30.0, "load_min": 0.0})
    made = completed([own])
    row = made.technologies[0]

    assert row.lifetime_y == 30.0
    assert row.load_min == 0.0
    assert row.availability == 0.868
    assert made.filled["technologies", "burner", "availability"] == "derived"
    assert ("technologies", "burner", "lifetime_y") not in made.filled
    assert row.name == "Mass-burn waste-to-energy"


def test_regional_waste_to_energy_costs_33_8_million_at_164_t_per_day() -> None:
    """120 M USD x 0.164^0.7 = 33.84; Viet Nam 100.4 x 0.164^0.884 = 20.3.

    The Danish fit 88.26 M EUR x (59.86/100)^0.861 = 56.7, times 1.2 here.
    """
    size = Size(technology="burner", id="s", capacity_t_per_y=164 * 365)
    made = completed([WTE], [size])
    row = made.sizes[0]

    assert row.capex == pytest.approx(33.8e6, rel=2e-3)
    assert row.capex_low == pytest.approx(20.3e6, rel=2e-3)
    assert row.capex_high == pytest.approx(1.2 * 56.7e6, rel=2e-3)
    assert made.warnings == ()
    assert made.filled["sizes", "burner/s", "capex"] == "secondary"


def test_operating_cost_has_one_basis() -> None:
    """27 USD/t in all at full load, split as the Danish catalogue splits it."""
    size = Size(technology="burner", id="s", capacity_t_per_y=100_000)
    made = completed([WTE], [size])
    fixed = known(made.sizes[0].fixed_om_per_y) / 100_000
    variable = known(made.technologies[0].variable_om_per_t)
    assert fixed + variable == pytest.approx(27.0)
    assert fixed / 27.0 == pytest.approx(25.51 / (25.51 + 17.32), rel=1e-5)


def test_an_own_operating_cost_is_not_added_to_the_catalogues() -> None:
    own = WTE.model_copy(update={"variable_om_per_t": 40.0})
    size = Size(technology="burner", id="s", capacity_t_per_y=100_000)
    made = completed([own], [size])
    assert made.sizes[0].fixed_om_per_y == 0.0
    assert "'burner' states its own variable_om_per_t" in made.warnings[0]


def test_a_size_outside_the_range_of_its_function_is_warned_of() -> None:
    small = Size(technology="burner", id="tiny", capacity_t_per_y=50 * 365)
    made = completed([WTE], [small])
    assert made.warnings == (
        "size 'burner/tiny': 50 t/d is outside 150 to 2,000 t/d, where cost function "
        "'mass_burn_wte.capex.indonesia' holds",
    )


def test_wte_gross_cost_of_the_danish_sizes() -> None:
    """Published: 109.84 and 136.24 EUR/t small at 4 and 8 %, 116.84 medium at 8 %.

    Capital x CRF over 25 years, fixed and variable cost, before energy revenue.
    """
    for key, rate, expected in (
        ("mass_burn_wte_small_95kt", 0.04, 109.84),
        ("mass_burn_wte_small_95kt", 0.08, 136.24),
        ("mass_burn_wte_medium_218kt", 0.08, 116.84),
    ):
        technology = Technology(id="wte", kind="combustion", catalogue=key)
        size = Size(technology="wte", id="s", capacity_t_per_y=1.0)
        made = completed([technology], [size], convert=lambda a, c, y: a)
        row = made.sizes[0]
        crf = rate / (1 - (1 + rate) ** -known(made.technologies[0].lifetime_y))
        cost = known(row.capex) * crf + known(row.fixed_om_per_y)
        cost += known(made.technologies[0].variable_om_per_t)
        assert cost == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("function", "capacity_t_per_y", "expected"),
    [
        pytest.param("mass_burn_wte.capex.haghi", 100_000, 83.5e6, id="haghi_100"),
        pytest.param("mass_burn_wte.opex_total.haghi", 100_000, 3.89e6, id="haghi_om"),
        pytest.param("mass_burn_wte.capex.haghi", 600_000, 335.0e6, id="haghi_600"),
        pytest.param("mass_burn_wte.capex.tsilemou", 100_000, 50.0e6, id="tsilemou"),
        pytest.param("anaerobic_digestion.capex.tsilemou", 60_000, 25.8e6, id="ad"),
        pytest.param("composting.capex.tsilemou", 60_000, 13.3e6, id="composting"),
        pytest.param("sanitary_landfill.capex.tsilemou", 200_000, 18.0e6, id="fill"),
        pytest.param("mass_burn_wte.capex.denmark", 60_000, 56.9e6, id="denmark_60"),
        pytest.param("mass_burn_wte.capex.viet_nam", 164 * 365, 20.3e6, id="viet_nam"),
        pytest.param("mass_burn_wte.capex.indonesia", 164 * 365, 33.8e6, id="region"),
    ],
)
def test_cost_functions_give_their_check_value(
    function: str, capacity_t_per_y: float, expected: float
) -> None:
    found = cost_functions()[function].amount(capacity_t_per_y)
    assert found == pytest.approx(expected, rel=3e-3)


def test_uk_plants_of_2008_show_the_scale_exponent() -> None:
    """45 M GBP at 100 kt/y, 76 M at 200: ln(76/45)/ln 2 = 0.756."""
    keys = ("conventional_uk_100kt", "conventional_uk_200kt")
    technologies = [Technology(id=k, kind="combustion", catalogue=k) for k in keys]
    sizes = [
        Size(technology=keys[0], id="s", capacity_t_per_y=100_000),
        Size(technology=keys[1], id="s", capacity_t_per_y=200_000),
    ]
    small, large = completed(technologies, sizes, convert=lambda a, c, y: a).sizes
    assert small.capex == pytest.approx(45e6)
    assert math.log(known(large.capex) / known(small.capex)) / math.log(
        2
    ) == pytest.approx(0.756, abs=1e-3)


def test_yields_products_and_operations_are_added_whole() -> None:
    made = completed([WTE])
    assert {y.technology for y in made.yields} == {"burner"}
    assert {y.output for y in made.yields} == {p.id for p in made.products}
    assert made.operations[0].technology == "burner"
    assert made.operations[0].bunker_d == 5.0


def test_own_rows_of_a_fraction_replace_the_catalogues_for_that_fraction() -> None:
    sorter = Technology(id="sort", kind="sorting", catalogue="textile_sorting")
    own = Yield(technology="sort", fraction="textiles", output="good", share=1.0)
    made = completed(
        [sorter], yields=[own], products=[Product(id="good", kind="recyclate")]
    )
    of_textiles = [y for y in made.yields if y.fraction == "textiles"]
    assert of_textiles == [own]
    assert any(y.fraction == "textile_cotton" for y in made.yields)
    assert [p.id for p in made.products].count("good") == 1


def test_an_own_operation_keeps_its_cells() -> None:
    own = Operation(technology="burner", bunker_d=2.0)
    row = completed([WTE], operations=[own]).operations[0]
    assert (row.bunker_d, row.mttr_h) == (2.0, 48.0)


def test_a_fraction_of_the_scenario_is_its_own() -> None:
    """The catalogue adds nothing to `food` here, and its ash row goes before it."""
    made = completed(
        fractions=[Fraction(id="food")],
        fraction_properties=[
            FractionProperty(fraction="food", property="ash_dry", value=0.08),
            FractionProperty(fraction="paper", property="ash_dry", value=0.2),
        ],
    )
    of = [p for p in made.fraction_properties if p.fraction == "food"]
    assert [(p.property, p.value) for p in of] == [("ash_dry", 0.08)]
    paper = [
        p.value
        for p in made.fraction_properties
        if (p.fraction, p.property) == ("paper", "ash_dry")
    ]
    assert paper == [0.2]
    assert [f.id for f in made.fractions].count("food") == 1


def test_a_vehicle_of_the_catalogue_is_filled_and_its_minutes_are_hours() -> None:
    made = completed(vehicles=[Vehicle(id="compactor_10m3", payload_t=6.0)])
    truck = made.vehicles[0]
    assert truck.payload_t == 6.0
    assert truck.volume_m3 == 10.0
    assert truck.unload_time_h == pytest.approx(12 / 60)
    assert truck.crew == 4.0
    assert truck.compacts is True
    assert made.filled["vehicles", "compactor_10m3", "cost_per_km"] == "derived"


def test_a_flat_haul_rate_gets_no_running_cost_added() -> None:
    made = completed(vehicles=[Vehicle(id="tractor_trailer_25t", cost_per_t_km=0.1)])
    assert made.vehicles[0].cost_per_km is None
    assert made.vehicles[0].cost_per_h is None
    assert made.vehicles[0].payload_t == 24.0


def test_other_vehicles_and_technologies_stay_as_they_are() -> None:
    truck = Vehicle(id="my_truck", cost_per_t_km=1.5)
    plant = Technology(id="mine", kind="sorting")
    size = Size(technology="mine", id="s", capacity_t_per_y=1000)
    made = completed([plant], [size], vehicles=[truck])
    assert made.technologies == (plant,)
    assert made.sizes == (size,)
    assert made.vehicles == (truck,)
    assert made.yields == ()


def test_unknown_keys_and_other_kinds_are_named() -> None:
    wrong = [
        Technology(id="a", kind="combustion", catalogue="mass_burn_wt"),
        Technology(id="b", kind="sorting", catalogue="mass_burn_wte"),
    ]
    with pytest.raises(ScenarioError) as caught:
        completed(wrong)
    text = str(caught.value)
    assert "no technology 'mass_burn_wt' in the catalogue (did you mean" in text
    assert "'b' is 'sorting', but 'mass_burn_wte' is 'combustion'" in text


def test_money_is_never_taken_for_other_money() -> None:
    with pytest.raises(ConversionError, match="USD of 2021 is not USD of 2023"):
        complete([WTE], [], [], [], [], [], [], [], currency="USD", price_year=2023)


def test_every_technology_of_the_tables_is_in_the_catalogue() -> None:
    listed = {*catalogue_technologies(), *not_technologies()}
    for file in ("technology_parameters.csv", "operation_parameters.csv"):
        text = packaged_text(PACKAGE, file)
        for row in csv.DictReader(io.StringIO(text)):
            assert row["technology"] in listed, row["id"]
    assert {y.technology for y in packaged_yields()} <= listed
    assert {f.id.split(".")[0] for f in cost_functions().values()} <= listed


def test_every_technology_is_completed_with_what_a_plan_needs() -> None:
    entries = catalogue_technologies()
    technologies = [
        Technology.model_validate({"id": key, "kind": entry.kind, "catalogue": key})
        for key, entry in entries.items()
    ]
    sizes = [Size(technology=k, id="s", capacity_t_per_y=70_000) for k in entries]
    made = completed(technologies, sizes)
    for row in made.technologies:
        for column in ("lifetime_y", "lead_time_y", "availability"):
            assert getattr(row, column) is not None, (row.id, column)
        assert row.variable_om_per_t is not None, row.id
        if row.kind == "disposal":
            assert row.compaction_t_per_m3 is not None
            assert row.methane_correction is not None
    for size in made.sizes:
        assert size.capex is not None, size.technology
        assert size.fixed_om_per_y is not None, size.technology
    assert {o.technology for o in made.operations} == set(entries)
    assert len(made.products) == len(products())


def test_choices_say_why_and_their_rows_hold_a_number() -> None:
    for key, entry in catalogue_technologies().items():
        for column, choice in {**entry.cells, **entry.operation}.items():
            assert choice.why, (key, column)
            assert choice.row.central is not None, (key, column)
        for basis in (entry.capex, entry.opex):
            assert basis["why"], key


def test_every_packaged_number_has_a_listed_source_a_unit_and_a_status() -> None:
    listed = sources()
    for row in parameters().values():
        assert row.source in listed, row.id
        assert row.status, row.id
        assert row.unit, row.id
    for function in cost_functions().values():
        assert function.source in listed
        assert function.status
    for record in (*packaged_yields(), *products(), *packaged.fractions()):
        assert record.source in listed
        assert record.status
    for file in ("vehicle_parameters.csv", "landfill_fod.csv"):
        for cells in csv.DictReader(io.StringIO(packaged_text(PACKAGE, file))):
            assert cells["source"] in listed, cells
            assert cells["status"], cells
            assert cells["unit"], cells


def test_central_values_lie_in_their_ranges() -> None:
    for row in parameters().values():
        if row.central is None:
            continue
        assert row.low is None or row.low <= row.central * (1 + 1e-9), row.id
        assert row.high is None or row.central * (1 - 1e-9) <= row.high, row.id


def test_chosen_shares_sum_to_one() -> None:
    totals: dict[tuple[str, str, str], float] = {}
    for entry in catalogue_technologies().values():
        for y in chosen_yields(entry):
            name = (entry.key, y.fraction, y.component)
            totals[name] = totals.get(name, 0.0) + y.share
    assert all(total == pytest.approx(1, abs=1e-9) for total in totals.values())


def test_every_vehicle_is_complete_on_either_road() -> None:
    rows = [Vehicle(id=key) for key in catalogue_vehicles()]
    for truck in completed(vehicles=rows).vehicles:
        for column in ("payload_t", "volume_m3", "cost_per_km", "cost_per_h"):
            assert getattr(truck, column) > 0, (truck.id, column)
        assert truck.speed_km_per_h > 0
