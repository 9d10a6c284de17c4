"""Achievements of a plan and of a question: which hold today, which can be reached, and from when a plan has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stepladder.data.formats.context import Context
from stepladder.data.formats.problem import Problem
from stepladder.data.reached import reached

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


@dataclass(frozen=True)
class Standing:
    """One achievement.

    Attributes
    ----------
    id, title, ref
        As it is written; ``ref`` is the model's own code, empty where there is none.
    today
        Whether it holds today.
    possible
        Whether the question has the steps that it takes.
    asked
        Whether somebody asks for it: as a target, in a milestone, or as what a step needs.
    by
        Last period from which it must hold; None where nobody says.
    since
        The period from which the plan has it; None where it does not, or there is no plan, or it holds today.
    """

    id: str
    title: str
    ref: str
    today: bool
    possible: bool
    asked: bool
    by: int | None
    since: int | None


def achieved(plan: Plan) -> dict[str, int]:
    """The achievements that a plan reaches, each with the period from which it holds."""
    done = {step.id: step.finish(plan.starts[step.id]) for step in plan.problem.steps if step.id in plan.starts}
    return reached(plan.problem, done)


def standings(problem: Problem, context: Context | None, since: Mapping[str, int] | None = None) -> list[Standing]:
    """Every achievement of a question, in its order.

    Parameters
    ----------
    problem, context
        The question, and what people want to know beside it: of a problem alone all are open.
    since
        From when a plan has which; None where there is no plan.
    """
    since = {} if since is None else since
    own = {item.id: item for item in problem.achievements}
    needed = {need.achievement for step in problem.steps for need in step.needs_achievements}
    told = {item.id: item for item in (context.achievements if context else ())}
    listed = []
    # A choice that only a step's needs speak of is nobody's achievement.
    for name in told or own:
        item, beside = own.get(name), told.get(name)
        listed.append(
            Standing(
                id=name,
                title=item.name if item else beside.title if beside else name,
                ref=beside.ref if beside else "",
                today=beside.today if beside else False,
                possible=item is not None or (beside is not None and beside.today),
                asked=(beside is not None and beside.asked)
                or name in needed
                or (item is not None and item.by is not None),
                by=item.by if item else None,
                since=since.get(name),
            )
        )
    return listed
