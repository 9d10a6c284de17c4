"""Whatever is named as a file to read, by whatever command or option: a clear word about that file, at once, and
never an unexpected error.
"""

from __future__ import annotations

import functools
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from typer.main import get_command

from stepladder.data.reading.text import read_text
from stepladder.errors import InvalidInput
from tests.support.commanding import SMALL, run
from tests.support.odd import ODD, make, words
from tests.support.sizes import FULL

DATA = Path(__file__).parents[1] / "data"
MILL = DATA / "mill.yaml"
SHEET = MILL.with_name("sheet.csv")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices are files elsewhere only")

#: Every argument and option that names a file to read; FILE is that one, PLAN a good plan, OUT a new name.
READERS = {
    "check": "check FILE",
    "catalogue": "catalogue FILE",
    "schema --catalogue": "schema scenario --catalogue FILE",
    "plan": "plan FILE",
    "show": "show FILE",
    "verify": "verify FILE",
    "next": "next FILE",
    "next --among": "next PLAN --among FILE",
    "why": "why FILE some.step.1",
    "repair": "repair FILE",
    "compare": "compare FILE PLAN",
    "compare, the second": "compare PLAN FILE",
    "frontier": "frontier FILE --points 2",
    "stable": "stable FILE",
    "sweep": "sweep FILE -n 1",
    "sweep --plan": "sweep MILL -n 1 --plan FILE",
    "sweep --learn": "sweep MILL -n 1 --learn FILE",
    "actuals": "actuals FILE",
    "import": "import FILE",
    "import --catalogue": "import SHEET --catalogue FILE --start 2027-01-01 --years 1 --money 9",
    "template": "template FILE -o OUT.xlsx",
    "replan": "replan FILE --as-of P2",
    "replan --actuals": "replan PLAN --actuals FILE",
    "replan --assessment": "replan PLAN --as-of P2 --assessment FILE",
    "diff": "diff FILE PLAN",
    "diff, the second": "diff PLAN FILE",
    "history": "history FILE",
    "history, the second": "history PLAN FILE",
    "report": "report FILE -o OUT",
    "report, the second": "report PLAN FILE -o OUT",
    "report --sweep": "report PLAN -o OUT --sweep FILE",
    "plot": "plot FILE --chart money -o OUT.svg",
    "plot, of versions": "plot FILE --chart history -o OUT.svg",
    "export": "export FILE --to csv -o OUT",
    "push": "push FILE --to redmine --project p --url http://127.0.0.1:9 --state OUT",
    "push --map": "push PLAN --to redmine --project p --url http://127.0.0.1:9 --state OUT --map FILE",
    "push --state": "push PLAN --to redmine --project p --url http://127.0.0.1:9 --state FILE",
    "pull": "pull FILE --to redmine --project p --url http://127.0.0.1:9 --as-of P2",
    "pull --map": "pull PLAN --to redmine --project p --url http://127.0.0.1:9 --as-of P2 --map FILE",
    "pull --state": "pull PLAN --to redmine --project p --url http://127.0.0.1:9 --as-of P2 --state FILE",
}
#: What these do with a file that is not there, or with a folder, is no error of reading.
OTHERWISE = {(reader, kind) for reader in ("push --state", "pull --state") for kind in ("missing", "dangling")}


