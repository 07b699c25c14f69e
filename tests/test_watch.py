"""Watching a workbook: only changes are solved again, errors are shown, and the open page has the new report."""

from __future__ import annotations

import http.client
import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest

from model.analyses.questions import QUESTIONS
from model.errors import Problem
from model.study.background import Background
from model.study.begun import Run
from model.study.kept import KeptPlans, fingerprint
from model.study.live import LivePage
from model.study.progress import Progress
from model.study.reading import open_study
from model.study.run import Follower, run_study
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


ALL = [question.name for question in QUESTIONS]
ALL_BUT_FRONTIER = [name for name in ALL if name != "frontier"]


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
    """A listener that keeps what it hears, and may do something when it hears some words for the first time."""

    def __init__(self, answers: Mapping[str, Callable[[], object]] | None = None) -> None:
        self.lines: list[str] = []
        self.wrong: list[str] = []
        self._heard = queue.SimpleQueue[str]()
        self._answers = dict(answers or {})

    def say(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)
        for words in [words for words in self._answers if words in line]:
            self._answers.pop(words)()
        self._heard.put(line)

    def problems(self, problems: Sequence[Problem]) -> None:
        """Keep the errors."""
        self.wrong += [str(problem) for problem in problems if problem.is_error]
        self._heard.put(self.wrong[-1])

    def wait_for(self, words: str) -> str:
        """Return the next line or error with these words."""
        while words not in (line := self._heard.get(timeout=600)):
            pass
        return line


@contextmanager
def watching(path: Path, folder: Path, ear: Ear, *, skip: Sequence[str]) -> Iterator[Ear]:
    """Watch a workbook in another thread."""
    over = threading.Event()

    def run(*, out: Path | None, kept: KeptPlans, follower: Follower) -> Run:
        out = out or folder / "out"
        return run_study(path, folder, out=out, overwrite=True, kept=kept, follower=follower, skip=skip)

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
    with watching(path, tmp_path / "results", Ear(), skip=ALL) as ear:
        address = ear.wait_for("in a browser").split()[1]
        assert ear.wait_for("save to answer").endswith("s from save to answer")
        first = state(address)
        assert b"Small world" in get(address, "report.html")[1]
        edit(path, "facilities", "E2", -5)
        ear.wait_for("facilities!E2")
        assert state(address)["bad"]
        edit(path, "facilities", "E2", 1500)
        ear.wait_for("save to answer")
        last = state(address)
        assert (last["bad"], int(str(last["report"]))) == (False, int(str(first["report"])) + 1)
        assert "base  optimal" in str(last["news"])


FOLLOWS = "answer; frontier will follow"


@pytest.mark.slow
def test_the_plans_are_shown_first_and_the_analyses_when_they_are_done(tmp_path: Path):
    """What the page held is read while the line is said, before the watch goes on."""
    path, pages = write_xlsx(world(), tmp_path / "my.xlsx"), []
    report = tmp_path / "results" / "out" / "report.html"

    def keep() -> None:
        pages.append(report.read_text(encoding="utf-8"))

    ear = Ear({FOLLOWS: keep, "save to frontier": keep})
    with watching(path, tmp_path / "results", ear, skip=ALL_BUT_FRONTIER):
        ear.wait_for("save to frontier")
        last = state(ear.lines[0].split()[1])
    first, second = pages
    assert "Still being computed when this page was written: frontier." in first
    assert "The frontier was still being computed" in first
    assert 'data-figure="frontier"' not in first
    assert "still being computed" not in second.lower()
    assert 'data-figure="frontier"' in second
    assert (last["bad"], last["report"]) == (False, 2)
    assert (report.parent / "data" / "frontier.csv").read_text(encoding="utf-8").count("\n") > 2


@pytest.mark.slow
def test_a_save_ends_the_analyses_of_the_workbook_before(tmp_path: Path):
    """The workbook is saved while the first answer is given, so before its analyses can be over."""
    path = write_xlsx(world(), tmp_path / "my.xlsx")
    ear = Ear({FOLLOWS: lambda: edit(path, "prices", "C3", 90000)})
    with watching(path, tmp_path / "results", ear, skip=ALL_BUT_FRONTIER):
        ear.wait_for("save to frontier")
    said = [line.partition(": ")[2].partition(" s ")[2] or line for line in ear.lines[1:]]
    assert said == [
        "from save to answer; frontier will follow", "a newer save: frontier of the one before is stopped",
        "from save to answer; frontier will follow", "from save to frontier",
    ]  # fmt: skip
    kept = openpyxl.load_workbook(tmp_path / "results" / "out" / "inputs" / "my.xlsx")
    assert kept["prices"]["C3"].value == 90000


@pytest.mark.slow
def test_errors_leave_the_analyses_of_the_last_good_workbook_alone(tmp_path: Path):
    """They are of what the page shows, and its list of errors stays."""
    path = write_xlsx(world(), tmp_path / "my.xlsx")
    ear = Ear({FOLLOWS: lambda: edit(path, "facilities", "E2", -5)})
    with watching(path, tmp_path / "results", ear, skip=ALL_BUT_FRONTIER):
        ear.wait_for("save to frontier")
        last = state(ear.lines[0].split()[1])
    assert "facilities!E2" in ear.wrong[0]
    assert last["bad"]
    assert "facilities!E2" in str(last["news"])


@pytest.mark.slow
def test_analyses_that_are_killed_are_reported_as_lost(tmp_path: Path):
    background = Background()
    study = open_study(write_xlsx(world(), tmp_path / "my.xlsx"), skip=ALL_BUT_FRONTIER)
    background.start(study, ["base"], Progress())
    assert background._process is not None
    background._process.kill()
    background._process.join()
    ended = background.poll()
    assert ended is not None
    assert [model["status"] for found in ended.findings for model in found.models] == ["lost"]
    assert not background.stop()


def test_the_page_answers_this_computer_only():
    page = LivePage()
    try:
        assert b"<iframe" in get(page.address, "")[1]
        assert get(page.address, "", "example.org")[0] == HTTPStatus.FORBIDDEN
        assert get(page.address, "report.html")[0] == HTTPStatus.NOT_FOUND  # there is none yet
        assert get(page.address, "../run.py")[0] == HTTPStatus.NOT_FOUND
    finally:
        page.close()
