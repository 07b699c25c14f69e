"""The command: what it says, what it leaves behind, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from model import command
from model.errors import OutputError, SolverLimitError
from model.report.excel import write_workbook
from model.report.saved import read_run
from model.report.verdict import Verdicts
from model.results import run_folder
from model.study import run as study
from model.study import scenario_outcome, verify
from tests.support.edits import EDITS, edited, put
from tests.support.sheets import Sheets, small_world, write_csv, write_xlsx

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent


def world(**sheets: list[dict[str, object]]) -> Sheets:
    return {**small_world(), **sheets}


def with_doomed_plan() -> Sheets:
    """Two plans, the first of which asks for a stock that nobody could fill."""
    sheets = world(stockpiles=[{"material": "ndpr_oxide", "region": "PTN", "initial_t": 0, "final_t": 100}])
    sheets["scenarios"] = [{"scenario": "doomed", "kind": "plan"}, {"scenario": "base", "kind": "plan"}]
    sheets["changes"] = [{"scenario": "doomed", "sheet": "stockpiles", "where": "*", "column": "final_t",
                          "value": 5000}]  # fmt: skip
    return sheets


def with_variants() -> Sheets:
    """Three plans that differ."""
    sheets = world()
    sheets["scenarios"] = [{"scenario": name, "kind": "plan"} for name in ("zulu", "base", "alpha")]
    sheets["changes"] = [{"scenario": name, "sheet": "demand", "where": "*", "operation": "multiply", "value": factor}
                         for name, factor in (("zulu", 2), ("alpha", 0.5))]  # fmt: skip
    return sheets


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for the command, so that it leaves the project's results alone."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with a copy of run.py, for subprocesses: results go under the current folder."""
    folder = tmp_path_factory.mktemp("command")
    shutil.copyfile(ROOT / "run.py", folder / "run.py")
    return folder


