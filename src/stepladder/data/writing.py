"""A mapping as YAML text, in the order in which it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def document(content: Mapping[str, Any], head: Iterable[str] = ()) -> str:
    """A file of ours as text.

    Parameters
    ----------
    content
        What stands in it; dates as text.
    head
        Lines that stand above it as comments, each of clean text.
    """
    import yaml

    text = str(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=120))
    return "".join(f"# {line}\n" for line in head) + text
