"""Files: what cannot be opened says why and how to go on; CSV and Excel hold the same."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font
from openpyxl.workbook import Workbook as Book

from model.workbook import archive, marking, reader
from model.workbook.codes import CODES
from tests.support.edits import edited, messages_of, problems_of, put, values_of
from tests.support.sheets import columns_of, small_world, write_csv, write_xlsx


def test_missing_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert messages_of(Path("my.xlsx")) == [CODES["E101"].example]


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 a broken archive"])
def test_file_that_is_no_workbook(content, tmp_path):
    (tmp_path / "my.xlsx").write_bytes(content)
    assert messages_of(tmp_path / "my.xlsx") == [CODES["E102"].example]


def test_password(tmp_path):
    content = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "my.xlsx").write_bytes(content)
    assert messages_of(tmp_path / "my.xlsx") == [CODES["E103"].example]


@pytest.mark.parametrize("content", [bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512), b"whatever"])
def test_older_format(content, tmp_path):
    (tmp_path / "my.xls").write_bytes(content)
    assert messages_of(tmp_path / "my.xls") == [CODES["E104"].example]


def test_single_csv_file_is_sent_to_its_folder(tmp_path):
    (tmp_path / "demand.csv").write_text("segment\n")
    assert "or give the folder the CSV files are in" in messages_of(tmp_path / "demand.csv")[0]


def test_file_held_by_another_program(tmp_path, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert messages_of(tmp_path / "my.xlsx") == [CODES["E105"].example]


def test_folder_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert [problem.code for problem in problems_of(tmp_path)] == ["E105"]


def test_folder_without_csv(tmp_path):
    (tmp_path / "my").mkdir()
    (tmp_path / "my" / "notes.txt").write_text("nothing")
    assert messages_of(tmp_path / "my") == [CODES["E106"].example]


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"PK\x03\x04\x00\x00"])
def test_csv_file_that_is_not_text(content, tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "routes.csv").write_bytes(content)
    assert messages_of(tmp_path)[0] == CODES["E107"].example


def test_csv_record_that_is_too_long(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "sources.csv").write_text('source,confidence,citation\natlas,assumed,"' + "x" * 200_000 + '"\n')
    assert [problem.code for problem in problems_of(tmp_path)] == ["E107"]


def test_csv_file_in_windows_1252(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "sources.csv").write_bytes("source,citation,confidence\natlas,Atlas minéral,assumed\n".encode("cp1252"))
    read = reader.read(tmp_path)
    assert [str(problem) for problem in read.problems] == [CODES["W504"].example]
    assert read.tables["sources"][0]["citation"] == "Atlas minéral"


# --- Formulas, and what Excel makes of what is typed -----------------------------------------------------------------


def test_formulas_with_saved_values_are_read(tmp_path):
    path = edited(
        tmp_path / "my.xlsx", put("facilities", 3, "capacity_tpa", "=750*2"), put("facilities", 4, "hurdle_rate", '=""')
    )
    # A formula whose saved value is the empty text is a blank.
    save_values(path, {"750*2": ("n", "1500"), '""': ("str", "")})
    read = reader.read(path)
    assert not read.problems
    assert read.tables["facilities"][1]["capacity_tpa"] == 1500.0
    assert read.tables["facilities"][2]["hurdle_rate"] == 0.08


def save_values(path: Path, saved: dict[str, tuple[str, str]]) -> None:
    """Put types and values beside the formulas of a workbook, as Excel does when it saves."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            text = part.decode() if name.startswith(("xl/worksheets/", "xl/workbook.xml")) else ""
            text = text.replace(' fullCalcOnLoad="1"', "")
            for formula, (kind, value) in saved.items():
                text = re.sub(
                    rf"<c ([^>]*)><f>{re.escape(formula)}</f>(?:<v ?/>|<v></v>)",  # lxml writes both tags
                    rf'<c \1 t="{kind}"><f>{formula}</f><v>{value}</v>',
                    text,
                )
            archive.writestr(name, text.encode() if text else part)


