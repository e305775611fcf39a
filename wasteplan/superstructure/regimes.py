"""Regimes of measures as options: when they can be, and what they cost."""

from __future__ import annotations

import numpy as np

from wasteplan.scenario.measure_records import LeakageMeasure
from wasteplan.scenario.measures import may_work, measures, rows_at_work
from wasteplan.superstructure.gates import Gates, in_periods
from wasteplan.superstructure.model import Floats, Ints, Regime, Span
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
    found, can = [], gates.kept("may_work", lambda: _may_work(gates, periods))
    for r, (kind, chosen) in enumerate(gates.regimes):
        own = elsewhere.under(r)
        regime = Regime(
            generator_class=kind,
            measures=chosen,
            may_work=can[r],
            cost_m=running[r] + own.carbon_m + own.sales_m,
            gross_m=running[r] + np.maximum(own.carbon_m, 0.0),
            leaked_co2e_kt=own.leaked_kt,
            leaked_co2e_total_kt=own.leaked_total_kt,
            incomes_m=own.incomes_m,
        )
        found.append(regime)
    return tuple(found)


def _may_work(gates: Gates, periods: tuple[Span, ...]) -> list[tuple[bool, ...]]:
    """Regime by regime: the periods in which all its measures may work."""
    return [
        tuple(all(may_work(gates.scenario, m, p.id) for m in chosen) for p in periods)
        for _, chosen in gates.regimes
    ]


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
    discounted = in_periods(tonnes, [span.discount for span in periods])
    regime, pair, paid = gates.kept("moved", lambda: _moved(gates))
    np.add.at(out, regime, paid[:, None] * discounted[pair] * MILLION)
    per_t = gates.kept("collected_per_t", lambda: _collected(gates, periods))
    return out + gates.by_regime(discounted, per_t)[: len(out)] * MILLION


def _moved(gates: Gates) -> tuple[Ints, Ints, Floats]:
    """Regime, pair, and what moving waste costs per stated tonne.  [money/t]"""
    rows = [
        (r, i, sum(m.row.cost_per_t * m.share for m in found.moved))
        for i in range(len(gates.pairs))
        for r, _, found in gates.set_out(i)
        if r >= 0
    ]
    table = np.array(rows, dtype=float).reshape(len(rows), 3)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def _collected(gates: Gates, periods: tuple[Span, ...]) -> Floats:
    """(gates, periods): what measures against leakage cost.  [money/stated t]"""
    per_t = [collection_cost_per_t(gates, chosen) for _, chosen in gates.regimes]
    out = np.zeros((len(gates.all), len(periods)))
    for i, gate in enumerate(gates.all):
        if gate.regime >= 0 and per_t[gate.regime]:
            for t, span in enumerate(periods):
                kept = 1.0 - sum(gates.leakage(gate, span).values())
                out[i, t] = per_t[gate.regime] * kept * gate.share
    return out


def collection_cost_per_t(gates: Gates, chosen: tuple[str, ...]) -> float:
    """What running measures against leakage costs per tonne collected.  [money/t]"""
    rows = rows_at_work(gates.scenario, chosen)
    return sum(row.cost_per_t for row in rows if isinstance(row, LeakageMeasure))
