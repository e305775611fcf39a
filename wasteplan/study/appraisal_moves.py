"""What moves an appraisal: tornado, switching values, stories; all shocks at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from wasteplan.finance.appraisal_result import POOL
from wasteplan.finance.chance import Driver
from wasteplan.finance.lending import Floats
from wasteplan.finance.more_revenue import more_revenue
from wasteplan.finance.payoff import rate_of_return, where_zeros
from wasteplan.finance.project import Business, Shock
from wasteplan.study.financed import Financed, shocked

GRID = 41  # points at which a switching value is looked for
REACH = 3.0  # multiples of the plan, or of a range of rates
ADVERSE_HIGH = ("capex", "operating", "interest", "gain")
FEE_REACH = 1000.0  # money/t, first guess of how far a fee may move
Row = tuple[object, ...]


@dataclass
class Moved:
    """Rows of the tornado and of switching values."""

    tornado: list[Row] = field(default_factory=list)
    switching: list[Row] = field(default_factory=list)


def one_at_a_time(
    one: Financed, business: Business, found: Sequence[Driver], places: Sequence[str]
) -> Moved:
    """Move each driver alone: its ends, and where the owners' NPV turns.

    Parameters
    ----------
    one, business
        A case.
    found
        Drivers.
    places
        Facilities to tell of, `all` among them.
    """
    ends = [np.array([d.low, d.planned, d.high]) for d in found]
    grids = [_grid(d) for d in found]
    points = [np.concatenate(pair) for pair in zip(ends, grids, strict=True)]
    npv = shocked(one, business, _each(found, points)).npv
    moved, n = Moved(), len(ends[0]) + GRID
    turns: list[_Turn] = []
    for place in places:
        for i, d in enumerate(found):
            own = npv[place][i * n : (i + 1) * n]
            moved.tornado.append(_ends(one.name, place, d, own[:3]))
            turns.append(_turn(place, d, grids[i], own[3:]))
    roots = _roots(one, business, found, [t for t in turns if t.is_found])
    for turn in turns:
        root = roots.get((turn.place, turn.driver.name), np.nan)
        moved.switching.append((one.name, *turn.row(root)))
    return moved


def _grid(d: Driver) -> Floats:
    width = d.high - d.low
    low = d.low - REACH * width if d.unit != "x" else 0.0
    high = d.high + REACH * width if d.unit != "x" else REACH
    return np.linspace(low, high, GRID)


def _each(found: Sequence[Driver], points: Sequence[Floats]) -> Shock:
    """Shocks that move one driver after the other, the rest as planned."""
    starts = np.cumsum([0, *(len(p) for p in points)])
    values = {d.name: np.full(starts[-1], d.planned) for d in found}
    for d, start, own in zip(found, starts[:-1], points, strict=True):
        values[d.name][start : start + len(own)] = own
    return Shock(**values)  # type: ignore[arg-type]


def _ends(case: str, place: str, d: Driver, npv: Floats) -> Row:
    low, planned, high = (float(v) for v in npv)
    swing = abs(high - low)
    return (
        *(case, place, d.name, d.low, d.high, d.unit),
        *(low, planned, high, swing, d.status, d.source),
    )


@dataclass(frozen=True, eq=False)
class _Turn:
    """The cell of the grid nearest to the plan in which the NPV changes its sign."""

    place: str
    driver: Driver
    low: float
    high: float
    is_found: bool

    def row(self, root: float) -> Row:
        d = self.driver
        head = (self.place, d.name, d.unit, d.planned)
        if not self.is_found:
            why = f"no value between {self.low:,.3g} and {self.high:,.3g} turns the NPV"
            return (*head, np.nan, np.nan, False, why)
        change = root - d.planned if d.unit != "x" else root / d.planned - 1.0
        return (*head, root, change, bool(d.low <= root <= d.high), "")


def _turn(place: str, d: Driver, grid: Floats, npv: Floats) -> _Turn:
    cells = np.flatnonzero(np.sign(npv[:-1]) != np.sign(npv[1:]))
    if not len(cells):
        return _Turn(place, d, float(grid[0]), float(grid[-1]), False)
    cell = min(cells, key=lambda c: abs(grid[c] - d.planned))
    return _Turn(place, d, float(grid[cell]), float(grid[cell + 1]), True)


def _roots(
    one: Financed, business: Business, found: Sequence[Driver], turns: Sequence[_Turn]
) -> dict[tuple[str, str], float]:
    """Switching values of all places and drivers, sought together."""
    if not turns:
        return {}
    at = np.arange(len(turns))

    def value(x: Floats) -> Floats:
        values = {d.name: np.full(len(turns), d.planned) for d in found}
        for i, turn in enumerate(turns):
            values[turn.driver.name][i] = x[i]
        npv = shocked(one, business, Shock(**values)).npv  # type: ignore[arg-type]
        return np.array([npv[t.place][i] for i, t in zip(at, turns, strict=True)])

    low, high = (np.array([getattr(t, end) for t in turns]) for end in ("low", "high"))
    roots = where_zeros(value, low, high)
    keys = [(t.place, t.driver.name) for t in turns]
    return dict(zip(keys, roots.tolist(), strict=True))


STORIES = {
    "capex": "building costs more",
    "operating": "running costs more",
    "waste": "there is less waste than counted",
    "tonnes": "kilns, informal buyers or recyclers take the waste",
    "electricity_price": "the tariff is low",
    "fuel_price": "coal is cheap",
    "product_price": "recyclates sell badly",
    "interest": "interest is high",
    "gain": "the loan's currency gains",
}


def story_rows(
    one: Financed, business: Business, found: Sequence[Driver]
) -> Iterator[Row]:
    """Each driver at its bad end, all of them, and the plan itself."""
    bad = {d.name: d.high if d.name in ADVERSE_HIGH else d.low for d in found}
    bad["inflation"] = 0.0
    told = {name: text for name, text in STORIES.items() if name in bad}
    n = len(told) + 2
    values = {d.name: np.full(n, d.planned) for d in found}
    for i, name in enumerate(told, start=1):
        values[name][i] = bad[name]
    for d in found:
        values[d.name][-1] = bad[d.name]
    shock = Shock(**values)  # type: ignore[arg-type]
    result = shocked(one, business, shock)
    answer = more_revenue(result.cashes, business, shock=shock)
    reach = np.full(n, FEE_REACH)
    more = where_zeros(answer.owners, -reach, reach, widen=4)
    fees = sum(float((p.gate_fee * p.tonnes).sum()) for p in one.projects)
    tonnes = sum(float(p.tonnes.sum()) for p in one.projects)
    equity = np.sum([cash["equity"] for cash in result.cashes], axis=0)
    years = one.projects[0].years.tolist()
    texts = ("as planned", *told.values(), "all of this together")
    for i, text in enumerate(texts):
        rate = rate_of_return(dict(zip(years, equity[i].tolist(), strict=True))).value
        fee = fees / tonnes + float(more[i]) if tonnes else np.nan
        npv, cover = float(result.npv[POOL][i]), float(result.cover[POOL][i])
        yield text, one.name, POOL, npv, rate, cover, fee
