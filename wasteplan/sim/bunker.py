"""A stock that fills and drains at constant rates between visits, settled exactly."""

from __future__ import annotations

import math

from wasteplan.errors import AuditError

BACKWARDS_H = 1e-6  # a visit earlier than the last by less than this is rounding
HOURS = 24  # of a day
SCALE_MIN = 1e-9  # the record of contents is written anew below this


class Stock:
    """A stock between 0 and its capacity with a constant inflow and outflow.

    No event is needed when it runs empty or full: both moments lie inside the stretch
    that `settle` integrates. Inflow that finds no room is diverted.

    Attributes
    ----------
    level, capacity
        Content and room.  [t]
    inflow, outflow
        Rates until the next change; the outflow stops when there is nothing.  [t/h]
    entered, left, diverted
        Totals since the start.  [t]
    area
        Integral of the content over time.  [t h]
    empty_h, full_h
        Time spent empty and full.  [h]
    """

    __slots__ = (
        "area", "capacity", "diverted", "empty_h", "entered", "full_h", "inflow",
        "left", "level", "level_max", "outflow", "time",
    )  # fmt: skip

    def __init__(self, capacity: float = math.inf, level: float = 0.0) -> None:
        self.capacity, self.level, self.level_max = capacity, level, level
        self.inflow = self.outflow = 0.0
        self.entered = self.left = self.diverted = self.area = 0.0
        self.empty_h = self.full_h = self.time = 0.0

    def settle(self, now: float) -> None:
        """Bring the stock up to date.

        Raises
        ------
        AuditError
            If time runs backwards.
        """
        dt = now - self.time
        if dt <= 0:
            if dt < -BACKWARDS_H:
                raise AuditError(f"time ran back from {self.time:g} h to {now:g} h")
            return
        self.time = now
        inflow, level = self.inflow, self.level
        net = inflow - self.outflow
        if net < 0:
            self._drain(dt, inflow, level, net)
        elif net > 0:
            self._fill(dt, inflow, level, net)
        else:
            self.entered += inflow * dt
            self.left += inflow * dt
            self.area += level * dt
            if level <= 0:
                self.empty_h += dt

    def _drain(self, dt: float, inflow: float, level: float, net: float) -> None:
        until_empty = level / -net
        self.entered += inflow * dt
        if until_empty >= dt:
            self.level = level + net * dt
            self.left += self.outflow * dt
            self.area += (level + self.level) / 2 * dt
            return
        self.level = 0.0
        self.left += level + inflow * dt
        self.area += level / 2 * until_empty
        self.empty_h += dt - until_empty

    def _fill(self, dt: float, inflow: float, level: float, net: float) -> None:
        until_full = (self.capacity - level) / net
        self.left += self.outflow * dt
        if until_full >= dt:
            self.level = level + net * dt
            self.entered += inflow * dt
            self.area += (level + self.level) / 2 * dt
        else:
            rest = dt - until_full
            self.level = self.capacity
            self.diverted += net * rest
            self.entered += inflow * dt - net * rest
            self.area += (level + self.capacity) / 2 * until_full + self.capacity * rest
            self.full_h += rest
        if self.level > self.level_max:
            self.level_max = self.level

    def put(self, now: float, tonnes: float) -> None:
        """Add a lump; the caller has made sure that there is room."""
        self.settle(now)
        self.level += tonnes
        self.entered += tonnes
        if self.level > self.level_max:
            self.level_max = self.level


Mix = tuple[tuple[int, float], ...]
"""Commodity numbers with their shares of a load; the shares sum to 1."""


