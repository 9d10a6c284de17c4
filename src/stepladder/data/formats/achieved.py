"""What follows from steps that are finished, in the words of a problem: what each achievement takes, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Protocol

from pydantic import Field

from stepladder.data.formats.base import Amount, Index, Record, StepId, unknown

Path = tuple[str | int, ...]
#: Path in the file, code and message.
Wrong = tuple[Path, str, str]


class AchievementNeed(Record):
    """What must be achieved first."""

    achievement: StepId
    """The needed achievement."""
    lag: Index = 1
    """Start no earlier than this many periods after the period from which the achievement holds, which is the one in
    which the last step that it takes finishes; 0 is the same period.
    """


class Needing(Protocol):
    """A step, as far as achievements go."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def needs_achievements(self) -> tuple[AchievementNeed, ...]:
        """The achievements that it needs."""


class Score(Record):
    """So much in all of what counts so much."""

    at_least: Annotated[float, Field(gt=0, le=1_000_000)]
    """The least sum of the amounts of finished steps, compared exactly."""
    of: Annotated[dict[StepId, Annotated[float, Field(gt=0, le=1_000_000)]], Field(min_length=1)]
    """What each step counts once it is finished."""


class Achievement(Record):
    """What follows from steps that are finished: no time, no money. It holds from the period in which the last
    condition that it takes is met, and then for good.
    """

    id: StepId
    """Unique name, among the steps too."""
    title: str = ""
    """For people; the id when left out."""
    all: tuple[StepId, ...] = ()
    """All of these: steps, or achievements that stand before this one."""
    any: tuple[tuple[StepId, ...], ...] = ()
    """Of each group at least one."""
    score: Score | None = None
    """And a sum of amounts."""
    by: Index | None = None
    """Last period from which it must hold; left out: nobody asks for it by a date."""
    points_per_year: Amount = 0.0
    """Points for every year in which it holds, from the period of the last finish on, which ``objective: worth``
    counts; no money.
    """

    @property
    def name(self) -> str:
        """What people call it: its title, or its id where it has none."""
        return self.title.strip() or self.id

    @property
    def words(self) -> str:
        """What it takes, in a line."""
        parts = [*self.all, *(f"one of {', '.join(group)}" for group in self.any)]
        if self.score is not None:
            counted = ", ".join(f"{amount:g} for {name}" for name, amount in self.score.of.items())
            parts.append(f"at least {self.score.at_least:g} of {counted}")
        return "; ".join(parts)

    @property
    def conditions(self) -> tuple[str, ...]:
        """Every step and achievement that counts towards it, each once."""
        scored = () if self.score is None else tuple(self.score.of)
        return tuple(dict.fromkeys((*self.all, *(name for group in self.any for name in group), *scored)))


class AchievementContext(Record):
    """What people want to know of an achievement beside what it takes."""

    id: StepId
    """As in the problem, where it can be reached and is not yet."""
    title: str
    """For people."""
    ref: str = ""
    """The model's own code; empty where it has none."""
    today: bool = False
    """Whether it holds today."""
    asked: bool = False
    """Whether a target or a milestone names it."""


def counting(achievements: Sequence[Achievement]) -> dict[str, frozenset[str]]:
    """By achievement: every step that counts towards it, directly or through others; made anew each time."""
    inside: dict[str, frozenset[str]] = {}
    for achievement in achievements:
        inside[achievement.id] = frozenset(
            step for name in achievement.conditions for step in inside.get(name, frozenset((name,)))
        )
    return inside


def faults(achievements: Sequence[Achievement], steps: Sequence[Needing], horizon: int) -> Iterator[Wrong]:
    """What makes the achievements of a problem, and needs of them, meaningless."""
    ids = frozenset(step.id for step in steps)
    yield from _faults_of_needed(achievements, steps)
    before: set[str] = set()
    every = {achievement.id for achievement in achievements}
    for k, achievement in enumerate(achievements):
        here: Path = ("achievements", k)
        if achievement.id in ids:
            yield (*here, "id"), "SL308", f"{achievement.id!r} is a step, too; give one of them another id"
        if not (achievement.all or achievement.any or achievement.score):
            yield here, "SL104", f"{achievement.id} has no condition; write all, any or score"
        for name in achievement.conditions:
            if name in every - before and name not in ids:
                yield here, "SL301", f"{achievement.id} refers to {name}, which does not stand before it; order them"
            elif name not in ids | before:
                yield here, "SL204", unknown("step or achievement", name, ids | before)
        for g, group in enumerate(achievement.any):
            if not group:
                yield (*here, "any", g), "SL104", "an empty group can never be met; name at least one step"
        if achievement.score is not None and (most := total(achievement.score)) < exact(achievement.score.at_least):
            yield (
                (*here, "score", "at_least"),
                "SL310",
                f"{achievement.score.at_least:g} is never reached: all amounts come to {float(most):g}; lower it",
            )
        if achievement.by is not None and achievement.by >= horizon:
            last = horizon - 1
            yield (*here, "by"), "SL304", f"period {achievement.by} is outside the horizon; the last period is {last}"
        before.add(achievement.id)


def _faults_of_needed(achievements: Sequence[Achievement], steps: Sequence[Needing]) -> Iterator[Wrong]:
    inside = counting(achievements)
    for k, step in enumerate(steps):
        for m, need in enumerate(step.needs_achievements):
            where: Path = ("steps", k, "needs_achievements", m, "achievement")
            name = need.achievement
            if name not in inside:
                yield where, "SL204", unknown("achievement", name, set(inside))
            elif step.id in inside[name]:
                yield where, "SL301", f"{step.id} counts towards {name} and cannot need it; remove one of the two"


def exact(number: float) -> Fraction:
    """The decimal number that a float was written as."""
    return Fraction(Decimal(repr(number)))


def total(score: Score) -> Fraction:
    """What a score comes to when everything that counts is finished."""
    return sum(map(exact, score.of.values()), Fraction(0))
