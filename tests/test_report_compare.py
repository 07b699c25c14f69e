"""Two runs side by side."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model import command
from model.errors import LodeplanError
from model.report.compare import find_unlike, input_changes, result_changes, write_comparison
from model.report.content import COMPARED_TABLES, Content
from model.report.differences import award_changes, mineral_changes, project_changes
from model.report.saved import read_run
from model.results import run_folder
from model.study.run import run_study
from tests.support.sheets import Sheets, small_world, write_csv
from tests.support.tables import tables_of
from tests.support.world_builder import make_world, market, project


@pytest.fixture(scope="module")
def folder(reported, tmp_path_factory):
    place = tmp_path_factory.mktemp("compare")
    first = reported.folder
    shutil.copytree(first, place / "two")
    costs = place / "two" / "data" / "summary.csv"
    table = pd.read_csv(costs)
    whole = (table["measure"] == "objective") & (table["scenario"] == "base")
    table.loc[whole, "value"] += 10.0
    table.to_csv(costs, index=False)
    seal(place / "two", "data/summary.csv")
    return first, place / "two", place


def seal(run: Path, name: str) -> None:
    """Give the manifest of a run the checksum of a table that a test has changed."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name] = run_folder.checksum(run / name)
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_table_that_was_changed_is_refused(folder, tmp_path):
    changed = shutil.copytree(folder[0], tmp_path / "changed")
    with (changed / "data" / "costs.csv").open("a", encoding="utf-8") as file:
        file.write("base,")
    with pytest.raises(LodeplanError, match=r"costs.csv has changed since it was written"):
        write_comparison(folder[0], changed, tmp_path / "both", print)


def test_every_cell_that_differs_is_listed_once():
    """A price, a plant that is gone, a route that is new; what is only in another place is the same."""
    before, after = small_world(), small_world()
    after["prices"][1][2030] = 60000
    del after["facilities"][4]
    after["routes"].append({"from_region": "CHN", "to_region": "PTN", "material": "*", "freight_usd_per_t": 1})
    after["demand"].reverse()
    found = input_changes(tables_of(before), tables_of(after))
    assert [tuple(row) for row in found.itertuples(index=False)] == [
        ("prices", "ndpr_oxide", "2030", "80000", "60000"),
        ("facilities", "china_market", "", "there", "not there"),
        ("routes", "CHN/PTN/*", "", "not there", "there"),
    ]


@pytest.mark.slow
def test_two_runs_in_both_reports(folder):
    first, second, place = folder
    page = write_comparison(first, second, place / "both", print)
    assert page == place / "both" / "report.html"
    assert (place / "both" / "report.xlsx").exists()
    changes = pd.read_csv(place / "both" / "data" / "result_changes.csv")
    differing = changes[changes["change"].abs() > 0]
    assert differing[["scenario", "measure"]].to_numpy().tolist() == [["base", "objective"]]
    assert differing["change"].tolist() == pytest.approx([10.0])
    assert not len(pd.read_csv(place / "both" / "data" / "input_changes.csv"))


def test_every_column_of_a_comparison_is_in_its_dictionary(folder):
    first, second, place = folder
    data = write_comparison(first, second, place / "described", print).parent / "data"
    described = pd.read_csv(data / "dictionary.csv").set_index(["table", "column"])["description"]
    files = sorted(path for path in data.glob("*.csv") if path.stem != "dictionary")
    assert [path.stem for path in files] == sorted(COMPARED_TABLES)
    for path in files:
        assert list(pd.read_csv(path).columns) == list(described[path.stem].index)
    assert described.notna().all()


def test_runs_with_another_yardstick_are_shown_side_by_side_and_not_compared(folder):
    """A horizon of two years more: both results stand there, no change is worked out, and a sentence says why."""
    one, _ = read_run(folder[0])
    base = one.scenarios[0]
    longer = replace(one, scenarios=(replace(base, last_year=base.last_year + 2), *one.scenarios[1:]))
    assert find_unlike(one, one) == []
    (notice,) = find_unlike(one, longer)
    assert notice == (
        f"base: the results of the two runs are not compared: the horizon is 2026-{base.last_year}, not "
        f"2026-{base.last_year + 2} (first and second run)"
    )
    changes = result_changes(one, longer).set_index("scenario")
    assert changes.loc["base", "change"].isna().all()
    assert changes.loc["base", ["a", "b"]].notna().all(axis=None)
    assert changes.loc["squeeze", "change"].eq(0).all()


