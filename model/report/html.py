"""report.html: one page that needs nothing but itself: its tables are embedded, its scripts bound by hash."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from model.memory import pause_garbage_collection
from model.report import palette
from model.report.brief import Briefs
from model.report.content import Content
from model.report.encoding import embed
from model.report.figures import CHANGED, find_sections
from model.report.page_data import find_data, find_labels
from model.report.sentences import Sentence
from model.report.sheets import find_shown
from model.report.sparks import draw_curves
from model.report.summary_sheet import subtitle
from model.report.verdict import Verdicts

BEFORE, AFTER = ("tables", "words", "elements", "layouts", "columns", "flows"), ("views", "saving", "drawing")
"""Modules of the page's script in `templates/page` that come before and after those with figures, in their order."""


@pause_garbage_collection()
def write_page(path: Path, content: Content, verdicts: Verdicts) -> Path:
    """Write report.html to `path`."""
    environment = Environment(
        loader=PackageLoader("model.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    sections = find_sections(content)
    data = embed(find_data(content))
    plotly = read_plotly()
    script = read_script()
    text = environment.get_template("page.html").render(
        content=content, verdicts=verdicts, briefs=Briefs(content), finding=report_finding, curves=draw_curves,
        subtitle=subtitle(content),
        style=(resources.files("model.report") / "templates" / "page.css").read_text(encoding="utf-8"),
        policy=find_policy([plotly, script]), data=data, plotly=plotly, script=script, sections=sections,
        changed=CHANGED,
        links=[("brief", "Brief"), ("verdict", "Verdict"), *((section.id, section.title) for section in sections),
                  ("inputs", "Assumptions"), ("run", "Run")],
        first_shown=content.report_years[len(content.report_years) // 2],
        palette={"pathway": palette.PATHWAY, "met": palette.MET}, labels=find_labels(content),
        run=_run_rows(content),
    )  # fmt: skip
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return path


def report_finding(sentence: Sentence) -> Markup:
    """A sentence of the verdict with its details; text is escaped."""
    mark = ' class="versus"' if sentence.topic == "cost" else ""
    details = Markup("").join(Markup("<li>{}</li>").format(detail) for detail in sentence.details)
    listed = Markup("<ul>{}</ul>").format(details) if sentence.details else Markup("")
    text = Markup("<span{}>{}</span>").format(Markup(mark), escape(sentence.text))  # noqa: S704 - mark is a constant
    return Markup('<div class="finding">{}{}</div>').format(text, listed)


def read_script() -> str:
    """The script of the page: its modules one after the other, in a scope of their own."""
    modules = resources.files("model.report") / "templates" / "page"
    figures = sorted(module.name for module in modules.iterdir() if module.name.startswith("figures_"))
    names = [*(f"{name}.js" for name in BEFORE), *figures, *(f"{name}.js" for name in AFTER)]
    text = "\n".join((modules / name).read_text(encoding="utf-8") for name in names)
    return f'"use strict";\n(() => {{\n{text}}})();\n'


def read_plotly() -> str:
    """Return the script of Plotly, licence on top; `.ci/plotly` builds it of the traces that the page draws."""
    return (resources.files("model.report") / "templates" / "plotly.min.js").read_text(encoding="utf-8")


def find_policy(scripts: Sequence[str]) -> str:
    """What the page may do: run these very scripts, and nothing over any network."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'"


def _run_rows(content: Content) -> list[tuple[str, str]]:
    shown = next(table for table in find_shown(content) if table.name == "run").filled(content)
    return [(str(item), str(value)) for item, value in shown.itertuples(index=False)]
