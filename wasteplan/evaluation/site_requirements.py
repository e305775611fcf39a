"""What may stand where, and from when."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator

from wasteplan.evaluation.assets import CENTRE, Asset
from wasteplan.evaluation.books import Books
from wasteplan.evaluation.checking import Results, is_above
from wasteplan.evaluation.result import Violation
from wasteplan.scenario.derived import (
    opening_is_possible,
    site_is_open_in,
)
from wasteplan.scenario.model import Scenario
from wasteplan.scenario.site_effects import site_scores
from wasteplan.units import words


def site_permit(r: Results) -> Iterator[Violation]:
    """All plants of a site together stay within its permit and its room."""
    tonnes: dict[tuple[int, str], float] = defaultdict(float)
    at_work: dict[tuple[int, str], set[str]] = defaultdict(set)
    for s in r.states:
        if s.technology != CENTRE:
            tonnes[s.period, s.site] += s.throughput_t
            if s.at_work:
                at_work[s.period, s.site].add(s.technology)
    for (t, site), taken in tonnes.items():
        row = r.books.scenario.site[site]
        permit = row.permit_t_per_y
        if permit is not None and is_above(taken, permit):
            yield Violation("site_permit", site, r.period(t), taken, permit, "t/y")
        n = len(at_work[t, site])
        if n > row.facilities_max:
            yield Violation(
                "site_room", site, r.period(t), n, row.facilities_max, "technologies"
            )


def site_airspace(r: Results) -> Iterator[Violation]:
    """All cells opened on a site fit its airspace."""
    for site in r.books.scenario.sites:
        if site.airspace_m3 is None:
            continue
        opened = [
            a
            for found in r.books.assets.values()
            for a in found
            if a.site == site.id and a.build and not math.isnan(a.airspace_m3)
        ]
        for t in sorted({a.opened for a in opened}):
            volume = sum(a.airspace_m3 for a in opened if a.opened <= t)
            if is_above(volume, site.airspace_m3):
                yield Violation(
                    "site_airspace",
                    site.id,
                    r.period(t),
                    volume,
                    site.airspace_m3,
                    "m3",
                )


def builds(r: Results) -> Iterator[Violation]:
    """What is built is allowed there, has had its lead time, and may be closed."""
    scenario = r.books.scenario
    base_year = scenario.settings.scenario.base_year
    for build in r.books.plan.builds:
        first = next(p.first_year for p in scenario.periods if p.id == build.period)
        name = build.site if build.site in scenario.centre else build.technology
        if not opening_is_possible(scenario, name, build.period):
            lead = _lead_time_y(r.books, name)
            yield Violation(
                "lead_time",
                build.site,
                build.period,
                first,
                math.ceil(base_year + lead),
                "year",
            )
        if build.site in scenario.centre:
            continue
        site = scenario.site[build.site]
        if not site_is_open_in(scenario, site.id, build.period):
            yield Violation(
                "site_opens",
                site.id,
                build.period,
                first,
                site.opens_from or first,
                "year",
            )
        if build.technology not in words(site.technologies):
            where = f"{site.id}: {build.technology}"
            yield Violation("site_allows", where, build.period, 1, 0, "builds")
        for c in scenario.site_criteria:
            if c.site != site.id or c.kind != "exclusion":
                continue
            for limit, sign in ((c.max, 1.0), (c.min, -1.0)):
                if limit is not None and sign * c.value > sign * limit:
                    where = f"{site.id}: {c.criterion}"
                    yield Violation(
                        "site_exclusion", where, build.period, c.value, limit, ""
                    )
    may_close = {f.id: f.may_close for f in scenario.facilities}
    for closure in r.books.plan.closures:
        if not may_close[closure.facility]:
            yield Violation(
                "closing", closure.facility, closure.period, 1, 0, "closures"
            )


def sizes(r: Results) -> Iterator[Violation]:
    """One new size of a technology at a site; further lines beside it, as many as may.

    Cells of landfills may be several.
    """
    scenario = r.books.scenario
    for plant, found in r.books.assets.items():
        technology = scenario.technology.get(found[0].technology)
        if technology is None or technology.kind == "disposal":
            continue
        first_of = {a.size: _first_of(scenario, a) for a in found}
        for t in range(len(r.books.years)):
            at_work = [a for a in found if a.works[t]]
            new = [a for a in at_work if a.build and not first_of[a.size]]
            if len(new) > 1:
                yield Violation("one_size", plant, r.period(t), len(new), 1, "sizes")
            lines = Counter(a.size for a in at_work if first_of[a.size])
            there = {a.size for a in at_work}
            for size, n in sorted(lines.items()):
                most = scenario.size[found[0].technology, size].modules_max
                allowed = most if first_of[size] in there else 0
                if n > allowed:
                    where = f"{plant}: {size}"
                    yield Violation("modules", where, r.period(t), n, allowed, "lines")


def scores(r: Results) -> Iterator[Violation]:
    """Nothing new opens at a site with a lower score than asked for."""
    scenario = r.books.scenario
    known = site_scores(scenario)
    for target in scenario.targets:
        if target.metric != "site_score" or target.min is None:
            continue
        for build in r.books.plan.builds:
            score = known.get(build.site, 1.0)
            if target.period in ("", build.period) and score < target.min:
                yield Violation(
                    "site_score", build.site, build.period, score, target.min, "-"
                )


def _first_of(scenario: Scenario, asset: Asset) -> str:
    """The size whose further line an asset is; empty for one of its own."""
    return scenario.size[asset.technology, asset.size].module_of


def _lead_time_y(books: Books, name: str) -> float:
    if name in books.scenario.centre:
        return books.scenario.centre[name].lead_time_y
    return books.scenario.technology[name].lead_time_y or 0.0