def start(place: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a planner does."""
    return subprocess.run(
        [sys.executable, "run.py", *map(str, arguments)], cwd=place, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=600,
    )  # fmt: skip


# -- as a process -----------------------------------------------------------------------------------------------------
def test_a_plan_from_start_to_end(place):
    plan = write_xlsx(with_variants(), place / "my plan.xlsx")
    done = start(place, plan, "--workers", "1", "--skip", "frontier,stress,hedge,alternatives")
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line for line in lines if re.match(r"\d [a-z ]+$", line)] == [
        "1 read and check",
        "2 solve",
        "3 write",
    ]
    money = r"[\d.,]+ (?:m|bn) USD"
    costs = rf"supply {money}  penalties {money}  support {money}"
    pattern = rf"  (\w+)  optimal  exposed: ndpr \d+ %  short: none  {costs}  [\d.]+ s"
    plans = [match[1] for line in lines if (match := re.fullmatch(pattern, line))]
    assert plans == ["zulu", "base", "alpha"]
    assert Path(lines[-1]).name == "report.html"
    folder = place / Path(lines[-1]).parent  # results go under the current folder
    assert re.fullmatch(r"my plan-\d{8}T\d{6}Z", folder.name)
    assert (place / "results" / "latest").resolve() == folder
    assert {path.name for path in folder.iterdir()} >= {"data", "inputs", "manifest.json", "report.xlsx", "run.log"}
    assert "Traceback" not in done.stdout
    assert "\x1b" not in done.stdout  # no colours in a pipe


def test_errors_are_all_listed(place):
    path = edited(place / "wrong.xlsx", EDITS["E203"], EDITS["E209"], put("recipes", 3, "facility", "partner_refinary"))
    done = start(place, path)
    assert done.returncode == 1
    codes = [line[:4] for line in done.stdout.splitlines() if re.match(r"[EW]\d{3} ", line)]
    assert [code for code in codes if code[0] == "E"] == ["E209", "E203", "E311"]
    assert codes == sorted(codes, key=lambda code: code[0] == "W"), "errors first"
    assert "3 errors, " in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"python run.py {path} --check writes a copy")
    assert not (place / "results").joinpath("wrong").exists()


def test_one_plan_that_cannot_be_does_not_take_the_others_along(place):
    done = start(place, write_xlsx(with_doomed_plan(), place / "doomed.xlsx"), "--out", "doomed", "--workers", "2")
    assert done.returncode == 2
    assert "  doomed  infeasible  no plan satisfies every rule at once." in done.stdout
    assert "stockpiles row 2 (ndpr_oxide, PTN): at least 5,000 t at the end of 2030" in done.stdout
    assert "  base  optimal  " in done.stdout
    costs = pd.read_csv(place / "doomed" / "data" / "costs.csv")
    assert set(costs["scenario"]) == {"base"}
    # What the plan changed is reported all the same.
    assert set(pd.read_csv(place / "doomed" / "data" / "changes.csv")["scenario"]) == {"doomed"}
    manifest = json.loads((place / "doomed" / "manifest.json").read_text(encoding="utf-8"))
    solved = [(m["scenario"], m["status"]) for m in manifest["models"] if m["analysis"] == "plan"]
    assert solved == [("doomed", "infeasible"), ("base", "optimal")]
    assert "stockpiles row 2" in (place / "doomed" / "run.log").read_text(encoding="utf-8")


def test_a_file_in_the_place_of_the_folder(place):
    (place / "taken").write_text("mine", encoding="utf-8")
    done = start(place, write_csv(world(), place / "csv"), "--out", "taken")
    assert done.returncode == 4
    assert done.stderr.startswith("cannot make the folder taken: ")
    assert "--out" in done.stderr
    assert (place / "taken").read_text(encoding="utf-8") == "mine"


def test_results_are_not_written_into_the_input(place):
    path = write_csv(world(), place / "of csv")
    for out in ("of csv", "of csv/results"):
        done = start(place, path, "--out", out)
        assert done.returncode == 4
        assert done.stderr == f"{out} is where the input is read from; choose another with --out\n"
    assert not (path / "data").exists()


# -- in process: the other exit codes and switches --------------------------------------------------------------------
def test_a_solver_that_stops_at_a_limit(here, monkeypatch, capsys):
    def stop(*_: object) -> None:
        raise SolverLimitError("the solver stopped: Time limit reached")

    monkeypatch.setattr(scenario_outcome, "solve_to_ask", stop)
    assert command.main([str(write_csv(world(), here / "w")), "--workers", "1"]) == 3
    assert "  base  limit  the solver stopped: Time limit reached" in capsys.readouterr().out


def test_the_gravest_outcome_decides(here, monkeypatch):
    solve = scenario_outcome.solve_to_ask

    def stop_once(*_: object) -> None:
        monkeypatch.setattr(scenario_outcome, "solve_to_ask", solve)
        raise SolverLimitError("the solver stopped")

    monkeypatch.setattr(scenario_outcome, "solve_to_ask", stop_once)
    sheets = with_doomed_plan()
    sheets["scenarios"].insert(0, {"scenario": "slow", "kind": "plan"})
    assert command.main([str(write_csv(sheets, here / "w")), "--workers", "1"]) == 3


def test_only_some_plans(here, capsys):
    path = write_csv(with_variants(), here / "w")
    assert command.main([str(path), "--only", " alpha , zulu", "--out", str(here / "some"), "--workers", "1"]) == 0
    assert set(pd.read_csv(here / "some" / "data" / "costs.csv")["scenario"]) == {"alpha", "zulu"}
    capsys.readouterr()
    assert command.main([str(path), "--only", "alfa"]) == 1
    assert (
        "E420 scenarios (scenario): --only names 'alfa'; only plans of the workbook can be run; did you mean 'alpha'?"
        in (capsys.readouterr().out)
    )
    assert command.main([str(path), "--only", "nothing_like_it"]) == 1
    assert "there are 'alpha', 'base', 'zulu'" in capsys.readouterr().out


def test_check_marks_a_copy_only_where_something_is_wrong(here, capsys):
    sheets = world()
    for name in ("materials", "prices", "facilities", "recipes", "routes"):
        for row in sheets[name]:
            row["source"] = "atlas"
    fine = write_xlsx(sheets, here / "fine.xlsx")
    assert command.main([str(fine), "--check"]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"
    assert sorted(path.name for path in here.iterdir()) == ["fine.xlsx"]
    wrong = edited(here / "wrong.xlsx", EDITS["E203"])
    before = wrong.read_bytes()
    assert command.main([str(wrong), "--check"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"marked copy: {here / 'wrong_checked.xlsx'}"
    assert wrong.read_bytes() == before
    assert "_problems" in openpyxl.load_workbook(here / "wrong_checked.xlsx").sheetnames
    assert not (here / "results").exists()


def test_check_of_warnings_alone_is_fine(here, capsys):
    assert command.main([str(write_xlsx(world(), here / "odd.xlsx")), "--check"]) == 0
    assert "0 errors, 1 warning\n" in capsys.readouterr().out


def test_template_is_never_written_over_something(here, capsys):
    assert command.main(["--template", "new.xlsx"]) == 0
    assert capsys.readouterr().out == "new.xlsx\n"
    content = (here / "new.xlsx").read_bytes()
    assert command.main(["--template", "new.xlsx"]) == 1
    assert capsys.readouterr().err == "new.xlsx already exists; choose another name\n"
    assert (here / "new.xlsx").read_bytes() == content


@pytest.mark.usefixtures("here")
def test_a_blank_template_is_not_a_plan_yet(capsys):
    command.main(["--template", "new.xlsx"])
    assert command.main(["new.xlsx"]) == 1
    assert "E315 regions (standing): no region is home" in capsys.readouterr().out


NOTHING_TO_READ: dict[str, Callable[[Path], object]] = {
    "missing.xlsx": lambda path: path,
    "empty.xlsx": lambda path: path.write_bytes(b""),
    "text.xlsx": lambda path: path.write_text("segment,material", encoding="utf-8"),
    "blank.xlsx": lambda path: openpyxl.Workbook().save(path),
    "cut.xlsx": lambda path: path.write_bytes(write_xlsx(world(), path).read_bytes()[:3000]),
    "folder.xlsx": lambda path: path.mkdir(),
    "no_csv": lambda path: path.mkdir(),
    "old.xls": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    "plan.docx": lambda path: path.write_bytes(b"PK\x03\x04" + bytes(64)),
    "demand.csv": lambda path: path.write_text("segment,material\n", encoding="utf-8"),
}


@pytest.mark.parametrize("name", NOTHING_TO_READ)
@pytest.mark.parametrize("switch", [(), ("--check",)], ids=["run", "check"])
def test_what_cannot_be_read_is_an_input_error(name, switch, here, capsys):
    NOTHING_TO_READ[name](here / name)
    assert command.main([name, *switch]) == 1
    assert re.search(r"^E1\d\d ", capsys.readouterr().out, re.MULTILINE)
    assert not (here / "results").exists()


# -- what is left behind ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> study.Run:
    folder = tmp_path_factory.mktemp("finished")
    path = write_xlsx(with_doomed_plan(), folder / "w.xlsx")
    return study.run_study(path, folder / "results", command=["run.py", "w.xlsx"])


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_manifest_says_who_when_and_from_what(finished):
    manifest = manifest_of(finished.folder)
    assert set(manifest) == {"tool", "python", "platform", "libraries", "workbook", "command", "began", "ended",
                             "seconds", "models", "warnings", "files"}  # fmt: skip
    assert set(manifest["tool"]) == {"name", "version", "git_commit"}
    assert {"highspy", "pyomo", "pandas", "openpyxl"} <= set(manifest["libraries"])
    assert manifest["command"] == ["run.py", "w.xlsx"]
    assert manifest["began"] <= manifest["ended"]
    assert set(manifest["seconds"]) >= {"read and check", "solve", "write"}
    assert manifest["workbook"]["name"] == "w.xlsx"
    assert [line[:4] for line in manifest["warnings"]] == ["W530"]


def test_manifest_describes_every_solve(finished):
    doomed, base = [m for m in manifest_of(finished.folder)["models"] if m["analysis"] == "plan"]
    assert (doomed["scenario"], doomed["status"]) == ("doomed", "infeasible")
    assert doomed["message"].startswith("no plan satisfies every rule at once")
    size, effort = ("rows", "columns", "non_zeros"), ("iterations", "seconds")
    quality = ("largest_primal_infeasibility", "largest_dual_infeasibility")
    assert set(base) >= {"scenario", "analysis", "status", "objective_usd_million", *size, *effort, *quality}
    summary = pd.read_csv(finished.folder / "data" / "summary.csv").set_index("measure")["value"]
    assert base["objective_usd_million"] == pytest.approx(summary["objective"], rel=1e-11)
    assert max(base["largest_primal_infeasibility"], base["largest_dual_infeasibility"]) < 1e-6


def test_manifest_has_the_checksum_of_every_file(finished):
    manifest = manifest_of(finished.folder)
    files = {path.relative_to(finished.folder).as_posix(): path for path in finished.folder.rglob("*")
             if path.is_file()}  # fmt: skip
    assert set(manifest["files"]) == set(files) - {"manifest.json", "run.log"}
    for name, digest in manifest["files"].items():
        assert run_folder.checksum(files[name]) == digest
    assert manifest["files"]["inputs/w.xlsx"] == manifest["workbook"]["sha256"]


def test_no_temporary_file_is_left(finished):
    assert list(finished.folder.rglob("~*")) == []


def test_log_holds_the_words_of_the_solver(finished):
    text = (finished.folder / "run.log").read_text(encoding="utf-8")
    assert "HiGHS" in text
    assert "W530" in text
    assert "base  optimal" in text


def test_input_is_kept_as_it_was_read(finished, tmp_path):
    kept = finished.folder / "inputs" / "w.xlsx"
    assert scenario_outcome.solve_scenario(study.open_study(kept).tables, "base").status == "optimal"
    folder = write_csv(world(), tmp_path / "csv")
    run = study.run_study(folder, tmp_path / "results")
    assert {path.name for path in (run.folder / "inputs" / "csv").iterdir()} == {p.name for p in folder.iterdir()}
    assert manifest_of(run.folder)["workbook"]["sha256"] == run_folder.checksum(folder)


def test_latest_points_to_the_newest(tmp_path):
    path, root = write_csv(world(), tmp_path / "w"), tmp_path / "results"
    for name in ("first", "second"):
        run = study.run_study(path, root, out=root / name)
        assert (root / "latest").resolve() == run.folder.resolve()
    assert (root / "latest").readlink() == Path("second")  # so that the results can be moved
    elsewhere = study.run_study(path, root, out=tmp_path / "elsewhere")
    assert (root / "latest").resolve() == elsewhere.folder.resolve()


def test_latest_is_a_text_file_where_there_are_no_links(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    run = study.run_study(write_csv(world(), tmp_path / "w"), tmp_path / "results")
    assert (tmp_path / "results" / "latest.txt").read_text(encoding="utf-8") == f"{run.folder.name}\n"


def point_twice(root: Path) -> None:
    """Let `latest` point at one folder and then at another."""
    for name in ("first", "second"):
        (root / name).mkdir(parents=True)
        assert run_folder.point_latest(root / name, root) == ""


def test_latest_follows_on_windows_which_replaces_no_link_to_a_folder(tmp_path, monkeypatch):
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).is_symlink():
            raise PermissionError(13, "Access is denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    point_twice(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "latest", "second"]
    assert (tmp_path / "latest").readlink() == Path("second")


def test_latest_is_never_both_a_link_and_a_text(tmp_path, monkeypatch):
    """Links may be allowed in one run and not in the next, as on Windows with and without developer mode."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    point_twice(tmp_path)
    with monkeypatch.context() as windows:
        windows.setattr(Path, "symlink_to", refuse)
        assert run_folder.point_latest(tmp_path / "first", tmp_path) == ""
    assert not (tmp_path / "latest").is_symlink()
    assert (tmp_path / "latest.txt").read_text(encoding="utf-8") == "first\n"
    assert run_folder.point_latest(tmp_path / "second", tmp_path) == ""
    assert not (tmp_path / "latest.txt").exists()


def test_latest_on_another_drive_is_a_full_path(tmp_path, monkeypatch):
    def refuse(*_: object) -> str:
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(os.path, "relpath", refuse)
    assert run_folder.point_latest(tmp_path / "elsewhere", tmp_path / "results") == ""
    assert (tmp_path / "results" / "latest").readlink() == (tmp_path / "elsewhere").resolve()


def test_results_are_told_where_nothing_can_point_at_them(here, capsys):
    (here / "results").write_text("a file where a folder should be", encoding="utf-8")
    assert command.main([str(write_csv(world(), here / "w")), "--out", str(here / "out"), "--workers", "1"]) == 0
    said = capsys.readouterr()
    assert f"cannot point at {here / 'out'}" in said.err
    assert said.out.splitlines()[-1] == str(here / "out" / "report.html")
    assert (here / "out" / "manifest.json").exists()


def test_a_plan_without_demand_is_reported(here):
    """It costs nothing and does nothing, which the analyses and charts must bear."""
    sheets = world()
    for row in sheets["demand"]:
        row["active"] = "no"
    assert command.main([str(write_csv(sheets, here / "w")), "--out", str(here / "out"), "--workers", "1"]) == 0
    assert (here / "out" / "report.xlsx").exists()


def test_shocks_are_checked_where_an_analysis_meets_them(here, capsys):
    sheets = world()
    sheets["changes"] = [{"scenario": "ban", "sheet": "facilities", "where": "region=CHN", "column": "capacity_tp",
                          "years": "2028", "operation": "set", "value": 0}]  # fmt: skip
    call = [str(write_csv(sheets, here / "w")), "--only", "base", "--workers", "1", "--out", str(here / "out")]
    assert command.main(call) == 1
    assert "[scenario ban]" in capsys.readouterr().out
    assert command.main([*call, "--skip", "stress,hedge"]) == 0


def test_a_second_run_into_a_folder_leaves_nothing_of_the_first(tmp_path):
    book = write_csv(world(), tmp_path / "w")
    study.run_study(book, tmp_path, out=tmp_path / "out")
    (book / "exposure_caps.csv").unlink()
    again = study.run_study(book, tmp_path, out=tmp_path / "out", overwrite=True)
    assert not (again.folder / "inputs" / "w" / "exposure_caps.csv").exists()
    assert verify.verify(again.folder, lambda _line: None)


def test_csv_files_by_any_spelling_are_kept(tmp_path):
    book = write_csv(world(), tmp_path / "w")
    (book / "demand.csv").rename(book / "demand.CSV")
    assert verify.verify(study.run_study(book, tmp_path, out=tmp_path / "out").folder, lambda _line: None)


def test_runs_within_one_second_have_folders_of_their_own(tmp_path, monkeypatch):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr(study, "datetime", Stopped)
    book = write_csv(world(), tmp_path / "w")
    first, second = (study.run_study(book, tmp_path / "results").folder for _ in range(2))
    assert [first.name, second.name] == ["w-20260101T000000Z", "w-20260101T000000Z-2"]


def test_the_manifest_tells_of_the_workbook_that_was_read(tmp_path, monkeypatch):
    book = write_xlsx(world(), tmp_path / "w.xlsx")
    solve = scenario_outcome.solve_to_ask

    def save_meanwhile(*arguments: object) -> object:
        book.write_bytes(b"saved again")
        return solve(*arguments)

    monkeypatch.setattr(scenario_outcome, "solve_to_ask", save_meanwhile)
    done = study.run_study(book, tmp_path, out=tmp_path / "out")
    manifest = manifest_of(done.folder)
    assert manifest["workbook"]["sha256"] == manifest["files"]["inputs/w.xlsx"]


def test_the_folder_one_is_in_has_a_name(here, monkeypatch):
    monkeypatch.chdir(write_csv(world(), here / "w"))
    assert command.main([".", "--check"]) == 0
    assert command.main([".", "--out", str(here / "out"), "--workers", "1"]) == 0
    assert manifest_of(here / "out")["workbook"]["name"] == "w"


def test_names_that_name_nothing(here, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main([str(write_csv(world(), here / "w")), "--only", " , "])
    assert stopped.value.code == 1
    assert "expected at least one name" in capsys.readouterr().err


def test_workers_change_nothing(tmp_path):
    path = write_csv(with_variants(), tmp_path / "w")
    runs = [study.run_study(path, tmp_path, out=tmp_path / str(n), workers=n) for n in (1, 2)]
    assert [outcome.scenario for outcome in runs[1].outcomes] == ["zulu", "base", "alpha"]
    for table in sorted((tmp_path / "1" / "data").iterdir()):
        assert (tmp_path / "2" / "data" / table.name).read_bytes() == table.read_bytes(), table.name


def test_progress_is_told_of_stages_and_plans(tmp_path):
    found: list[object] = []

    class Ear(study.Progress):
        def stage(self, title: str) -> None:
            found.append(title)

        def advance(self, line: str, done: int, of: int) -> None:
            found.append((line.split(maxsplit=1)[0], done, of))

    study.run_study(write_csv(with_variants(), tmp_path / "w"), tmp_path, progress=Ear())
    assert found[:5] == ["read and check", "solve", ("zulu", 1, 3), ("base", 2, 3), ("alpha", 3, 3)]
    assert found[-1] == "write"


# -- files that cannot be written -------------------------------------------------------------------------------------
def lock(monkeypatch: pytest.MonkeyPatch, names: Sequence[str]) -> None:
    """Behave as Windows does where a file is open in Excel."""
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name in names:
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)


def test_a_table_that_is_open_is_saved_beside_it(tmp_path, monkeypatch):
    lock(monkeypatch, ["costs.csv", "costs (2).csv"])
    run = study.run_study(write_csv(world(), tmp_path / "w"), tmp_path / "results")
    data = run.folder / "data"
    assert not (data / "costs.csv").exists()
    assert len(pd.read_csv(data / "costs (3).csv")) > 5
    assert "data/costs (3).csv" in manifest_of(run.folder)["files"]
    assert [path for path in data.iterdir() if path.name.startswith("~")] == []
    assert "costs" in read_run(run.folder)[0].tables


def test_a_report_that_cannot_be_written_is_an_error_of_the_system(tmp_path, finished):
    content = read_run(finished.folder)[0]
    with pytest.raises(OutputError, match="cannot write"):
        run_folder.write_file(
            tmp_path / "nowhere" / "r.xlsx", lambda path: write_workbook(path, content, Verdicts(content))
        )


def test_a_folder_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match=r"cannot write .*Permission denied; free space, or choose another folder"):
        run_folder.write_file(tmp_path / "a.csv", lambda path: path.write_text("x", encoding="utf-8"))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said(here, monkeypatch, capsys):
    def fill(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_folder, "_write_csv", fill)
    assert command.main([str(write_csv(world(), here / "w")), "--workers", "1"]) == 4
    assert "No space left on device; free space, or choose another folder with --out" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the owner of the machine may write anywhere")
