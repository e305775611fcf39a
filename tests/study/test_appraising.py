"""An appraisal on paper; the case and its numbers are in `investment_case`."""

import math
from dataclasses import replace
from types import SimpleNamespace

import investment_case as case
import numpy as np
import numpy_financial as npf
import pandas as pd
import pytest
import pyxirr

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.finance.appraisal_result import (
    ACTOR_COLUMNS,
    CASH_COLUMNS,
    CHANCE_COLUMNS,
    FEE_CURVE_COLUMNS,
    INDICATOR_COLUMNS,
    LOAN_COLUMNS,
    SUPPLY_COLUMNS,
    SWITCHING_COLUMNS,
    SYSTEM_COLUMNS,
    TORNADO_COLUMNS,
)
from wasteplan.scenario.records import Fate, LeakageStep, Loan
from wasteplan.study.appraisal_intake import stored_simulation
from wasteplan.study.appraisal_text import (
    account_lines,
    case_lines,
    fee_lines,
    heading,
    missing_lines,
)
from wasteplan.study.appraising import appraise

LAND = 20_000.0  # 10,000 m2 at 2 USD


def appraised(*, risk=False, cases=(), loans=(case.LOAN,), today=True, **finance):
    scenario = case.scenario(loans=loans, **finance)
    baseline = evaluate(scenario, case.status_quo()) if today else None
    found = appraise(scenario, case.plan(), baseline=baseline, cases=cases, risk=risk)
    assert found is not None
    assert found.checks["holds"].all(), found.checks[~found.checks["holds"]]
    return found


def lines(found, place=case.PLANT):
    return found.cash[found.cash["place"] == place].set_index("year")


def test_cash_and_loan_on_paper():
    """700,000 drawn in 2025 and 2026; 35,000 of interest added in 2026: 1,435,000.

    Grace of two years from the first draw (2026, 2027), then 6 parts of 239,166.67
    until 2033.  Owners: -300,000; -300,000 - land; 450,000 - 71,750 = 378,250; ...
    """
    cash = lines(appraised())
    assert cash["capex"].loc[[2025, 2026, 2027]].tolist() == [1e6, 1e6, 0]
    assert cash["capitalised"].sum() == pytest.approx(35_000)
    assert cash["balance"].max() == pytest.approx(1_435_000)
    assert cash["interest"].loc[2027] == pytest.approx(71_750)
    assert cash["principal"].loc[2027] == 0
    assert cash["principal"].loc[2028:2033].tolist() == pytest.approx(
        [1_435_000 / 6] * 6
    )
    assert cash["balance"].loc[2033] == pytest.approx(0, abs=1e-6)
    assert cash["equity"].loc[2026] == pytest.approx(-300_000 - LAND)
    assert cash["equity"].loc[2027] == pytest.approx(378_250)
    assert cash["equity"].loc[2036] == pytest.approx(450_000 + LAND)
    assert cash["phase"].loc[[2026, 2027, 2030, 2031, 2036]].tolist() == [
        *("construction", "operation", "operation", "extended", "extended")
    ]
    # 450,000 over 71,750 in 2027, over 71,750 + 239,166.67 in 2028
    assert cash["dscr"].loc[2027] == pytest.approx(450_000 / 71_750)
    assert cash["dscr"].loc[2028] == pytest.approx(450_000 / 310_916.667)


def test_indicators_against_two_libraries():
    found = appraised()
    cash = lines(found)
    equity, project = cash["equity"].to_numpy(), cash["project_real"].to_numpy()
    place = case.PLANT
    assert found.indicator("equity_irr", place) == pytest.approx(npf.irr(equity))
    assert found.indicator("irr", place) == pytest.approx(pyxirr.irr(project))
    assert found.indicator("equity_mirr", place) == pytest.approx(
        npf.mirr(equity, 0.10, 0.10)
    )
    # cash begins in 2025, a year after the base year
    assert found.indicator("npv", place) == pytest.approx(npf.npv(0.08, project) / 1.08)
    assert found.indicator("equity_npv", place) == pytest.approx(
        pyxirr.npv(0.10, equity) / 1.10
    )
    assert found.indicator("dscr_min", place) == pytest.approx(450_000 / 310_916.667)


