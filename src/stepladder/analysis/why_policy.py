"""Why a policy is in force in a plan, or is not: what the plan would be without it, with it in other years, with
another offer in its place, and what each of its requirements costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stepladder.analysis import variants
from stepladder.analysis.insured import Insured, insured
from stepladder.analysis.policy_changes import called
from stepladder.analysis.price import Compared, Each, Price, PricedQuestion, answer, one_by_one, price
from stepladder.analysis.steps import titles
from stepladder.data.formats.base import unknown
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import AT, Policy
from stepladder.data.formats.problem import Problem
from stepladder.errors import UsageError
from stepladder.evaluate import Ledger, objectives
from stepladder.optimise import Learnt, Options, Outcome
from stepladder.optimise.outcome import closed

#: So many years, other offers and requirements are asked about; each is a question of its own.
MOST = 6

PolicyChoice = Literal["without", "uninsured", "instead", "taken", "unasked"]


@dataclass(frozen=True)
class PolicyPrice:
    """Another choice about a policy, by re-solving.

    Attributes
    ----------
    choice
        ``without``: the policy is not to be had, but others are; ``uninsured``: nor are they; ``instead``: another one
        is in force; ``taken``: it is in force in a year in which it is not; ``unasked``: it does not ask for something.
    years
        The policy years in which that is so, by number; of ``unasked`` all.
    policy
        The policy that is in force by that choice; of ``unasked`` the one that asks for less.
    asked
        Of ``unasked``: the steps that are not asked for.
    price
        By how much the best plan gets worse; of ``unasked`` by how much it gets better.
    starts
        The plan that was found; None where there is none.
    beside
        By how much that plan is worse in the second criterion.
    """

    choice: PolicyChoice
    years: tuple[int, ...]
    price: Price
    starts: dict[str, int] | None
    policy: Policy | None = None
    asked: tuple[str, ...] = ()
    beside: float = 0.0


@dataclass(frozen=True)
class WhyPolicy:
    """Everything there is to say about a policy in a plan.

    Attributes
    ----------
    plan, policy
        The plan, and the policy.
    years
        The policy years that were asked about, by number.
    insured
        What the plan has in each of them.
    others
        Other choices, with their prices.
    titles
        Title of every step.
    left
        How many questions were not asked, because there were so many.
    """

    plan: Plan
    policy: Policy
    years: tuple[int, ...]
    insured: tuple[Insured, ...]
    others: tuple[PolicyPrice, ...]
    titles: dict[str, str]
    left: int = 0

    @property
    def held(self) -> bool:
        """Whether it is in force in one of the years."""
        return any(one.policy is not None and one.policy.id == self.policy.id for one in self.insured)


@dataclass(frozen=True)
class _Asked:
    """A choice before it is priced, with the problem in which it is made."""

    choice: PolicyChoice
    years: tuple[int, ...]
    problem: Problem
    policy: Policy | None = None
    asked: tuple[str, ...] = ()


def is_policy(plan: Plan, name: str) -> bool:
    """Whether a name is that of a policy of the plan's question, with or without a year; steps come first."""
    if any(step.id == name for step in plan.problem.steps):
        return False
    return any(policy.id == name.partition(AT)[0] for policy in plan.problem.policies)


def why_policy(plan: Plan, name: str, options: Options, each: Each = one_by_one, *, held: bool = True) -> WhyPolicy:
    """Why a policy is in force, or with ``held`` false why it is not.

    Parameters
    ----------
    plan, name
        The plan and the policy; ``policy@year`` for one policy year, by its label or number.
    options
        For every answer.
    each
        Who answers the questions that are compared; what comes out does not depend on it.

    Raises
    ------
    UsageError
        When there is no such policy or year, or it is in force and should not be, or the other way round.
    """
    policy, years = fits_policy(plan, name, held=held)
    every = insured(plan)
    found = tuple(every[y] for y in years)
    named = titles(plan.problem)
    if all(plan.problem.policy_years[y].decided for y in years):
        return WhyPolicy(plan, policy, years, found, (), named)
    fewer, more = list(_other_years(plan, policy, years)), list(_relaxed(plan, policy, name))
    compared = Compared(plan, options, each)
    prices = (*_fewer(plan, _first(fewer), compared), *_more(_first(more), compared, options, each))
    return WhyPolicy(plan, policy, years, found, prices, named, len(fewer) + len(more) - len(prices))


def fits_policy(plan: Plan, name: str, *, held: bool) -> tuple[Policy, tuple[int, ...]]:
    """The policy that a name means, and its policy years; worth finding out before anything is solved.

    Raises
    ------
    UsageError
        When there is no such policy or year, or the plan has it and should not, or the other way round.
    """
    mine_id, at, year = name.partition(AT)
    policy = next(policy for policy in plan.problem.policies if policy.id == mine_id)
    years = (_year(plan, year),) if at else tuple(range(len(plan.policies)))
    mine = [y for y in years if plan.policies[y] == policy.id]
    where = f" in {year}" if at else ""
    if held and not mine:
        raise UsageError(f"{policy.id} is not in force{where}; ask: why --not {name}")
    if not held and mine:
        labels = " and ".join(called(plan, y) for y in mine)
        raise UsageError(f"{policy.id} is in force, in {labels}; ask: why {name}")
    return policy, years


