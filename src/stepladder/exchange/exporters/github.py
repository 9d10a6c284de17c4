"""GitHub: the bodies of the REST calls that make milestones, labels, issues, and what blocks what. A push sends the
same.

An issue has no dates of its own; they stand in a block at the top of its text, between two comments that nobody sees.
"""

from __future__ import annotations

import json
from typing import Any

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown
from stepladder.exchange.titles import GITHUB, GITHUB_MILESTONE, fitted
from stepladder.exchange.tracker import Wanted, wanted
from stepladder.wording import marks

LABEL = "stepladder"


def payloads(plan: Breakdown) -> dict[str, Any]:
    """Lists of bodies: ``milestones`` (one for each phase), ``labels``, ``issues``, each with the mark by which
    others name it, and ``blocked_by``.
    """
    wants = wanted(plan).values()
    issues = [one for one in wants if one.kind != "container"]
    return {
        "milestones": [milestone(one) for one in wants if one.kind == "container"],
        "labels": [label()],
        "issues": [{"mark": one.mark, "body": issue(one)} for one in issues],
        "blocked_by": [{"mark": one.mark, "by": first} for one in issues for first in one.needs],
    }


def label() -> dict[str, str]:
    """The label that all issues have."""
    return {"name": LABEL, "color": "1d76db", "description": "From a roadmap; found again by the id in the text"}


def milestone(want: Wanted) -> dict[str, Any]:
    """A phase. ``due_on`` must be a date and a time; noon, so that it is the same day in Europe and America."""
    return {
        "title": title(want),
        "due_on": f"{want.fields['due']}T12:00:00Z",
        "description": f"A phase of a roadmap (phase {want.mark})",
    }


def issue(want: Wanted) -> dict[str, Any]:
    """A step or a dated demand, without its milestone, which has a number only once it exists."""
    return {
        "title": title(want, marked=True),
        "body": f"{block(want.mark, want.kind, want.fields)}\n\n{text(want.fields['text'])}",
        "labels": [LABEL],
    }


def title(want: Wanted, *, marked: bool = False) -> str:
    """The mark leads, where it is to be seen."""
    words = want.fields["title"]
    if want.kind == "container":
        return fitted(words, GITHUB_MILESTONE)
    whole = fitted(words, GITHUB, f"{want.mark} {'Milestone: ' if want.kind == 'milestone' else ''}")
    return whole if marked else whole.partition(" ")[2]


def block(mark: str, kind: str, fields: dict[str, str]) -> str:
    """The dates, and the mark by which an issue is found again."""
    dates = f"{fields['start']} to {fields['due']}" if fields["start"] else f"By {fields['due']}"
    return f"<!-- stepladder {kind} {mark} -->\n**{dates}**\n<!-- end of stepladder -->"


def text(lines: str) -> str:
    """Paragraphs that are nothing but text."""
    return "\n\n".join(marks.markdown(line) for line in lines.splitlines())


def github(plan: Breakdown) -> bytes:
    """All of them as one JSON file."""
    return (json.dumps(payloads(plan), indent=1, ensure_ascii=False) + "\n").encode()


FORMAT = Format("github", "GitHub's REST interface", ".json", github)
