"""What a plan's policies come to, counted from the problem alone: what they leave of losses, what they cost, what they
ask for.

Like the verifier, of which it is a part, it imports errors and data only. What an insurer pays is counted by what is
above an amount (stop loss), where the optimiser counts what is below it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from stepladder.data.formats.base import NEARLY_ALL
from stepladder.data.formats.policy import AT, Policy, PolicyYear, Terms, is_choice
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.formats.threat import Events, Threat
from stepladder.errors import Fault


class InForce(NamedTuple):
    """A policy in a policy year."""

    policy: Policy
    year: PolicyYear
    premium: float

    def holds(self, t: int) -> bool:
        """Whether it is in force in a period; after the horizon where its year goes on."""
        return self.year.from_ <= t <= self.year.to

    def keeps(self, threat: Threat, cheaper: float = 1.0) -> float:
        """The share of a threat's expected loss that it leaves where each event costs so much of what it did."""
        terms = self.policy.terms.get(threat.id)
        return 1.0 if terms is None or threat.events is None else kept(threat.events, terms, cheaper)


def cheaper(threat: Threat, there: Collection[str]) -> float:
    """What steps in place leave of what an event costs."""
    return math.prod(threat.factors.get(name, 1.0) for name in threat.cheaper if name in there)


@lru_cache(maxsize=65_536)
def _kept(events: Events, retention: float, limit: float, share: float) -> float:
    mean = math.exp(math.log(events.median) + events.sigma * events.sigma / 2) if events.median > 0 else 0.0
    if mean == 0:
        return 1.0
    layer = _above(events, mean, retention) - _above(events, mean, retention + limit)
    return min(1.0, max(1.0 - NEARLY_ALL, 1.0 - share * layer / mean))


def kept(events: Events, terms: Terms, cheaper: float = 1.0) -> float:
    """1 − share · (E[(X − r)+] − E[(X − r − l)+]) / E[X] for a lognormal X, retention r and limit l; as with steps, a
    little is always left. An event of which a part g costs just that is gX: r / g and l / g stand for r and l.
    """
    return _kept(events, terms.retention / cheaper, terms.limit / cheaper, terms.share)


def _above(events: Events, mean: float, amount: float) -> float:
    """E[(X − u)+], by the distribution function of the normal distribution, (1 + erf(z / √2)) / 2."""
    if amount == 0:
        return mean
    if events.sigma == 0:
        return max(0.0, events.median - amount)
    z = (math.log(amount) - math.log(events.median)) / events.sigma
    one, other = (_normal(part) for part in (events.sigma - z, -z))
    return max(0.0, mean * one - amount * other)


def _normal(z: float) -> float:
    """Φ(z); far out, where 1 + erf loses its digits, by the complement."""
    return (1 + math.erf(z / math.sqrt(2))) / 2 if z > -1 else math.erfc(-z / math.sqrt(2)) / 2


def in_force(problem: Problem, starts: Mapping[str, int]) -> list[InForce]:
    """The policies among starts that the problem knows in a year that there is, in the order of the years."""
    policies, held = {policy.id: policy for policy in problem.policies}, []
    for name in starts:
        policy, at, number = name.rpartition(AT)
        if at and policy in policies and number.isdecimal() and int(number) < len(problem.policy_years):
            premium = policies[policy].premiums[int(number)]
            held.append(InForce(policies[policy], problem.policy_years[int(number)], premium or 0.0))
    return sorted(held, key=lambda one: (one.year.from_, one.policy.id))


def terms_at(problem: Problem, insured: Sequence[InForce], threat: Threat, t: int) -> Terms | None:
    """What the policy that is in force at a time pays of a threat's events; of several the first of the problem that
    pays anything.
    """
    held = {one.policy.id for one in insured if one.holds(t)}
    paid = (policy.terms.get(threat.id) for policy in problem.policies if policy.id in held)
    return next((terms for terms in paid if terms is not None), None)


def policies(problem: Problem, starts: Mapping[str, int]) -> Iterator[Fault]:
    """Faults of which policies are in force when."""
    years = problem.policy_years
    by_year: dict[int, list[str]] = {}
    offers = {policy.id: policy for policy in problem.policies}
    for name in filter(is_choice, starts):
        policy, _, number = name.rpartition(AT)
        y = int(number) if number.isdecimal() else len(years)
        if policy not in offers or y >= len(years):
            yield Fault("policies", name, f"{name} names no policy of the problem in one of its policy years")
            continue
        by_year.setdefault(y, []).append(policy)
        if starts[name] != years[y].from_:
            message = f"{offers[policy].name} in {_year(years, y)} begins in period {starts[name]}, and its year in"
            yield Fault("policies", policy, f"{message} {years[y].from_}")
        if offers[policy].premiums[y] is None and not years[y].decided:
            yield Fault("policies", policy, f"{offers[policy].name} is not on offer in {_year(years, y)}")
    for y, year in enumerate(years):
        held = by_year.get(y, [])
        if len(held) > 1:
            names = " and ".join(offers[name].name for name in held)
            yield Fault("policies", held[0], f"{names} are in force together in {_year(years, y)}; only one may be")
        if year.decided and set(held) != ({year.policy} if year.policy else set()):
            message = f"in {_year(years, y)} {_named(year.policy)} is in force, and the plan has {_named(*held)}"
            yield Fault("policies", year.policy or "none", message)


def _named(*policies: str | None) -> str:
    return " and ".join(policy for policy in policies if policy) or "no policy"


def _year(years: Sequence[PolicyYear], y: int) -> str:
    return years[y].label or f"policy year {y}"


def policy_needs(problem: Problem, steps: Mapping[str, Step], starts: Mapping[str, int]) -> Iterator[Fault]:
    """Faults of policies whose steps are not finished before their year begins; of a year that is decided, before it is
    renewed after the horizon, where it is.
    """
    count = len(problem.periods)
    for held in in_force(problem, starts):
        fact, renewed = held.year.decided, held.year.to >= count
        for name in () if fact and not renewed else held.policy.needs:
            start = starts.get(name)
            last = None if start is None or name not in steps else start + steps[name].duration - 1
            if last is None or last >= (count if fact else held.year.from_):
                title = steps[name].name if name in steps else name
                label = "it is renewed after the horizon" if fact else problem.periods[held.year.from_].label
                done = "is not planned" if last is None else f"is not finished before {label}"
                done += ": nothing renews it after the horizon" if fact and last is None else ""
                yield Fault("policy_needs", held.policy.id, f"{held.policy.name} asks for {title}, which {done}")
