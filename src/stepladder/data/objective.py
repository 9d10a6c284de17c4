"""What is minimised: which of loss, points and money comes first, which second, and the words for it. The one home of
the choice between objectives.

The verifier's arithmetic (``solution.recount``, ``solution.left_out``) and the brute force of the tests have their own,
on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from stepladder.data.formats.problem import Objective as Name
from stepladder.data.formats.problem import Problem, Step

#: What worth is counted in where nobody knows losses; no currency.
POINTS = "points"

T = TypeVar("T")


@dataclass(frozen=True)
class Objective:
    """One of the objectives of a problem, R being what remains of losses, less worth, and S the money, both in currency
    of today. Where points count, R is the points taken negative, and nothing of the losses.

    Attributes
    ----------
    name
        As a problem has it.
    risk, spend
        Whether R, and whether S, is in the first criterion. With both there is no second one.
    points
        Whether R is in points: more of them is better, so that the value of a plan is what it is worth, taken negative.
    verb, noun
        What a plan does, and to what: it *leaves* less *loss*.
    title
        What is minimised, as a heading.
    more, better
        What an alternative has more of; what the better of two plans does.
    worse, equal
        Of a step that is left out, what it would do to the first criterion, or where it changes nothing there.
    """

    name: Name
    risk: bool
    spend: bool
    verb: str
    noun: str
    title: str
    more: str
    better: str
    worse: str
    equal: str
    points: bool = False

    def gains(self, step: Step) -> tuple[float, float]:
        """What a step is worth by this objective: once at its finish, and for every year in place."""
        return (0.0, step.points_per_year) if self.points else (step.value_once, step.value_per_year)

    def unit(self, currency: str) -> str:
        """What the first criterion is counted in, with the currency of a problem."""
        return POINTS if self.points else currency

    def shown(self, value: float) -> float:
        """A value of the first criterion as people read it: points are never negative."""
        return (-value or 0.0) if self.points else value

    @property
    def both(self) -> bool:
        """Whether R and S are minimised together."""
        return self.risk and self.spend

    def ordered(self, risk: T, spend: T) -> tuple[T, T]:
        """What belongs to R and what belongs to S, as first and second; not where they are one."""
        return (risk, spend) if self.risk else (spend, risk)

    def criteria(self, risk: float, spend: float) -> tuple[float, float]:
        """R and S as first and second criterion."""
        return (risk + spend, 0.0) if self.both else self.ordered(risk, spend)


OBJECTIVES: dict[str, Objective] = {
    objective.name: objective
    for objective in (
        Objective(
            "risk",
            risk=True,
            spend=False,
            verb="leave",
            noun="loss",
            title="Expected loss",
            more="more loss left",
            better="leaves {} less loss",
            worse="would leave {} more loss (present value)",
            equal="would remove no loss and cost {} (present value)",
        ),
        Objective(
            "spend",
            risk=False,
            spend=True,
            verb="cost",
            noun="money",
            title="Money",
            more="more money",
            better="costs {} less",
            worse="would cost {} more (present value) and nothing demands it",
            equal="would cost nothing and gain nothing",
        ),
        Objective(
            "net",
            risk=True,
            spend=True,
            verb="come to",
            noun="loss and money",
            title="Expected loss and money",
            more="more loss and money together",
            better="comes to {} less in loss and money",
            worse="would cost {} more than it saves (present value)",
            equal="would cost as much as it saves",
        ),
        Objective(
            "worth",
            risk=True,
            spend=False,
            verb="be worth",
            noun="worth",
            title="Worth",
            more="less worth",
            better="is worth {} more",
            worse="would be worth {} less (present value)",
            equal="would be worth no points and cost {} (present value)",
            points=True,
        ),
    )
}


def tells_losses(problem: Problem) -> bool:
    """Whether losses are worth a line: not where points stand in their place and no threat is known."""
    return bool(problem.threats) or not objective_of(problem).points


def objective_of(problem: Problem) -> Objective:
    """The objective that a problem names."""
    return OBJECTIVES[problem.objective]
