"""Policies whose year has begun: they are facts, whatever a new question offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stepladder.data.formats.policy import Policy, PolicyYear, choice, policies_in
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
    # One that is not renewed after the horizon for what has happened is the same year.
    spans = [[(year.from_, min(year.to, here.horizon - 1)) for year in one.policy_years] for one in (here, old)]
    if not here.policy_years or not here.policies:
        return {}
    same = spans[0] == spans[1]
    held = policies_in(happened.insured, len(here.policy_years)) if same else (None,) * len(here.policy_years)
    offers = {policy.id: policy for policy in problem.policies}
    years = tuple(
        _fact(year, held[y], {**{one.id: one for one in old.policies}, **offers}, happened, here.horizon)
        if year.from_ < happened.now
        else year
        for y, year in enumerate(here.policy_years)
    )
    kept = [_kept(policy, held, happened.now, old) for policy in old.policies if policy.id in held]
    return {"policy_years": years, "policies": (*problem.policies, *(one for one in kept if one.id not in offers))}


def _fact(year: PolicyYear, held: str | None, known: Mapping[str, Policy], happened: Happened, end: int) -> PolicyYear:
    """A year that has begun. Its policy is renewed after the horizon only where all that it asks for is done or under
    way: before that year, too, its steps are finished.
    """
    lapses = held is not None and bool(_lacks(known[held], happened))
    return year.model_copy(update={"decided": True, "policy": held, "to": min(year.to, end - 1) if lapses else year.to})


def _lacks(policy: Policy, happened: Happened) -> list[str]:
    """What a policy asks for and nobody has done or is doing."""
    there = (happened.started.keys() | happened.given) - happened.cancelled
    return [name for name in policy.needs if name not in there]


def lapsed(problem: Problem, happened: Happened, old: Problem, names: Mapping[str, str]) -> Iterator[str]:
    """Of a policy that would be renewed after the horizon, and is not because of what has happened, a sentence."""
    known = {policy.id: policy for policy in (*old.policies, *problem.policies)}
    here = problem if problem.policy_years else old
    for year, after in zip(here.policy_years, decided(problem, happened, old).get("policy_years", ()), strict=False):
        if after.to < year.to and after.policy is not None:
            lacks = _lacks(known[after.policy], happened)
            gone = [name for name in lacks if name in happened.cancelled]
            why = f"{names.get(gone[0], gone[0])}, which was cancelled" if gone else names.get(lacks[0], lacks[0])
            end = "" if gone else ", which is not done"
            yield f"Policy “{known[after.policy].name}” is not renewed after the horizon: it asks for {why}{end}."


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