def test_read_only_results(here, capsys):
    (here / "closed").mkdir(mode=0o500)
    assert command.main([str(write_csv(world(), here / "w")), "--out", "closed/here"]) == 4
    assert "cannot make the folder" in capsys.readouterr().err


def test_read_only_results_of_another(here, monkeypatch, capsys):
    mkdir = Path.mkdir

    def refuse(self: Path, *arguments: object, **named: object) -> None:
        if "closed" in self.parts:
            raise PermissionError(13, "Permission denied")
        mkdir(self, *arguments, **named)

    monkeypatch.setattr(Path, "mkdir", refuse)
    path = write_csv(world(), here / "w")
    assert command.main([str(path), "--out", "closed/here"]) == 4
    assert capsys.readouterr().err == (
        "cannot make the folder closed/here: Permission denied; choose another with --out\n"
    )  # fmt: skip


# -- verify -----------------------------------------------------------------------------------------------------------
def tampered(folder: Path, target: Path, change: Callable[[dict], object]) -> Path:
    """A copy of a results folder with something else in its manifest."""
    shutil.copytree(folder, target)
    manifest = manifest_of(target)
    change(manifest)
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return target


def test_verify_agrees(finished, capsys):
    assert command.main(["--verify", str(finished.folder)]) == 0
    assert [line.split("  ")[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["doomed", "same"], ["base", "same"],
    ]  # fmt: skip


def test_verify_reads_a_folder_of_csv(tmp_path):
    run = study.run_study(write_csv(with_variants(), tmp_path / "w"), tmp_path / "results")
    said: list[str] = []
    assert verify.verify(run.folder, said.append)
    assert len(said) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["models"][1].update(objective_usd_million=m["models"][1]["objective_usd_million"] * 1.0001),
        lambda m: m["models"][0].update(status="optimal"),
        lambda m: m["models"][1].update(status="infeasible"),
    ],
    ids=["objective", "status of the one without a plan", "status of the one with a plan"],
)
def test_verify_detects_a_manifest_that_was_tampered_with(change, finished, tmp_path, capsys):
    assert command.main(["--verify", str(tampered(finished.folder, tmp_path / "t", change))]) == 1
    assert "DIFFERENT" in capsys.readouterr().out


