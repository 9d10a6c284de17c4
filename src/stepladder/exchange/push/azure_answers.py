"""What Azure DevOps answers: the fields that are read."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from stepladder.exchange.push.shapes import Moment, Numbered, Response, Text

#: Hours after midnight, UTC, at which a day is sent, and within which before midnight a day has begun somewhere. Azure
#: keeps moments and shows each in the reader's zone: so it is the same day from UTC-10 to UTC+13, and a day that
#: somebody there has chosen, which is kept as that place's midnight, is read as it was chosen.
SENT, AHEAD = 10, 13


def sent(day: str) -> str:
    """A day as the moment that stands for it."""
    return f"{day}T{SENT:02}:00:00Z"


def _planned(value: Any) -> Any:
    """The day that a moment stands for; nothing is no day."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise ValueError("no day")
    moment = datetime.datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1900 <= moment.year <= 9000:
        raise ValueError("no day")
    return str((moment.astimezone(datetime.UTC) + datetime.timedelta(hours=AHEAD)).date())


Planned = Annotated[str, BeforeValidator(_planned)]


class Camel(Response):
    """Azure writes its names in camels."""

    model_config = ConfigDict(alias_generator=to_camel)


class State(Camel):
    """One of a type's states; its category is Proposed, InProgress, Resolved, Completed or Removed."""

    name: str
    category: Text = ""


class Transition(Camel):
    """A state that may follow."""

    to: str


class Type(Camel):
    """A type of work item: its states in their order, and which may follow which."""

    name: str
    is_disabled: bool = False
    states: list[State] = Field(default_factory=list)
    transitions: dict[str, list[Transition]] = Field(default_factory=dict)


class Types(Camel):
    """``workitemtypes``."""

    value: list[Type]


class TypeField(Camel):
    """A field of a type."""

    reference_name: str
    name: Text = ""
    always_required: bool = False
    default_value: Any = None


class TypeFields(Camel):
    """``workitemtypes/TYPE/fields``."""

    value: list[TypeField]


class Node(Camel):
    """An iteration and those below it; the root is named like the project."""

    name: str
    children: list[Node] | None = None


class References(Camel):
    """What a query finds: ids only."""

    work_items: list[Numbered]


class Relation(Camel):
    """Of a work item to another, whose id is at the end of its address."""

    rel: str
    url: Text = ""


class Fields(Response):
    """Of a work item, by Azure's names for them."""

    title: str = Field(alias="System.Title")
    type: str = Field(alias="System.WorkItemType")
    state: str = Field(alias="System.State")
    project: str = Field(alias="System.TeamProject")
    reason: Text = Field("", alias="System.Reason")
    tags: Text = Field("", alias="System.Tags")
    description: Text = Field("", alias="System.Description")
    start: Planned = Field("", alias="Microsoft.VSTS.Scheduling.StartDate")
    target: Planned = Field("", alias="Microsoft.VSTS.Scheduling.TargetDate")
    finish: Planned = Field("", alias="Microsoft.VSTS.Scheduling.FinishDate")
    closed: Moment = Field(None, alias="Microsoft.VSTS.Common.ClosedDate")
    changed: Moment = Field(None, alias="Microsoft.VSTS.Common.StateChangeDate")


class WorkItem(Numbered):
    """A work item, ours or anybody's, and its revision."""

    rev: int
    fields: Fields
    relations: list[Relation] | None = None


class WorkItems(Response):
    """``workitemsbatch``: null stands for what is not there."""

    value: list[WorkItem | None]
