"""Mermaid: a Gantt chart for wikis and pull requests."""

from __future__ import annotations

import datetime

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown
from stepladder.output.text import cut

#: Longer titles leave no room for bars.
TITLE = 44


def mermaid(plan: Breakdown) -> bytes:
    """A section for each phase; an end is the day after the last one."""
    lines = ["gantt", f"    title {_plain(plan.title)}", "    dateFormat YYYY-MM-DD", "    axisFormat %Y-%m", "    todayMarker off"]
    for k, phase in enumerate(plan.phases):
        lines.append(f"    section {_plain(phase.title)}")
        for item in (item for item in plan.items if item.phase == k):
            end = item.finish + datetime.timedelta(days=1)
            lines.append(f"    {item.mark} {_plain(item.title)} :{item.mark.lower()}, {item.start}, {end}")
        lines += [f"    {held.mark} {_plain(held.title)} :milestone, {held.mark.lower()}, {held.date}, 0d" for held in plan.milestones if held.phase == k]
    return ("\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """No colon, which ends a title; nothing that Mermaid reads as a comment, a directive, a break or an entity."""
    marks = {":": "\u2236", ";": ",", "#": "\uff03", "%": "\uff05", "<": "\u2039", ">": "\u203a", "{": "(", "}": ")", "`": "'", '"': "'", "\\": "/"}
    return cut("".join(marks.get(char, char) for char in text), TITLE)


FORMAT = Format("mermaid", "wikis and pull requests (Mermaid)", ".mmd", mermaid)
