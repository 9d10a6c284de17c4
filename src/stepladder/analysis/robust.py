"""A plan that stays within its money in most futures: how much is to be held back for that, found by carrying plans
out.

What is held back of each limit is a quantile of how far plans exceed it in the futures that are drawn for choosing, the
same for all limits. Whether that is enough, futures say that were drawn for nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from stepladder.analysis import variants
from stepladder.analysis.execute import spent_in_windows
from stepladder.analysis.held_back import Held, level
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.data.formats.robust import Robust
from stepladder.errors import NoPlanFound
from stepladder.evaluate import Starts, exact
from stepladder.optimise import Learnt, Options, Outcome, Progress, optimise

#: So many plans are tested at most, each in fresh futures.
TESTS = 4
#: In so many rounds more is held back before it is said that this does not help.
ROUNDS = 8
#: Such a part of what was enough is tried too; and so often what lies between a plan and too much for any is halved.
LESS, CLOSER, HALF = Fraction(3, 4), 4, Fraction(1, 2)


class Effort(NamedTuple):
    """How hard a plan is sought: no more than this work, no closer than this gap, and this part of a time limit."""

    work: int
    gap: float
    part: float


#: As hard as is asked for; to see what would come out; and again, where the bound is known already.
FULL, GLANCE, AGAIN = Effort(0, 0.0, 0.25), Effort(2, 0.005, 0.05), Effort(2, 0.002, 0.05)

#: The futures of a test, or, with 0, those for choosing.
Draw = Callable[[int], Sequence[Problem]]


@dataclass(frozen=True)
class Reserved:
    """A plan that was kept in as many fresh futures as was asked for.

    Attributes
    ----------
    problem, outcome
        The question with what is held back taken off its limits, and its answer.
    without
        The answer to the question with nothing held back.
    tests, kept, kept_without
        How many plans were tested; in how many futures of the last test this plan is kept, and the other.
    """

    problem: Problem
    outcome: Outcome
    without: Outcome
    tests: int
    kept: int
    kept_without: int


@dataclass(frozen=True)
class Refused:
    """No plan that was found is kept in as many futures as was asked for.

    Attributes
    ----------
    problem
        The question with so much held back that it has no plan, which is proved; None where more held back did not
        help.
    kept, of
        The most futures, of those for choosing, in which a plan was kept.
    best
        The question with what is held back for that plan.
    kept_without
        Of the same futures: those in which the plan with nothing held back is kept.
    """

    problem: Problem | None
    kept: int
    of: int
    best: Problem
    kept_without: int


def robust(
    problem: Problem,
    draw: Draw,
    wanted: Robust,
    options: Options,
    progress: Callable[[Progress], None] | None = None,
) -> Reserved | Refused | Outcome:
    """Hold back so much that a plan is kept in the part of all futures that is wanted.

    Parameters
    ----------
    problem
        The question.
    draw
        Its futures, by number of the test; each with the limits of the question.
    wanted
        The part of them.
    options, progress
        As for ``optimise``: for the first plan, and for each that may be shown.

    Returns
    -------
    Reserved, Refused or Outcome
        The last where the question has no plan with nothing held back, or none was found.
    """
    search = _Search(problem, draw, wanted, options.together(), progress)
    return search.run()


class _TooMuch(Exception):
    """So much is held back that there is no plan, or none was found; there was one with what was held back before."""

    def __init__(self, before: Held, held: Held, *, none: bool) -> None:
        self.before, self.held, self.none = before, held, none
        super().__init__()


@dataclass(frozen=True)
class _Looked:
    """A plan with so much held back, and in how many of the futures for choosing it is kept."""

    kept: int
    held: Held
    outcome: Outcome


class _Search:
    """One question on its way to a plan that is kept."""

    def __init__(
        self,
        problem: Problem,
        draw: Draw,
        wanted: Robust,
        options: Options,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.problem, self.draw, self.keep = problem, draw, exact(wanted.keep)
        self.options, self.progress = options, progress
        self.limits = {k: exact(window.limit) for k, window in enumerate(problem.windows) if window.resource in MONEY}
        self.learnt: Learnt | None = None
        #: The plan that is kept in the most futures for choosing.
        self.most = _Looked(0, {}, Outcome("no_plan"))

    def run(self) -> Reserved | Refused | Outcome:
        """See ``robust``."""
        without = self._answer({}, FULL)
        if without.value is None:
            return without
        futures = list(self.draw(0))
        self.most = best = _Looked(self._kept(without.starts, futures), {}, without)
        for test in range(1, TESTS + 1):
            wrong: _TooMuch | None = None
            try:
                held, outcome = self._chosen(best.held, best.outcome, futures, first=test == 1)
            except _TooMuch as none:
                wrong = none
                self._closer(wrong, futures)
                held, outcome = self.most.held, self.most.outcome
            if wrong is not None and (self.most is best or self.most.kept < self._least(futures)):
                return self._refused(wrong, futures, without)
            fresh = self.draw(test)
            kept = self._kept(outcome.starts, fresh)
            if kept >= self._least(fresh):
                less = variants.with_held_back(self.problem, held)
                return Reserved(less, outcome, without, test, kept, self._kept(without.starts, fresh))
            futures += fresh
            self.most = best = _Looked(self._kept(outcome.starts, futures), held, outcome)
            if wrong is not None:
                return self._refused(wrong, futures, without)
        return self._refused(None, futures, without)

    # -- how it goes in the futures ------------------------------------------------------------------------------------

    def _least(self, futures: Sequence[Problem]) -> int:
        """In how many futures a plan is to be kept."""
        return math.ceil(self.keep * len(futures))

    def _wanted(self, count: int) -> int:
        """How many of the futures for choosing are to be kept: one standard error more than is asked for, as a plan
        that was chosen in them fits them better than others.
        """
        part = float(self.keep)
        return min(count, math.ceil(count * part + math.sqrt(count * part * (1 - part))))

    def _used(self, starts: Starts, futures: Sequence[Problem]) -> list[dict[int, Fraction]]:
        return [spent_in_windows(future, starts) for future in futures]

    def _within(self, used: Sequence[Held]) -> int:
        """In how many futures the whole limits are kept."""
        return sum(all(future[k] <= limit for k, limit in self.limits.items()) for future in used)

    def _kept(self, starts: Starts, futures: Sequence[Problem]) -> int:
        return self._within(self._used(starts, futures))

    def _good(self, used: Sequence[Held], held: Held, outcome: Outcome) -> bool:
        """Whether a plan that spends so much is kept in enough of the futures for choosing."""
        kept = self._within(used)
        if kept > self.most.kept:
            self.most = _Looked(kept, held, outcome)
        return kept >= self._wanted(len(used))

    # -- plans with something held back --------------------------------------------------------------------------------

    def _answer(self, held: Held, how: Effort) -> Outcome:
        """The question with so much held back.

        Raises
        ------
        NoPlanFound
            When the time is over before.
        """
        options = self.options
        if options.over:
            raise NoPlanFound(
                "the time was over before it was known how much must be held back; allow more time (--time-limit)"
            )
        if how is not FULL:
            work = None if options.work is None else min(options.work, how.work)
            options = replace(options, gap=max(options.gap, how.gap), work=work)
        if options.time_limit is not None:
            options = replace(options, time_limit=options.time_limit * how.part)
        outcome = optimise(variants.with_held_back(self.problem, held), options, self.progress, self.learnt)
        if outcome.interrupted:
            raise KeyboardInterrupt
        self.learnt = outcome.learnt or self.learnt
        return replace(outcome, wanted_gap=self.options.gap)

    def _chosen(self, held: Held, outcome: Outcome, futures: Sequence[Problem], *, first: bool) -> tuple[Held, Outcome]:
        """What is to be held back by the futures for choosing, and the plan with it."""
        used = self._used(outcome.starts, futures)
        # The first plan was chosen in no future, and fits these no better than others.
        if self._good(used, held, outcome) or (first and self._within(used) >= self._least(futures)):
            return held, outcome
        if first:
            enough = self._raised(held, outcome, used, futures, GLANCE)[0]
            held = self._lowered(held, enough, futures)
            outcome = self._tried({}, held, FULL)
            used = self._used(outcome.starts, futures)
        # The bound of the plan before holds where more is held back, so that little work is enough.
        return (held, outcome) if self._good(used, held, outcome) else self._raised(held, outcome, used, futures, AGAIN)

    def _tried(self, before: Held, held: Held, how: Effort) -> Outcome:
        outcome = self._answer(held, how)
        if outcome.value is None:
            raise _TooMuch(before, held, none=outcome.status == "infeasible")
        return outcome

    def _raised(
        self, held: Held, outcome: Outcome, used: Sequence[Held], futures: Sequence[Problem], how: Effort
    ) -> tuple[Held, Outcome]:
        """More and more, until it is enough; and the plan with it."""
        for _ in range(ROUNDS):
            planned = spent_in_windows(self.problem, outcome.starts)
            before, held = held, level(held, planned, used, self.limits, self._wanted(len(used)))
            outcome = self._tried(before, held, how)
            used = self._used(outcome.starts, futures)
            if self._good(used, held, outcome):
                return held, outcome
        raise _TooMuch({}, held, none=False)

    def _lowered(self, low: Held, high: Held, futures: Sequence[Problem]) -> Held:
        """Less again, where that is enough."""
        less = _between(low, high, LESS)
        outcome = self._answer(less, GLANCE)
        good = outcome.value is not None and self._good(self._used(outcome.starts, futures), less, outcome)
        return less if good else high

    def _closer(self, wrong: _TooMuch, futures: Sequence[Problem]) -> None:
        """Look at what is held back between a plan and none."""
        low, high = wrong.before, wrong.held
        for _ in range(CLOSER if wrong.none else 0):
            middle = _between(low, high)
            outcome = self._answer(middle, GLANCE)
            if outcome.value is None:
                high = middle
            else:
                self._good(self._used(outcome.starts, futures), middle, outcome)
                low = middle

    def _refused(self, wrong: _TooMuch | None, futures: Sequence[Problem], without: Outcome) -> Refused:
        """What could be kept instead."""
        none = variants.with_held_back(self.problem, wrong.held) if wrong is not None and wrong.none else None
        best = variants.with_held_back(self.problem, self.most.held)
        return Refused(none, self.most.kept, len(futures), best, self._kept(without.starts, futures))


def _between(low: Held, high: Held, part: Fraction = HALF) -> dict[int, Fraction]:
    """So far from one to the other."""
    return {k: low.get(k, Fraction(0)) * (1 - part) + amount * part for k, amount in high.items()}
