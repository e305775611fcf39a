"""What a simulated plan teaches about its plants: effective capacity, what is lost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wasteplan.evaluation.result import Evaluation
from wasteplan.plan.records import plant_id
from wasteplan.scenario.model import Scenario
from wasteplan.sim.result import SimulationResult
from wasteplan.study.loop_gates import (
    CAUSES,
    AtTheGate,
    at_the_gates,
    disposal_of,
)
from wasteplan.superstructure.experience import Experience, PlantPeriod
from wasteplan.units import words

DIVERSION = "landfill_diversion_rate"
CAPACITIES = ("heat_capacity", "mass_capacity")
LOST_MIN = 1e-4  # of what is sent; less is a load or two


@dataclass(frozen=True)
class PlantFound:
    """What the simulation found at a plant or centre in a period."""

    plant: str
    period: str
    planned_t_per_y: float
    offered_t_per_y: float
    """Tipped and turned away, what other places turned away included.  [t/y]"""
    turned_away_t_per_y: float
    lost_t_per_y: float
    """Sent here by the plan, turned away, and in the end buried or left without a
    place.  [t/y]"""
    capacity_share: float
    """What its lines could take, of the capacity planned with, at most 1.  [-]"""
    lost_share: float
    """Of what it is sent, as long as its lines can take it.  [-]"""
    cause: str = ""
    """Why most was turned away; empty if nothing was."""
    is_disposal: bool = False
    """What it turns away was to be buried anyway: nothing is lost to diversion."""

    @property
    def lost_of_planned(self) -> float:
        """Lost at its gate, of what the plan sends there.  [-]"""
        return min(1.0, self.lost_t_per_y / self.planned_t_per_y)


@dataclass(frozen=True)
class Found:
    """What one simulated plan teaches.

    Attributes
    ----------
    plants
        Every plant and centre of every period.
    weight
        By period: how much of a tonne lost at a gate diversion loses; below 1 because
        part of it would have ended in a landfill as residue.  [-]
    margin
        By period: the part of (planned - simulated) diversion that no gate explains,
        such as waste that waits for trucks; negative if more was diverted.  [-]
    """

    plants: tuple[PlantFound, ...]
    weight: Mapping[str, float]
    margin: Mapping[str, float]


def found_by(evaluation: Evaluation, simulation: SimulationResult) -> Found:
    """Read off a simulation what its plan did not reckon with.

    The lines of a plant could have taken treated / utilisation; set against what the
    plan could send within its capacity, throughput / planned utilisation, this is its
    effective capacity.  It is lowered only by what chance does not explain: the upper
    end of the interval of availability counts.  All that is lost beyond that lack
    of capacity is a share of what is sent, whatever the load: outages longer than the
    bunker lasts, gates that close.  So told, losses are those of this very plan.
    """
    planned = _planned(evaluation)
    gates = at_the_gates(simulation)
    disposal = disposal_of(simulation)
    plants = tuple(
        _plant_found(row, planned, gates, is_disposal=row["plant"] in disposal)
        for row in simulation.plants.to_dict("records")
        if (row["plant"], row["period"]) in planned
    )
    weight, margin = {}, {}
    for period in dict.fromkeys(simulation.kpis["period"]):
        generated = simulation.kpi("generated_t", period)
        gap = evaluation.kpi(DIVERSION, period) - simulation.kpi(DIVERSION, period)
        gap = 0.0 if math.isnan(gap) else gap * generated
        lost = sum(
            p.lost_t_per_y for p in plants if p.period == period and not p.is_disposal
        )
        weight[period] = min(max(gap / lost, 0.0), 1.0) if lost > 0 else 1.0
        rest = gap - weight[period] * lost
        margin[period] = rest / generated if generated else 0.0
    return Found(plants, weight, margin)


def learnt(
    scenario: Scenario,
    guess: Mapping[str, tuple[float, float]],
    seen: Mapping[PlantPeriod, PlantFound],
    last: Found,
    target_margin: Mapping[tuple[str, str], float],
    *,
    in_full: bool = False,
) -> Experience:
    """What to plan with next: the latest simulation of each plant, else the guess.

    Parameters
    ----------
    guess
        Technology -> (capacity share, lost share), for plants not simulated yet.
    seen
        The latest finding of each plant and period.
    last
        The last simulation: its weights and margins hold for the next plan.
    target_margin
        What the waste of each target lost besides (`told_apart`).  [-]
    in_full
        Tell lack of capacity as a share lost of what is sent.
    """
    capacity: dict[PlantPeriod, float] = {}
    lost: dict[PlantPeriod, float] = {}
    for plant, technology in _plants(scenario):
        for period in last.margin:
            share, away = guess.get(technology, (1.0, 0.0))
            known = seen.get((plant, period))
            if known is not None:
                share, away = known.capacity_share, known.lost_share
            if in_full:
                away = (
                    1 - share * (1 - away) if known is None else known.lost_of_planned
                )
                share = 1.0
            away *= last.weight[period]
            if share < 1.0:
                capacity[plant, period] = share
            if away > LOST_MIN:
                lost[plant, period] = away
    return Experience(capacity, lost, dict(last.margin), dict(target_margin))


def overloaded(evaluation: Evaluation) -> dict[PlantPeriod, float]:
    """Plants whose real blend exceeds their capacity: limit over value.  [-]

    The planner may send parts of an output apart that leave as one blend.
    """
    return {
        (v.place, v.period): v.limit / v.value
        for v in evaluation.violations
        if v.requirement in CAPACITIES and v.value > v.limit > 0
    }


def expected(
    evaluation: Evaluation,
    experience: Experience,
    period: str,
    region: str = "",
    stream: str = "",
    target: str = "",
) -> float:
    """Diversion of a plan as the planner expects it, with what it knows.  [-]

    Planned, less what plants are known to lose of what they are sent, less the margin
    of the period and of the target; of one region or stream if one is named.
    """
    flows, waste = evaluation.flows, evaluation.waste
    for column, wanted in (("period", period), ("region", region), ("stream", stream)):
        if wanted:
            flows, waste = (t[t[column] == wanted] for t in (flows, waste))
    generated = float(waste["generated_t"].sum())
    if generated <= 0:
        return math.nan
    kept_out = ("leaked_t", "landfilled_t", "residues_landfilled_t")
    planned = 1.0 - sum(float(waste[c].sum()) for c in kept_out) / generated
    sent = flows.groupby("destination")["t_per_y"].sum()
    in_vain = sum(
        experience.lost(str(p), period) * t for p, t in sent.to_dict().items()
    )
    margin = experience.margin.get(period, 0.0)
    margin += experience.target_margin.get((target, period), 0.0)
    return planned - in_vain / generated - margin


def explained(found: Found) -> Experience:
    """A finding as experience that gives the simulated diversion of its own plan."""
    lost = {
        (p.plant, p.period): found.weight[p.period] * p.lost_of_planned
        for p in found.plants
        if not p.is_disposal
    }
    return Experience({}, lost, found.margin)


def _plants(scenario: Scenario) -> list[tuple[str, str]]:
    """Every plant that stands or may be built, with its technology; every centre.

    Landfills are left out: what they turn away counts as buried already.
    """
    found = {
        plant_id(site.id, t): t
        for site in scenario.sites
        for t in words(site.technologies)
    }
    found |= {plant_id(f.site, f.technology): f.technology for f in scenario.facilities}
    buried = {t.id for t in scenario.technologies if t.kind == "disposal"}
    kept = [(plant, t) for plant, t in found.items() if t not in buried]
    return [*kept, *((c.id, "centre") for c in scenario.centres)]


def _planned(evaluation: Evaluation) -> dict[PlantPeriod, tuple[float, float]]:
    """Throughput [t/y] and utilisation [-] of every plant at work."""
    return {
        (str(r["plant"]), str(r["period"])): (
            float(r["throughput_t_per_y"]),
            float(r["utilisation"]),
        )
        for r in evaluation.facilities.to_dict("records")
        if r["throughput_t_per_y"] > 0
    }


def _plant_found(
    row: Mapping[Any, Any],
    planned: Mapping[PlantPeriod, tuple[float, float]],
    gates: Mapping[PlantPeriod, AtTheGate],
    *,
    is_disposal: bool,
) -> PlantFound:
    key = (str(row["plant"]), str(row["period"]))
    throughput, planned_use = planned[key]
    causes = {c: float(row[f"{c}_t_per_y"]) for c in CAUSES}
    away, received = sum(causes.values()), float(row["received_t_per_y"])
    gate = gates.get(key, AtTheGate())
    lost = away * gate.own * gate.lost
    share, could = 1.0, throughput
    use, treated = float(row["utilisation"]), float(row["treated_t_per_y"])
    if use > 0 and treated > 0 and planned_use > 0:
        chance = float(row["availability_half_width"]) / float(row["availability"])
        could = treated / use * (1 + (0.0 if math.isnan(chance) else chance))
        share = min(1.0, could * planned_use / throughput)
    return PlantFound(
        plant=key[0],
        period=key[1],
        planned_t_per_y=throughput,
        offered_t_per_y=received + away,
        turned_away_t_per_y=away,
        lost_t_per_y=lost,
        capacity_share=share,
        lost_share=_share_lost(away * gate.own, throughput, could) * gate.lost,
        cause=max(causes, key=lambda c: causes[c]) if away > 0 else "",
        is_disposal=is_disposal,
    )


def _share_lost(away: float, sent: float, could: float) -> float:
    """Of what the lines could have taken, the share that was turned away.  [-]

    >>> _share_lost(away=30.0, sent=110.0, could=100.0), _share_lost(30.0, 90.0, 100.0)
    (0.2, 0.3333333333333333)
    """
    if away <= 0 or sent <= 0:
        return 0.0
    could = min(could, sent)
    return min(1.0, max(0.0, away - (sent - could)) / could)
