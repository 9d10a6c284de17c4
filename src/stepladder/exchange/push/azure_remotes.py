"""From what Azure DevOps answers to what is there: work items with their marks, and how they hang together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from stepladder.exchange.push import azure_html as html
from stepladder.exchange.push.azure_answers import Fields, WorkItem
from stepladder.exchange.push.azure_process import Process
from stepladder.exchange.tracker import PLACES, ItemKind, Remote

LABEL = "stepladder"
KINDS: dict[str, ItemKind] = {
    "stepladder-step": "item",
    "stepladder-phase": "container",
    "stepladder-system": "parent",
    "stepladder-milestone": "milestone",
}
PREDECESSOR, PARENT = "System.LinkTypes.Dependency-Reverse", "System.LinkTypes.Hierarchy-Reverse"
_MARK = re.compile(r"SL-[A-Z2-7]{8}")
_NUMBER = re.compile(r"/workitems/([0-9]{1,20})$", re.IGNORECASE)


def tags_of(kind: ItemKind, mark: str, more: Iterable[str] = ()) -> str:
    """The tags of what is made, and more."""
    return "; ".join((LABEL, next(tag for tag, one in KINDS.items() if one == kind), mark, *more))


def mark_of(item: WorkItem) -> str:
    """The mark; empty without our tag, whatever a query says."""
    tags = _tags(item)
    marks = sorted(tag.upper() for tag in tags if _MARK.fullmatch(tag.upper()))
    return marks[0] if marks and LABEL in tags else ""


def of_item(item: WorkItem, by_key: Mapping[str, str], process: Process) -> Remote:
    """What is there of it.

    Parameters
    ----------
    item
        As it came.
    by_key
        Marks of the phases by the ids of their work items.
    process
        What the project's states and fields mean.
    """
    mark, tags, content = mark_of(item), _tags(item), item.fields
    kind: ItemKind = next((kind for tag, kind in KINDS.items() if tag in tags), "item")
    dated = process.at(content.type, kind).dated
    days, rest = described(item, dated)
    parent = next((key for _, key in related(item, PARENT)), "")
    fields = {
        "title": content.title.removeprefix(f"{mark} "),
        "text": html.plain(rest),
        **{name: _day(content, dated[name]) if name in dated else days.get(name, "") for name in html.DAYS},
        "container": by_key.get(parent, parent),
    }
    ended = process.ended(content.type, content.state)
    progress, reason = process.progress(content)
    moment = (content.closed or content.changed) if ended else None
    return Remote(mark, kind, item.id, without(kind, fields), not ended, progress, moment, reason)


def described(item: WorkItem, dated: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The days that stand before a description, which they do where one has no field of its own, and the rest."""
    whole = item.fields.description
    return ({}, whole) if len(dated) == len(html.DAYS) else html.undated(whole)


def related(item: WorkItem, rel: str) -> list[tuple[int, str]]:
    """Places among a work item's relations, and the ids of the others."""
    numbers = [
        (k, _NUMBER.search(relation.url)) for k, relation in enumerate(item.relations or ()) if relation.rel == rel
    ]
    return [(k, number[1]) for k, number in numbers if number]


def without(kind: ItemKind, fields: dict[str, str]) -> dict[str, str]:
    """A phase and a system have neither a start of their own nor a phase."""
    return {name: value for name, value in fields.items() if kind not in PLACES or name not in ("start", "container")}


def _tags(item: WorkItem) -> set[str]:
    """Whole tags; Azure tells none apart by capitals."""
    return {tag.strip().lower() for tag in item.fields.tags.split(";")}


def _day(content: Fields, name: str) -> str:
    return {"StartDate": content.start, "TargetDate": content.target}.get(name.rpartition(".")[2], content.finish)
