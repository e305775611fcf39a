"""Work spread over a Dask cluster that stands already, by its address.

The cluster is the user's: this only sends work there, and takes back results.  What is
sent is code and data of this process (pickled by Dask), so the address must be one
that is trusted, as with any Dask cluster.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wasteplan.errors import WasteplanError
from wasteplan.spreading import Function, WorkerLost
from wasteplan.study.provenance import versions

if TYPE_CHECKING:
    from distributed import Client, Future

SYSTEM = "platform"
"""Of the versions, what may differ between machines."""
LOOK_EVERY_S = 0.5


class NoCluster(WasteplanError):
    """The cluster cannot be reached or cannot do the work."""

    exit_code = 2


@dataclass(frozen=True)
class DaskCluster:
    """A `Mapper` on the workers of a Dask scheduler.

    Work of a worker that is lost is done again by others; if the last one is lost,
    the run waits for another one for `patience_s`.

    Attributes
    ----------
    address
        Of the scheduler, such as `tcp://10.0.0.1:8786`.
    retries
        How often work is sent again after all workers that had it were lost.
    patience_s
        How long to wait for the scheduler, and for workers.  [s]
    say
        Told when workers come and go.
    """

    address: str
    retries: int = 2
    patience_s: float = 30.0
    say: Callable[[str], None] | None = None

    def __call__(
        self, function: Function, shared: Any, items: Sequence[Any]
    ) -> Iterator[tuple[int, Any]]:
        """See `Mapper`; in the order in which work is done."""
        if not items:
            return
        with self._connected() as client:
            self._check(client)
            yield from _Run(self, client, function, shared, items).results()

    def _connected(self) -> Client:
        try:
            from distributed import Client
        except ImportError as error:
            raise NoCluster(
                "a cluster needs the extra `cluster`: pip install 'wasteplan[cluster]'"
            ) from error
        try:
            _is_whole(self.address)
            return Client(
                self.address,
                timeout=self.patience_s,
                set_as_default=False,
                name="wasteplan",
            )
        except (OSError, ValueError) as error:
            raise NoCluster(
                f"no Dask scheduler answers at {self.address} ({error}); start one "
                "with `dask scheduler` and workers with `dask worker ADDRESS`"
            ) from error

    def _asked(self, client: Client) -> dict[str, Any]:
        """The versions of every worker, or what went wrong there.

        A worker lost while it is asked is no answer: those left are asked again.
        """
        end = time.monotonic() + self.patience_s
        while True:
            try:
                client.wait_for_workers(1, timeout=self.patience_s)
            except TimeoutError:
                raise NoCluster(
                    f"the scheduler at {self.address} has no workers; start some with "
                    f"`dask worker {self.address}`"
                ) from None
            try:
                there: dict[str, Any] = client.run(versions, on_error="return")
            except Exception as error:  # whatever a foreign scheduler may raise
                raise NoCluster(f"the cluster at {self.address}: {error}") from error
            is_lost = any(isinstance(found, OSError) for found in there.values())
            if (there and not is_lost) or time.monotonic() > end:
                return there
            time.sleep(LOOK_EVERY_S)

    def _check(self, client: Client) -> None:
        """Wait for a worker; all must have the versions that this process has."""
        here, there = versions(), self._asked(client)
        for worker, found in sorted(there.items()):
            if isinstance(found, Exception):
                raise NoCluster(
                    f"worker {worker} cannot work for wasteplan ({found}); install "
                    f"wasteplan {here['wasteplan']} there"
                )
            other = [p for p in here if p != SYSTEM and found.get(p) != here[p]]
            if other:
                named = ", ".join(
                    f"{p} {found.get(p, 'missing')} (here {here[p]})" for p in other
                )
                raise NoCluster(f"worker {worker} has other versions: {named}")


@dataclass
class _Run:
    """Items on their way through a cluster."""

    of: DaskCluster
    client: Client
    function: Function
    shared: Any
    items: Sequence[Any]
    workers: int = 0

    def results(self) -> Iterator[tuple[int, Any]]:
        """(place, result), as they come; lost work is sent again."""
        left = set(range(len(self.items)))
        lost = 0
        while left:
            before = len(left)
            for place, result in self._sent(sorted(left)):
                left.remove(place)
                yield place, result
            if not left:
                return
            lost = 0 if len(left) < before else lost + 1
            if lost > self.of.retries:
                raise WorkerLost(
                    f"all workers with some work were lost {lost} times in a row after "
                    f"{len(self.items) - len(left)} of {len(self.items)} items"
                )
            self.of._check(self.client)

    def _sent(self, places: list[int]) -> Iterator[tuple[int, Any]]:
        """Results of work sent once; ends early for what was lost.

        An exception that the function raises is raised here.
        """
        shared = self.client.scatter(self.shared, broadcast=True, hash=False)
        futures: dict[Future, int] = {
            self.client.submit(
                _one, self.function, shared, self.items[i], pure=False
            ): i
            for i in places
        }
        alone_since = None
        try:
            while futures:
                done = [f for f in futures if f.status != "pending"]
                for future in done:
                    place = futures.pop(future)
                    if _is_lost(future):
                        continue
                    yield place, future.result()
                if not done:
                    time.sleep(min(LOOK_EVERY_S, 0.02 + 0.01 * len(futures)))
                alone_since = self._watch(alone_since)
                if alone_since is None:
                    continue
                if time.monotonic() - alone_since > self.of.patience_s:
                    return
        finally:
            self.client.cancel(list(futures), force=True)

    def _watch(self, alone_since: float | None) -> float | None:
        """Since when there has been no worker; None while there is one."""
        n = len(self.client.scheduler_info(n_workers=-1)["workers"])
        if n != self.workers and self.workers and self.of.say is not None:
            who = "worker" if n == 1 else "workers"
            self.of.say(f"{n} {who} at work, {self.workers} before")
        self.workers = n
        if n:
            return None
        return time.monotonic() if alone_since is None else alone_since


def _is_whole(address: str) -> None:
    """Refuse what is no address before a client waits a minute for it to answer.

    Raises
    ------
    ValueError
        There is no scheme, host or port.
    """
    from distributed.comm.addressing import get_address_host_port, parse_address

    parse_address(address, strict=True)
    get_address_host_port(address)


def _is_lost(future: Future) -> bool:
    """Whether work ended because of its workers and not because of itself."""
    if future.status in ("lost", "cancelled"):
        return True
    if future.status != "error":
        return False
    from distributed.scheduler import KilledWorker

    return isinstance(future.exception(), KilledWorker)


def _one(function: Function, shared: Any, item: Any) -> Any:
    return function(shared, item)
