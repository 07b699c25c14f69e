"""report.html as text: one file, nothing from outside, text escaped, tables that hold what data/*.csv holds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from model.report import html
from model.report.content import Content
from model.report.encoding import embed, encode, in_series
from model.report.figures import find_sections
from model.report.html import find_policy, write_page
from model.report.page_data import find_data
from model.report.verdict import Verdicts
from model.results.columns import ANALYSIS_TABLES
from tests.support.reports import FORMULA, SCRIPT, analyses, read


@pytest.fixture(scope="module")
def content(reported) -> Content:
    return read(reported)


@pytest.fixture(scope="module")
def text(reported) -> str:
    return (reported.folder / "report.html").read_text(encoding="utf-8")


class Tags(HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.found.append((tag, dict(attrs)))


def test_nothing_is_fetched(text):
    """No element names anything outside the page, and its policy forbids what a script might try."""
    tags = Tags(text).found
    assert not [tag for tag, given in tags if "src" in given or tag in {"link", "img", "iframe", "object", "embed"}]
    assert all(str(given["href"]).startswith("#") for _, given in tags if "href" in given)
    policy = next(given["content"] for tag, given in tags if given.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy.split("style-src")[0]


def test_scripts_are_the_ones_the_policy_names(text):
    data, plotly, page = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    assert find_policy([plotly, page]).replace("'", "&#39;") in text
    assert json.loads(data)["titles"]["base"] == "Base plan"


def test_text_of_the_workbook_is_escaped(text):
    assert SCRIPT not in text
    assert "</script><img" not in text
    assert "&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt;" in text
    assert '<a href="javascript' not in text


def test_embedded_data_cannot_leave_its_element():
    hostile = {"a": "</script><script>alert(1)//", "b": "<!--", "c": "&\u2028", "d": "\ud800"}
    embedded = embed(hostile)
    assert not set("<>&\u2028") & set(embedded)
    assert json.loads(embedded) == hostile


def decode(raw: dict[str, object]) -> pd.DataFrame:
    """A table as the script of the page reads it."""
    columns = {}
    for key, column in raw["columns"].items():
        if not isinstance(column, dict):
            columns[key] = column
            continue
        codes, step = column.get("codes", []), int("ramps" in column)
        pieces = column.get("runs", []) or column.get("ramps", [])
        for first, length in zip(pieces[::2], pieces[1::2], strict=True):
            codes += [first + step * n for n in range(length)]
        columns[key] = [column["words"][code] for code in codes]
    return pd.DataFrame(columns)


def test_tables_are_read_back_as_they_were():
    """Numbers to nine digits, words and years as they are, blanks as blanks; what repeats is written once."""
    table = pd.DataFrame(
        {
            "scenario": ["a"] * 4 + ["b"],
            "material": ["x", "y", "x", "y", "x"],
            "year": [2026, 2027, 2028, 2029, 2026],
            "t": [1.0, float("nan"), 1 / 3, 2.5, 0.0],
        }
    )
    table["year"] = table["year"].astype("Int64")
    table.loc[1, "year"] = pd.NA
    encoded = encode(table)
    assert encoded == {
        "length": 5,
        "columns": {
            "scenario": {"words": ["a", "b"], "runs": [0, 4, 1, 1]},
            "material": {"words": ["x", "y"], "codes": [0, 1, 0, 1, 0]},
            "year": {"words": [2026, None, 2028, 2029], "ramps": [0, 4, 0, 1]},
            "t": [1, None, 0.333333333, 2.5, 0],
        },
    }
    assert decode(encoded)["scenario"].tolist() == ["a", "a", "a", "a", "b"]
    assert decode(encoded)["year"].tolist()[2:] == [2028, 2029, 2026]


def test_the_years_of_a_series_stand_together():
    table = pd.DataFrame({"material": ["x", "y", "x"], "year": [2026, 2026, 2027], "t": [1.0, 2.0, 3.0]})
    assert in_series(table)["t"].tolist() == [1.0, 3.0, 2.0]


@pytest.mark.parametrize(
    ("name", "column"),
    [("mix", "t"), ("exposure", "controlled_share"), ("awards", "paid_usd_million"),
     ("payments", "back_usd_million"), ("cost_terms", "usd_million"), ("projects", "capex_usd_million")],
)  # fmt: skip
def test_the_page_holds_the_numbers_of_the_files(text, reported, name, column):
    tables = json.loads(re.findall(r'id="data">(.*?)</script>', text, re.DOTALL)[0])["tables"]
    source, whole = {
        "payments": ("award_years", column), "cost_terms": ("costs", "discounted_usd_million"),
        "projects": ("builds", column),
    }.get(name, (name, column))  # fmt: skip
    file = pd.read_csv(reported.folder / "data" / f"{source}.csv")
    assert decode(tables[name])[column].sum() == pytest.approx(file[whole].sum(), rel=1e-6)


def test_sections_follow_what_ran(content):
    plain = {name: rows for name, rows in content.tables.items() if name not in ANALYSIS_TABLES}
    assert "analyses" not in [section.id for section in find_sections(replace(content, tables=plain))]
    ran = replace(content, tables={**plain, **analyses()})
    figures = [figure.id for section in find_sections(ran) for figure in section.figures]
    assert figures[-len(analyses()) :] == [name for name in ANALYSIS_TABLES if name in analyses()]
    assert set(find_data(ran)["tables"]) >= {"frontier", "stress", "alternatives"}


def test_hostile_names_stand_in_the_data(content):
    assert find_data(content)["names"]["facilities"]["home_refinery"] == FORMULA


def test_a_run_without_any_plan_still_has_a_page(tmp_path, content):
    gone = tuple(replace(scenario, status="limit", message="time is up") for scenario in content.scenarios)
    empty = replace(content, scenarios=gone, tables={})
    text = write_page(tmp_path / "none.html", empty, Verdicts(empty)).read_text(encoding="utf-8")
    assert text.count("time is up") >= 3


# -- the script of the page -------------------------------------------------------------------------------------------
MODULES = {path.stem: path for path in (Path(html.__file__).parent / "templates" / "page").iterdir()}


def test_every_module_of_the_script_is_in_the_page():
    """Those with figures are found by their names; the others are named in their order."""
    assert {name for name in MODULES if not name.startswith("figures_")} == {*html.BEFORE, *html.AFTER}
    script = html.read_script()
    assert all(path.read_text(encoding="utf-8") in script for path in MODULES.values())
    assert "</script" not in script


def test_modules_of_the_script_are_small_enough_to_read():
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: n for name, n in lines.items() if n > 320} == {}


@pytest.mark.skipif(not shutil.which("node"), reason="Node is missing: apt-get install nodejs")
def test_the_script_is_valid(tmp_path):
    (tmp_path / "page.js").write_text(html.read_script(), encoding="utf-8")
    node = str(shutil.which("node"))
    done = subprocess.run([node, "--check", tmp_path / "page.js"], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_how_firm_the_numbers_are_is_shown_as_counted(text, content):
    for grade in content.grades:
        cells = f'<td class="number">{grade.numbers:,}</td><td class="number">{grade.rows:,}</td>'
        assert f'<tr><th scope="row">{grade.confidence}</th>{cells}</tr>' in text
    assert sum(grade.rows for grade in content.grades) > 0
