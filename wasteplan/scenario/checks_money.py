"""Rules on time, prices, targets and bounds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from wasteplan.errors import WasteplanError
from wasteplan.finance.prices import convert_money
from wasteplan.scenario.checks_treatment import technologies_in_use
from wasteplan.scenario.derived import GRID, HEAT_FACTOR, HEAT_SOLD, grid_item
from wasteplan.scenario.findings import (
    Finding,
    Rule,
    about,
    on_table,
    reads,
)
from wasteplan.scenario.levels import wrong_level
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.records import (
    FLOOR_METRICS,
    HORIZON_METRICS,
    INFORMAL_METRICS,
    RATE_METRICS,
    Target,
)
from wasteplan.scenario.registry import TABLES
from wasteplan.scenario.totals import TOTALS
from wasteplan.tables import columns_of
from wasteplan.units import Record, words

HORIZON_MAX_Y = 100
BOUNDS = (
    # value column, its low, its high
    ("value", "low", "high"),
    ("share", "low", "high"),
    ("waste_t_per_y", "low_t_per_y", "high_t_per_y"),
    ("capex", "capex_low", "capex_high"),
)


@reads("periods")
def periods_are_in_order(scenario: Scenario) -> Iterator[Finding]:
    """Periods follow one another without gap or overlap, not before the base year."""
    base_year = scenario.settings.scenario.base_year
    for row in scenario.periods:
        if row.last_year < row.first_year:
            message = f"{row.last_year} is before first_year {row.first_year}"
            yield about("periods", row, "last_year", message)
    for before, row in pairwise(scenario.periods):
        if row.first_year != before.last_year + 1:
            message = (
                f"{row.first_year} does not follow {before.last_year}, the last year "
                f"of {before.id}"
            )
            yield about("periods", row, "first_year", message)
    if not scenario.periods:
        return
    first, last = scenario.periods[0], scenario.periods[-1]
    if first.first_year < base_year:
        message = f"{first.first_year} is before the base year {base_year}"
        yield about("periods", first, "first_year", message)
    if last.last_year - first.first_year >= HORIZON_MAX_Y:
        message = f"the horizon is longer than {HORIZON_MAX_Y} years"
        yield about("periods", last, "last_year", message)


@reads("facilities", "sites", "outlets")
def nothing_closes_before_it_opens(scenario: Scenario) -> Iterator[Finding]:
    """`closes_after` is not before the opening."""
    for f in scenario.facilities:
        if f.closes_after is not None and f.closes_after < f.opened:
            message = f"{f.closes_after} is before opened {f.opened}"
            yield about("facilities", f, "closes_after", message)
    for o in scenario.outlets:
        if o.closes_after is not None and o.closes_after < (o.opens_from or 0):
            message = f"{o.closes_after} is before opens_from {o.opens_from}"
            yield about("outlets", o, "closes_after", message)


def prices_needed(scenario: Scenario) -> dict[str, str]:
    """Price item -> what needs it."""
    needed: dict[str, str] = {}
    for t in technologies_in_use(scenario):
        if t.efficiency_electric_net or t.gas_to_engine or t.biogas_m3_per_t_organic:
            needed.setdefault("electricity_sold", t.id)
        if t.electricity_kwh_per_t or t.waste_height_m:
            needed.setdefault("electricity_bought", t.id)
        if t.diesel_l_per_t:
            needed.setdefault("diesel", t.id)
        if t.coal_displaced_gj_per_gj:
            needed.setdefault("coal", t.id)
    for c in scenario.centres:
        if c.electricity_kwh_per_t:
            needed.setdefault("electricity_bought", c.id)
        if c.diesel_l_per_t:
            needed.setdefault("diesel", c.id)
    if scenario.settings.economics.count_carbon:
        needed["carbon"] = "[economics] count_carbon"
    return needed


@reads("technologies", "sites", "prices", "factors")
def heat_has_buyers_and_a_price(scenario: Scenario) -> Iterator[Finding]:
    """Heat to sell needs a site that wants it, a price of 0 or more and a factor.

    Electricity and heat together are no more than the heat of the waste.
    """
    givers = {t.id for t in scenario.technologies if t.efficiency_heat_net}
    for row in scenario.technologies:
        share = (row.efficiency_electric_net or 0.0) + (row.efficiency_heat_net or 0.0)
        if share > 1:
            message = f"with electricity {share:g} of the heat, more than there is"
            yield about("technologies", row, "efficiency_heat_net", message)
    sellers = [s for s in scenario.sites if s.heat_demand_gj_per_y]
    for site in sellers:
        here = {f.technology for f in scenario.facilities if f.site == site.id}
        if not givers & (here | set(words(site.technologies))):
            message = (
                "no technology of the site states efficiency_heat_net, so nobody can "
                "sell heat there"
            )
            yield about("sites", site, "heat_demand_gj_per_y", message)
    if givers and not sellers:
        message = (
            f"{', '.join(sorted(givers))} could give heat, but no site states "
            "heat_demand_gj_per_y: none is sold"
        )
        yield on_table("sites", message, "heat_demand_gj_per_y", is_warning=True)
    if not (givers and sellers):
        return
    for table, item in (("prices", HEAT_SOLD), ("factors", HEAT_FACTOR)):
        rows = [r for r in getattr(scenario, table) if r.item == item]
        if not rows:
            message = f"no row '{item}', which heat sold at {sellers[0].id} needs"
            yield on_table(table, message, "item")
        for r in rows:
            if r.value < 0:
                message = f"{r.value:g} is below 0: plants would not sell heat"
                yield about(table, r, "value", message)


@reads("technologies", "centres", "sites", "facilities", "prices", "factors")
def prices_are_there(scenario: Scenario) -> Iterator[Finding]:
    """Every price item and grid factor that something needs has a row."""
    needed = prices_needed(scenario)
    known = {p.item for p in scenario.prices}
    for item, by in needed.items():
        if item not in known:
            yield on_table("prices", f"no row '{item}', which {by} needs", "item")
    electric = [needed[i] for i in needed if i.startswith("electricity")]
    factors = {f.item for f in scenario.factors}
    if electric and GRID not in factors:
        message = f"no row '{GRID}', which {electric[0]} needs"
        yield on_table("factors", message, "item")
    credit = grid_item(scenario, is_credit=True)
    if "electricity_sold" in needed and credit not in {*factors, GRID}:
        message = (
            f"no row '{credit}', which [assessment] electricity_credit = 'marginal' "
            "needs; add rows or set it to 'average'"
        )
        yield on_table("factors", message, "item")


@reads("prices")
def prices_are_convertible(scenario: Scenario) -> Iterator[Finding]:
    """Every price can be brought to the scenario's currency and price year."""
    head = scenario.settings.scenario
    for row in scenario.prices:
        try:
            convert_money(
                1.0, row.currency, row.price_year, head.currency, head.price_year
            )
        except WasteplanError as error:
            yield about("prices", row, "currency", str(error))


