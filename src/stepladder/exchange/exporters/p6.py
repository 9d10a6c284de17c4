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
    """Activities with their dates, links, work and money, and what is past of all that. P6 knows money on assignments
    only, where Microsoft's file has it too.

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
    """Read, name the activities by their marks, say what was planned, write."""
    reader = jpype.JClass("org.mpxj.reader.UniversalProjectReader")()
    project = reader.read(str(before))
    kind = jpype.JClass("org.mpxj.ActivityType")
    for task in project.getTasks():
        name = str(task.getText(30) or "")
        task.setPlannedStart(task.getStart())
        task.setPlannedFinish(task.getFinish())
        task.setPlannedDuration(task.getDuration())
        if name in plan.by_id:
            task.setActivityID(plan.by_id[name].mark)
        if not task.hasChildTasks():
            task.setActivityType(kind.FINISH_MILESTONE if task.getMilestone() else kind.TASK_DEPENDENT)
    for resource in project.getResources():
        # What is assigned of money is what it costs; P6 would make it of units and prices, of which there are none.
        resource.setCalculateCostsFromUnits(False)
        _limit(jpype, resource)
    for assignment in project.getResourceAssignments():
        assignment.setCalculateCostsFromUnits(False)
        assignment.setPlannedCost(assignment.getCost())
        assignment.setPlannedWork(assignment.getWork())
        assignment.setPlannedStart(assignment.getStart())
        assignment.setPlannedFinish(assignment.getFinish())
    writer = jpype.JClass("org.mpxj.primavera.PrimaveraPMFileWriter")()
    writer.write(project, str(after))


def _limit(jpype: Any, resource: Any) -> None:
    """P6 keeps what there is of a team beside its prices, from a day on: prices of nothing, one for each period."""
    rates = jpype.JClass("org.mpxj.CostRateTable")()
    for entry in resource.getAvailability():
        span = entry.getRange()
        rates.add(jpype.JClass("org.mpxj.CostRateTableEntry")(span.getStart(), span.getEnd(), None))
    if len(rates):
        resource.setCostRateTable(0, rates)


FORMAT = Format("p6", "Primavera P6 (needs the p6 extra)", ".xml", p6)
