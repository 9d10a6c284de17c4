"""How the items of a plan are made in a tracker, and what its statuses mean: a file of its own, or a part of a
scenario, which its plans carry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema, model_validator

from stepladder.data.formats.base import CONTROL, Record, Text, unknown

#: What may stand in braces in the value of a field, and is replaced by what the plan has for the item.
PLACEHOLDERS = ("id", "title", "owner", "team", "system", "start", "finish", "cost")
#: Keys of a value that names one of several by what it is known by.
NAMING = ("id", "name", "value", "key")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _numbered(value: Any) -> Any:
    """A number is as good as a name."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _fillable(value: Any) -> Any:
    """A value of a field, without a placeholder that nobody knows."""
    if value is None or value in ("", [], {}):
        raise ValueError("is empty; write a value or leave the field out")
    if isinstance(value, dict):
        wrong = next((key for key in value if key not in NAMING), None)
        if wrong is not None:
            raise ValueError(unknown("key", wrong, list(NAMING)))
    for text in texts_of(value):
        if CONTROL.search(text):
            raise ValueError("contains control characters; remove them")
        wrong = next((name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS), None)
        if wrong is not None:
            raise ValueError(unknown("placeholder", f"{{{wrong}}}", [f"{{{name}}}" for name in PLACEHOLDERS]))
    return value


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a value of a field."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_of(inner)


KnownAs = Annotated[
    Text, BeforeValidator(_numbered), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]})
]
FieldValue = Annotated[
    Any,
    AfterValidator(_fillable),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "array", "items": {}},
                {
                    "type": "object",
                    "properties": {key: {"type": ["string", "integer"]} for key in NAMING},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class Statuses(Record):
    """Names of a tracker's own statuses, resolutions or labels, beside those that are known."""

    done: tuple[Text, ...] = ()
    """What has one of these is done."""
    running: tuple[Text, ...] = ()
    """What has one of these has begun."""
    cancelled: tuple[Text, ...] = ()
    """What has one of these will not be done."""

    @model_validator(mode="after")
    def _one_meaning(self) -> Statuses:
        meanings: dict[str, str] = {}
        for meaning in type(self).model_fields:
            for name in getattr(self, meaning):
                other = meanings.setdefault(words(name), meaning)
                if other != meaning:
                    raise ValueError(f"{name!r} is {other} and {meaning}; leave it in one of them")
        return self

    def of(self, names: Iterable[str]) -> tuple[Literal["done", "running", "cancelled"], str] | None:
        """What the first of these names means that is one of ours, and that name; None where none is."""
        for name in names:
            if words(name) in map(words, self.cancelled):
                return "cancelled", name
            if words(name) in map(words, self.done):
                return "done", name
            if words(name) in map(words, self.running):
                return "running", name
        return None


class TrackerKeys(Record):
    """How a plan is made in a tracker. All keys may be left out; a tracker that has no place for one refuses it."""

    type: Text | None = None
    """What a step is made as: Jira's or GitHub's type of issue, Redmine's tracker, Azure's type of work item; the
    project's first one when left out, on GitHub none.
    """
    milestone_type: Text | None = None
    """The same of a dated demand (Jira, GitHub, Azure); as ``type`` when left out."""
    priority: KnownAs | None = None
    """Priority, by name (Jira, Redmine) or from 1 to 4 (Azure); the tracker's own default when left out."""
    assignees: dict[str, KnownAs] = {}
    """By owner or team as the plan names them, the user whose steps they become: a login on GitHub, an account id or
    e-mail in Jira, a login, id or full name in Redmine, an e-mail or unique name in Azure.
    """
    labels: tuple[Text, ...] = ()
    """Labels beside ours (Jira, GitHub); in Azure tags."""
    components: tuple[Text, ...] = ()
    """Components of the project, by name (Jira)."""
    category: Text | None = None
    """Category of the project's issues, by name (Redmine)."""
    fields: dict[str, FieldValue] = {}
    """Further fields by name or id (Jira, Redmine, Azure): text, a number, a list, or {id: …}, {name: …} or {value: …};
    in Azure no list and no {…}. In texts {id}, {title}, {owner}, {team}, {system}, {start}, {finish} and {cost} are
    replaced.
    """
    parents: Literal["none", "system"] = "none"
    """system: the steps of each system stand below one issue (GitHub), or below one epic instead of their phase's
    (Jira, Azure).
    """
    links: bool = True
    """Whether it is said in the tracker which steps wait for which."""
    estimates: bool | None = None
    """Whether a step's person-days become its estimate, in hours, eight for a day (Jira, Redmine, Azure); when left
    out, in Redmine only.
    """
    statuses: Statuses = Statuses()
    """What the tracker's own statuses mean, for ``pull``."""


def words(name: str) -> str:
    """A name of a status as it is compared: words in small letters with one space between them, without apostrophes."""
    text = re.sub("['`\u2018\u2019]", "", unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(re.findall(r"[^\W_]+", text))


class TrackerMap(TrackerKeys):
    """The same as a file."""

    format: Literal["stepladder-map/1"]
    """Which format this file is."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What it sets otherwise than by default, in the order of the format."""
        return tuple(key for key in TrackerKeys.model_fields if getattr(self, key) != getattr(DEFAULT, key))


#: What holds without a file.
DEFAULT = TrackerMap(format="stepladder-map/1")