def content_of(world: Sheets, folder: Path) -> Content:
    """What a run of a world reports."""
    return read_run(run_study(write_csv(world, folder / "book"), folder, out=folder / "out").folder)[0]


def smelters(**offer: object) -> Sheets:
    """Half of 200 t must be clear; a smelter at home can make 100 t, with support where an offer is made."""
    return make_world(
        {"last_year": 2032},
        demand=[{2030: 200}],
        prices=[{2030: 1000}],
        facilities=[
            market("east", region="CHN"),
            project("smelter", name="Home smelter", capacity_tpa=100, capex_usd_per_tpa=100, variable_usd_per_t=1200,
                    commercial="yes", cfd_eligible="yes"),
        ],
        routes=[{"from_region": "CHN"}],
        exposure_caps=[{2030: 0.5, "breach_usd_per_t": 100000}],
        support_offers=[{"offer": "strike", "max_strike_multiple": 2, **offer}] if offer else [],
    )  # fmt: skip


def test_what_two_runs_decide_differently_is_listed_by_name(tmp_path):
    """Without an offer nothing is built and half is unmet; an offer from 2031 brings the smelter a year later."""
    none = content_of(smelters(), tmp_path / "none")
    early = content_of(smelters(active="yes"), tmp_path / "early")
    late = content_of(smelters(first_award_year=2031), tmp_path / "late")
    found = project_changes(none, early).to_numpy().tolist()
    assert found == [["base", "Home smelter", "smelter", "comes", "not built", "100 t/yr, decided in 2030"]]
    assert project_changes(early, none)["change"].tolist() == ["goes"]
    assert project_changes(early, late)["change"].tolist() == ["comes later"]
    assert award_changes(early, late)["change"].tolist() == ["signed later"]
    [[*_, change, before, after]] = award_changes(none, early).to_numpy().tolist()
    assert (change, before) == ("comes", "none")
    assert after.startswith("strike, signed in 2030: 1,308 USD/t for 100 t/yr, takes ")
    shares = mineral_changes(none, early)
    [[before, after, change]] = shares[shares["measure"] == "unmet share of demand"][["a", "b", "change"]].to_numpy()
    assert (before, after, change) == (pytest.approx(0.5), pytest.approx(0), pytest.approx(-0.5))
    assert set(shares["mineral"]) == {"tin"}
    for table in (project_changes(none, early), award_changes(none, early), shares, result_changes(none, early)):
        assert table.notna().all(axis=None)
    assert not len(project_changes(early, early)) + len(award_changes(early, early))


def test_a_plan_that_only_one_run_has_is_said(folder):
    one, _ = read_run(folder[0])
    without = replace(one, scenarios=one.scenarios[:1])
    assert "squeeze: only the first run has a plan, so that there is nothing to compare" in find_unlike(one, without)
    assert result_changes(one, without)["scenario"].unique().tolist() != []


def test_the_command_compares(folder, capsys):
    first, second, place = folder
    assert command.main(["--compare", str(first), str(second), "--out", str(place / "asked")]) == 0
    assert capsys.readouterr().out.strip() == str(place / "asked" / "report.html")


def test_a_folder_without_a_run_is_an_error(folder, tmp_path):
    with pytest.raises(LodeplanError, match="holds no complete run"):
        write_comparison(folder[0], tmp_path, tmp_path / "both", print)


def test_a_run_of_another_version_is_an_error(folder, tmp_path):
    older = shutil.copytree(folder[0], tmp_path / "older")
    table = pd.read_csv(older / "data" / "awards.csv")
    table.drop(columns="applies_to").to_csv(older / "data" / "awards.csv", index=False)
    seal(older, "data/awards.csv")
    with pytest.raises(LodeplanError, match="has no column applies_to: another version of lodeplan wrote it"):
        write_comparison(folder[0], older, tmp_path / "both", print)


def test_a_table_of_another_version_is_an_error(folder, tmp_path):
    """The awards of support were called contracts."""
    older = shutil.copytree(folder[0], tmp_path / "older")
    (older / "data" / "awards.csv").rename(older / "data" / "contracts.csv")
    manifest = (older / "manifest.json").read_text(encoding="utf-8").replace("data/awards.csv", "data/contracts.csv")
    (older / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(LodeplanError, match=r"contracts\.csv is a table of another version"):
        write_comparison(folder[0], older, tmp_path / "both", print)
