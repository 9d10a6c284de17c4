"""One neutral work breakdown from a plan: what every format and every tracker is given. Formats are functions of it
and of nothing else.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from stepladder.analysis.achieved import achieved
from stepladder.analysis.maturity import maturity, years_of
from stepladder.analysis.roadmap import Roadmap, read
from stepladder.analysis.steps import StepFacts, titles
from stepladder.data.formats.achieved import counting
from stepladder.data.formats.context import Milestone as Asked
from stepladder.data.formats.context import Parameter
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.objective import objective_of
from stepladder.errors import UsageError
from stepladder.exchange.days import on_or_after, on_or_before
from stepladder.exchange.items import Breakdown, Item, Left, Milestone, Need, Phase
from stepladder.exchange.names import mark_of, marks_of, names_of, slug
from stepladder.exchange.premiums import premiums
from stepladder.exchange.slices import Slice
from stepladder.exchange.workings import workings
from stepladder.wording import numbers
from stepladder.wording.assumptions import assumptions
from stepladder.wording.language import _
from stepladder.wording.left_out import left_out
from stepladder.wording.renewed import again
from stepladder.wording.summary import proof
from stepladder.wording.text import clean
from stepladder.wording.words import purposes, reason


class _Common(NamedTuple):
    """What all items are made with: days and phase by period; ids, titles and steps by step; titles of the groups by
    parameter.
    """

    days: Sequence[tuple[datetime.date, datetime.date]]
    phase_of: Sequence[int]
    ids: Mapping[str, str]
    names: Mapping[str, str]
    steps: Mapping[str, Step]
    groups: Mapping[str, tuple[str, ...]]


def _days(problem: Problem) -> list[tuple[datetime.date, datetime.date]]:
    """First and last day of each period."""
    dated = [(period.start, period.end) for period in problem.periods]
    days = [(start, end) for start, end in dated if start is not None and end is not None]
    if len(days) < len(dated):
        raise UsageError(
            "this plan has no dates, because its problem has none; plan a scenario, or give every period start and end"
        )
    return days


def breakdown(plan: Plan, system: str = "") -> Breakdown:
    """Break a verified plan down into items. Their ids begin with the plan's: several plans may be in one project.

    Parameters
    ----------
    plan
        The plan.
    system
        What the only system of the plan is called, so that its items keep their ids when the scenario gets more
        systems.

    Raises
    ------
    UsageError
        When the plan has no dates, or has systems of its own and one is given.
    """
    days = _days(plan.problem)
    road, before, (phases, phase_of) = read(plan), _before(plan, system), _phases(plan, days)
    ids = {step.id: before + step.id for step in plan.problem.steps}
    found, insured = _milestones(plan, phases, ids, before), tuple(premiums(plan, days, before, ids))
    dated = [*(milestone.id for milestone in found), *(premium.id for premium in insured)]
    marks = marks_of([*(ids[name] for name in road.steps), *dated])
    milestones = tuple(_marked(milestone, marks) for milestone in found)
    common = _common(plan, days, phase_of, ids)
    items = (_item(plan, facts, marks, milestones, common) for facts in road.steps.values())
    return Breakdown(
        id=plan.id or slug(plan.problem.title) or "plan",
        title=clean(plan.problem.title) or _("Plan"),
        currency=clean(plan.problem.currency),
        proof=proof(plan),
        phases=phases,
        items=tuple(sorted(items, key=lambda item: (item.phase, item.first, item.last))),
        milestones=milestones,
        periods=tuple(_slice(road, t, *days[t]) for t in range(plan.problem.horizon)),
        teams={name: numbers.team(name, plan.teams, begins=True) for name in road.teams},
        left=tuple(_left(plan, name, common) for name in plan.not_planned),
        parameters=_parameters(plan),
        assumptions=assumptions(plan),
        spend=plan.cost,
        loss_today=road.today,
        loss_after=plan.totals.tail_expected_loss_per_year,
        afterwards=(plan.afterwards, plan.afterwards_in_all),
        as_of=None if plan.as_of is None else plan.now,
        revision=plan.revision,
        worth=_worth(plan),
        systems=_systems(plan),
        premiums=tuple(replace(premium, mark=marks[premium.id]) for premium in insured),
        workings=workings(road, ids),
        road=road,
    )


def _parameters(plan: Plan) -> tuple[tuple[Parameter, int], ...]:
    return tuple((levels.parameter, levels.planned) for levels in maturity(plan))


def _worth(plan: Plan) -> float | None:
    return plan.totals.points_present_value if objective_of(plan.problem).points else None


def _systems(plan: Plan) -> dict[str, str]:
    return {name: clean(title) for name, title in (plan.context.systems if plan.context else {}).items()}


def _common(
    plan: Plan, days: Sequence[tuple[datetime.date, datetime.date]], phase_of: Sequence[int], ids: Mapping[str, str]
) -> _Common:
    groups = {
        parameter.id: tuple(map(clean, parameter.groups))
        for parameter in (plan.context.parameters if plan.context else ())
    }
    names, steps = titles(plan.problem), plan.problem.steps_by_id()
    return _Common(days, phase_of, ids, names, steps, groups)


def _left(plan: Plan, name: str, common: _Common) -> Left:
    cancelled = plan.state(name) == "cancelled"
    return Left(common.ids[name], clean(common.names[name]), left_out(plan, name), cancelled)


def _before(plan: Plan, system: str = "") -> str:
    """What all ids of a plan begin with; nothing where it has no id and no system is named."""
    if system and any("/" in step.id for step in plan.problem.steps):
        raise UsageError("--system names the only system, and this plan has several of its own; leave it out")
    return "".join(f"{name}/" for name in (plan.id, system) if name)


def _phases(plan: Plan, days: Sequence[tuple[datetime.date, datetime.date]]) -> tuple[tuple[Phase, ...], list[int]]:
    """Fiscal years where the plan knows them, else periods; and the phase of every period."""
    spans = [(year.label, year.from_, min(year.to, plan.problem.horizon - 1)) for year in years_of(plan)]
    ids = [f"{_before(plan)}phase/{name}" for name in names_of([label for label, _, _ in spans])]
    phases = tuple(
        Phase(name, mark_of(name), clean(label), days[first][0], days[last][1])
        for name, (label, first, last) in zip(ids, spans, strict=True)
    )
    return phases, [
        next(k for k, (_, first, last) in enumerate(spans) if first <= t <= last) for t in range(plan.problem.horizon)
    ]


def _milestones(plan: Plan, phases: Sequence[Phase], ids: Mapping[str, str], before: str) -> tuple[Milestone, ...]:
    milestones = []
    asked = plan.milestones
    # A title may be mended or translated, and the milestone is the same; only plans that do not know the key go by it.
    keys = names_of(
        [milestone.name for milestone in asked], [f"{milestone.title} {milestone.date}" for milestone in asked]
    )
    for milestone, key in zip(asked, keys, strict=True):
        name = f"{before}milestone/{key}"
        date, reason = _due(plan, milestone)
        phase = next((k for k, phase in enumerate(phases) if date <= phase.finish), len(phases) - 1)
        items = tuple(ids[step] for step in _leading(plan, milestone))
        late = plan.missed_of(milestone) is not None
        milestones.append(
            Milestone(name, "", clean(milestone.title), date, reason, phase, items, late, milestone.legal)
        )
    return tuple(milestones)


def _leading(plan: Plan, milestone: Asked) -> list[str]:
    """The planned steps that lead to a milestone: its own, and of its achievements those that count and are finished
    when these are reached.
    """
    since, inside = achieved(plan), counting(plan.problem.achievements)
    steps = plan.problem.steps_by_id()
    counted = {
        step
        for name in milestone.achievements
        for step in inside.get(name, ())
        if step in plan.starts and name in since and steps[step].finish(plan.starts[step]) <= since[name]
    }
    return (
        [name for name in plan.starts if name in milestone.steps or name in counted]
        if counted
        else [name for name in milestone.steps if name in plan.starts]
    )


def _due(plan: Plan, milestone: Asked) -> tuple[datetime.date, str]:
    """When a milestone is to be met, and why: one that is missed is met when it can be, since no tool would let its
    steps end after it.
    """
    late, labels = plan.missed_of(milestone), [period.label for period in plan.problem.periods]
    end = (
        plan.problem.periods[labels.index(late.earliest)].end if late is not None and late.earliest in labels else None
    )
    if end is None:
        return milestone.date, clean(milestone.reason)
    missed = _(
        "Missed: it was due on {due}, and can be met by {end}.", due=numbers.day(milestone.date), end=numbers.day(end)
    )
    return end, f"{missed} {clean(milestone.reason)}".strip()


def _marked(milestone: Milestone, marks: Mapping[str, str]) -> Milestone:
    return replace(milestone, mark=marks[milestone.id])


def _item(
    plan: Plan, facts: StepFacts, marks: Mapping[str, str], milestones: Sequence[Milestone], common: _Common
) -> Item:
    days, phase_of, ids, names, steps, groups = common
    name, step = facts.step.id, facts.step
    entry = plan.context.steps.get(name) if plan.context else None
    return Item(
        id=ids[name],
        mark=marks[ids[name]],
        step=name,
        title=clean(facts.title),
        system=clean(facts.system or ""),
        groups=groups.get(entry.parameter, ()) if entry else (),
        phase=phase_of[facts.start],
        start=on_or_after(days[facts.start][0]),
        finish=on_or_before(days[facts.finish][1]),
        first=facts.start,
        last=facts.finish,
        once=facts.once,
        per_year=step.per_year,
        effort={team: amount for team, amount in step.effort.items() if amount},
        owner=clean(facts.owner or ""),
        needs=tuple(_needs(plan, steps, name, ids)),
        reason=reason(purposes(facts, names, plan.problem.currency)),
        milestones=tuple(milestone.id for milestone in milestones if ids[name] in milestone.items),
        ref=clean(entry.ref or "") if entry else "",
        state=plan.state(name),
        complete={"done": 1.0, "running": (plan.now - facts.start) / step.duration}.get(plan.state(name), 0.0),
        invested=tuple(map(float, plan.invested(step))),
        late=_late(plan, name, days[facts.finish][1]),
        effort_per_year={team: amount for team, amount in step.effort_per_year.items() if amount},
        spread=step.spread if plan.state(name) == "open" else (),
        renew=step.renew if plan.state(name) == "open" else None,
        again=again(step.renew, plan.problem.currency, plan.teams) if step.renew else "",
    )


def _late(plan: Plan, name: str, finish: datetime.date) -> bool:
    """Whether a step finishes after a date of its own, or of a milestone that it leads to, that is missed."""
    steps = {milestone.name: milestone.steps for milestone in plan.milestones}
    return any(
        miss.by is not None and finish > miss.by and (miss.step == name or name in steps.get(miss.milestone or "", ()))
        for miss in plan.missed
    )


def _needs(plan: Plan, steps: Mapping[str, Step], name: str, ids: Mapping[str, str]) -> list[Need]:
    """All needs that the plan meets; of a group, the member that is finished first."""
    step, lags = steps[name], {}
    for need in step.needs:
        if need.step in plan.starts:
            lags[need.step] = need.lag
    for group in step.needs_any:
        meeting = [
            need
            for need in group
            if need.step in plan.starts and plan.starts[name] >= _finish(plan, steps, need.step) + need.lag
        ]
        if meeting:
            first = min(meeting, key=lambda need: (_finish(plan, steps, need.step), need.step))
            lags.setdefault(first.step, first.lag)
    return [Need(ids[other], lag) for other, lag in lags.items()]


def _finish(plan: Plan, steps: Mapping[str, Step], name: str) -> int:
    return steps[name].finish(plan.starts[name])


def _slice(road: Roadmap, t: int, start: datetime.date, finish: datetime.date) -> Slice:
    # Of several limits that end here, the one that leaves the least room.
    tightest: dict[str, tuple[int, float]] = {}
    for use in sorted((use for use in road.windows if use.window.to == t), key=lambda use: use.room):
        tightest.setdefault(use.window.resource, (use.window.from_, use.window.limit))
    limits = {resource: tightest[resource] for resource in road.used if resource in tightest}
    planned = road.plan.periods[t]
    used = {resource: by_period[t] for resource, by_period in road.used.items()}
    most = {team: max(0.0, amount) for team in road.teams if (amount := road.most(team, t)) is not None}
    return Slice(
        clean(planned.label),
        start,
        finish,
        used,
        limits,
        planned.expected_loss_per_year,
        money=road.plan.money(t),
        most=most,
        promised=road.plan.committed(t),
    )
