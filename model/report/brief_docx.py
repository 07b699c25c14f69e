"""brief.docx: the brief of the first scenario on a page, with its two figures as pictures, to paste elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from model.report import support_tables
from model.report.answers import Answer
from model.report.brief import Briefs
from model.report.content import Content
from model.report.palette import BAD
from model.report.pictures import Line, draw_lines
from model.report.scenario import Scenario
from model.report.summary_sheet import subtitle
from model.report.table_sheet import clean
from model.workbook.formatting import amount, percent

_MARGIN, _PICTURE = Cm(1.4), Cm(7.6)
_TITLE, _HEADING, _NUMBER, _TEXT = Pt(14), Pt(9.5), Pt(10.5), Pt(7.5)


def write_brief(path: Path, content: Content) -> Path:
    """Write the brief of the scenario a page opens with; without a plan it says so."""
    document = Document()
    document.core_properties.title, document.core_properties.author = clean(content.title), "lodeplan"
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.name = "Arial"
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    _write(document, content.title, _TITLE, bold=True)
    _write(document, subtitle(content), _TEXT)
    scenario = next((one for one in content.solved if one.name == content.first), None)
    if scenario is None:
        _write(document, "There is no plan.", _NUMBER, bold=True)
    else:
        _write(document, scenario.title, _NUMBER, bold=True)
        answers = Briefs(content, (scenario,)).of(scenario.name)
        for answer in answers:
            _write_answer(document, answer)
        pictures = list(find_pictures(content, scenario, answers))
        if pictures:
            _write(document, "", _TEXT)
            cells = document.add_table(rows=1, cols=len(pictures)).rows[0].cells
            for cell, picture in zip(cells, pictures, strict=True):
                cell.paragraphs[0].add_run().add_picture(BytesIO(picture), width=_PICTURE)
    document.save(str(path))
    return path


def _write(document: DocumentType, text: str, size: Pt, *, bold: bool = False, bad: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(0)
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = size, bold
    if bad:
        run.font.color.rgb = RGBColor.from_string(BAD.removeprefix("#"))
    return paragraph


def _write_answer(document: DocumentType, answer: Answer) -> None:
    """Write the question, its numbers in a line, and its sentences."""
    heading = _write(document, answer.question, _HEADING, bold=True)
    heading.paragraph_format.space_before, heading.paragraph_format.keep_with_next = Pt(4), True
    if answer.facts:
        numbers = _write(document, "", _NUMBER)
        for n, fact in enumerate(answer.facts):
            number = numbers.add_run(f"{'     ' if n else ''}{clean(fact.number)}")
            number.font.size, number.bold = _NUMBER, True
            if answer.is_bad:
                number.font.color.rgb = RGBColor.from_string(BAD.removeprefix("#"))
            numbers.add_run(f" {clean(fact.words)}").font.size = _TEXT
    for line in answer.lines:
        together = line.replace(" %", "\N{NO-BREAK SPACE}%")
        paragraph = _write(document, f"\N{BULLET} {together}", _TEXT)
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.3), Cm(-0.3)


def find_pictures(content: Content, scenario: Scenario, answers: tuple[Answer, ...]) -> Iterator[bytes]:
    """Draw the exposed shares of the worst minerals, and the frontier or, without one, what support takes.

    Args:
        content: of the run.
        scenario: the plan.
        answers: of its brief.
    """
    curves = {answer.topic: answer.curves for answer in answers if answer.curves}
    if "exposure" in curves:
        lines = [Line(curve.name, curve.x, curve.y) for curve in curves["exposure"]]
        yield draw_lines("Demand that depends on regions of concern", lines, percent, "share of the demand")
    if "frontier" in curves:
        lines = [Line(curve.name, [100 * x for x in curve.x], curve.y) for curve in curves["frontier"]]
        yield draw_lines("What less exposure costs", lines, amount, "USD million, over the exposure index in percent")
    else:
        lines = list(_support_lines(content, scenario.name))
        if lines:
            yield draw_lines("What public support takes in a year", lines, amount, "USD million")


def _support_lines(content: Content, scenario: str) -> Iterator[Line]:
    """What the support of all pots takes over the years of the plan, as expected and in a slump."""
    rows = support_tables.payments(content)
    if not len(rows):
        return
    rows = rows[(rows["scenario"] == scenario) & rows["year"].isin(content.years)]
    years = rows.groupby("year")[["outlay_usd_million", "stress_usd_million"]].sum()
    for column, name in (("outlay_usd_million", "as expected"), ("stress_usd_million", "in a slump")):
        if len(years):
            yield Line(name, [float(year) for year in years.index], years[column].tolist())
