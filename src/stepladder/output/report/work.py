"""Sections with charts of the work itself: the roadmap over time, what needs what, and the levels that it reaches."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import replace

from stepladder import graph
from stepladder.analysis.maturity import Levels, maturity, years_of
from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.steps import StepFacts, dependencies
from stepladder.data.formats.spread import shown
from stepladder.output.report.cells import Value, labels
from stepladder.output.report.document import Bar, Chart, Column, Gantt, Heat, Network, Section, Table
from stepladder.output.report.phases import phases
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.renewed import again
from stepladder.wording.text import clean
from stepladder.wording.words import standing, title

#: With more steps than this a chart shows groups of them, with more groups than that the largest of these; a network
#: has no more boxes, a chart no more milestones and kinds of bars.
DRAWN, GROUPS, BOXES, DUE, KINDS = 60, 30, 60, 12, 7


def roadmap(road: Roadmap) -> Section:
    """What is done when: a bar for each step, or how many are in work of each group where there are many; the steps
    as a table; and what begins in each period, with its reasons.
    """
    if not road.steps:
        return Section("roadmap", _("The roadmap"), (_("Nothing is planned."),))
    steps, periods = list(road.steps.values()), road.plan.problem.periods
    held: tuple[tuple[Column, list[Value]], ...] = (
        (Column(_("Step")), [title(step.title) + standing(road.plan, step.step.id) for step in steps]),
        (Column(_("System")), [clean(step.system or "") for step in steps]),
        (Column(_("From")), [periods[step.start] for step in steps]),
        (Column(_("To")), [periods[step.finish] for step in steps]),
        (Column(_("Once"), "money"), [step.once for step in steps]),
        (Column(_("Of that by period")), [_spread(road, step) for step in steps]),
        (Column(_("A year"), "money"), [step.step.per_year for step in steps]),
        (Column(_("Again")), [_again(road, step) for step in steps]),
        (Column(_("Person-days"), "amount"), [math.fsum(step.step.effort.values()) for step in steps]),
        (Column(_("Days a year"), "amount"), [math.fsum(step.step.effort_per_year.values()) for step in steps]),
        (Column(_("Owner")), [clean(step.owner or "") for step in steps]),
    )
    columns, values = zip(*((column, cells) for column, cells in held if any(cells)), strict=True)
    table = Table(_("Steps by start"), columns, tuple(zip(*values, strict=True)), "step")
    few = len(steps) <= DRAWN
    words = _(
        "{steps} over {periods}.",
        steps=numbers.count(len(steps), "step"),
        periods=numbers.count(road.plan.problem.horizon, "period"),
    )
    chart = Chart(
        "roadmap",
        _("Steps by fiscal year") if few else _("Steps in work"),
        words,
        _gantt(road) if few else _counts(road),
        (table,),
    )
    return Section("roadmap", _("The roadmap"), (chart, phases(road)))


def _spread(road: Roadmap, step: StepFacts) -> str:
    """How what a step costs once falls over its periods, where that is said and still to come."""
    return shown(step.step.spread) if road.plan.state(step.step.id) == "open" else ""


def _again(road: Roadmap, step: StepFacts) -> str:
    """What comes again once a step is finished, in words."""
    return again(step.step.renew, road.plan.problem.currency, road.plan.teams) if step.step.renew else ""


def _gantt(road: Roadmap) -> Gantt:
    plan = road.plan
    parameters = {parameter.id: parameter for parameter in plan.context.parameters} if plan.context else {}
    entries = plan.context.steps if plan.context else {}

    def kind(step: StepFacts) -> str:
        """The first group of a step's parameter; empty where it has none."""
        parameter = parameters.get(entries[step.step.id].parameter) if step.step.id in entries else None
        return clean(parameter.groups[0]) if parameter is not None and parameter.groups else ""

    bars = tuple(
        Bar(title(step.title) + _standing(road, step), step.start, step.finish, kind(step), step.state == "done")
        for step in road.steps.values()
    )
    if len({bar.kind for bar in bars}) > KINDS:
        bars = tuple(replace(bar, kind="") for bar in bars)
    kinds = tuple(dict.fromkeys(bar.kind for bar in bars))
    phases = tuple((clean(year.label), year.from_, year.to) for year in years_of(plan))
    dated = [
        (title(milestone.title), milestone.date)
        for milestone in (plan.context.milestones[:DUE] if plan.context else ())
    ]
    points = tuple((name, at) for name, date in dated if (at := _place(road, date)) is not None)
    return Gantt(
        labels(plan.problem.periods),
        phases if len(phases) < plan.problem.horizon else (),
        bars,
        points,
        kinds,
        None if plan.as_of is None else plan.now,
    )


