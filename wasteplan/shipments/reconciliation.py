"""Meters that contradict each other on one network: the likeliest flows behind them.

Flows are joined by balances; some are measured, a few of them twice (declared by the
one who sends, weighed by the one who receives).  Weighted least squares finds the flows
that keep every balance and change the measurements least:

    minimise  sum_k ((v_k - x_f(k)) / s_k)^2   with  A x = 0,  lower <= x <= upper.

Then statistics says whether the changes are what the meters' errors explain, and which
meters are gross errors.  (Romagnoli and Sanchez 2000, Data Processing and
Reconciliation for Chemical Process Operations; Narasimhan and Jordache 1999, Data
Reconciliation and Gross Error Detection.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import chi2, norm

from wasteplan.errors import WasteplanError
from wasteplan.shipments.balanced_least_squares import (
    BalancedProblem,
    Balances,
    parts,
    solve_balanced,
)

MEASUREMENT_COLUMNS = {
    "id": "names the measurement",
    "flow": "what it measures",
    "value_t": "as measured [t]",
    "sd_t": "its standard error [t]",
}
BALANCE_COLUMNS = {
    "node": "where flows meet",
    "flow": "flow at the node",
    "sign": "+1 into the node, -1 out of it",
}
RESULT_COLUMNS = {
    **MEASUREMENT_COLUMNS,
    "reconciled_t": "the flow after reconciliation [t]",
    "adjustment_t": "reconciled less measured [t]",
    "adjustment_share": "of what was measured [-]; NaN of zero",
    "residual": "standardised; NaN if nothing can contradict the measurement [-]",
    "is_gross_error": "taken out of the fit",
    "cannot_be_told_from": "as likely to be the wrong ones, by `;`",
}
FLOW_COLUMNS = {
    "flow": "its name",
    "reconciled_t": "likeliest value [t]; NaN if nothing determines it",
    "sd_t": "its standard error [t]",
    "at_bound": "`lower`, `upper` or empty",
}

REDUNDANT_ABOVE = 1e-7
"""Share of a measurement's variance that its residual must have to be tested."""
TIE = 1e-5
"""Residuals alike to this share cannot say which of the meters is wrong."""


class UnfitMeasurements(WasteplanError):
    """Measurements or balances that cannot be reconciled as they stand."""


@dataclass(frozen=True)
class Reconciliation:
    """Flows that balance, and what was changed to get there.

    Attributes
    ----------
    flows, measurements
        Frames with the columns of `FLOW_COLUMNS` and `RESULT_COLUMNS`.
    chi_square, degrees_of_freedom, p_value
        Of the fit without the gross errors: a small p says that the stated errors do
        not explain the contradictions.  p is NaN without redundancy.  With flows at
        their bounds it is approximate.
    chi_square_before, degrees_of_freedom_before, p_value_before
        The same with all measurements.
    residual_max
        Residual above which a measurement was taken for a gross error.
    """

    flows: pd.DataFrame
    measurements: pd.DataFrame
    chi_square: float
    degrees_of_freedom: int
    p_value: float
    chi_square_before: float
    degrees_of_freedom_before: int
    p_value_before: float
    residual_max: float

    def value(self, flow: str) -> float:
        """The reconciled flow; KeyError if there is none.  [t]"""
        row = self.flows.loc[self.flows["flow"] == flow, "reconciled_t"]
        if row.empty:
            raise KeyError(flow)
        return float(row.iloc[0])

    @property
    def gross_errors(self) -> pd.DataFrame:
        """The measurements that were taken out of the fit."""
        return self.measurements[self.measurements["is_gross_error"]]

    @property
    def adjusted_t(self) -> float:
        """Sum of all changes, up or down, of measurements that stayed in.  [t]"""
        kept = self.measurements[~self.measurements["is_gross_error"]]
        return float(kept["adjustment_t"].abs().sum())


@dataclass(frozen=True)
class _Fit:
    """One weighted fit: values, their variances and the test of every measurement."""

    x: np.ndarray
    variance: np.ndarray
    bound: np.ndarray
    residual: np.ndarray
    chi_square: float
    degrees_of_freedom: int