def test_verify_detects_another_input(finished, tmp_path, capsys):
    folder = tampered(finished.folder, tmp_path / "t", lambda _: None)
    sheets = with_doomed_plan()
    sheets["demand"][1][2030] = 1400
    write_xlsx(sheets, folder / "inputs" / "w.xlsx")
    assert command.main(["--verify", str(folder)]) == 1
    assert "base  DIFFERENT" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "", "{}", "not json"])
def test_verify_of_something_else(content, here, capsys):
    (here / "folder").mkdir()
    if content is not None:
        (here / "folder" / "manifest.json").write_text(content, encoding="utf-8")
    assert command.main(["--verify", "folder"]) == 1
    assert "folder holds no complete run: " in capsys.readouterr().err


# -- nothing is lost --------------------------------------------------------------------------------------------------
def test_a_folder_with_other_files_is_refused(here, capsys):
    (here / "mine").mkdir()
    (here / "mine" / "report.xlsx").write_text("mine", encoding="utf-8")
    assert command.main([str(write_csv(world(), here / "w")), "--out", "mine", "--workers", "1"]) == 4
    assert capsys.readouterr().err == (
        "mine holds other files, which a run could overwrite; choose an empty folder with --out\n"
    )
    assert (here / "mine" / "report.xlsx").read_text(encoding="utf-8") == "mine"


