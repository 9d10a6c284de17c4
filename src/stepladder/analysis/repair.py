"""An impossible question, explained as a whole: what clashes, one clash after the other until a plan exists, and
what would give it one.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from stepladder.analysis.claims import Claim, exists, no_plan
from stepladder.analysis.remedies import Remedy, remedies
from stepladder.data.demand import LIMITS, Demand, without
from stepladder.data.formats.problem import Problem
from stepladder.data.question import Overrun
from stepladder.optimise import Options
from stepladder.optimise.search.elastic import Budget, any_plan
from stepladder.solution.verify import broken_rules

#: So many clashes are told apart.
MOST = 20
#: With no more demands than this in all clashes it is looked whether there is a plan without each.
FEW = 12
#: The part of the time that may go into what clashes; the rest is for what would help.
HALF = 0.5


@dataclass(frozen=True)
class Clash:
    """Demands that cannot be met together.

    Attributes
    ----------
    claim
        That no plan meets them.
    needed
        For each of them: whether a plan meets the others.
    """

    claim: Claim
    needed: tuple[Claim, ...]

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What clashes."""
        return self.claim.demands

    @property
    def irreducible(self) -> bool:
        """Whether it is proved that none of them can be left out; a limit may have left that open."""
        return all(claim.shown for claim in self.needed)

    @property
    def asks(self) -> tuple[Demand, ...]:
        """Its demands that are no shared limits; all of them where there are only limits."""
        return tuple(demand for demand in self.demands if demand.kind not in LIMITS) or self.demands


