"""From what GitHub answers to what is there: milestones and issues with their marks, and how far an issue is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stepladder.data.formats.mapping import Statuses
from stepladder.exchange.push import github_answers as answers
from stepladder.exchange.push import outcomes
from stepladder.exchange.tracker import ItemKind, Progress, Remote

#: The only reason of a closed issue that says that it was achieved.
COMPLETED = "completed"
_BLOCK = re.compile(
    r"<!-- stepladder (item|milestone|parent) (SL-[A-Z2-7]{8}) -->\s*\*\*(?:(\S+) to|By) (\S+)\*\*\s*"
    r"<!-- end of stepladder -->\s*"
)
_PHASE = re.compile(r"\(phase (SL-[A-Z2-7]{8})\)\s*$")


def of_milestone(answer: answers.Milestone) -> Remote | None:
    """A phase; None where it is none."""
    mark = _PHASE.search(answer.description)
    if not mark:
        return None
    return Remote(
        mark[1], "container", answer.number, {"title": answer.title, "due": answer.due_on}, answer.state == "open"
    )


def of_issue(answer: answers.Issue, places: Mapping[str, str], statuses: Statuses) -> Remote:
    """A step, a dated demand or a system; without the block its mark is empty, and its dates are.

    Parameters
    ----------
    answer
        As it came.
    places
        Marks of the phases by the keys of their milestones.
    statuses
        What a mapping says of labels and reasons.
    """
    body = answer.body.replace("\r\n", "\n")
    match = _BLOCK.search(body)
    mark = match[2] if match else ""
    place = answer.milestone.number if answer.milestone else ""
    fields = {
        "title": answer.title.removeprefix(f"{mark} "),
        "text": (body[: match.start()] + body[match.end() :] if match else body).strip(),
        "start": (match[3] or "") if match else "",
        "due": match[4] if match else "",
        "container": places.get(place, place),
    }
    kinds: dict[str, ItemKind] = {"milestone": "milestone", "parent": "parent"}
    kind = kinds.get(match[1], "item") if match else "item"
    ended = answer.state == "closed"
    names = [*([answer.state_reason] if ended else ()), *answer.labels]
    progress, reason = outcomes.mapped(statuses, names, _progress(answer))
    return Remote(
        mark,
        kind,
        f"{answer.number}/{answer.id}",
        fields,
        not ended,
        progress,
        answer.closed_at if ended else None,
        reason,
    )


def _progress(answer: answers.Issue) -> tuple[Progress, str]:
    """GitHub has no state of what has begun: a label may say so, or that it is assigned."""
    if answer.state != "closed":
        running = any(outcomes.begun(label) for label in answer.labels)
        return ("running" if running else "assigned" if answer.assignees else "open"), ""
    progress, reason = outcomes.closed([answer.state_reason, *answer.labels])
    if progress == "done" and answer.state_reason != COMPLETED:
        return "unclear", answer.state_reason
    return progress, reason