def test_a_second_run_stands_beside_the_first(tmp_path):
    book = write_csv(world(), tmp_path / "w")
    folders = [study.run_study(book, tmp_path, out=tmp_path / "out").folder for _ in range(2)]
    assert [folder.name for folder in folders] == ["out", "out-2"]


def test_a_fault_in_one_plan_costs_no_other(here, monkeypatch, capsys):
    """The plan that fails says so, the log has the traceback, and the exit code is 5."""
    solve = scenario_outcome.solve_to_ask
    solved = iter((True, False, False))

    def fail_once(*arguments: object) -> object:
        if next(solved):
            raise ZeroDivisionError("a fault made for this test")
        return solve(*arguments)

    monkeypatch.setattr(scenario_outcome, "solve_to_ask", fail_once)
    assert command.main([str(write_csv(with_variants(), here / "w")), "--out", "out", "--workers", "1"]) == 5
    lines = capsys.readouterr().out
    assert "failed  a fault of lodeplan (ZeroDivisionError)" in lines
    assert "optimal" in lines
    assert "a fault made for this test" in (here / "out" / "run.log").read_text(encoding="utf-8")
    statuses = [model["status"] for model in manifest_of(here / "out")["models"] if model["analysis"] == "plan"]
    assert sorted(statuses) == ["failed", "optimal", "optimal"]