def test_the_fee_needed_gives_the_return_and_the_cover():
    found = appraised()
    fee = found.indicator("gate_fee_for_return", case.PLANT)
    equity = lines(found)["equity"].to_numpy()
    more = np.where(lines(found)["tonnes_t"] > 0, (fee - 60.0) * 10_000, 0.0)
    assert npf.irr(equity + more) == pytest.approx(0.10)
    cover = found.indicator("gate_fee_for_dscr", case.PLANT)
    assert (cover * 10_000 - 150_000) / 310_916.667 == pytest.approx(1.3)
    grant = found.indicator("viability_gap_grant", case.PLANT)
    assert grant == 0.0  # it earns the return without


def test_a_viability_gap_is_closed_by_its_grant():
    """At a return of 40 % the owners lose; the grant in 2025 makes their NPV 0."""
    found = appraised(return_target=0.40)
    grant = found.indicator("viability_gap_grant", case.PLANT)
    equity = lines(found)["equity"].to_numpy().copy()
    assert npf.npv(0.40, equity) < 0
    equity[0] += grant
    assert npf.npv(0.40, equity) == pytest.approx(0, abs=1e-3)


def test_actors_add_up_to_the_system_cost():
    """Land and time apart, the accounts are the planner's cost."""
    found = appraised(replacement_share=0.1, replacement_every_y=2, tax_rate=0.2)
    sums = found.actors.groupby("actor")["present_value"].sum()
    scenario = case.scenario()
    planner = evaluate(scenario, case.plan()).cost_present_value
    timing = 1e6 * (1.08**-1 - 1.08**-2)  # half of the plant a year earlier
    # 10 % every 2 years, 100,000 a year in 2027-2028; none in the last two of four
    saved = 100_000 * (1.08**-3 + 1.08**-4)
    assert sums.sum() == pytest.approx(planner + timing + saved)
    assert set(sums.index) == {"generator", "lender", "operator", "public"}
    finance = found.actors[found.actors["kind"] != "resource"]
    assert finance["amount_real"].sum() == pytest.approx(0, abs=1e-6)


def test_public_pays_the_gate_fee_and_gets_the_charge():
    found = appraised()
    public = found.actors[
        (found.actors["actor"] == "public") & (found.actors["year"] == 2028)
    ].set_index("item")["amount_real"]
    assert public["gate_fee"] == pytest.approx(600_000)
    assert public["collection_charge"] == pytest.approx(-300_000)
    assert public["haul"] == pytest.approx(10_000)


def test_inflation_leaves_real_cash_before_finance_alone():
    """Without tax and working capital: nominal = real x 1.05^(year - 2024)."""
    plain, risen = appraised(), appraised(inflation_per_y=0.05)
    assert lines(risen)["project_real"].tolist() == pytest.approx(
        lines(plain)["project_real"].tolist()
    )
    cash = lines(risen)
    assert cash["project"].loc[2030] == pytest.approx(450_000 * 1.05**6)
    assert cash["interest"].loc[2027] == pytest.approx(
        0.05 * 0.7 * (1e6 * 1.05 * 1.05 + 1e6 * 1.05**2)
    )
    assert risen.indicator("npv", case.PLANT) == pytest.approx(
        plain.indicator("npv", case.PLANT)
    )


def test_a_plan_horizon_ends_with_a_salvage_value():
    """4 of 10 years of an annuity have passed: 6 are left, worth their value then."""
    found = appraised(
        horizon="plan", loans=(case.LOAN.model_copy(update={"tenor_y": 5.0}),)
    )
    cash = lines(found)
    annuity = -npf.pmt(0.08, 10, 2e6)
    assert cash["salvage"].loc[2030] == pytest.approx(-npf.pv(0.08, 6, annuity))
    assert cash.index.max() == 2030


