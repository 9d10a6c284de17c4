"""OSCAL: a plan of action and milestones (POA&M), as governance tools exchange it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from stepladder.data.formats import money
from stepladder.data.objective import POINTS
from stepladder.exchange.formats import Format
from stepladder.exchange.items import SPACE, Breakdown, Item, Milestone
from stepladder.exchange.rows import described

VERSION = "1.1.3"
#: The role of whoever answers for a step.
OWNER = "owner"
#: Of properties that OSCAL does not know.
NAMESPACE = "https://pypi.org/project/stepladder/"


def poam(plan: Breakdown) -> bytes:
    """One risk, what is not in place yet, with the roadmap as its remediation: an action for each step, a milestone
    for each demand; an item for each step; a log of what has happened. All ids follow from the plan's and the step's,
    so that they are the same in each revision.
    """
    risk = _uid(plan, "risk")
    document = {
        "uuid": _uid(plan, "poam"),
        "metadata": _metadata(plan),
        "system-id": {"id": plan.id},
        "risks": [_risk(plan, risk)],
        "poam-items": [_item(item, risk) for item in plan.items] or [_nothing(plan, risk)],
    }
    return (json.dumps({"plan-of-action-and-milestones": document}, indent=1, ensure_ascii=False) + "\n").encode()


def _metadata(plan: Breakdown) -> dict[str, Any]:
    """Version and moment follow from the revision; whoever answers for a step is a party."""
    fields: dict[str, Any] = {
        "title": f"Roadmap: {plan.title}",
        "last-modified": f"{plan.stamp:%Y-%m-%dT%H:%M:%SZ}",
        "version": str(plan.revision),
        "oscal-version": VERSION,
    }
    owners = sorted({item.owner for item in plan.items if item.owner})
    if owners:
        fields["roles"] = [{"id": OWNER, "title": "Answers for the step"}]
        # An owner is a name, of a person or a team; OSCAL wants one of the two, and a team may be one person.
        fields["parties"] = [{"uuid": _party(plan, name), "type": "organization", "name": name} for name in owners]
    return fields


def _party(plan: Breakdown, owner: str) -> str:
    return _uid(plan, f"party/{owner}")


def _risk(plan: Breakdown, risk: str) -> dict[str, Any]:
    tasks = [_action(plan, item) for item in plan.items] + [_milestone(milestone) for milestone in plan.milestones]
    remediation: dict[str, Any] = {
        "uuid": _uid(plan, "remediation"),
        "lifecycle": "completed" if plan.items and all(item.state == "done" for item in plan.items) else "planned",
        "title": f"Roadmap: {plan.title}",
        "description": plan.proof,
    }
    if tasks:
        remediation["tasks"] = tasks
    begun = any(item.state != "open" for item in plan.items)
    fields: dict[str, Any] = {
        "uuid": risk,
        "title": "Security practices that are below their target",
        "description": f"{len(plan.items):,} steps are planned, {len(plan.left):,} are not.",
        "statement": " ".join(_statement(plan)),
        "status": "remediating" if begun else "open",
        "deadline": f"{plan.finish}T23:59:59Z",
        "remediations": [remediation],
    }
    entries = [*_happened(plan), *_cancelled(plan)]
    if entries:
        fields["risk-log"] = {"entries": entries}
    return fields


def _statement(plan: Breakdown) -> Iterator[str]:
    """What the plan is worth, where it counts points; and the losses, where it knows any."""
    if plan.worth is not None:
        yield f"What is planned is worth {plan.worth:.2f} {POINTS}, present value."
    if plan.worth is None or plan.loss_today:
        today, after = (money.text(loss, plan.currency) for loss in (plan.loss_today, plan.loss_after))
        yield f"Expected loss a year today {today} {plan.currency}, with the plan {after}."


def _happened(plan: Breakdown) -> Iterator[dict[str, Any]]:
    """True dates: an entry for each step that is begun, with an end where it is done."""
    for item in plan.items:
        if item.state == "open":
            continue
        entry: dict[str, Any] = {
            "uuid": _uid(plan, f"log/{item.id}"),
            "title": f"{'Done' if item.state == 'done' else 'In progress'}: {item.mark} {item.title}",
            "start": f"{item.start}T00:00:00Z",
        }
        if item.state == "done":
            entry["end"] = f"{item.finish}T23:59:59Z"
        tasks = {"response-uuid": _uid(plan, "remediation"), "related-tasks": [{"task-uuid": str(item.uid)}]}
        yield {**entry, "status-change": "remediating", "related-responses": [tasks]}


def _cancelled(plan: Breakdown) -> Iterator[dict[str, Any]]:
    """What was cancelled, as of the day from which the plan is without it."""
    day = plan.periods[plan.as_of or 0].start
    for left in plan.left:
        if left.cancelled:
            yield {
                "uuid": _uid(plan, f"log/{left.step}"),
                "title": f"Cancelled: {left.mark} {left.title}",
                "description": left.reason,
                "start": f"{day}T00:00:00Z",
            }


def _action(plan: Breakdown, item: Item) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uuid": str(item.uid),
        "type": "action",
        "title": f"{item.mark} {item.title}",
        "description": " ".join(described(plan, item)),
    }
    fields["props"] = [{"name": "marking", "value": item.mark}]
    if item.ref:
        fields["props"].append({"name": "code", "ns": NAMESPACE, "value": item.ref})
    if plan.as_of is not None:
        fields["props"].append({"name": "state", "ns": NAMESPACE, "value": item.state})
    fields["timing"] = {"within-date-range": {"start": f"{item.start}T00:00:00Z", "end": f"{item.finish}T23:59:59Z"}}
    if item.needs:
        fields["dependencies"] = [{"task-uuid": str(plan.by_id[need.id].uid)} for need in item.needs]
    if item.owner:
        fields["responsible-roles"] = [{"role-id": OWNER, "party-uuids": [_party(plan, item.owner)]}]
    return fields


def _milestone(milestone: Milestone) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uuid": str(milestone.uid),
        "type": "milestone",
        "title": f"{milestone.mark} {milestone.title}",
        "description": milestone.reason or milestone.title,
    }
    fields["timing"] = {"on-date": {"date": f"{milestone.date}T23:59:59Z"}}
    return fields


def _item(item: Item, risk: str) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid5(SPACE, f"poam-item/{item.id}")),
        "title": f"{item.mark} {item.title}",
        "description": item.reason,
        "related-risks": [{"risk-uuid": risk}],
    }


def _nothing(plan: Breakdown, risk: str) -> dict[str, Any]:
    """The format wants at least one item."""
    return {
        "uuid": _uid(plan, "nothing"),
        "title": "Nothing is planned",
        "description": plan.proof,
        "related-risks": [{"risk-uuid": risk}],
    }


def _uid(plan: Breakdown, name: str) -> str:
    return str(uuid.uuid5(SPACE, f"{plan.id}#{name}"))


FORMAT = Format("oscal-poam", "governance tools that read OSCAL POA&M", ".json", poam)
