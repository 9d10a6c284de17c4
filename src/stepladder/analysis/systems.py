"""Of a plan for several systems, what each of them gets: money, loss before and after, levels, milestones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from stepladder.analysis.maturity import Levels, maturity, years_of
from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.slack import Slack, slack_of
from stepladder.data.formats.plan import Plan
from stepladder.evaluate import Ledger


@dataclass(frozen=True)
class SystemFacts:
    """One system; or, without an id, what all share.

    Attributes
    ----------
    id, title
        Its name in the file, None for what all share, and for people.
    planned, steps
        Ids of the planned steps, by start, and of all.
    money
        What they cost by fiscal year, in currency.
    afterwards
        What they go on costing a year after the horizon.
    before, after
        Expected loss a year today and with all in place, of the system's own threats; of what all share, of threats to
        the whole organisation.
    threats
        How many threats these are.
    levels
        Its practices, in the order of the file.
    milestones
        Those that take any step of it, each by these steps alone.
    """

    id: str | None
    title: str
    planned: tuple[str, ...]
    steps: tuple[str, ...]
    money: tuple[float, ...]
    afterwards: float
    before: float
    after: float
    threats: int
    levels: tuple[Levels, ...]
    milestones: tuple[Slack, ...]

    @property
    def cost(self) -> float:
        """Money within the horizon."""
        return math.fsum(self.money)

    @property
    def reached_now(self) -> int:
        """Practices that have their target today."""
        return sum(one.now >= one.parameter.target for one in self.levels)

    @property
    def reached(self) -> int:
        """Practices that have it with everything in place that is planned."""
        return sum(one.planned >= one.parameter.target for one in self.levels)


class _Split(NamedTuple):
    """The system of each step and of each threat, None for what all share; all levels; and the plan's ledger."""

    steps: Mapping[str, str | None]
    threats: Mapping[str, str | None]
    levels: tuple[Levels, ...]
    ledger: Ledger


def systems(road: Roadmap) -> tuple[SystemFacts, ...]:
    """Each system in the order of the file, and what all share where anything is; none where there is but one."""
    plan = road.plan
    of_step = system_by_step(plan)
    levels = maturity(plan)
    named = [*(one.parameter.system for one in levels), *of_step.values()]
    found = list(dict.fromkeys(system for system in named if system))
    if len(found) < 2:
        return ()
    of_threat = {threat.id: _before_slash(threat.id, found) for threat in plan.problem.threats}
    shared = None in {*of_step.values(), *of_threat.values(), *(one.parameter.system for one in levels)}
    parts: list[str | None] = [*found, *([None] if shared else [])]
    split = _Split(of_step, of_threat, levels, Ledger(plan.problem))
    return tuple(_facts(road, part, split) for part in parts)


def system_by_step(plan: Plan) -> dict[str, str | None]:
    """Of every step, planned or not, the system that it belongs to; None where all share it."""
    context = plan.context
    homes = {one.id: one.system for one in context.parameters} if context else {}
    entries = context.steps if context else {}
    return {
        step.id: homes.get(entries[step.id].parameter)
        if step.id in entries
        else (step.id.partition("/")[0] if "/" in step.id else None)
        for step in plan.problem.steps
    }


def _before_slash(name: str, found: list[str]) -> str | None:
    head, slash, _ = name.partition("/")
    return head if slash and head in found else None


def _facts(road: Roadmap, system: str | None, split: _Split) -> SystemFacts:
    plan, ledger = road.plan, split.ledger
    mine = tuple(name for name, home in split.steps.items() if home == system)
    planned = tuple(name for name in road.steps if split.steps[name] == system)
    units = ledger.total({name: plan.starts[name] for name in planned}, "money")
    threats = [name for name, home in split.threats.items() if home == system]
    titles = plan.context.systems if plan.context else {}
    inside = set(mine)
    return SystemFacts(
        id=system,
        title=titles.get(system, system) if system else "",
        planned=planned,
        steps=mine,
        money=tuple(
            ledger.amount(sum(units[year.from_ : min(year.to, plan.problem.horizon - 1) + 1]), "money")
            for year in years_of(plan)
        ),
        afterwards=float(sum(road.steps[name].step.a_year for name in planned)),
        before=math.fsum(road.today_by_threat[name] for name in threats),
        after=math.fsum(road.losses[name][-1] for name in threats),
        threats=len(threats),
        levels=tuple(one for one in split.levels if one.parameter.system == system),
        milestones=tuple(
            slack_of(plan, milestone, inside) for milestone in plan.milestones if inside.intersection(milestone.steps)
        ),
    )
