"""Atlassian's documents (ADF), in which nothing of a text is markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def document(lines: Sequence[str]) -> dict[str, Any]:
    """Lines as an Atlassian document: a paragraph of one text node for each; an empty text node is not allowed."""
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}]} if line else {"type": "paragraph"}
        for line in lines
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def plain(tree: Any) -> str:
    """The text of a document, a line for each block; of anything else nothing."""
    return "\n".join(map(_inside, _content(tree)))


def _inside(node: Any) -> str:
    return str(node.get("text", "")) + "".join(map(_inside, _content(node))) if isinstance(node, dict) else ""


def _content(node: Any) -> Sequence[Any]:
    content = node.get("content") if isinstance(node, dict) else None
    return content if isinstance(content, list) else ()
