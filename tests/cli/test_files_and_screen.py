"""Output files whole or not at all; colour, progress and pipes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stepladder.cli import files, screen
from stepladder.data.formats.plan import dump
from stepladder.errors import StepladderError, UsageError
from stepladder.optimise import Progress
from tests.support import handmade
from tests.support.commanding import run

PROGRAM = [sys.executable, "-m", "stepladder"]


def test_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    files.write(path, "old")
    path.chmod(0o640)
    files.write(path, "new ü\n")
    assert path.read_bytes() == "new ü\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.json"
    files.write(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StepladderError, match=r"plan\.json: No space left on device") as caught:
        files.write(path, "new")
    assert caught.value.exit_code == 1
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    files.write(link, "new")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"


def test_devices_are_not_replaced() -> None:
    files.write(Path("/dev/null"), "x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    if Path("/dev/full").exists():
        with pytest.raises(StepladderError, match="No space left"):
            files.write(Path("/dev/full"), "x")


def test_prepare(tmp_path: Path) -> None:
    files.prepare(tmp_path / "new.json")
    with pytest.raises(UsageError, match="is a folder"):
        files.prepare(tmp_path)
    with pytest.raises(UsageError, match="there is no folder"):
        files.prepare(tmp_path / "a" / "b.json")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_prepare_needs_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="permission denied"):
        files.prepare(tmp_path / "new.json")


@pytest.mark.parametrize(
    ("terminal", "environment", "colour"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_only_where_it_shows(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, environment: dict[str, str], colour: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(screen, "_terminal", lambda _: terminal)
    assert screen.style().colour is colour
    assert screen.style(100).width == 100


def test_width_follows_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "_terminal", lambda _: True)
    for columns, width in ((200, 80), (60, 60), (10, 40)):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert screen.style().width == width


def test_progress_in_words() -> None:
    # A gap of 1/3000 is rounded up, a bound of 1,199,999.9 down.
    assert (
        screen.progress_line(Progress(12.4, 1234567.0, 1199999.9, 1 / 3000))
        == "12 s: best plan 1,234,567, none better than 1,199,999, gap 0.04 %"
    )
    assert screen.progress_line(Progress(0.0, None, None, None)) == "0 s: no plan yet"


def test_what_is_to_be_copied_keeps_its_indent(capsys: pytest.CaptureFixture[str]) -> None:
    screen.note("error: add to it:\n  fields:\n    Cost centre: IT\x1b[31m")
    assert capsys.readouterr().err == "error: add to it:\n  fields:\n    Cost centre: IT [31m\n"


def test_progress_without_a_terminal_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with screen.Reporter() as report:
        for second in range(25):
            report(Progress(float(second), 5000.0, None, None))
    captured = capsys.readouterr()
    assert captured.err == "10 s: best plan 5,000\n20 s: best plan 5,000\n"
    assert captured.out == ""


def test_progress_on_a_terminal_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "21")
    with screen.Reporter() as report:
        report(Progress(1.0, 5000.0, 4000.0, 0.2))
        report(Progress(2.0, 5000.0, 4000.0, 0.2))
    # typer leaves escapes out where stderr is no terminal, as here.
    assert capsys.readouterr().err.replace("\x1b[K", "") == "\r1 s: best plan 5,00…\r2 s: best plan 5,00…\r"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(dump(handmade.bottling()), encoding="utf-8")
    with subprocess.Popen([*PROGRAM, "show", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


def test_a_full_stdout_is_said() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*PROGRAM, "schema", "plan"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "error: cannot write the answer to stdout: No space left on device\n"


def test_a_terminal_that_knows_few_characters(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(dump(handmade.bottling()), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [*PROGRAM, "show", "--full", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "?Ransomware stops the line?" in done.stdout


def imported(*arguments: str) -> set[str]:
    """What a command imports, in a process of its own."""
    code = (
        "import sys; from stepladder.cli.main import app; app(sys.argv[1:], standalone_mode=False); print(*sys.modules,"
        " file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return set(done.stderr.split())


def test_help_imports_nothing_heavy() -> None:
    heavy = {
        "pandas",
        "pulp",
        "highspy",
        "networkx",
        "numpy",
        "yaml",
        "rich",
        "pydantic",
        "stepladder.data",
        "stepladder.optimise",
    }
    assert not imported("--help") & heavy
    assert "stepladder.cli.main" in imported("--version")


def test_check_imports_no_solver() -> None:
    found = imported("check", str(Path(__file__).parents[1] / "cases" / "small_1009.json"))
    assert "stepladder.workflow.check" in found
    assert not found & {
        "pandas",
        "pulp",
        "highspy",
        "numpy",
        "rich",
        "stepladder.optimise",
        "stepladder.solution.verify",
    }


MILL = Path(__file__).parents[1] / "data" / "mill.yaml"


@pytest.mark.parametrize(
    "command", ["actuals {plan}", "export {plan} --to csv", "replan {plan} --as-of 2027-Q2", "report {plan}"]
)
def test_what_people_have_filled_in_is_never_written_over(command: str, tmp_path: Path) -> None:
    plan, mine = tmp_path / "plan.json", tmp_path / "mine.yaml"
    assert run("plan", MILL, "-o", plan).exit_code == 0
    mine.write_text("format: stepladder-actuals/1\nas_of: 2027-Q2\n", encoding="utf-8")
    done = run(*command.format(plan=plan).split(" "), "-o", mine)
    assert (done.exit_code, "people write by hand" in done.stderr) == (2, True)
    assert mine.read_text(encoding="utf-8").startswith("format: stepladder-actuals/1")


@pytest.mark.parametrize("command", ["export {plan} --to csv", "actuals {plan}", "plot {plan} --chart money"])
def test_only_a_plan_takes_the_place_of_a_plan(command: str, tmp_path: Path) -> None:
    plan, older = tmp_path / "plan.json", tmp_path / "older.json"
    assert run("plan", MILL, "-o", plan).exit_code == 0
    older.write_bytes(plan.read_bytes())
    done = run(*command.format(plan=plan).split(" "), "-o", older)
    assert done.exit_code == 2, done.stderr
    assert older.read_bytes() == plan.read_bytes()
    assert run("plan", MILL, "-o", older).exit_code == 0
