"""From a tree to a typed record, every error with its place, its code and the nearest valid name."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from stepladder.data.formats.base import meant, nearest, unknown
from stepladder.data.formats.patterns import in_words
from stepladder.data.formats.problem import Path
from stepladder.data.reading.json_tree import json_tree, read_json
from stepladder.data.reading.text import IMPORT, read_text
from stepladder.data.reading.tree import Node, read_yaml
from stepladder.errors import InvalidInput, Issue, Location

M = TypeVar("M", bound=BaseModel)

#: How a date is written where nothing else says which one is meant.
SAMPLE = "2027-12-11"

# pydantic's error types -> our code and, where ours is plainer, our words.
_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("SL102", "key {key!r} is missing; add it"),
    "string_type": ("SL103", "expected text, found {found}; put it in quotes"),
    "float_type": ("SL103", "expected a number, found {found}{hint}"),
    "int_type": ("SL103", "expected a whole number, found {found}{hint}"),
    "int_from_float": ("SL103", "expected a whole number, found {found}"),
    "int_parsing": ("SL103", "expected a whole number, found {found}"),
    "bool_type": ("SL103", "expected true or false, found {found}"),
    "dict_type": ("SL103", "expected a mapping (key: value), found {found}"),
    "model_type": ("SL103", "expected a mapping (key: value), found {found}"),
    "tuple_type": ("SL103", "expected a list, found {found}"),
    "date_type": ("SL103", "expected a date such as 2027-12-11, found {found}"),
    "date_from_datetime_parsing": ("SL104", "{found} is not a date; write it as {date}"),
    "date_parsing": ("SL104", "{found} is not a date; write it as {date}"),
    "union_tag_not_found": ("SL103", "{found} does not fit here"),
    "greater_than": ("SL104", "{found} is too small; it must be more than {gt}"),
    "greater_than_equal": ("SL104", "{found} is too small; it must be at least {ge}"),
    "less_than": ("SL104", "{found} is too large; it must be less than {lt}"),
    "less_than_equal": ("SL104", "{found} is too large; it must be at most {le}"),
    "finite_number": ("SL006", "{found} is not a finite number; write a number"),
    "literal_error": ("SL104", "{found} is not one of {expected}"),
    "string_pattern_mismatch": ("SL105", "{found} is not of the right form; write {form}"),
    "string_too_long": ("SL104", "longer than {max_length} characters; shorten it"),
    "too_short": ("SL104", "needs at least {min_length} entries, found {actual_length}"),
    "too_long": ("SL104", "has more than {max_length} entries; found {actual_length}"),
    "value_error": ("SL104", "{error}"),
}


def load(
    model: type[M], path: Any, shown: str, layer: str = "scenario", text: str | None = None
) -> tuple[M, Node | None]:
    """Read and check a file, or the YAML that would stand in it. JSON is read fast and located only when something is
    wrong, so its tree may be None.

    Raises
    ------
    InvalidInput
        With every issue found.
    """
    given, text = text is not None, read_text(path, shown) if text is None else text
    if str(path).endswith(".json") and not given:
        return from_json(model, text, shown), None
    root, issues = read_yaml(text, shown, layer)
    if root is None:
        raise InvalidInput(issues)
    record = build(model, root, issues)
    if record is None or issues:
        raise InvalidInput(issues)
    return record, root


def load_located(
    model: type[M], path: Any, shown: str, layer: str = "scenario", text: str | None = None
) -> tuple[M, Node]:
    """The same with the tree of JSON, too, for files whose meaning is checked against something else."""
    record, root = load(model, path, shown, layer, text)
    return record, read_tree(path, shown) if root is None else root


def from_json(model: type[M], text: str, shown: str) -> M:
    """A record of JSON text. Raises InvalidInput with every issue found."""
    read = read_json(text, shown)
    try:
        return model.model_validate_json(json.dumps(read))
    except RecursionError:
        raise InvalidInput(json_tree(text, shown)[1]) from None
    except ValidationError as error:
        root, issues = json_tree(text, shown)
        raise InvalidInput(issues or issues_of(error, model, root or Node({}, Location(shown)))) from None


def read_tree(path: Any, shown: str) -> Node:
    """A file's tree, for the places of what is wrong with its meaning; an empty one where its form is wrong too."""
    text = read_text(path, shown)
    root, _ = json_tree(text, shown) if str(path).endswith(".json") else read_yaml(text, shown)
    return root or Node({}, Location(shown))


def build(model: type[M], root: Node, issues: list[Issue]) -> M | None:
    """A record of a tree, or None; what is wrong is added to ``issues``, once for each place already complained of.

    An unknown key is read as the one that is near it, or as none, so that it does not hide what else is wrong.
    """
    known = {issue.location for issue in issues}
    try:
        return model.model_validate_json(json.dumps(root.plain()))
    except ValidationError as error:
        wrong, mended = issues_of(error, model, root), _mended(error, model, root)
    record = None
    if mended is not None:
        wrong = [issue for issue in wrong if issue.code == "SL101"]
        record = build(model, mended, wrong)
    issues.extend(issue for issue in wrong if issue.location not in known)
    return record


