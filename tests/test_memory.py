"""Work during which Python's search for garbage is paused leaves no garbage behind that Python never looks at again."""

from __future__ import annotations

import gc
import weakref

import pytest

from model.memory import pause_garbage_collection

YOUNG = 1
"""Python looks at objects of this age every few thousand new ones, and at all others only after a great many."""


class Node:
    """An object that refers to itself, so that only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


def make_garbage() -> weakref.ref[Node]:
    return weakref.ref(Node())


@pytest.fixture(autouse=True)
def _searched():
    gc.collect()


@pytest.mark.parametrize("then_search", [False, True])
def test_garbage_from_before_a_pause_goes_with_the_next_search(then_search):
    garbage = make_garbage()
    with pause_garbage_collection(then_search=then_search):
        pass
    gc.collect(YOUNG)
    assert garbage() is None


@pytest.mark.parametrize("then_search", [False, True])
def test_garbage_of_a_pause_goes_with_the_next_search(then_search):
    with pause_garbage_collection(then_search=then_search):
        garbage = make_garbage()
        assert garbage() is not None
    gc.collect(YOUNG)
    assert garbage() is None


def test_a_pause_that_ends_with_a_search_leaves_no_garbage_of_its_own():
    with pause_garbage_collection(then_search=True):
        garbage = make_garbage()
    assert garbage() is None
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_pause_within_a_pause_does_nothing():
    with pause_garbage_collection(then_search=True):
        with pause_garbage_collection(then_search=True):
            garbage = make_garbage()
        assert garbage() is not None
        assert not gc.isenabled()
    assert garbage() is None
