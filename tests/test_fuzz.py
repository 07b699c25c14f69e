"""The search for input that breaks lodeplan: a fixed share of it, and that it finds and keeps what it looks for."""

from __future__ import annotations

import random

import pytest

from model.errors import Problem
from model.study import reading as study
from model.workbook import reader
from tests import fuzz


@pytest.mark.slow
def test_a_fixed_share_of_the_search_finds_nothing():
    search = fuzz.search_cells(tries=40, seconds=600, seed=0)
    assert search.tries == 40
    assert len(search.codes) >= 10
    assert search.faults == {}


@pytest.mark.slow
def test_a_fixed_share_of_plans_and_damaged_files_finds_nothing():
    search = fuzz.Search()
    fuzz.search_plans(search, solved=6, seconds=600, seed=0)
    fuzz.search_files(search, tries=25, seconds=600, seed=0)
    assert (search.solved, search.files) == (6, 25)
    assert search.faults == {}
    assert search.damaged == {}


def test_a_text_taken_for_a_number_is_a_fault():
    typed = [fuzz.Mutation("demand", 2, 2026, "5 t")]
    assert fuzz.find_taken(typed, []) == "'5 t' was taken for a number in demand, 2026"
    reported = Problem("E202", "demand", "D2", "2026", "the text '5 t'", "a number", "type one")
    assert fuzz.find_taken(typed, [reported]) == ""
    assert fuzz.find_taken([fuzz.Mutation("demand", 2, 2026, "1e3")], []) == ""


@pytest.mark.slow
def test_the_smallest_damaged_file_that_shows_a_fault_is_kept(monkeypatch, tmp_path, capsys):
    def fail(_path):
        raise ZeroDivisionError

    monkeypatch.setattr(fuzz, "open_study", fail)
    assert fuzz.main(["--cells", "0", "--files", "9", "--seed", "3", "--keep", str(tmp_path)]) == 1
    (kept,) = tmp_path.iterdir()
    assert f"a file of {kept.stat().st_size} bytes" in capsys.readouterr().out
    search = fuzz.Search()
    fuzz.search_files(search, tries=4, seconds=600, seed=3)
    ((_, content),) = search.damaged.values()
    assert kept.stat().st_size <= len(content)


def test_the_same_seed_makes_the_same_tries():
    tries = [fuzz.draw_mutations(random.Random("0/7")) for _ in range(2)]
    assert tries[0] == tries[1] != fuzz.draw_mutations(random.Random("0/8"))


@pytest.fixture
def fragile(monkeypatch):
    """Reading that breaks on a word in one cell."""

    def read(path):
        book = reader.read(path)
        if any(record.values.get("name") == "<b>" for record in book.tables):
            raise ZeroDivisionError
        return book

    monkeypatch.setattr(fuzz, "WORDS", ("<b>", "harmless"))
    monkeypatch.setattr(study, "reader", type("Reader", (), {"read": read, "is_of_the_form": reader.is_of_the_form}))


@pytest.mark.slow
@pytest.mark.usefixtures("fragile")
def test_a_fault_is_reduced_kept_and_reported(tmp_path, capsys):
    assert fuzz.main(["--cells", "60", "--seed", "3", "--keep", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "fault: ZeroDivisionError in test_fuzz.py, read" in printed
    assert printed.count("Mutation(") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["fault_1.xlsx"]
    with pytest.raises(ZeroDivisionError):
        study.open_study(tmp_path / "fault_1.xlsx")
