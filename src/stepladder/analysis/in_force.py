"""Policies whose year has begun: they are facts, whatever a new question offers."""

from __future__ import annotations

from typing import Any

from stepladder.data.formats.policy import Policy, choice, policies_in
from stepladder.data.formats.problem import Problem
from stepladder.data.happened import Happened


def decided(problem: Problem, happened: Happened, old: Problem) -> dict[str, Any]:
    """What a question says of insurance once years have begun, as fields of the problem.

    Parameters
    ----------
    problem, old
        The question, and the one that the plan so far answers.
    happened
        The past, with the policies that are in force.
    """
    here = problem if problem.policy_years else old
    spans = [[(year.from_, year.to) for year in one.policy_years] for one in (here, old)]
    if not here.policy_years or not here.policies:
        return {}
    same = spans[0] == spans[1]
    held = policies_in(happened.insured, len(here.policy_years)) if same else (None,) * len(here.policy_years)
    years = tuple(
        year.model_copy(update={"decided": True, "policy": held[y]}) if year.from_ < happened.now else year
        for y, year in enumerate(here.policy_years)
    )
    offers = {policy.id: policy for policy in problem.policies}
    kept = [_kept(policy, held, happened.now, old) for policy in old.policies if policy.id in held]
    return {"policy_years": years, "policies": (*problem.policies, *(one for one in kept if one.id not in offers))}


def _kept(policy: Policy, held: tuple[str | None, ...], now: int, old: Problem) -> Policy:
    """A policy that is no longer on offer, in the years in which it is in force."""
    begun = [held[y] == policy.id and year.from_ < now for y, year in enumerate(old.policy_years)]
    premiums = (premium if there else None for premium, there in zip(policy.premiums, begun, strict=True))
    return policy.model_copy(update={"premiums": tuple(premiums), "needs": ()})


def published(problem: Problem, starts: dict[str, int]) -> dict[str, int]:
    """Of a published plan's policies those that the question still knows, and what is decided where it is."""
    by_year = policies_in(starts, len(problem.policy_years))
    offers = {policy.id: policy for policy in problem.policies}
    found = {}
    for y, (name, year) in enumerate(zip(by_year, problem.policy_years, strict=True)):
        policy = year.policy if year.decided else name
        if policy in offers and (year.decided or offers[policy].premiums[y] is not None):
            found[choice(policy, y)] = year.from_
    return found
