"""A sweep's rows in one SQLite file, each there whole or not at all, whenever the program is killed. The only home of
sqlite3.

Every row has a mark, of what was written and for which sweep, so that what is not as it was written is seen before it
is believed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepladder.cli import files
from stepladder.errors import InvalidInput, Issue, Location, StepladderError, UsageError

if TYPE_CHECKING:
    from stepladder.workflow.report import Losses

_TABLES = """
CREATE TABLE sweep (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rows (future INTEGER NOT NULL, name TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (future, name)) WITHOUT ROWID;
CREATE TABLE marks (future INTEGER NOT NULL, name TEXT NOT NULL, mark TEXT NOT NULL,
    PRIMARY KEY (future, name)) WITHOUT ROWID;
"""
#: What is said of a sweep that is another one than is meant.
_WORDS = {
    "stepladder": "the version of stepladder",
    "question": "the question",
    "plan": "the plan",
    "planned": "whether each future is planned",
    "slips": "what durations are multiplied by",
    "futures": "the number of futures",
    "seed": "the seed",
    "gap": "the gap",
    "effort": "the work",
    "solver": "the solver",
}
#: So many damaged rows are named.
LISTED = 5


@dataclass(frozen=True)
class _Content:
    """What is in a file: what it says of itself, the rows that are as they were written, by future and name, and
    where the others stand.
    """

    told: dict[str, str]
    good: dict[tuple[int, str], str]
    damaged: list[tuple[Any, Any]]


class Store:
    """One file. It is locked while it is open, and what was put there stays.

    Parameters
    ----------
    path
        The file.
    mend
        Whether rows that are not as they were written are made again; without this such a file is refused.
    """

    def __init__(self, path: Path, *, mend: bool = False) -> None:
        files.prepare(path)
        if path.exists() and not path.is_file():
            raise UsageError(f"a sweep is kept in a file, and {path} is none; name another one with -o")
        self.path, self.mend = path, mend
        self.connection: sqlite3.Connection | None = None
        self.salt = ""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        if self.connection is not None:
            self.connection.close()

    def open(self, meant: Mapping[str, Any]) -> dict[tuple[int, str], str]:
        """The rows of the sweep that is meant.

        Raises
        ------
        UsageError
            When the file is of another sweep, or in use.
        InvalidInput
            When it is something else, or damaged. It is left as it is.
        """
        told = {name: json.dumps(value) for name, value in meant.items()}
        self.salt = _mark(told)
        try:
            self.connection = _connected(str(self.path.resolve()))
            # Nobody else in it while we are at work.
            self.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            with self.connection:
                self.connection.execute("BEGIN EXCLUSIVE")
                return self._begun(self.connection, told)
        except sqlite3.Error as error:
            raise _explained(self.path, error) from error

    def _begun(self, connection: sqlite3.Connection, told: Mapping[str, str]) -> dict[tuple[int, str], str]:
        if not _tables(connection):
            for table in _TABLES.split(";"):
                connection.execute(table)
            connection.executemany("INSERT INTO sweep VALUES (?, ?)", [*told.items(), ("mark", self.salt)])
            return {}
        content = _content(connection, self.path, told["format"])
        other = [name for name in told if content.told.get(name) != told[name]]
        if other:
            what = ", ".join(
                f"{_WORDS[name]} ({content.told.get(name, 'none')} there, {told[name]} here)" for name in other
            )
            raise UsageError(
                f"{self.path} holds another sweep: {what} differs; name another file with -o, or delete that one"
            )
        if content.damaged and not self.mend:
            raise _spoilt(self.path, content)
        for table in ("rows", "marks"):
            connection.executemany(f"DELETE FROM {table} WHERE future IS ? AND name IS ?", content.damaged)
        return content.good

    def put(self, number: int, name: str, text: str) -> None:
        """Keep one row.

        Raises
        ------
        StepladderError
            When the disk is full or the like; what was kept before stays.
        """
        assert self.connection is not None
        try:
            with self.connection:
                self.connection.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", (number, name, text))
                self.connection.execute(
                    "INSERT OR REPLACE INTO marks VALUES (?, ?, ?)",
                    (number, name, _mark((self.salt, number, name, text))),
                )
        except sqlite3.Error as error:
            raise _explained(self.path, error) from error


def plans_in(path: Path) -> list[dict[str, int]]:
    """Start by step of every future's own plan in a sweep's file, by future.

    Raises
    ------
    UsageError
        When there is no such file, or it is in use.
    InvalidInput
        When it is something else, or damaged.
    """
    plans = (row.get("plan", {}) for row in _own(path)[1])
    return [dict(plan["starts"]) for plan in plans if "starts" in plan]


def losses_in(path: Path) -> Losses:
    """What a sweep's file says about losses, by future.

    Raises
    ------
    UsageError
        When there is no such file, or it is in use.
    InvalidInput
        When it is something else, or damaged.
    """
    from stepladder.data.formats.problem import SPENT
    from stepladder.workflow.report import Losses

    told, rows = _own(path)
    over = sum(any(name in SPENT for name in row["carried"]["over"]) for row in rows)
    return Losses(json.loads(told["seed"]), json.loads(told["plan"]), [row["losses"] for row in rows], over)


# -- what is in a file -------------------------------------------------------------------------------------------------


def _own(path: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """What a sweep is, and the row of every future, by future."""
    from stepladder.data.reading import sources
    from stepladder.workflow.reading import existing
    from stepladder.workflow.sweep import FORMAT

    sources.reads(existing(path))
    try:
        content = _read(path, FORMAT, "ro")
    except sqlite3.Error as error:
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_READONLY"):
            raise _explained(path, error) from error
        # Somebody was killed in the middle of writing a row; SQLite takes that row away first.
        try:
            content = _read(path, FORMAT, "rw")
        except sqlite3.Error as again:
            raise _explained(path, again) from again
    if content.damaged:
        raise _spoilt(path, content)
    return content.told, [json.loads(content.good[key]) for key in sorted(content.good) if key[1] == "own"]


def _read(path: Path, form: str, mode: str) -> _Content:
    connection = _connected(f"{path.resolve().as_uri()}?mode={mode}", uri=True)
    try:
        return _content(connection, path, json.dumps(form))
    finally:
        connection.close()


def _content(connection: sqlite3.Connection, path: Path, form: str) -> _Content:
    tables = _tables(connection)
    if "sweep" not in tables:
        raise _unfit(path, f"it is no file of a sweep: {'it is empty' if not tables else 'it has other tables'}")
    told: dict[str, str] = dict(connection.execute("SELECT name, value FROM sweep"))
    if told.get("format") != form:
        raise _unfit(
            path,
            f"it is of another format ({told.get('format', 'none')}), and this version of stepladder reads {form} only",
        )
    salt = told.pop("mark", "")
    if salt != _mark(told):
        raise _unfit(path, "what it says of its sweep is not as it was written")
    marks = {(future, name): mark for future, name, mark in connection.execute("SELECT future, name, mark FROM marks")}
    good, damaged = {}, []
    for future, name, text in connection.execute("SELECT future, name, answer FROM rows"):
        if marks.get((future, name)) == _mark((salt, future, name, text)):
            good[future, name] = text
        else:
            damaged.append((future, name))
    return _Content(told, good, damaged)


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def _mark(written: Mapping[str, str] | Iterable[object]) -> str:
    """Of what was written, word for word."""
    parts = sorted(written.items(), key=repr) if isinstance(written, Mapping) else list(written)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _connected(name: str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=1.0, uri=uri)
    # Bytes that are no text are no error here: their row is not as it was written.
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


# -- what is wrong with it ---------------------------------------------------------------------------------------------


def _unfit(path: Path, why: str) -> InvalidInput:
    return InvalidInput([Issue(Location(str(path)), "SL001", f"{why}; it is left as it is, name another file")])


def _spoilt(path: Path, content: _Content) -> InvalidInput:
    rows = ", ".join(f"{name!r:.40} of future {future!r:.40}" for future, name in content.damaged[:LISTED]) + (
        ", …" if len(content.damaged) > LISTED else ""
    )
    good, bad = len(content.good), len(content.damaged)
    kept = f"The other {good:,} are good and stay" if good else "No other is there"
    message = (
        f"{bad:,} of {good + bad:,} rows are not as they were written: {rows}. {kept}; sweep … -o {path} --mend makes"
        " the damaged ones again"
    )
    return InvalidInput([Issue(Location(str(path)), "SL001", message)])


def _explained(path: Path, error: sqlite3.Error) -> StepladderError:
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return UsageError(f"{path} is in use by another sweep; wait for it, or name another file")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return UsageError(f"cannot open {path}: {error}; name another file")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")):
        return _unfit(path, f"it is no file of a sweep, or it is damaged: {error}")
    return StepladderError(f"cannot write {path}: {error}")
