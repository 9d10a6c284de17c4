"""The sheet to fill in, and what becomes of an assessment that somebody holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from stepladder.workflow.intake import Import

#: No answers to what a file leaves open.
NOTHING: Mapping[str, str] = {}


def template(catalogue: str | Path = "iot_smm", systems: Sequence[str] = (), *, csv: bool = False) -> bytes:
    """The workbook to fill in for a maturity model, as an .xlsx file; or its assessment as CSV.

    Parameters
    ----------
    catalogue
        A file, or the name of a shipped one.
    systems
        Titles of lines, products or sites, each with rows of its own.
    csv
        Whether CSV is wanted.
    """
    from stepladder.workflow.template import template as workbook

    return workbook(catalogue, systems, csv=csv)


def import_(
    *sources: str | Path,
    catalogue: str | None = None,
    start: str | None = None,
    years: float | None = None,
    money: float | None = None,
    days: float | None = None,
    kind: str | None = None,
    say: Mapping[str, str] = NOTHING,
    model: str = "model.yaml",
) -> Import:
    """The scenario that an assessment makes; named so because ``import`` is a word of Python's own.

    Parameters
    ----------
    sources
        An .xlsx file that ``template`` made, a .csv file with its columns, or what another program wrote; several where
        they belong together.
    catalogue
        The maturity model of a sheet; what the workbook says when left out.
    start, years, money, days
        The first day, the years that are planned, the money of a year and the person-days of each team in a quarter,
        where the file does not say them.
    kind
        What the files are; found by what is in them when left out.
    say
        Answers to what the file leaves open, by key.
    model
        What the file of a maturity model that comes with the scenario will be called.

    Returns
    -------
    Import
        ``text`` of the scenario, ``model`` with the text of the maturity model or nothing, and ``notes``.

    Raises
    ------
    InvalidInput
        With everything that is wrong, place by place.
    """
    from stepladder.workflow.intake import Frame, Wish, intake

    return intake(sources, Frame(start, years, money, days), Wish(catalogue, kind, say, model))
