"""Files of ours that are not as we wrote them: named, with what is wrong and what is kept, exit code 3; and nothing
is destroyed.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.commanding import run
from tests.support.killing import environment, hearing

MILL = Path(__file__).parents[1] / "data" / "mill.yaml"
COUNT = 8


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert run("plan", MILL, "-o", folder / "plan.json").exit_code == 0
    assert run("sweep", MILL, "-n", COUNT, "--workers", 1, "-o", folder / "sweep.db").exit_code == 0
    return folder


@pytest.fixture(scope="module")
def whole() -> str:
    """What the sweep says."""
    return run("sweep", MILL, "-n", COUNT, "--workers", 1, "--json").stdout


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def sql(*statements: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as there, there:
            for statement in statements:
                there.execute(statement)

    return damage


def answer(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """The first future's own row, with something changed in its JSON."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as there, there:
            row = json.loads(there.execute("SELECT answer FROM rows WHERE future = 0 AND name = 'own'").fetchone()[0])
            change(row)
            there.execute("UPDATE rows SET answer = ? WHERE future = 0 AND name = 'own'", (json.dumps(row),))

    return damage


def cut(at: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * at))


def bytes_in_the_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    at = content.index(b'"carried"')
    content[at : at + 40] = b"\xff" * 40
    path.write_bytes(content)


FIRST = "WHERE future = 0 AND name = 'own'"
ROWS = {
    "cut JSON": sql(f"UPDATE rows SET answer = substr(answer, 1, 100) {FIRST}"),
    "no JSON": sql(f"UPDATE rows SET answer = 'nonsense' {FIRST}"),
    "a list": sql(f"UPDATE rows SET answer = '[]' {FIRST}"),
    "a number": sql(f"UPDATE rows SET answer = 7 {FIRST}"),
    "null": sql(f"UPDATE rows SET answer = 'null' {FIRST}"),
    "empty": sql(f"UPDATE rows SET answer = '' {FIRST}"),
    "bytes": sql(f"UPDATE rows SET answer = x'ff00ff' {FIRST}"),
    "deep": sql(f"UPDATE rows SET answer = replace(hex(zeroblob(100000)), '0', '[') {FIRST}"),
    "no plan": answer(lambda row: row.pop("plan")),
    "no losses": answer(lambda row: row.pop("losses")),
    "losses of other kinds": answer(lambda row: row.update(losses=[[["x"]]])),
    "a number that is text": answer(lambda row: row["carried"].update(spend="much")),
    "NaN": answer(lambda row: row["carried"].update(spend=float("nan"))),
    "infinite": answer(lambda row: row["plan"].update(value=float("inf"))),
    "another value": answer(lambda row: row["plan"].update(value=row["plan"]["value"] + 1)),
    "a start that is text": answer(lambda row: row["plan"].update(starts={"x": "soon"})),
    "a step of another problem": answer(lambda row: row["plan"].update(starts={"nobody.knows.2": 0})),
    "a milestone that is none": answer(lambda row: row["carried"].update(missed=[99])),
    "a negative future": sql(f"UPDATE rows SET future = -1 {FIRST}", f"UPDATE marks SET future = -1 {FIRST}"),
    "a future beyond the last": sql(f"UPDATE rows SET future = 1000 {FIRST}"),
    "a future that is text": sql(f"UPDATE rows SET future = 'first' {FIRST}"),
    "a name that is a number": sql(f"UPDATE rows SET name = 77 {FIRST}"),
    "a name that is nonsense": sql(f"UPDATE rows SET name = 'elephant' {FIRST}"),
    "the row of another future": sql(
        f"UPDATE rows SET answer = (SELECT answer FROM rows WHERE future = 1 AND name = 'own') {FIRST}"
    ),
    "no mark": sql(f"DELETE FROM marks {FIRST}"),
    "another mark": sql(f"UPDATE marks SET mark = 'x' {FIRST}"),
    "a row too many": sql("INSERT INTO rows VALUES (3, '77', '{}')"),
    "twice": sql(
        "ALTER TABLE rows RENAME TO old",
        "CREATE TABLE rows (future, name, answer)",
        "INSERT INTO rows SELECT * FROM old",
        "INSERT INTO rows SELECT future, name, '{}' FROM old WHERE future = 0 AND name = 'own'",
        "DROP TABLE old",
    ),
    "bytes on the disk": bytes_in_the_middle,
}


def another_database(path: Path) -> None:
    path.unlink()
    sql("CREATE TABLE notes (text)")(path)


WHOLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "not a database": (
        lambda path: path.write_bytes(b"these are my notes\n" * 500),
        "it is no file of a sweep, or it is damaged: file is not a database",
    ),
    "cut in half": (cut(0.5), "it is no file of a sweep, or it is damaged: database disk image is malformed"),
    "cut to its beginning": (cut(0.01), "it is no file of a sweep, or it is damaged"),
    "other tables": (
        another_database,
        "it is no file of a sweep: it has other tables",
    ),
    "no rows": (sql("DROP TABLE rows"), "no such table: rows"),
    "no marks": (sql("DROP TABLE marks"), "no such table: marks"),
    "a column less": (sql("ALTER TABLE marks RENAME COLUMN mark TO other"), "no such column: mark"),
    "another format": (
        sql("UPDATE sweep SET value = '\"stepladder-sweep/9\"' WHERE name = 'format'"),
        "it is of another format",
    ),
    "no format": (sql("DELETE FROM sweep WHERE name = 'format'"), "it is of another format (none)"),
    "another seed": (
        sql("UPDATE sweep SET value = 'seed' WHERE name = 'seed'"),
        "what it says of its sweep is not as it was written",
    ),
    "no seed": (sql("DELETE FROM sweep WHERE name = 'seed'"), "what it says of its sweep is not as it was written"),
    "nothing said": (sql("DELETE FROM sweep"), "it is of another format (none)"),
}
#: Every command that reads such a file; of the third, the sweep that it belongs to.
READERS = {
    "sweep": ("sweep", MILL, "-n", COUNT, "--workers", 1, "--json", "-o", "sweep.db"),
    "next": ("next", "plan.json", "--among", "sweep.db"),
    "report": ("report", "plan.json", "--sweep", "sweep.db", "-o", "out.html"),
    "plot": ("plot", "plan.json", "--chart", "exceedance", "--sweep", "sweep.db", "-o", "out.svg"),
}


def refused(place: Path, reader: str) -> str:
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    done = run(*READERS[reader])
    assert done.exit_code == 3, (done.stderr, done.stdout)
    assert "sweep.db:1:1 SL001 " in done.stderr
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    return done.stderr


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("damage", ROWS)
def test_rows_that_are_not_as_they_were_written(damage: str, reader: str, place: Path) -> None:
    ROWS[damage](place / "sweep.db")
    said = refused(place, reader)
    assert "rows are not as they were written: " in said
    assert "are good and stay; sweep … -o" in said


@pytest.mark.parametrize("damage", ROWS)
def test_damaged_rows_are_made_again_and_the_others_kept(damage: str, place: Path, whole: str) -> None:
    ROWS[damage](place / "sweep.db")
    done = run(*READERS["sweep"], "--mend")
    assert (done.exit_code, done.stdout) == (0, whole), done.stderr
    assert run(*READERS["sweep"]).stdout == whole


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("damage", WHOLE)
def test_files_that_are_no_sweep(damage: str, reader: str, place: Path) -> None:
    spoil, said = WHOLE[damage]
    spoil(place / "sweep.db")
    assert said in refused(place, reader)


def test_an_empty_file_is_begun_and_not_read(place: Path, whole: str) -> None:
    (place / "sweep.db").write_bytes(b"")
    assert "it is no file of a sweep: it is empty" in refused(place, "report")
    done = run(*READERS["sweep"])
    assert (done.exit_code, done.stdout) == (0, whole)


@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_is_in_use(reader: str, place: Path) -> None:
    with closing(sqlite3.connect(place / "sweep.db", isolation_level=None)) as other, other:
        other.execute("BEGIN EXCLUSIVE")
        done = run(*READERS[reader])
        other.execute("ROLLBACK")
    assert (done.exit_code, "sweep.db is in use by another sweep" in done.stderr) == (2, True), done.stderr


def test_a_file_that_is_not_there(place: Path) -> None:
    for reader in ("report", "plot"):
        done = run(*("gone.db" if argument == "sweep.db" else argument for argument in READERS[reader]))
        assert (done.exit_code, "no file 'gone.db'" in done.stderr) == (2, True)
    assert not (place / "gone.db").exists()
    assert not (place / "out.html").exists()


def test_memory_is_no_file(place: Path) -> None:
    """SQLite has names of its own for what is kept nowhere."""
    assert run("sweep", MILL, "-n", 2, "--workers", 1, "-o", ":memory:").exit_code == 0
    assert (place / ":memory:").exists()


def test_a_row_that_was_being_written_when_the_power_failed(place: Path) -> None:
    """SQLite takes it away, also where the file is only to be read."""
    code = """
import os, sqlite3
there = sqlite3.connect("sweep.db", isolation_level=None)
there.execute("PRAGMA cache_size = 1")
there.execute("BEGIN EXCLUSIVE")
for number in range(1000, 2000):
    there.execute("INSERT INTO rows VALUES (?, 'own', ?)", (number, "x" * 3000))
os.kill(os.getpid(), 9)
"""
    before = run(*READERS["next"])
    assert before.exit_code == 0, before.stderr
    assert subprocess.run([sys.executable, "-c", code], cwd=place, check=False).returncode == -signal.SIGKILL
    assert (place / "sweep.db-journal").stat().st_size > 0
    after = run(*READERS["next"])
    assert (after.exit_code, after.stdout) == (0, before.stdout), after.stderr
    assert not (place / "sweep.db-journal").exists()