class GivenUp(NamedTuple):
    """A milestone that no plan meets, because somebody has cancelled steps that it takes: its title and day, and the
    titles of these steps.
    """

    title: str
    date: datetime.date
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Repair:
    """Why a question has no plan, and what would give it one.

    Attributes
    ----------
    problem, demands
        The question.
    claim
        That no plan meets all demands, or that one does, or neither.
    clashes
        One after the other: each among what is left when the others' demands are not counted, limits apart.
    rest
        Whether a plan meets all that is left then; None where there is no clash.
    each
        Of the demands that clash, one by one: whether there is a plan for the whole question without it. Where there is
        none, a clash without it says so; empty where that was too much to look at.
    remedies
        What would help, by kind, and what would not.
    teams
        Titles of the teams that have one, by id.
    overruns
        Limits that what has happened has overrun, which a higher limit has to make up for first.
    given_up
        Milestones that are not demanded any more, because somebody has cancelled a part of what they take.
    where
        From a JSON pointer to file, line and column, for demands that do not know their own; None where nobody knows.
    """

    problem: Problem
    demands: tuple[Demand, ...]
    claim: Claim
    clashes: tuple[Clash, ...] = ()
    rest: Claim | None = None
    each: tuple[Claim, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    teams: Mapping[str, str] = field(default_factory=dict)
    overruns: tuple[Overrun, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    where: Callable[[str], str] | None = field(default=None, compare=False, repr=False)

    def at(self, demand: Demand) -> str:
        """Where a demand stands: file, line and column; empty where that is not known."""
        return demand.at or (self.where(demand.pointer) if self.where is not None and demand.pointer else "")

    @property
    def possible(self) -> bool:
        """Whether the question has a plan as it is, as far as is known."""
        return not self.claim.none

    @property
    def helpful(self) -> tuple[Remedy, ...]:
        """The remedies with which there is a plan."""
        return tuple(remedy for remedy in self.remedies if remedy.helps)

    def by(self, name: str | None) -> Remedy | None:
        """The remedy of this name, or the first that helps; None where it does not help."""
        return next((remedy for remedy in self.helpful if name in (None, remedy.name)), None)


def repair(problem: Problem, demands: Sequence[Demand], options: Options, *, hopeless: bool = False) -> Repair:
    """Find out what clashes and what would mend it.

    Parameters
    ----------
    problem, demands
        The question, and what it demands.
    options
        Seconds for all of it together; units of work for each search.
    hopeless
        Whether it is known already that there is no plan.
    """
    every, begun = tuple(demands), time.monotonic()
    looked = _Looked(problem, every, options.left(begun, HALF))
    whole = no_plan(every) if hopeless else looked.at(every)
    if not whole.none:
        return Repair(problem, every, whole)
    clashes, rest = looked.clashes()
    clashes, each = looked.one_by_one(clashes)
    ways = remedies(problem, every, [clash.demands for clash in clashes], Budget(options.left(begun)))
    return Repair(problem, every, whole, clashes, rest, each, ways)


class _Looked:
    """A question whose demands are looked at in parts."""

    def __init__(self, problem: Problem, demands: tuple[Demand, ...], options: Options) -> None:
        self.problem, self.demands, self.budget = problem, demands, Budget(options)

    def at(self, kept: Sequence[Demand]) -> Claim:
        """Whether a plan keeps these demands, and as many of the others as it likes."""
        counted = {id(demand) for demand in kept}
        asked = without(self.problem, self.demands, [demand for demand in self.demands if id(demand) not in counted])
        answer = any_plan(asked, self.budget)
        if answer.starts is not None and broken_rules(asked, answer.starts):
            answer = replace(answer, starts=None)
        return exists(tuple(kept), answer)

    def clashes(self) -> tuple[tuple[Clash, ...], Claim]:
        """Clash after clash, and whether there is a plan without all that they ask."""
        left = list(self.demands)
        clashes: list[Clash] = []
        rest = no_plan(self.demands)
        while rest.none and len(clashes) < MOST and not (clashes and self.budget.spent):
            clashes.append(self._clash(left))
            asks = {id(demand) for demand in clashes[-1].asks if demand.kind != "past"}
            left = [demand for demand in left if id(demand) not in asks]
            if not asks:
                break
            rest = self.at(left)
        return tuple(clashes), rest

    def one_by_one(self, clashes: tuple[Clash, ...]) -> tuple[tuple[Clash, ...], tuple[Claim, ...]]:
        """Whether there is a plan without each of the demands that clash; where none of the clashes says why not,
        one more that does.
        """
        all_clashes: list[Clash] = list(clashes)
        each: dict[int, Claim] = {}
        while True:
            clashing = {id(demand) for clash in all_clashes for demand in clash.demands if demand.kind != "past"}
            waiting = [demand for demand in self.demands if id(demand) in clashing and id(demand) not in each]
            if len(clashing) > FEW or len(all_clashes) >= MOST:
                return tuple(all_clashes), ()
            if not waiting:
                return tuple(all_clashes), tuple(each.values())
            others = tuple(other for other in self.demands if other is not waiting[0])
            known = any(all(demand is not waiting[0] for demand in clash.demands) for clash in all_clashes)
            claim = no_plan(others) if known else self.at(others)
            each[id(waiting[0])] = claim
            if claim.none and not known:
                all_clashes.append(self._clash(others))

    def _clash(self, demands: Sequence[Demand]) -> Clash:
        """Leave out one demand after the other, for good where the rest still clashes; several at once as long as
        that goes well.
        """
        kept = [demand for demand in demands if demand.kind == "past"]
        rest = [demand for demand in demands if demand.kind != "past"]
        size = max(1, len(rest) // 4)
        needed: dict[int, Claim] = {}
        while rest and not self.budget.spent:
            claim = self.at([*kept, *rest[size:]])
            if claim.none:
                rest, size = rest[size:], min(2 * size, max(1, len(rest) - size))
            elif size > 1:
                size //= 2
            else:
                needed[id(rest[0])] = claim
                kept.append(rest.pop(0))
        stopped = {id(demand): Claim("plan", by=("stopped",)) for demand in rest}
        final = tuple(demand for demand in (*kept, *rest) if demand.kind != "past")
        # What a plan meets beside more demands it meets beside fewer.
        others = [tuple(other for other in final if other is not demand) for demand in final]
        return Clash(
            no_plan(final),
            tuple(
                replace((needed | stopped)[id(demand)], demands=less)
                for demand, less in zip(final, others, strict=True)
            ),
        )
