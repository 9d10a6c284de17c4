"""Primavera P6's XML (PMXML), written by MPXJ from our own Microsoft Project XML; an extra, because MPXJ needs Java."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from stepladder.errors import UsageError
from stepladder.exchange.exporters.mspdi import mspdi
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown


def p6(plan: Breakdown) -> bytes:
    """Activities with their dates, links and work. P6 knows money on assignments only, so each step's investment stands
    on an expense of its own resource.

    Raises
    ------
    UsageError
        When MPXJ or Java is not there.
    """
    try:
        import jpype
        import mpxj  # puts its jars on the path
    except ImportError:
        raise UsageError(
            "Primavera's format needs MPXJ and Java; install them with: pip install 'stepladder[p6]', and a Java"
            " runtime of your system"
        ) from None
    del mpxj
    try:
        if not jpype.isJVMStarted():
            jpype.startJVM("-Djava.awt.headless=true")
    except (OSError, RuntimeError, ValueError) as error:  # it is not there, does not start, or is none that JPype knows
        raise UsageError(f"Primavera's format needs a Java runtime: {error}") from error
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "plan.xml", Path(folder) / "p6.xml"
        before.write_bytes(mspdi(plan))
        _convert(jpype, plan, before, after)
        return after.read_bytes()


def _convert(jpype: Any, plan: Breakdown, before: Path, after: Path) -> None:
    """Read, name the activities by their marks, put money where P6 keeps it, write."""
    reader = jpype.JClass("org.mpxj.reader.UniversalProjectReader")()
    project = reader.read(str(before))
    kind = jpype.JClass("org.mpxj.ActivityType")
    integer, double = jpype.java.lang.Integer, jpype.java.lang.Double
    money = project.addResource()
    money.setUniqueID(integer(len(plan.teams) + 1))
    money.setID(integer(len(plan.teams) + 1))
    money.setName("Investment")
    money.setType(jpype.JClass("org.mpxj.ResourceType").COST)
    number = sum(len(item.effort) for item in plan.items)
    for task in project.getTasks():
        name = str(task.getText(30) or "")
        task.setPlannedStart(task.getStart())
        task.setPlannedFinish(task.getFinish())
        task.setPlannedDuration(task.getDuration())
        if name not in plan.by_id or plan.by_id[name].state == "open":
            task.setRemainingDuration(task.getDuration())
        if name in plan.by_id:
            task.setActivityID(plan.by_id[name].mark)
            task.setActivityType(kind.TASK_DEPENDENT)
            cost, number = task.addResourceAssignment(money), number + 1
            cost.setUniqueID(integer(number))
            cost.setPlannedCost(double(plan.by_id[name].once))
            cost.setRemainingCost(double(plan.by_id[name].once * (1 - plan.by_id[name].complete)))
        elif not task.hasChildTasks():
            task.setActivityType(kind.FINISH_MILESTONE)
    writer = jpype.JClass("org.mpxj.primavera.PrimaveraPMFileWriter")()
    writer.write(project, str(after))


FORMAT = Format("p6", "Primavera P6 (needs the p6 extra)", ".xml", p6)
