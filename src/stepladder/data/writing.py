"""A mapping as YAML text, in the order in which it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stepladder.data.reading.tree import reads_as_text


def document(content: Mapping[str, Any], head: Iterable[str] = ()) -> str:
    """A file of ours as text.

    Parameters
    ----------
    content
        What stands in it; dates as text.
    head
        Lines that stand above it as comments, each of clean text.
    """
    return "".join(f"# {line}\n" for line in head) + dumped(dict(content))


def dumped(content: Any, width: int = 120) -> str:
    """Values as YAML; a text that would be read as anything else, such as the code N or 1e5, stands in quotes."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """One of our own, as representers belong to a class."""

    Dumper.add_representer(
        str,
        lambda dumper, text: dumper.represent_scalar(
            "tag:yaml.org,2002:str", text, style=None if reads_as_text(text) else "'"
        ),
    )
    return str(yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=width))
