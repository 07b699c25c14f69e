"""report.html in a browser: it draws, follows the reader, shows the numbers of the tables, and stays harmless.

Needs Chromium and its driver (Debian packages chromium and chromium-driver) and the extra `test`.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from model.report import demand_tables, figures, flow_tables, support_tables
from model.report.content import Content
from model.report.figure import Figure, Picture, Section
from model.report.html import write_page
from model.report.matrix import find_matrix
from model.report.prices import price_sentences
from model.report.support import is_insurance
from model.report.verdict import Verdicts
from tests.support.reports import FORMULA, analyses, read

pytestmark = pytest.mark.slow

webdriver = pytest.importorskip("selenium.webdriver", reason="the extra 'test' (selenium) is not installed")
WebDriverWait = pytest.importorskip("selenium.webdriver.support.wait").WebDriverWait
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if not CHROMIUM or not DRIVER:
    pytest.skip("Chromium is missing: apt-get install chromium chromium-driver", allow_module_level=True)


@pytest.fixture(scope="module")
def content(reported) -> Content:
    found = read(reported)
    return replace(found, tables={**found.tables, **analyses()})


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def address(tmp_path_factory, content) -> str:
    return write_page(tmp_path_factory.mktemp("file") / "report.html", content, Verdicts(content)).as_uri()


@pytest.fixture
def page(browser, address):
    browser.set_window_size(1400, 1000)
    browser.get("about:blank")
    browser.get(address)
    return wait_until_drawn(browser)


def wait_until_drawn(page: Any) -> Any:
    """Figures out of view are drawn a moment later."""
    WebDriverWait(page, 30).until(lambda page: page.execute_script("return document.body.dataset.drawn === 'yes'"))
    return page


def pick(page: Any, **choices: object) -> None:
    """Choose in the selectors as a reader does."""
    for name, value in choices.items():
        page.execute_script(
            "const box = document.getElementById(arguments[0]); box.value = arguments[1];"
            "box.dispatchEvent(new Event('change'));", name, str(value))  # fmt: skip
    wait_until_drawn(page)


def plots(page: Any, figure: str) -> dict[str, list[dict[str, Any]]]:
    """The traces of a figure as Plotly holds them, by panel."""
    return page.execute_script(
        "return Object.fromEntries([...document.querySelectorAll(`#${arguments[0]} .panel`)].map((panel) =>"
        " [panel.dataset.key, panel.querySelector('.plot').data.map((t) => JSON.parse(JSON.stringify("
        "{name: t.name, type: t.type, x: t.x, y: t.y, z: t.z, base: t.base, link: t.link, node: t.node,"
        " text: t.text, marker: t.marker, customdata: t.customdata})))]))",
        figure)  # fmt: skip


def table(page: Any, figure: str) -> list[list[str]]:
    """The table behind a figure, opened."""
    return page.execute_script(
        "const box = document.querySelector(`#${arguments[0]} details`); box.open = true; box.ontoggle();"
        "return [...box.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent))",
        figure)  # fmt: skip


def column(page: Any, figure: str, n: int) -> float:
    """The sum of the numbers of a column of the table behind a figure."""
    table(page, figure)
    return page.execute_script(
        "return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)]"
        ".reduce((total, row) => total + Number(row.children[arguments[1]].dataset.value || 0), 0)",
        figure, n)  # fmt: skip


def drawn(traces: list[dict[str, Any]], axis: str = "y") -> float:
    return sum(value or 0 for trace in traces for value in trace[axis])


def of(rows: Any, **wanted: object) -> Any:
    for key, value in wanted.items():
        rows = rows[rows[key] == value]
    return rows


def test_the_brief_fits_on_the_first_screen(page):
    """All seven answers stand within 1400 by 1000 pixels, with every analysis asked for."""
    screen = {"width": 1400, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    bottoms = page.execute_script(
        "const answers = [...document.querySelectorAll('.brief:not([hidden]) .answer')];"
        "return answers.map((answer) => answer.getBoundingClientRect().bottom)"
    )
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert len(bottoms) == 7
    assert max(bottoms) <= 1000


def test_opens_without_errors_and_without_the_network(page):
    """Nothing but the file itself is asked for, also after the reader picked something else.

    The fields of a matrix are a picture within the page.
    """
    pick(page, scenario="squeeze", year=2027)
    asked = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    urls = {
        message["params"]["request"]["url"] for message in asked if message["method"] == "Network.requestWillBeSent"
    }
    assert {url.split(":")[0] for url in urls} == {"file", "data"}
    assert not [entry for entry in page.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def test_the_whole_page_follows_the_reader(page):
    """Scenario, base, mineral and year change the verdict, the headings, the figures and what is read out."""
    shown = (
        "return [...document.querySelectorAll('.verdict')].filter((box) => !box.hidden).map((b) => b.dataset.scenario)"
    )
    assert page.execute_script(shown) == ["base"]
    before = {figure: plots(page, figure) for figure in ("demand", "mix", "exposure", "cost", "flow")}
    pick(page, scenario="squeeze", mineral="dysprosium", year=2027)
    assert page.execute_script(shown) == ["squeeze"]
    for figure, panels in before.items():
        assert plots(page, figure) != panels, figure
    status = page.execute_script("return document.getElementById('status').textContent")
    assert status == f"Showing {FORMULA} <script>alert('a')</script> against Base plan, Dysprosium, 2027."
    heading = page.execute_script("return document.getElementById('supply-title').textContent")
    assert heading.endswith("Dysprosium, 2027")


def test_cost_sentence_follows_the_base(page):
    said = "return document.querySelector(\".verdict[data-scenario='squeeze'] .versus\").textContent"
    pick(page, scenario="squeeze")
    assert "less than Base plan" in page.execute_script(said)
    above = plots(page, "compared")["supply_cost_usd_million_more"]
    pick(page, base="squeeze")
    assert plots(page, "compared")["supply_cost_usd_million_more"] != above
    assert " than " not in page.execute_script(said)


def test_plans_of_another_yardstick_are_not_compared(browser, content, tmp_path):
    """No bar against the base, no change, and the status says why."""
    base, squeeze, *others = content.scenarios
    unlike = replace(content, scenarios=(base, replace(squeeze, discount_rate=0.1), *others))
    browser.get(write_page(tmp_path / "report.html", unlike, Verdicts(unlike)).as_uri())
    wait_until_drawn(browser)
    pick(browser, scenario="squeeze")
    status = browser.execute_script("return document.getElementById('status').textContent")
    assert " not comparable with Base plan, " in status
    assert len(plots(browser, "cost")) == 1
    above = plots(browser, "compared")["supply_cost_usd_million_more"][0]
    assert above["x"] == [0, None]
    pick(browser, base="squeeze")
    assert "comparable" not in browser.execute_script("return document.getElementById('status').textContent")


@pytest.mark.parametrize("scenario", ["base", "squeeze"])
def test_bars_of_the_supply_mix_are_the_mix(page, content, scenario):
    pick(page, scenario=scenario, mineral="ndpr")
    panels = plots(page, "mix")
    rows = of(content.rows("mix"), scenario=scenario, mineral="ndpr")
    assert set(panels) == set(rows["stage"])
    for stage, traces in panels.items():
        for trace in traces:
            mine = of(rows, stage=stage, pathway=trace["name"])
            assert drawn([trace]) == pytest.approx(mine["t"].sum(), rel=1e-5)
    assert column(page, "mix", 3) == pytest.approx(rows["t"].sum(), rel=1e-5)


def test_bars_of_demand_are_the_deliveries(page, content):
    pick(page, scenario="squeeze", mineral="ndpr")
    rows = of(demand_tables.needs(content), scenario="squeeze", mineral="ndpr")
    traces = {trace["name"]: trace for trace in plots(page, "demand")["refining"]}
    for name, key in (("clear", "clear_t"), ("exposed", "exposed_t"), ("not met", "unmet_t")):
        assert drawn([traces[name]]) == pytest.approx(rows[key].sum(), rel=1e-5)
    assert rows["unmet_t"].sum() > 0


def test_lines_of_exposure_are_the_exposure_with_its_caps(page, content):
    pick(page, scenario="base", mineral="ndpr")
    rows = of(content.rows("exposure"), scenario="base", mineral="ndpr", segment="*")
    for key, traces in plots(page, "exposure").items():
        mine = of(rows, stage=key.split()[0])
        assert drawn(traces[:1]) == pytest.approx(mine["controlled_share"].sum(), rel=1e-5)
        if mine["cap"].notna().any():
            assert traces[-1]["name"] == "cap"
            assert drawn(traces[-1:]) == pytest.approx(mine["cap"].sum(), rel=1e-5)


def test_bars_of_cost_are_the_objective(page, content):
    pick(page, scenario="squeeze", base="base")
    panels = plots(page, "cost")
    for trace, scenario in zip(panels["terms"], ("squeeze", "base"), strict=True):
        assert drawn([trace], "x") == pytest.approx(content.total(scenario, "objective"), rel=1e-5)
    more = content.total("squeeze", "objective") - content.total("base", "objective")
    assert drawn(panels["more"], "x") == pytest.approx(more, rel=1e-5)
    assert drawn(plots(page, "costs_all")["all"], "x") == pytest.approx(more, rel=1e-5)


def test_bars_of_payments_are_the_contracts(page, content):
    pick(page, scenario="base")
    traces = plots(page, "payments")["payments"]
    paid = of(support_tables.award_years(content), scenario="base")
    bars = [trace for trace in traces if trace["type"] == "bar" and trace["name"] != "paid back"]
    assert drawn(bars) == pytest.approx(paid["outlay_usd_million"].sum(), rel=1e-5)
    lines = {trace["name"]: trace for trace in traces if trace["type"] == "scatter"}
    assert drawn([lines["outlay in the stress view"]]) == pytest.approx(paid["stress_usd_million"].sum(), rel=1e-5)
    budget = of(support_tables.budget_years(content), scenario="base", view="stress")
    assert drawn([lines["budget treasury, stress"]]) == pytest.approx(budget["budget_usd_million"].sum(), rel=1e-5)
    assert column(page, "awards", 10) == pytest.approx(
        of(content.rows("awards"), scenario="base")["paid_usd_million"].sum()
    )
    kinds = {row[7] for row in table(page, "awards")}
    assert kinds <= {"costs the treasury", "earns it", "insurance"}
    insured = int(is_insurance(of(content.rows("awards"), scenario="base")).sum())
    assert sum(row[7] == "insurance" for row in table(page, "awards")) == insured


def test_bars_of_the_timeline_are_the_builds(page, content):
    pick(page, scenario="base", mineral="ndpr")
    construction, online = plots(page, "timeline")["timeline"]
    builds = of(content.rows("builds"), scenario="base")
    assert sorted(construction["base"]) == sorted(builds["decision_year"])
    assert sorted(online["base"]) == sorted(builds["online_year"])
    assert drawn([construction], "x") == (builds["online_year"] - builds["decision_year"]).sum()


@pytest.mark.parametrize("year", [2026, 2030])
def test_flows_are_the_flows(page, content, year):
    pick(page, scenario="squeeze", mineral="ndpr", year=year)
    (trace,) = plots(page, "flow")["flow"]
    rows = of(flow_tables.flows(content), scenario="squeeze", mineral="ndpr", year=year)
    assert sum(trace["link"]["value"]) == pytest.approx(rows["t"].sum(), rel=1e-5)
    assert len(trace["link"]["color"]) == len(rows)
    assert len(set(trace["link"]["color"])) == rows["provenance"].nunique()
    assert column(page, "flow", 3) == pytest.approx(rows["t"].sum(), rel=1e-5)
    x, link = trace["node"]["x"], trace["link"]
    assert all(x[origin] < x[goal] for origin, goal in zip(link["source"], link["target"], strict=True))


def test_the_map_shows_what_is_made_and_shipped_stage_by_stage(page, content):
    pick(page, scenario="base", mineral="ndpr", year=2029)
    made = of(flow_tables.made(content), scenario="base", mineral="ndpr", year=2029)
    panels = plots(page, "map")
    assert set(panels) >= set(made["stage"])
    for stage, traces in panels.items():
        places = sum(len(trace["x"]) for trace in traces if "name" not in trace)
        assert places == len(of(made, stage=stage))
    rows = [row for row in table(page, "map") if row[1] == "made"]
    assert len(rows) == len(made)
    assert column(page, "map", 5) > made["t"].sum()
    caption = page.execute_script("return document.querySelector('#map figcaption').textContent")
    assert "Without a place" not in caption


def test_what_is_far_out_is_cut_off_with_its_number_written(page, content):
    """One number of the small world matters more than thrice as much as the next: the others still have length."""
    pick(page, scenario="base")
    rows = of(content.rows("influence"), scenario="base")
    sizes = rows["usd_million_per_10_percent"].abs().dropna().sort_values(ascending=False).tolist()
    assert sizes[0] > 3 * sizes[1]
    high, notes = page.execute_script(
        "const { layout } = document.querySelector('#influence .plot');"
        "return [layout.xaxis.range[1], layout.annotations.map((note) => note.text)]")  # fmt: skip
    assert high == pytest.approx(1.3 * sizes[1], rel=1e-6)
    (note,) = notes
    assert float(note.removesuffix(" »")) == pytest.approx(sizes[0], rel=0.01)
    assert max(x or 0 for trace in plots(page, "influence")["influence"] for x in trace["x"]) == pytest.approx(sizes[0])


def test_comparison_is_absolute_and_against_the_base(page, content):
    pick(page, base="squeeze")
    rows = {row[0]: row for row in table(page, "compared")}
    more = content.total("base", "supply_cost") - content.total("squeeze", "supply_cost")
    heads = page.execute_script(
        "return [...document.querySelectorAll('#compared thead th')].map((cell) => cell.textContent)")  # fmt: skip
    place = next(n for n, head in enumerate(heads) if head.startswith("Supply cost"))
    assert rows["Base plan"][place + 1] == f"{more:+,.0f}"
    assert rows["Cannot be"][place] == ""


def test_minerals_are_compared_by_shares_of_their_demand(page, content):
    pick(page, scenario="squeeze", base="base")
    panels, shares = plots(page, "minerals"), content.shares("squeeze", "exposed_share")
    (trace,) = panels["exposed_share"]
    assert [x for x in trace["x"] if x] == pytest.approx(list(shares.values()))
    assert [x for x in panels["unmet_share"][0]["x"] if x] == pytest.approx(
        list(content.shares("squeeze", "unmet_share").values())
    )


def test_prices_are_sentences_of_the_mineral(page):
    pick(page, scenario="base", mineral="ndpr", year=2027)
    said = page.execute_script("return [...document.querySelectorAll('#prices ol li')].map((line) => line.textContent)")
    assert any(line.startswith("1 % more demand for @oxide") for line in said)
    assert len(said) == len(table(page, "prices"))


def test_analyses_are_drawn_where_they_ran(page):
    """Two budgets, four points each; one shock for two plans; two slacks."""
    pick(page, scenario="base", base="squeeze")
    frontier = plots(page, "frontier")["frontier"]
    assert [len(trace["x"]) for trace in frontier] == [4, 4]
    assert drawn(frontier) == 2 * 20 * (0 + 1 + 4 + 9)
    stress = plots(page, "stress")
    assert [trace["x"] for trace in stress["extra_without_penalties_usd_million"]] == [[50], [45.5]]
    assert [trace["z"] for trace in stress["matrix extra_penalties_usd_million"]] == [[[5.5], [0]]]
    assert [trace["x"] for trace in plots(page, "failures")["worst"]] == [[90.5, None], [None, 60.25]]
    built = plots(page, "draw_builds")["built"]
    assert [trace["x"] for trace in built] == [[0.95, None], [None, 0.5]]
    assert built[1]["text"][1] == "more with price of ndpr"
    assert built[1]["marker"]["pattern"]["shape"] == ["", "/"], "the one that another could stand in for is hatched"
    assert "in 25 % of draws home_mine would do as well" in built[1]["customdata"][1]
    assert set(plots(page, "draw_years")) == {"fan cost", "fan penalties", "fan outlay"}
    assert [trace["x"] for trace in plots(page, "draw_drivers")["cost_usd_million"]] == [[0.75, -0.25]]
    assert [trace["x"] for trace in plots(page, "foresight_builds")["late"]] == [[1], [0.5]]
    regret = plots(page, "regret")
    assert [trace["z"] for trace in regret["matrix without_penalties_usd_million"]] == [[[8.25]]]
    assert [trace["z"] for trace in regret["matrix penalties_usd_million"]] == [[[4.25]]]
    assert [trace["x"] for trace in plots(page, "hedge")["hedge"]] == [[10], [2.5]]
    assert [trace["x"] for trace in plots(page, "stress_savings")["ban"]] == [[8.5, -1.5]]
    assert [trace["x"] for trace in plots(page, "lead_times")["lead_times"]] == [[3.5]]
    assert len(plots(page, "alternatives")) == 2
    assert len(table(page, "frontier")) == 8
    assert table(page, "regret") == [["Base plan", "China stops selling", "12.5", "yes", "8.25", "4.25"]]
    assert table(page, "hedge")[0] == [
        "Base plan",
        "hedged cost: China stops selling",
        "433",
        "USD million",
        "433",
        "0",
    ]


def test_harmful_text_stays_text(page):
    """Nothing of it became an element, and the names are there to read."""
    assert (
        page.execute_script("return document.querySelectorAll('img, main script, main a[href^=javascript]').length")
        == 0
    )
    assert page.execute_script("return document.querySelector('h1').textContent").endswith(
        "<script>alert('a')</script>"
    )
    pick(page, scenario="squeeze", mineral="ndpr", year=2027)
    # Figures cut long names.
    assert "</script><img src" in page.execute_script("return document.querySelector('main').textContent")
    assert FORMULA in page.execute_script("return document.querySelector('#timeline').textContent")


def test_what_is_bad_stands_first_in_red(page):
    pick(page, scenario="squeeze")
    first, red = page.execute_script(
        "const box = document.querySelector(\".verdict[data-scenario='squeeze'] .alarm\");"
        "return [box.textContent.trim(), getComputedStyle(box).color]")  # fmt: skip
    assert first.startswith("Short of")
    assert red == "rgb(176, 0, 32)"
    failed = page.execute_script("return document.querySelector('#verdict .alarm').textContent")
    assert "Cannot be: no plan (infeasible)" in failed


def test_every_figure_can_be_read_without_seeing_it(page):
    """A label on each drawing, a table behind each figure, headers in each table, a name for each choice."""
    assert page.execute_script(
        "return [...document.querySelectorAll('.plot')].every((plot) => plot.getAttribute('role') === 'img'"
        " && plot.getAttribute('aria-label').length > 20)")  # fmt: skip
    assert page.execute_script(
        "return [...document.querySelectorAll('figure')].every((one) => one.querySelector('.scroll'))")  # fmt: skip
    assert page.execute_script(
        "return [...document.querySelectorAll('thead th')].every((cell) => cell.scope === 'col')")  # fmt: skip
    assert page.execute_script(
        "return [...document.querySelectorAll('select')].every((box) => box.closest('label').textContent)")  # fmt: skip
    levels = page.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3,h4')].map((one) => Number(one.tagName[1]))"
    )
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.execute_script("return [...document.querySelectorAll('[id]')].map((one) => one.id).filter(Boolean)")
    own = [one for one in ids if not one.startswith(("clip", "legend", "topdefs", "defs"))]
    assert len(own) == len(set(own))


def test_keys_alone_are_enough(page):
    """The first stop is the link past the selectors; then come the selectors; a table opens with the space bar."""
    from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415 - skipped without selenium
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    focus = "return document.activeElement.id || document.activeElement.className"
    stops = []
    for _ in range(5):
        ActionChains(page).send_keys(Keys.TAB).perform()
        stops.append(page.execute_script(focus))
    assert stops == ["skip", "scenario", "base", "mineral", "year"]
    page.execute_script("document.querySelector('#mix summary').focus()")
    ActionChains(page).send_keys(Keys.SPACE).perform()
    # The table is filled when the browser says that it was opened, a moment later.
    rows = "return document.querySelectorAll('#mix tbody tr').length"
    assert WebDriverWait(page, 10).until(lambda page: page.execute_script(rows)) > 0


def test_a_phone_shows_it_without_scrolling_sideways(page, address):
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})  # fmt: skip
    try:
        page.get(address)
        assert page.execute_script("return document.documentElement.scrollWidth") <= 390
        assert page.execute_script("return document.querySelector('#mix .plot').clientWidth") <= 390
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_prints(page):
    """In print the selectors and closed tables are gone, and the figures are there."""
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        hidden = "return getComputedStyle(document.querySelector(arguments[0])).display"
        assert page.execute_script(hidden, ".choice") == "none"
        assert page.execute_script(hidden, "#mix .panels") == "block"
        assert len(page.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]) > 100_000
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def shown(page: Any) -> dict[str, Any]:
    return json.loads(page.execute_script("return document.body.dataset.shown"))


def section_in_view(page: Any) -> str:
    """The section whose heading is nearest to the top of the window."""
    return page.execute_script(
        "const away = (each) => Math.abs(each.getBoundingClientRect().top - 112);"
        "return [...document.querySelectorAll('main > section')].sort((a, b) => away(a) - away(b))[0].id")  # fmt: skip


def test_a_link_opens_a_view_and_the_address_follows_it(page, address):
    """A view is followed, changed, and followed again from the address it has then."""
    view = "#capacity&scenario=squeeze&base=squeeze&mineral=dysprosium&year=2029&measure=outlay_usd_million"
    page.get(address + view)
    wait_until_drawn(page)
    wanted = {"scenario": "squeeze", "base": "squeeze", "picked": "squeeze", "mineral": "dysprosium", "year": 2029}
    assert shown(page) == wanted | {"measure": "outlay_usd_million"}
    assert section_in_view(page) == "capacity"
    pick(page, year=2027, base="base")
    changed = page.current_url
    assert changed.endswith(view.replace("2029", "2027").replace("base=squeeze", "base=base"))
    page.get("about:blank")
    page.get(changed)
    wait_until_drawn(page)
    assert (shown(page)["year"], shown(page)["base"]) == (2027, "base")


def test_an_address_that_asks_for_what_is_not_there_opens_the_page_as_it_is(page, address):
    page.get(f"{address}#nowhere&scenario=none&mineral=%E0%A4%A&year=1999&measure=x")
    wait_until_drawn(page)
    assert (shown(page)["scenario"], shown(page)["year"], shown(page)["measure"]) == ("base", 2030, "exposed_share")
    assert not [entry for entry in page.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def test_a_field_of_the_matrix_opens_its_mineral_and_scenario(page, content):
    pick(page, year=2030)
    matrix = find_matrix(content)
    page.execute_script(
        "[...document.querySelectorAll('.measures button')].find((b) => b.textContent === 'Not met').click()"
    )
    cells = page.execute_script(
        "const number = (cell) => cell.dataset.value ? Number(cell.dataset.value) : null;"
        "return [...document.querySelectorAll('#matrix_of_all tbody tr')]"
        ".map((row) => [...row.querySelectorAll('td')].map(number))")  # fmt: skip
    for scenario, n in (("base", 0), ("squeeze", 1)):
        rows = of(matrix, scenario=scenario, year=2030)
        assert [line[n] for line in cells] == pytest.approx(rows["unmet_share"].tolist(), rel=1e-5)
    page.execute_script("document.querySelector('#matrix_of_all tbody tr:nth-child(2) td:nth-child(3) a').click()")
    WebDriverWait(page, 10).until(lambda page: shown(page)["scenario"] == "squeeze")
    wait_until_drawn(page)
    assert shown(page)["mineral"] == "dysprosium"
    assert section_in_view(page) == "supply"


def saved(page: Any, folder: Any, button: str, figure: str) -> bytes:
    """What a button of a figure saves."""
    page.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    page.execute_script(
        "[...document.querySelectorAll(`#${arguments[0]} button.save`)]"
        ".find((each) => each.textContent === arguments[1]).click()", figure, button)  # fmt: skip
    wanted = f"*.{button.lower()}"
    (path,) = WebDriverWait(page, 20).until(lambda _: list(folder.glob(wanted)))
    found = path.read_bytes()
    path.unlink()
    return found


def test_a_figure_is_saved_as_picture_and_as_numbers(page, content, tmp_path):
    pick(page, scenario="squeeze", mineral="ndpr", year=2029)
    for figure in ("mix", "flow", "matrix_of_all"):
        assert saved(page, tmp_path, "PNG", figure)[:8] == b"\x89PNG\r\n\x1a\n"
        picture = saved(page, tmp_path, "SVG", figure).decode()
        assert picture.startswith("<svg")
        assert "2029" in picture
    lines = list(csv.DictReader(saved(page, tmp_path, "CSV", "mix").decode("utf-8-sig").splitlines()))
    rows = of(content.rows("mix"), scenario="squeeze", mineral="ndpr")
    assert sum(float(line["Output [t/yr]"]) for line in lines) == pytest.approx(rows["t"].sum(), rel=1e-5)


def test_a_figure_that_is_only_stated_has_picture_table_downloads_and_link(browser, content, tmp_path, monkeypatch):
    """An entry in the register is all that a figure needs: one of lines, one of bars, one of a table alone."""
    reliance = figures.results("import_reliance")
    own = (
        Figure("own_lines", "Imports", "", (reliance,), picture=Picture("lines", "imported_t", "mineral")),
        Figure("own_bars", "Consumption", "", (reliance,), picture=Picture("bars", "consumption_t", "mineral")),
        Figure("own_table", "Reliance, in numbers", "", (reliance,), open=True),
    )
    monkeypatch.setattr(figures, "PLAN", (*figures.PLAN, Section("own", "Stated here", "scenario mineral year", own)))
    address = write_page(tmp_path / "own.html", content, Verdicts(content)).as_uri()
    browser.get("about:blank")
    browser.get(f"{address}#own&scenario=squeeze&mineral=ndpr&year=2028")
    page = wait_until_drawn(browser)
    assert section_in_view(page) == "own"
    rows = of(content.rows("import_reliance"), scenario="squeeze", mineral="ndpr")
    (lines,) = plots(page, "own_lines").values()
    assert drawn(lines) == pytest.approx(rows["imported_t"].sum(), rel=1e-5)
    assert drawn(lines) > 0
    (bars,) = plots(page, "own_bars").values()
    assert drawn(bars, "x") == pytest.approx(of(rows, year=2028)["consumption_t"].sum(), rel=1e-5)
    assert not plots(page, "own_table")
    assert len(table(page, "own_table")) == len(content.rows("import_reliance"))
    assert saved(page, tmp_path, "PNG", "own_lines")[:8] == b"\x89PNG\r\n\x1a\n"
    saved_lines = list(csv.DictReader(saved(page, tmp_path, "CSV", "own_lines").decode("utf-8-sig").splitlines()))
    assert len(saved_lines) == len(rows)


def test_limits_on_several_materials_have_a_place_of_their_own(page, content):
    """What is listed under a mineral is about it alone, whatever the mineral; the shared limits stay the same."""
    steps = price_sentences(content)
    for mineral in ("ndpr", "dysprosium"):
        pick(page, scenario="base", mineral=mineral)
        assert {row[0] for row in table(page, "prices")} - {"nothing"} == {
            row.sentence for row in of(steps, scenario="base", mineral=mineral).itertuples()
        }
        assert {row[0] for row in table(page, "prices_shared")} - {"nothing"} == {
            row.sentence for row in of(steps, scenario="base", mineral="").itertuples()
        }


def test_nothing_is_cut_off_in_print(page):
    """No table is wider than the sheet: 186 mm between the margins of A4."""
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 703, "height": 1030, "deviceScaleFactor": 1, "mobile": False})  # fmt: skip
    try:
        wide = page.execute_script(
            "return [...document.querySelectorAll('figure table')].filter((each) => each.clientWidth > 703)"
            ".map((each) => each.closest('figure').id)")  # fmt: skip
        assert wide == []
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_saved_numbers_hold_no_formula(page, tmp_path):
    pick(page, scenario="base", mineral="ndpr")
    text = saved(page, tmp_path, "CSV", "timeline").decode("utf-8-sig")
    assert FORMULA.replace('"', '""') in text
    assert all(cell[:1] not in "=+@" or not cell for row in csv.reader(text.splitlines()) for cell in row)
