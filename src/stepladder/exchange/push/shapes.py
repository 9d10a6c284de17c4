"""What came back, made sure of: JSON of the shape that the tracker has for it, or one sentence that says what it is
instead.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from stepladder.exchange.push.faults import Foreign, brief
from stepladder.exchange.push.line import Raw

T = TypeVar("T")
#: Digits of an id.
LONGEST_ID = 30
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def shaped(answer: Raw, shape: type[T], where: str, hidden: Callable[[str], str]) -> T:
    """The content of an answer.

    Parameters
    ----------
    answer
        A yes, with a body.
    shape
        What it is to be.
    where
        The host and the call, for the sentence.
    hidden
        Takes out of a text what must not be seen.

    Raises
    ------
    Foreign
        When it is not.
    """
    value = _json(answer, where, hidden)
    try:
        content: T = _adapter(shape).validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the answer"
        what = "is missing" if first["type"] == "missing" else f"is {_kind(first['input'])}, which it cannot be"
        raise Foreign(f"{where}: this is JSON, and not what this tracker answers: {brief(place)} {what}") from error
    except RecursionError as error:
        raise Foreign(f"{where}: the answer is JSON, nested deeper than any tracker's") from error
    return content


def _json(answer: Raw, where: str, hidden: Callable[[str], str]) -> Any:
    if answer.status == 206:
        raise Foreign(f"{where}: only a part of the answer came (206), which was not asked for")
    if not answer.body.strip():
        raise Foreign(
            f"{where}: the answer is empty ({answer.status}); is the address that of the tracker's REST interface?"
        )
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind != "application/json" and not kind.endswith("+json"):
        raise Foreign(
            f"{where}: the answer is {brief(kind[:60])}, not JSON; is the address that of the tracker's REST interface?"
        )
    try:
        return _clean(json.loads(answer.body, parse_constant=_no_number), hidden)
    except RecursionError as error:
        raise Foreign(f"{where}: the answer is JSON, nested deeper than any tracker's") from error
    except ValueError as error:
        raise Foreign(f"{where}: the answer says that it is JSON, and is damaged or cut off") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _clean(value: Any, hidden: Callable[[str], str]) -> Any:
    """Without what is secret, and without halves of characters, which no file can hold."""
    if isinstance(value, str):
        return hidden(value if value.isascii() else value.encode("utf-8", "replace").decode())
    if isinstance(value, list):
        return [_clean(one, hidden) for one in value]
    if isinstance(value, dict):
        return {name: _clean(one, hidden) for name, one in value.items()}
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), "something")


def _adapter(shape: Any) -> TypeAdapter[Any]:
    """Made once for each shape, which takes a while."""
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]


# -- values ------------------------------------------------------------------------------------------------------------


def _day(value: Any) -> Any:
    """A day, or the day of a moment; nothing is no day."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise ValueError("no day")
    return str(datetime.date.fromisoformat(value[:10]))


def _moment(value: Any) -> Any:
    """A moment with its offset from UTC, far enough from the ends of the calendar to have a day in every zone."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("no moment")
    moment = datetime.datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1900 <= moment.year <= 9000:
        raise ValueError("no moment")
    return moment


def _digits(value: Any) -> Any:
    """Ids that some write as numbers and others as digits."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**LONGEST_ID:
        return str(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST_ID:
        return value
    raise ValueError("no id")


def _segment(text: str) -> str:
    """A name that may stand in a path."""
    if not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError("no name")
    return text


Day = Annotated[str, BeforeValidator(_day)]
Moment = Annotated[datetime.datetime | None, BeforeValidator(_moment)]
Id = Annotated[str, BeforeValidator(_digits)]
Name = Annotated[str, Field(max_length=300), AfterValidator(_segment)]
Text = Annotated[str, BeforeValidator(lambda text: "" if text is None else text)]


class Response(BaseModel):
    """What is not read may be there, and be anything."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Numbered(Response):
    """Anything with an id."""

    id: Id
