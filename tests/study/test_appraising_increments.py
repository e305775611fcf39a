"""The small case against its status quo: increments, shadow prices, recyclers."""

import math
from dataclasses import replace

import investment_case as case
import numpy as np
import numpy_financial as npf
import pytest
import pyxirr
from test_appraising import LAND, appraised, lines

from wasteplan.evaluation.evaluating import evaluate
from wasteplan.finance.funds import Case
from wasteplan.finance.project_cash import project_cash
from wasteplan.plan.records import Build
from wasteplan.scenario.money_records import MoneyRate, Recycler
from wasteplan.study.appraisal_accounts import actor_table
from wasteplan.study.appraising import appraise, business_of
from wasteplan.study.facility_money import Ledgers
from wasteplan.study.facility_projects import projects

WORTH = sum(1.08 ** -(y - 2024) for y in range(2027, 2031))  # of 1 a year, 2027-2030


def with_rows(scenario, **tables):
    return replace(scenario, **tables)


def test_increments_by_place_and_item():
    """The tip saves 50,000 a year; the plant runs for 150,000; hauls stay 10,000."""
    found = appraised()
    table = found.increments.set_index(["place", "item"])
    assert table.loc[("dump.tip", "variable_om"), "difference"].sum() == pytest.approx(
        -50_000 * WORTH
    )
    plant = table.loc[case.PLANT]
    assert plant.loc["variable_om", "plan"] == pytest.approx(100_000 * WORTH)
    assert plant.loc["fixed_om", "difference"] == pytest.approx(50_000 * WORTH)
    assert plant.loc["capex", "difference"] == pytest.approx(
        1e6 * (1.08**-1 + 1.08**-2)
    )
    assert table.loc[("collection", "haul"), "difference"] == pytest.approx(0, abs=1e-6)
    whole = found.indicator("incremental_cost", "system")
    assert found.increments["difference"].sum() == pytest.approx(whole)
    land = plant.loc["land", "difference"]
    assert land == pytest.approx(LAND * (1.08**-2 - 1.08**-6))


def test_increments_of_the_actors():
    """The public saves the tip and pays the gate fee: 600,000 - 50,000 a year."""
    found = appraised()
    own = found.actors[found.actors["actor"] == "public"]
    year = own[own["year"] == 2028].groupby("item")["difference_real"].sum()
    assert year["gate_fee"] == pytest.approx(600_000)
    assert year["variable_om"] == pytest.approx(-50_000)
    assert year["haul"] == pytest.approx(0)
    more = found.indicator("fiscal_cost_incremental", "system")
    assert more == pytest.approx(550_000 * WORTH)
    whole = found.indicator("incremental_cost", "system")
    assert found.actors["difference_present_value"].sum() == pytest.approx(whole)


def test_a_plant_where_nothing_stands_is_all_incremental():
    found = appraised()
    rows = found.indicators[found.indicators["place"] == case.PLANT].set_index("id")
    assert rows.loc["npv_incremental", "value"] == rows.loc["npv", "value"]
    assert "nothing stands there" in rows.loc["npv_incremental", "why"]
    alone = appraised(today=False)
    row = alone.indicators.set_index(["place", "id"]).loc[
        (case.PLANT, "npv_incremental")
    ]
    assert math.isnan(row["value"])
    assert row["why"] == "there is no status quo to compare with"


def test_a_second_line_earns_only_what_the_first_did_not():
    """A plant that stands today takes 10,000 t at 60; with a second line it does too.

    Its cash of 450,000 a year is not the second line's: only fixed cost is added.
    """
    scenario = case.scenario()
    old = scenario.facilities[0].model_copy(
        update={"id": "first", "site": "works", "technology": "plant", "opened": 2022}
    )
    scenario = with_rows(scenario, facilities=(*scenario.facilities, old))
    routes = tuple(r.model_copy(update={"destination": case.PLANT})
                   for r in case.status_quo().routes)  # fmt: skip
    today = case.status_quo().model_copy(update={"routes": routes})
    build = Build(site="works", technology="plant", size="only", period="p2")
    more = today.model_copy(update={"builds": (build,)})
    found = appraise(
        scenario, more, baseline=evaluate(scenario, today), cases=("loans",), risk=False
    )
    assert found is not None
    assert found.checks["holds"].all()
    cash = lines(found)["project_real"]
    # 2027-2030 500,000 less twice 50,000; the first line closes after 2031
    assert cash.loc[2028] == pytest.approx(400_000)
    increment = found.indicator("npv_incremental", case.PLANT)
    own = found.indicator("npv", case.PLANT)
    years = range(2027, int(cash.index.max()) + 1)
    worth = sum(1.08 ** -(y - 2024) for y in years)
    assert own - increment == pytest.approx(450_000 * worth)
    assert increment < 0 < own


