"""Material that waits at a centre or plant until it fills a truck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wasteplan.sim.bunker import Mix
from wasteplan.sim.case import Bin, Commodity
from wasteplan.sim.load import Load

ROUNDING = 1e-9


class WaitingBin:
    """Filled in proportion to its share; a load leaves when there is enough for one.

    Bins of one output fill in step with their shares, so loads to the destinations
    alternate evenly and the shares are met to within one load, without any chance.
    """

    __slots__ = ("_contents", "_heat", "case", "mass", "name", "origin")

    def __init__(
        self, case: Bin, name: int, origin: int, commodities: Sequence[Commodity]
    ) -> None:
        self.case, self.name, self.origin = case, name, origin
        self._contents: dict[int, float] = {}
        self._heat = [c.lhv_gj_per_t for c in commodities]
        self.mass = 0.0

    def add(self, parts: Mapping[int, float], share: float) -> None:
        """Put in a share of some tonnes by commodity.  [t]"""
        contents = self._contents
        for k, tonnes in parts.items():
            part = share * tonnes
            contents[k] = contents.get(k, 0.0) + part
            self.mass += part

    def loads(self) -> list[Load]:
        """Take out all full truckloads; each has the make-up of the bin."""
        size = self.case.haul.load_t
        n = int(self.mass / size + ROUNDING)
        if n == 0:
            return []
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

    def mix(self) -> Mix:
        """Shares of the commodities in it."""
        total = sum(self._contents.values())
        return tuple((k, v / total) for k, v in self._contents.items() if v > 0)
