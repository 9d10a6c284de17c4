"""Caps on how likely large losses are, on a set of steps in place: kept or broken, and the rows that every such set
obeys.

Steps that make events rarer thin a Poisson process, so that a threat has λ Π f events a year; steps that make them
cheaper leave a part g of each, so that an event exceeds x as today's exceed x / g. A policy pays a part of each, so
that what remains exceeds x as events exceed a larger amount. All only ever lower what the caps measure: a set of steps,
with a policy or without one, with which a cap is broken is broken by every part of it. So a cap that is kept in its
first period is kept until a policy ends.

For one event above x the measure is Σ_k λ_k Π f F̄_k(x / g), for the excess Σ_k λ_k Π f g E[(X_k − x / g)+]; the sum
of a year comes from ``year_sum``. The verifier's arithmetic (``solution.tail``) and the brute force of the tests have
their own, on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping

from stepladder.data.formats.exceedance import Measure, about
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.threat import Threat
from stepladder.evaluate.covers import Covered, terms_in, with_covers
from stepladder.evaluate.severity import Severity, Terms
from stepladder.evaluate.year_sum import FINEST, PLAIN, Between, Peril, YearSum

#: Sums over threats are compared to this relative precision.
PRECISION = 1e-9
#: So many sets of steps are remembered as kept, and as many as broken, to tell others by.
REMEMBERED = 200


def perils(
    threats: Iterable[Threat], there: Collection[str], terms: Mapping[str, Terms] | None = None
) -> Iterator[Peril]:
    """What remains of the events of some threats with some steps in place.

    Parameters
    ----------
    threats
        The threats; those without events are left out.
    there
        Ids of the steps in place, and of the policy in force, as in ``covers``.
    terms
        By threat: what a policy in force pays, where it is not among these.
    """
    for threat in threats:
        if threat.events is not None:
            rarer, cheaper = threat.remains(there)
            paid = terms_in(threat, there) if terms is None else terms.get(threat.id)
            severity = Severity(threat.events.median * cheaper, threat.events.sigma, paid)
            yield Peril(threat.events.per_year * rarer, severity)


def measured(of: Measure, peril: Peril, above: float) -> float:
    """What one kind of event adds to a sum over threats: events a year above an amount, or what is expected beyond it,
    in currency per year.
    """
    part = peril.severity.excess(above) if of == "excess" else peril.severity.above(above)
    return peril.rate * part


class Tail:
    """One cap.

    Parameters
    ----------
    problem
        The problem.
    index
        Which of its caps on large losses.

    Attributes
    ----------
    times
        When it need be looked at: from when it binds, and whenever a policy may begin or end while it does.
    threats
        By index: the threats that it is about and of which anything is expected to be lost.
    steps
        Ids of the steps that help to keep it, and of policies in a policy year, in the order of the problem.
    """

    def __init__(self, problem: Problem, index: int) -> None:
        self.index, self.cap = index, problem.exceedance[index]
        problem = with_covers(problem)
        mine = {threat.id for threat in about(problem.threats, self.cap.threat)}
        self.threats = {
            k: threat
            for k, threat in enumerate(problem.threats)
            if threat.id in mine and threat.events is not None and threat.expected_loss_per_year > 0
        }
        helpful = {name for threat in self.threats.values() for name, factor in threat.factors.items() if factor < 1}
        covers = {name for one in self.threats.values() if isinstance(one, Covered) for name in one.covers}
        self.steps = tuple(step.id for step in problem.steps if step.id in helpful | covers)
        self._policies = tuple(step for step in problem.steps if step.id in covers)
        self.times = self._times(problem)
        self._helpful = frozenset(self.steps)
        self._known: dict[frozenset[str], bool] = {}
        self._sets: dict[bool, list[frozenset[str]]] = {True: [], False: []}

    def _times(self, problem: Problem) -> tuple[int, ...]:
        first, last = self.cap.from_, problem.horizon if self.cap.to is None else self.cap.to
        ends = {t for one in self._policies for t in (one.helps_from(0, problem.effect_lag), one.until or 0)}
        return (first, *sorted(t for t in ends if first < t <= last))

    @property
    def rule(self) -> Measure:
        """The rule that it is a cap of."""
        return self.cap.of

    def amount(self, there: Collection[str]) -> float:
        """The sum over threats; of ``year`` that of single events above the amount, which is no more than a part of its
        truth.
        """
        return math.fsum(measured(self.cap.of, peril, self.cap.above) for peril in perils(self.threats.values(), there))

    def year(self, there: Collection[str]) -> YearSum:
        """The distribution of a year's sum."""
        return YearSum(list(perils(self.threats.values(), there)))

    def chance(self, there: Collection[str], cells: int = FINEST) -> Between:
        """What the cap is on, with these steps in place: the probability, or the excess in currency per year."""
        if self.cap.of == "year":
            return self.year(there).above(self.cap.above, cells)
        amount = self.amount(there)
        return Between(amount, amount) if self.cap.of == "excess" else Between(*[-math.expm1(-amount)] * 2)

    def kept(self, there: Collection[str]) -> bool:
        """Whether the cap is kept with these steps in place."""
        here = self._helpful.intersection(there)
        if here not in self._known:
            self._known[here] = self._kept(here)
        return self._known[here]

    def surely_kept(self, there: Collection[str]) -> bool:
        """Whether it is proved with few cells that the cap is kept with these steps in place."""
        if self.cap.of != "year":
            return self.kept(there)
        return self.year(there).decided(self.cap.above, self.cap.most, PLAIN)[1].high <= self.cap.most

    def _kept(self, here: frozenset[str]) -> bool:
        if self.amount(here) > self.cap.level * (1 + PRECISION):
            return False
        if self.cap.of != "year":
            return True
        if sum(one.id in here for one in self._policies) > 1:
            # Not a plan's: which of them pays is not for comparisons.
            return self.year(here).decided(self.cap.above, self.cap.most)[0]
        # More steps in place never break a cap.
        if any(other <= here for other in self._sets[True]):
            return True
        if any(here <= other for other in self._sets[False]):
            return False
        kept, _ = self.year(here).decided(self.cap.above, self.cap.most)
        if len(self._sets[kept]) < REMEMBERED:
            self._sets[kept].append(here)
        return kept

    def most_broken(self, there: Collection[str], possible: Collection[str]) -> frozenset[str]:
        """A set of steps that breaks the cap and to which none of the possible ones can be added: what takes least off
        comes in first. With each policy in it, and without any, it breaks the cap.

        Parameters
        ----------
        there
            Steps with which it is broken, and the policy in force.
        possible
            Those that can be in place at the time.
        """
        alone = {name: self.amount((name,)) for name in self.steps}
        chosen = set(self._helpful.intersection(there))
        for name in sorted(alone, key=lambda name: (-alone[name], name)):
            if name in possible and name not in chosen and self._broken({*chosen, name}):
                chosen.add(name)
        return frozenset(chosen)

    def _broken(self, names: Collection[str]) -> bool:
        """Whether the cap is broken with these steps, whichever of these policies is in force."""
        policies = {one.id for one in self._policies}.intersection(names)
        steps = frozenset(names) - policies
        return not any(self.kept(steps | {name}) for name in policies) if policies else not self.kept(steps)

    def weights(self, possible: Collection[str]) -> dict[int, float]:
        """By threat: what a unit of the share that remains of its expected loss adds to the sum over threats at least,
        with no other steps than the possible ones in place.

        Without steps that make events cheaper it is just what it adds. With them, of the share e = Π f · g that remains
        of the loss, λ Π f F̄(x / g) = e λ F̄(x / g) / g. In v = ln(x / g) the logarithm of F̄ / g first rises and then
        falls, because the hazard rate of a normal variable rises; so the least is at one of the ends, all of the steps
        in place, or none. The excess λ e E[(X − x / g)+] is least with all in place.
        """
        found = {}
        for k, threat in self.threats.items():
            all_there = [name for name in threat.cheaper if name in possible]
            ends = []
            for there in ((), all_there) if all_there else ((),):
                peril = next(perils([threat], there))
                ends.append(measured(self.cap.of, peril, self.cap.above) / threat.remains(there)[1])
            found[k] = min(ends)
        return found


def kept_today(problem: Problem) -> tuple[int, ...]:
    """The caps on large losses that are proved to be kept with nothing done; what takes very narrow cells to tell is
    left out.
    """
    tails = (Tail(problem, index) for index in range(len(problem.exceedance)))
    return tuple(one.index for one in tails if one.surely_kept(()))
