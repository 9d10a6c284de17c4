"""GitHub: the bodies of the REST calls that make milestones, labels, issues, and what blocks what."""

from __future__ import annotations

import json
from typing import Any

from stepladder.exchange import marks
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item, Milestone
from stepladder.exchange.rows import described, titled

LABEL = "stepladder"


def payloads(plan: Breakdown) -> dict[str, Any]:
    """Lists of bodies: ``milestones`` (one for each phase), ``labels``, ``issues``, each with the mark by which others name it, and ``blocked_by``."""
    names = {item.id: item.mark for item in plan.items}
    issues = [{"mark": held.mark, "body": milestone_issue(plan, held)} for held in plan.milestones]
    issues += [{"mark": item.mark, "body": issue(plan, item)} for item in plan.items]
    blocked = [{"mark": item.mark, "by": names[need.id]} for item in plan.items for need in item.needs]
    blocked += [{"mark": held.mark, "by": names[name]} for held in plan.milestones for name in held.items]
    return {"milestones": phases(plan), "labels": [label()], "issues": issues, "blocked_by": blocked}


def phases(plan: Breakdown) -> list[dict[str, Any]]:
    """A milestone for each phase. ``due_on`` must be a date and a time; noon, so that it is the same day everywhere in Europe and America."""
    return [
        {"title": f"{plan.title}: {phase.title}"[:250], "due_on": f"{phase.finish}T12:00:00Z", "description": f"Phase {phase.title} of {plan.title}"}
        for phase in plan.phases
    ]


def label() -> dict[str, str]:
    """The label that all issues have."""
    return {"name": LABEL, "color": "1d76db", "description": "From a roadmap; found again by the id in the text"}


def issue(plan: Breakdown, item: Item) -> dict[str, Any]:
    """The body of a step's issue, without its milestone, which has a number only once it exists."""
    lines = [marks.markdown(line) for line in described(plan, item)]
    lines.insert(0, f"**{item.start} to {item.finish}**")
    return {"title": titled(item)[:250], "body": _body(lines, item.mark), "labels": [LABEL]}


def milestone_issue(plan: Breakdown, held: Milestone) -> dict[str, Any]:
    """The same of a milestone."""
    lines = [f"**By {held.date}**", f"Why: {marks.markdown(held.reason)}", f"Plan: {marks.markdown(plan.title)}"]
    return {"title": f"{held.mark} Milestone: {held.title}"[:250], "body": _body(lines, held.mark), "labels": [LABEL]}


def _body(lines: list[str], mark: str) -> str:
    # The mark, where people do not see it and a program finds it.
    return "\n\n".join([*lines, f"<!-- stepladder {mark} -->"])


def github(plan: Breakdown) -> bytes:
    """All of them as one JSON file."""
    return (json.dumps(payloads(plan), indent=1, ensure_ascii=False) + "\n").encode()


FORMAT = Format("github", "GitHub's REST interface", ".json", github)
