"""The simulator against closed forms: a table of expected, estimate, interval, pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wasteplan.sim.chance import chance
from wasteplan.sim.closed_form_models import MODELS, Estimates
from wasteplan.sim.closed_forms import ClosedForm, closed_forms
from wasteplan.sim.machine_shop import PUBLISHED, machine_shop
from wasteplan.sim.on_off_bunker import on_off_bunker
from wasteplan.sim.statistics import interval, mser5, standard_error
from wasteplan.spreading import LocalProcesses, in_order

STANDARD_ERRORS_MAX = 4.0
HALF_WIDTH_MAX = 0.01  # share of the expected value
EXACT = 1e-9  # for cases without chance: relative, or absolute where 0 is expected
WRITTEN = 1e-5  # closed forms are compared to as many digits as they are written


@dataclass(frozen=True)
class SelftestRow:
    """One quantity of one case."""

    case: str
    quantity: str
    unit: str
    expected: float
    estimate: float
    half_width: float
    off: float
    """Distance from the expected value.  [standard errors; 0 or inf without chance]"""
    passed: bool


@dataclass(frozen=True)
class Selftest:
    """All rows; `passed` if all of them are."""

    rows: tuple[SelftestRow, ...]

    @property
    def passed(self) -> bool:
        """Every row agrees."""
        return all(r.passed for r in self.rows)

    def summary(self) -> str:
        """The table, one row a quantity."""
        head = (
            f"{'case':<5}{'quantity':<26}{'expected':>12}{'estimate':>12}"
            f"{'+- 95 %':>11}{'off by':>9}  {'unit':<8}"
        )
        lines = [head, "-" * len(head)]
        for r in self.rows:
            verdict = "pass" if r.passed else "FAIL"
            lines.append(
                f"{r.case:<5}{r.quantity:<26}{r.expected:>12.6g}{r.estimate:>12.6g}"
                f"{r.half_width:>11.2g}{r.off:>6.1f} se  {r.unit:<8} {verdict}"
            )
        good = sum(r.passed for r in self.rows)
        lines.append(f"{good} of {len(self.rows)} agree")
        return "\n".join(lines)


Task = tuple[str, ClosedForm, int]
"""Case, its numbers, replication."""


def selftest(
    *,
    cases: Iterable[str] | None = None,
    replications: int = 20,
    size: float = 1.0,
    seed: int = 1,
    half_width_max: float = HALF_WIDTH_MAX,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Selftest:
    """Run the parts of the simulator on cases with known answers.

    Parameters
    ----------
    cases
        Ids of `closed_forms` and of `EXACT_CASES`; all by default.
    replications
        Independent runs of each case.
    size
        Length of each run as a multiple of the usual one.
    seed
        Of all random numbers.
    half_width_max
        Widest acceptable 95 % half width, as a share of the expected value.
    workers
        Processes; the table is the same for any number.
    progress
        Told which case has begun.
    """
    known = closed_forms()
    wanted = tuple(cases) if cases is not None else (*known, *EXACT_CASES)
    tasks = [
        (case, known[case], replication)
        for case in wanted
        if case in known
        for replication in range(replications)
    ]
    results = in_order(LocalProcesses(workers)(_replicate, (seed, size), tasks))
    rows: list[SelftestRow] = []
    for case in wanted:
        if progress is not None:
            progress(case)
        if case in EXACT_CASES:
            rows += EXACT_CASES[case]()
            continue
        seen = [next(results) for _ in range(replications)]
        rows += [
            _row(case, name, unit, expected, seen, half_width_max)
            for name, (expected, unit) in known[case].expected.items()
        ]
    return Selftest(tuple(rows))


def _replicate(shared: tuple[int, float], task: Task) -> Estimates:
    (seed, size), (case, form, replication) = shared, task
    n = max(int(form.size * size), 2)
    rng = chance(seed, replication, case, "selftest")
    return MODELS[form.model](form, rng, n)


def _row(
    case: str,
    name: str,
    unit: str,
    expected: float,
    seen: list[Estimates],
    half_width_max: float,
) -> SelftestRow:
    values = [s[name] for s in seen]
    found, error = interval(values), standard_error(values)
    gap = abs(found.mean - expected)
    if error <= EXACT * max(abs(expected), 1.0):
        return _exact(case, name, unit, expected, found.mean, EXACT)
    narrow = found.half_width <= half_width_max * abs(expected)
    off = gap / error
    passed = off <= STANDARD_ERRORS_MAX and narrow
    return SelftestRow(
        case, name, unit, expected, found.mean, found.half_width, off, passed
    )


def _exact(
    case: str, name: str, unit: str, expected: float, found: float, tolerance: float
) -> SelftestRow:
    passed = abs(found - expected) <= tolerance * max(abs(expected), 1.0)
    off = 0.0 if passed else math.inf
    return SelftestRow(case, name, unit, expected, found, 0.0, off, passed)


def _bunker_formula() -> list[SelftestRow]:
    """The closed form of the on/off bunker gives the published figures."""
    form = closed_forms()["f2"]
    p = form.parameters
    found = on_off_bunker(
        p["inflow"],
        p["speed"],
        form.spread("to_failure_d").mean,
        form.spread("to_repair_d").mean,
        p["capacity_t"],
    )
    answers = {
        "diverted": found.diverted,
        "stock_t": found.mean_stock,
        "empty": found.empty,
        "utilisation": found.utilisation,
    }
    return [
        _exact("bf", name, unit, expected, answers[name], WRITTEN)
        for name, (expected, unit) in form.expected.items()
    ]


def _warm_up() -> list[SelftestRow]:
    """A run-in of 20 observations is found by MSER-5."""
    series = [10.0] * 20 + [1.0, 2.0, 3.0, 2.0, 2.0] * 36
    return [_exact("w1", "cut_off", "obs", 20.0, mser5(series), EXACT)]


def _machine_shop() -> list[SelftestRow]:
    """The installed SimPy makes as many parts as its documentation prints."""
    pairs = zip(PUBLISHED, machine_shop(), strict=True)
    return [
        _exact("sm", f"parts_of_machine_{i}", "parts", expected, found, EXACT)
        for i, (expected, found) in enumerate(pairs)
    ]


EXACT_CASES = {"bf": _bunker_formula, "w1": _warm_up, "sm": _machine_shop}
