"""A plan read whole: its steps with their reasons, its losses by threat, and what each limit holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from stepladder.analysis.steps import StepFacts, facts, today
from stepladder.data.formats.problem import MONEY, Window
from stepladder.evaluate import Ledger, losses

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


@dataclass(frozen=True)
class WindowUse:
    """One limit and how much of it the plan uses."""

    window: Window
    used: float

    @property
    def room(self) -> float:
        """What is left."""
        return self.window.limit - self.used


@dataclass(frozen=True)
class Roadmap:
    """Everything that is shown of a plan, recomputed from its starts.

    Attributes
    ----------
    plan
        The plan.
    steps
        Planned steps by id, by start.
    losses
        Expected loss per year by threat id: one value for each period, then the tail.
    used
        By resource: what each period uses; of past periods the money that was truly spent, running cost first.
    windows
        Every limit, in the order of the problem.
    """

    plan: Plan
    steps: dict[str, StepFacts]
    losses: dict[str, list[float]]
    used: dict[str, list[float]]
    windows: tuple[WindowUse, ...]

    @property
    def at_first(self) -> float:
        """Expected loss per year before anything of the plan was done."""
        return math.fsum(threat.expected_loss_per_year for threat in self.plan.problem.threats)

    @cached_property
    def today(self) -> float:
        """Expected loss per year with what is in place today: in the first period that can still be decided."""
        return math.fsum(self.today_by_threat.values())

    @cached_property
    def today_by_threat(self) -> dict[str, float]:
        """The same by threat."""
        return today(self.plan)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of planned steps by id."""
        return {name: step.title for name, step in self.steps.items()}

    @cached_property
    def systems(self) -> list[str | None]:
        """Systems that planned steps belong to, in the order in which the problem names them."""
        return list(
            dict.fromkeys(self.steps[step.id].system for step in self.plan.problem.steps if step.id in self.steps)
        )

    @property
    def spent(self) -> float:
        """What was spent in the periods that are past, without what was promised before."""
        return math.fsum(map(self.plan.money, range(self.plan.now)))

    @property
    def open(self) -> list[StepFacts]:
        """Planned steps that can still be decided, by start."""
        return [step for step in self.steps.values() if self.plan.state(step.step.id) == "open"]

    @property
    def to_approve(self) -> float:
        """What open steps, and policies whose year has not begun, cost within the horizon."""
        ledger, begun = Ledger(self.plan.problem), self.plan.begun
        still = ((ledger.steps[name], start) for name, start in self.plan.decided.items() if name not in begun)
        return ledger.amount(sum(sum(ledger.use(step, start, "money")) for step, start in still), "money")

    @property
    def going_on(self) -> float:
        """What steps that are done or running still cost within the horizon."""
        return math.fsum(period.spend for period in self.plan.periods[self.plan.now :]) - self.to_approve

    @property
    def teams(self) -> list[str]:
        """Teams that some step needs or some limit names, sorted."""
        problem = self.plan.problem
        needed = {team for step in problem.steps for team in step.teams}
        return sorted(needed | {window.resource for window in problem.windows} - set(MONEY))

    def limited(self, resource: str) -> bool:
        """Whether any limit holds for a resource."""
        return any(use.window.resource == resource for use in self.windows)

    def most(self, resource: str, t: int) -> float | None:
        """The most that the limits leave for period ``t`` after what the periods before it use, with nothing kept
        for later ones.
        """
        used = self.used[resource]
        rooms = [
            use.window.limit - math.fsum(used[use.window.from_ : t])
            for use in self.windows
            if use.window.resource == resource and use.window.from_ <= t <= use.window.to
        ]
        return min(rooms, default=None)

    def applies(self, resource: str, t: int) -> WindowUse | None:
        """The limit that leaves the least room among those that end with period ``t``, else among those that contain
        it.
        """
        around = [
            use for use in self.windows if use.window.resource == resource and use.window.from_ <= t <= use.window.to
        ]
        ending = [use for use in around if use.window.to == t]
        return min(ending or around, key=lambda use: (use.room, use.window.to - use.window.from_), default=None)


def read(plan: Plan) -> Roadmap:
    """Read a plan that has been verified."""
    ledger = Ledger(plan.problem)
    units = {resource: ledger.total(plan.decided, resource) for resource in ledger.resources}
    windows = tuple(
        WindowUse(window, ledger.amount(sum(units[window.resource][window.from_ : window.to + 1]), window.resource))
        for window in plan.problem.windows
    )
    used = {
        resource: [ledger.amount(amount, resource) for amount in by_period] for resource, by_period in units.items()
    }
    for t in range(plan.now if plan.spent else 0):
        spent = plan.money(t)
        running = max(0.0, min(used[MONEY[2]][t], spent))
        used[MONEY[0]][t], used[MONEY[1]][t], used[MONEY[2]][t] = spent, spent - running, running
    return Roadmap(plan, facts(plan), losses(plan.problem, plan.decided), used, windows)
