"""What Redmine answers: the fields that are read."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stepladder.exchange.push.shapes import Day, Id, Moment, Numbered, Response, Text


class Project(Response):
    """``projects/NAME.json``."""

    project: Numbered


class Status(Numbered):
    """One of an issue's possible statuses."""

    name: Text = ""
    is_closed: bool = False


class Statuses(Response):
    """``issue_statuses.json``."""

    issue_statuses: list[Status]


class Version(Numbered):
    """A version, ours or anybody's."""

    name: str
    status: str = "open"
    due_date: Day = ""
    description: Text = ""


class Versions(Response):
    """``projects/NAME/versions.json``."""

    versions: list[Version]


class VersionMade(Response):
    """The answer to a new version."""

    version: Version


class Issue(Numbered):
    """An issue, ours or anybody's."""

    subject: str
    status: Numbered
    description: Text = ""
    start_date: Day = ""
    due_date: Day = ""
    closed_on: Moment = None
    project: Numbered | None = None
    done_ratio: float | None = None
    fixed_version: Numbered | None = None


class Issues(Response):
    """A page of ``issues.json``."""

    issues: list[Issue]
    total_count: Annotated[int, Field(ge=0)]


class IssueMade(Response):
    """The answer to a new issue."""

    issue: Issue


class Relation(Numbered):
    """Of two issues."""

    issue_id: Id
    issue_to_id: Id
    relation_type: str


class Relations(Response):
    """``issues/ID/relations.json``."""

    relations: list[Relation]
