"""Nothing random decides whether the tests pass: `python -m tests.fuzz` is the search without an end."""

from __future__ import annotations

import pytest
from hypothesis import settings

from model.study.run import Run
from tests.support.reports import make_run

# Each test draws the same examples on every run, none is kept from an earlier one, and a busy machine fails nothing.
settings.register_profile("gate", derandomize=True, database=None, deadline=None)
settings.load_profile("gate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is not marked slow is fast."""
    for item in items:
        if not item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.fast)


@pytest.fixture(scope="session")
def reported(tmp_path_factory) -> Run:
    """The run that the tests of the reports read; nothing in its folder may be changed."""
    return make_run(tmp_path_factory.mktemp("reported"))
