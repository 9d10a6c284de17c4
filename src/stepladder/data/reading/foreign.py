"""YAML and JSON that other programs wrote, with a place for every value: nothing is read as anything but what stands
there.

What our own files are refused for is let pass, since nobody can change it there: several documents, words such as
``no`` and numbers such as ``8.10``, which stay text as they were written. What makes a file unreadable, or larger than
it looks, is refused as ever.
"""

from __future__ import annotations

from typing import Any

from stepladder.data.reading.json_tree import check_form, json_tree
from stepladder.data.reading.tree import Builder, Node, read_yaml
from stepladder.errors import InvalidInput, Issue, Location


def trees(text: str, shown: str) -> tuple[Node, ...]:
    """The documents of a text.

    Parameters
    ----------
    text
        YAML of one or several documents, or JSON.
    shown
        What the file is called.

    Returns
    -------
    tuple of Node
        In YAML every value is text, or None where nothing stands; in JSON numbers and truth values are such.

    Raises
    ------
    InvalidInput
        With the place at which it cannot be read.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return _documents(text, shown)
    try:
        check_form(text, shown)
        tree, issues = json_tree(text, shown)
        if issues or tree is None:
            raise InvalidInput(issues or [Issue(Location(shown), "SL002", "it has too many values; split it")])
    except InvalidInput as error:
        # YAML may begin with a bracket, too; of what is neither, JSON is more likely.
        try:
            return _documents(text, shown)
        except InvalidInput:
            raise error from None
    return (tree,)


def _documents(text: str, shown: str) -> tuple[Node, ...]:
    builder = _Builder(shown, "scenario")
    _, issues = read_yaml(text, shown, builder=builder)
    if issues:
        raise InvalidInput(issues)
    return tuple(builder.done)


class _Builder(Builder):
    """Keeps every document, and every scalar as it was written."""

    def take(self, kind: str, event: Any) -> bool:
        """One event of the parser."""
        if kind == "DocumentStartEvent":
            self.documents, self.anchors = 0, {}
        going = super().take(kind, event)
        if kind == "DocumentEndEvent" and self.root is not None:
            self.done.append(self.root)
        return going

    def _no_tag(self, event: Any, place: Location) -> None:
        """Tags are for whoever makes objects of them; nobody does here."""

    def _plain_key(self, text: str, place: Location) -> None:
        """A key is text."""

    def _resolve(self, text: str, place: Location) -> Any:
        return None if text in ("", "~", "null", "Null", "NULL") else text