def test_stray_formatting_does_not_slow_reading(tmp_path):
    def format_last_cell(book: Book) -> None:
        for page in book.worksheets:
            page.cell(1_048_576, 16_384).font = Font(bold=True)
            page.row_dimensions[1_048_575].hidden = True

    path = edited(tmp_path / "my.xlsx", format_last_cell)
    start = time.process_time()
    assert messages_of(path) == []
    assert time.process_time() - start < 60


def test_macro_workbooks_are_read(tmp_path):
    path = write_xlsx(small_world(), tmp_path / "my.xlsx").rename(tmp_path / "my.xlsm")
    assert messages_of(path) == []


def test_csv_and_excel_hold_the_same(tmp_path):
    excel = reader.read(write_xlsx(small_world(), tmp_path / "my.xlsx"))
    text = reader.read(write_csv(small_world(), tmp_path / "my"))
    assert not text.problems
    assert values_of(text.tables) == values_of(excel.tables)
    assert [record.cells for record in text.tables] == [record.cells for record in excel.tables]


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_as_other_programs_save_it(separator, encoding, tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "minerals.csv").write_text(
        separator.join(["mineral", "name"]) + "\n" + separator.join(["ndpr", "Nd, Pr"]) + "\n", encoding=encoding
    )
    read = reader.read(tmp_path)
    assert not read.problems
    assert read.tables["minerals"][0]["name"] == "Nd, Pr"


def test_csv_with_lines_above_its_keys(tmp_path):
    """A sheet saved as it is, title, descriptions and units included, where Excel separates by semicolons."""
    write_csv(small_world(), tmp_path)
    lines = ["Demand, by segment, material, region and year;;;", "who, what;;;", ";;;t/yr"]
    rows = ["segment;material;region;2026", "defence;ndpr_oxide;USA;100"]
    (tmp_path / "demand.csv").write_text("\n".join([*lines, *rows]) + "\n")
    assert messages_of(tmp_path) == []
    assert reader.read(tmp_path).tables["demand"][0].given == {2026: 100}


def test_csv_line_numbers_count_lines(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "stages.csv").write_text('stage,order,note\nmining,1,"two\nlines"\n\nrefining,two,\n')
    assert messages_of(tmp_path) == [
        "E202 stages!B5 (order): the text 'two'; order is a number; type a number",
    ]


def test_csv_row_longer_than_its_header(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "stages.csv").write_text("stage,order\nmining,1\nrefining,2,3\n")
    assert [(problem.code, problem.cell) for problem in problems_of(tmp_path)] == [("E114", "C3")]


