"""Run by itself: reads a project file with MPXJ, has Microsoft's scheduler, as MPXJ has it, schedule it anew, and
prints both as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import jpype
import mpxj  # noqa: F401 – puts its jars on the path

jpype.startJVM("-Djava.awt.headless=true")


def number(value: Any) -> float:
    return 0.0 if value is None else float(str(value))


WORK = jpype.JClass("org.mpxj.ResourceType").WORK
HOURS = jpype.JClass("org.mpxj.TimeUnit").HOURS


def money(project: Any) -> list[dict[str, Any]]:
    """What is assigned of cost resources, each with its days."""
    return [
        {
            "resource": str(held.getResource().getName()),
            "start": str(held.getStart()),
            "finish": str(held.getFinish()),
            "cost": number(held.getCost()),
            "paid": number(held.getActualCost()),
        }
        for held in project.getResourceAssignments()
        if held.getResource() is not None and held.getResource().getType() != WORK
    ]


def people(project: Any) -> list[dict[str, Any]]:
    """By team and span of its availability: hours that there are by its units and the base calendar, hours of work."""
    spans = []
    for team in project.getResources():
        if team.getType() != WORK or team.getName() is None:
            continue
        for entry in team.getAvailability():
            span = entry.getRange()
            ranges = jpype.JClass("java.util.ArrayList")([span])
            calendar, own = project.getDefaultCalendar(), team.getCalendar()
            there, at_work = (
                number(each.getWork(span.getStart(), span.getEnd(), HOURS).getDuration()) for each in (calendar, own)
            )
            (used,) = team.getTimephasedWork(ranges, HOURS)
            spans.append(
                {
                    "team": str(team.getName()),
                    "from": str(span.getStart()),
                    "units": number(entry.getUnits()) / 100,
                    "hours": there,
                    "own": at_work,
                    "used": 0.0 if used is None else number(used.getDuration()),
                }
            )
    return spans


def tasks(project: Any) -> list[dict[str, Any]]:
    found = []
    for task in project.getTasks():
        assigned = [held for held in task.getResourceAssignments() if held.getResource() is not None]
        found.append(
            {
                "id": str(task.getText(30) or ""),
                "name": str(task.getName()),
                "activity": str(task.getActivityID() or ""),
                "start": str(task.getStart()),
                "finish": str(task.getFinish()),
                "level": int(str(task.getOutlineLevel())),
                "parent": str(task.getParentTask().getText(30) or "") if task.getParentTask() is not None else "",
                "summary": bool(task.getSummary()),
                "milestone": bool(task.getMilestone()),
                "cost": number(task.getCost()),
                "fixed": number(task.getFixedCost()),
                "complete": number(task.getPercentageComplete()),
                "actual": [str(moment or "") for moment in (task.getActualStart(), task.getActualFinish())],
                "split": [str(moment or "") for moment in (task.getStop(), task.getResume())],
                "spent": number(task.getActualCost()),
                "planned_cost": sum(number(held.getPlannedCost()) for held in assigned),
                "work": {
                    str(held.getResource().getName()): number(held.getWork().getDuration())
                    for held in assigned
                    if held.getWork() is not None and held.getResource().getType() == WORK
                },
                "needs": sorted(
                    str(link.getPredecessorTask().getText(30) or link.getPredecessorTask().getActivityID())
                    for link in task.getPredecessors()
                ),
            }
        )
    return found


project = jpype.JClass("org.mpxj.reader.UniversalProjectReader")().read(sys.argv[1])
before = tasks(project)
after = []
if "--schedule" in sys.argv:
    jpype.JClass("org.mpxj.cpm.MicrosoftScheduler")().schedule(project, project.getProjectProperties().getStartDate())
    after = tasks(project)
properties = project.getProjectProperties()
json.dump(
    {
        "read": before,
        "scheduled": after,
        "title": str(properties.getProjectTitle()),
        "status": str(properties.getStatusDate() or ""),
        "money": money(project),
        "people": people(project),
    },
    sys.stdout,
)