def test_economic_account_at_shadow_prices():
    """Capital at 0.9, running cost at 0.8: 100,000 a year more; no gate fee, no tax."""
    found = appraised(shadow_capex=0.9, shadow_operating=0.8, carbon_damage_per_t=0.0)
    capital = 1e6 * (1.08**-1 + 1.08**-2) + LAND * (1.08**-2 - 1.08**-6)
    salvage = -npf.pv(0.08, 6, -npf.pmt(0.08, 10, 2e6)) * 1.08**-6
    cost = 0.9 * (capital - salvage) + 0.8 * 100_000 * WORTH
    assert found.indicator("economic_npv", "system") == pytest.approx(-cost)
    assert found.increments["economic"].sum() == pytest.approx(cost)
    flows = -found.system["economic_real"].to_numpy()
    assert found.indicator("economic_irr", "system") == pytest.approx(pyxirr.irr(flows))


def test_labour_at_its_shadow_wage():
    """40 jobs in the plant at 1,000 a year, worth half: 20,000 a year less."""
    scenario = case.scenario(wage_per_y=1000.0, shadow_wage=0.5)
    technologies = tuple(
        t.model_copy(update={"jobs_per_kt_per_y": 4.0}) if t.id == "plant" else t
        for t in scenario.technologies
    )
    scenario = with_rows(scenario, technologies=technologies)
    baseline = evaluate(scenario, case.status_quo())
    found = appraise(scenario, case.plan(), baseline=baseline, risk=False)
    assert found is not None
    wages = found.increments[found.increments["item"] == "labour_revalued"]
    assert wages["economic"].sum() == pytest.approx(-20_000 * WORTH)


def test_mirr_of_the_economic_account_is_that_of_two_libraries():
    """A dump so dear that the plant saves 350,000 a year."""
    scenario = case.scenario()
    technologies = tuple(
        t.model_copy(update={"variable_om_per_t": 50.0}) if t.id == "tip" else t
        for t in scenario.technologies
    )
    scenario = with_rows(scenario, technologies=technologies)
    baseline = evaluate(scenario, case.status_quo())
    found = appraise(scenario, case.plan(), baseline=baseline, risk=False)
    assert found is not None
    flows = -found.system.set_index("year")["economic_real"].to_numpy()
    mirr = found.indicator("economic_mirr", "system")
    assert mirr == pytest.approx(npf.mirr(flows, 0.08, 0.08))
    assert mirr == pytest.approx(pyxirr.mirr(flows, 0.08, 0.08))
    assert found.indicator("economic_irr", "system") == pytest.approx(pyxirr.irr(flows))


def test_value_added_tax_goes_to_the_public_and_out_of_the_economy():
    """10 % of 2,000,000 and of 100,000 a year; nothing is given back."""
    plain, taxed = appraised(), appraised(vat_rate=0.10, vat_recovered=0.0)
    vat = lines(taxed)["vat"]
    assert vat.loc[[2025, 2026, 2027]].tolist() == pytest.approx([1e5, 1e5, 1e4])
    equity = lines(plain)["equity"] - lines(taxed)["equity"]
    assert equity.tolist() == pytest.approx(vat.tolist())
    paid = taxed.actors[taxed.actors["item"] == "value_added_tax"]
    assert paid["amount_real"].sum() == pytest.approx(0, abs=1e-6)
    for id in ("economic_npv", "incremental_cost"):
        assert taxed.indicator(id, "system") == plain.indicator(id, "system")


def test_losses_of_construction_shield_the_first_profits():
    """Fees of 14,000 in 2025 at 1 %: set against the profit of 2027 for 20 %."""
    lost = appraised(tax_rate=0.2, upfront_fee=0.01)
    kept = appraised(tax_rate=0.2, upfront_fee=0.01, loss_carry_forward_y=5)
    saved = lines(lost)["tax"] - lines(kept)["tax"]
    assert saved.loc[2027] == pytest.approx(0.2 * 14_000)
    assert saved.drop(2027).abs().max() == pytest.approx(0)
    assert lines(kept)["loss_used"].loc[2027] == pytest.approx(14_000)


def appraised_with(scenario):
    found = appraise(scenario, case.plan(), risk=False)
    assert found is not None
    return found


def test_a_path_of_inflation_and_a_path_of_exchange():
    """Prices rise 10 % in 2025, 20 % in 2026; the yen from 0.007 to 0.0084."""
    yen = case.LOAN.model_copy(update={"currency": "JPY"})
    rates = (
        MoneyRate(item="inflation", year=2025, value=0.10),
        MoneyRate(item="inflation", year=2026, value=0.20),
        MoneyRate(item="exchange", year=2025, value=0.0070, currency="JPY"),
        MoneyRate(item="exchange", year=2027, value=0.0084, currency="JPY"),
    )
    scenario = with_rows(case.scenario(loans=(yen,)), rates=rates)
    found = appraised_with(scenario)
    cash = lines(found)
    assert found.price_rise() == "10.0% a year in 2025, 20.0% in 2026"
    assert cash["capex"].loc[[2025, 2026]].tolist() == pytest.approx([1.1e6, 1.32e6])
    assert cash["project_real"].loc[2028] == pytest.approx(450_000)
    loans = found.loans[found.loans["tranche"] == "soft"].set_index("year")
    assert loans["exchange"].loc[2025:2028].tolist() == pytest.approx(
        [1, 1.1, 1.2, 1.2]
    )
    drawn = 0.7 * 1.1e6
    assert loans["capitalised"].loc[2026] == pytest.approx(0.05 * drawn * 1.1)