def test_incremental_to_the_status_quo():
    """From 2027 the plan saves the dump's 50,000 and pays 150,000, and capital."""
    found = appraised()
    system = found.system.set_index("year")
    assert system["difference_real"].loc[2025] == pytest.approx(1e6)
    assert system["difference_real"].loc[2028] == pytest.approx(100_000)
    assert found.indicator("incremental_cost", "system") > 0
    alone = appraised(today=False)
    assert math.isnan(alone.indicator("incremental_cost", "system"))
    row = alone.indicators[alone.indicators["id"] == "incremental_cost"].iloc[0]
    assert row["why"] == "there is no status quo to compare with"


def test_packaged_terms_are_cut_to_the_life_and_marked():
    found = appraised(
        loans=(), cases=("korea_edpf", "japan_oda_cambodia_2013"), equity_share=0.3
    )
    assert found.cases == ("korea_edpf", "japan_oda_cambodia_2013")
    notes = " ".join(found.warnings)
    assert "korea_edpf: terms are memory" in notes
    assert "japan_oda_cambodia_2013: terms of 2013, not known to hold in 2024" in notes
    assert "tenor cut from 20 to 11 y" in notes
    table = found.side_by_side.set_index(["id", "place"])
    assert table.loc[("terms.tenor_y", "all"), "korea_edpf"] == 20
    used = found.inputs.set_index("name")
    assert used.loc["korea_edpf.korea_edpf.interest", "status"] == "memory"
    assert used.loc["dscr_target", "status"] == "assumption"
    assert used.loc["tax_rate", "status"] == "stated"


def test_softer_loans_need_a_lower_gate_fee():
    found = appraised(loans=(), cases=("japan_oda_cambodia_2013", "korea_edpf"))
    soft, hard = (
        found.indicator("gate_fee_for_return", case.PLANT, c) for c in found.cases
    )
    assert soft < hard
    curve = found.fee_curve[found.fee_curve["place"] == case.PLANT]
    for _, part in curve.groupby("tenor_y"):
        assert part["gate_fee_needed"].is_monotonic_increasing


def test_unknown_terms_are_named():
    with pytest.raises(WasteplanError, match=r"no loan terms 'korea_edfp' \(did you"):
        appraised(cases=("korea_edfp",))
    lost = Loan(id="x", terms="handshake", share=0.5)
    with pytest.raises(WasteplanError, match=r"x, terms: no .* terms 'handshake'"):
        appraised(loans=(lost,))
    much = tuple(
        case.LOAN.model_copy(update={"id": i, "share": 0.6}) for i in ("a", "b")
    )
    with pytest.raises(WasteplanError, match=r"b, share: with it case .* bears 120%"):
        appraised(loans=much)


def test_a_loan_that_is_not_open_leaves_its_share_to_equity():
    late = case.LOAN.model_copy(update={"available_from": 2030})
    found = appraised(loans=(late,))
    assert lines(found)["drawn"].sum() == 0
    assert math.isnan(found.indicator("dscr_min", case.PLANT))
    assert any("soft is not open in 2025" in w for w in found.warnings)


def test_a_grant_is_paid_by_the_public_or_a_donor():
    grant = Loan(id="gift", terms="", share=0.2, kind="grant")
    found = appraised(loans=(case.LOAN, grant), grant_from="donor")
    donor = found.actors[found.actors["actor"] == "donor"]
    assert donor["amount_real"].sum() == pytest.approx(400_000)
    assert lines(found)["grant"].sum() == pytest.approx(400_000)


def test_nothing_built_is_nothing_to_appraise():
    scenario = case.scenario()
    assert appraise(scenario, case.status_quo()) is None


def test_wages_and_waste_of_a_worker():
    """0.2 t at 30 USD over a wage of 2,000: 0.3 %."""
    found = appraised(wage_per_y=2000.0)
    assert found.indicator("charge_of_wage.all", "system") == pytest.approx(0.003)


