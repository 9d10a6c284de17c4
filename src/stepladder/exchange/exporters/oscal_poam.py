"""OSCAL: a plan of action and milestones (POA&M), as governance tools exchange it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from stepladder.data.formats import money
from stepladder.exchange.formats import Format
from stepladder.exchange.items import SPACE, Breakdown, Item, Milestone
from stepladder.exchange.rows import described

VERSION = "1.1.3"
#: Of properties that OSCAL does not know.
NAMESPACE = "https://pypi.org/project/stepladder/"


def poam(plan: Breakdown) -> bytes:
    """One risk, what is not in place yet, with the roadmap as its remediation: an action for each step, a milestone
    for each demand; an item for each step.
    """
    risk = _uid(plan, "risk")
    document = {
        "uuid": _uid(plan, "poam"),
        "metadata": {
            "title": f"Roadmap: {plan.title}",
            # No clock: the same plan gives the same file.
            "last-modified": f"{plan.start}T00:00:00Z",
            "version": "1",
            "oscal-version": VERSION,
        },
        "system-id": {"id": plan.id},
        "risks": [_risk(plan, risk)],
        "poam-items": [_item(item, risk) for item in plan.items] or [_nothing(plan, risk)],
    }
    return (json.dumps({"plan-of-action-and-milestones": document}, indent=1, ensure_ascii=False) + "\n").encode()


def _risk(plan: Breakdown, risk: str) -> dict[str, Any]:
    tasks = [_action(plan, item) for item in plan.items] + [_milestone(milestone) for milestone in plan.milestones]
    remediation: dict[str, Any] = {
        "uuid": _uid(plan, "remediation"),
        "lifecycle": "planned",
        "title": f"Roadmap: {plan.title}",
        "description": plan.proof,
    }
    if tasks:
        remediation["tasks"] = tasks
    today, after = (money.text(loss, plan.currency) for loss in (plan.loss_today, plan.loss_after))
    return {
        "uuid": risk,
        "title": "Security practices that are below their target",
        "description": f"{len(plan.items):,} steps are planned, {len(plan.left):,} are not.",
        "statement": f"Expected loss a year today {today} {plan.currency}, with the plan {after}.",
        "status": "open",
        "deadline": f"{plan.finish}T23:59:59Z",
        "remediations": [remediation],
    }


def _action(plan: Breakdown, item: Item) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uuid": str(item.uid),
        "type": "action",
        "title": f"{item.mark} {item.title}",
        "description": " ".join(described(plan, item)),
    }
    fields["props"] = [{"name": "marking", "value": item.mark}]
    if plan.as_of is not None:
        fields["props"].append({"name": "state", "ns": NAMESPACE, "value": item.state})
    fields["timing"] = {"within-date-range": {"start": f"{item.start}T00:00:00Z", "end": f"{item.finish}T23:59:59Z"}}
    if item.needs:
        fields["dependencies"] = [{"task-uuid": str(plan.by_id[need.id].uid)} for need in item.needs]
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
