"""Insurance in a report: by policy year what is in force and why, or why nothing is; and what it pays back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from stepladder.analysis.insured import Insured, insured
from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Period, Step
from stepladder.output.report.document import Block, Column, Item, Items, Section, Table
from stepladder.wording import numbers
from stepladder.wording.language import _, mark, plural
from stepladder.wording.phrases import said
from stepladder.wording.text import clean, quote

#: What insurers paid back for each unit of premium: cyber insurance in the US, 2023 and 2020 (NAIC's figures, by Aon).
MARKET = mark("Insurers in the US paid back 0.42 (2023) to 0.67 (2020) for each unit of premium.")
#: Of policies where losses come first, and nothing is said of large ones.
LOOKS_FREE = mark(
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
    blocks: list[Block] = [Items(tuple(Item("", _said(plan, one)) for one in years), "policy_year")]
    held = [one for one in years if one.policy is not None]
    if held:
        columns = (
            Column(_("Year")),
            Column(_("Premium"), "money"),
            Column(_("Loss a year without"), "money", detail=True),
            Column(_("Taken over"), "money"),
            Column(_("Back for 1 of premium")),
        )
        rows = tuple((_label(plan, one), one.premium, one.loss, one.taken, _back(one)) for one in held)
        blocks.append(Table(_("What policies take over"), columns, rows, "policy_year"))
    return Section("insurance", _("Insurance"), (*blocks, *_remarks(plan, held)))


def _label(plan: Plan, one: Insured) -> str:
    """The year, as people call it."""
    return clean(one.year.label) or numbers.label(plan.problem.periods[one.year.from_])


def _back(one: Insured) -> str:
    return "–" if one.back is None else f"{one.back:.2f}"


def _said(plan: Plan, one: Insured) -> str:
    label, periods = _label(plan, one), plan.problem.periods
    if one.policy is None:
        return _("{year}: none: {why}.", year=label, why=_why_none(plan, one))
    money = numbers.money(one.premium, plan.problem.currency)
    said = {"year": label, "policy": quote(one.policy.name, 60), "money": money}
    parts = [
        _("{year}: {policy}, {money}, already in force", **said)
        if one.year.decided
        else _("{year}: {policy}, {money}", **said)
    ]
    needs = [finished(step, periods[last]) for step, last in one.needs]
    parts += [_("it asks for {steps}", steps=_all_of(needs))] if needs else []
    return f"{'; '.join(parts)}."


def finished(step: Step, last: Period) -> str:
    """A step that a policy asks for, with the period in which it is finished."""
    return _("{step} (finished {period})", step=quote(step.name, 60), period=numbers.label(last))


def _all_of(names: list[str]) -> str:
    """All of them, with a word between each two."""
    return reduce(lambda one, other: _("{one} and {other}", one=one, other=other), names)


def _why_none(plan: Plan, one: Insured) -> str:
    if one.year.decided:
        return _("the year has begun without")
    parts = [f"{quote(policy.name, 60)}: {said(reason)}" for policy, reason in one.against]
    begins = plan.problem.periods[one.year.from_]
    if one.missing:
        parts.append(
            plural(
                "what {policies} asks for is not finished before {date}",
                "what {policies} ask for is not finished before {date}",
                len(one.missing),
                policies=_all_of([quote(policy.name, 60) for policy in one.missing]),
                date=numbers.day(begins.start) if begins.start else numbers.label(begins),
            )
        )
    return "; ".join(parts) or _("no policy is on offer")


def _remarks(plan: Plan, held: list[Insured]) -> Iterator[str]:
    """How the policies compare with the market, and what is not counted."""
    if held:
        yield _(MARKET)
    if any(one.back is not None and one.back > 1 for one in held):
        yield _(
            "More is expected back here than is paid: either the losses are set too high, or less is covered than the"
            " terms say."
        )
    if looks_free(plan):
        yield _(LOOKS_FREE)
    limited = [one for one in held if one.policy is not None and one.policy.annual_limit is not None]
    if limited:
        more = [
            _("{money} a year in {year}", money=_more(plan, one), year=_label(plan, one))
            for one in limited
            if one.beyond is not None
        ]
        yield (
            _(
                "The limit for all events of a year is not counted in the choice: with it more remains than the plan"
                " says, given your numbers: {more}.",
                more="; ".join(more),
            )
            if more
            else _("The limit for all events of a year is not counted in the choice: with it somewhat more remains.")
        )


def _more(plan: Plan, one: Insured) -> str:
    """What a limit for all events of a year leaves: between two amounts, where they differ."""
    assert one.beyond is not None
    low, high = (numbers.money(amount, plan.problem.currency) for amount in (one.beyond.low, one.beyond.high))
    return low if low == high else _("{first} to {last}", first=low, last=high)
