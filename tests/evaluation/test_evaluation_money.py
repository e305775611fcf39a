"""Each cost term, transfer and emission by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from evaluation_cases import (
    READ,
    SOLD,
    build,
    case,
    generator,
    outlet,
    period,
    plan,
    route,
    settings,
    site,
    size,
    splits,
    standing,
    takes,
    technology,
    tonnes,
)

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.evaluation.result import (
    COST_COLUMNS,
    EMISSION_COLUMNS,
    FACILITY_COLUMNS,
    FLOW_COLUMNS,
    TRANSFER_COLUMNS,
    WASTE_COLUMNS,
    Evaluation,
)
from wasteplan.indicators.accounts import actor_accounts
from wasteplan.network.haulage import Vehicle
from wasteplan.network.places import Centre
from wasteplan.plan.records import Closure, Plan
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    GeneratorClass,
    Owner,
    Price,
    ProvenanceLine,
    YearlyFactor,
)
from wasteplan.scenario.settings import Assessment, Economics


def price(item: str, value: float, year: int = 2025) -> Price:
    return Price(
        item=item,  # type: ignore[arg-type]
        year=year,
        value=value,
        currency="USD",
        price_year=2024,
        **READ,
    )


GRID = YearlyFactor(item="grid_kg_co2e_per_kwh", year=2025, value=0.5, **READ)


def one_plant(kind: str = "combustion", **more: Any) -> Scenario:
    """1,000 t/y of `dry` to one plant `east.burner`, haul 10 a tonne."""
    numbers = more.pop("numbers", {})
    setting = more.pop("setting", None)
    return case(
        setting=setting,
        generators=[generator("a")],
        generation=[tonnes("a", "dry", 1000)],
        sites=more.pop("sites", [site("east", "burner")]),
        facilities=more.pop("facilities", [standing("burner", "east")]),
        technologies=[technology("burner", kind, **numbers)],
        sizes=more.pop("sizes", [size("burner")]),
        acceptance=takes("burner", "dry"),
        **more,
    )


def result_of(scenario: Scenario, **more: Any) -> Evaluation:
    routes = [route("a", "east.burner", at=p.id) for p in scenario.periods]
    return evaluate(scenario, plan(*routes, **more))


def amount(result: Evaluation, term: str, column: str = "amount") -> float:
    return float(result.costs.loc[result.costs["term"] == term, column].sum())


def test_capital_is_an_annuity_within_the_horizon() -> None:
    """capex 1,000 over 4 years at 25 %: CRF = 0.25 / (1 - 0.8^4) = 0.42344.

    Opened 2027, horizon to 2028: two charges, 1.25^-3 + 1.25^-4 = 0.9216 of one.
    Land 10 m2 x 20 x 0.25 = 50 a year in the same years; fixed O&M 7 a year.
    """
    scenario = one_plant(
        setting=settings(rate=0.25),
        numbers={"lifetime_y": 4},
        facilities=[],
        sites=[site("east", "burner", land_cost_per_m2=20)],
        sizes=[size("burner", capex=1000, land_m2=10, fixed_om_per_y=7)],
        periods=[period("p1", 2025, 2026), period("p2", 2027, 2028)],
    )
    result = result_of(scenario, builds=(build("east", "burner", period="p2"),))
    crf = 0.25 / (1 - 0.8**4)
    discounted_years = 1.25**-3 + 1.25**-4
    for term, yearly in (("capital", 1000 * crf), ("land", 50), ("fixed_om", 7)):
        assert amount(result, term) == pytest.approx(2 * yearly)
        expected = yearly * discounted_years
        assert amount(result, term, "present_value") == pytest.approx(expected)
    late = result.costs.query("term == 'capital'")
    assert sorted(late["year"]) == [2027, 2028]
    assert "plant_works" in {v.requirement for v in result.violations}  # not in p1


def test_charges_end_with_the_life_of_the_plant() -> None:
    """A life of 3 years from 2025: capital 2025-2027; at work in p1 only.

    Of p2 (2027-2028) it would work one year of two, so it does not work there and its
    fixed O&M is not paid; the capital charge of 2027 remains.
    """
    scenario = one_plant(
        numbers={"lifetime_y": 3},
        facilities=[],
        sizes=[size("burner", capex=900, fixed_om_per_y=7)],
        periods=[period("p1", 2025, 2026), period("p2", 2027, 2028)],
    )
    result = result_of(scenario, builds=(build("east", "burner"),))
    assert sorted(result.costs.query("term == 'capital'")["year"]) == [2025, 2026, 2027]
    assert amount(result, "capital") == pytest.approx(900)  # no interest: 300 a year
    assert amount(result, "fixed_om") == pytest.approx(14)


def test_existing_facilities_are_sunk_and_closing_saves_fixed_cost() -> None:
    """Fixed O&M 7 in 2025 and none once closed from p2; no capital at all."""
    scenario = one_plant(
        facilities=[standing("burner", "east", may_close=True)],
        sizes=[size("burner", capex=900, fixed_om_per_y=7)],
        periods=[period("p1", 2025, 2025), period("p2", 2026, 2026)],
    )
    closure = Closure(facility="east_burner", period="p2")
    closed = result_of(scenario, closures=(closure,))
    assert amount(closed, "capital") == 0
    assert amount(closed, "fixed_om") == 7
    assert amount(result_of(scenario), "fixed_om") == 14


def test_electricity_sold_and_bought_after_care_diesel_and_coal() -> None:
    """`dry` has 20 MJ/kg and no water: 20,000 MJ/t.

    Net 25 % of 20,000 MJ / 3.6 = 1,388.9 kWh/t sold at 0.1: 138,888.89 on 1,000 t.
    Diesel 2 l/t x 1.5; after-care 3 a tonne.
    """
    numbers = {
        "efficiency_electric_net": 0.25,
        "diesel_l_per_t": 2,
        "after_care_per_t": 3,
    }
    prices = [price("electricity_sold", 0.1), price("diesel", 1.5)]
    result = result_of(one_plant(numbers=numbers, prices=prices, factors=[GRID]))
    assert amount(result, "electricity") == pytest.approx(-138_888.889)
    assert amount(result, "fuel") == pytest.approx(3000)
    assert amount(result, "after_care") == pytest.approx(3000)
    mwh = result.facilities.iloc[0]["electricity_mwh_per_y"]
    assert mwh == pytest.approx(1388.889)
    credit = result.emissions.query("is_credit")
    assert credit["kg_co2e"].sum() == pytest.approx(-1388.889e3 * 0.5)


def test_electricity_is_bought_at_its_own_price() -> None:
    """40 kWh/t at 0.2: 8,000; a quarter of a tonne of CO2e for each at 0.5 kg/kWh."""
    scenario = one_plant(
        "sorting",
        numbers={"electricity_kwh_per_t": 40},
        prices=[price("electricity_bought", 0.2), price("electricity_sold", 9)],
        factors=[GRID],
    )
    result = result_of(scenario)
    assert amount(result, "electricity") == pytest.approx(8000)
    used = result.emissions.query("stage == 'electricity'")
    assert used["kg_co2e"].sum() == pytest.approx(1000 * 40 * 0.5)


def test_coal_displaced_inside_the_boundary_saves_its_price() -> None:
    """0.8 GJ of coal per GJ x 20 GJ/t x 1,000 t x 4 = 64,000 saved."""
    scenario = one_plant(
        "co_processing",
        numbers={"coal_displaced_gj_per_gj": 0.8},
        prices=[price("coal", 4)],
    )
    assert amount(result_of(scenario), "fuel") == pytest.approx(-64_000)


def test_a_missing_price_is_an_input_error() -> None:
    scenario = one_plant(numbers={"diesel_l_per_t": 2})
    with pytest.raises(WasteplanError, match="no row for 'diesel'"):
        result_of(scenario)


def test_prices_move_year_by_year() -> None:
    """Diesel 1 in 2025 and 3 in 2027, straight lines: 1 + 2 + 3 on 1,000 l a year."""
    scenario = one_plant(
        numbers={"diesel_l_per_t": 1},
        prices=[price("diesel", 1, 2025), price("diesel", 3, 2027)],
        periods=[period("p1", 2025, 2027)],
    )
    assert amount(result_of(scenario), "fuel") == pytest.approx(6000)


def test_an_unknown_heating_value_cannot_be_sold() -> None:
    scenario = one_plant(
        numbers={"efficiency_electric_net": 0.25}, prices=[price("electricity_sold", 1)]
    )
    unknown = tuple(
        p for p in scenario.fraction_properties if p.property != "lhv_dry_mj_per_kg"
    )
    with pytest.raises(WasteplanError, match=r"electricity of east\.burner is unknown"):
        result_of(replace(scenario, fraction_properties=unknown))


def test_a_carbon_price_counts_direct_emissions_inside_the_boundary() -> None:
    """1,000 t x 0.5 fossil carbon x 44/12 = 1,833.3 t CO2.

    Haul: 2 x 10 km / 5 t x 1 kg/km = 4 kg/t, 4 t in all.  Methane, N2O and reagents
    come on top; the credit for electricity does not lower the cost.
    """
    scenario = one_plant(
        setting=settings(economics=Economics(discount_rate=0, count_carbon=True)),
        numbers={"efficiency_electric_net": 0.25},
        prices=[price("electricity_sold", 0.1), price("carbon", 40)],
        factors=[GRID],
        vehicles=[
            Vehicle(id="truck", payload_t=5, cost_per_km=1, co2_kg_per_km=1, **READ)
        ],
    )
    result = result_of(scenario)
    direct = result.emissions[~result.emissions["is_credit"].astype(bool)]
    sums = direct.groupby(["stage", "substance"])["kg_co2e"].sum()
    assert sums["process", "co2_fossil"] == pytest.approx(1000e3 * 0.5 * 44 / 12)
    assert sums["haul", "co2_fossil"] == pytest.approx(4000)
    expected = direct["kg_co2e"].sum() / 1000 * 40
    assert amount(result, "carbon") == pytest.approx(expected)
    assert result.kpi("co2e_direct_t_per_y") == pytest.approx(
        direct["kg_co2e"].sum() / 1000
    )
    assert result.kpi("co2e_t_per_y") < result.kpi("co2e_direct_t_per_y")
    assert result.flows.iloc[0]["truck_km_per_y"] == pytest.approx(4000)
    assert result.kpi("truck_km_per_y", "p1") == pytest.approx(4000)


def test_a_carbon_price_sees_the_coal_that_a_kiln_saves() -> None:
    """1,000 t of 0.5 fossil carbon: + 0.5 x 44/12 = 1,833.33 t CO2 of the waste.

    20 GJ/t displace 20 GJ/t of coal at 96.1 kg/GJ: - 1,922 t.  At 40 per tonne the
    kiln earns 40 x 88.67.
    """
    scenario = one_plant(
        "co_processing",
        setting=settings(economics=Economics(discount_rate=0, count_carbon=True)),
        numbers={"coal_displaced_gj_per_gj": 1.0},
        prices=[price("coal", 0), price("carbon", 40)],
    )
    result = result_of(scenario)
    direct_t = 1000 * (0.5 * 44 / 12 - 20 * 0.0961)
    assert result.kpi("co2e_direct_t_per_y") == pytest.approx(direct_t)
    assert amount(result, "carbon") == pytest.approx(40 * direct_t)


def test_what_a_buyer_burns_is_not_emitted_inside_the_boundary() -> None:
    """1,000 t to a kiln outside: none direct; in all 1,833.33 t less 0.9 x 1,922."""
    scenario = case(
        generators=[generator("a")],
        generation=[tonnes("a", "dry", 1000)],
        outlets=[outlet("cement", "dry", kind="kiln")],
    )
    result = evaluate(scenario, plan(route("a", "cement", stream="dry")))
    assert result.kpi("co2e_direct_t_per_y") == 0
    assert result.kpi("co2e_direct_t_per_y", "p1") == 0
    burnt_t, coal_t = 1000 * 0.5 * 44 / 12, 1000 * 20 * 0.9 * 0.0961
    assert result.kpi("co2e_t_per_y") == pytest.approx(burnt_t - coal_t)


def test_credits_can_be_left_out() -> None:
    scenario = one_plant(
        setting=settings(assessment=Assessment(credits=False)),
        numbers={"efficiency_electric_net": 0.25},
        prices=[price("electricity_sold", 0.1)],
        factors=[GRID],
    )
    result = result_of(scenario)
    assert result.kpi("co2e_t_per_y") == result.kpi("co2e_direct_t_per_y")
    assert result.emissions["is_credit"].any()  # shown, not counted


def with_centre(**more: Any) -> tuple[Scenario, Plan]:
    """a -> centre c -> burner, 10 km each, the centre built for 900 over 9 years."""
    numbers: dict[str, Any] = {
        "throughput_max_t_per_y": 2000,
        "capex": 900,
        "lifetime_y": 9,
        "fixed_om_per_y": 30,
        "variable_om_per_t": 2,
        "diesel_l_per_t": 1,
        "electricity_kwh_per_t": 5,
        "jobs_per_kt_per_y": 4,
    }
    centre = Centre(id="c", name="c", region="here", **(numbers | READ | more))
    scenario = one_plant(
        centres=[centre],
        prices=[price("diesel", 1.5), price("electricity_bought", 0.2)],
        factors=[GRID],
    )
    routes = (route("a", "c", stream="dry"), route("c", "east.burner", stream="dry"))
    return scenario, plan(*routes, builds=(build("c", "centre", "centre"),))


def test_a_centre_pays_for_itself_and_the_haul_behind_it() -> None:
    """Centre: 900/9 + 30 + 2 x 1,000 = 2,130; diesel 1,500; electricity 1,000.

    Haul 10 a tonne twice: the public collects, the public owner of the centre goes on.
    """
    scenario, through = with_centre()
    result = evaluate(scenario, through)
    assert amount(result, "centre") == pytest.approx(2130)
    assert amount(result, "fuel") == pytest.approx(1500)
    assert amount(result, "electricity") == pytest.approx(1000)
    haul = result.costs.query("term == 'haul'").set_index("place")
    assert haul.loc["a", "amount"] == haul.loc["c", "amount"] == pytest.approx(10_000)
    assert set(haul["actor"]) == {"public"}
    row = result.facilities.set_index("plant").loc["c"]
    assert row["throughput_t_per_y"] == pytest.approx(1000)
    assert row["utilisation"] == pytest.approx(0.5)
    assert row["jobs"] == pytest.approx(4)
    assert row["electricity_mwh_per_y"] == pytest.approx(-5)
    stages = result.emissions.groupby("stage")["kg_co2e"].sum()
    assert stages["centre"] > 1000 * 5 * 0.5  # electricity, and the diesel on top
    assert result.violations == ()


def test_transfers_move_money_and_add_none() -> None:
    """Charge 12 x 1,000 to the public; gate fee 25 x 1,000 to the operator.

    The net costs of the actors add up to the system cost.
    """
    scenario = replace(
        one_plant(numbers={"gate_fee_per_t": 25, "variable_om_per_t": 20}),
        generator_classes=(
            GeneratorClass(id="town", legal_price_per_t=12, status="read"),
        ),
    )
    result = result_of(scenario)
    paid = result.transfers.set_index("reason")
    assert paid.loc["collection_charge", "amount"] == pytest.approx(12_000)
    assert paid.loc["gate_fee", "amount"] == pytest.approx(25_000)
    assert paid.loc["gate_fee", "from_actor"] == "public"
    assert paid.loc["gate_fee", "to_actor"] == "operator"
    accounts = actor_accounts(result.costs, result.transfers).set_index("actor")
    assert accounts["net_cost"].sum() == pytest.approx(result.cost_present_value)
    assert accounts.loc["public", "net_cost"] == pytest.approx(10_000 - 12_000 + 25_000)
    assert accounts.loc["operator", "net_cost"] == pytest.approx(20_000 - 25_000)


def test_nobody_pays_himself() -> None:
    scenario = replace(
        one_plant(numbers={"gate_fee_per_t": 25}),
        owners=(Owner(technology_or_centre="burner", actor="public", status="read"),),
    )
    assert result_of(scenario).transfers.empty


def test_sales_belong_to_the_seller_and_a_negative_price_costs() -> None:
    scenario = one_plant(
        "sorting",
        products=[SOLD],
        yields=splits("burner", sold=1.0),
        outlets=[outlet("buyer", "sold", price_per_t=-8)],
    )
    result = evaluate(
        scenario,
        plan(route("a", "east.burner"), route("east.burner", "buyer", product="sold")),
    )
    row = result.costs.query("term == 'sales'").iloc[0]
    assert row["amount"] == pytest.approx(8000)
    assert (row["place"], row["technology"], row["actor"]) == (
        "buyer",
        "outlet",
        "operator",
    )


def test_the_weakest_number_marks_the_cost() -> None:
    """The rate of the truck is an assumption, the rest is read: only haul is weak."""
    scenario = one_plant(numbers={"variable_om_per_t": 10})
    line = ProvenanceLine(
        table="vehicles", row="truck", column="cost_per_t_km", status="assumption"
    )
    result = result_of(replace(scenario, provenance=(line,)))
    status = result.costs.set_index("term")["status"]
    assert status["haul"] == "assumption"
    assert status["variable_om"] == "read"
    assert result.kpi("share_of_cost_on_assumption") == pytest.approx(0.5)


def test_a_cell_from_the_catalogue_has_the_catalogues_status() -> None:
    scenario = one_plant(numbers={"variable_om_per_t": 10})
    filled = {("technologies", "burner", "variable_om_per_t"): "memory"}
    result = result_of(replace(scenario, filled_cells=filled))
    assert result.costs.set_index("term")["status"]["variable_om"] == "memory"


def test_a_line_on_a_whole_column_counts() -> None:
    """Row `*` is every row; a line for the row itself goes before it."""
    scenario = one_plant(numbers={"variable_om_per_t": 10})
    whole = ProvenanceLine(
        table="technologies", row="*", column="variable_om_per_t", status="assumption"
    )
    own = whole.model_copy(update={"row": "burner", "status": "derived"})
    for lines, status in (((whole,), "assumption"), ((whole, own), "derived")):
        result = result_of(replace(scenario, provenance=lines))
        assert result.costs.set_index("term")["status"]["variable_om"] == status


def test_an_assumed_efficiency_marks_the_electricity_and_nothing_else() -> None:
    scenario = one_plant(
        numbers={"efficiency_electric_net": 0.25, "diesel_l_per_t": 2},
        prices=[price("electricity_sold", 0.1), price("diesel", 1)],
        factors=[GRID],
    )
    filled = {("technologies", "burner", "efficiency_electric_net"): "assumption"}
    result = result_of(replace(scenario, filled_cells=filled))
    weak = result.emissions[result.emissions["status"] == "assumption"]
    assert set(weak["stage"]) == {"avoided"}
    assert "process" in set(result.emissions["stage"])


def test_unknown_sums_are_not_flattered() -> None:
    """Carbon unknown: no greenhouse gas total.  No payload: no truck-kilometres."""
    scenario = one_plant()
    unknown = tuple(
        p for p in scenario.fraction_properties if p.property != "carbon_dry"
    )
    result = result_of(replace(scenario, fraction_properties=unknown))
    nan = pytest.approx(float("nan"), nan_ok=True)
    assert result.kpi("co2e_t_per_y") == nan
    assert result.kpi("co2e_direct_t_per_y", "p1") == nan
    assert result.kpi("truck_km_per_y") == nan


def test_tables_have_the_documented_columns() -> None:
    scenario, through = with_centre()
    result = evaluate(scenario, through)
    assert list(result.flows) == list(FLOW_COLUMNS)
    assert list(result.costs) == list(COST_COLUMNS)
    assert list(result.transfers) == list(TRANSFER_COLUMNS)
    assert list(result.emissions) == list(EMISSION_COLUMNS)
    assert list(result.facilities) == list(FACILITY_COLUMNS)
    assert list(result.waste) == list(WASTE_COLUMNS)
