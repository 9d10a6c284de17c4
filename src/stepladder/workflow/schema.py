"""``schema``: the JSON Schema of a file format, for editors and other programs."""

from __future__ import annotations

from pathlib import Path

from stepladder.data.formats.base import unknown
from stepladder.errors import UsageError


def schema(name: str, catalogue: str | Path | None = None) -> str:
    """The schema of ``catalogue``, ``scenario``, ``profiles``, ``problem``, ``plan``, ``actuals`` or ``map``, as JSON.

    Parameters
    ----------
    name
        The format.
    catalogue
        Of a scenario and of profiles: a file or the name of a shipped catalogue, whose names are filled in.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the catalogue.
    UsageError
        When there is no such format or no such file, or the format has nothing to do with a catalogue's names.
    """
    # Every other command does without these.
    from stepladder.data import schemas

    if name not in schemas.KINDS:
        raise UsageError(unknown("schema", name, list(schemas.KINDS)))
    if catalogue is None:
        return schemas.published(name)
    from stepladder.data import catalogue_schema
    from stepladder.workflow.catalogue import catalogue as read

    if name not in catalogue_schema.KINDS:
        raise UsageError(
            f"a catalogue's names are in {' and '.join(catalogue_schema.KINDS)} only; leave --catalogue out for {name}"
        )
    model = read(catalogue)
    return catalogue_schema.named(name, model.index, model.name if model.shipped else None)
