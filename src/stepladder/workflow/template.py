"""``template``: the workbook to fill in for a maturity model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stepladder.errors import UsageError
from stepladder.exchange.intake.desk import slug
from stepladder.exchange.intake.template import table
from stepladder.exchange.intake.template import template as written
from stepladder.workflow.catalogue import catalogue

#: The model that comes with this program.
USUAL = "iot_smm"


def template(name: str | Path = USUAL, systems: Sequence[str] = (), *, csv: bool = False) -> bytes:
    """The workbook for a catalogue, as an .xlsx file; or its assessment as CSV.

    Parameters
    ----------
    name
        A file, or the name of a shipped catalogue.
    systems
        Titles of lines, products or sites, each with rows of its own.
    csv
        Whether CSV is wanted.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the catalogue.
    UsageError
        When there is no such file; or two systems have one name.
    """
    if len({slug(system) for system in systems}) < len(systems):
        raise UsageError("two systems have the same name; call them differently")
    model = catalogue(name)
    return table(model.index, systems) if csv else written(model.name, model.index, systems)
