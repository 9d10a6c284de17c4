"""``template``: the workbook to fill in for a maturity model."""

from __future__ import annotations

from pathlib import Path

from stepladder.exchange.intake.template import template as written
from stepladder.workflow.catalogue import catalogue

#: The model that comes with this program.
USUAL = "iot_smm"


def template(name: str | Path = USUAL) -> bytes:
    """The workbook for a catalogue, as an .xlsx file.

    Parameters
    ----------
    name
        A file, or the name of a shipped catalogue.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the catalogue.
    UsageError
        When there is no such file.
    """
    model = catalogue(name)
    return written(model.name, model.index)
