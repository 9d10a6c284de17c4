"""Amounts as people write them: not finer than the currency counts, and no thousands that read as decimals.

Which numbers of a file are amounts, and of what, its records say (``Counts``); this walks them beside the tree, where
every number has its place and its characters.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stepladder.data.formats import money
from stepladder.data.formats.base import Counts
from stepladder.data.reading.tree import Node
from stepladder.errors import Issue


def issues(model: type[BaseModel], root: Node, currency: str) -> Iterator[Issue]:
    """What is wrong with how the amounts of a file are written."""
    for what, node in _counted(_shape(model), None, root):
        message = (
            money.wrong(node.value, currency, node.text) if what == "money" else money.thousands(node.value, node.text)
        )
        if message:
            yield Issue(node.at, "SL104", message)


def _counted(shape: _Shape, what: str | None, node: Node) -> Iterator[tuple[str, Node]]:
    """Every number below a node that counts something, and what; what the type above says holds for all below it."""
    value, what = node.value, shape.what or what
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            below = shape.below(key)
            if below is not None:
                yield from _counted(below, what, child)
    elif what is not None and isinstance(value, int | float) and not isinstance(value, bool):
        yield what, node


class _Shape:
    """Types that a node may have: what they count, and what they allow below it. Worked out as far as files go,
    once.
    """

    def __init__(self, kinds: Iterable[Any]) -> None:
        self.what: str | None = None
        self.kinds = [bare for kind in kinds for bare in self._bare(kind)]
        self.records = any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in self.kinds)
        self._known: dict[str | int | None, _Shape | None] = {}

    def _bare(self, kind: Any) -> Iterator[Any]:
        """A type without what stands beside it, which is looked at here; each type of a union."""
        if get_origin(kind) is Annotated:
            bare, *beside = get_args(kind)
            self.what = next((one.what for one in beside if isinstance(one, Counts)), self.what)
            yield from self._bare(bare)
        elif get_origin(kind) in (Union, types.UnionType):
            for one in get_args(kind):
                yield from self._bare(one)
        else:
            yield kind

    def below(self, key: str | int) -> _Shape | None:
        """What is allowed at a key or an index; None where nothing is known of it."""
        # Entries of plain mappings and lists are all alike.
        name = key if self.records else None
        if name not in self._known:
            kinds = [one for kind in self.kinds for one in _below(kind, key)]
            self._known[name] = _Shape(kinds) if kinds else None
        return self._known[name]


@cache
def _shape(model: type[BaseModel]) -> _Shape:
    return _Shape([model])


def _below(kind: Any, key: str | int) -> tuple[Any, ...]:
    """The types that a bare type allows at a key or an index."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return tuple(_written(info) for name, info in kind.model_fields.items() if key == (info.alias or name))
    if get_origin(kind) is dict:
        return (get_args(kind)[1],)
    return (get_args(kind)[0],) if get_origin(kind) in (tuple, list) else ()


def _written(info: FieldInfo) -> Any:
    """A field's type as it was written; pydantic keeps what stands beside it apart."""
    beside = tuple(one for one in info.metadata if isinstance(one, Counts))
    return Annotated[(info.annotation, *beside)] if beside else info.annotation
