"""Policies as steps that end: so every rule, bound and search about steps serves them as well.

A policy in a policy year is a step that can start in the year's first period only, is in force from then to the year's
end, needs what the policy asks for before, and shuts out the other policies of that year. The last year's goes on after
the horizon where that year does.

What it leaves of a threat is a factor where all steps make events rarer. Where some make them cheaper, it leaves
another part with each combination of these: E = A · Π f · g · κ(g), with g for what they leave of each event.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction
from itertools import combinations

from pydantic import PrivateAttr

from stepladder.data.formats.policy import Policy, PolicyYear, choice
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.step import Need, Step
from stepladder.data.formats.threat import Threat
from stepladder.evaluate.insurance import kept
from stepladder.evaluate.severity import Terms


class Cover(Step):
    """A policy in one policy year, as a step. It stands in no file.

    Attributes
    ----------
    year
        Number of the policy year.
    first, after
        First time at which it is in force, and the first at which it is no longer.
    renewed
        What it costs a year after the horizon.
    """

    year: int
    first: int
    after: int
    renewed: float

    def helps_from(self, start: int, effect_lag: int) -> int:
        """It is in force from the first period of its year, whatever the lag of steps."""
        del start, effect_lag
        return self.first

    @property
    def until(self) -> int | None:
        """The first time after its year."""
        return self.after

    @property
    def is_work(self) -> bool:
        """Nobody works on it."""
        return False

    @property
    def paid_as(self) -> tuple[str, str]:
        """Premiums are running cost."""
        return ("money", "money_per_year")

    @property
    def afterwards(self) -> float:
        """The premium, where it is renewed."""
        return self.renewed

    @property
    def a_year(self) -> Fraction:
        """The same, exactly."""
        return Fraction(repr(self.renewed))


class Covered(Threat):
    """A threat of which policies pay a part. It stands in no file; among its factors is what each policy in a year
    leaves of today's loss.
    """

    _covers: dict[str, Terms] = PrivateAttr(default_factory=dict)

    @classmethod
    def by(cls, threat: Threat, covers: dict[str, Terms]) -> Covered:
        """A threat with what each policy in a policy year pays of its events."""
        fields = {name: getattr(threat, name) for name in Threat.model_fields}
        made = cls.model_construct(**fields)
        made._covers = covers
        factors = {name: made.keeps(name) for name in covers}
        return made.model_copy(
            update={
                "factors": threat.factors | {name: share for name, share in factors.items() if share < 1 or made.mixed}
            }
        )

    @property
    def covers(self) -> dict[str, Terms]:
        """By policy in a policy year: what it pays."""
        return self._covers

    @property
    def mixed(self) -> bool:
        """Whether what a policy leaves depends on the steps in place."""
        return any(self.factors.get(name, 1.0) < 1 for name in self.cheaper)

    def remains(self, steps: Collection[str]) -> tuple[float, float]:
        """What steps leave of the frequency and of the magnitude of events, before a policy pays."""
        return super().remains([name for name in steps if name not in self._covers])

    def keeps(self, cover: str, steps: Collection[str] = ()) -> float:
        """κ(g): the share of the loss that a policy leaves with these steps in place."""
        if self.events is None:
            return 1.0
        return kept(self.events.median * self.remains(steps)[1], self.events.sigma, self._covers[cover])

    def share(self, there: Collection[str]) -> float:
        """What remains of the loss with these steps and policies in place."""
        if not self.mixed:
            return math.prod(factor for name, factor in self.factors.items() if name in there)
        return math.prod([*self.remains(there), *(self.keeps(name, there) for name in self._covers if name in there)])


def mixed(threat: Threat) -> Covered | None:
    """A threat of which what a policy leaves depends on the steps in place; None of any other."""
    return threat if isinstance(threat, Covered) and threat.mixed else None


def terms_in(threat: Threat, there: Collection[str]) -> Terms | None:
    """What the policy in force pays of a threat's events; of several the first."""
    if not isinstance(threat, Covered):
        return None
    return next((terms for name, terms in threat.covers.items() if name in there), None)


def with_covers(problem: Problem) -> Problem:
    """The problem with its policies as steps; the same object where it has none.

    A policy that nobody can have in a year, because it is not on offer or another one is in force already, is none. One
    that is in force already and renewed after the horizon asks for its steps until then: they must be done.
    """
    if not problem.policies:
        return problem
    covers = [
        _cover(problem, policy, y)
        for y, year in enumerate(problem.policy_years)
        for k, policy in enumerate(problem.policies)
        if _possible(problem.policies[k], year, y)
    ]
    terms = {policy.id: policy.terms for policy in problem.policies}
    threats = []
    for threat in problem.threats:
        paid = {cover.id: terms[cover.id.partition("@")[0]].get(threat.id) for cover in covers}
        known = {name: Terms(one.retention, one.limit, one.share) for name, one in paid.items() if one is not None}
        threats.append(Covered.by(threat, known) if known and threat.events is not None else threat)
    renewed = {year.renews(problem.horizon) for year in problem.policy_years}
    must = {name for policy in problem.policies if policy.id in renewed for name in policy.needs}
    steps = (step.model_copy(update={"required": True}) if step.id in must else step for step in problem.steps)
    apart = [(a.id, b.id) for a, b in combinations(covers, 2) if a.year == b.year]
    return problem.model_copy(
        update={
            "steps": (*steps, *covers),
            "threats": tuple(threats),
            "excludes": (*problem.excludes, *apart),
            "policies": (),
            "policy_years": (),
        }
    )


def _possible(policy: Policy, year: PolicyYear, y: int) -> bool:
    return policy.id == year.policy if year.decided else policy.premiums[y] is not None


def _cover(problem: Problem, policy: Policy, y: int) -> Cover:
    year = problem.policy_years[y]
    premium, after = policy.premiums[y] or 0.0, year.to + 1
    needs = () if year.decided else tuple(Need(step=name, lag=1) for name in policy.needs)
    # No id of a file has an @ in it, so nothing of it is checked again.
    return Cover.model_construct(
        id=choice(policy.id, y),
        once=premium,
        needs=needs,
        earliest=year.from_,
        latest_finish=year.from_,
        start=year.from_ if year.decided else None,
        required=year.must == policy.id,
        year=y,
        first=year.from_,
        after=after,
        renewed=premium if after > problem.horizon else 0.0,
    )
