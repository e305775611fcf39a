"""A plan as the simulation saw it run, and what that costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from wasteplan.errors import WasteplanError
from wasteplan.evaluation.evaluating import evaluate
from wasteplan.plan.records import RAW, Plan, Route
from wasteplan.scenario.model import Scenario
from wasteplan.sim.result import SimulationResult
from wasteplan.study.loop_experience import Found
from wasteplan.study.loop_gates import disposal_of
from wasteplan.superstructure.experience import PlantPeriod

Burial = dict[tuple[str, str, str], str]
"""Place that turned it away, period, stream or product -> landfill that took most."""


def cost_as_it_ran(
    scenario: Scenario, plan: Plan, found: Found, simulation: SimulationResult
) -> float | None:
    """Cost of a plan with the consequences of what is turned away.

    What plants lose is hauled to the landfill that took most of it, and pays there what
    waste pays; it earns nothing at the plant.  Capital and fixed cost stay.

    Returns
    -------
    float or None
        Present value, in the scenario's money; None if the plan as it ran cannot be
        evaluated, such as for a landfill that the evaluation knows no road to.
    """
    lost = {(p.plant, p.period): p.lost_of_planned for p in found.plants}
    ran = as_it_ran(plan, lost, buried_at(simulation))
    try:
        return evaluate(
            scenario, ran, compare=False, headlines=False
        ).cost_present_value
    except WasteplanError:
        return None


def as_it_ran(plan: Plan, lost: Mapping[PlantPeriod, float], burial: Burial) -> Plan:
    """The plan with the lost share of every route sent to a landfill instead.

    Parameters
    ----------
    lost
        Share of what is sent to a plant in a period that it turns away and loses. [-]
    """
    shares: dict[tuple[str, str, str, str, str], float] = defaultdict(float)
    for r in plan.routes:
        key = (r.period, r.origin, r.stream, r.product)
        carried = r.stream if r.product == RAW else r.product
        landfill = burial.get((r.destination, r.period, carried))
        share = lost.get((r.destination, r.period), 0.0) if landfill else 0.0
        shares[*key, r.destination] += r.share * (1 - share)
        if landfill and share:
            shares[*key, landfill] += r.share * share
    routes = tuple(
        Route(
            period=period,
            origin=origin,
            stream=stream,
            product=product,
            destination=destination,
            share=min(1.0, share),
        )
        for (period, origin, stream, product, destination), share in shares.items()
        if share > 0
    )
    return plan.model_copy(update={"routes": routes, "proof": None})


def buried_at(simulation: SimulationResult) -> Burial:
    """Where what is turned away is buried, from the trips of the first replication."""
    trips = simulation.trips
    if trips.empty:
        return {}
    onward = trips[(trips["attempt"] > 0) & (trips["outcome"] == "tipped")]
    onward = onward[onward["destination"].isin(disposal_of(simulation))]
    keys = ["origin", "period", "carries", "destination"]
    tonnes = onward.groupby(keys, sort=True)["tonnes"].sum()
    most: Burial = {}
    best: dict[tuple[str, str, str], float] = {}
    for row in tonnes.reset_index().to_dict("records"):
        key = (str(row["origin"]), str(row["period"]), str(row["carries"]))
        if row["tonnes"] > best.get(key, 0.0):
            best[key], most[key] = float(row["tonnes"]), str(row["destination"])
    return most
