"""A plan that stays within its money in most futures: what a scenario asks for, and what a plan's file says of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stepladder.data.formats.base import Index, Money, Record, Share

#: A part of all futures: neither none of them nor all.
Kept = Annotated[Share, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Count = Annotated[int, Field(ge=10, le=100_000)]
Figure = Annotated[float, Field(allow_inf_nan=False)]
Chance = Annotated[float, Field(ge=0, le=1)]


class Robust(Record):
    """In which part of all futures a plan is to stay within its money, and how that is found out."""

    keep: Kept = 0.9
    """So large a part of the futures that are drawn from the ranges."""
    futures: Count = 200
    """How many are drawn to choose what is held back, and how many fresh ones for each test of that."""
    seed: Seed = 0
    """What they are drawn with."""


class HeldBack(Record):
    """What a limit of the problem is without."""

    window: Index
    """Which of the problem's windows, from 0; its limit is what is left."""
    amount: Annotated[Money, Field(gt=0)]
    """In currency."""


class Promise(Record):
    """That a plan stays within its money in a part of all futures: what is held back for it, and how it was tested."""

    keep: Kept
    """So large a part was asked for."""
    futures: Count
    """How many futures a test has."""
    seed: Seed
    """What they were drawn with."""
    held: tuple[HeldBack, ...]
    """What is held back; the problem's limits are without it."""
    tests: Annotated[int, Field(ge=1, le=1000)]
    """How many plans were tested, each in futures that were drawn for that alone; the last one is this plan."""
    kept: Annotated[int, Field(ge=0)]
    """In so many of the last test's futures this plan stays within the whole limits."""
    kept_without: Annotated[int, Field(ge=0)]
    """In so many of them the best plan with nothing held back does."""
    low: Chance
    """Between this part of all futures …"""
    high: Chance
    """… and this it is kept (Clopper and Pearson): with all tests that there may be, in 95 of 100 cases."""
    value_without: Figure
    """What the best plan with nothing held back has as its objective, as ``objective.value``."""
    bound_without: Figure
    """No plan with nothing held back can be below this; proved."""
