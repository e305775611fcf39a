"""Rules on waste: tonnages, compositions, leakage, seasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from wasteplan.scenario.derived import leakage_shares, tonnage
from wasteplan.scenario.findings import Finding, Rule, about, on_table, reads
from wasteplan.scenario.model import Scenario
from wasteplan.waste.records import CompositionShare
from wasteplan.wording import did_you_mean

SHARE_SUM_TOLERANCE = 1e-6
PROFILE_TOLERANCE = 5e-3  # factors are written with two or three decimals
PROFILE_LENGTH = {"month": 12, "weekday": 7, "hour": 24}
COMMON_YEAR = 2001  # without 29 February


@reads("streams", "composition", "programmes")
def every_stream_has_a_composition(scenario: Scenario) -> Iterator[Finding]:
    """A stream without fractions has no mass, heat or carbon.

    What programmes separate is made of what they take.
    """
    known = {row.stream for row in scenario.composition}
    known |= {row.to_stream for row in scenario.programmes}
    for stream in scenario.streams:
        if stream.id not in known:
            message = f"has no rows in composition.csv{did_you_mean(stream.id, known)}"
            yield about("streams", stream, "id", message)


@reads("composition")
def composition_sums_to_one(scenario: Scenario) -> Iterator[Finding]:
    """Shares of a stream sum to 1, and so do the shares within each fraction."""
    groups: dict[tuple[str, str], list[CompositionShare]] = defaultdict(list)
    for row in scenario.composition:
        groups[row.stream, row.within].append(row)
    for (stream, within), rows in groups.items():
        total = sum(row.share for row in rows)
        if abs(total - 1) > SHARE_SUM_TOLERANCE:
            inside = f" within {within}" if within else ""
            message = f"shares of {stream}{inside} sum to {total:.6g}, not 1"
            yield about("composition", rows[0], "share", message)


@reads("composition")
def mixes_are_within_a_fraction_of_the_stream(scenario: Scenario) -> Iterator[Finding]:
    """`within` names a fraction that the stream itself lists."""
    listed = {(r.stream, r.fraction) for r in scenario.composition if not r.within}
    for row in scenario.composition:
        if row.within and (row.stream, row.within) not in listed:
            known = [f for s, f in listed if s == row.stream]
            hint = did_you_mean(row.within, known)
            message = f"{row.stream} has no fraction '{row.within}' of its own{hint}"
            yield about("composition", row, "within", message)


@reads("fractions")
def fractions_descend_from_others(scenario: Scenario) -> Iterator[Finding]:
    """Following parents ends at a fraction without one."""
    parent = {f.id: f.parent for f in scenario.fractions}
    for fraction in scenario.fractions:
        seen = [fraction.id]
        while parent.get(seen[-1]):
            seen.append(parent[seen[-1]])
            if seen[-1] == fraction.id:
                loop = " -> ".join(seen)
                yield about("fractions", fraction, "parent", f"a loop: {loop}")
            if seen[-1] in seen[:-1]:
                break


@reads("generators", "generation")
def every_generator_generates(scenario: Scenario) -> Iterator[Finding]:
    """A generator without tonnes does nothing; it may have been forgotten."""
    known = {row.generator for row in scenario.generation}
    for row in scenario.generators:
        if row.id not in known:
            message = "has no rows in generation.csv"
            yield about("generators", row, "id", message, is_warning=True)


@reads("generation")
def one_basis_for_a_generator_and_stream(scenario: Scenario) -> Iterator[Finding]:
    """Rows of different years mean the same thing."""
    first: dict[tuple[str, str], str] = {}
    for row in scenario.generation:
        basis = first.setdefault((row.generator, row.stream), row.basis)
        if row.basis != basis:
            message = f"is '{row.basis}'; another year's row says '{basis}'"
            yield about("generation", row, "basis", message)


@reads("generation", "periods")
def waste_lasts_to_the_end_of_its_period(scenario: Scenario) -> Iterator[Finding]:
    """What is generated in a period is so in its last year, by which it is planned."""
    seen: set[tuple[str, str]] = set()
    for row in scenario.generation:
        if row.waste_t_per_y > 0 or (row.generator, row.stream) in seen:
            continue  # tonnes only reach 0 by way of a row of 0
        seen.add((row.generator, row.stream))
        for period in scenario.periods:
            years = range(period.first_year, period.last_year + 1)
            tonnes = [tonnage(scenario, row.generator, row.stream, y) for y in years]
            if tonnes[-1] <= 0 < max(tonnes):
                last = max(y for y, t in zip(years, tonnes, strict=True) if t > 0)
                message = (
                    f"{row.stream} of {row.generator} is 0 in {period.last_year}, the "
                    f"last year of period {period.id}, but not until {last}; flows are "
                    "planned by the last year, so let it end with a period (a row in "
                    f"{period.last_year}, 0 from {period.last_year + 1} on) or end a "
                    f"period in {last}"
                )
                yield about("generation", row, "waste_t_per_y", message)


@reads("generators", "generation", "leakage")
def collected_waste_does_not_leak(scenario: Scenario) -> Iterator[Finding]:
    """Tonnes measured after collection have already lost what leaks."""
    leaks = {(s.generator_class, s.stream) for s in scenario.leakage if s.share > 0}
    for row in scenario.generation:
        generator = scenario.generator.get(row.generator)
        if row.basis == "generated" or generator is None:
            continue
        if (generator.generator_class, row.stream) in leaks:
            message = (
                f"is '{row.basis}', but leakage.csv takes a share of {row.stream} "
                f"from class {generator.generator_class}; state what is generated"
            )
            yield about("generation", row, "basis", message)


@reads("generators", "generator_classes", "fates", "leakage", "periods")
def leakage_shares_fit(scenario: Scenario) -> Iterator[Finding]:
    """The shares of all fates of a class and stream add to at most 1."""
    pairs = dict.fromkeys((s.generator_class, s.stream) for s in scenario.leakage)
    for generator_class, stream in pairs:
        for period in scenario.periods:
            shares = leakage_shares(scenario, generator_class, stream, period.id)
            total = sum(shares.values())
            if total > 1 + SHARE_SUM_TOLERANCE:
                parts = " + ".join(
                    f"{fate} {share:g}" for fate, share in shares.items()
                )
                message = (
                    f"{generator_class}, {stream}, {period.id}: {parts} "
                    f"= {total:g} is above 1"
                )
                yield on_table("leakage", message, "share")
                break


def is_day_of_the_year(index: int) -> bool:
    """Whether month x 100 + day is a day of every year.

    >>> is_day_of_the_year(414), is_day_of_the_year(229), is_day_of_the_year(431)
    (True, False, False)
    """
    month, day = divmod(index, 100)
    try:
        date(COMMON_YEAR, month, day)
    except ValueError:
        return False
    return True


@reads("profiles")
def profiles_are_whole(scenario: Scenario) -> Iterator[Finding]:
    """A profile has all months, weekdays or hours, with mean 1; real holidays."""
    factors: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for row in scenario.profiles:
        if row.kind == "holiday":
            if not is_day_of_the_year(row.index):
                message = (
                    f"{row.index} is no day of the year: give month x 100 + day, such "
                    "as 414 for 14 April"
                )
                yield about("profiles", row, "index", message)
            continue
        if row.index > PROFILE_LENGTH[row.kind]:
            message = (
                f"{row.index} is above {PROFILE_LENGTH[row.kind]}, the last {row.kind}"
            )
            yield about("profiles", row, "index", message)
        factors[row.profile, row.kind][row.index] = row.factor
    for (profile, kind), values in factors.items():
        missing = [i for i in range(1, PROFILE_LENGTH[kind] + 1) if i not in values]
        mean = sum(values.values()) / len(values)
        if missing:
            message = f"{profile} has no factor for {kind} {missing[0]}"
            yield on_table("profiles", message, "index")
        elif abs(mean - 1) > PROFILE_TOLERANCE:
            message = f"the {kind} factors of {profile} have mean {mean:.4g}, not 1"
            yield on_table("profiles", message, "factor")


WASTE_RULES: tuple[Rule, ...] = (
    every_stream_has_a_composition,
    composition_sums_to_one,
    mixes_are_within_a_fraction_of_the_stream,
    fractions_descend_from_others,
    every_generator_generates,
    one_basis_for_a_generator_and_stream,
    waste_lasts_to_the_end_of_its_period,
    collected_waste_does_not_leak,
    leakage_shares_fit,
    profiles_are_whole,
)
