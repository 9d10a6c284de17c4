"""Jira Cloud's CSV import."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown
from stepladder.exchange.rows import described, titled, written
from stepladder.exchange.titles import JIRA, fitted


def jira(plan: Breakdown) -> bytes:
    """Jira Cloud: phases are epics, steps are tasks below them, rows by level; the description is wiki text in a
    code block, so nothing in it is markup.
    """
    head = (
        "Issue Type",
        "Issue ID",
        "Parent",
        "Summary",
        "Description",
        "Start date",
        "Due date",
        "Labels",
        "External ID",
    )
    rows: list[list[object]] = []
    for k, phase in enumerate(plan.phases, start=1):
        rows.append(
            [
                "Epic",
                k,
                "",
                fitted(phase.title, JIRA, "Phase "),
                "",
                phase.start.isoformat(),
                phase.finish.isoformat(),
                "stepladder",
                phase.id,
            ]
        )
    for milestone in plan.dates:
        text = fitted(milestone.title, JIRA, f"Milestone {milestone.mark} ")
        rows.append(
            [
                "Task",
                len(rows) + 1,
                milestone.phase + 1,
                text,
                _wiki([f"Why: {milestone.reason}"]),
                "",
                milestone.date.isoformat(),
                "stepladder",
                milestone.id,
            ]
        )
    for item in plan.items:
        text = _wiki(described(plan, item))
        days = (item.start.isoformat(), item.finish.isoformat())
        rows.append(["Task", len(rows) + 1, item.phase + 1, titled(item, JIRA), text, *days, "stepladder", item.id])
    return written(head, rows, quoted=True)


def _wiki(lines: Sequence[str]) -> str:
    """Preformatted, and what would end that is broken."""
    text = "\n".join(lines).replace("{", "{\u2060")
    return f"{{noformat}}\n{text}\n{{noformat}}"


FORMAT = Format("jira-csv", "Jira Cloud's import", ".csv", jira)
