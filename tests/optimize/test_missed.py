"""What a miss costs, family by family, on paper."""

import pytest
from random_networks import random_network

from wasteplan.optimize.data import PlanningData
from wasteplan.optimize.decisions import Slack
from wasteplan.optimize.horizon import ALL_YEARS
from wasteplan.optimize.missed import price_of
from wasteplan.optimize.recourse import Recourse
from wasteplan.scenario.records import Target
from wasteplan.superstructure.assembly import superstructure

PRICES = Recourse(per_t=200.0, per_t_left=500.0, per_money=3.0)


@pytest.fixture(scope="module")
def data():
    from dataclasses import replace

    limits = (
        Target(id="budget", metric="cost_total", max=1e9),
        Target(id="gas", metric="co2e_total_t", max=1e9),
    )
    case = random_network(1)
    case = replace(case, targets=(*case.targets, *limits))
    return PlanningData(superstructure(case), recourse=PRICES)


def priced(data, family, place="any", period=0):
    return price_of(data, PRICES, Slack(family, place, period, 1.0))


def test_a_tonne_is_missed_in_every_year_of_its_period(data):
    """200 USD/t: 0.2 million a kt in each year, discounted at 6 % from 2024."""
    years = data.s.spans[1].years
    by_hand = sum(0.2 * 1.06 ** -(y - 2024) for y in years)

    assert len(years) > 1
    for family in ("landfill_diversion", "recycling", "emissions_cap"):
        assert priced(data, family, period=1) == pytest.approx(by_hand)


def test_money_counts_threefold(data):
    """An income is short every year, a budget is spent at the start of its period."""
    years = data.s.spans[1].years
    of_income = sum(3 * 1.06 ** -(y - 2024) for y in years)

    assert priced(data, "informal_income", period=1) == pytest.approx(of_income)
    of_budget = 3 * 1.06 ** -(years[0] - 2024)
    assert priced(data, "capex_budget", period=1) == pytest.approx(of_budget)


def test_totals_over_all_years_count_once(data):
    assert priced(data, "horizon_limit", "budget", ALL_YEARS) == pytest.approx(3.0)
    assert priced(data, "horizon_limit", "gas", ALL_YEARS) == pytest.approx(0.2)


def test_a_least_load_in_heat_is_priced_as_the_waste_that_fills_it(data):
    """Lines of 40 and 90 kt/y at 10 MJ/kg, a tenth more of mass allowed: 0.11 kt/TJ."""
    first = sum(1.06 ** -(y - 2024) for y in data.s.spans[0].years)

    heat = priced(data, "minimum_load", "burn.burner")
    assert heat == pytest.approx(0.2 * 0.11 * first)
    assert priced(data, "minimum_load", "sort.sorter") == pytest.approx(0.2 * first)
