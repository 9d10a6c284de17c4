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
                "cost": number(task.getFixedCost()),
                "planned_cost": sum(number(held.getPlannedCost()) for held in assigned),
                "work": {
                    str(held.getResource().getName()): number(held.getWork().getDuration())
                    for held in assigned
                    if held.getWork() is not None
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
json.dump(
    {"read": before, "scheduled": after, "title": str(project.getProjectProperties().getProjectTitle())}, sys.stdout
)
