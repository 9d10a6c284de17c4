"""The policies that plans have in force, and what changes of them from one plan to another, in words and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stepladder.analysis.policy_changes import HeldYear, PolicyChange, called, held_years
from stepladder.data.formats.plan import Plan
from stepladder.wording.language import _
from stepladder.wording.numbers import money
from stepladder.wording.phrases import said
from stepladder.wording.text import clean, listed, quote


def held_text(plan: Plan) -> str:
    """The policies of a plan, with their years and premiums; ``none`` where there is none."""
    offers, currency = {policy.id: policy for policy in plan.problem.policies}, plan.problem.currency
    held = held_years(plan).items()
    return "; ".join(
        _("{policy} in {years}", policy=quote(offers[name].name, 60), years=years_text(years, currency))
        for name, years in held
    ) or _("none")


def years_text(years: Sequence[HeldYear], currency: str) -> str:
    """Years with their premiums."""
    named = [f"{clean(one.year)} ({money(one.premium, currency)})" for one in years]
    return listed(named, len(named)) if named else "–"


def held_facts(plan: Plan) -> dict[str, Any]:
    """By policy year in which one is in force: the policy, its title and its premium."""
    offers = {policy.id: policy for policy in plan.problem.policies}
    return {
        called(plan, y): {"policy": name, "title": offers[name].name, "premium": offers[name].premiums[y] or 0.0}
        for y, name in enumerate(plan.policies)
        if name is not None
    }


def insurance_change(change: PolicyChange, currency: str) -> str:
    """A policy that is not in force as it was, with its years and premiums."""
    before, after = (years_text(side, currency) for side in (change.before, change.after))
    words = {
        "taken up": _("taken up, {years}", years=after),
        "dropped": _("dropped, was in force in {years}", years=before),
        "other years": f"{before} → {after}",
        "other premium": f"{before} → {after}",
    }[change.kind]
    reason = begun(said(change.reason))
    return f"{quote(change.title, 60)}: {words}.{f' {reason}' if reason else ''}"


def begun(reason: str) -> str:
    """As a sentence; nothing where there is none."""
    text = clean(reason).removesuffix(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""