def _mended(error: ValidationError, model: type[BaseModel], root: Node) -> Node | None:
    """The tree without the keys that are not known; None where there is none of them, or it is another file."""
    unknown_ones = [
        tuple(details["loc"]) for details in error.errors(include_url=False) if details["type"] == "extra_forbidden"
    ]
    if not unknown_ones or (_other_format(model, root) or _foreign(model, root)) is not None:
        return None
    mended = root
    for loc in unknown_ones:
        path, _ = _matched(loc, root)
        if path and path[-1] == loc[-1]:
            mended = _renamed(mended, path, nearest(loc[-1], _keys(_kinds(model, loc[:-1]))))
    return mended if mended is not root else None


def _renamed(node: Node, path: Path, name: str | None) -> Node:
    """The tree with one key called otherwise, where that name is free; else without it."""
    key, below = path[0], path[1:]
    child = node.child(key)
    if child is None:
        return node
    if isinstance(node.value, list):
        return replace(node, value=[_renamed(child, below, name) if k == key else c for k, c in enumerate(node.value)])
    entries = dict(node.mapping)
    if below:
        entries[str(key)] = _renamed(child, below, name)
    else:
        del entries[str(key)]
        if name is not None and name not in entries:
            entries[name] = child
    return replace(node, value=entries)


#: Our formats in words, and where a file of the one is given for a file of another, what to do.
_FORMATS = {
    "catalogue": (
        "a catalogue",
        "name a scenario that refers to it by `catalogue:`; stepladder init writes a first one",
    ),
    "scenario": ("a scenario", "plan it first, with: stepladder plan … -o plan.json, and name that plan"),
    "profiles": ("a file of stored targets", "name a scenario that refers to it by `profiles_from:`"),
    "problem": (
        "a problem in plain numbers",
        "plan it first, with: stepladder plan … -o plan.json, and name that plan",
    ),
    "plan": ("a plan", "look at it with: stepladder show …, or name the file that it was made from"),
    "actuals": ("a file of actuals", "give it to: stepladder replan … --actuals"),
    "map": ("a mapping of a tracker", "give it to: stepladder push … --map"),
    "push": ("the state of a push", "give it to: stepladder push … --state"),
}


def _other_format(model: type[BaseModel], root: Node) -> Issue | None:
    """What is wrong with a file that is of another of our formats: nothing else in it is worth a word then."""
    node = root.child("format")
    formats = get_args(model.model_fields["format"].annotation) if "format" in model.model_fields else ()
    wanted = [kind_of(name) for name in formats]
    kind = kind_of(node.value) if node is not None else None
    if node is None or kind is None or not wanted or kind in wanted:
        return None
    name, remedy = _FORMATS[kind]
    if kind in ("scenario", "problem") and wanted != ["plan"]:
        ends = {("scenario", "problem"): ".yaml", ("problem", "scenario"): ".json"}.get((kind, wanted[0] or ""))
        remedy = f"let its name end in {ends}" if ends else "name another file"
    return Issue(
        node.at,
        "SL104",
        f"this is {name}, and {_FORMATS[wanted[0] or 'scenario'][0]} ({formats[-1]}) is wanted here; {remedy}",
    )


#: Keys that files of many programs have.
_COMMON = frozenset({"format", "id", "title", "version", "description", "source", "notes", "assessment"})


def _foreign(model: type[BaseModel], root: Node) -> Issue | None:
    """What is wrong with a file that is not ours: it says no format and has none of the keys."""
    own = {info.alias or name for name, info in model.model_fields.items()}
    if "format" not in own:
        return None
    if isinstance(root.value, dict):
        strange = bool(root.value) and "format" not in root.value and not (own - _COMMON) & set(root.value)
        keys = ", ".join(map(repr, list(root.value)[:3]))
        return (
            Issue(root.at, "SL102", f"no `format`, and keys of another kind of file ({keys}); {IMPORT}")
            if strange
            else None
        )
    if not isinstance(root.value, str | list) or not root.value:
        return None
    return Issue(root.at, "SL103", f"expected a mapping (key: value), found {_shown(root.plain())}; {IMPORT}")


def kind_of(value: object) -> str | None:
    """Which of our kinds of file a format is of: ``catalogue``, ``scenario`` … None where it is none of ours."""
    match = re.fullmatch(r"stepladder-(\w+)/\d+", value) if isinstance(value, str) else None
    return match[1] if match and match[1] in _FORMATS else None


def as_what(format_: str) -> str:
    """``a catalogue (stepladder-catalogue/1)``, of one of our formats."""
    return f"{_FORMATS[kind_of(format_) or 'scenario'][0]} ({format_})"


def issues_of(error: ValidationError, model: type[BaseModel], root: Node) -> list[Issue]:
    """Translate pydantic's errors."""
    other = _other_format(model, root) or _foreign(model, root)
    if other is not None:
        return [other]
    return [_issue(dict(details), model, root) for details in error.errors(include_url=False)]


