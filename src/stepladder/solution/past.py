"""Whether the past that a plan states and its starts agree; part of the verifier, and like it without any search."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.data.formats.plan import Plan
from stepladder.data.reached import reached
from stepladder.errors import Fault


def missed(plan: Plan) -> Iterator[Fault]:
    """Faults of the deadlines that are said to be missed."""
    labels = [period.label for period in plan.problem.periods]
    milestones = {milestone.name: milestone for milestone in plan.milestones}
    durations = {step.id: step.duration for step in plan.problem.steps}
    known = {name: start for name, start in plan.starts.items() if name in durations}
    since = reached(plan.problem, {name: start + durations[name] - 1 for name, start in known.items()})
    for miss in plan.missed:
        name = miss.step or miss.milestone or ""
        named = (
            (miss.step,)
            if miss.step is not None
            else milestones[miss.milestone].steps
            if miss.milestone in milestones
            else ()
        )
        # What is cancelled is not waited for.
        steps = [step for step in named if step in durations and plan.state(step) != "cancelled"]
        held = milestones[miss.milestone].achievements if miss.milestone in milestones else ()
        if (miss.step is None) == (miss.milestone is None) or not (steps or held) or plan.as_of is None:
            yield Fault(
                "missed",
                name,
                "a missed deadline is that of one milestone or of one step of the plan, in a plan in which something"
                " has happened",
            )
            continue
        ends = [plan.starts[step] + durations[step] - 1 for step in steps if step in plan.starts]
        ends += [since[name] for name in held if name in since]
        last = labels[max(ends)] if ends else None
        if len(ends) < len(steps) + len(held) or (
            last != miss.earliest and (miss.proved or miss.earliest not in labels)
        ):
            yield Fault("missed", name, f"it is said to be met in {miss.earliest!r}, and the plan has it in {last!r}")
            continue
        end = plan.problem.periods[max(ends)].end
        asked = milestones[miss.milestone].date if miss.milestone in milestones else miss.by
        if miss.by != asked or (miss.by is not None and end is not None and end <= miss.by):
            yield Fault("missed", name, f"it is said to be due on {miss.by}, and that is not missed, or not its date")


def spent(plan: Plan) -> Iterator[Fault]:
    """Faults of what is said to have been spent: by past period, and of all of them."""
    past = [period.label for period in plan.problem.periods[: plan.now]]
    if plan.spent and [*plan.spent] != past:
        yield Fault(
            "spent", "spent", f"what was spent is to be said of {', '.join(past) or 'no period'}, in this order"
        )


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
        left = finish - now + 1 if told.state == "running" and finish is not None else None
        if told.remaining not in (None, left):
            yield Fault(
                "progress", name, f"{name} is said to need {told.remaining} more periods, and it needs {left or 0}"
            )
    for name, start in plan.starts.items():
        if start < now and name not in plan.progress:
            yield Fault(
                "progress",
                name,
                f"{name} starts in period {start}, which is past, and it is not said to be done or running",
            )
