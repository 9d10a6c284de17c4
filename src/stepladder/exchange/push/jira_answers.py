"""What Jira answers: the fields that are read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from stepladder.exchange.push.shapes import Day, Id, Moment, Name, Response, Text


class Said(Response):
    """Jira writes its names in camels."""

    model_config = ConfigDict(alias_generator=to_camel)


class Type(Said):
    """A kind of issue."""

    id: Id
    hierarchy_level: int | None = None
    subtask: bool = False


class Types(Said):
    """``issue/createmeta/KEY/issuetypes``."""

    issue_types: list[Type]


class SiteField(Said):
    """A field of the site."""

    id: Name
    name: Text = ""


class Category(Said):
    """new, indeterminate or done."""

    key: str


class Status(Said):
    """A status, by its category."""

    name: Text = ""
    status_category: Category


class Resolution(Said):
    """How an issue was closed."""

    name: Text = ""


class Key(Said):
    """An issue by its key."""

    key: Name


class LinkType(Said):
    """A kind of link."""

    name: str


class Link(Said):
    """A link of an issue to another."""

    id: Id
    type: LinkType
    inward_issue: Key | None = None


class Fields(Said):
    """Of an issue; what is a site's own stays beside them."""

    model_config = ConfigDict(extra="allow")

    summary: str
    status: Status
    description: Any = None
    duedate: Day = ""
    resolution: Resolution | None = None
    resolutiondate: Moment = None
    statuscategorychangedate: Moment = None
    labels: list[str] | None = None
    parent: Key | None = None
    issuelinks: list[Link] | None = None


class Issue(Key):
    """An issue with our label."""

    fields: Fields


class Page(Said):
    """A page of ``search/jql``."""

    issues: list[Issue] = Field(default_factory=list)
    next_page_token: str | None = None


class Failure(Said):
    """Which of several was not made."""

    failed_element_number: Annotated[int, Field(ge=0)]


class Made(Said):
    """The answer to several new issues."""

    issues: list[Key] = Field(default_factory=list)
    errors: list[Failure] = Field(default_factory=list)


class Transition(Said):
    """A step from one status to another."""

    id: Name
    to: Status


class Transitions(Said):
    """``issue/KEY/transitions``."""

    transitions: list[Transition]


class Comment(Said):
    """A comment, as a document."""

    body: Any = None


class Comments(Said):
    """``issue/KEY/comment``."""

    comments: list[Comment] = Field(default_factory=list)
