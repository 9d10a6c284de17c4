"""Steps that a plan leaves out, by what is in their way, as far as that is true of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stepladder.data.formats.problem import Step
from stepladder.data.unplanned import pays_never, rules_of

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan

#: ``room``: every start from some period on breaks a limit, and none before it is possible. ``needs``: it needs what is
#: not planned. ``rules``: every start breaks some rule. ``nothing``: it removes nothing and is worth nothing.
#: ``no_gain``: there is room, and the plan would be no better. ``stopped``: the search did not come to it.
OmittedWhy = Literal["room", "needs", "rules", "nothing", "no_gain", "stopped", "cancelled"]
WHYS: tuple[OmittedWhy, ...] = ("room", "needs", "rules", "nothing", "no_gain", "stopped", "cancelled")

_ROOM = frozenset(("money", "money_once", "money_per_year", "teams", "max_parallel"))
#: Rules that forbid the starts before some period and no others.
_BEFORE = frozenset(("earliest", "needs"))


@dataclass(frozen=True)
class Omitted:
    """One step that is not planned.

    Attributes
    ----------
    step
        The step.
    why
        See ``OmittedWhy``.
    rules
        Of ``room`` the limits of which every start breaks one, by name.
    since
        Of ``room`` the first period in which nothing else is in the way.
    """

    step: Step
    why: OmittedWhy
    rules: frozenset[str] = frozenset()
    since: int = 0


@dataclass(frozen=True)
class OmittedGroup:
    """Steps, in the order of the problem, that the same is in the way of."""

    why: OmittedWhy
    rules: frozenset[str]
    steps: tuple[Omitted, ...]


def omitted(plan: Plan) -> tuple[OmittedGroup, ...]:
    """Every step that is not planned, by reason; of limits the largest group first."""
    groups: dict[tuple[OmittedWhy, frozenset[str]], list[Omitted]] = {}
    for one in _every(plan):
        groups.setdefault((one.why, one.rules), []).append(one)
    found = [OmittedGroup(why, rules, tuple(steps)) for (why, rules), steps in groups.items()]
    return tuple(sorted(found, key=lambda group: (WHYS.index(group.why), -len(group.steps))))


def _every(plan: Plan) -> Iterator[Omitted]:
    steps = plan.problem.steps_by_id()
    for step in plan.problem.steps:
        if step.id in plan.starts:
            continue
        left = plan.not_planned[step.id]
        if plan.state(step.id) == "cancelled":
            yield Omitted(step, "cancelled")
        elif pays_never(plan.problem.objective, left.detail):
            yield Omitted(step, "nothing")
        elif left.reason == "search_stopped":
            yield Omitted(step, "stopped")
        elif left.reason == "worsens_objective":
            yield Omitted(step, "no_gain")
        elif any(need.step not in plan.starts for need in step.needs):
            yield Omitted(step, "needs")
        else:
            yield _blocked(plan, step, rules_of(left.detail), steps)


def _blocked(plan: Plan, step: Step, rules: frozenset[str], steps: dict[str, Step]) -> Omitted:
    """By limits where nothing else forbids any start from some period on."""
    done = [steps[need.step].finish(plan.starts[need.step]) + need.lag for need in step.needs]
    since, limits = max([0, step.earliest, *done]), rules - _BEFORE
    if limits and limits <= _ROOM and since <= plan.problem.horizon - step.duration:
        return Omitted(step, "room", limits, since)
    return Omitted(step, "rules")