def _issue(details: dict[str, Any], model: type[BaseModel], root: Node) -> Issue:
    loc: Path = tuple(details["loc"])
    path, node = _matched(loc, root)
    kind = details["type"]
    if kind == "extra_forbidden":
        return Issue(node.key_at or node.at, "SL101", _unknown_key(model, loc))
    if loc and loc[-1] == "[key]":
        message = (
            f"{path[-1] if path else ''!r} cannot be a name here; use small letters, digits and _, starting with a"
            " letter"
        )
        return Issue(node.key_at or node.at, "SL105", message)
    code, words = _WORDS.get(kind, ("SL104", "{msg}"))
    context = {
        name: f"{value:g}" if isinstance(value, float) else value for name, value in details.get("ctx", {}).items()
    }
    context |= {
        "found": _shown(details.get("input")),
        "key": loc[-1] if loc else "",
        "msg": details["msg"],
        "hint": _hint(details.get("input")),
        "date": _date(str(details.get("input"))),
        "form": in_words(details["ctx"]["pattern"]) if kind == "string_pattern_mismatch" else "",
    }
    if "error" in context:
        context["error"] = str(context["error"])
    place = node.key_at or node.at if kind == "missing" else node.at
    if isinstance(details.get("input"), str) and "%" not in details["input"]:
        # Text that is compared is a date, or a part of something.
        words = words.replace("small", "early").replace("large", "late")
    return Issue(place, code, words.format(**context))


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + '…"'


def _hint(value: Any) -> str:
    """How to write a text that should be a number."""
    number = meant(value) if isinstance(value, str) else ""
    return f"; write {number}" + (" without quotes" if number == value else "") if number else ""


def _date(text: str) -> str:
    """How to write a date in another form, where it says which day it means; else a sample."""
    found = re.fullmatch(r"(\d{1,2})(\.|/)(\d{1,2})\2(\d{4})", text.strip())
    if found is not None:
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] == "/" and month > 12:
            day, month = month, day
        sure = found[2] == "." or day > 12
        with suppress(ValueError):
            return date(year, month, day).isoformat() if sure else SAMPLE
    return SAMPLE


def _matched(loc: Path, root: Node) -> tuple[Path, Node]:
    """The parts of an error's path that exist in the tree (pydantic adds the names of union branches), and the node
    there.
    """
    node, path = root, []
    for part in loc:
        child = node.child(part)
        if child is not None:
            node = child
            path.append(part)
    return tuple(path), node


def _unknown_key(model: type[BaseModel], loc: Path) -> str:
    """What is wrong with a key that is not known where it stands, though perhaps in another form of the same value."""
    *where, key = loc
    known = _keys(_kinds(model, where))
    above = _kinds(model, where[:-1])
    forms = (
        [_keys([kind]) for kind in _flat(above)] if where and any(_branches(kind, where[-1]) for kind in above) else []
    )
    if any(key in form and form != known for form in forms):
        return (
            f"key {key!r} does not go with the others here; write"
            f" {' or '.join('{' + ', '.join(form) + '}' for form in forms if form)}"
        )
    return unknown("key", key, known)


def _kinds(model: type[BaseModel], loc: Iterable[str | int]) -> list[Any]:
    """What is allowed where ``loc`` leads."""
    kinds: list[Any] = [model]
    for part in loc:
        below = [branch for kind in kinds for branch in _branches(kind, part)] or [
            kind for kind in _flat(kinds) for kind in _step(kind, part)
        ]
        kinds = below or kinds
    return kinds


def _keys(kinds: Iterable[Any]) -> list[str]:
    records = [kind for kind in _flat(kinds) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [info.alias or name for record in records for name, info in record.model_fields.items()]


def _branches(kind: Any, tag: str | int) -> list[Any]:
    """The branch of a union that has this tag, as pydantic names it on the way to an error."""
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        return [inner] if any(isinstance(note, Tag) and note.tag == tag for note in notes) else _branches(inner, tag)
    return (
        [branch for arg in get_args(kind) for branch in _branches(arg, tag)]
        if get_origin(kind) in (Union, types.UnionType)
        else []
    )


def _flat(kinds: Iterable[Any]) -> list[Any]:
    """Unpack Annotated and unions."""
    flat: list[Any] = []
    for kind in kinds:
        if get_origin(kind) is Annotated:
            flat += _flat([get_args(kind)[0]])
        elif get_origin(kind) in (Union, types.UnionType):
            flat += _flat(get_args(kind))
        else:
            flat.append(kind)
    return flat


def _step(kind: Any, part: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [info.annotation for name, info in kind.model_fields.items() if part in (name, info.alias)]
    if get_origin(kind) is dict:
        return [get_args(kind)[1]]
    if get_origin(kind) in (tuple, list) and isinstance(part, int):
        return [typing.get_args(kind)[0]]
    return []