def _year(plan: Plan, text: str) -> int:
    labels = [called(plan, y) for y in range(len(plan.policies))]
    for names in (labels, [one[:4] for one in labels], [str(y) for y in range(len(labels))]):
        if names.count(text) == 1:
            return names.index(text)
    raise UsageError(unknown("policy year", text, labels))


def _first(asked: Sequence[_Asked]) -> list[_Asked]:
    """So many of each choice as are asked about."""
    counts: dict[str, int] = {}
    kept = []
    for one in asked:
        counts[one.choice] = counts.get(one.choice, 0) + 1
        if counts[one.choice] <= MOST:
            kept.append(one)
    return kept


def _other_years(plan: Plan, policy: Policy, years: Sequence[int]) -> Iterator[_Asked]:
    """Questions with fewer plans: without the policy, with others in its place, and with it where it is not."""
    problem = plan.problem
    free = [y for y in years if not problem.policy_years[y].decided]
    mine = tuple(y for y in free if plan.policies[y] == policy.id)
    if mine:
        yield _Asked("without", mine, variants.without_policy(problem, policy.id, mine))
        others = [other for other in problem.policies if other.id != policy.id]
        offered = {other.id: tuple(y for y in mine if other.premiums[y] is not None) for other in others}
        if any(offered.values()):
            yield _Asked("uninsured", mine, variants.without_policy(problem, None, mine))
        for other in others:
            if offered[other.id]:
                there = offered[other.id]
                yield _Asked("instead", there, variants.with_policy(problem, other.id, there), other)
    for y in free:
        if y not in mine and policy.premiums[y] is not None:
            yield _Asked("taken", (y,), variants.with_policy(problem, policy.id, (y,)), policy)


def _relaxed(plan: Plan, policy: Policy, name: str) -> Iterator[_Asked]:
    """Questions with more plans: the policy without each of its requirements, and without all of them."""
    if AT in name:
        # What is asked for is asked for in every year.
        return
    every = tuple(range(len(plan.problem.policy_years)))
    groups = [steps for steps in requirements(plan, policy) if any(plan.state(step) == "open" for step in steps)]
    if len(groups) > 1:
        groups.append(policy.needs)
    for steps in groups:
        yield _Asked("unasked", every, variants.asking_less(plan.problem, policy.id, steps), policy, steps)


def requirements(plan: Plan, policy: Policy) -> list[tuple[str, ...]]:
    """The steps that a policy asks for, those of one practice and scale together: a level is asked for with all below
    it.
    """
    known = plan.context.steps if plan.context else {}
    groups: dict[str, list[str]] = {}
    for name in policy.needs:
        groups.setdefault(known[name].parameter if name in known else name, []).append(name)
    return [tuple(steps) for steps in groups.values()]


def _fewer(plan: Plan, asked: Sequence[_Asked], compared: Compared) -> Iterator[PolicyPrice]:
    """Each by how much the best plan gets worse."""
    ledger = Ledger(plan.problem)
    answers = compared.answer({str(k): one.problem for k, one in enumerate(asked)})
    mine = objectives(ledger, plan.decided)[1]
    for k, one in enumerate(asked):
        found = answers[str(k)]
        starts = None if found.value is None else found.starts
        beside = 0.0 if starts is None else objectives(ledger, starts)[1] - mine
        yield PolicyPrice(one.choice, one.years, compared.price(found), starts, one.policy, one.asked, beside)


def _more(asked: Sequence[_Asked], compared: Compared, options: Options, each: Each) -> Iterator[PolicyPrice]:
    """Each by how much the best plan gets better: every plan of the own question, answered before, is one of these."""
    mine = _no_worse(compared.best, compared.best)
    questions = [
        PricedQuestion(str(k), one.problem, options, Learnt(one.problem, mine.starts, None, {}))
        for k, one in enumerate(asked)
    ]
    answers = dict(each(answer, questions))
    for k, one in enumerate(asked):
        found = _no_worse(answers.get(str(k), Outcome("no_plan")), mine)
        yield PolicyPrice(one.choice, one.years, price(found, mine), dict(found.starts), one.policy, one.asked)


def _no_worse(found: Outcome, known: Outcome) -> Outcome:
    """An answer, or a plan that is known to be one of its question where it has none that is better."""
    assert known.value is not None
    better = found.value is not None and found.value <= known.value
    value, starts = (found.value, found.starts) if better else (known.value, known.starts)
    assert value is not None
    bound = -math.inf if found.bound is None else min(found.bound, value)
    # As everywhere, value and bound that meet are one figure.
    bound = value if math.isfinite(bound) and closed(value, bound, 0.0) else bound
    return replace(found, status="feasible", value=value, starts=dict(starts), bound=bound)
