"""Insurance in a report: by policy year what is in force and why, or why nothing is; and what it pays back."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.analysis.insured import Insured, insured
from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.plan import Plan
from stepladder.output.report.document import Block, Column, Item, Items, Section, Table
from stepladder.wording import numbers
from stepladder.wording.phrases import said
from stepladder.wording.text import clean, quote

#: What insurers paid back for each unit of premium: cyber insurance in the US, 2023 and 2020 (NAIC's figures, by Aon).
MARKET = "Insurers in the US paid back 0.42 (2023) to 0.67 (2020) for each unit of premium"
#: Of policies where losses come first, and nothing is said of large ones.
LOOKS_FREE = (
    "The objective counts losses first and money after them, so any cover that fits the budget looks free; with"
    " objective net a policy has to pay for itself."
)


def looks_free(plan: Plan) -> bool:
    """Whether any cover that fits the budget is taken for what it saves: losses come first, and none are capped."""
    problem = plan.problem
    return problem.objective == "risk" and not problem.appetite and not problem.exceedance


def insurance(road: Roadmap) -> Section | None:
    """Every policy year; None where no insurance can be bought."""
    plan = road.plan
    years = insured(plan)
    if not years:
        return None
    blocks: list[Block] = [Items(tuple(Item("", _said(plan, one)) for one in years), "policy year")]
    held = [one for one in years if one.policy is not None]
    if held:
        columns = (
            Column("Year"),
            Column("Premium", "money"),
            Column("Loss a year without", "money", detail=True),
            Column("Taken over", "money"),
            Column("Back for 1 of premium"),
        )
        rows = tuple((_label(plan, one), one.premium, one.loss, one.taken, _back(one)) for one in held)
        blocks.append(Table("What policies take over", columns, rows, "policy year"))
    return Section("insurance", "Insurance", (*blocks, *_remarks(plan, held)))


def _label(plan: Plan, one: Insured) -> str:
    """The year, as people call it."""
    return clean(one.year.label) or numbers.label(plan.problem.periods[one.year.from_])


def _back(one: Insured) -> str:
    return "–" if one.back is None else f"{one.back:.2f}"


def _said(plan: Plan, one: Insured) -> str:
    label, periods = _label(plan, one), plan.problem.periods
    if one.policy is None:
        return f"{label}: none: {_why_none(plan, one)}."
    money = numbers.money(one.premium, plan.problem.currency)
    needs = [f"{quote(step.name, 60)} (finished {numbers.label(periods[last])})" for step, last in one.needs]
    asked = f"; it asks for {' and '.join(needs)}" if needs else ""
    fact = ", already in force" if one.year.decided else ""
    return f"{label}: {quote(one.policy.name, 60)}, {money}{fact}{asked}."


def _why_none(plan: Plan, one: Insured) -> str:
    if one.year.decided:
        return "the year has begun without"
    parts = [f"{quote(policy.name, 60)}: {said(reason)}" for policy, reason in one.against]
    begins = plan.problem.periods[one.year.from_]
    when = f"before {numbers.day(begins.start) if begins.start else numbers.label(begins)}"
    if one.missing:
        names = " and ".join(quote(policy.name, 60) for policy in one.missing)
        parts.append(f"what {names} {'asks' if len(one.missing) == 1 else 'ask'} for is not finished {when}")
    return "; ".join(parts) or "no policy is on offer"


def _remarks(plan: Plan, held: list[Insured]) -> Iterator[str]:
    """How the policies compare with the market, and what is not counted."""
    if held:
        yield f"{MARKET}."
    if any(one.back is not None and one.back > 1 for one in held):
        yield (
            "More is expected back here than is paid: either the losses are set too high, or less is covered than the"
            " terms say."
        )
    if looks_free(plan):
        yield LOOKS_FREE
    limited = [one for one in held if one.policy is not None and one.policy.annual_limit is not None]
    if limited:
        more = [f"{_more(plan, one)} a year in {_label(plan, one)}" for one in limited if one.beyond is not None]
        told = f"more remains than the plan says, given your numbers: {'; '.join(more)}"
        told = told if more else "somewhat more remains"
        yield f"The limit for all events of a year is not counted in the choice: with it {told}."


def _more(plan: Plan, one: Insured) -> str:
    """What a limit for all events of a year leaves: between two amounts, where they differ."""
    assert one.beyond is not None
    low, high = (numbers.money(amount, plan.problem.currency) for amount in (one.beyond.low, one.beyond.high))
    return low if low == high else f"{low} to {high}"
