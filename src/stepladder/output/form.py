"""The form to fill in after some months: what was planned until then, as actuals in YAML, each with its planned values
as a comment. As it stands it says that all has gone as planned.
"""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.analysis.steps import StepFacts, facts
from stepladder.data.actuals import scalar
from stepladder.data.formats import money
from stepladder.data.formats.actuals import FORMAT
from stepladder.data.formats.plan import Plan
from stepladder.evaluate import losses
from stepladder.wording import numbers
from stepladder.wording.text import clean

_HEAD = """\
# What has happened until {label}. Correct what went otherwise, then: stepladder replan PLAN --actuals THIS
# Of a step:
#   status     done; running; slipped: not begun; cancelled: it will not be done
#   started    the period in which it began, where that is not as planned; finished: of one that is done, its last
#   remaining  of a step that is running: how many periods it still needs
#   spent      what it has cost once so far, where that is not as planned
#   to_come    of a step that is running: what it will still cost once, where that is not the rest of what was planned
#   reason     why, in words
"""


#: What else has happened, to be written in; nothing of it is planned.
_MORE = """\
#
# A threat that nobody had thought of, with what is in place now; the same steps help as against another one:
# new_threats:
#   NAME: {{title: …, expected_loss_per_year: …, like: THREAT}}   # or reduced_by: {{STEP: 30%}}
#
# Work that was done and that no step has, and what has been promised since; amount in all, effort in days by team:
# unplanned:
#   NAME: {{title: …, amount: …, effort: {{TEAM: …}}, from: {past}}}   # to: where it is more than one period
# committed:
#   NAME: {{title: …, amount: …, effort: {{TEAM: …}}, from: {label}}}
"""


def actuals_form(plan: Plan, now: int) -> str:
    """The form, of a verified plan, for all that was planned to begin before period ``now`` and was open or running
    when the plan was made.
    """
    label = plan.problem.periods[now].label
    lines = [
        *_HEAD.format(label=_comment(label)).splitlines(),
        *_milestones(plan, now),
        f"format: {FORMAT}",
        f"as_of: {scalar(label)}",
        *_steps(plan, now),
        *_spent(plan, now),
        *_threats(plan, now),
        *_levels(plan, now),
        *_MORE.format(past=_comment(scalar(_last(plan, now))), label=_comment(scalar(label))).splitlines(),
    ]
    return "\n".join(lines) + "\n"


def _milestones(plan: Plan, now: int) -> Iterator[str]:
    end = plan.problem.periods[now].start
    for milestone in plan.milestones:
        if end is not None and milestone.date < end:
            yield f"# Was due by {numbers.day(milestone.date)}: {_comment(milestone.title)}"


def _steps(plan: Plan, now: int) -> Iterator[str]:
    due = [step for step in facts(plan).values() if step.start < now and step.state in ("open", "running")]
    if not due:
        yield "# No step was planned to begin before then."
        yield "steps: {}"
        return
    yield "steps:"
    for step in sorted(due, key=lambda step: (step.start, step.step.id)):
        yield f"  # {_comment(step.title)}"
        yield f"  # {_planned(plan, step)}"
        yield f"  {scalar(step.step.id)}:"
        yield f"    status: {'done' if step.finish < now else 'running'}"


def _planned(plan: Plan, step: StepFacts) -> str:
    periods = plan.problem.periods
    first, last = periods[step.start].label, periods[step.finish].label
    when = first if first == last else f"{first} to {last}"
    cost = numbers.cost(step.once, step.step.per_year, plan.problem.currency)
    effort = numbers.effort(step.step.effort, plan.teams, step.step.effort_per_year)
    owner = f"{step.owner} answers for it" if step.owner else ""
    return _comment("; ".join(part for part in (when, cost, effort, owner) if part))


def _spent(plan: Plan, now: int) -> Iterator[str]:
    """The past periods about which nothing is known yet, with what is planned there."""
    if now == plan.now:
        return
    yield "#"
    yield "# Money spent by period, all in, as your books have it, where they are not as planned:"
    if any(map(plan.committed, range(plan.now, now))):
        yield "# (what was promised before the plan is in these amounts)"
    yield "# spent:"
    for t in range(plan.now, now):
        amount = plan.periods[t].spend + plan.committed(t)
        yield f"#   {scalar(plan.problem.periods[t].label)}: {money.text(amount, plan.problem.currency)}"


def _threats(plan: Plan, now: int) -> Iterator[str]:
    done = {name: start for name, start in plan.starts.items() if start < now}
    after = losses(plan.problem, done)
    if not plan.problem.threats:
        return
    yield "#"
    yield "# Expected loss a year of threats that are seen differently now, with what is in place now:"
    yield "# threats:"
    for threat in plan.problem.threats:
        loss = money.text(after[threat.id][now], plan.problem.currency)
        yield f"#   {scalar(threat.id)}: {{expected_loss_per_year: {loss}}}  # {_comment(threat.name)}"


def _levels(plan: Plan, now: int) -> Iterator[str]:
    """Where the practices stand by then, by the plan, that some step would raise, planned or not: who has looked may
    have found any of them.
    """
    if plan.context is None or not plan.context.parameters:
        return
    steps, raised = facts(plan), dict[str, list[int]]()
    for name, place in plan.context.steps.items():
        done = name in steps and steps[name].finish < now
        raised.setdefault(place.parameter, []).append(place.level if done else 0)
    yield "#"
    yield "# Levels that an assessment has found, where they are not those that follow from the steps:"
    yield "# levels:"
    for parameter in plan.context.parameters:
        if parameter.id in raised:
            level = max(parameter.current, *raised[parameter.id])
            yield f"#   {scalar(parameter.id)}: {level}  # wanted is {parameter.target}"


def _last(plan: Plan, now: int) -> str:
    """The last period that is past; the first one where none is."""
    return plan.problem.periods[max(0, now - 1)].label


def _comment(text: str) -> str:
    """One line that ends no comment."""
    return " ".join(clean(text).split())
