"""What Redmine answers: the fields that are read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from stepladder.exchange.push.shapes import Day, Id, Moment, Numbered, Response, Text


class Project(Response):
    """``projects/NAME.json``."""

    project: Numbered


class Named(Numbered):
    """Anything with an id and a name."""

    name: Text = ""


class Offers(Numbered):
    """What a project has; its custom fields are told since Redmine 4.2, without those that are for all projects."""

    trackers: list[Named] = Field(default_factory=list)
    issue_categories: list[Named] = Field(default_factory=list)
    issue_custom_fields: list[Named] = Field(default_factory=list)


class Offering(Response):
    """``projects/NAME.json`` with all that it has."""

    project: Offers


class Priorities(Response):
    """``enumerations/issue_priorities.json``."""

    issue_priorities: list[Named]


class Option(Response):
    """A value that a custom field may have."""

    value: Annotated[str, BeforeValidator(str)]


class CustomField(Named):
    """A custom field of anything."""

    customized_type: Text = "issue"
    is_required: bool = False
    default_value: Any = None
    possible_values: list[Option] = Field(default_factory=list)
    trackers: list[Numbered] = Field(default_factory=list)


class CustomFields(Response):
    """``custom_fields.json``."""

    custom_fields: list[CustomField]


class Member(Response):
    """A member of a project; a group has no user."""

    user: Named | None = None


class Members(Response):
    """A page of ``projects/NAME/memberships.json``."""

    memberships: list[Member]
    total_count: Annotated[int, Field(ge=0)]


class Login(Numbered):
    """Somebody who can log in."""

    login: Text = ""
    mail: Text = ""


class Users(Response):
    """``users.json``."""

    users: list[Login]


class Current(Response):
    """``users/current.json``."""

    user: Login


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
    custom_fields: list[Named] = Field(default_factory=list)


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