@reads()
def targets_are_shares(scenario: Scenario) -> Iterator[Finding]:
    """A diversion target is a share; every target has a limit that can hold."""
    for row in scenario.targets:
        if row.min is None and row.max is None:
            yield about("targets", row, "min", "is empty, and so is max")
        if None not in (row.min, row.max) and (row.min or 0) > (row.max or 0):
            message = f"{row.min:g} is above max {row.max:g}"
            yield about("targets", row, "min", message)
        for column in ("min", "max"):
            value = getattr(row, column)
            if value is None:
                continue
            wrong = wrong_level(row.metric, value)
            if wrong:
                yield about("targets", row, column, wrong)
        if row.metric not in RATE_METRICS:
            yield from _no_scope(row)


LOWER_ONLY = (
    *INFORMAL_METRICS,
    *FLOOR_METRICS,
    *(name for name, counted in TOTALS.items() if counted.more_is_better),
)


def _no_scope(row: Target) -> Iterator[Finding]:
    """Budgets and emission caps hold for all waste together, and are upper limits.

    Floors of incomes, jobs, scores and the lowest diversion are lower limits.
    """
    for column in ("region", "stream"):
        if getattr(row, column):
            message = f"{row.metric} holds for all waste: leave it empty"
            yield about("targets", row, column, message)
    if row.metric in LOWER_ONLY:
        if row.max is not None:
            message = f"{row.metric} has a lower limit only: use min"
            yield about("targets", row, "max", message)
    elif row.min is not None:
        message = f"{row.metric} has an upper limit only: use max"
        yield about("targets", row, "min", message)
    if row.metric in HORIZON_METRICS and row.period:
        message = f"{row.metric} is over all years: leave it empty"
        yield about("targets", row, "period", message)


