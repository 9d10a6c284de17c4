"""From what Redmine answers to what is there: versions and issues with their marks, and how far an issue is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stepladder.data.formats.mapping import Statuses
from stepladder.exchange.push import outcomes
from stepladder.exchange.push.redmine_answers import Issue, Status, Version
from stepladder.exchange.tracker import ItemKind, Progress, Remote

MARK = re.compile(r"SL-[A-Z2-7]{8}")
_SUBJECT = re.compile(rf"\[({MARK.pattern})(?:\] ?)?")


def of_version(version: Version) -> Remote | None:
    """A phase or a milestone; None where it is neither."""
    match = re.search(rf"\((phase|milestone) ({MARK.pattern})\)$", version.description)
    if not match:
        return None
    kind: ItemKind = "milestone" if match[1] == "milestone" else "container"
    text = version.description[: match.start()].strip()
    fields = {"title": version.name, "text": text, "due": version.due_date}
    return Remote(match[2], kind, version.id, fields, version.status == "open")


def of_issue(issue: Issue, places: Mapping[str, str], statuses: Mapping[str, Status], meanings: Statuses) -> Remote:
    """A step; its mark is empty where its subject does not begin with one.

    Parameters
    ----------
    issue
        As it came.
    places
        Marks of the phases by the keys of their versions.
    statuses
        All that there are, by id; what has none of them is open.
    meanings
        What a mapping says of their names.
    """
    match, version = _SUBJECT.match(issue.subject), issue.fixed_version.id if issue.fixed_version else ""
    fields = {
        "title": issue.subject[match.end() :] if match else issue.subject,
        "text": issue.description.replace("\r\n", "\n"),
        "start": issue.start_date,
        "due": issue.due_date,
        "container": places.get(version, version),
    }
    status = statuses.get(issue.status.id)
    ended = status is not None and status.is_closed
    names = [status.name] if status is not None else []
    progress, reason = outcomes.mapped(meanings, names, _progress(issue, status))
    return Remote(
        match[1] if match else "",
        "item",
        issue.id,
        fields,
        not ended,
        progress,
        # Redmine keeps it when an issue is opened again.
        issue.closed_on if ended else None,
        reason,
        issue.done_ratio,
    )


def _progress(issue: Issue, status: Status | None) -> tuple[Progress, str]:
    if status is not None and status.is_closed:
        return outcomes.closed([status.name])
    return ("running" if issue.done_ratio or (status and outcomes.begun(status.name)) else "open"), ""
