"""What was pushed, as a file: by mark the key in the tracker and the fields as they were pushed. No token is in it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from stepladder.data.formats.base import Record
from stepladder.data.reading.text import read_text
from stepladder.data.reading.validate import from_json
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.push.address import HOMES, same_place
from stepladder.exchange.push.engine import PushState
from stepladder.exchange.tracker import ItemKind, Pushed

FORMAT = "stepladder-push/1"
#: A key becomes a part of an address, and may hold nothing that leads elsewhere.
KEY = r"^[A-Za-z0-9_-]{1,300}(/[0-9]{1,30})?$"


class _Item(Record):
    """One thing that was pushed."""

    key: Annotated[str, Field(pattern=KEY)]
    kind: ItemKind
    fields: dict[str, str]
    accepted: dict[str, str] = Field(default_factory=dict)
    closed: bool = False
    id: str = ""
    assignee: str = ""
    parent: str = ""


class _State(Record):
    """The file."""

    format: Literal["stepladder-push/1"]
    target: dict[str, str]
    plan: str | None = None
    items: dict[str, _Item]


def load(path: Path, target: dict[str, str], plan: str | None = None) -> PushState:
    """The state of a plan in a project, empty where there is no file yet.

    Parameters
    ----------
    path
        The file.
    target
        tracker, url and project.
    plan
        The plan's id.

    Raises
    ------
    UsageError
        When the file is of another project, or of another plan.
    InvalidInput
        When it is no such file.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError:
        # What is wrong with it is said where it is read.
        pass
    try:
        stored = from_json(_State, read_text(path, str(path), ours=True), str(path))
    except InvalidInput as error:
        message = (
            "this is no state of a push as it was written; it is left as it is: restore it, or name another file with"
            " --state"
        )
        raise InvalidInput([Issue(Location(str(path)), "SL001", message), *error.issues]) from error
    other = [f"{name} {stored.target.get(name, '')!r}" for name in target if not _same(name, stored.target, target)]
    if other:
        raise UsageError(f"{path} is the state of another project ({', '.join(other)}); name another file with --state")
    # A file from before there were ids of plans belongs to the first that takes it over.
    if stored.plan not in (None, plan):
        raise UsageError(f"{path} is the state of the plan {stored.plan!r}; name another file with --state")
    return {mark: Pushed(**item.model_dump()) for mark, item in stored.items.items()}


def _same(name: str, one: dict[str, str], other: dict[str, str]) -> bool:
    """An address may have been written in another way that leads to the same place."""
    home = HOMES.get(other.get("tracker", ""), "")
    return one.get(name) == other[name] or (
        name == "url" and same_place(one.get(name, "") or home, other[name] or home)
    )


def dump(state: PushState, target: dict[str, str], plan: str | None = None) -> str:
    """The file's text; the same state gives the same bytes."""
    items = {mark: dataclasses.asdict(state[mark]) for mark in sorted(state)}
    for item in items.values():
        for name in ("id", "assignee", "parent"):
            if not item[name]:
                del item[name]
    document = {"format": FORMAT, "target": target, **({} if plan is None else {"plan": plan}), "items": items}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def owner(path: Path) -> str | None:
    """Id of the plan to which a state file belongs; None where it is of no plan yet, or is no such file."""
    try:
        return from_json(_State, read_text(path, str(path), ours=True), str(path)).plan
    except (InvalidInput, OSError):
        return None
