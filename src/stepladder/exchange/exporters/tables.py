"""CSV for people and for programs. Names of columns are what readers go by, and in English in every language."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stepladder.data.formats import money
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.rows import written
from stepladder.wording import marks, numbers

_HEAD = (
    "Id",
    "External id",
    "Title",
    "System",
    "Phase",
    "Start",
    "Finish",
    "Owner",
    "Once",
    "Per year",
    "Person-days",
    "Needs",
    "Milestones",
    "Reason",
    "State",
    "Done on",
    "Spent",
    "Code",
)
#: Of plans with steps that somebody has to run, and of plans with insurance.
RUNNING, PREMIUM = "Person-days a year", "Premium"


def _head(plan: Breakdown) -> tuple[str, ...]:
    """The columns, with those that only some plans need at the end."""
    return (*_HEAD, *([RUNNING] if _runs(plan) else []), *([PREMIUM] if plan.premiums else []))


def _runs(plan: Breakdown) -> bool:
    """Whether any step takes person-days once it is finished."""
    return any(item.effort_per_year for item in plan.items)


def _rows(plan: Breakdown) -> Iterator[list[str]]:
    """A row for each step, and then for each policy year in which a policy is in force."""
    runs, insured = _runs(plan), bool(plan.premiums)
    for item in plan.items:
        days = numbers.amount(math.fsum(item.effort_per_year.values())).replace(",", "")
        yield [*_row(plan, item), *([days] if runs else []), *([""] if insured else [])]
    for premium, date in zip(plan.premiums, plan.dates[len(plan.milestones) :], strict=True):
        cells = dict.fromkeys(_head(plan), "")
        cells |= {"Id": date.mark, "External id": date.id, "Title": date.title, "Reason": date.reason}
        cells |= {"Phase": plan.phases[date.phase].title, "Start": premium.start.isoformat()}
        cells |= {"Finish": premium.finish.isoformat(), PREMIUM: money.text(premium.amount, plan.currency)}
        cells["Needs"] = " ".join(plan.by_id[need].mark for need in premium.needs)
        yield list(cells.values())


def _row(plan: Breakdown, item: Item) -> list[str]:
    milestones = {milestone.id: milestone.mark for milestone in plan.milestones if milestone.id in item.milestones}
    return [
        item.mark,
        item.id,
        item.title,
        plan.called(item.system),
        plan.phases[item.phase].title,
        item.start.isoformat(),
        item.finish.isoformat(),
        item.owner,
        money.text(item.once, plan.currency),
        money.text(item.per_year, plan.currency),
        numbers.amount(item.days).replace(",", ""),
        " ".join(plan.by_id[need.id].mark for need in item.needs),
        " ".join(milestones[name] for name in item.milestones),
        item.reason,
        item.state,
        item.done_on.isoformat() if item.done_on else "",
        money.text(item.spent, plan.currency),
        item.ref,
    ]


def people(plan: Breakdown) -> bytes:
    """For spreadsheets: every cell in quotes, what looks like a formula led by an apostrophe, with a byte order mark
    so that Excel reads UTF-8.
    """
    rows = [[marks.cell(text) for text in row] for row in _rows(plan)]
    return written(_head(plan), rows, quoted=True, mark=True)


def programs(plan: Breakdown) -> bytes:
    """For programs that read cells as text: nothing is added to any of them."""
    names = [name.lower().replace(" ", "_").replace("-", "_") for name in _head(plan)]
    return written(names, _rows(plan))


PEOPLE = Format("csv", "spreadsheets, for people", ".csv", people)
PROGRAMS = Format("csv-machine", "programs that read cells as text", ".csv", programs)