def reconcile(
    measurements: pd.DataFrame,
    balances: pd.DataFrame | None = None,
    *,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    level: float = 0.95,
    eliminate: bool = True,
) -> Reconciliation:
    """The likeliest flows behind measurements that do not add up.

    Gross errors are found one by one: the measurement with the largest standardised
    residual is taken out, if it exceeds what chance allows for so many measurements
    (Sidak), and the rest is fitted again (iterative measurement test: Serth and Heenan
    1986, AIChE J. 32(5) 733-742).  Parts of the network that no balance joins are
    treated side by side.  A measurement that nothing contradicts is never taken out.

    Parameters
    ----------
    measurements
        Columns of `MEASUREMENT_COLUMNS`; a flow may have several.  [t]
    balances
        Columns of `BALANCE_COLUMNS`: the signed flows at every node add up to 0.
    bounds
        Flow -> (lowest, highest) [t]; (0, inf) for all others.
    level
        Confidence of the tests.  [-]
    eliminate
        False only flags nothing and keeps every measurement.

    Raises
    ------
    UnfitMeasurements
        A column is missing, an id doubled, an error not above 0, a value unknown, or
        the balances cannot hold within the bounds.

    >>> meters = pd.DataFrame({"id": ["a", "b"], "flow": ["x", "x"],
    ...                        "value_t": [100.0, 103.0], "sd_t": [1.0, 2.0]})
    >>> round(reconcile(meters).value("x"), 6)  # (100/1 + 103/4) / (1/1 + 1/4)
    100.6
    """
    meters = _checked(measurements)
    net = _network(meters, balances, bounds or {})
    of_flow = net.flow_number[meters["flow"]].to_numpy()
    first = _fitted(net, meters, of_flow, np.ones(len(meters), dtype=bool))
    limit = _residual_max(first.residual, level)
    search = _Search(first, first.residual, {})
    if eliminate:
        search = _without_gross_errors(net, meters, of_flow, first, limit)
    fit = search.fit
    return Reconciliation(
        flows=_flow_table(net, fit),
        measurements=_measurement_table(meters, fit.x[of_flow], search),
        chi_square=fit.chi_square,
        degrees_of_freedom=fit.degrees_of_freedom,
        p_value=_p_value(fit),
        chi_square_before=first.chi_square,
        degrees_of_freedom_before=first.degrees_of_freedom,
        p_value_before=_p_value(first),
        residual_max=limit,
    )


@dataclass(frozen=True)
class _Search:
    """The fit at the end, each measurement's last residual, and what was taken out."""

    fit: _Fit
    residual: np.ndarray
    out: dict[int, str]
    """Number of a measurement -> those it cannot be told from."""


def _without_gross_errors(
    net: _Network, meters: pd.DataFrame, of_flow: np.ndarray, fit: _Fit, limit: float
) -> _Search:
    """Take out the worst of every part until none is beyond the limit."""
    kept = np.ones(len(meters), dtype=bool)
    residual = fit.residual.copy()
    out: dict[int, str] = {}
    while worst := _worst(net.part[of_flow], fit.residual, limit, meters):
        for k, alike in worst.items():
            kept[k], residual[k], out[k] = False, fit.residual[k], alike
        fit = _fitted(net, meters, of_flow, kept)
        residual[kept] = fit.residual[kept]
    return _Search(fit, residual, out)


@dataclass(frozen=True)
class _Network:
    """Flows by number, what joins them, and the part of the network each is in."""

    flow_number: pd.Series[int]
    balances: Balances
    lower: np.ndarray
    upper: np.ndarray
    part: np.ndarray


def _checked(measurements: pd.DataFrame) -> pd.DataFrame:
    missing = [c for c in MEASUREMENT_COLUMNS if c not in measurements]
    if missing:
        raise UnfitMeasurements(f"measurements have no column {', '.join(missing)}")
    table = measurements[list(MEASUREMENT_COLUMNS)].reset_index(drop=True)
    if table.empty:
        raise UnfitMeasurements("there is nothing to reconcile: no measurements")
    doubled = table.loc[table["id"].duplicated(), "id"]
    if len(doubled):
        raise UnfitMeasurements(f"measurement '{doubled.iloc[0]}' is there twice")
    values, errors = table["value_t"].astype(float), table["sd_t"].astype(float)
    wrong = table.loc[~(np.isfinite(values) & np.isfinite(errors) & (errors > 0)), "id"]
    if len(wrong):
        raise UnfitMeasurements(
            f"measurement '{wrong.iloc[0]}' needs a value and an error above 0 t"
        )
    return table.assign(value_t=values, sd_t=errors)


