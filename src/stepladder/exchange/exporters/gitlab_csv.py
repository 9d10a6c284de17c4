"""GitLab's CSV import."""

from __future__ import annotations

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.rows import described, titled, written
from stepladder.exchange.titles import GITLAB
from stepladder.wording import marks


def gitlab(plan: Breakdown) -> bytes:
    """GitLab: title, description, due date; milestones must exist before, so there is no column for them. No line
    begins with what a plan says.
    """
    head = ("title", "description", "due_date")
    rows: list[list[str]] = [
        [
            titled(milestone, GITLAB, "Milestone: "),
            f"Why: {marks.markdown(milestone.reason)}\n\nPlan: {marks.markdown(plan.title)}",
            milestone.date.isoformat(),
        ]
        for milestone in plan.dates
    ]
    rows += [[titled(item, GITLAB), _lines(plan, item), item.finish.isoformat()] for item in plan.items]
    return written(head, rows, quoted=True)


def _lines(plan: Breakdown, item: Item) -> str:
    return "\n\n".join(
        marks.markdown(line)
        for line in [*described(plan, item), f"From {item.start.isoformat()} to {item.finish.isoformat()}."]
    )


FORMAT = Format("gitlab-csv", "GitLab's import", ".csv", gitlab)
