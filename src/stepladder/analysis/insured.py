"""What a plan's insurance comes to, year by year: which policy is in force and what it pays back, or why none is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from stepladder.analysis.annual_limit import beyond_annual_limit
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import Policy, PolicyYear, choice
from stepladder.data.formats.problem import Step
from stepladder.evaluate import Ledger, losses
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.evaluate.year_sum import Between
from stepladder.solution.reasons import against


@dataclass(frozen=True)
class Insured:
    """One policy year of a plan.

    Attributes
    ----------
    year, policy
        The year, and the policy in force in it; None for none.
    premium
        What the policy costs in this year, in currency.
    loss, taken
        Expected loss a year in it without the policy, on average over its periods, and how much of that the policy
        takes over.
    needs
        The steps that the policy asks for, each with the period in which it is finished.
    missing
        Where there is no policy: those on offer that ask for something that is not finished before the year begins.
    against
        And what speaks against each of the others, in words.
    beyond
        Between what the amount a year lies that remains because of a limit for all events of a year; None without one,
        or where it cannot be told.
    """

    year: PolicyYear
    policy: Policy | None
    premium: float = 0.0
    loss: float = 0.0
    taken: float = 0.0
    needs: tuple[tuple[Step, int], ...] = ()
    missing: tuple[Policy, ...] = ()
    against: tuple[tuple[Policy, str], ...] = ()
    beyond: Between | None = None

    @property
    def back(self) -> float | None:
        """What is expected back for each unit of premium; None where it costs nothing."""
        return self.taken / self.premium if self.premium else None


def insured(plan: Plan) -> tuple[Insured, ...]:
    """Every policy year of a verified plan, in order; nothing where no insurance can be bought."""
    problem, years = plan.problem, plan.problem.policy_years
    if not problem.policies:
        return ()
    steps, offers = problem.steps_by_id(), {policy.id: policy for policy in problem.policies}
    draft: Draft | None = None
    found = []
    for y, (year, name) in enumerate(zip(years, plan.policies, strict=True)):
        if name is None:
            draft = draft or Draft(Tables(Ledger(problem)), plan.decided)
            found.append(_without(plan, draft, y))
            continue
        policy = offers[name]
        loss, taken = _taken(plan, y, policy)
        needs = tuple(
            (steps[need], steps[need].finish(plan.starts[need])) for need in policy.needs if need in plan.starts
        )
        beyond = beyond_annual_limit(plan, y, policy)
        found.append(Insured(year, policy, policy.premiums[y] or 0.0, loss, taken, needs, beyond=beyond))
    return tuple(found)


def _taken(plan: Plan, y: int, policy: Policy) -> tuple[float, float]:
    """Expected loss a year without the policy in a policy year, on average, and how much less it is with it."""
    problem, year = plan.problem, plan.problem.policy_years[y]
    without = {name: start for name, start in plan.decided.items() if name != choice(policy.id, y)}
    periods = range(year.from_, min(year.to, problem.horizon - 1) + 1)
    length = math.fsum(problem.periods[t].years for t in periods)
    totals = []
    for starts in (without, plan.decided):
        by_threat = losses(problem, starts)
        totals.append(
            math.fsum(problem.periods[t].years * by_time[t] for by_time in by_threat.values() for t in periods) / length
        )
    return totals[0], totals[0] - totals[1]


def _without(plan: Plan, draft: Draft, y: int) -> Insured:
    """Why no policy is in force in a year."""
    problem, year = plan.problem, plan.problem.policy_years[y]
    steps = problem.steps_by_id()
    done = {name: steps[name].finish(start) for name, start in plan.starts.items()}
    missing, others = [], []
    for policy in () if year.decided else problem.policies:
        if policy.premiums[y] is None:
            continue
        if any(done.get(need, problem.horizon) >= year.from_ for need in policy.needs):
            missing.append(policy)
        else:
            others.append((policy, against(draft, choice(policy.id, y), year.from_)))
    return Insured(year, None, missing=tuple(missing), against=tuple(others))


def dated(plan: Plan) -> Iterator[tuple[Policy, PolicyYear, float, bool]]:
    """The policies in force as dated items: the policy, its year, the premium, and whether it is a renewal."""
    offers, before = {policy.id: policy for policy in plan.problem.policies}, None
    for y, (year, name) in enumerate(zip(plan.problem.policy_years, plan.policies, strict=False)):
        if name is not None:
            yield offers[name], year, offers[name].premiums[y] or 0.0, name == before
        before = name
