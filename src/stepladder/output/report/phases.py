"""The roadmap by fiscal year and period: what starts when, what it costs, and why it stands there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from stepladder.analysis.maturity import years_of
from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.steps import StepFacts
from stepladder.data.formats.places import Year
from stepladder.data.formats.plan import Plan
from stepladder.output.report.document import DETAILED, Group, Item, Items, Phase, Phases
from stepladder.wording import numbers
from stepladder.wording.language import _, plural
from stepladder.wording.levels import levelled
from stepladder.wording.text import clean
from stepladder.wording.words import end, purposes, sentence, span, standing, title

#: With more than ``DETAILED`` steps, so many of a system's are named in a period, and so many systems.
NAMED = 12


def phases(road: Roadmap) -> Phases:
    """Every period in which something starts, under its fiscal year."""
    return Phases(tuple(phase for year in years_of(road.plan) for phase in _year(road, year)))


def _year(road: Roadmap, year: Year) -> Iterator[Phase]:
    plan = road.plan
    inside = [step for step in road.steps.values() if year.from_ <= step.start <= year.to]
    said = ""
    if plan.context and plan.context.years:
        said = _spending(plan, year, _starting(len(inside)))
    for t in sorted({step.start for step in inside}):
        starting = [step for step in inside if step.start == t]
        period = plan.problem.periods[t]
        heading = f"{span(period, period)}: {_starting(len(starting))}"
        yield Phase(said, heading, tuple(_groups(road, starting)))


def _spending(plan: Plan, year: Year, steps: str) -> str:
    """A year, how many steps start in it, and its money; of a roadmap that has begun, what is spent and to come."""
    times = range(year.from_, year.to + 1)
    parts = [[t for t in times if t < plan.now], [t for t in times if t >= plan.now]]
    past, rest = (numbers.money(math.fsum(map(plan.money, part)), plan.problem.currency) for part in parts)
    said = {"year": clean(year.label), "steps": steps}
    if plan.now == 0 or not parts[1]:
        return _("{year}: {steps}, {money} spent", money=past if plan.now else rest, **said)
    if parts[0]:
        return _("{year}: {steps}, {money} spent and {rest} to come", money=past, rest=rest, **said)
    return _("{year}: {steps}, {money} to come", money=rest, **said)


def _starting(number: int) -> str:
    return plural("{steps} starts", "{steps} start", number, steps=numbers.count(number, "step"))


def _groups(road: Roadmap, starting: Sequence[StepFacts]) -> Iterator[Group]:
    by_system: dict[str | None, list[StepFacts]] = {}
    for step in starting:
        by_system.setdefault(step.system, []).append(step)
    reasons, present = len(road.steps) <= DETAILED, [system for system in road.systems if system in by_system]
    for place, system in enumerate(present):
        mine = by_system[system]
        if not reasons and place >= NAMED:
            # Of those no renderer says more than how many they are.
            yield Group("", "", Items((), "step", len(mine)))
            continue
        prefix = _prefix(system, mine)
        once = numbers.money(math.fsum(step.once for step in mine), road.plan.problem.currency)
        yield Group(
            title(prefix.removesuffix(": ") or system or ""),
            _("{steps}, {money} once", steps=numbers.count(len(mine), "step"), money=once),
            entries(road, mine, prefix, reasons=reasons),
        )


def _prefix(system: str | None, steps: Sequence[StepFacts]) -> str:
    """``Line 1: `` when all titles of a system begin with it."""
    head, colon, _ = steps[0].title.partition(": ")
    return head + colon if system and colon and all(step.title.startswith(head + colon) for step in steps) else ""


def entries(road: Roadmap, steps: Sequence[StepFacts], prefix: str = "", *, reasons: bool = True) -> Items:
    """Steps with their cost, their work, their end and their reasons; titles without what all begin with. Without
    reasons the first few are enough.
    """
    shown = steps if reasons else steps[:NAMED]
    return Items(tuple(_entry(road, step, prefix, reasons=reasons) for step in shown), "step", len(steps))


def _entry(road: Roadmap, step: StepFacts, prefix: str, *, reasons: bool) -> Item:
    problem = road.plan.problem
    cost = numbers.cost(step.once, step.step.per_year, problem.currency)
    work = numbers.effort(step.step.effort, road.plan.teams, step.step.effort_per_year)
    parts = [cost, *([work] if work else []), _("finished by {day}", day=end(problem.periods[step.finish]))]
    if step.owner:
        parts.append(_("{name} answers for it", name=title(step.owner)))
    return Item(
        levelled(road.plan, step.step, step.title.removeprefix(prefix)) + standing(road.plan, step.step.id),
        "; ".join(parts) + ".",
        reason=sentence(purposes(step, road.titles, problem.currency)) if reasons else "",
        brief=cost,
    )
