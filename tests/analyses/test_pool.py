"""The same results one by one, in processes and on a cluster; a lost worker loses nothing but its own item."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from model.analyses.pool import do, open_pool
from model.errors import InfeasibleError, LodeplanError

pytestmark = pytest.mark.slow


def square(item: int) -> int:
    return item * item


def die_once(item: tuple[Path, int]) -> int:
    """Kill the worker the first time item 2 comes, and count how often each item is tried."""
    folder, n = item
    with (folder / str(n)).open("a", encoding="utf-8") as file:
        file.write("x")
    if n == 2 and (folder / "2").read_text(encoding="utf-8") == "x":
        os.kill(os.getpid(), signal.SIGKILL)
    return n * n


def die(item: int) -> int:
    if item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def fail_once(item: tuple[Path, int]) -> int:
    folder, n = item
    mark = folder / str(n)
    if n == 1 and not mark.exists():
        mark.touch()
        raise RuntimeError("out of luck")
    return n * n


def process_of(_item: int) -> int:
    return os.getpid()


def test_a_worker_killed_while_it_waits_is_replaced():
    with open_pool(2) as pool:
        for process in set(pool.map(process_of, range(8))):
            os.kill(process, signal.SIGKILL)
        assert pool.map(square, range(4)) == [0, 1, 4, 9]


def have_no_plan(item: int) -> int:
    raise InfeasibleError(f"no plan for {item}")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_and_are_told_one_by_one(workers):
    found = []
    with open_pool(workers) as pool:
        assert pool.map(square, range(6), lambda count, result: found.append((count, result))) == [0, 1, 4, 9, 16, 25]
    assert [count for count, _ in found] == [1, 2, 3, 4, 5, 6]
    assert {result for _, result in found} == {0, 1, 4, 9, 16, 25}


def test_a_killed_worker_loses_its_own_item_only_and_that_is_tried_again(tmp_path):
    with open_pool(2) as pool:
        assert pool.map(die_once, [(tmp_path, n) for n in range(6)]) == [0, 1, 4, 9, 16, 25]
    tries = {n: len((tmp_path / str(n)).read_text(encoding="utf-8")) for n in range(6)}
    assert tries == {0: 1, 1: 1, 2: 2, 3: 1, 4: 1, 5: 1}


def test_an_item_that_kills_twice_is_given_up_and_the_others_are_kept():
    with open_pool(2) as pool:
        assert pool.map(die, range(4), lost=lambda item: -item) == [0, -1, 4, 9]


def test_an_item_that_fails_is_tried_again(tmp_path):
    with open_pool(2) as pool:
        assert pool.map(fail_once, [(tmp_path, n) for n in range(3)]) == [0, 1, 4]


def test_a_single_item_needs_no_process():
    with open_pool(2) as pool:
        assert pool.map(process_of, [1]) == [os.getpid()]
        assert os.getpid() not in pool.map(process_of, [1, 2])


@pytest.mark.parametrize("workers", [1, 2])
def test_different_jobs_are_done_at_the_same_time(workers):
    with open_pool(workers) as pool:
        assert pool.map(do, [partial(square, 3), partial(pow, 2, 5)]) == [9, 32]


def test_a_plan_that_does_not_exist_is_not_looked_for_twice():
    with open_pool(2) as pool, pytest.raises(InfeasibleError, match="no plan for 3"):
        pool.map(have_no_plan, [3, 3])


def test_a_cluster_gives_the_item_of_a_killed_worker_to_another(tmp_path):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
        open_pool(cluster=cluster.scheduler_address) as pool,
    ):
        assert pool.map(die_once, [(tmp_path, n) for n in range(6)]) == [0, 1, 4, 9, 16, 25]


def test_a_cluster_that_does_not_answer_is_told(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("model.analyses.pool.PATIENCE", 1)
    with pytest.raises(LodeplanError, match="no Dask scheduler answers at"), open_pool(cluster="tcp://127.0.0.1:9"):
        pass
