"""Azure DevOps' CSV import."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown
from stepladder.exchange.rows import described, titled, written
from stepladder.exchange.titles import AZURE, fitted
from stepladder.wording import marks


def azure(plan: Breakdown) -> bytes:
    """Azure DevOps: phases are epics, steps are issues below them; the description is HTML."""
    head = ("Work Item Type", "Title 1", "Title 2", "Description", "Start Date", "Target Date", "Tags")
    rows: list[list[object]] = []
    for k, phase in enumerate(plan.phases):
        rows.append(
            [
                "Epic",
                fitted(phase.title, AZURE, "Phase "),
                "",
                "",
                phase.start.isoformat(),
                phase.finish.isoformat(),
                f"stepladder; {phase.id}",
            ]
        )
        for milestone in (milestone for milestone in plan.dates if milestone.phase == k):
            text = _paragraphs([f"Why: {milestone.reason}"])
            rows.append(
                [
                    "Issue",
                    "",
                    titled(milestone, AZURE, "Milestone: "),
                    text,
                    "",
                    milestone.date.isoformat(),
                    f"stepladder; {milestone.mark}",
                ]
            )
        for item in (item for item in plan.items if item.phase == k):
            days = (item.start.isoformat(), item.finish.isoformat())
            rows.append(
                [
                    "Issue",
                    "",
                    titled(item, AZURE),
                    _paragraphs(described(plan, item)),
                    *days,
                    f"stepladder; {item.mark}",
                ]
            )
    return written(head, rows, quoted=True, mark=True)


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{marks.html(line)}</p>" for line in lines)


FORMAT = Format("azure-csv", "Azure DevOps' import", ".csv", azure, limit=1000)
