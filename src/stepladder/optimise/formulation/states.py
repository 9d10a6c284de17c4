"""What is no factor: what a policy leaves of a threat whose events steps make cheaper, and what steps and policies
leave of what a cap on large losses measures.

Both depend on which of these steps are in place together and on the policy, and there are few combinations. For each,
a variable v[k, t, c, m] between 0 and 1 says that it is the one: policy c is in force and the set m of steps is in
place. With starts that are whole numbers v is whole by itself (``rules.states``), so that a logarithm is a sum over v
and all that is true of sums of logarithms holds, without any constant that must be large enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import NamedTuple

from stepladder.data.formats.combinations import combinations
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.formats.threat import Threat
from stepladder.evaluate.covers import Covered, mixed
from stepladder.evaluate.tail import Tail, measured, perils
from stepladder.optimise.formulation.rows import Name, Pairs

InPlace = Callable[[Step, int], Name | None]
#: Logarithms of what is next to nothing: far below what any cap's precision can tell from it.
NOTHING = -60.0


class State(NamedTuple):
    """A combination: the policy in a policy year (None: none), the steps in place, and its variable."""

    cover: str | None
    there: frozenset[str]
    name: Name


class Measured(NamedTuple):
    """What a cap on large losses measures of one threat.

    Attributes
    ----------
    tail, threat
        The cap, and the threat's index.
    today
        What it measures with nothing in place.
    """

    tail: Tail
    threat: int
    today: float


class States:
    """The combinations of a problem whose policies are steps.

    Parameters
    ----------
    problem
        The problem.
    tails
        Its caps on large losses.
    in_place
        The variable that says whether a step is in place at a time; None where it cannot be.

    Attributes
    ----------
    measured
        What caps measure of threats that policies cover; each has a number after those of the threats.
    """

    def __init__(self, problem: Problem, tails: list[Tail], in_place: InPlace) -> None:
        self._problem, self._in_place = problem, in_place
        self._steps = problem.steps_by_id()
        self._number = {step.id: k for k, step in enumerate(problem.steps)}
        self.measured = [
            Measured(tail, k, today)
            for tail in tails
            for k, threat in tail.threats.items()
            if isinstance(threat, Covered) and (today := _measured(tail, threat, ())) > 0
        ]
        count = len(problem.threats)
        self._place = {(one.tail.index, one.threat): count + j for j, one in enumerate(self.measured)}
        self._capped = {(one.threat, t) for one in self.measured for t in one.tail.times}
        self._known: dict[tuple[int, int], tuple[State, ...]] = {}

    def policies(self, k: int, t: int) -> list[str]:
        """The policies in a policy year that cover a threat and can be in force at a time."""
        threat = self._problem.threats[k]
        names = threat.covers if isinstance(threat, Covered) else ()
        return [name for name in names if self._in_place(self._steps[name], t) is not None]

    def of(self, k: int, t: int) -> tuple[State, ...]:
        """The combinations of a threat at a time; none where each policy is a factor. Without a policy in force they
        are told apart only where a cap on large losses is looked at.
        """
        if (k, t) not in self._known:
            self._known[k, t] = tuple(self._of(k, t))
        return self._known[k, t]

    def _of(self, k: int, t: int) -> list[State]:
        covered = mixed(self._problem.threats[k])
        covers: list[str | None] = [*self.policies(k, t)]
        if covered is None or not covers:
            return []
        cheap = self.cheaper(k, t)
        sets = combinations(self._problem.steps, cheap, self._problem.excludes) or []
        if not cheap:
            return []
        covers += [None] * ((k, t) in self._capped)
        numbers = {cover: "n" if cover is None else str(self._number[cover]) for cover in covers}
        return [
            State(cover, there, Name(f"v_{k}_{t}_{numbers[cover]}_{m}"))
            for cover in covers
            for m, there in enumerate(sets)
        ]

    def cheaper(self, k: int, t: int) -> list[str]:
        """The steps that make a threat's events cheaper and can be in place at a time."""
        threat = self._problem.threats[k]
        return [
            name
            for name in threat.cheaper
            if threat.factors.get(name, 1.0) < 1 and self._in_place(self._steps[name], t) is not None
        ]

    # -- logarithms ------------------------------------------------------------------------------------------------

    def log_loss(self, k: int, t: int) -> Pairs:
        """Terms of the logarithm of what remains of a threat, or of what a cap measures of it."""
        threats = self._problem.threats
        if k >= len(threats):
            return self._log_measured(self.measured[k - len(threats)], t)
        threat, states = threats[k], self.of(k, t)
        covered = mixed(threat) if states else None
        if covered is None:
            return [
                (self._in_place(self._steps[name], t), math.log(factor))
                for name, factor in threat.factors.items()
                if factor < 1
            ]
        own = self._logs(threat, t, [name for name in threat.factors if name not in covered.covers])
        return [*own, *((s.name, math.log(covered.keeps(s.cover, s.there))) for s in states if s.cover is not None)]

    def _log_measured(self, one: Measured, t: int) -> Pairs:
        threat, states = self._problem.threats[one.threat], self.of(one.threat, t)
        policies = self.policies(one.threat, t)
        known = threat.covers if isinstance(threat, Covered) else {}
        rarer = self._logs(threat, t, [n for n in threat.factors if n not in threat.cheaper and n not in known])
        if states:
            return [*rarer, *((s.name, self.log_part(one, s.cover, s.there)) for s in states)]
        return [*rarer, *((self._in_place(self._steps[n], t), self.log_part(one, n)) for n in policies)]

    def _logs(self, threat: Threat, t: int, names: list[str]) -> Pairs:
        factors = ((name, threat.factors[name]) for name in names)
        return [(self._in_place(self._steps[name], t), math.log(factor)) for name, factor in factors if factor < 1]

    def log_part(self, one: Measured, cover: str | None, there: frozenset[str] = frozenset()) -> float:
        """Logarithm of what a cap measures of a threat under a policy, with some steps that make its events cheaper, as
        a part of what it measures today.
        """
        names = there if cover is None else there | {cover}
        part = _measured(one.tail, self._problem.threats[one.threat], names) / one.today
        return min(0.0, max(NOTHING, math.log(part) if part > 0 else NOTHING))

    def measures(self, tail: Tail, k: int, t: int) -> int | None:
        """The number of what a cap measures of a threat at a time; None where no policy can be in force then."""
        return self._place.get((tail.index, k)) if self.policies(k, t) else None

    def today(self, k: int) -> float:
        """What a cap measures of a threat with nothing in place, by its number."""
        return self.measured[k - len(self._problem.threats)].today

    def remaining(self, k: int, there: Collection[str]) -> float:
        """What of it a set of steps with a policy leaves."""
        one = self.measured[k - len(self._problem.threats)]
        threat = self._problem.threats[one.threat]
        covers = threat.covers if isinstance(threat, Covered) else {}
        cheap = frozenset(name for name in threat.cheaper if name in there)
        rarer = [
            math.log(factor)
            for name, factor in threat.factors.items()
            if name in there and name not in covers and name not in cheap
        ]
        cover = next((name for name in covers if name in there), None)
        return math.exp(math.fsum([*rarer, self.log_part(one, cover, cheap)]))


def _measured(tail: Tail, threat: Threat, there: Collection[str]) -> float:
    """What a cap measures of one threat with these steps and this policy in place."""
    return math.fsum(measured(tail.cap.of, peril, tail.cap.above) for peril in perils([threat], there))
