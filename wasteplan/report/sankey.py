"""Where the waste goes: flows of a period as a diagram without loops."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pandas as pd

from wasteplan.report.document import Chart, Column, Section, Table
from wasteplan.report.frames import largest_first, sums
from wasteplan.report.numbers import number_text
from wasteplan.report.subject import KIND_NAMES, Subject

SOURCES_MAX = 10
"""Above this many stream-region pairs, sources are streams only."""
PLANTS_MAX = 9
"""With more plants in a period, those of one technology are drawn as one in all."""
SHARE_SHOWN_MIN = 2e-4
"""Flows below this share of the period's waste are left to the workbook."""

_RAW = "raw"
_GENERATORS = "*"
"""Stands for all generators: sources are told apart by stream and region."""


@dataclass
class _Diagram:
    """Nodes and links of one period; tonnes in the period's last year."""

    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    links: dict[tuple[str, str], float] = field(default_factory=dict)

    def node(self, key: str, name: str, kind: str) -> str:
        self.names.setdefault(key, name)
        self.kinds.setdefault(key, kind)
        return key

    def link(self, source: str, target: str, tonnes: float) -> None:
        self.links[source, target] = self.links.get((source, target), 0.0) + tonnes


def flows_section(subject: Subject) -> Section | None:
    """The diagram of every period with its table; None without flows."""
    flows = subject.evaluation.flows
    flows = flows[flows["t_per_y"] > 0]
    if flows.empty:
        return None
    merge = any(_plants_in(part) > PLANTS_MAX for _, part in flows.groupby("period"))
    diagrams = {
        period: _diagram(subject, flows[flows["period"] == period], merge)
        for period in subject.period_ids
    }
    diagrams = {period: d for period, d in diagrams.items() if d.links}
    chart = Chart(
        id="flows",
        kind="sankey",
        title="From the waste to where it ends",
        summary=_summary(subject, flows),
        data={
            "periods": [[p, subject.period_label(p)] for p in diagrams],
            "unit": "t/y",
            "by_period": {p: _as_data(d) for p, d in diagrams.items()},
        },
        table=_table(subject, diagrams),
        height=max(460, 44 * max(_tallest(d) for d in diagrams.values())),
        is_wide=True,
        note="Tonnes in the last year of the period. Releases are water, gas and dust "
        "that leave a plant. Very small flows are only in the workbook.",
    )
    return Section("flows", "Where the waste goes", charts=(chart,), short="Flows")


def _diagram(subject: Subject, flows: pd.DataFrame, merge: bool) -> _Diagram:
    diagram = _Diagram()
    pairs = flows.loc[flows["product"] == _RAW, ["stream", "region"]]
    by_region = len(pairs.drop_duplicates()) <= SOURCES_MAX
    many = by_region and pairs["region"].nunique() > 1
    origins = [
        _GENERATORS if subject.kind(o) == "generator" else o for o in flows["origin"]
    ]
    flows = flows.assign(origin=origins)
    columns = ["origin", "destination", "stream", "region", "product"]
    for (origin, destination, stream, region, product), tonnes in sums(
        flows, columns, "t_per_y"
    ).items():
        target = _place(subject, diagram, destination, merge)
        if origin == _GENERATORS:
            name = subject.stream_name(stream) + (
                f", {subject.region_name(region)}" if many else ""
            )
            key = f"source:{stream}:{region if many else ''}"
            source = diagram.node(key, name, "generator")
        else:
            source = _place(subject, diagram, origin, merge)
            if subject.kind(origin) != "centre" and product != _RAW:
                middle = diagram.node(
                    f"{source}>{product}", subject.product_name(product), "product"
                )
                diagram.link(source, middle, tonnes)
                source = middle
        diagram.link(source, target, tonnes)
    _add_releases(diagram)
    return _tidy(diagram)


def _plants_in(flows: pd.DataFrame) -> int:
    return sum("." in str(place) for place in flows["destination"].unique())


def _place(subject: Subject, diagram: _Diagram, place: str, merge: bool) -> str:
    kind = subject.kind(place)
    technology = place.partition(".")[2]
    if merge and technology:
        name = subject.technology_name(technology)
        return diagram.node(f"place:{technology}", name, kind)
    if merge and kind == "centre":
        return diagram.node("place:centre", KIND_NAMES["centre"], kind)
    return diagram.node(f"place:{place}", subject.name(place), kind)


