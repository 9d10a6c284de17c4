"""How much a practice matters to those who know no losses: a tier for each, and what a tier weighs."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Discriminator, Field, Tag

from stepladder.data.formats.base import Id, Level, Record
from stepladder.data.formats.estimate import shape

Tier = Literal["low", "medium", "high", "critical"]
#: From what matters least to what matters most.
TIERS: tuple[Tier, ...] = get_args(Tier)

_ByLevel = Annotated[Annotated[Tier, Tag("plain")] | Annotated[dict[Level, Tier], Tag("mapping")], Discriminator(shape)]
#: One tier for all of a practice, a group or ``default``; of a practice also by scale, and there by level.
Importance = dict[
    Id,
    Annotated[Annotated[Tier, Tag("plain")] | Annotated[dict[Id, _ByLevel], Tag("mapping")], Discriminator(shape)],
]

Weight = Annotated[float, Field(gt=0, le=1_000_000)]


class Tiers(Record):
    """What each tier of ``importance`` weighs: points for a year in place, growing from low to critical."""

    low: Weight = 1.0
    """Points a year."""
    medium: Weight = 3.0
    """Points a year."""
    high: Weight = 9.0
    """Points a year."""
    critical: Weight = 27.0
    """Points a year."""
