"""The roadmap by fiscal year and period: what starts when, what it costs, and why it stands there."""

from __future__ import annotations

import math

from stepladder.analysis.maturity import years_of
from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.steps import StepFacts
from stepladder.data.formats.plan import Year
from stepladder.wording import numbers
from stepladder.wording.page import Page
from stepladder.wording.text import clean, shortened
from stepladder.wording.words import end, purposes, sentence, span, standing, title

#: With more planned steps than this each one gets a single line,
DETAILED = 60
#: a period shows so many of them, shared out among its systems,
SHOWN = 12
#: and with more systems than this, one line for each system.
HEADED = 4


def phases(page: Page, road: Roadmap) -> None:
    """Every period in which something starts, under its fiscal year."""
    page.heading("THE ROADMAP")
    if not road.steps:
        page.say("Nothing is planned.", 2)
    for year in years_of(road.plan):
        inside = [step for step in road.steps.values() if year.from_ <= step.start <= year.to]
        if inside:
            page.blank()
            _year(page, road, year, inside)


def _year(page: Page, road: Roadmap, year: Year, inside: list[StepFacts]) -> None:
    plan = road.plan
    if plan.context and plan.context.years:
        spent = math.fsum(period.spend for period in plan.periods[year.from_ : year.to + 1])
        page.say(
            f"{clean(year.label)}: {_starting(len(inside))}, {numbers.money(spent, plan.problem.currency)} spent",
            kind="bold",
        )
    for t in sorted({step.start for step in inside}):
        starting = [step for step in inside if step.start == t]
        period = plan.problem.periods[t]
        page.blank()
        page.say(f"{span(period, period)}: {_starting(len(starting))}", 2, kind="bold")
        _period(page, road, starting)


def _starting(number: int) -> str:
    return f"{numbers.count(number, 'step')} start{'s' if number == 1 else ''}"


def _period(page: Page, road: Roadmap, starting: list[StepFacts]) -> None:
    by_system: dict[str | None, list[StepFacts]] = {}
    for step in starting:
        by_system.setdefault(step.system, []).append(step)
    systems = {name: by_system[name] for name in road.systems if name in by_system}
    detailed = len(road.steps) <= DETAILED
    if not detailed and len(systems) > HEADED:
        _fleet(page, road, systems)
        return
    shown = len(road.steps) if detailed else SHOWN // len(systems)
    for system, mine in systems.items():
        prefix = _prefix(system, mine)
        if system:
            page.say(f"{_name(system, prefix)}:", 4, kind="dim", most=2)
        for step in mine[:shown]:
            (_detailed if detailed else _brief)(page, road, step, prefix)
        if len(mine) > shown:
            page.say(f"… and {len(mine) - shown:,} more (show --csv steps)", 4)


def _name(system: str, prefix: str) -> str:
    return title(prefix.removesuffix(": ") or system)


def _fleet(page: Page, road: Roadmap, systems: dict[str | None, list[StepFacts]]) -> None:
    """One line for each system."""
    for system, mine in list(systems.items())[:SHOWN]:
        prefix = _prefix(system, mine)
        name = shortened(_name(system, prefix), 30) if system else "For all"
        once = numbers.money(math.fsum(step.step.once for step in mine), road.plan.problem.currency)
        first = title(mine[0].title.removeprefix(prefix))
        page.say(
            f"{name}: {numbers.count(len(mine), 'step')}, {once} once: {first}{', …' if len(mine) > 1 else ''}",
            4,
            mark="- ",
            most=1,
        )
    rest = list(systems.values())[SHOWN:]
    if rest:
        page.say(f"… and {numbers.count(sum(map(len, rest)), 'step')} in {numbers.count(len(rest), 'more system')}", 4)
    page.say("(every step: show --csv steps)", 4, kind="dim")


def _prefix(system: str | None, steps: list[StepFacts]) -> str:
    """``Line 1: `` when all titles of a system begin with it."""
    head, colon, _ = steps[0].title.partition(": ")
    return head + colon if system and colon and all(step.title.startswith(head + colon) for step in steps) else ""


def _brief(page: Page, road: Roadmap, step: StepFacts, prefix: str) -> None:
    name = title(step.title.removeprefix(prefix)) + standing(road.plan, step.step.id)
    text = f"{numbers.cost(step.step.once, step.step.per_year, road.plan.problem.currency)}: {name}"
    page.say(text, 4, mark="- ", most=1)


def _detailed(page: Page, road: Roadmap, step: StepFacts, prefix: str) -> None:
    problem = road.plan.problem
    page.say(
        title(step.title.removeprefix(prefix)) + standing(road.plan, step.step.id), 4, mark="- ", kind="bold", most=2
    )
    work = numbers.effort(step.step.effort, road.plan.teams)
    parts = [
        numbers.cost(step.step.once, step.step.per_year, problem.currency),
        *([work] if work else []),
        f"finished by {end(problem.periods[step.finish])}",
    ]
    owner = f"; {title(step.owner)} answers for it" if step.owner else ""
    page.say("; ".join(parts) + owner + ".", 6)
    titles = {name: other.title for name, other in road.steps.items()}
    page.say(sentence(purposes(step, titles, problem.currency)), 6)