class Bunker(Stock):
    """A well-mixed stock that knows what lies in it.

    Taking out shrinks every content alike, so one common factor does it: the contents
    are written only when something is put in. The line takes the mix.

    Attributes
    ----------
    tipped
        Tonnes put in by commodity number since the start.  [t]
    tipped_gj
        Heat put in since the start; NaN if any heating value is unknown.  [GJ]
    by_hour
        Taken out in each hour of the day since the start, if it has 24 cells.  [t]
    """

    __slots__ = (
        "_contents", "_heat", "_hour", "_hour_from", "_hour_until", "_scale",
        "by_hour", "tipped", "tipped_gj",
    )  # fmt: skip

    def __init__(self, capacity: float = math.inf) -> None:
        super().__init__(capacity)
        self._contents: dict[int, float] = {}
        self._scale = 1.0
        self._heat = 0.0
        self.tipped: dict[int, float] = {}
        self.tipped_gj = 0.0
        self.by_hour: list[float] = []
        self._hour, self._hour_from, self._hour_until = 0, 0.0, 0.0

    def settle(self, now: float) -> None:
        """Bring stock and mix up to date."""
        dt = now - self.time
        before = self.level
        if self.inflow or dt <= 0 or before <= 0:
            super().settle(now)
            if self.level == before:
                return
        else:  # only lumps come in: the same as above, in fewer steps
            self.time = now
            burnt = self.outflow * dt
            if not burnt:
                self.area += before * dt
                return
            if burnt < before:
                after, burning_h = before - burnt, dt
                self.area += (before + after) / 2 * dt
            else:
                until_empty = burning_h = before / self.outflow
                self.area += before / 2 * until_empty
                self.empty_h += dt - until_empty
                burnt, after = before, 0.0
            self.left += burnt
            self.level = after
            if self.by_hour:
                begin = now - dt
                if begin >= self._hour_from and now < self._hour_until:
                    self.by_hour[self._hour] += burnt
                else:
                    self._share_out(begin, burning_h, burnt)
        self._scale *= self.level / before if before else 0.0
        if self._scale < SCALE_MIN:
            self._rescale()

    def _share_out(self, begin: float, hours: float, burnt: float) -> None:
        """Write what was taken out to the hours of the day in which it was.  [t]"""
        cells, hour = self.by_hour, int(begin)
        end = begin + hours
        while end > hour + 1:
            part = burnt * (hour + 1 - begin) / hours
            cells[hour % HOURS] += part
            burnt -= part
            hours = end - hour - 1
            hour += 1
            begin = float(hour)
        cells[hour % HOURS] += burnt
        self._hour = hour % HOURS  # the next stretch most often lies in it too
        self._hour_from, self._hour_until = hour, hour + 1 - BACKWARDS_H

    def _rescale(self) -> None:
        scale = self._scale
        if self.level <= 0:
            self._contents.clear()
            self._heat = 0.0
        else:
            self._contents = {k: v * scale for k, v in self._contents.items()}
            self._heat *= scale
        self._scale = 1.0

    def tip(self, now: float, tonnes: float, mix: Mix, gj: float) -> None:
        """Put in a load.

        Parameters
        ----------
        now
            Time of tipping.  [h]
        tonnes, gj
            Mass and heat of the load.  [t], [GJ]
        mix
            What it consists of.
        """
        self.settle(now)
        self.level += tonnes
        self.entered += tonnes
        if self.level > self.level_max:
            self.level_max = self.level
        contents, tipped, scale = self._contents, self.tipped, self._scale
        for k, share in mix:
            part = share * tonnes
            contents[k] = contents.get(k, 0.0) + part / scale
            tipped[k] = tipped.get(k, 0.0) + part
        self._heat += gj / scale
        self.tipped_gj += gj

    @property
    def heat_gj(self) -> float:
        """Heat of the content.  [GJ]"""
        return self._heat * self._scale

    @property
    def lhv(self) -> float:
        """Heating value of the mix, NaN when empty or unknown.  [GJ/t]"""
        return self._heat * self._scale / self.level if self.level > 0 else math.nan

    def contents(self) -> dict[int, float]:
        """Tonnes by commodity number.  [t]"""
        return {k: v * self._scale for k, v in self._contents.items()}

    def taken(self) -> dict[int, float]:
        """Tonnes taken out since the start, by commodity number.  [t]"""
        scale, now = self._scale, self._contents
        return {k: t - scale * now.get(k, 0.0) for k, t in self.tipped.items()}
