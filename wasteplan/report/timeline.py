"""What opens when, at which size, and until when it works."""

from __future__ import annotations

from dataclasses import dataclass

from wasteplan.evaluation.books import EFFLUENT
from wasteplan.plan.records import plant_id
from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.numbers import number_text
from wasteplan.report.subject import Subject, rank


@dataclass(frozen=True)
class _Stay:
    """A facility or centre from its opening to its end."""

    place: str
    kind: str
    name: str
    names: tuple[str, str]
    technology: str
    size: str
    capacity_t_per_y: float | None
    capex: float | None
    opens: int
    ends: int
    is_new: bool


def timeline_section(subject: Subject) -> Section | None:
    """The chart and the table of builds; None if nothing stands or is built."""
    stays = sorted(
        [*_built(subject), *_standing(subject)],
        key=lambda s: (rank(s.kind), s.is_new, s.opens, s.place, s.size),
    )
    if not stays:
        return None
    n_new = sum(s.is_new for s in stays)
    lead = (
        f"{n_new} facilities are built over the horizon."
        if n_new
        else "Nothing is built: the plan uses what stands today."
    )
    first, last = subject.scenario.years[0], subject.scenario.years[-1]
    chart = Chart(
        id="timeline",
        kind="timeline",
        title="Facilities over the years",
        summary="Bars from the year a facility opens to the year it ends; "
        + "; ".join(
            f"{s.name} {max(s.opens, first)}–{min(s.ends, last)}" for s in stays
        ),
        data={
            "first": first,
            "last": last,
            "periods": [[p.first_year, p.last_year] for p in subject.periods],
            "rows": [_row(s, first, last) for s in stays],
        },
        table=_table(subject, stays),
        height=60 + 38 * len(stays),
        is_wide=True,
    )
    return Section("timeline", "What opens when", lead, (chart,), short="Builds")


def _row(stay: _Stay, first: int, last: int) -> dict[str, object]:
    return {
        "name": stay.names[0],
        "where": stay.names[1],
        "kind": stay.kind,
        "label": _label(stay),
        "from": max(stay.opens, first),
        "to": min(stay.ends, last),
        "is_new": stay.is_new,
    }


def _label(stay: _Stay) -> str:
    capacity = stay.capacity_t_per_y
    if capacity is None:
        return stay.size
    if stay.kind == EFFLUENT:
        return f"{number_text(capacity)} m3/y"
    return f"{number_text(capacity / 1000)} kt/y"


def _table(subject: Subject, stays: list[_Stay]) -> Table:
    unit = "t/y; effluent m3/y" if any(s.kind == EFFLUENT for s in stays) else "t/y"
    columns = (
        Column("Facility"),
        Column("Technology"),
        Column("Size"),
        Column("Capacity", unit, "number"),
        Column("Investment", subject.money, "number"),
        Column("Opens", form="year"),
        Column("Works until", form="year"),
        Column("Built by the plan"),
    )
    rows = tuple(
        (
            s.name,
            s.technology,
            s.size,
            s.capacity_t_per_y,
            s.capex,
            s.opens,
            s.ends,
            "yes" if s.is_new else "stands today",
        )
        for s in stays
    )
    return Table("Facilities, their sizes and years", columns, rows)


def _built(subject: Subject) -> list[_Stay]:
    first_year = {p.id: p.first_year for p in subject.periods}
    stays = []
    for build in subject.plan.builds:
        opens = first_year.get(build.period)
        if opens is None:
            continue
        centre = subject.scenario.centre.get(build.site)
        if centre is not None and build.technology == "centre":
            stays.append(_centre(subject, centre.id, opens, True))
        else:
            stays.append(
                _facility(
                    subject, build.site, build.technology, build.size, opens, None, True
                )
            )
    return stays


def _standing(subject: Subject) -> list[_Stay]:
    first_year = {p.id: p.first_year for p in subject.periods}
    closed = {c.facility: first_year.get(c.period) for c in subject.plan.closures}
    stays = []
    for facility in subject.scenario.facilities:
        ends = facility.closes_after
        closing = closed.get(facility.id)
        if closing is not None:
            ends = closing - 1 if ends is None else min(ends, closing - 1)
        stay = _facility(
            subject,
            facility.site,
            facility.technology,
            facility.size,
            facility.opened,
            ends,
            False,
        )
        if stay.ends >= subject.scenario.years[0]:
            stays.append(stay)
    for centre in subject.scenario.centres:
        if centre.is_existing:
            stays.append(_centre(subject, centre.id, subject.scenario.years[0], False))
    return stays


def _facility(
    subject: Subject,
    site: str,
    technology: str,
    size: str,
    opens: int,
    ends: int | None,
    is_new: bool,
) -> _Stay:
    known = subject.scenario.technology.get(technology)
    numbers = subject.scenario.size.get((technology, size))
    lifetime = known.lifetime_y if known is not None else None
    of_age = opens + int(lifetime) - 1 if lifetime else subject.scenario.years[-1]
    place = plant_id(site, technology)
    return _Stay(
        place,
        subject.kind(place),
        subject.name(place),
        subject.two_names(place),
        subject.technology_name(technology),
        size,
        numbers.capacity_t_per_y if numbers is not None else None,
        numbers.capex if numbers is not None and is_new else None,
        opens,
        of_age if ends is None else min(ends, of_age),
        is_new,
    )


def _centre(subject: Subject, id: str, opens: int, is_new: bool) -> _Stay:
    centre = subject.scenario.centre[id]
    return _Stay(
        id,
        "centre",
        centre.name,
        (centre.name, "Centre"),
        "Centre",
        "centre",
        centre.throughput_max_t_per_y,
        centre.capex if is_new else None,
        opens,
        opens + int(centre.lifetime_y) - 1 if is_new else subject.scenario.years[-1],
        is_new,
    )
