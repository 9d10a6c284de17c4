"""What GitHub answers: the fields that are read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from stepladder.exchange.push.shapes import Day, Id, Moment, Numbered, Response, Text


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


def _names(labels: Any) -> Any:
    """Of labels the names; some are objects, and some are names."""
    return [label.get("name") if isinstance(label, dict) else label for label in labels or ()]


class Issue(Numbered):
    """An issue, ours or anybody's, or a pull request."""

    number: Id
    title: str
    state: str = "open"
    body: Text = ""
    state_reason: Text = ""
    closed_at: Moment = None
    labels: Annotated[list[Text], BeforeValidator(_names)] = Field(default_factory=list)
    milestone: Place | None = None
    assignees: list[Any] | None = None
    pull_request: Any = None


class IssueType(Response):
    """One of an organisation's types of issues."""

    name: Text = ""


class User(Response):
    """Somebody to whom issues can be assigned."""

    login: Text = ""


class Comment(Response):
    """A comment."""

    body: Text = ""
