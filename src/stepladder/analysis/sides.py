"""Two plans side by side: what is compared of their questions, and how a change is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from stepladder.analysis.steps import titles
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.data.phrases import mark, phrase

T = TypeVar("T")
Unit = Literal["money", ""]

#: What weighs more stands above: what is asked, what is lost, what binds, what is demanded, what can be done, its cost.
ASKED, LOST, DUE, BOUND, DEMANDED, STEPS, COSTS, REST = range(8)
#: Of a loss that was brought back to the beginning and forth again, and of a sum, this is no change.
SAME = 1e-9
CENT = 0.005


@dataclass(frozen=True)
class Changed:
    """One value of the question that is not what it was; None where there is none.

    Attributes
    ----------
    path
        Where it stands in the problem, lists by the names of their items.
    before, after
        The values; of a loss, and of what is left of a limit, as of the first period that can still be decided.
    what
        The same in words.
    unit
        ``money`` for the currency of the question.
    within
        Of a limit: the path of a longer one that begins with it and changed in the same direction; empty where none
        did.
    """

    path: str
    before: Any
    after: Any
    what: str = field(default="", compare=False)
    unit: Unit = field(default="", compare=False)
    within: str = field(default="", compare=False)


#: How much it weighs, and the change.
Weighed = tuple[int, Changed]


class Sides:
    """Two plans, and the period from which on both of them can be decided.

    Parameters
    ----------
    before, after
        The plans.
    here
        By period of the one plan the same period of the other.
    """

    def __init__(self, before: Plan, after: Plan, here: Mapping[int, int]) -> None:
        self.before, self.after, self.here = before, after, here
        self.old, self.new = before.problem, after.problem
        back = {t: then for then, t in here.items()}
        self.now = after.now
        #: The same period in the plan before.
        self.then = back.get(after.now, 0)
        self.later = before.as_of != after.as_of
        self.open = {step.id for step in self.new.steps}
        self.names = {**titles(self.old), **titles(self.new)}

    @property
    def since(self) -> str:
        """The period from which on numbers hold that depend on what is in place or used by then; empty for all."""
        return self.new.periods[self.now].label if self.after.as_of is not None else ""

    def settled(self, step: str) -> bool:
        """Whether time has decided on a step: what was asked of it, and done by it, is no question any more."""
        return self.later and (self.after.state(step) != "open" or step not in self.open)

    def pairs(self, name: str, key: Callable[[Any], str]) -> Iterator[tuple[str, Any, Any]]:
        """The items of a list by what they are called: as they were and as they are, None where there is none."""
        old, new = (_named(getattr(problem, name), key) for problem in (self.old, self.new))
        return ((called, old.get(called), new.get(called)) for called in dict.fromkeys([*old, *new]))


def _named(items: Iterable[T], key: Callable[[T], str]) -> dict[str, T]:
    named: dict[str, T] = {}
    for item in items:
        called, count = key(item), 1
        while called in named:
            count += 1
            called = f"{key(item)} ({count})"
        named[called] = item
    return named


#: What limits on money are called.
_NAMES = (mark("Money"), mark("Investment"), mark("Running cost"), mark("Cost a year afterwards"))
_RESOURCES = dict(zip(MONEY, _NAMES, strict=True))


def called(resource: str, teams: Mapping[str, str]) -> str:
    """What is limited, as a limit on it is called: money of a kind, or the person-days of a team, by its title."""
    if resource in _RESOURCES:
        return phrase(_RESOURCES[resource])
    return phrase("Person-days of {team}", team=teams.get(resource, resource))


def span(problem: Problem, first: int, last: int | None) -> str:
    """From when to when, in words; to the end of all for None."""

    def label(t: int) -> str:
        """Of a period, or of the time after all of them."""
        return problem.periods[t].label if t < problem.horizon else phrase("the end of the horizon")

    if last is None or last >= problem.horizon:
        return phrase("from {period} on", period=label(first))
    return phrase("in {period}", period=within(problem, first, last))


def within(problem: Problem, first: int, last: int) -> str:
    """A period, or from one to another."""
    labels = [problem.periods[t].label for t in (first, last)]
    return phrase("{first} to {last}", first=labels[0], last=labels[1]) if last > first else labels[0]
