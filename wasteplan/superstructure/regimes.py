"""Regimes of measures as options: when they can be, and what they cost."""

from __future__ import annotations

import numpy as np

from wasteplan.scenario.measure_records import LeakageMeasure
from wasteplan.scenario.measures import may_work, measures, rows_at_work
from wasteplan.superstructure.gates import Gates
from wasteplan.superstructure.model import Floats, Regime, Span
from wasteplan.superstructure.uncollected import Uncollected

MILLION = 1e-6


def regime_options(
    gates: Gates, tonnes: Floats, periods: tuple[Span, ...], elsewhere: Uncollected
) -> tuple[Regime, ...]:
    """Every regime of every class with measures.

    Parameters
    ----------
    tonnes
        (pairs, years): stated for each pair of the gates.
    elsewhere
        What becomes of waste that is not collected.
    """
    running = _running_m(gates, periods) + _by_tonne_m(gates, tonnes, periods)
    found = []
    for r, (kind, chosen) in enumerate(gates.regimes):
        own = elsewhere.under(r)
        can = [all(may_work(gates.scenario, m, p.id) for m in chosen) for p in periods]
        regime = Regime(
            generator_class=kind,
            measures=chosen,
            may_work=tuple(can),
            cost_m=running[r] + own.carbon_m + own.sales_m,
            gross_m=running[r] + np.maximum(own.carbon_m, 0.0),
            leaked_co2e_kt=own.leaked_kt,
            leaked_co2e_total_kt=own.leaked_total_kt,
            incomes_m=own.incomes_m,
        )
        found.append(regime)
    return tuple(found)


def _running_m(gates: Gates, periods: tuple[Span, ...]) -> Floats:
    """(regimes, periods): sum over years of discount x cost per year.  [M money]"""
    known = measures(gates.scenario)
    yearly = [sum(known[m].cost_per_y for m in chosen) for _, chosen in gates.regimes]
    years = [float(span.discount.sum()) for span in periods]
    return np.outer(yearly, years).reshape(len(yearly), len(periods)) * MILLION


def _by_tonne_m(gates: Gates, tonnes: Floats, periods: tuple[Span, ...]) -> Floats:
    """(regimes, periods): what moving and collecting tonnes adds.  [M money]"""
    out = np.zeros((len(gates.regimes), len(periods)))
    if not gates.regimes:
        return out
    per_t = [collection_cost_per_t(gates, chosen) for _, chosen in gates.regimes]
    start = 0
    for t, span in enumerate(periods):
        discounted = tonnes[:, start : start + len(span.years)] @ span.discount
        start += len(span.years)
        for i in range(len(gates.pairs)):
            for r, _, found in gates.set_out(i):
                if r >= 0:
                    paid = sum(m.row.cost_per_t * m.share for m in found.moved)
                    out[r, t] += paid * discounted[i] * MILLION
        for gate in gates.all:
            if gate.regime >= 0 and per_t[gate.regime]:
                kept = 1.0 - sum(gates.leakage(gate, span).values())
                amount = kept * gate.share * discounted[gate.pair]
                out[gate.regime, t] += per_t[gate.regime] * amount * MILLION
    return out


def collection_cost_per_t(gates: Gates, chosen: tuple[str, ...]) -> float:
    """What running measures against leakage costs per tonne collected.  [money/t]"""
    rows = rows_at_work(gates.scenario, chosen)
    return sum(row.cost_per_t for row in rows if isinstance(row, LeakageMeasure))
