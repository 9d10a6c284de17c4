"""Policies that one plan has and another has not, or in other years: taken up, dropped, moved, at another premium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import Policy, choice
from stepladder.data.phrases import phrase
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.solution.reasons import against

PolicyKind = Literal["taken up", "dropped", "other years", "other premium"]


@dataclass(frozen=True)
class HeldYear:
    """A policy year in which a policy is in force: its label, and the premium in currency."""

    year: str
    premium: float


@dataclass(frozen=True)
class PolicyChange:
    """One policy that is not in force as it was.

    Attributes
    ----------
    policy, title
        Its id and title.
    kind
        taken up: in force now only; dropped: before only; other years: in both; other premium: in the same years.
    before, after
        The years in which it is in force, in order.
    reason
        What speaks, in the plan after, against the first year in which it was and is not; empty where there is none.
    """

    policy: str
    title: str
    kind: PolicyKind
    before: tuple[HeldYear, ...]
    after: tuple[HeldYear, ...]
    reason: str = ""


def held_years(plan: Plan) -> dict[str, tuple[HeldYear, ...]]:
    """By policy that is in force in some year, in the order of the question: those years."""
    found: dict[str, tuple[HeldYear, ...]] = {}
    for policy in plan.problem.policies:
        years = tuple(
            HeldYear(called(plan, y), policy.premiums[y] or 0.0)
            for y, name in enumerate(plan.policies)
            if name == policy.id
        )
        if years:
            found[policy.id] = years
    return found


def called(plan: Plan, y: int) -> str:
    """What people call a policy year of a plan's question: its label, or that of its first period."""
    year = plan.problem.policy_years[y]
    return year.label or plan.problem.periods[year.from_].label


def policy_changes(before: Plan, after: Plan) -> tuple[PolicyChange, ...]:
    """Every policy that is not in force as it was, in the order of the questions; years are the same when they are
    called the same.
    """
    return tuple(_changes(before, after))


def _changes(before: Plan, after: Plan) -> Iterator[PolicyChange]:
    old, new = held_years(before), held_years(after)
    offers = {policy.id: policy for plan in (before, after) for policy in plan.problem.policies}
    draft: Draft | None = None
    for name, policy in offers.items():
        was, now = old.get(name, ()), new.get(name, ())
        if was == now:
            continue
        years = [[one.year for one in side] for side in (was, now)]
        lost = [year for year in years[0] if year not in years[1]]
        reason = ""
        if lost:
            draft = draft or Draft(Tables(Ledger(after.problem)), after.decided)
            reason = phrase("in {period}, {reason}", period=lost[0], reason=_against(after, draft, policy, lost[0]))
        kind: PolicyKind = "other premium" if years[0] == years[1] else "other years"
        kind = kind if was and now else "taken up" if now else "dropped"
        yield PolicyChange(name, policy.name, kind, was, now, reason)


def _against(after: Plan, draft: Draft, policy: Policy, year: str) -> str:
    """What speaks against a policy in a year, in the plan after."""
    problem = after.problem
    y = next((y for y in range(len(problem.policy_years)) if called(after, y) == year), None)
    offer = next((offer for offer in problem.policies if offer.id == policy.id), None)
    if y is None:
        return phrase("which is no policy year of the question any more")
    if problem.policy_years[y].decided:
        return phrase("the year has begun without it")
    if offer is None or offer.premiums[y] is None:
        return phrase("it is not on offer any more")
    held = after.policies[y]
    if held is not None:
        name = next(other.name for other in problem.policies if other.id == held)
        return phrase("{policy} is in force in its place", policy=name)
    return against(draft, choice(policy.id, y), problem.policy_years[y].from_)
