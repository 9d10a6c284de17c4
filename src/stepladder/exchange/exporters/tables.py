"""CSV for people and for programs."""

from __future__ import annotations

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
)


def _row(plan: Breakdown, item: Item) -> list[str]:
    milestones = {milestone.id: milestone.mark for milestone in plan.milestones if milestone.id in item.milestones}
    return [
        item.mark,
        item.id,
        item.title,
        item.system,
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
    ]


def people(plan: Breakdown) -> bytes:
    """For spreadsheets: every cell in quotes, what looks like a formula led by an apostrophe, with a byte order mark
    so that Excel reads UTF-8.
    """
    rows = [[marks.cell(text) for text in _row(plan, item)] for item in plan.items]
    return written(_HEAD, rows, quoted=True, mark=True)


def programs(plan: Breakdown) -> bytes:
    """For programs that read cells as text: nothing is added to any of them."""
    names = [name.lower().replace(" ", "_").replace("-", "_") for name in _HEAD]
    return written(names, (_row(plan, item) for item in plan.items))


PEOPLE = Format("csv", "spreadsheets, for people", ".csv", people)
PROGRAMS = Format("csv-machine", "programs that read cells as text", ".csv", programs)