def test_every_table_has_its_columns():
    found = appraised(risk=True)
    assert found.risk is not None
    for table, columns in (
        (found.cash, CASH_COLUMNS),
        (found.loans, LOAN_COLUMNS),
        (found.actors, ACTOR_COLUMNS),
        (found.system, SYSTEM_COLUMNS),
        (found.indicators, INDICATOR_COLUMNS),
        (found.fee_curve, FEE_CURVE_COLUMNS),
        (found.risk.tornado, TORNADO_COLUMNS),
        (found.risk.switching, SWITCHING_COLUMNS),
        (found.risk.chances, CHANCE_COLUMNS),
        (found.risk.supply, SUPPLY_COLUMNS),
    ):
        assert list(table.columns) == list(columns)
    loans = found.loans
    moved = loans["opening"] + loans["revaluation"] + loans["drawn"]
    owed = moved + loans["capitalised"] - loans["principal"]
    debt = ~loans["kind"].isin(["grant", "equity"])
    assert owed[debt].tolist() == pytest.approx(loans["balance"][debt].tolist())


def test_risk_tables_agree_with_each_other():
    risk = appraised(risk=True).risk
    tornado = risk.tornado[risk.tornado["place"] == case.PLANT]
    assert tornado["swing"].is_monotonic_decreasing
    assert tornado["npv_base"].nunique() == 1
    at = tornado.set_index("driver").loc["capex"]
    assert at["npv_low"] > at["npv_base"] > at["npv_high"]
    switching = risk.switching[risk.switching["place"] == case.PLANT]
    turn = switching.set_index("driver").loc["tonnes"]
    # fee less variable cost 50 USD/t on x 10,000 t: more than fixed cost and debt
    assert 0 < turn["switching"] < 1
    story = risk.stories.set_index("story")["npv"]
    assert story["as planned"] == pytest.approx(at["npv_base"])
    assert story["all of this together"] < story.drop("all of this together").min()


def test_chance_is_the_same_twice_and_settles():
    one, two = appraised(risk=True).risk, appraised(risk=True).risk
    assert one.sample["npv"].tolist() == two.sample["npv"].tolist()
    curve = one.convergence[one.convergence["place"] == case.PLANT]
    curve = curve[curve["fees"] == "stated"]
    assert curve["standard_error"].iloc[-1] < curve["standard_error"].iloc[0]
    chances = one.chances.set_index(["place", "fees"])["probability_npv_below_0"]
    assert chances[case.PLANT, "needed"] > chances[case.PLANT, "stated"]


def test_put_or_pay_moves_the_risk_to_the_public():
    """Low 70 % of 10,000 t; 90 % is paid in any case: 0.2 x 10,000 x 60 USD."""
    supply = appraised(risk=True, put_or_pay=0.9).risk.supply.iloc[0]
    assert supply["tonnes_low_t"] == pytest.approx(7000)
    assert supply["paid_for_nothing_per_y"] == pytest.approx(120_000)
    assert supply["npv_with"] > supply["npv_without"]


def simulated(received_t: float, half_width_t: float):
    """Mean 1,000 t, half width 15 over 16 runs: s = 15 / 2 x 4 = 30, 2 s = 6 %."""
    columns = ["id", "mean", "half_width", "n"]
    kpis = pd.DataFrame([("generated_t", 1000.0, 15.0, 16)], columns=columns)
    plants = pd.DataFrame(
        [("p2", case.PLANT, received_t, half_width_t)],
        columns=[
            *("period", "plant", "received_t_per_y"),
            "received_t_per_y_half_width",
        ],
    )
    return SimpleNamespace(kpis=kpis, plants=plants)


def with_simulation(received_t: float, half_width_t: float):
    scenario = case.scenario(draws=4000)
    chance = simulated(received_t, half_width_t)
    found = appraise(scenario, case.plan(), simulation=chance)
    assert found is not None
    return found