def test_what_is_finished_when_the_planner_stops_is_kept(here, monkeypatch, capsys):
    solve = scenario_outcome.solve_to_ask
    solved = iter((False, True))

    def stop_second(*arguments: object) -> object:
        if next(solved):
            raise KeyboardInterrupt
        return solve(*arguments)

    monkeypatch.setattr(scenario_outcome, "solve_to_ask", stop_second)
    assert command.main([str(write_csv(with_variants(), here / "w")), "--out", "out", "--workers", "1"]) == 130
    said = capsys.readouterr()
    assert said.err == "stopped: what was finished is in the report\n"
    assert said.out.splitlines()[-1] == str(Path("out") / "report.html")
    statuses = [model["status"] for model in manifest_of(here / "out")["models"] if model["analysis"] == "plan"]
    assert statuses == ["optimal", "stopped", "stopped"]


def test_a_time_limit_stops_a_plan_and_no_other(here, capsys):
    assert command.main([str(write_csv(with_variants(), here / "w")), "--time-limit", "1e-9", "--workers", "1"]) == 3
    assert capsys.readouterr().out.count("limit  the solver was stopped after 1e-09 s (--time-limit)") == 3


@pytest.mark.parametrize("text", ["0", "-1", "soon", "inf", "nan"])
def test_a_time_limit_is_a_number_of_seconds(text, here, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main([str(write_csv(world(), here / "w")), f"--time-limit={text}"])
    assert stopped.value.code == 1
    assert "is not a number of seconds above 0" in capsys.readouterr().err


def test_a_reader_who_leaves_stops_nothing(place):
    path = write_csv(world(), place / "w")
    with subprocess.Popen(
        [sys.executable, "run.py", str(path), "--out", "left", "--workers", "1"], cwd=place, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline() == "1 read and check\n"
        run.stdout.close()
        assert run.stderr.read() == ""
    assert (place / "left" / "manifest.json").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a full device")
def test_a_console_that_is_full_is_said(place):
    path = write_csv(world(), place / "w")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "run.py", str(path), "--check"], cwd=place, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (4, "cannot print: No space left on device\n")


def test_a_comparison_does_not_overwrite_what_it_compares(finished, capsys):
    assert command.main(["--compare", str(finished.folder), str(finished.folder), "--out", str(finished.folder)]) == 4
    assert "lies in one of the runs that are compared" in capsys.readouterr().err


def test_a_checked_copy_someone_works_on_is_kept(here):
    path = edited(here / "my.xlsx", EDITS["E202"])
    for _ in range(2):
        command.main([str(path), "--check"])
    assert sorted(file.name for file in here.iterdir()) == ["my.xlsx", "my_checked.xlsx"]
    book = openpyxl.load_workbook(here / "my_checked.xlsx")
    book.save(here / "my_checked.xlsx")
    kept = (here / "my_checked.xlsx").read_bytes()
    command.main([str(path), "--check"])
    assert (here / "my_checked.xlsx").read_bytes() == kept
    assert (here / "my_checked_2.xlsx").exists()


def test_verify_compares_every_table(finished, tmp_path, capsys):
    folder = tampered(finished.folder, tmp_path / "other", lambda _: None)
    table = folder / "data" / "production.csv"
    text = table.read_text(encoding="utf-8").splitlines()
    row = text[1].split(",")
    row[-1] = str(float(row[-1]) + 1)
    table.write_text("\n".join([text[0], ",".join(row), *text[2:]]) + "\n", encoding="utf-8")
    manifest = manifest_of(folder)
    manifest["files"]["data/production.csv"] = run_folder.checksum(table)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert command.main(["--verify", str(folder)]) == 1
    assert "tables: production" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["files"].pop("report.html"),
        lambda manifest: manifest["files"].update({"../elsewhere.csv": "0"}),
        lambda manifest: manifest["workbook"].update(name="../../w.xlsx"),
        lambda manifest: manifest.update(models="none"),
        lambda manifest: manifest.update(files=["a"]),
    ],
    ids=["no checksum", "a file outside", "a workbook outside", "text for a list", "a list for a dictionary"],
)
def test_a_damaged_manifest_is_one_line(change, finished, tmp_path, capsys):
    folder = tampered(finished.folder, tmp_path / "other", change)
    for call in (["--verify", str(folder)], ["--compare", str(folder), str(folder), "--out", str(tmp_path / "c")]):
        assert command.main(call) == 1
        assert capsys.readouterr().err.count("\n") == 1


def test_text_in_a_table_never_becomes_a_formula(tmp_path):
    table = pd.DataFrame({"new": ["=cmd()", "-5", "@x", "plain"], "value": [-1.0, 2.0, 3.0, 4.0]})
    (tmp_path / "data").mkdir()
    written = run_folder.write_table(tmp_path, "changes", table).read_text(encoding="utf-8")
    assert written == "new,value\n'=cmd(),-1\n-5,2\n'@x,3\nplain,4\n"
