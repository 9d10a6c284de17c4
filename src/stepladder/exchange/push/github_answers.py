"""What GitHub answers: the fields that are read."""

from __future__ import annotations

from typing import Any

from stepladder.exchange.push.shapes import Day, Id, Numbered, Response, Text


class Rights(Response):
    """What the token may do."""

    push: bool = False


class Repository(Response):
    """``repos/OWNER/NAME``."""

    permissions: Rights | None = None


class Milestone(Response):
    """A milestone, ours or anybody's."""

    number: Id
    title: str
    state: str = "open"
    description: Text = ""
    due_on: Day = ""


class Place(Response):
    """The milestone of an issue."""

    number: Id


class Issue(Numbered):
    """An issue, ours or anybody's, or a pull request."""

    number: Id
    title: str
    state: str = "open"
    body: Text = ""
    closed_at: Day = ""
    milestone: Place | None = None
    assignees: list[Any] | None = None
    pull_request: Any = None


class Comment(Response):
    """A comment."""

    body: Text = ""