def test_other_files_in_a_csv_folder_are_ignored(tmp_path):
    write_csv(small_world(), tmp_path)
    for name in ("README.md", "_mine.csv", "read_me.csv", ".~lock.demand.csv", "make.py"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    assert messages_of(tmp_path) == []


def test_damaged_parts_of_a_workbook(tmp_path):
    path = write_xlsx(small_world(), tmp_path / "my.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for damaged in parts:
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part[: len(part) // 2] if name == damaged else part)
        assert {problem.code for problem in problems_of(path)} <= {"E102"}


# --- What would be lost or misread without a word -------------------------------------------------------------------


def test_formulas_that_were_never_calculated_have_no_value(tmp_path):
    """XlsxWriter, and pandas with it, saves 0 for a formula and asks for a calculation at the next opening."""
    path = tmp_path / "my.xlsx"
    book = xlsxwriter.Workbook(path)
    for name, rows in small_world().items():
        sheet = book.add_worksheet(name)
        columns = columns_of(rows)
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, [row.get(column) for column in columns])
    book.get_worksheet_by_name("facilities").write_formula("E3", "=15*100")
    book.close()
    assert [(problem.code, problem.cell) for problem in problems_of(path)] == [("E206", "E3")]


def test_a_quote_that_never_ends_is_an_error(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "stages.csv").write_text('stage,order,note\nmining,1,"the first\nrefining,2,\n')
    (message,) = messages_of(tmp_path)
    assert message == (
        "E107 stages: lines 2 to 3 cannot be read (unexpected end of data); a quotation mark may be missing; a CSV "
        "file is plain text, one record a line; save the sheet as 'CSV UTF-8'"
    )


def test_two_files_for_one_sheet(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "demand.CSV").write_bytes((tmp_path / "demand.csv").read_bytes())
    assert messages_of(tmp_path) == [CODES["E120"].example]


@pytest.mark.parametrize("settled", [False, True])
def test_a_dot_that_may_separate_thousands_in_a_text_of_a_workbook(settled, tmp_path):
    """Excel takes 1.500 for a number where the dot is the decimal sign; where it is kept as text, it may be 1500.

    Elsewhere on the sheet 12.25 as text settles that a program wrote its numbers as texts with a decimal point.
    """
    edits = [put("demand", 2, 2026, "1.500"), *([put("demand", 3, 2028, "12.25")] if settled else [])]
    said = messages_of(edited(tmp_path / "text.xlsx", *edits))
    expected = CODES["E230"].example.replace("in a file separated by semicolons", "that is stored as text")
    assert said == ([] if settled else [expected])


@pytest.mark.parametrize(
    ("other", "said"), [("7", [CODES["E230"].example]), ("0.5", []), ("12.25", []), ("7.12345", [])]
)
def test_a_dot_that_may_separate_thousands(other, said, tmp_path):
    """Where a file has a number that can only have a decimal point, its other dots are decimal points too."""
    write_csv(small_world(), tmp_path)
    (tmp_path / "demand.csv").write_text(
        f"segment;material;region;2026\ndefence;ndpr_oxide;USA;1.500\nother;ndpr_oxide;USA;{other}\n"
    )
    assert messages_of(tmp_path) == said


def test_a_point_in_a_comma_file_is_a_decimal_point(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "demand.csv").write_text("segment,material,region,2026\ndefence,ndpr_oxide,USA,1.500\n")
    assert reader.read(tmp_path).tables["demand"][0].given == {2026: 1.5}


def test_a_text_may_look_like_a_dotted_number(tmp_path):
    write_csv(small_world(), tmp_path)
    (tmp_path / "stages.csv").write_text("stage;name;order\nmining;1.500;1\nrefining;two;2\n")
    assert messages_of(tmp_path) == []
    assert reader.read(tmp_path).tables["stages"][0].text("name") == "1.500"


# --- What is in the file beside data ---------------------------------------------------------------------------------


def rewritten(tmp_path: Path, edits: dict[str, Callable[[bytes], bytes]]) -> Path:
    """The small world with some parts of its archive changed, by the end of their name."""
    source, target = write_xlsx(small_world(), tmp_path / "sound.xlsx"), tmp_path / "my.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            edit = next((edit for end, edit in edits.items() if name.endswith(end)), bytes)
            new.writestr(name, edit(old.read(name)))
    return target


def within(before: bytes, what: bytes) -> Callable[[bytes], bytes]:
    """Put something before the end of the cells, or behind it."""
    return lambda data: data.replace(b"</sheetData>", (what + b"</sheetData>") if before else (b"</sheetData>" + what))


LAST_SHEET = "sheet2.xml"
"""A part with cells: that of the sheet regions."""


def test_a_file_that_unpacks_to_more_than_a_workbook_is_refused_unread(tmp_path, monkeypatch):
    """A tenth of the limit, so that the test is quick."""
    monkeypatch.setattr(archive, "MOST_UNPACKED", archive.MOST_UNPACKED // 10)
    path = rewritten(tmp_path, {LAST_SHEET: within(b"cells", b" " * 30_000_000)})
    assert messages_of(path) == [CODES["E122"].example.replace("300 MB", "30 MB").replace("250 MB", "25 MB")]


def test_a_file_of_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_FILLED", 1000)
    (message,) = messages_of(write_xlsx(small_world(), tmp_path / "my.xlsx"))
    assert message.startswith("E122 workbook: 'my.xlsx' holds cells of ")


def test_entities_are_refused(tmp_path):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
    path = rewritten(tmp_path, {LAST_SHEET: lambda data: data.replace(b"<worksheet", bomb + b"<worksheet", 1)})
    assert messages_of(path) == [CODES["E102"].example]


def test_the_strict_form_is_named(tmp_path):
    strict, usual = (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    )
    path = rewritten(tmp_path, {".xml": lambda data: data.replace(usual, strict)})
    assert messages_of(path) == [CODES["E121"].example]


@pytest.mark.parametrize(("cells", "behind"), [
    (b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="B%d"></c></row>' % (n, n, n) for n in range(900, 20_000)), b""),
    (b"".join(b'<row r="%d" s="0" customFormat="1"/>' % n for n in range(900, 200_000)), b""),
    (b"", b'<mergeCells count="1"><mergeCell ref="AA1:AA1048576"/></mergeCells>'),
], ids=["borders", "formatted rows", "a merged column without data"])  # fmt: skip
def test_what_holds_no_data_takes_no_time(cells, behind, tmp_path):
    """The tables are those of the file without it, nothing is reported, and openpyxl never sees it."""
    edit = lambda data: within(b"", behind)(within(b"cells", cells)(data))  # noqa: E731
    path = rewritten(tmp_path, {LAST_SHEET: edit})
    assert messages_of(path) == messages_of(tmp_path / "sound.xlsx")
    assert values_of(reader.read(path).tables) == values_of(reader.read(tmp_path / "sound.xlsx").tables)
    slim, usual = (archive.open_archive("", file.read_bytes()).content for file in (path, tmp_path / "sound.xlsx"))
    assert len(slim) == len(usual)


def test_a_merged_column_is_one_problem_and_a_copy_is_made_without_it(tmp_path):
    merged = b'<mergeCells count="1"><mergeCell ref="A1:A1048576"/></mergeCells>'
    path = rewritten(tmp_path, {LAST_SHEET: within(b"", merged)})
    began = time.process_time()
    problems = problems_of(path)
    assert [str(problem)[:51] for problem in problems] == ["E115 regions!A1: the cells A1:A1048576 are merged; "]
    assert len(openpyxl.load_workbook(marking.write_checked_copy(path, problems))["regions"]._cells) < 100
    assert time.process_time() - began < 60


def test_columns_hidden_beyond_the_last_are_not_counted(tmp_path):
    columns = b'<cols><col min="40" max="2000000000" hidden="1" width="9"/></cols><sheetData>'
    path = rewritten(tmp_path, {LAST_SHEET: lambda data: data.replace(b"<sheetData>", columns)})
    assert messages_of(path) == messages_of(tmp_path / "sound.xlsx")


def test_an_empty_chart_sheet_is_left_out(tmp_path):
    """Charts on sheets of their own hold no data; one without a chart makes openpyxl fail."""
    path = write_xlsx(small_world(), tmp_path / "my.xlsx")
    before = messages_of(path)
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("Chart1")
    book.save(path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "chart.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if "chartsheets/sheet" in name and "_rels" not in name:
                data = re.sub(rb"<drawing[^>]*/>", b"", data)
            if not name.startswith(("xl/chartsheets/_rels", "xl/drawings")):
                new.writestr(name, data)
    assert messages_of(tmp_path / "chart.xlsx") == before
    assert "regions" in openpyxl.load_workbook(marking.write_checked_copy(tmp_path / "chart.xlsx", [])).sheetnames


def test_descriptions_above_the_keys_are_not_taken_for_units(tmp_path):
    """A sheet without the row of units has descriptions there; a unit that is wrong is still found."""
    header = ["segment", "material", "region", "note", 2026]
    rows = [
        ["what it is used in", "what is wanted", "where it is wanted", "anything", "tonnes wanted in the year of 2026"],
        header, ["defence", "ndpr_oxide", "USA", "", 80],
    ]  # fmt: skip
    book = openpyxl.load_workbook(write_xlsx(small_world(), tmp_path / "my.xlsx"))
    del book["demand"]
    sheet = book.create_sheet("demand")
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "described.xlsx")
    assert not [message for message in messages_of(tmp_path / "described.xlsx") if message.startswith("E117")]
    sheet["E1"] = "bushels"
    book.save(tmp_path / "wrong.xlsx")
    (message,) = [message for message in messages_of(tmp_path / "wrong.xlsx") if message.startswith("E117")]
    assert message.startswith("E117 demand!E1 (2026): the unit 'bushels' is not known")
