"""A plan re-computed year by year, without any solver: a second opinion."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wasteplan.evaluation.assets import assets, by_plant
from wasteplan.evaluation.books import Books
from wasteplan.evaluation.checking import Results
from wasteplan.evaluation.costs import costs
from wasteplan.evaluation.effluent import effluent_table
from wasteplan.evaluation.emitting import carbon_costs, emissions, emitted
from wasteplan.evaluation.facilities import facilities, plant_states
from wasteplan.evaluation.flow_table import flow_table
from wasteplan.evaluation.following import follow
from wasteplan.evaluation.hauling import trips
from wasteplan.evaluation.headlines import kpis
from wasteplan.evaluation.heat import heat_income
from wasteplan.evaluation.informal import informal_table, trade_costs
from wasteplan.evaluation.intensities import Intensities
from wasteplan.evaluation.lots import Materials, period_years
from wasteplan.evaluation.measures import measures_costs
from wasteplan.evaluation.requirements import burden_limits, horizon_limits, violations
from wasteplan.evaluation.result import TRANSFER_COLUMNS, Evaluation, Unmixing
from wasteplan.evaluation.routing import Routing
from wasteplan.evaluation.sources import sources
from wasteplan.evaluation.statuses import Statuses
from wasteplan.evaluation.transfers import transfers
from wasteplan.evaluation.unmixing import Accounts, unmixing
from wasteplan.evaluation.waste_account import waste_account
from wasteplan.plan.records import Plan
from wasteplan.scenario.conventions import conventions
from wasteplan.scenario.model import Scenario

NO_TRANSFERS = pd.DataFrame(columns=list(TRANSFER_COLUMNS))
NOTHING_MIXED = Unmixing(0.0, 0.0, 0.0, 0.0)


def evaluate(
    scenario: Scenario,
    plan: Plan,
    *,
    blends: bool = True,
    compare: bool = True,
    headlines: bool = True,
) -> Evaluation:
    """What a plan does: flows, costs, emissions, and the requirements it misses.

    Follows the material of every generator through the routes of the plan, year by
    year.  It shares no coefficients with the optimizer, so that the two can contradict
    each other.

    Parameters
    ----------
    scenario
        A validated case.
    plan
        Solved or written by hand.
    blends
        True (the answer): an output of a plant is one blend and is sent as one.
        False: routes of single streams are followed as written and burners have the
        efficiency of full load, as in the relaxed model of the optimizer; for comparing
        with its objective only.
    compare
        Whether the difference between the two is worked out, which costs a second
        evaluation where outputs mix; ensembles of samples do without.
    headlines
        Whether `kpis` and `transfers` are worked out: half the time of a small case,
        and of no use to who asks for costs or missed requirements only.

    Returns
    -------
    Evaluation
        With `unmixing`, the difference between the two, if `blends` and `compare`.

    Raises
    ------
    PlanError
        The plan names what does not exist, its shares do not add up, its routes run in
        a circle, or a flow has no road.
    """
    own = replace(books_of(scenario, plan, blends=blends), at_design=not blends)
    accounts = _accounts(own)
    mixed = None
    if blends and compare:
        mixed = NOTHING_MIXED
        if own.course.mixed:
            relaxed = books_of(scenario, plan, blends=False, like=own)
            mixed = unmixing(own, _accounts(relaxed), accounts)
    return _evaluation(own, accounts, mixed, headlines)


def evaluated_both_ways(
    scenario: Scenario, plan: Plan
) -> tuple[Evaluation, Evaluation]:
    """A plan as written and as it would really run, what they share worked out once.

    Without headlines and transfers: this is to judge a plan by.

    Returns
    -------
    Evaluation, Evaluation
        `evaluate(scenario, plan, blends=False, headlines=False)` and
        `evaluate(scenario, plan, headlines=False)`.  Where no output mixes and no
        burner has a curve of part load they are one.

    Raises
    ------
    PlanError
        As for `evaluate`.
    """
    own = books_of(scenario, plan)
    accounts, mixed = _accounts(own), NOTHING_MIXED
    relaxed, as_written = own, accounts
    if own.course.mixed:
        relaxed = books_of(scenario, plan, blends=False, like=own)
        as_written = _accounts(relaxed)
        mixed = unmixing(own, as_written, accounts)
    real = _evaluation(own, accounts, mixed, headlines=False)
    if scenario.part_load:
        relaxed = replace(relaxed, at_design=True)
        as_written = _accounts(relaxed)
    elif not own.course.mixed:
        return replace(real, unmixing=None), real
    return _evaluation(relaxed, as_written, None, headlines=False), real


def books_of(
    scenario: Scenario, plan: Plan, *, blends: bool = True, like: Books | None = None
) -> Books:
    """The material of a plan followed to its ends, before any account is drawn up.

    Parameters
    ----------
    scenario, plan, blends
        As for `evaluate`.
    like
        Books of the same plan, whose materials and sources are used again.

    Raises
    ------
    PlanError
        As for `evaluate`.
    """
    routing = Routing(scenario, plan)
    if like is None:
        materials, statuses = Materials(scenario), Statuses(scenario)
        intensities = Intensities(scenario, materials, statuses)
        found = sources(scenario, materials, plan)
        stands = by_plant(assets(scenario, plan))
    else:
        intensities, statuses = like.intensities, like.statuses
        materials, found, stands = intensities.materials, like.sources, like.assets
    course = follow(scenario, materials, found, routing, blends=blends)
    return Books(
        scenario=scenario,
        plan=plan,
        years=period_years(scenario),
        sources=found,
        assets=stands,
        course=course,
        trips=trips(scenario, plan, course),
        intensities=intensities,
        statuses=statuses,
    )


def _accounts(books: Books) -> Accounts:
    gases = emitted(books)
    return Accounts(
        books.course,
        plant_states(books),
        costs(
            books,
            measures_costs(books),
            trade_costs(books),
            heat_income(books),
            carbon_costs(books, gases),
        ),
        emissions(books, gases),
    )


def _evaluation(
    books: Books, accounts: Accounts, mixed: Unmixing | None, headlines: bool
) -> Evaluation:
    tables = {
        "flows": flow_table(books),
        "costs": accounts.costs,
        "emissions": accounts.emissions,
        "facilities": facilities(books, accounts.states),
        "waste": waste_account(books),
        "informal": informal_table(books),
    }
    results = Results(
        books,
        accounts.states,
        tables["waste"],
        tables["emissions"],
        tables["informal"],
    )
    shown = {k: v for k, v in tables.items() if k != "informal"}
    found = Evaluation(
        scenario=books.scenario.name,
        plan=books.plan.name,
        transfers=transfers(books) if headlines else NO_TRANSFERS,
        violations=violations(results),
        unmixing=mixed,
        effluent=effluent_table(books),
        conventions=conventions(books.scenario),
        kpis=kpis(books, **shown) if headlines else (),
        **tables,
    )
    beyond = horizon_limits(books.scenario, found)
    spread = burden_limits(books.scenario, found)
    return replace(found, violations=(*found.violations, *beyond, *spread))
