"""An Excel file as a zip archive, and a copy without parts that hold no data: formats, borders, pictures, merges.

Borders drawn to row 50,000 are a million empty cells to a reader of workbooks. They are taken out here, before anything
is parsed, and what would unpack to more than a workbook can hold is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from openpyxl.utils.cell import column_index_from_string

from model.errors import InputError, Problem

MOST_UNPACKED = 250_000_000
"""Bytes that the parts of a workbook which hold cells may unpack to, blank cells included."""

MOST_FILLED = 60_000_000
"""Bytes of cells with something in them and of texts: about a million cells, twenty times the shipped workbook."""

LARGE = 5_000_000
"""Bytes from which a sheet is copied without its blank cells, and a file without its pictures."""

MANY = 1000
"""Merged ranges, and cells in a merged range, up to which a copy keeps them."""

_NO_DATA = re.compile(
    r"(?!.*\.(xml|rels)$)|docProps/|customXml/|xl/(worksheets/_rels|chartsheets|charts|drawings|media|comments|"
    r"threadedComments|persons|printerSettings|pivot|externalLinks|queryTables|tables|slicer|calcChain)", re.IGNORECASE
)  # fmt: skip
"""Parts without cells. Parts that are not XML have no cells either."""

_SHEET = re.compile(r"(?:^|/)worksheets/[^/]+\.xml$", re.IGNORECASE)
_BLANK_CELLS = re.compile(rb"<(?:\w+:)?c\b[^<>]*?(?:/>|></(?:\w+:)?c>)")
_BLANK_ROWS = re.compile(rb"<(?:\w+:)?row\b[^<>]*?(?:/>|>\s*</(?:\w+:)?row>)")
_NUMBERLESS = re.compile(rb"<(?:\w+:)?(?:c|row)\b(?![^<>]*\sr=)")
_END_OF_DATA = re.compile(rb"<(?:(\w+):)?sheetData\s*/>|</(?:(\w+):)?sheetData>")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^<>]*\sref=[\"']\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)[\"'][^<>]*/>"
)
_MERGES = re.compile(rb"<(?:\w+:)?mergeCells\b.*?</(?:\w+:)?mergeCells>", re.DOTALL)
_CALCULATE_ON_LOAD = re.compile(rb"<(?:\w+:)?calcPr[^>]*\bfullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_ENTITIES = b"<!DOCTYPE"
"""Not found in any genuine workbook: a few entities that refer to each other can expand to any size."""

_CHART_SHEET = "/chartsheet"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


@dataclass(frozen=True)
class Archive:
    """A workbook without what holds no data.

    Attributes:
        content: the file, to be opened by a reader of workbooks.
        merged: title of a sheet -> its merged ranges.
        is_calculated: whether the values of its formulas are saved; a file that asks to be calculated when it is opened
            was written by a program that does not calculate.
    """

    content: bytes
    merged: dict[str, tuple[Range, ...]]
    is_calculated: bool


def open_archive(name: str, content: bytes) -> Archive:
    """Return a workbook without what holds no data.

    Args:
        name: of the file, for messages.
        content: the file.

    Raises:
        InputError: it is in the strict form of the format, or too large.
        zipfile.BadZipFile, KeyError, ValueError, ET.ParseError: it is damaged, or made to harm.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = _find_book(archive)
        _refuse_strict(name, book.text)
        parts = [part for part in archive.infolist() if not _NO_DATA.match(part.filename)]
        _refuse_large(name, sum(part.file_size for part in parts), MOST_UNPACKED, "unpacks to")
        titles = {part: title for title, part in book.sheets.items()}
        merged: dict[str, tuple[Range, ...]] = {}
        filled = 0
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as slim:
            for part in parts:
                data = archive.read(part)
                if part.filename == book.part:
                    data = _without_sheets(data, book.chart_sheets)
                elif _SHEET.search(part.filename):
                    data, rest = _split_at_end_of_data(_without_blanks(data))
                    merged[titles.get(part.filename, "")] = tuple(_find_merged(rest))
                if _ENTITIES in data:
                    raise ValueError
                filled += len(data)
                _refuse_large(name, filled, MOST_FILLED, "holds cells of")
                slim.writestr(part.filename, data)
    return Archive(kept.getvalue(), merged, not _CALCULATE_ON_LOAD.search(book.text))


