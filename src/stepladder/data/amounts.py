"""Amounts as people write them: not finer than the currency counts, and no thousands that read as decimals.

Which numbers of a file are amounts, and of what, its records say (``Counts``); this walks them beside the tree, where every number has its place and
its characters.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from stepladder.data import money
from stepladder.data.base import Counts
from stepladder.data.tree import Node
from stepladder.errors import Issue


def issues(model: type[BaseModel], root: Node, currency: str) -> Iterator[Issue]:
    """What is wrong with how the amounts of a file are written."""
    for what, node in _counted(model, None, root):
        message = money.wrong(node.value, currency, node.text) if what == "money" else money.thousands(node.value, node.text)
        if message:
            yield Issue(node.at, "SL104", message)


def _counted(kind: Any, what: str | None, node: Node) -> Iterator[tuple[str, Node]]:
    """Every number below a node that counts something, and what; what the type above says holds for all below it."""
    said, kinds = _shape(kind)
    what = said or what
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        if what is not None:
            yield what, node
    elif isinstance(node.value, dict | list):
        children = node.value.items() if isinstance(node.value, dict) else enumerate(node.value)
        for key, child in children:
            for below in {id(one): one for one in kinds for one in _below(one, key)}.values():
                yield from _counted(below, what, child)


@lru_cache(maxsize=512)
def _shape(kind: Any) -> tuple[str | None, tuple[Any, ...]]:
    """What a type counts, if anything, and the bare types that it allows."""
    said: str | None = None
    kinds: list[Any] = []
    if get_origin(kind) is Annotated:
        bare, *beside = get_args(kind)
        said = next((one.what for one in beside if isinstance(one, Counts)), None)
        below = [_shape(bare)]
    elif get_origin(kind) in (Union, types.UnionType):
        below = [_shape(one) for one in get_args(kind)]
    else:
        return None, (kind,)
    for inner, bare in below:
        said, kinds = said or inner, [*kinds, *bare]
    return said, tuple(kinds)


def _below(kind: Any, key: str | int) -> tuple[Any, ...]:
    """The types that a bare type allows at a key or an index."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _fields(kind).get(str(key), ())
    if get_origin(kind) is dict:
        return (get_args(kind)[1],)
    if get_origin(kind) in (tuple, list) and isinstance(key, int):
        return (get_args(kind)[0],)
    return ()


@lru_cache(maxsize=256)
def _fields(model: type[BaseModel]) -> dict[str, tuple[Any, ...]]:
    """A record's types by key as it is written; pydantic keeps what stands beside a type apart from it."""
    found = {}
    for name, info in model.model_fields.items():
        beside = tuple(one for one in info.metadata if isinstance(one, Counts))
        found[info.alias or name] = (Annotated[(info.annotation, *beside)] if beside else info.annotation,)
    return found
