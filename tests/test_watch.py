"""Watching a workbook: only changes are solved again, errors are shown, and the open page has the new report."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest

from model.errors import Problem
from model.study.kept import KeptPlans, fingerprint
from model.study.live import LivePage
from model.study.run import Run, run_study
from model.study.watch import watch
from tests.support.sheets import Sheets, small_world, write_xlsx
from tests.support.tables import tables_of


def world() -> Sheets:
    """The small world with a second plan that pays more in China."""
    sheets = small_world()
    sheets["scenarios"].append({"scenario": "dear", "title": "Dear"})
    sheets["changes"].append({"scenario": "dear", "sheet": "prices", "where": "material=ndpr_oxide", "years": "2030",
                              "operation": "multiply", "value": 2})  # fmt: skip
    return sheets


def edit(path: Path, sheet: str, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_only_what_has_changed_is_solved_again(tmp_path: Path):
    path, kept = write_xlsx(world(), tmp_path / "my.xlsx"), KeptPlans()

    def outcomes() -> dict[str, object]:
        run = run_study(
            path, tmp_path / "results", out=tmp_path / "out", overwrite=True, kept=kept, skip=("stress", "hedge")
        )
        assert run.exit_code == 0
        return {outcome.scenario: outcome for outcome in run.outcomes}

    first = outcomes()
    edit(path, "changes", "G3", 3)
    second = outcomes()
    assert list(second) == ["base", "dear"]
    assert second["base"] is first["base"]
    assert second["dear"] is not first["dear"]
    edit(path, "prices", "C3", 90000)
    assert not {id(outcome) for outcome in outcomes().values()} & {id(outcome) for outcome in second.values()}


def test_what_decides_a_plan_is_in_its_fingerprint():
    before = fingerprint(tables_of(world()), "base")
    others = world()
    others["scenarios"][-1]["title"] = "Dearer"
    others["changes"][-1]["value"] = 5
    assert fingerprint(tables_of(others), "base") == before
    for sheet, column, value in (
        ("demand", 2030, 141),
        ("facilities", "lead_time_years", 2),
        ("settings", "value", "x"),
        ("sources", "confidence", "published"),
    ):
        changed = world()
        changed[sheet][0][column] = value
        assert fingerprint(tables_of(changed), "base") != before
    assert fingerprint(tables_of(world()), "base", 10.0) != before


class Ear:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.wrong: list[str] = []
        self.heard = threading.Semaphore(0)

    def say(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)
        self.heard.release()

    def problems(self, problems: Sequence[Problem]) -> None:
        """Keep the errors."""
        self.wrong += [str(problem) for problem in problems if problem.is_error]
        self.heard.release()


@contextmanager
def watching(path: Path, folder: Path) -> Iterator[Ear]:
    """Watch a workbook in another thread."""
    ear, over = Ear(), threading.Event()

    def run(*, out: Path | None, kept: KeptPlans) -> Run:
        return run_study(path, folder, out=out or folder / "out", overwrite=True, kept=kept, skip=("stress", "hedge"))

    thread = threading.Thread(target=watch, args=(path, run, ear), kwargs={"go_on": lambda: not over.is_set()})
    thread.start()
    try:
        yield ear
    finally:
        over.set()
        thread.join(60)


def get(address: str, path: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
    """Status and body of what a page on this computer answers."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port or 0, timeout=600)
    connection.request("GET", f"/{path}", headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.read()


def state(address: str) -> dict[str, object]:
    return dict(json.loads(get(address, "state?since=-1")[1]))


@pytest.mark.slow
def test_a_saved_workbook_is_answered_and_its_errors_are_told(tmp_path: Path):
    path = write_xlsx(world(), tmp_path / "my.xlsx")
    with watching(path, tmp_path / "results") as ear:
        assert ear.heard.acquire(timeout=600)
        address = ear.lines[0].split()[1]
        assert ear.heard.acquire(timeout=600)
        assert ear.lines[1].endswith("s from save to answer")
        first = state(address)
        assert b"Small world" in get(address, "report.html")[1]
        edit(path, "facilities", "E2", -5)
        assert ear.heard.acquire(timeout=600)
        assert "E206" in ear.wrong[0] or "facilities!E2" in ear.wrong[0]
        assert state(address)["bad"]
        edit(path, "facilities", "E2", 1500)
        assert ear.heard.acquire(timeout=600)
        last = state(address)
        assert (last["bad"], int(str(last["report"]))) == (False, int(str(first["report"])) + 1)
        assert "base  optimal" in str(last["news"])


def test_the_page_answers_this_computer_only():
    page = LivePage()
    try:
        assert b"<iframe" in get(page.address, "")[1]
        assert get(page.address, "", "example.org")[0] == HTTPStatus.FORBIDDEN
        assert get(page.address, "report.html")[0] == HTTPStatus.NOT_FOUND  # there is none yet
        assert get(page.address, "../run.py")[0] == HTTPStatus.NOT_FOUND
    finally:
        page.close()
