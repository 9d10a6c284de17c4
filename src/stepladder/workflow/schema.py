"""``schema``: the JSON Schema of a file format, for editors and other programs."""

from __future__ import annotations

import json

from stepladder.data.load import schemas
from stepladder.data.problem import unknown
from stepladder.errors import UsageError


def schema(name: str) -> str:
    """The schema of ``catalogue``, ``scenario``, ``profiles``, ``problem`` or ``plan`` as JSON text."""
    known = schemas()
    if name not in known:
        raise UsageError(unknown("schema", name, list(known)))
    return json.dumps(known[name], indent=1, ensure_ascii=False) + "\n"
