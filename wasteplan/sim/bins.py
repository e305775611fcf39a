"""Material that waits at a centre or plant until it fills a truck."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import add

from wasteplan.sim.bunker import Mix
from wasteplan.sim.case import Bin, Commodity
from wasteplan.sim.load import Load

ROUNDING = 1e-9


class WaitingBin:
    """Filled in proportion to its share; a load leaves when there is enough for one.

    Bins of one output fill in step with their shares, so loads to the destinations
    alternate evenly and the shares are met to within one load, without any chance.

    Attributes
    ----------
    is_impatient
        What has waited too long leaves in a truck that is not full.
    overdue, overdue_t
        Loads that left because they had waited too long.  [loads], [t]
    """

    __slots__ = (
        "_contents", "_heat", "_since_h", "case", "is_impatient", "mass", "name",
        "origin", "overdue", "overdue_t",
    )  # fmt: skip

    def __init__(
        self, case: Bin, name: int, origin: int, commodities: Sequence[Commodity]
    ) -> None:
        self.case, self.name, self.origin = case, name, origin
        self._contents: dict[int, float] = {}
        self._heat = [c.lhv_gj_per_t for c in commodities]
        self.mass = 0.0
        self.is_impatient = not math.isinf(case.leaves_after_h)
        self.overdue, self.overdue_t = 0, 0.0
        self._since_h = math.nan

    def add(self, parts: Mapping[int, float], share: float) -> None:
        """Put in a share of some tonnes by commodity.  [t]"""
        contents = self._contents
        for k, tonnes in parts.items():
            part = share * tonnes
            contents[k] = contents.get(k, 0.0) + part
            self.mass += part

    def loads(self, now_h: float) -> list[Load]:
        """Take out all full truckloads, if enough for a call is there.

        Each has the make-up of the bin. What has waited too long leaves in a truck that
        is not full.
        """
        case = self.case
        size = case.haul.load_t
        n = int(self.mass / size + ROUNDING)
        if n and self.mass < case.leaves_from_t - ROUNDING:
            n = 0
        found = self._take_out(n, size) if n else []
        if not self.is_impatient:
            return found
        if self.mass <= ROUNDING:
            self._since_h = math.nan
        elif n or math.isnan(self._since_h):
            self._since_h = now_h
        if now_h - self._since_h >= case.leaves_after_h - ROUNDING:
            self._since_h = math.nan
            while self.mass > ROUNDING:
                part = min(self.mass, size)
                self.overdue += 1
                self.overdue_t += part
                found += self._take_out(1, part)
        return found

    def _take_out(self, n: int, size: float) -> list[Load]:
        mix = self.mix()
        gj = size * sum(share * self._heat[k] for k, share in mix)
        rest = max(self.mass - n * size, 0.0)
        scale = rest / self.mass
        self._contents = {k: v * scale for k, v in self._contents.items()}
        self.mass = rest
        haul = self.case.haul
        return [
            Load(self.name, size, mix, gj, self.origin, haul, haul.km, haul.time_h)
            for _ in range(n)
        ]

    def contents(self) -> dict[int, float]:
        """Tonnes by commodity number.  [t]"""
        return dict(self._contents)

    def mix(self) -> Mix:
        """Shares of the commodities in it."""
        total = sum(self._contents.values())
        return tuple((k, v / total) for k, v in self._contents.items() if v > 0)


class Sharing:
    """How one stream or product is shared over its bins.

    A part that the plan does not name leaves with those it names: by the shares of
    their tonnes in the same blend, or so far if there are none in it.
    """

    __slots__ = ("_shares", "_so_far", "bins")

    def __init__(self, bins: Sequence[WaitingBin]) -> None:
        self.bins = tuple(bins)
        named = dict.fromkeys(k for b in self.bins for k in b.case.shares)
        self._shares = {
            k: [b.case.shares.get(k, 0.0) for b in self.bins] for k in named
        }
        equally = max(len(named), 1)
        self._so_far = [sum(b.case.shares.values()) / equally for b in self.bins]
        self._so_far = [s * ROUNDING for s in self._so_far]  # outweighed by any tonnes

    def of(self, parts: Mapping[int, float]) -> list[float]:
        """Share of a blend for each bin; they sum to 1.

        Parameters
        ----------
        parts
            Tonnes by commodity number.  [t]
        """
        if len(self.bins) == 1:
            return [1.0]
        tonnes: list[float] = []
        for k, t in parts.items():
            shares = self._shares.get(k)
            if shares is not None:
                own = [t * s for s in shares]
                tonnes = list(map(add, tonnes, own)) if tonnes else own
        so_far = self._so_far
        for i, t in enumerate(tonnes):
            so_far[i] += t
        chosen = tonnes or so_far
        total = sum(chosen)
        return [t / total for t in chosen]


def sharings(bins: Sequence[WaitingBin]) -> dict[int, Sharing]:
    """One for the bins of each stream or product, by its number."""
    names = dict.fromkeys(b.name for b in bins)
    return {n: Sharing([b for b in bins if b.name == n]) for n in names}