def _standing(road: Roadmap, step: StepFacts) -> str:
    """What a step's bar says beside its title: whether it is done or running, and whether it is late for a date."""
    end = road.plan.problem.periods[step.finish].end
    late = end is not None and any(end > date for date in step.missed)
    known = standing(road.plan, step.step.id)
    if not late:
        return known
    return f"{known[:-1]}, {_('late')})" if known else f" ({_('late')})"


def _place(road: Roadmap, date: datetime.date) -> float | None:
    """A date in periods from the beginning of the first; None outside the horizon."""
    for t, period in enumerate(road.plan.problem.periods):
        if period.start is not None and period.end is not None and period.start <= date <= period.end:
            return t + ((date - period.start).days + 1) / ((period.end - period.start).days + 1)
    return None


def _groups(road: Roadmap) -> dict[str, list[StepFacts]]:
    """Steps by system; where there is only one, by practice."""
    several = len({step.system for step in road.steps.values()}) > 1
    context = road.plan.context
    practices = {parameter.id: clean(parameter.practice) for parameter in context.parameters} if context else {}
    groups: dict[str, list[StepFacts]] = {}
    for step in road.steps.values():
        entry = context.steps.get(step.step.id) if context else None
        practice = practices.get(entry.parameter, _("Other")) if entry else _("Other")
        groups.setdefault(clean(step.system or _("For all systems")) if several else practice, []).append(step)
    return groups


def _counts(road: Roadmap) -> Heat:
    """How many steps of each group are in work in each period, the largest groups first."""
    horizon = road.plan.problem.horizon
    groups = _groups(road)
    ordered = sorted(groups, key=lambda name: (-len(groups[name]), name))
    rows = [_count_row(name, groups[name], horizon) for name in ordered[:GROUPS]]
    if ordered[GROUPS:]:
        others = [step for name in ordered[GROUPS:] for step in groups[name]]
        rows.append(_count_row(_("{count} more", count=numbers.whole(len(ordered) - GROUPS)), others, horizon))
    most = max(value or 0 for row in rows[:GROUPS] for value in row[2])
    return Heat((), labels(road.plan.problem.periods), tuple(rows), most)


def _count_row(name: str, steps: Sequence[StepFacts], horizon: int) -> tuple[str, str, tuple[int | None, ...]]:
    return "", name, tuple(sum(step.start <= t <= step.finish for step in steps) or None for t in range(horizon))


# -- levels ------------------------------------------------------------------------------------------------------------


