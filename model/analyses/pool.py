"""Independent solves: one after another, in several processes on this machine, or on a Dask cluster.

Results come in the order of the items, whichever worker found them. A worker that fails or is killed loses
only its own item, which is tried once more.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Protocol, TypeVar

from model.analyses.workers import ignore_interrupts, live_with_parent, spawning
from model.errors import LodeplanError

Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE = 10
"""Seconds a Dask scheduler has to answer."""


class Pool(Protocol):
    """Something that applies a function to independent items."""

    def map(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        done: Callable[[int, Result], None] = ...,
        lost: Callable[[Item], Result] | None = ...,
    ) -> list[Result]:
        """Apply a function to every item.

        Args:
            function: what is done, at the top of a module, so that another process finds it by name.
            items: what it is done to.
            done: called with the number of results so far and the result, as soon as it is there.
            lost: what stands for the result of an item that has cost two workers their lives; without it the run ends.

        Returns:
            The results, in the order of the items.
        """

    def close(self, *, at_once: bool = False) -> None:
        """End what is still at work, at once or when it is done."""


def do(job: Callable[[], Result]) -> Result:
    """Run a job; for items that are themselves functions."""
    return job()


def ignore_progress(_count: int, _result: object) -> None:
    """Do nothing."""


class OneByOne:
    """No workers: every item is done at once in this process."""

    def map(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        done: Callable[[int, Result], None] = ignore_progress,
        lost: Callable[[Item], Result] | None = None,  # noqa: ARG002 - there is no worker to lose
    ) -> list[Result]:
        """Return the results, in the order of the items."""
        results = []
        for item in items:
            results.append(function(item))
            done(len(results), results[-1])
        return results

    def close(self, *, at_once: bool = False) -> None:
        """Do nothing: there are no workers."""


class Processes:
    """Processes on this machine, each in an executor of its own: where one is killed, the others go on."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._lanes: list[ProcessPoolExecutor] = []

    def map(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        done: Callable[[int, Result], None] = ignore_progress,
        lost: Callable[[Item], Result] | None = None,
    ) -> list[Result]:
        """Return the results, in the order of the items."""
        if len(items) == 1:
            # A process takes a second to start, and there is nothing to share out.
            return OneByOne().map(function, items, done)
        results: dict[int, Result] = {}
        waiting, failed = deque(range(len(items))), set[int]()
        # Each executor holds several file descriptors: no more of them than there are items.
        while len(self._lanes) < min(self._count, len(items)):
            self._lanes.append(_new_lane())
        free = deque(range(len(self._lanes)))
        running: dict[Future[Result], tuple[int, int]] = {}
        while waiting or running:
            while waiting and free:
                lane, n = free.popleft(), waiting.popleft()
                running[self._submit(lane, function, items[n])] = lane, n
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                lane, n = running.pop(future)
                free.append(lane)
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    self._replace(lane)
                if error is None:
                    results[n] = future.result()
                elif n not in failed and not isinstance(error, LodeplanError):
                    failed.add(n)
                    waiting.append(n)
                    continue
                elif lost is not None and isinstance(error, BrokenProcessPool):
                    results[n] = lost(items[n])
                else:
                    raise error
                done(len(results), results[n])
        return [results[n] for n in range(len(items))]

    def _submit(self, lane: int, function: Callable[[Item], Result], item: Item) -> Future[Result]:
        with ignore_interrupts():
            try:
                return self._lanes[lane].submit(function, item)
            except BrokenProcessPool:  # Killed while it had nothing to do.
                self._replace(lane)
                return self._lanes[lane].submit(function, item)

    def _replace(self, lane: int) -> None:
        self._lanes[lane].shutdown(wait=False)
        self._lanes[lane] = _new_lane()

    def close(self, *, at_once: bool = False) -> None:
        """End the processes.

        Args:
            at_once: do not wait for what they are working on.
        """
        for lane in self._lanes:
            if at_once:
                for process in multiprocessing.active_children():
                    process.terminate()
            lane.shutdown(wait=not at_once, cancel_futures=True)


def _new_lane() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=spawning(), initializer=live_with_parent)


class Cluster:
    """The workers of a Dask cluster, on which this package has to be installed."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra that only clusters need
        except ImportError as error:
            raise LodeplanError("--cluster needs the package distributed: pip install lodeplan[cluster]") from error
        try:
            self._client = Client(address, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise LodeplanError(f"no Dask scheduler answers at {address}: {error}") from error

    def map(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        done: Callable[[int, Result], None] = ignore_progress,
        lost: Callable[[Item], Result] | None = None,
    ) -> list[Result]:
        """Return the results, in the order of the items."""
        from distributed import KilledWorker, as_completed  # noqa: PLC0415 - an extra that only clusters need

        # Dask itself gives the items of a lost worker to another one; `retries` is for items that raise.
        futures = {self._client.submit(function, item, pure=False, retries=1): n for n, item in enumerate(items)}
        results: dict[int, Result] = {}
        for future in as_completed(futures):
            n = futures[future]
            try:
                results[n] = future.result()
            except KilledWorker:
                if lost is None:
                    raise
                results[n] = lost(items[n])
            done(len(results), results[n])
        return [results[n] for n in range(len(items))]

    def close(self, *, at_once: bool = False) -> None:  # noqa: ARG002 - others may be using the cluster
        """Leave the cluster; it stays up."""
        self._client.close()


@contextmanager
def open_pool(workers: int = 1, cluster: str = "") -> Iterator[Pool]:
    """A pool for as long as it is needed.

    Raises:
        LodeplanError: the cluster cannot be reached.
    """
    if not cluster and workers <= 1:
        yield OneByOne()
        return
    pool = Cluster(cluster) if cluster else Processes(workers)
    try:
        yield pool
    except BaseException:
        pool.close(at_once=True)
        raise
    pool.close()
