"""Rules on how facilities work hour by hour: columns that need or exclude others."""

from __future__ import annotations

from collections.abc import Iterator

from wasteplan.scenario.findings import Finding, Rule, about, reads
from wasteplan.scenario.model import Scenario

TIMES = (("failure", "mtbf_h"), ("repair", "mttr_h"))
DAYS_OF_THE_YEAR = 365
DAYS_PER_WEEK = 7


@reads("operations")
def outages_are_whole(scenario: Scenario) -> Iterator[Finding]:
    """A distribution has its mean, and its parameter where it takes one."""
    for row in scenario.operations:
        for what, mean in TIMES:
            kind = getattr(row, f"{what}_distribution")
            parameter = getattr(row, f"{what}_parameter")
            column = f"{what}_distribution"
            if kind and getattr(row, mean) is None:
                message = f"is {kind}, but {mean} is empty: give the mean, or neither"
                yield about("operations", row, column, message)
            if kind in ("weibull", "lognormal") and parameter is None:
                is_what = "shape" if kind == "weibull" else "coefficient of variation"
                message = f"is {kind}: give its {is_what} in {what}_parameter"
                yield about("operations", row, column, message)
            if kind not in ("weibull", "lognormal") and parameter is not None:
                message = (
                    f"is {parameter:g}, but an exponential time has no parameter: set "
                    f"{column} to weibull or lognormal, or leave it empty"
                )
                yield about("operations", row, f"{what}_parameter", message)
        if (row.mtbf_h is None) != (row.mttr_h is None):
            empty = "mttr_h" if row.mttr_h is None else "mtbf_h"
            message = "is empty: random outages need both mtbf_h and mttr_h"
            yield about("operations", row, empty, message)


@reads("operations")
def planned_outages_fit_the_year(scenario: Scenario) -> Iterator[Finding]:
    """A calendar of planned outages has a length, and all lines fit into a year."""
    for row in scenario.operations:
        weeks = row.planned_outage_weeks or 0.0
        days = weeks * DAYS_PER_WEEK * (row.lines or 1)
        if row.planned_outage_from_d is not None and not weeks:
            message = "is given, but planned_outage_weeks is empty"
            yield about("operations", row, "planned_outage_from_d", message)
        if row.planned_outage_from_d is not None and days > DAYS_OF_THE_YEAR:
            message = (
                f"is {weeks:g}: {row.lines} lines one after another take {days:g} "
                f"days, more than a year of {DAYS_OF_THE_YEAR}"
            )
            yield about("operations", row, "planned_outage_weeks", message)


@reads("operations")
def gates_are_whole(scenario: Scenario) -> Iterator[Finding]:
    """Bridges for leaving trucks are some of the bridges, and somebody uses them."""
    for row in scenario.operations:
        out, all_bridges = row.weigh_out_bridges, row.weighbridges or 1
        if out is None:
            continue
        if not row.weigh_out_min:
            message = f"is {out}, but weigh_out_min is empty: nobody is weighed out"
            yield about("operations", row, "weigh_out_bridges", message)
        elif row.weigh_in_min and out >= all_bridges:
            message = (
                f"is {out} of {all_bridges}: none is left for trucks that come; give 0 "
                "for bridges that serve both ways"
            )
            yield about("operations", row, "weigh_out_bridges", message)


@reads("operations", "technologies")
def dwell_is_of_a_store(scenario: Scenario) -> Iterator[Finding]:
    """Only a store keeps waste for a time, and a shape belongs to a mean."""
    for row in scenario.operations:
        technology = scenario.technology.get(row.technology)
        for column in ("dwell_mean_d", "dwell_shape", "dwell_max_d"):
            value = getattr(row, column)
            if value is None or technology is None:
                continue
            if technology.kind != "storage":
                message = (
                    f"is {value:g}, but {technology.id} is of kind {technology.kind}; "
                    "only a storage keeps waste for a time"
                )
                yield about("operations", row, column, message)
        if row.dwell_shape is not None and row.dwell_mean_d is None:
            message = f"is {row.dwell_shape:g}, but dwell_mean_d is empty"
            yield about("operations", row, "dwell_shape", message)


@reads("fleets")
def breaks_fit_the_shift(scenario: Scenario) -> Iterator[Finding]:
    """A break has a beginning and an end within the shift."""
    for row in scenario.fleets:
        if row.break_h > 0 and row.break_after_h is None:
            message = "is empty: say how long after the start of the shift they rest"
            yield about("fleets", row, "break_after_h", message)
        if row.break_h == 0 and row.break_after_h is not None:
            message = f"is {row.break_after_h:g} h, but break_h is 0"
            yield about("fleets", row, "break_after_h", message)
        until = (row.break_after_h or 0.0) + row.break_h
        if until > row.shift_length_h:
            message = f"ends {until:g} h into a shift of {row.shift_length_h:g} h"
            yield about("fleets", row, "break_h", message)


OPERATION_RULES: tuple[Rule, ...] = (
    breaks_fit_the_shift,
    outages_are_whole,
    planned_outages_fit_the_year,
    gates_are_whole,
    dwell_is_of_a_store,
)
