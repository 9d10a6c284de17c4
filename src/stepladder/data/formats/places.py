"""Where a number was written, and which periods make a fiscal year."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stepladder.data.formats.base import Index, Record


class Year(Record):
    """One fiscal year as a range of periods, both included."""

    label: str
    """Its name, such as 2027."""
    from_: Index = Field(alias="from")
    """First period."""
    to: Index
    """Last period."""


class Origin(Record):
    """Where a number of the problem was written."""

    from_: Literal["catalogue", "scenario", "override", "set"] = Field(alias="from")
    """Which layer had the last word."""
    at: str
    """file:line:column."""
    source: str = ""
    """What the number rests on."""
    illustrative: bool = False
    """True for shipped defaults: replace them by your own."""
