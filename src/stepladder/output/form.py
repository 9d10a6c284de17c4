"""The form to fill in after some months: what was planned until then, as actuals in YAML, each with its planned values
as a comment. As it stands it says that all has gone as planned.
"""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.analysis.steps import StepFacts, facts
from stepladder.data.actuals import FORMAT, scalar
from stepladder.data.formats import money
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
#   spent      what it has cost once, in all, where that is not as planned
#   reason     why, in words
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
    cost = numbers.cost(step.step.once, step.step.per_year, plan.problem.currency)
    effort = numbers.effort(step.step.effort, plan.teams)
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


def _comment(text: str) -> str:
    """One line that ends no comment."""
    return " ".join(clean(text).split())