def test_simulated_spread_of_waste_replaces_the_assumed_one():
    found = with_simulation(10_000.0, 0.0)
    tornado = found.risk.tornado.set_index(["place", "driver"])
    assert tornado.loc[(case.PLANT, "waste"), "low"] == pytest.approx(0.94)
    assert tornado.loc[(case.PLANT, "waste"), "source"] == "simulation"


def test_a_plant_that_takes_less_in_the_simulation_earns_less_on_average():
    """9,000 of 10,000 t and a half width of 100 t: s = 100 / 2 x 4 = 200 t, 2 %."""
    full, less = with_simulation(10_000.0, 0.0), with_simulation(9_000.0, 100.0)
    supply = less.risk.supply.set_index("place").loc[case.PLANT]
    assert supply["simulated_mean"] == pytest.approx(0.9)
    assert supply["simulated_deviation"] == pytest.approx(0.02)

    def mean(found):
        rows = found.risk.chances.set_index(["place", "fees"])
        return rows.loc[(case.PLANT, "stated"), "npv_mean"]

    assert mean(less) < mean(full)
    plans = {f.indicator("equity_npv", case.PLANT) for f in (full, less, appraised())}
    assert len(plans) == 1  # the simulation moves chance, not the plan


def test_the_simulation_of_a_run_is_read_from_its_folder(tmp_path):
    chance = simulated(9_000.0, 100.0)
    (tmp_path / "sim").mkdir()
    chance.kpis.to_csv(tmp_path / "sim" / "kpis.csv", index=False)
    assert stored_simulation(tmp_path) is None
    chance.plants.to_csv(tmp_path / "sim" / "plants.csv", index=False)
    stored = stored_simulation(tmp_path)
    scenario = case.scenario(draws=4000)
    found = appraise(scenario, case.plan(), simulation=stored)
    assert found is not None
    again = with_simulation(9_000.0, 100.0)
    assert found.risk.sample["npv"].tolist() == again.risk.sample["npv"].tolist()


def test_what_kilns_may_take_comes_from_the_response_of_the_generators():
    """The response says 10 %, at worst 40 %: 0.6 / 0.9 = 0.667 of planned tonnes."""
    fate = Fate(id="kiln", kind="kiln", counts_as="leakage")
    step = LeakageStep(
        generator_class="all", stream="w", fate="kiln", share=0.1, low=0.1, high=0.4
    )
    scenario = replace(case.scenario(), fates=(fate,), leakage=(step,))
    found = appraise(scenario, case.plan())
    tornado = found.risk.tornado.set_index(["place", "driver"])
    row = tornado.loc[(case.PLANT, "tonnes")]
    assert row["low"] == pytest.approx(0.6 / 0.9)
    assert row["high"] == pytest.approx(1.0)
    assert row["source"].startswith("leakage")


def test_the_printed_page_speaks_of_all_of_it():
    found = appraised(risk=True)
    shown = case_lines(found).set_index("figure")["loans"]
    assert shown["interest, nominal"] == pytest.approx(5.0)
    assert "chance that the owners lose, gate fees of the plan" in shown.index
    fees = fee_lines(found).set_index("place")
    assert fees["gate fee now"].tolist() == [60.0, 60.0]
    accounts = account_lines(found).set_index("actor")["loans"]
    assert accounts["sum: system cost"] == pytest.approx(
        accounts.drop("sum: system cost").sum()
    )
    assert "million USD of 2024" in heading(found)
    assert any("states no wage" in line for line in missing_lines(found))


def test_a_foreign_loan_is_exposed_to_its_currency():
    yen = case.LOAN.model_copy(update={"currency": "JPY", "gain_per_y": 0.02})
    found = appraised(loans=(yen,), risk=True)
    loans = found.loans[found.loans["tranche"] == "soft"].set_index("year")
    assert loans["exchange"].loc[2027] == pytest.approx(1.02**2)
    assert loans["revaluation"].loc[2027] > 0
    assert "gain" in set(found.risk.tornado["driver"])
