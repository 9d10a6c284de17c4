"""``catalogue``: a maturity model, checked, as one reads it before a scenario is written."""

from __future__ import annotations

from pathlib import Path

from stepladder.analysis.model import Model, model
from stepladder.data.catalogues import load_catalogue
from stepladder.data.reading.library import folder, names
from stepladder.workflow.reading import locate


def catalogue(name: str | Path) -> Model:
    """Read a catalogue and check it.

    Parameters
    ----------
    name
        A file, or the name of a shipped catalogue.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the file.
    UsageError
        When there is no such file.
    """
    path = locate(name, "models")
    # A shipped catalogue is spoken of by the name that it has on every machine.
    shipped = path.parent == folder("models")
    index, _ = load_catalogue(path, f"models/{path.name}" if shipped else str(path))
    return model(path.stem if shipped else str(name), index, shipped=shipped)


def catalogues() -> list[Model]:
    """All catalogues that are shipped, by name."""
    return [catalogue(name) for name in names("models")]
