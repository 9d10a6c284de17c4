"""What Azure DevOps answers: the fields that are read."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from stepladder.exchange.push.shapes import Moment, Numbered, Response, Text
from stepladder.wording.text import clean

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


def _values(values: Any) -> Any:
    """Values that a field may have, as text; of people Azure sends objects, which are none of them."""
    plain = [value for value in values or () if isinstance(value, str | int | float)]
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in plain]


class TypeField(Camel):
    """A field of a type, and the values that it may have; none where it may have any."""

    reference_name: str
    name: Text = ""
    always_required: bool = False
    default_value: Any = None
    allowed_values: Annotated[list[str], BeforeValidator(_values)] = Field(default_factory=list)

    @property
    def label(self) -> str:
        """As people know it."""
        return clean(self.name) or self.reference_name


class TypeFields(Camel):
    """``workitemtypes/TYPE/fields``."""

    value: list[TypeField]


class SiteField(Camel):
    """A field of the organisation: what it holds, and whether it can be written."""

    reference_name: str
    name: Text = ""
    type: Text = ""
    read_only: bool = False
    is_identity: bool = False
    is_picklist_suggested: bool = False


class SiteFields(Camel):
    """``fields``."""

    value: list[SiteField]


class Rule(Camel):
    """What a field was refused for, by a rule of its type."""

    field_reference_name: Text = ""
    field_status_flags: Text = ""
    error_message: Text = ""


class Refusal(Response):
    """Why a work item was refused: one field, or several by their rules."""

    field: Text = Field("", alias="ReferenceName")
    rules: list[Rule] | None = Field(None, alias="RuleValidationErrors")


class Refusals(Camel):
    """The answer with 400."""

    message: Text = ""
    custom_properties: Refusal | None = None


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