def _add_releases(diagram: _Diagram) -> None:
    """What goes into a converting plant and does not come out left as gas or water."""
    incoming: defaultdict[str, float] = defaultdict(float)
    outgoing: defaultdict[str, float] = defaultdict(float)
    for (source, target), tonnes in diagram.links.items():
        outgoing[source] += tonnes
        incoming[target] += tonnes
    ends = {"disposal", "buyer", "kiln", "export", "outlet_disposal", "leakage"}
    converting = set(KIND_NAMES) - ends - {"informal", "generator", "centre", "storage"}
    for key in list(diagram.names):
        if diagram.kinds[key] not in converting:
            continue
        lost = incoming[key] - outgoing[key]
        if lost > 1e-3 * incoming[key]:
            end = diagram.node("release", KIND_NAMES["release"], "release")
            diagram.link(key, end, lost)


def _tidy(diagram: _Diagram) -> _Diagram:
    """Without flows too thin to see and without links that would close a loop."""
    total = sum(
        t for (source, _), t in diagram.links.items() if source.startswith("source:")
    )
    kept: dict[tuple[str, str], float] = {}
    onward: defaultdict[str, set[str]] = defaultdict(set)
    for (source, target), tonnes in diagram.links.items():
        if tonnes < SHARE_SHOWN_MIN * total or _reaches(onward, target, source):
            continue
        kept[source, target] = tonnes
        onward[source].add(target)
    kept = {
        (source, target): tonnes
        for (source, target), tonnes in kept.items()
        if diagram.kinds[target] != "product" or onward[target]
    }
    used = {key for link in kept for key in link}
    return _Diagram(
        {k: n for k, n in _told_apart(diagram).items() if k in used},
        {k: n for k, n in diagram.kinds.items() if k in used},
        kept,
    )


def _told_apart(diagram: _Diagram) -> dict[str, str]:
    """Names, a product that several plants give with the plant it comes from."""
    products = [k for k, kind in diagram.kinds.items() if kind == "product"]
    count = Counter(diagram.names[k] for k in products)
    names = dict(diagram.names)
    for key in products:
        if count[names[key]] > 1:
            plant = diagram.names[key.partition(">")[0]]
            names[key] = f"{names[key]}, {plant}"
    return names


def _reaches(onward: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, stack = set(), [start]
    while stack:
        key = stack.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            stack.extend(onward.get(key, ()))
    return False


def _as_data(diagram: _Diagram) -> dict[str, object]:
    index = {key: i for i, key in enumerate(diagram.names)}
    return {
        "nodes": [[diagram.names[k], diagram.kinds[k]] for k in diagram.names],
        "links": [[index[s], index[t], v] for (s, t), v in diagram.links.items()],
    }


def _tallest(diagram: _Diagram) -> int:
    """Nodes in the fullest column, roughly: sources, places, products."""
    groups: defaultdict[str, int] = defaultdict(int)
    for key, kind in diagram.kinds.items():
        groups[kind if kind in ("generator", "product") else key.partition(":")[0]] += 1
    return max(groups.values())


def _table(subject: Subject, diagrams: dict[str, _Diagram]) -> Table:
    columns = (
        Column("Years"),
        Column("From"),
        Column("To"),
        Column("Tonnes", "t/y", "number"),
    )
    rows = tuple(
        (subject.period_label(period), d.names[source], d.names[target], tonnes)
        for period, d in diagrams.items()
        for (source, target), tonnes in sorted(d.links.items(), key=lambda x: -x[1])
    )
    return Table("Flows of the diagram", columns, rows)


def _summary(subject: Subject, flows: pd.DataFrame) -> str:
    last = subject.period_ids[-1]
    now = flows[(flows["period"] == last) & (flows["product"] == _RAW)]
    kinds = now.assign(kind=[subject.kind(d) for d in now["destination"]])
    parts = [
        f"{KIND_NAMES.get(kind, kind)} {number_text(tonnes)} t/y"
        for (kind,), tonnes in largest_first(sums(kinds, ["kind"], "t_per_y"))
    ]
    years = subject.period_label(last)
    return f"Untreated waste received in {years}: " + "; ".join(parts)
