"""The most that steps which may be planned together add up to: of two that exclude each other one is left out, with
all that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from stepladder.data.formats.problem import Problem

#: Choices that are tried for one group of pairs, fewer for a large one; beyond, the sum is a bound.
TRIED = 2_000
#: So many looks at a pair there are in a group, and so many pairs are put into groups.
LOOKS, GROUPED = 400_000, 1_000

Pair = tuple[str, str]
Amount = int | Fraction


class Most(NamedTuple):
    """A sum that no plan exceeds; ``exact``: steps that may be planned together reach it."""

    amount: Amount
    exact: bool


class Together:
    """Which steps may be planned together, as far as exclusions and needs are asked.

    Parameters
    ----------
    problem
        The problem; limits and dates are not asked.
    """

    def __init__(self, problem: Problem) -> None:
        self.pairs: tuple[Pair, ...] = tuple(dict.fromkeys((min(pair), max(pair)) for pair in problem.excludes))
        self.groups = {step.id: [[need.step for need in group] for group in step.needs_any] for step in problem.steps}
        self.waiting: dict[str, list[str]] = {}
        for step in problem.steps:
            for name in [need.step for need in step.needs] + [name for group in self.groups[step.id] for name in group]:
                self.waiting.setdefault(name, []).append(step.id)
        self.achieving = any(step.needs_achievements for step in problem.steps)
        self.needs = {step.id: {need.step for need in step.needs} for step in problem.steps}

    def most(self, amounts: Mapping[str, Amount]) -> Most:
        """The largest sum of amounts, none of them negative, over steps that may be planned together."""
        # With less an achievement that a step needs may be out of reach.
        exact = not self.achieving
        if not self.pairs:
            return Most(sum(amounts.values(), 0), exact=True)
        least: Amount = 0
        for pairs in self._apart:
            search = _Search(self, pairs, amounts)
            search.run(min(TRIED, 1 + LOOKS // len(pairs)))
            least += search.proved
            exact = exact and search.proved == search.best
        return Most(sum(amounts.values(), 0) - least, exact)

    def without(self, out: frozenset[str], name: str) -> frozenset[str]:
        """What is left out once this step is, too: what needs it, or has no other choice."""
        steps, queue = set(out), [name]
        while queue:
            step = queue.pop()
            if step not in steps:
                steps.add(step)
                queue += [
                    other for other in self.waiting.get(step, ()) if other not in steps and self._stuck(other, steps)
                ]
        return frozenset(steps)

    def _stuck(self, name: str, out: set[str]) -> bool:
        return not out.isdisjoint(self.needs[name]) or any(out.issuperset(group) for group in self.groups[name])

    @cached_property
    def _apart(self) -> list[list[Pair]]:
        """The pairs in groups that have nothing to do with each other."""
        if len(self.pairs) > GROUPED:
            return [list(self.pairs)]
        above = {name: self._above(name) for pair in self.pairs for name in pair}
        groups: list[tuple[set[str], list[Pair]]] = []
        for pair in self.pairs:
            touched, mine = above[pair[0]] | above[pair[1]], [pair]
            for group in [group for group in groups if not group[0].isdisjoint(touched)]:
                groups.remove(group)
                touched, mine = touched | group[0], [*group[1], *mine]
            groups.append((touched, mine))
        return [sorted(pairs) for _, pairs in groups]

    def _above(self, name: str) -> set[str]:
        """The step, and whatever might have to be left out with it."""
        steps, queue = set(), [name]
        while queue:
            step = queue.pop()
            if step not in steps:
                steps.add(step)
                queue += self.waiting.get(step, ())
        return steps


@dataclass
class _Search:
    """Branch and bound over what is left out: of each pair one, or the other.

    Attributes
    ----------
    best
        The least that has to be left out, of the choices that were followed to their end.
    proved
        No choice leaves out less.
    """

    room: Together
    pairs: list[Pair]
    amounts: Mapping[str, Amount]
    best: Amount | None = None
    proved: Amount = 0

    def run(self, tries: int) -> None:
        """Try both sides of the first pair of which nothing is left out yet, the cheaper one first."""
        stack: list[tuple[Amount, frozenset[str]]] = [(0, frozenset())]
        unseen: list[Amount] = []
        while stack:
            lost, out = stack.pop()
            left = [pair for pair in self.pairs if out.isdisjoint(pair)]
            bound = lost + self._least(left)
            if self.best is not None and bound >= self.best:
                continue
            if not left:
                self.best = lost
            elif tries <= 0:
                unseen.append(bound)
            else:
                tries -= 1
                ways = [self.room.without(out, name) for name in left[0]]
                stack += sorted(((self._sum(way), way) for way in ways), key=lambda pair: -pair[0])
        self.proved = min([*unseen, *([] if self.best is None else [self.best])])

    def _sum(self, names: Iterable[str]) -> Amount:
        return sum((self.amounts[name] for name in names), 0)

    def _least(self, pairs: list[Pair]) -> Amount:
        """Of pairs without a common step at least the smaller side each is left out."""
        used: set[str] = set()
        least: Amount = 0
        for a, b in pairs:
            if a not in used and b not in used:
                used |= {a, b}
                least += min(self.amounts[a], self.amounts[b])
        return least