@pytest.fixture(autouse=True)
def _watchdog(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def late(_: int, __: FrameType | None) -> None:
        pytest.fail("it reads without end")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(300)
    # The commands are laid out once, not for each call.
    monkeypatch.setattr("typer.testing._get_command", functools.cache(get_command))
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def plan_of_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plans") / "plan.json"
    assert run("plan", SMALL, "-o", path, "--no-progress").exit_code == 0
    return path


def command(reader: str, file: object, plan: Path, out: Path) -> list[str]:
    said = {
        "FILE": str(file),
        "PLAN": str(plan),
        "OUT": str(out),
        "OUT.svg": f"{out}.svg",
        "OUT.xlsx": f"{out}.xlsx",
        "MILL": str(MILL),
        "SHEET": str(SHEET),
    }
    return [said.get(part, part) for part in READERS[reader].split(" ")]


def judged(reader: str, kind: str, path: object, plan: Path, out: Path) -> None:
    found = run(*command(reader, path, plan, out))
    told = found.stderr
    assert "unexpected" not in told, told
    assert found.exit_code in (2, 3), (found.exit_code, told, found.stdout)
    assert str(path) in told.replace("\n", ""), told
    assert words(kind) in told if kind in ODD else True, told


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_with_each_odd_file(tmp_path: Path, plan_of_small: Path, reader: str) -> None:
    suffixes = (".yaml", ".json", "")
    for k, kind in enumerate(kind for kind in ODD if kind != "folder"):
        # All of them with STEPLADDER_FULL, else a sixth of them in turn.
        for suffix in suffixes if FULL else suffixes[(k + len(reader)) % 6 :][:1]:
            if (reader, kind) not in OTHERWISE:
                judged(reader, kind, make(tmp_path, kind, suffix), plan_of_small, tmp_path / "out")


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_with_a_folder_a_long_name_and_no_name(tmp_path: Path, plan_of_small: Path, reader: str) -> None:
    folder = make(tmp_path, "folder", ".json")
    names: list[object] = [tmp_path / ("n" * 300 + ".json"), tmp_path / ("n" * 300)]
    names += [] if reader.endswith("--state") else [f"{tmp_path}/a/b/../c.json", f"{MILL}/inside.yaml"]
    # Folders of plans are what these take, after a plan or beside it.
    names += [] if reader in ("report", "plot", "history, the second") else [folder]
    for name in names:
        judged(reader, "", name, plan_of_small, tmp_path / "out")


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
@pytest.mark.parametrize("said", ["catalogue: {}", "catalogue: iot_smm\nprofiles_from: [{}]"])
def test_a_scenario_that_refers_to_an_odd_file(tmp_path: Path, said: str, suffix: str) -> None:
    scenario = tmp_path / "scenario.yaml"
    for kind in ODD:
        odd = make(tmp_path, kind, suffix)
        text = (
            f"format: stepladder-scenario/1\n{said.format(odd.name)}\nhorizon: {{start: 2027-01-01, periods:"
            " 4}\nbudget: {amount: 5}\n"
        )
        scenario.write_text(text, encoding="utf-8")
        found = run("check", scenario)
        assert found.exit_code == 3, found.stderr
        assert odd.name in found.stderr
        assert all(line.startswith((f"{scenario}:", f"{odd}:")) for line in found.stderr.splitlines()[:-1]), (
            found.stderr
        )


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed.yaml"
    closed.write_text("a: 1", encoding="utf-8")

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("stepladder.data.reading.text.os.open", refused)
    found = run("check", closed)
    assert (found.exit_code, found.stderr.splitlines()[0]) == (
        3,
        f"{closed}:1:1 SL001 cannot read the file: permission denied; change its permissions, or those of its folder",
    )
    before = Path.stat
    monkeypatch.setattr(Path, "stat", lambda self, **more: refused() if self == closed else before(self, **more))
    found = run("check", closed)
    assert (found.exit_code, found.stderr.splitlines()[0]) == (
        2,
        f"error: cannot read {str(closed)!r}: permission denied; change its permissions, or those of its folder",
    )


def test_a_file_that_becomes_a_pipe_or_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, grown = make(tmp_path, "pipe", ".yaml"), tmp_path / "grown.yaml"
    grown.write_bytes(b"# " + b"x" * 100)
    monkeypatch.setattr("stepladder.data.reading.text.refusal", lambda _: None)
    with pytest.raises(InvalidInput, match="SL001 cannot read the file: it is a device or a pipe"):
        read_text(pipe, "pipe.yaml")
    monkeypatch.setattr("stepladder.data.reading.text.MAX_BYTES", 50)
    monkeypatch.setattr("stepladder.data.reading.text.os.fstat", lambda _: os.stat_result((stat.S_IFREG, *[0] * 9)))
    with pytest.raises(InvalidInput, match="SL001 the file has more than 50 bytes"):
        read_text(grown, "grown.yaml")


def test_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    script = (
        f"import os, shutil, sys; os.mkdir({str(gone)!r}); os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); from"
        " stepladder.cli.main import run; run()"
    )
    for arguments, code, said in (
        (["check", str(MILL)], 0, ""),
        (["check", "mill.yaml"], 2, "no file 'mill.yaml'"),
        (["show", "plan.json"], 2, "no file"),
    ):
        # -P: as an installed command begins, without the current folder on its path; CPython 3.13.0 imports no
        # extension module there once that folder is gone.
        command = [sys.executable, "-P", "-c", script, *arguments]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (found.returncode, "unexpected" in found.stderr, "Traceback" in found.stderr) == (
            code,
            False,
            False,
        ), found.stderr
        assert said in found.stderr
