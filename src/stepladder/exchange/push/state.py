"""What was pushed, as a file: by mark the key in the tracker and the fields as they were pushed. No token is in it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.push.engine import State
from stepladder.exchange.wanted import Held

FORMAT = "stepladder-push/1"


def load(path: Path, target: dict[str, str]) -> State:
    """The state of a project, empty where there is no file yet.

    Parameters
    ----------
    path
        The file.
    target
        tracker, url and project.

    Raises
    ------
    UsageError
        When the file is of another project.
    InvalidInput
        When it is no such file.
    """
    if not path.exists():
        return {}
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise ValueError(said["format"])
        there = {name: str(said["target"][name]) for name in target}
        state = {str(mark): Held(**_held(held)) for mark, held in said["items"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"this is no state of a push ({error}); name another file with --state, or restore it"
        raise InvalidInput([Issue(Location(str(path)), "SL001", message)]) from error
    if there != target:
        what = ", ".join(f"{name} {there[name]!r}" for name in target if there[name] != target[name])
        raise UsageError(f"{path} is the state of another project ({what}); name another file with --state")
    return state


def _held(said: dict[str, Any]) -> dict[str, Any]:
    fields = {name: str(value) for name, value in said["fields"].items()}
    accepted = {name: str(value) for name, value in said.get("accepted", {}).items()}
    return {"key": str(said["key"]), "kind": said["kind"], "fields": fields, "accepted": accepted, "closed": bool(said.get("closed", False))}


def dump(state: State, target: dict[str, str]) -> str:
    """The file's text; the same state gives the same bytes."""
    items = {mark: dataclasses.asdict(state[mark]) for mark in sorted(state)}
    return json.dumps({"format": FORMAT, "target": target, "items": items}, indent=1, ensure_ascii=False) + "\n"
