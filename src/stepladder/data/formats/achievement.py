"""What follows from steps that are finished, as people write it in catalogues and scenarios."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stepladder.data.formats.base import Record, StepId, Text

#: What a target or a milestone says of an achievement.
REACHED = "reached"
Points = Annotated[float, Field(gt=0, le=1_000_000)]


class Scored(Record):
    """So much in all of what counts so much."""

    at_least: Points
    """The least sum of the amounts of steps that are in place, compared exactly."""
    of: Annotated[dict[StepId, Points], Field(min_length=1)]
    """What each step counts once it is in place, by practice.scale.level."""


class AchievementText(Record):
    """What follows from steps that are in place: it takes no time and no money. All that it says must be met."""

    title: Text
    """Its name."""
    ref: Text | None = None
    """The model's own code for it."""
    all: tuple[StepId, ...] = ()
    """All of these: steps (practice.scale.level), or other achievements."""
    any: tuple[Annotated[tuple[StepId, ...], Field(min_length=1)], ...] = ()
    """Of each group at least one."""
    score: Scored | None = None
    """And a sum of amounts."""

    @property
    def conditions(self) -> tuple[str, ...]:
        """Every step and achievement that it names, each once."""
        scored = () if self.score is None else tuple(self.score.of)
        return tuple(dict.fromkeys((*self.all, *(name for group in self.any for name in group), *scored)))


class AnyOf(Record):
    """A step needs at least one of several."""

    step: StepId
    """The step."""
    needs: Annotated[tuple[StepId, ...], Field(min_length=1)]
    """At least one of these first; steps, or achievements."""
    why: Text | None = None
    """One sentence."""


class Exclusion(Record):
    """Two steps of which at most one may be planned."""

    steps: tuple[StepId, StepId]
    """The two."""
    why: Text | None = None
    """One sentence."""
