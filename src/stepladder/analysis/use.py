"""What a question's steps are good for: those that do nothing for any threat, by the practices that they raise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from stepladder.data.formats.context import Context
from stepladder.data.formats.problem import Problem
from stepladder.data.pointless import effective, pointless


@dataclass(frozen=True)
class Use:
    """What does nothing.

    Attributes
    ----------
    steps
        How many steps never pay: nobody demands them, nothing that is of use needs them.
    never_pay
        The practices that they raise, with the system where the practice is of use in another; of a bare problem the
        steps.
    only_asked
        Practices that take nothing off any threat either, though steps of theirs are demanded or needed.
    nothing_works
        No step at all takes anything off a threat or is worth anything else.
    """

    steps: int
    never_pay: tuple[str, ...]
    only_asked: tuple[str, ...]
    nothing_works: bool


def use_of(problem: Problem, context: Context | None = None) -> Use:
    """Which steps never pay, and which practices do nothing but serve others."""
    works, idle = effective(problem), pointless(problem)
    practice = _practices(problem, context)
    doing = {practice[name] for name in works}
    return Use(
        steps=len(idle),
        never_pay=_named([step.id for step in problem.steps if step.id in idle], practice, _systems(context), idle),
        only_asked=tuple(
            dict.fromkeys(
                name for step in problem.steps if step.id not in idle and (name := practice[step.id]) not in doing
            )
        ),
        nothing_works=not works and bool(problem.steps),
    )


def _named(
    names: Sequence[str], practice: Mapping[str, str], systems: Mapping[str, str], idle: Collection[str]
) -> tuple[str, ...]:
    of_use = {title for name, title in practice.items() if name not in idle}
    return tuple(
        dict.fromkeys(
            f"{practice[name]}, {systems[name]}" if practice[name] in of_use and systems.get(name) else practice[name]
            for name in names
        )
    )


def _systems(context: Context | None) -> dict[str, str]:
    """By step the system that it belongs to; of shared steps none."""
    systems = {parameter.id: parameter.system or "" for parameter in context.parameters} if context else {}
    return {name: systems.get(entry.parameter, "") for name, entry in context.steps.items()} if context else {}


def _practices(problem: Problem, context: Context | None) -> dict[str, str]:
    """By step the title of what it raises."""
    titles = {parameter.id: parameter.practice for parameter in context.parameters} if context else {}
    parameters = {name: titles.get(entry.parameter, "") for name, entry in context.steps.items()} if context else {}
    return {step.id: parameters.get(step.id) or step.name for step in problem.steps}
