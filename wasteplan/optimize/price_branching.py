"""Proving a siting problem by branching on places, with bounds from prices alone.

At each node some places are decided.  Prices for collecting each source go on climbing
from those of the node above; the bound is that of `lagrangian.py`, with capacity that
suffices from places taken whole (`enough_room.py`), as in Goertz and Klose (2012,
doi:10.1287/ijoc.1110.0468).  What prices then prove about single places is decided
too (`pegging.py` says why that holds).  No linear program is solved before
all places are decided; a node takes some dozens of milliseconds.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from wasteplan.optimize.ascent import Ascent, Pace
from wasteplan.optimize.enough_room import enough_whole_room, with_and_without
from wasteplan.optimize.packed_hauls import Packed
from wasteplan.optimize.places import Flags, Siting
from wasteplan.superstructure.model import Floats, Ints

ROOT_STEPS, NODE_STEPS, TRIAL_STEPS = 80, 30, 8
PACE = Pace(0.5, average_min=0.15, patience=6, shorter=0.6, length_min=1e-3)
AGAIN = replace(PACE, length=0.25)
TRIAL = replace(PACE, length=0.3)
MANY = 0.1
"""Share of the open questions that, once answered, makes prices climb again."""
ROUNDS = 3
CANDIDATES = 8
"""Places without experience that are tried before one is branched on."""
UNDECIDED = 0.02
"""How far from open or closed a place must be to be tried."""
LEAST = 1e-6
QUEUE_MAX = 20_000
"""Open nodes; beyond, the newest come first so that there are no more of them."""


class Plans(Protocol):
    """Where plans are kept."""

    @property
    def cost(self) -> float:
        """Of the best plan.  [M money]"""

    @property
    def allowed(self) -> float:
        """The gap that is asked for.  [M money]"""

    def is_over(self) -> bool:
        """Whether to stop now."""

    def raise_bound(self, value: float) -> None:
        """Take over what has been proved.  [M money]"""

    def round(self, opened: Floats, decided: Flags) -> None:
        """Look for a plan near what a relaxation opens, now and then."""

    def ship(self, is_open: Flags) -> float:
        """What a set of places costs at least; keep its plan.  [M money]"""


@dataclass(frozen=True, eq=False)
class Node:
    """Places decided, and what prices prove about the others."""

    bound: float
    """[M money]"""
    closed: Flags
    opened: Flags
    price: Floats
    """(sources,)  [M money]"""
    likely: Floats
    """(places,): how far the relaxation opens each."""

    @property
    def free(self) -> Ints:
        """Places that are not decided."""
        return np.flatnonzero(~self.closed & ~self.opened)


@dataclass
class Experience:
    """What closing, or opening, a place has added to bounds, by its distance."""

    n_places: int
    sums: Floats = field(init=False)
    counts: Floats = field(init=False)

    def __post_init__(self) -> None:
        """None yet."""
        self.sums, self.counts = np.zeros((2, 2, self.n_places))

    def note(self, is_up: int, i: int, gain: float, distance: float) -> None:
        """A bound rose by so much when a place was decided."""
        self.sums[is_up, i] += gain / distance
        self.counts[is_up, i] += 1

    def promise(self, places: Ints, likely: Floats) -> Floats:
        """Product of what both decisions would add, as usual where nobody knows."""
        total = np.maximum(self.counts.sum(axis=1), 1.0)
        usual = (self.sums.sum(axis=1) / total)[:, None]
        seen = self.counts[:, places]
        rate = np.where(seen > 0, self.sums[:, places] / np.maximum(seen, 1.0), usual)
        down, up = rate[0] * likely, rate[1] * (1.0 - likely)
        return np.asarray(np.maximum(down, LEAST) * np.maximum(up, LEAST))

    def is_known(self, i: int) -> bool:
        """Whether both decisions have been seen."""
        return bool(self.counts[:, i].min() > 0)


@dataclass
class Branching:
    """The tree."""

    siting: Siting
    plans: Plans
    price: Floats
    """(sources,): good prices to begin with.  [M money]"""
    packed: Packed = field(init=False)
    experience: Experience = field(init=False)
    queue: list[tuple[float, int, Node]] = field(default_factory=list)
    done: float = np.inf
    """Least bound of all nodes that need no more.  [M money]"""
    n_nodes: int = 0
    count: int = 0

    def __post_init__(self) -> None:
        """Nothing is decided yet."""
        self.packed = Packed.of(self.siting, self.price)
        self.experience = Experience(len(self.siting.room))

    @property
    def cutoff(self) -> float:
        """A bound that needs no more.  [M money]"""
        return self.plans.cost - self.plans.allowed

    @property
    def bound(self) -> float:
        """What the tree proves.  [M money]"""
        return min([self.done, *(value for value, _, _ in self.queue[:1])])

    def run(self) -> None:
        """Branch until the gap is small enough or it is time to stop."""
        s = self.siting
        nothing = np.zeros(len(s.room))
        root = Node(-np.inf, nothing > 0, s.stands.copy(), self.price, nothing)
        self.put(self.grown(root, ROOT_STEPS))
        while self.queue and not self.plans.is_over():
            node = self.next()
            if node.bound >= self.cutoff:
                self.done = min(self.done, node.bound)
                continue
            self.n_nodes += 1
            self.branch(node)
            self.plans.raise_bound(self.bound)
        self.plans.raise_bound(self.bound)

    def next(self) -> Node:
        """The node with the least bound, or the newest of very many."""
        if len(self.queue) <= QUEUE_MAX:
            return heapq.heappop(self.queue)[2]
        newest = max(range(len(self.queue)), key=lambda k: self.queue[k][1])
        node = self.queue.pop(newest)[2]
        heapq.heapify(self.queue)
        return node

    def put(self, node: Node) -> None:
        """Keep a node for later, unless its bound needs no more."""
        if node.bound >= self.cutoff:
            self.done = min(self.done, node.bound)
            return
        self.count += 1
        heapq.heappush(self.queue, (node.bound, self.count, node))

    def branch(self, node: Node) -> None:
        """Decide one more place, both ways."""
        if not len(node.free):
            value = self.plans.ship(node.opened)
            self.done = min(self.done, max(node.bound, value))
            return
        self.plans.round(node.likely, node.opened)
        place, better = self.chosen(node)
        if better is not node:
            self.put(self.grown(better, NODE_STEPS // 2))
        elif place is not None:
            likely = self.distance(node)[place]
            for is_up, child in enumerate(self.children(node, place)):
                found = self.grown(child, NODE_STEPS)
                gain = min(max(found.bound, node.bound), self.plans.cost) - node.bound
                how_far = 1.0 - likely if is_up else likely
                self.experience.note(is_up, place, gain, float(how_far))
                self.put(found)

    def children(self, node: Node, place: int) -> tuple[Node, Node]:
        """With a place closed, and with it open."""
        closed, opened = node.closed.copy(), node.opened.copy()
        closed[place] = opened[place] = True
        return replace(node, closed=closed), self.one_size(replace(node, opened=opened))

    def one_size(self, node: Node) -> Node:
        """With all other sizes closed where one is open; both, where two are open."""
        s = self.siting
        new = node.opened & ~s.stands
        n_open = np.bincount(s.plant[new], minlength=int(s.plant.max()) + 1)
        others = n_open[s.plant] - new
        return replace(node, closed=node.closed | ((others > 0) & ~s.stands))

    @staticmethod
    def distance(node: Node) -> Floats:
        """(places,): how far the relaxation opens each, never 0 nor 1."""
        return np.clip(node.likely, 1e-3, 1 - 1e-3)

    def chosen(self, node: Node) -> tuple[int | None, Node]:
        """The place to branch on, or the node with what trials have decided."""
        likely = self.distance(node)
        gap = self.plans.cost - node.bound
        best, place, better = -1.0, None, node
        for i in self.candidates(node, likely):
            promise = float(self.experience.promise(np.array([i]), likely[i])[0])
            if not self.experience.is_known(i):
                down, up = self.children(better, i)
                low, high = self.tried(down), self.tried(up)
                if low >= self.cutoff and high >= self.cutoff:
                    self.done = min(self.done, low, high)
                    return None, node
                if low >= self.cutoff or high >= self.cutoff:
                    self.done = min(self.done, max(low, high))
                    better = up if low >= self.cutoff else down
                    continue
                gains = np.clip(np.array([low, high]) - node.bound, 0.0, gap)
                self.experience.note(0, i, gains[0], likely[i])
                self.experience.note(1, i, gains[1], 1.0 - likely[i])
                promise = float(np.prod(np.maximum(gains, LEAST)))
            if promise > best:
                best, place = promise, i
        return place, better

    def candidates(self, node: Node, likely: Floats) -> Iterator[int]:
        """The most promising place by experience, then those that nobody has tried."""
        free = node.free
        first = int(free[self.experience.promise(free, likely[free]).argmax()])
        yield first
        half = np.minimum(likely[free], 1.0 - likely[free])
        weight = half * np.sqrt(self.siting.room[free])
        new = [
            int(free[k])
            for k in np.argsort(-weight, kind="stable")
            if half[k] > UNDECIDED and not self.experience.is_known(int(free[k]))
        ]
        yield from (i for i in new[:CANDIDATES] if i != first)

    def tried(self, node: Node) -> float:
        """A bound after a few steps.  [M money]"""
        return self.climbed(node, TRIAL_STEPS, TRIAL)[0].bound

    def grown(self, node: Node, steps: int) -> Node:
        """A node whose prices have climbed, with all decided that they decide."""
        pace, least = PACE, node.bound
        for _ in range(ROUNDS):
            node, net = self.climbed(node, steps, pace)
            free = node.free
            least = max(least, node.bound)
            if node.bound >= self.cutoff or not len(free):
                break
            node = self.decided(node, net)
            if (node.closed & node.opened).any():
                least = self.cutoff
                break
            if len(free) - len(node.free) < MANY * len(free):
                break
            pace, steps = AGAIN, max(10, steps // 2)
        return replace(node, bound=least)

    def climbed(self, node: Node, steps: int, pace: Pace) -> tuple[Node, Floats]:
        """Prices that prove more; also (places,) the cost of each at them."""
        s = self.siting
        live = np.flatnonzero(~node.closed)
        packed, is_open = self.packed.of_places(live), node.opened[live]
        need, room = s.need_beside(node.opened), s.room[live]
        whole, net_at_best = np.zeros(len(s.room)), np.zeros(len(live))
        if s.room[live].sum() < s.total_kt * (1 - 1e-9):
            return replace(node, bound=np.inf), whole
        ascent = Ascent(node.price, pace)
        opened, cutoff = np.ones(len(live)), self.cutoff
        for _ in range(steps):
            price = np.minimum(ascent.price, packed.limit)
            earned, taken = packed.earned(price)
            net = s.fixed[live] - earned
            rest, opens = enough_whole_room(net[~is_open], room[~is_open], need)
            opened = np.ones(len(live))
            opened[~is_open] = opens
            value = float(price.sum() + net[is_open].sum()) + rest
            if value > ascent.value:
                net_at_best = net
            ascent.price = price
            ascent.take(value, packed.missing(taken, opened), opened)
            if ascent.is_over or ascent.value >= cutoff:
                break
            ascent.step(self.plans.cost)
        likely = np.zeros(len(s.room))
        likely[live], whole[live] = ascent.opened, net_at_best
        found = replace(node, bound=ascent.value, price=ascent.best, likely=likely)
        return found, whole

    def decided(self, node: Node, net: Floats) -> Node:
        """With every place closed, or open, that the node's prices decide."""
        s, free = self.siting, node.free
        base = float(node.price.sum() + net[node.opened].sum())
        need = s.need_beside(node.opened)
        with_it, without = with_and_without(net[free], s.room[free], need)
        closed, opened = node.closed.copy(), node.opened.copy()
        closed[free[base + with_it >= self.cutoff]] = True
        opened[free[base + without >= self.cutoff]] = True
        if (base + np.concatenate([with_it, without]) >= self.cutoff).any():
            self.done = min(self.done, self.cutoff)
        return self.one_size(replace(node, closed=closed, opened=opened))
