"""What is held back so that a plan stays within its money in most futures, and how often it did."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY
from stepladder.data.formats.robust import Promise
from stepladder.output.report.cells import Value
from stepladder.output.report.document import Block, Column, Section, Table
from stepladder.wording import claims_of_futures, numbers
from stepladder.wording.language import _, mark

#: What the limits on a part of the money are for.
PARTS = {"money_once": mark("investment"), "money_per_year": mark("running cost")}


@dataclass(frozen=True)
class HeldInYear:
    """What is held back of one limit by the end of a year.

    Attributes
    ----------
    name
        Of the limit, and of the year or years that it is for.
    whole, held
        The whole limit, and what of it is held back, in currency.
    """

    name: str
    whole: float
    held: float


def robust(road: Roadmap) -> Section | None:
    """What is held back by year, how often the plan is kept, and what that costs."""
    plan = road.plan
    said = plan.context.robust if plan.context is not None else None
    if said is None:
        return None
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (row.name, row.whole, row.held, row.held / row.whole if row.whole else None) for row in held_by_year(plan, said)
    )
    columns = (
        Column(_("By the end of")),
        Column(_("Limit"), "money"),
        Column(_("Held back"), "money"),
        Column(_("Part"), "share"),
    )
    heading = _("What is held back")
    staying = claims_of_futures.staying(said.keep)
    blocks: tuple[Block, ...] = (claims_of_futures.with_nothing_held_back(said.keep),)
    if rows:
        blocks = (
            _("So that this plan {stays}, it leaves free:", stays=staying),
            Table(heading, columns, rows, "year"),
        )
    return Section("held-back", heading, (*blocks, kept(said), claims_of_futures.held_back(said, plan)))


def held_by_year(plan: Plan, said: Promise) -> Iterator[HeldInYear]:
    """Of each kind of limit on money, what is held back until the end of each year; of limits that are for one period
    each, their sum over the year.
    """
    held = {part.window: part.amount for part in said.held}
    windows = list(enumerate(plan.problem.windows))
    for resource in MONEY:
        mine = [(k, window) for k, window in windows if window.resource == resource]
        if not any(k in held for k, _window in mine):
            continue
        single = all(window.from_ == window.to for _k, window in mine)
        for year in plan.context.years if plan.context else ():
            inside = [(k, window) for k, window in mine if year.from_ <= window.to <= year.to]
            if inside and not single:
                # The last to end, and of those the longest, has the whole year in it.
                inside = [max(inside, key=lambda pair: (pair[1].to, -pair[1].from_))]
            if inside:
                amount = math.fsum(held.get(k, 0.0) for k, _window in inside)
                name = year.label if resource == "money" else f"{year.label}, {_(PARTS[resource])}"
                yield HeldInYear(name, math.fsum([amount, *(window.limit for _k, window in inside)]), amount)


def kept(said: Promise) -> str:
    """How often the plan was kept, and what that says of all futures."""
    # Each end away from the middle, so that no more is said than is known.
    low, high = (numbers.share(end / 100) for end in (math.floor(said.low * 100), math.ceil(said.high * 100)))
    figures = {
        "kept": numbers.whole(said.kept),
        "futures": numbers.count(said.futures, "future"),
        "low": low,
        "high": high,
    }
    text = (
        _(
            "In {kept} of {futures} that were drawn for this test alone it is kept, the best plan with nothing held"
            " back in {without}: between {low} and {high} of all futures, as the ranges of the scenario have them"
            " (95 % sure, by Clopper and Pearson).",
            without=numbers.whole(said.kept_without),
            **figures,
        )
        if said.held
        else _(
            "In {kept} of {futures} that were drawn for this test alone it is kept: between {low} and {high} of all"
            " futures, as the ranges of the scenario have them (95 % sure, by Clopper and Pearson).",
            **figures,
        )
    )
    if said.tests <= 1:
        return text
    number = _(
        "It is number {tests} of the plans that were tested, each in futures of its own.",
        tests=numbers.whole(said.tests),
    )
    return f"{text} {number}"
