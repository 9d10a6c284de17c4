"""What an assessment of CSET holds as JSON: models and standards with their groupings and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stepladder.data.reading.tree import Node
from stepladder.errors import Location

# -- keys in any letters -----------------------------------------------------------------------------------------------


def part_of(node: Node | None, key: str) -> Node | None:
    """What stands under a key, whatever letters it is written in."""
    entries = node.mapping if node is not None else {}
    return next((child for name, child in entries.items() if name.casefold() == key), None)


def text_of(node: Node | None, key: str) -> str:
    """The text under a key; empty where there is none."""
    value = None if (part := part_of(node, key)) is None else part.value
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def items_of(node: Node | None, key: str) -> list[Node]:
    """The mappings of the list under a key; none where there is no list."""
    part = part_of(node, key)
    return [one for one in part.value if one.mapping] if part is not None and isinstance(part.value, list) else []


# -- what stands in the file -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A grouping, with its questions and further groupings."""

    title: str
    parts: tuple[Part, ...]
    questions: tuple[Node, ...]


@dataclass(frozen=True)
class Model:
    """A maturity model or a standard of the file; labels of its levels by number."""

    at: Location
    name: str
    title: str
    parts: tuple[Part, ...]
    labels: Mapping[int, str]


def models_of(tree: Node) -> list[Model]:
    """The maturity models, then the standards."""
    models = [
        _model(one) for key in ("maturitymodels", "models") for one in items_of(tree, key) if text_of(one, "modelname")
    ]
    standards = part_of(tree, "standards")
    for one in items_of(standards, "standards"):
        name = text_of(one, "setname") or "Standard"
        models.append(Model(one.at, name, name, (Part(name, (), tuple(items_of(one, "requirements"))),), {}))
    subjects = [
        Part(text_of(one, "subcategory") or "Questions", (), tuple(items_of(one, "questions")))
        for one in items_of(standards, "questions")
    ]
    if standards is not None and subjects:
        models.append(Model(standards.at, "Questions", "Questions of the standards", tuple(subjects), {}))
    return models


def _model(one: Node) -> Model:
    name = text_of(one, "modelname")
    labels = {
        int(text_of(level, "level")): text_of(level, "label")
        for level in items_of(one, "levels")
        if text_of(level, "level").isdecimal() and text_of(level, "label")
    }
    parts = [_grouping(part) for part in items_of(one, "groupings")]
    return Model(one.at, name, text_of(one, "modeltitle") or name, tuple(parts), labels)


def _grouping(one: Node) -> Part:
    parts = tuple(_grouping(part) for part in items_of(one, "groupings"))
    return Part(text_of(one, "title") or "Questions", parts, tuple(items_of(one, "questions")))