def levels(road: Roadmap) -> Section | None:
    """Maturity now, after each year and as wanted; of many systems, how many are where they should be."""
    parameters = maturity(road.plan)
    if not parameters:
        return None
    systems = list(dict.fromkeys(one.parameter.system for one in parameters if one.parameter.system))
    years = [clean(year.label) for year in years_of(road.plan)]
    scales = list(dict.fromkeys(one.parameter.scale for one in parameters))
    columns = (_("Now"), *years, _("Target") if len(systems) <= 1 else _("Of"))
    spans = tuple((clean(scale), len(columns)) for scale in scales)
    places = [(" / ".join(map(clean, one.parameter.groups[:1])), clean(one.parameter.practice)) for one in parameters]
    rows = []
    for group, practice in dict.fromkeys(places):
        here = [one for one, place in zip(parameters, places, strict=True) if place == (group, practice)]
        cells: list[int | None] = []
        for scale in scales:
            mine = [one for one in here if one.parameter.scale == scale]
            cells += _cells(mine, len(years), several=len(systems) > 1) if mine else [None] * len(columns)
        rows.append((group, practice, tuple(cells)))
    wanted = frozenset(k * len(columns) + len(columns) - 1 for k in range(len(scales)))
    names = {
        clean(one.parameter.scale): {int(level): clean(name) for level, name in one.parameter.levels.items()}
        for one in reversed(parameters)
    }
    most = max((value for row in rows for value in row[2] if value is not None), default=0)
    key: tuple[str, ...] = ()
    if len(systems) > 1:
        lead = _(
            "How many of {systems} (and of what they share) have reached their target, now and after each year.",
            systems=numbers.count(len(systems), "system"),
        )
        words = _("Systems that have reached their target, by practice and scale.")
    else:
        lead = _("Levels of every practice on each scale: now, after each year, and the target.")
        words, key = (
            _("Maturity levels by practice and scale."),
            tuple(_key(scale, names[scale]) for scale in map(clean, scales) if names[scale]),
        )
        most = max([most, *(level for by_level in names.values() for level in by_level)])
    heading = _("Maturity")
    chart = Chart("maturity", heading, words, Heat(spans, columns * len(scales), tuple(rows), most, key, wanted), ())
    return Section("maturity", heading, (lead, chart))


def _key(scale: str, names: dict[int, str]) -> str:
    return f"{scale}: {', '.join(f'{level} {names[level]}' for level in sorted(names))}"


def _cells(mine: Sequence[Levels], years: int, *, several: bool) -> list[int | None]:
    """One parameter's levels; or of many, how many are at their target."""
    if not several:
        one = mine[0]
        return [one.now, *one.by_year, one.parameter.target]
    now = sum(one.now >= one.parameter.target for one in mine)
    return [now, *(sum(one.by_year[k] >= one.parameter.target for one in mine) for k in range(years)), len(mine)]


# -- needs -------------------------------------------------------------------------------------------------------------


def needs(road: Roadmap) -> Section | None:
    """What needs what among the planned steps, from left to right, and the longest chain."""
    starts = road.plan.starts
    edges = dependencies(road.plan.problem, starts)
    if not edges:
        return None
    durations = {step.id: step.duration for step in road.plan.problem.steps}
    ends = {name for edge in edges for name in edge}
    tied = [name for name in road.steps if name in ends]
    chain = graph.longest_chain(tied, edges, durations)
    kept = set(chain if len(tied) > BOXES else tied)
    names = [name for name in tied if name in kept]
    lines = [(a, b) for a, b in edges if a in kept and b in kept]
    redundant = set(graph.redundant(lines))
    lines = [edge for edge in lines if edge not in redundant]
    layers = graph.layers(names, lines)
    place = {name: k for k, name in enumerate(names)}
    boxes = tuple((title(road.steps[name].title), *layers[name]) for name in names)
    drawing = Network(boxes, tuple((place[b], place[a]) for a, b in lines), frozenset(place[name] for name in chain))
    rows = tuple(
        (title(road.steps[a].title), title(road.steps[b].title))
        for a, b in sorted(lines, key=lambda edge: (place[edge[0]], place[edge[1]]))
    )
    table = Table(_("What needs what"), (Column(_("Step")), Column(_("Needs first"))), rows, "need")
    length = sum(durations[name] for name in chain)
    lead = _(
        "The longest chain has {steps} and {periods} of work.",
        steps=numbers.count(len(chain), "step"),
        periods=numbers.count(length, "period"),
    )
    if len(tied) > BOXES:
        alone = _(
            "It is drawn alone, of {needs} among {steps}.",
            needs=numbers.count(len(edges), "need"),
            steps=numbers.count(len(tied), "step"),
        )
        lead = f"{lead} {alone}"
    words = _(
        "Steps from left to right, each after what it needs: {chain} is the longest chain.",
        chain=" → ".join(title(road.steps[name].title) for name in chain),
    )
    return Section(
        "needs",
        _("What needs what"),
        (lead, Chart("needs", _("Needs among the planned steps"), words, drawing, (table,))),
    )
