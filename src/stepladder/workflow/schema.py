"""``schema``: the JSON Schema of a file format, for editors and other programs."""

from __future__ import annotations

from stepladder.data import schemas
from stepladder.data.problem import unknown
from stepladder.errors import UsageError


def schema(name: str) -> str:
    """The schema of ``catalogue``, ``scenario``, ``profiles``, ``problem``, ``plan`` or ``actuals`` as JSON text."""
    if name not in schemas.KINDS:
        raise UsageError(unknown("schema", name, list(schemas.KINDS)))
    return schemas.published(name)
