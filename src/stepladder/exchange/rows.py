"""Rows of CSV, and what a tracker's item says about a step; shared by the formats that need it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from stepladder.exchange.items import OPEN, Breakdown, Item, Milestone
from stepladder.exchange.titles import fitted
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.words import STATES


def written(
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    quoted: bool = False,
    mark: bool = False,
) -> bytes:
    """CSV in UTF-8, with a byte order mark if wanted, lines ending as RFC 4180 says."""
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\r\n"
    )
    writer.writerows([head, *rows])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def titled(entry: Item | Milestone, most: int, lead: str = "") -> str:
    """The mark, what leads the title and the title, no longer than its reader takes: never a formula, never a
    command, found again by its mark.
    """
    return fitted(entry.title, most, f"{entry.mark} {lead}")


def described(plan: Breakdown, item: Item) -> list[str]:
    """What an item's description says, as lines in plain words."""
    effort = numbers.effort(item.effort, plan.teams, item.effort_per_year)
    cost = numbers.cost(item.once, item.per_year, plan.currency)
    lines = [
        _("Why: {reason}", reason=item.reason),
        _("Cost: {cost}.", cost=f"{cost}; {effort}" if effort else cost),
        *([_("Again once finished: {again}.", again=item.again)] if item.again else []),
    ]
    if plan.as_of is not None:
        state = _(STATES.get(item.state, OPEN))
        state += f", {item.percent} %" if item.state == "running" else ""
        lines.append(_("State: {state}, as of {period}.", state=state, period=plan.periods[plan.as_of].label))
    if item.owner:
        lines.append(_("Owner: {owner}", owner=item.owner))
    first = [plan.by_id[need.id] for need in item.needs]
    lines += [_("Needs first: {step}", step=f"{need.mark} {need.title}") for need in first]
    lines += [
        _("Leads to: {milestone}, by {day}", milestone=milestone.title, day=numbers.day(milestone.date))
        for milestone in plan.milestones
        if milestone.id in item.milestones
    ]
    lines.append(_("Plan: {plan}; id {id}", plan=plan.title, id=item.id))
    return lines
