"""brief.docx opened again: its sentences are those of the brief, its pictures are pictures, and it fits a page."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from PIL import Image

from model.report.brief import Briefs
from model.report.brief_docx import write_brief
from model.report.content import Content
from model.report.pictures import HEIGHT, WIDTH, Line, draw_lines
from model.workbook.formatting import percent
from tests.support.reports import SCRIPT, analyses, read


@pytest.fixture(scope="module")
def content(reported) -> Content:
    found = read(reported)
    return replace(found, tables={**found.tables, **analyses()})


def pictures_in(path: Path) -> list[Image.Image]:
    parts = docx.Document(str(path)).part.package.iter_parts()
    return [Image.open(BytesIO(part.blob)) for part in parts if str(part.partname).endswith(".png")]


def test_every_number_and_sentence_of_the_brief_is_there(content, tmp_path):
    text = [paragraph.text for paragraph in docx.Document(str(write_brief(tmp_path / "b.docx", content))).paragraphs]
    assert text[0] == f"Small world {SCRIPT}"
    answers = Briefs(content).of("base")
    assert answers
    for answer in answers:
        assert answer.question in text
        for fact in answer.facts:
            assert any(fact.number in line and fact.words in line for line in text)
        for line in answer.lines:
            assert f"\N{BULLET} {line}".replace(" %", "\N{NO-BREAK SPACE}%") in text


def test_the_two_figures_are_pictures(content, reported, tmp_path):
    """Of the run itself, without a frontier, the second shows what support takes."""
    for path in (write_brief(tmp_path / "b.docx", content), reported.folder / "brief.docx"):
        pictures = pictures_in(path)
        assert [picture.size for picture in pictures] == [(WIDTH, HEIGHT)] * 2
        assert all(len(picture.getcolors(1_000_000) or ()) > 10 for picture in pictures)


def test_a_line_stands_where_its_numbers_say():
    """Two years at half of the axis: the line is level, midway between the ground and the top."""
    picture = Image.open(BytesIO(draw_lines("title", [Line("one", [2026, 2030], [0.5, 0.5]),
                                                      Line("two", [2026, 2030], [1, 1])], percent)))  # fmt: skip
    dark = [y for y in range(HEIGHT) if sum(picture.getpixel((500, y))) < 400]
    assert any(abs(y - (115 + (HEIGHT - 115 - 60) / 2)) < 3 for y in dark)


def test_without_a_plan_it_says_so(content, tmp_path):
    gone = tuple(replace(scenario, status="infeasible") for scenario in content.scenarios)
    path = write_brief(tmp_path / "none.docx", replace(content, scenarios=gone, tables={}))
    assert [paragraph.text for paragraph in docx.Document(str(path)).paragraphs][-1] == "There is no plan."


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("lowriter"), reason="Writer is missing: apt-get install libreoffice-writer")
def test_it_is_one_page(content, tmp_path):
    path = write_brief(tmp_path / "brief.docx", content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    assert (tmp_path / "brief.pdf").read_bytes().count(b"/Type/Page/") == 1