def _network(
    meters: pd.DataFrame,
    balances: pd.DataFrame | None,
    bounds: Mapping[str, tuple[float, float]],
) -> _Network:
    if balances is None:
        balances = pd.DataFrame(columns=list(BALANCE_COLUMNS))
    names = pd.unique(pd.concat([balances["flow"], meters["flow"]]).astype(object))
    number = pd.Series(np.arange(len(names)), index=names)
    unknown = sorted(set(bounds) - set(names))
    if unknown:
        raise UnfitMeasurements(f"bounds name no flow: {', '.join(unknown)}")
    nodes, _ = pd.factorize(balances["node"].astype(object))
    columns = number[balances["flow"].astype(object)].to_numpy(dtype=int)
    n_nodes = int(nodes.max()) + 1 if len(nodes) else 0
    matrix: Any = csr_matrix(
        (balances["sign"].to_numpy(dtype=float), (nodes, columns)),
        shape=(n_nodes, len(names)),
    )
    lower, upper = np.zeros(len(names)), np.full(len(names), np.inf)
    for flow, (low, high) in bounds.items():
        lower[number[flow]], upper[number[flow]] = low, high
    return _Network(number, matrix, lower, upper, parts(matrix))


def _fitted(
    net: _Network, meters: pd.DataFrame, of_flow: np.ndarray, kept: np.ndarray
) -> _Fit:
    """Fit the measurements that are kept; the others do not count."""
    value, sd = meters["value_t"].to_numpy(), meters["sd_t"].to_numpy()
    n = len(net.flow_number)
    weight = np.bincount(of_flow[kept], 1 / sd[kept] ** 2, minlength=n)
    pull = np.bincount(of_flow[kept], value[kept] / sd[kept] ** 2, minlength=n)
    problem = BalancedProblem(weight, pull, net.balances, net.lower, net.upper)
    solution = solve_balanced(problem)
    if solution is None:
        raise UnfitMeasurements("the balances cannot hold within the bounds")
    difference = value - solution.x[of_flow]
    share = 1 - solution.variance[of_flow] / sd**2
    share = np.where(kept & np.isfinite(share), np.clip(share, 0.0, 1.0), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = np.where(
            share > REDUNDANT_ABOVE, difference / (sd * np.sqrt(share)), np.nan
        )
    chi_square = float(np.sum((difference[kept] / sd[kept]) ** 2))
    return _Fit(
        solution.x,
        solution.variance,
        solution.bound,
        residual,
        chi_square,
        # The trace of a projection is its rank: measurements less what they determine.
        round(float(share.sum())),
    )


def _residual_max(residual: np.ndarray, level: float) -> float:
    """Largest residual that chance allows among so many tests (Sidak).  [-]"""
    n = int(np.isfinite(residual).sum())
    if n == 0:
        return float("inf")
    return float(norm.isf((1 - level ** (1 / n)) / 2))


def _worst(
    part: np.ndarray, residual: np.ndarray, limit: float, meters: pd.DataFrame
) -> dict[int, str]:
    """The worst measurement of every part beyond the limit, and who ties with it.

    Of several that tie the least exact goes: it carries the least.
    """
    size = np.abs(np.nan_to_num(residual))
    found = {}
    beyond = np.flatnonzero(size > limit)
    for p in np.unique(part[beyond]):
        inside = np.flatnonzero(part == p)
        alike = inside[size[inside] >= (1 - TIE) * size[inside].max()]
        sd = meters["sd_t"].to_numpy()[alike]
        chosen = int(alike[int(np.argmax(sd))])
        others = [str(meters["id"].iloc[k]) for k in alike if k != chosen]
        found[chosen] = ";".join(others)
    return found


def _p_value(fit: _Fit) -> float:
    if fit.degrees_of_freedom < 1:
        return float("nan")
    return float(chi2.sf(fit.chi_square, fit.degrees_of_freedom))


def _measurement_table(
    meters: pd.DataFrame, reconciled_t: np.ndarray, search: _Search
) -> pd.DataFrame:
    change = reconciled_t - meters["value_t"].to_numpy()
    measured = meters["value_t"].abs().replace(0.0, np.nan).to_numpy()
    numbers = range(len(meters))
    return meters.assign(
        reconciled_t=reconciled_t,
        adjustment_t=change,
        adjustment_share=change / measured,
        residual=search.residual,
        is_gross_error=[k in search.out for k in numbers],
        cannot_be_told_from=[search.out.get(k, "") for k in numbers],
    )


def _flow_table(net: _Network, fit: _Fit) -> pd.DataFrame:
    known = np.isfinite(fit.variance)
    return pd.DataFrame(
        {
            "flow": net.flow_number.index,
            "reconciled_t": np.where(known, fit.x, np.nan),
            "sd_t": np.sqrt(np.where(known, fit.variance, np.nan)),
            "at_bound": fit.bound,
        }
    )
