"""What Jira answers: the fields that are read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from stepladder.exchange.push.shapes import Day, Id, Moment, Name, Response, Text


class Said(Response):
    """Jira writes its names in camels."""

    model_config = ConfigDict(alias_generator=to_camel)


class Type(Said):
    """A kind of issue."""

    id: Id
    name: Text = ""
    hierarchy_level: int | None = None
    subtask: bool = False


class Types(Said):
    """``issue/createmeta/KEY/issuetypes``."""

    issue_types: list[Type]


class SiteField(Said):
    """A field of the site."""

    id: Name
    name: Text = ""


def _options(values: Any) -> Any:
    """Values that a field may have; what is no object is a value by itself."""
    return [value if isinstance(value, dict) else {"value": value} for value in values or ()]


#: What is text in most places, and a number in some.
Loose = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]


class Option(Said):
    """A value that a field may have; some have a name, others a value."""

    id: Loose = ""
    name: Loose = ""
    value: Loose = ""

    @property
    def shown(self) -> str:
        """As people know it."""
        return self.value or self.name or self.id


class Shape(Said):
    """What a field holds."""

    type: Text = ""
    items: Text = ""
    custom: Text = ""
    system: Text = ""


class ScreenField(Said):
    """A field on the screen with which an issue is made."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    field_id: Text = ""
    name: Text = ""
    required: bool = False
    has_default_value: bool = False
    shape: Annotated[Shape, BeforeValidator(lambda value: value or {})] = Field(default=Shape(), alias="schema")
    allowed_values: Annotated[list[Option], BeforeValidator(_options)] = Field(default_factory=list)


class Screen(Said):
    """A page of ``issue/createmeta/KEY/issuetypes/TYPE``."""

    fields: list[ScreenField] = Field(default_factory=list)
    total: int = 0


class User(Said):
    """Somebody to whom issues can be assigned."""

    account_id: Text = ""
    display_name: Text = ""
    email_address: Text = ""


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