def test_ctrl_c_leaves_no_answer_that_depends_on_when_it_came(place: Path) -> None:
    """In one process the search itself is interrupted; what it has by then is no row."""
    command = [
        sys.executable,
        "-m",
        "stepladder",
        "sweep",
        str(MILL),
        "-n",
        "30",
        "--workers",
        "1",
        "--gap",
        "0",
        "--json",
        "-o",
        "other.db",
    ]
    for wait in (1.5, 2.2):
        child = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd=place,
            preexec_fn=hearing,
        )
        time.sleep(wait)
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=120) in (0, 130, -signal.SIGINT, 1)
    whole = run(*command[3:-2])
    done = run(*command[3:])
    assert (done.exit_code, done.stdout) == (0, whole.stdout)


# -- the state of a push -----------------------------------------------------------------------------------------------

STATE: dict[str, Any] = {
    "format": "stepladder-push/1",
    "target": {"tracker": "github", "url": "", "project": "a/b"},
    "items": {
        "SL-AAAAAAAA": {"key": "7", "kind": "item", "fields": {"start": "2027-01-01"}, "accepted": {}, "closed": False}
    },
}


def changed(*where: str, to: Any) -> str:
    said = copy.deepcopy(STATE)
    there = said
    for part in where[:-1]:
        there = there[part]
    there[where[-1]] = to
    return json.dumps(said, indent=1)


STATES: dict[str, tuple[bytes | str, str]] = {
    "brackets": ("[" * 200_000, ":1:61 SL007 nested more than"),
    "braces": ('{"a":' * 100_000, ":1:301 SL007 nested more than"),
    "empty": ("", ":1:1 SL002 not JSON"),
    "cut": (json.dumps(STATE)[:-20], "SL002 not JSON"),
    "no text": (b"\xff\xfe\x00\x01", ":1:1 SL001 not UTF-8"),
    "a list": ("[]", ":1:1 SL103 expected a mapping (key: value), found a list"),
    "a number": ("5", ":1:1 SL103 expected a mapping"),
    "null": ("null", ":1:1 SL103 expected a mapping"),
    "a key twice": ('{"format": "stepladder-push/1", "format": "stepladder-push/1"}', "SL003"),
    "NaN": (changed("items", "SL-AAAAAAAA", "key", to=float("nan")), ":10:11 SL"),
    "another format": (
        changed("format", to="stepladder-push/2"),
        ":2:12 SL104 \"stepladder-push/2\" is not one of 'stepladder-push/1'",
    ),
    "no target": (json.dumps({name: STATE[name] for name in ("format", "items")}), "SL102 key 'target' is missing"),
    "items as a list": (changed("items", to=[]), ":8:11 SL103"),
    "an item as text": (changed("items", "SL-AAAAAAAA", to="x"), ":9:18 SL103"),
    "another kind": (changed("items", "SL-AAAAAAAA", "kind", to="thing"), ":11:12 SL104"),
    "closed as text": (changed("items", "SL-AAAAAAAA", "closed", to="false"), "SL103 expected true or false"),
    "no key": (changed("items", "SL-AAAAAAAA", "key", to=None), "SL103 expected text, found nothing"),
    "fields as text": (changed("items", "SL-AAAAAAAA", "fields", to="x"), "SL103 expected a mapping"),
    "a field as number": (changed("items", "SL-AAAAAAAA", "fields", to={"start": 5}), "SL103 expected text, found 5"),
}


@pytest.mark.parametrize("damage", STATES)
@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_damaged_state_of_a_push(command: str, damage: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "none")
    content, said = STATES[damage]
    path = place / "state.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = path.read_bytes()
    more = ("--apply",) if command == "push" else ("--as-of", "2027-Q2", "-o", "actuals.yaml")
    done = run(command, "plan.json", "--to", "github", "--project", "a/b", "--state", "state.json", *more)
    assert done.exit_code == 3, done.stderr
    assert "state.json:1:1 SL001 this is no state of a push as it was written; it is left as it is" in done.stderr
    assert said in done.stderr, done.stderr
    assert path.read_bytes() == before
    assert not (place / "actuals.yaml").exists()


def test_a_good_state_is_read(place: Path) -> None:
    from stepladder.exchange.push.state import dump, load

    (place / "state.json").write_text(json.dumps(STATE), encoding="utf-8")
    state = load(place / "state.json", STATE["target"])
    assert json.loads(dump(state, STATE["target"])) == STATE
    assert load(place / "nowhere.json", STATE["target"]) == {}