SHOP = Recycler(
    id="shop",
    waste_t_per_y=500.0,
    feedstock_price_per_t=100.0,
    yield_share=0.8,
    product_price_per_t=300.0,
    quality_loss=0.1,
    variable_cost_per_t=40.0,
    fixed_cost_per_y=20_000.0,
    capex=50_000.0,
    lifetime_y=10.0,
    interest_per_y=0.0,
    default_share=0.2,
    guarantee_share=0.5,
    grant=25_000.0,
)


def test_a_small_recycler_with_and_without_support():
    """Margin 216 x 0.8 - 140 = 32.8 a tonne; 20,000 and 5,000 of equipment a year.

    Without support 16,400 - 25,000 = -8,600.  A guarantee of half the unpaid tenth...
    216 x 0.9 - 140 = 54.4 a tonne: 27,200 - 25,000 = 2,200, and costs 10,800 a year.
    A grant of half the equipment saves 2,500 a year: -6,100.  Both: 4,700.
    """
    scenario = with_rows(case.scenario(), recyclers=(SHOP,))
    table = appraised_with(scenario).recyclers.set_index("support")
    profits = table["profit_per_y"]
    assert profits["none"] == pytest.approx(-8_600)
    assert profits["guarantee"] == pytest.approx(2_200)
    assert profits["grant"] == pytest.approx(-6_100)
    assert profits["as stated"] == pytest.approx(4_700)
    assert table.loc["guarantee", "support_per_y"] == pytest.approx(10_800)
    assert table.loc["grant", "support_per_y"] == pytest.approx(2_500)
    # without support it can pay 8,600 / 500 less for its waste
    assert table.loc["none", "feedstock_price_max_per_t"] == pytest.approx(100 - 17.2)
    # as stated, half of what is unpaid comes back: 4,700 / (216 x 500 x 0.5) more
    most = table.loc["as stated", "default_share_max"]
    assert most == pytest.approx(0.2 + 4_700 / 54_000)
    alone = table.loc["none", "default_share_max"]
    assert alone == pytest.approx(0.2 - 8_600 / 108_000)


def test_who_holds_the_equity_moves_the_cost_of_the_public_only():
    """What the public does not hold of the owners' cash, the operator has."""
    private, shared = appraised(), appraised(public_share=0.5)
    stated = shared.indicator("fiscal_cost", "system")
    assert private.indicator("fiscal_cost.shared", "system") == pytest.approx(stated)
    assert shared.indicator("fiscal_cost.private", "system") == pytest.approx(
        private.indicator("fiscal_cost", "system")
    )
    equity = lines(private)["equity_real"].loc[:2030]
    held = sum(a * 1.08 ** -(y - 2024) for y, a in equity.items())
    all_public = private.indicator("fiscal_cost.public", "system")
    cost = private.indicator("fiscal_cost", "system")
    assert cost - all_public == pytest.approx(held)


def test_a_lender_is_told_what_is_known_and_what_papers_to_ask_for():
    found = appraised(risk=True)
    told = found.lender.set_index("question")
    assert told.loc["Is the debt served in the worst year?", "answer"] == (
        "cover 1.45, above the limit of 1.2"
    )
    owners = told.loc["How much do the owners put in?", "value"]
    assert owners == pytest.approx(1 - 1.4e6 / (2e6 + LAND))
    assert told.loc["What does the revenue hang on?", "answer"] == "gate fees 100%"
    assert (~told["is_answered"]).sum() == 7


def test_who_pays_support_fees_and_credits():
    """5, 3 and 2 a year of money of 2024; each payer is an actor, and all is a wash."""
    scenario = case.scenario(grant_from="donor")
    evaluation = evaluate(scenario, case.plan())
    ledgers = Ledgers(scenario, case.plan(), evaluation)
    (project,) = projects(ledgers)
    works = np.where(project.works, 1.0, 0.0)
    paid = {"support": 5 * works, "producer_fees": 3 * works}
    paid["carbon_credits"] = 2 * works
    project = replace(project, real={**project.real, **paid})
    cash = project_cash(project, Case("own"), business_of(scenario))
    table = actor_table(ledgers, "own", [cash])
    year = table[(table["year"] == 2028) & (table["kind"] == "transfer")]
    given = year.groupby("actor")["amount_real"].sum()
    assert given[["donor", "producers", "carbon_market"]].tolist() == pytest.approx(
        [5, 3, 2]
    )
    got = year[year["actor"] == "operator"].set_index("item")["amount_real"]
    assert got[["results_payment", "producer_fee", "carbon_credit"]].sum() == (
        pytest.approx(-10)
    )
    assert year["amount_real"].sum() == pytest.approx(0)