def lighten(content: bytes) -> bytes:
    """Return the file without what makes copying it slow: vast merges and, in a large file, blank cells and pictures.

    Args:
        content: a file that `open_archive` accepts.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = _find_book(archive)
        empty = {link: part for link, part in book.chart_sheets.items() if b"drawing" not in archive.read(part)}
        is_large = sum(part.file_size for part in archive.infolist()) > LARGE
        if not is_large and not empty and not any(_is_vast(archive.read(part)) for part in book.sheets.values()):
            return content
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as light:
            for part in archive.infolist():
                if is_large and _NO_DATA.match(part.filename):
                    continue
                data = archive.read(part)
                if part.filename == book.part:
                    data = _without_sheets(data, book.chart_sheets if is_large else empty)
                elif _SHEET.search(part.filename):
                    data = _MERGES.sub(b"", data) if _is_vast(data) else data
                    if is_large:
                        data, _ = _split_at_end_of_data(_without_blanks(data))
                light.writestr(part.filename, data)
    return kept.getvalue()


@dataclass(frozen=True)
class _Book:
    """The part of an archive that lists the sheets.

    Attributes:
        part, text: its name and content.
        sheets: title -> part of each sheet of cells.
        chart_sheets: link -> part of each sheet that is a chart.
    """

    part: str
    text: bytes
    sheets: dict[str, str]
    chart_sheets: dict[str, str]


def _find_book(archive: zipfile.ZipFile) -> _Book:
    """Find the list of sheets."""
    part = next(name for name in archive.namelist() if re.search(r"(?:^|/)workbook\.xml$", name))
    text = archive.read(part)
    folder, file = posixpath.split(part)
    links = {
        link.get("Id", ""): (link.get("Type", ""), posixpath.join("/", folder, link.get("Target", "")).lstrip("/"))
        for link in ET.fromstring(archive.read(f"{folder}/_rels/{file}.rels"))  # noqa: S314 - expat has no bombs
    }
    sheets, charts = {}, {}
    for sheet in ET.fromstring(text).iter():  # noqa: S314 - the same
        kind, target = links.get(sheet.get(_LINK, ""), ("", ""))
        if target in archive.NameToInfo and sheet.tag.endswith("}sheet"):
            if kind.endswith(_CHART_SHEET):
                charts[sheet.get(_LINK, "")] = target
            else:
                sheets[sheet.get("name", "")] = target
    return _Book(part, text, sheets, charts)


def _refuse_strict(name: str, book: bytes) -> None:
    if _STRICT in book:
        raise InputError([Problem(
            "E121", "", "", "", f"'{name}' is a 'Strict Open XML Spreadsheet'",
            "the strict form of the format is not read",
            "save it as 'Excel workbook (.xlsx)', the first of that ending in the list",
        )])  # fmt: skip


def _refuse_large(name: str, found: int, most: int, words: str) -> None:
    if found > most:
        raise InputError([Problem(
            "E122", "", "", "", f"'{name}' {words} {found / 1e6:,.0f} MB",
            f"a workbook of up to {most / 1e6:,.0f} MB is read",
            "delete rows and sheets that are not needed; in a copy, paste the values alone into the template",
        )])  # fmt: skip


def _without_sheets(book: bytes, links: dict[str, str]) -> bytes:
    """Return the list of sheets without some of them."""
    for link in links:
        book = re.sub(rb"<(?:\w+:)?sheet\b[^<>]*=[\"']" + re.escape(link.encode()) + rb"[\"'][^<>]*/>", b"", book)
    return book


def _without_blanks(sheet: bytes) -> bytes:
    """Return a sheet without blank cells and rows; as it is where cells have no address, but follow each other."""
    if _NUMBERLESS.search(sheet):
        return sheet
    return _BLANK_ROWS.sub(b"", _BLANK_CELLS.sub(b"", sheet))


def _split_at_end_of_data(sheet: bytes) -> tuple[bytes, bytes]:
    """Return the cells of a sheet as a whole part, and what comes behind them."""
    end = _END_OF_DATA.search(sheet)
    if end is None:
        return sheet, sheet
    prefix = end.group(1) or end.group(2)
    close = b"</" + (prefix + b":" if prefix else b"") + b"worksheet>"
    return sheet[: end.end()] + close, sheet[end.end() :]


def _find_merged(text: bytes) -> Iterator[Range]:
    for left, top, right, bottom in _MERGED.findall(text):
        yield int(top), column_index_from_string(left.decode()), int(bottom), column_index_from_string(right.decode())


def _is_vast(sheet: bytes) -> bool:
    """Whether a sheet has more merges, or larger ones, than a copy can keep."""
    merged = list(_find_merged(sheet))
    return len(merged) > MANY or any((low - top + 1) * (right - left + 1) > MANY for top, left, low, right in merged)