@reads("choices")
def choices_can_be_followed(scenario: Scenario) -> Iterator[Finding]:
    """A forced or forbidden choice names a site, technology and size that can open."""
    for row in scenario.choices:
        if row.technology == "centre":
            if row.site not in scenario.centre:
                yield about("choices", row, "site", f"no centre '{row.site}'")
            continue
        site = scenario.site.get(row.site)
        if site is None:
            yield about("choices", row, "site", f"no site '{row.site}'")
        elif row.technology not in words(site.technologies):
            message = f"'{row.technology}' is no candidate at site '{row.site}'"
            yield about("choices", row, "technology", message)
        elif row.size and (row.technology, row.size) not in scenario.size:
            message = f"'{row.technology}' has no size '{row.size}'"
            yield about("choices", row, "size", message)


@reads()
def one_target_for_each_scope(scenario: Scenario) -> Iterator[Finding]:
    """No two targets limit the same metric, region, stream and period."""
    seen: dict[tuple[str, str, str, str], str] = {}
    for row in scenario.targets:
        scope = (row.metric, row.region, row.stream, row.period)
        if scope in seen:
            message = f"limits the same metric and scope as '{seen[scope]}'"
            yield about("targets", row, "id", message)
        seen.setdefault(scope, row.id)


@reads()
def exclusions_have_a_limit(scenario: Scenario) -> Iterator[Finding]:
    """An exclusion criterion without min and max excludes nothing."""
    for row in scenario.site_criteria:
        if row.kind == "exclusion" and row.min is None and row.max is None:
            message = "is empty, and so is max: the exclusion has no limit"
            yield about("site_criteria", row, "min", message)


@reads()
def bounds_surround_the_value(scenario: Scenario) -> Iterator[Finding]:
    """A stated range holds its value: low <= value <= high, in every row."""
    for spec in TABLES:
        columns = columns_of(spec.record)
        sets = [b for b in BOUNDS if set(b) <= set(columns)]
        for value, low, high in sets:
            for row in getattr(scenario, spec.name, ()):
                yield from _outside(spec.name, row, value, low, high)


def _outside(
    table: str, row: Record, value: str, low: str, high: str
) -> Iterator[Finding]:
    middle = getattr(row, value)
    below, above = getattr(row, low), getattr(row, high)
    if middle is None:
        return
    if below is not None and below > middle:
        yield about(table, row, low, f"{below:g} is above {value} {middle:g}")
    if above is not None and above < middle:
        yield about(table, row, high, f"{above:g} is below {value} {middle:g}")


ROW_RULES: tuple[Rule, ...] = (
    targets_are_shares,
    one_target_for_each_scope,
    exclusions_have_a_limit,
    bounds_surround_the_value,
)
"""Rules on rows by themselves: a mistake in another row or table does not matter."""
MONEY_RULES: tuple[Rule, ...] = (
    periods_are_in_order,
    nothing_closes_before_it_opens,
    heat_has_buyers_and_a_price,
    prices_are_there,
    prices_are_convertible,
    choices_can_be_followed,
)
