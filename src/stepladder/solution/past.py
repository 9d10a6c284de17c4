"""Whether the past that a plan states and its starts agree; part of the verifier, and like it without any search."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.data.plan import Plan
from stepladder.errors import Fault


def progress(plan: Plan) -> Iterator[Fault]:
    """Faults of what is said to be done, running or cancelled."""
    labels = [period.label for period in plan.problem.periods]
    if plan.as_of is not None and plan.as_of not in labels:
        yield Fault("progress", "as_of", f"{plan.as_of!r} is no period of the plan")
        return
    if plan.as_of is None and plan.progress:
        yield Fault("progress", "as_of", "some steps are said to have begun, but not until when things have happened")
    now = 0 if plan.as_of is None else labels.index(plan.as_of)
    durations = {step.id: step.duration for step in plan.problem.steps}
    for name, told in plan.progress.items():
        start = plan.starts.get(name)
        finish = None if start is None or name not in durations else start + durations[name] - 1
        fits = {
            "done": finish is not None and finish < now,
            "running": start is not None and finish is not None and start < now <= finish,
            "cancelled": start is None,
        }[told.state]
        if name not in durations or not fits or (told.started, told.finished) != (start, finish):
            yield Fault("progress", name, f"{name} is said to be {told.state} and does not stand so in the plan")
    for name, start in plan.starts.items():
        if start < now and name not in plan.progress:
            yield Fault("progress", name, f"{name} starts in period {start}, which is past, and it is not said to be done or running")
