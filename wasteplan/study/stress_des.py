"""A filled STRESS-DES document of a simulation: what others need to repeat it.

Items: Monks, Currie, Onggo, Robinson, Kunc, Taylor (2019), Strengthening the reporting
of empirical simulation studies: introducing the STRESS guidelines, Journal of
Simulation 13(1), 55-67, https://doi.org/10.1080/17477778.2018.1442155.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wasteplan.plan.records import Plan
from wasteplan.scenario.model import Scenario
from wasteplan.study.provenance import versions

if TYPE_CHECKING:
    from wasteplan.sim.result import SimulationResult

STRESS_FILE = "stress-des.md"
SIMULATION_LIBRARIES = ("wasteplan", "python", "simpy", "numpy", "scipy", "pandas")
SHOWN_MAX = 40  # rows of a table of the scenario

Item = tuple[str, str]
"""Number and name of an item, what the study says of it."""


def stress_des(scenario: Scenario, plan: Plan, result: SimulationResult) -> str:
    """The checklist in Markdown, filled from scenario, plan and result.

    The same scenario, plan, seed and versions give the same bytes: it holds no date and
    nothing of the machine.

    Parameters
    ----------
    scenario, plan
        What was simulated.
    result
        What came of it.
    """
    sections = (
        ("1. Objectives", _objectives(scenario, plan, result)),
        ("2. Logic", _logic(scenario, plan)),
        ("3. Data", _data(scenario, result)),
        ("4. Experimentation", _experimentation(scenario, result)),
        ("5. Implementation", _implementation(result)),
        (
            "6. Code access",
            [
                (
                    "6.1 Computer model sharing statement",
                    "The model is the package `wasteplan` in the version of item 5.1; "
                    "the scenario is a folder of tables whose SHA-256 hashes stand in "
                    "`provenance.json` of a run. `wasteplan rerun` repeats it and "
                    "compares the bytes of every output.",
                )
            ],
        ),
    )
    lines = [f"# STRESS-DES: {scenario.settings.scenario.title}", ""]
    lines.append(
        "Filled from scenario, plan and result; items after Monks et al. (2019), "
        "doi:10.1080/17477778.2018.1442155."
    )
    for title, items in sections:
        lines += ["", f"## {title}"]
        for name, text in items:
            lines += ["", f"### {name}", "", text]
    return "\n".join(lines) + "\n"


def _objectives(scenario: Scenario, plan: Plan, result: SimulationResult) -> list[Item]:
    from wasteplan.sim.measures import KPIS, PLANT_MEASURES

    heading = scenario.settings.scenario
    purpose = [
        f"Scenario `{scenario.name}`: {heading.title}.",
        heading.description,
        "The model says whether a plan for waste collection and treatment holds when "
        "trucks queue, lines break down and waste comes unevenly.",
    ]
    outputs = _table(
        ("indicator", "unit", "meaning"),
        [(name, unit, label) for name, (label, unit) in KPIS.items()],
    )
    plants = _table(("measure of a plant", "meaning"), list(PLANT_MEASURES.items()))
    means = (
        f"Mean over {result.replications} replications of {result.days} measured days "
        "with a 95 % interval by Student's t, mean +- t s / sqrt(n); replications "
        "without a value are left out. Yearly values are scaled from the measured days "
        "to 365. Counters are read at both ends of the measured days; waits and trips "
        "come from the log of trips that ended within them."
    )
    return [
        ("1.1 Purpose of the model", "\n\n".join(p for p in purpose if p)),
        ("1.2 Model outputs", f"{means}\n\n{outputs}\n\n{plants}"),
        (
            "1.3 Experimentation aims",
            f"Scenario-based analysis: plan `{plan.name}` with {len(plan.builds)} "
            f"builds and {len(plan.closures)} closures, in periods "
            f"{', '.join(dict.fromkeys(result.kpis['period'].astype(str)))}. Other "
            "plans of the same scenario and seed share their chance and can be "
            "compared pairwise. Nothing is optimised within the simulation.",
        ),
    ]


FLOW = """```
generators -> containers -> rounds and trucks -> centres (baling) -> bulk trucks
                                  |                                     |
                                  v                                     v
                     gate (weigh in, tip, weigh out) -> bunker -> lines -> outputs
                                  |                                     |
                 overflow cascade (next plant, landfill)     outlets, landfill, plants
```"""


def _logic(scenario: Scenario, plan: Plan) -> list[Item]:
    kinds = {t.id: t.kind for t in scenario.technologies}
    sites = sorted(
        {(f.site, f.technology) for f in scenario.facilities}
        | {(b.site, b.technology) for b in plan.builds if b.technology in kinds}
    )
    plants = _table(
        ("site", "technology", "kind"), [(s, t, kinds.get(t, "")) for s, t in sites]
    )
    return [
        ("2.1 Base model overview diagram", FLOW),
        (
            "2.2 Base model logic",
            "Waste is drawn day by day and source (season, weekday, holiday, noise), "
            "ready at the hours that its profile tells, collected by timetable or "
            "truckload, hauled by trucks of a fleet or by "
            "trucks that come while the gate is open, weighed, tipped into a bunker, "
            "burnt or treated at rates limited by tonnes and heat. Outputs leave as "
            "the blend that they are, by the shares of the plan. A load that finds no "
            "room goes on to the next plant that takes it, then to a landfill, else it "
            "counts as untreated. `docs/simulation.md` states every rule.",
        ),
        (
            "2.3 Scenario logic",
            "A plan differs from another in what stands where and in the shares of its "
            "routes. At work here, over all periods:\n\n" + plants,
        ),
        (
            "2.4 Algorithms",
            "First-come departure times by recursion; stocks integrated exactly "
            "between visits; bins filled in proportion to shares; cascade by distance; "
            "rates limited by min(mass limit, heat limit / heating value).",
        ),
        (
            "2.5.1 Entities",
            f"Loads (truckloads) of {len(scenario.streams)} streams and "
            f"{len(scenario.products)} products; {len(scenario.generators)} "
            "generators.",
        ),
        (
            "2.5.2 Activities",
            "Generate, fill containers, collect, drive, rest, weigh in, tip, weigh "
            "out, bale, load in bulk, burn or treat, fail, mend, overhaul.",
        ),
        ("2.5.3 Resources", _resources(scenario)),
        (
            "2.5.4 Queues",
            "Loads before trucks (oldest first that may start), trucks before bridges "
            "and bays (first come, unless ranks are stated), broken lines before "
            "repair crews (first come), waste in containers, centres and bunkers.",
        ),
        (
            "2.5.5 Entry and exit points",
            f"Entry: {len(scenario.generation)} rows of generation. Exit: landfills, "
            f"{len(scenario.outlets)} outlets, releases of conversions, leakage, and "
            "loads that no place takes (`emergency`).",
        ),
    ]


def _resources(scenario: Scenario) -> str:
    fleets = [
        (f.id, f.depot, f.vehicle, str(f.trucks), f"{f.shift_start_h:g}",
         f"{f.shift_length_h:g}", str(f.days_per_week))
        for f in scenario.fleets
    ]  # fmt: skip
    head = ("fleet", "depot", "vehicle", "trucks", "from h", "hours", "days a week")
    operations = [
        (
            o.technology,
            *("" if getattr(o, c) is None else f"{getattr(o, c):g}" for c in OPERATED),
        )
        for o in scenario.operations
    ]
    return f"{_table(head, fleets)}\n\n{_table(('technology', *OPERATED), operations)}"


OPERATED = (
    "lines", "weighbridges", "bays", "bunker_d", "mtbf_h", "mttr_h",
    "planned_outage_weeks", "repair_crews",
)  # fmt: skip


def _data(scenario: Scenario, result: SimulationResult) -> list[Item]:
    from wasteplan.sim.assumptions import assumption_rows

    sources = sorted({r.source for r in scenario.generation if r.source})
    known = [
        (r["name"], r["value"], r["unit"], r["status"], r["note"])
        for r in assumption_rows()
    ]
    notes = "\n".join(f"- {n}" for n in result.notes) or "None."
    return [
        (
            "3.1 Data sources",
            "Every number of the scenario has its source and status in its row or in "
            "`provenance.csv`; the texts stand in `sources.toml`. Tonnage rests on: "
            f"{', '.join(sources) or 'no source stated'}.",
        ),
        (
            "3.2 Pre-processing",
            "Empty cells of technologies, sizes, operations and vehicles are filled "
            "from the packaged catalogue. Tonnage of a year is interpolated between "
            "its rows; leakage is read from the response table of the period.",
        ),
        (
            "3.3 Input parameters",
            f"{len(scenario.generators)} generators, {len(scenario.generation)} rows "
            f"of generation, {len(scenario.technologies)} technologies, "
            f"{len(scenario.fleets)} fleets, {len(scenario.containers)} kinds of "
            "containers; the folder is the complete list.",
        ),
        (
            "3.4 Assumptions",
            _table(("name", "value", "unit", "status", "meaning"), known)
            + "\n\nWhere the run departs from what is stated:\n\n"
            + notes,
        ),
    ]


def _experimentation(scenario: Scenario, result: SimulationResult) -> list[Item]:
    return [
        (
            "4.1 Initialisation",
            "Every run starts empty, without trucks on the road, "
            f"{result.warm_up_d} days before 1 January; nothing of these days is "
            "measured. Airspace and yearly limits count from 1 January.",
        ),
        (
            "4.2 Run length",
            f"{result.days} days from 1 January of the last year of each period. "
            "Terminating: the year is the question.",
        ),
        (
            "4.3 Estimation approach",
            f"{result.replications} independent replications a period, seed "
            f"{result.seed}; intervals of 95 % by Student's t.",
        ),
    ]


def _implementation(result: SimulationResult) -> list[Item]:
    found = versions()
    used = [(n, found[n]) for n in SIMULATION_LIBRARIES if n in found]
    return [
        ("5.1 Software or programming language", _table(("package", "version"), used)),
        (
            "5.2 Random sampling",
            "numpy `default_rng` (PCG64), seeded by seed, replication, name of the "
            "entity and purpose: a new entity changes nobody else's draws.",
        ),
        (
            "5.3 Model execution",
            "Event-driven in continuous time; SimPy orders failures, overhauls and "
            "midnights, an agenda of trucks runs between them, and stocks are settled "
            "when something happens to them. Replications run one after another or in "
            "several processes with the same bytes. Every run is audited (mass, "
            "stocks, use, Little's law, time, log against counters, energy).",
        ),
        (
            "5.4 System specification",
            "Results do not depend on the machine; platform and times of a run stand "
            "in its `provenance.json`.",
        ),
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; long ones end with how many rows are left out."""
    if not rows:
        return "None stated."
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(['---'] * len(head))}|"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows[:SHOWN_MAX]]
    if len(rows) > SHOWN_MAX:
        lines.append(f"\n{len(rows) - SHOWN_MAX} more rows are not shown.")
    return "\n".join(lines)


def _cell(text: object) -> str:
    return str(text).replace("|", "/").replace("\n", " ")
