"""A sweep's rows in one SQLite file, each there whole or not at all, whenever the program is killed. The only home of sqlite3."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepladder.cli import files
from stepladder.errors import StepladderError, UsageError

if TYPE_CHECKING:
    from stepladder.workflow.report import Losses

_TABLES = """
CREATE TABLE IF NOT EXISTS sweep (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (future INTEGER NOT NULL, name TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (future, name)) WITHOUT ROWID;
"""
#: What is said of a sweep that is another one than is meant.
_WORDS = {
    "format": "the format",
    "stepladder": "the version of stepladder",
    "question": "the question",
    "plan": "the plan",
    "planned": "whether each future is planned",
    "futures": "the number of futures",
    "seed": "the seed",
    "gap": "the gap",
    "effort": "the effort",
    "solver": "the solver",
}


class Store:
    """One file. It is locked while it is open, and what was put there stays."""

    def __init__(self, path: Path) -> None:
        files.prepare(path)
        self.path = path
        self.connection: sqlite3.Connection | None = None

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
            When the file is something else, of another sweep, or in use.
        """
        told = {name: json.dumps(value) for name, value in meant.items()}
        try:
            self.connection = _connected(self.path)
            with self.connection:
                self.connection.execute("BEGIN EXCLUSIVE")
                for table in _TABLES.split(";"):
                    self.connection.execute(table)
                there = dict(self.connection.execute("SELECT name, value FROM sweep"))
                if not there:
                    self.connection.executemany("INSERT INTO sweep VALUES (?, ?)", told.items())
            rows = self.connection.execute("SELECT future, name, answer FROM rows").fetchall()
        except sqlite3.Error as error:
            raise _explained(self.path, error) from error
        other = [name for name, value in told.items() if there and there.get(name) != value]
        if other:
            what = ", ".join(f"{_WORDS[name]} ({there.get(name, 'none')} there, {told[name]} here)" for name in other)
            raise UsageError(f"{self.path} holds another sweep: {what} differs; name another file with -o, or delete that one")
        return {(future, name): answer for future, name, answer in rows}

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
        except sqlite3.Error as error:
            raise _explained(self.path, error) from error


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=1.0)
    # No second file beside it, and nobody else in it while we are at work.
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection


def _explained(path: Path, error: sqlite3.Error) -> StepladderError:
    said = str(error)
    if "locked" in said:
        return UsageError(f"{path} is in use by another sweep; wait for it, or name another file with -o")
    if "not a database" in said or "malformed" in said or "no such column" in said:
        return UsageError(f"{path} is no file of a sweep; name another one with -o")
    return StepladderError(f"cannot write {path}: {said}")


def plans_in(path: Path) -> list[dict[str, int]]:
    """Start by step of every future's own plan in a sweep's file, by future.

    Raises
    ------
    UsageError
        When it is no such file.
    """
    plans = (row.get("plan", {}) for row in _own(path)[1])
    return [dict(plan["starts"]) for plan in plans if "starts" in plan]


def losses_in(path: Path) -> Losses:
    """What a sweep's file says about losses, by future.

    Raises
    ------
    UsageError
        When it is no such file.
    """
    from stepladder.workflow.report import Losses

    said, rows = _own(path)
    return Losses(json.loads(said.get("seed", "0")), json.loads(said.get("plan", '""')), [row["losses"] for row in rows])


def _own(path: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """What a sweep is, and the row of every future, by future."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1.0)
        try:
            said = dict(connection.execute("SELECT name, value FROM sweep"))
            rows = connection.execute("SELECT answer FROM rows WHERE name = 'own' ORDER BY future").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UsageError(f"{path} is no file of a sweep, or it is in use: {error}") from error
    return said, [json.loads(text) for (text,) in rows]
