"""The search for input that breaks lodeplan: a fixed share of it, and that it finds and keeps what it looks for."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from model.errors import Problem
from model.study import reading as study
from model.workbook import reader
from tests.fuzz import __main__ as command
from tests.fuzz import faults, mutations, search, slips
from tests.fuzz.meaning import Meaning, differences, find_implausible, find_wrong_kind, rule_of
from tests.fuzz.worlds import copied, grids_of, write_grids
from tests.support.sheets import small_world, write_xlsx


@pytest.mark.slow
def test_a_fixed_share_of_the_search_finds_nothing():
    found = search.search(seed=0, seconds=600, cells=40)
    assert found.cells == 40
    assert len(found.codes) >= 10
    assert found.examples == {}


@pytest.mark.slow
def test_a_fixed_share_of_typing_errors_changes_no_plan_without_a_word():
    found = search.search(seed=0, seconds=600, slips=40)
    assert found.slips == 40
    assert found.examples == {}


@pytest.mark.slow
def test_a_fixed_share_of_plans_and_damaged_files_finds_nothing():
    found = search.search(seed=0, seconds=600, solved=6, files=25)
    assert (found.solved, found.files) == (6, 25)
    assert found.examples == {}


def test_a_text_taken_for_a_number_is_a_fault():
    typed = [mutations.Mutation("demand", 2, 2026, "5 t")]
    assert faults.find_taken(typed, []) == "the text '5 t' was taken in demand, 2026, without a word"
    reported = Problem("E202", "demand", "D2", "2026", "the text '5 t'", "a number", "type one")
    assert faults.find_taken(typed, [reported]) == ""
    assert faults.find_taken([mutations.Mutation("demand", 2, 2026, "1e3")], []) == ""


def test_an_amount_that_nobody_can_mean_is_a_fault_only_where_everything_could_be_read():
    typed = [mutations.Mutation("demand", 2, 2026, 1e12)]
    assert faults.find_taken(typed, []) == "1e+12 t/yr was taken in demand, 2026, without a word"
    elsewhere = Problem("E201", "prices", "A2", "material", "the cell is blank", "it is required", "type one")
    assert faults.find_taken(typed, [elsewhere]) == ""


@pytest.mark.parametrize(
    ("sheet", "column", "row", "value", "is_meant"),
    [
        ("routes", "tariff", {}, 0.25, True),
        ("routes", "tariff", {}, 25, False),
        ("routes", "growth", {}, 1.5, True),
        ("settings", "value", {"setting": "social_discount_rate"}, 3, False),
        ("settings", "value", {"setting": "title"}, 3, True),
        ("facilities", "hurdle_rate", {}, "8 %", False),
        ("facilities", "commercial", {}, "oui", False),
        ("facilities", "commercial", {}, "Yes", True),
        ("facilities", "premium", {}, -0.1, True),
        ("facilities", "capex_usd_per_tpa", {}, -1, False),
        ("facilities", "online_year", {}, 20260, False),
        ("demand", 2026, {}, "none", True),
        ("scrap", 2026, {"quantity": "collection_rate"}, 40, False),
        ("scrap", 2026, {"quantity": "arisings"}, 40, True),
        ("changes", "value", {"sheet": "routes", "column": "tariff"}, 25, False),
        ("changes", "value", {"sheet": "routes", "column": "tariff", "operation": "multiply"}, 25, True),
    ],
)
def test_what_nobody_can_mean(sheet, column, row, value, is_meant):
    rule = rule_of(sheet, column, row)
    odd = rule is not None and (find_wrong_kind(rule, value) or find_implausible(rule, value))
    assert bool(odd) is not is_meant


def test_a_meaning_is_of_the_plan_not_of_words_and_the_order_of_rows(tmp_path):
    def meaning(**edit):
        sheets = small_world()
        sheets["facilities"][2] |= edit
        sheets["facilities"].reverse()
        return Meaning.of(study.open_study(write_xlsx(sheets, tmp_path / "world.xlsx")))

    base = Meaning.of(study.open_study(write_xlsx(small_world(), tmp_path / "world.xlsx")))
    assert differences(base, meaning()) == []
    assert differences(base, meaning(name="A mine", note="of a friend")) == []
    assert differences(base, meaning(capacity_tpa=801)) == ["facilities"]


def test_a_change_without_a_word_is_a_fault_and_a_named_one_is_not(tmp_path):
    """A duty of 0.3 for 0.25 is a legitimate other number: nothing is said of it, so as a slip it would be silent."""
    grids = grids_of(small_world())
    base = faults.try_to_read(write_grids(grids, tmp_path / "world.xlsx"))

    def fault_of(tariff):
        changed = copied(grids)
        place = changed["routes"][0].index("tariff")
        changed["routes"][1][place] = tariff
        slip = slips.Slip("percent_for_share", "routes", 1, "tariff", tariff, changed)
        read = faults.try_to_read(write_grids(changed, tmp_path / "slip.xlsx"))
        return faults.find_silent(slip, read, base.problems, Meaning.of(base.study))

    assert fault_of(0.3) == "percent_for_share in routes, tariff, changes routes without a word"
    assert fault_of(2.5) == ""
    assert fault_of(25) == ""
    assert fault_of(0.25) == ""


def test_every_kind_of_typing_error_can_be_made_and_changes_the_world():
    grids = grids_of(small_world())
    for kind, make in slips.KINDS.items():
        made = [slip for number in range(60) if (slip := make(grids, random.Random(f"{kind}/{number}"))) is not None]
        assert made, kind
        assert all(slip.kind == kind and slip.grids != grids for slip in made)
    assert grids == grids_of(small_world())


@pytest.mark.slow
def test_the_smallest_damaged_file_that_shows_a_fault_is_kept(monkeypatch, tmp_path, capsys):
    read = study.open_study

    def fail(path):
        if path.stem == "damaged":
            raise ZeroDivisionError
        return read(path)

    monkeypatch.setattr(faults, "open_study", fail)
    assert command.main(["--cells", "0", "--files", "9", "--seed", "3", "--keep", str(tmp_path)]) == 1
    (kept,) = tmp_path.iterdir()
    assert f"a file of {kept.stat().st_size} bytes" in capsys.readouterr().out
    (example,) = search.search(seed=3, seconds=600, files=4).examples.values()
    assert kept.stat().st_size <= len(example.content)


def test_the_same_seed_makes_the_same_tries():
    tries = [mutations.draw_mutations(random.Random("0/7")) for _ in range(2)]
    assert tries[0] == tries[1] != mutations.draw_mutations(random.Random("0/8"))
    grids = grids_of(small_world())
    made = [slips.draw_slip(grids, random.Random("0/7")) for _ in range(2)]
    assert made[0] == made[1] != slips.draw_slip(grids, random.Random("0/8"))


def test_the_try_that_took_the_most_memory_and_the_slowest_are_named(monkeypatch):
    memory, seconds = iter((100e6, 100e6, 130e6, 120e6)), iter((0.0, 0.5, 1.0, 1.2, 2.0, 5.0))
    monkeypatch.setattr(search, "find_peak_memory", lambda: next(memory))
    monkeypatch.setattr(search.time, "process_time", lambda: next(seconds))
    found = search.Search()
    for name in ("first", "second", "third"):
        with found.measured(name):
            pass
    assert (found.memory, found.largest) == (130e6, "second")
    assert (found.seconds, found.slowest) == (3.0, "third")
    assert "most memory: 130 MB, in the try second\nslowest: 3.0 s of processor time, the try third" in (
        command.describe(found)
    )


def test_too_much_memory_is_a_fault(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(search, "find_peak_memory", lambda: 1.6e9)
    assert command.main(["--cells", "0", "--keep", str(tmp_path)]) == 1
    assert "fault: more than 1.5 GB of memory" in capsys.readouterr().out


@pytest.fixture
def fragile(monkeypatch):
    """Reading that breaks on a word in one cell."""

    def read(path: Path):
        book = reader.read(path)
        if any(record.values.get("name") == "<b>" for record in book.tables):
            raise ZeroDivisionError
        return book

    monkeypatch.setattr(mutations, "WORDS", ("<b>", "harmless"))
    monkeypatch.setattr(study, "reader", type("Reader", (), {"read": read, "is_of_the_form": reader.is_of_the_form}))


@pytest.mark.slow
@pytest.mark.usefixtures("fragile")
def test_a_fault_is_reduced_kept_and_reported(tmp_path, capsys):
    assert command.main(["--cells", "60", "--seed", "3", "--keep", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "fault: ZeroDivisionError in test_fuzz.py, read" in printed
    assert printed.count("Mutation(") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["fault_1_cells.xlsx"]
    with pytest.raises(ZeroDivisionError):
        study.open_study(tmp_path / "fault_1_cells.xlsx")
