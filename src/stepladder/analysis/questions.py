"""What would change an answer most if it were known: the figures that nobody has looked up yet, by how much rests on
each.

A quick sensitivity, not a guess: of a plan (or of everything, where there is no plan yet) money, person-days and loss
are summed up again with half and with double of a figure. Figures that stand in one place are one figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stepladder.data.formats.context import Context, Parameter
from stepladder.data.formats.problem import MONEY, Problem, Step
from stepladder.data.formats.threat import Threat
from stepladder.data.objective import objective_of
from stepladder.evaluate import Ledger, Starts, over_time

#: So many are asked for: nobody answers more at once.
MOST = 3
#: So many steps are named by the first of them, more by what they reach.
FEW = 3
#: Less than this share of a sum is no question.
LEAST = 0.02

Kind = Literal["losses", "importance", "money", "days", "effect"]


@dataclass(frozen=True)
class Asked:
    """One thing to find out.

    Attributes
    ----------
    kind
        What an incident costs (``losses``), how much practices matter (``importance``), what steps cost (``money``) or
        take (``days``), or how far they help against a threat (``effect``).
    steps
        The steps that the figure is of.
    level
        What they all reach, as a level and its scale; empty where that differs, or there is one step.
    threat
        Title of the threat that it is about.
    taken
        What is taken here of the figure, summed up over its steps; of an effect, what its threat costs a year today.
    sum, least, most
        What the sum is with it, with half and with double of it: money in currency, person-days, or expected loss a
        year once everything is in place.
    breaks
        The first limit that the steps keep as they stand and break with double of it, as resource and label.
    at
        Where the figure stands; empty where none does.
    key
        Where an own one goes: a path that ``--set`` takes, or a column of a sheet; empty where there is neither.
    """

    kind: Kind
    steps: tuple[str, ...] = ()
    level: str = ""
    threat: str = ""
    taken: float = 0.0
    sum: float = 0.0
    least: float = 0.0
    most: float = 0.0
    breaks: tuple[str, str] | None = None
    at: str = ""
    key: str = ""


def questions(problem: Problem, context: Context | None, starts: Mapping[str, int]) -> tuple[Asked, ...]:
    """What to find out first, what bears most on the sums at the top.

    Parameters
    ----------
    problem, context
        The question.
    starts
        When steps start: those of a plan, or of everything as early as it can be.
    """
    asked = [*_missing(problem)]
    if context is not None:
        found = sorted(_figures(problem, context, starts), key=lambda one: (-one[0], one[1].at, one[1].steps))
        asked += [one for share, one in found if share >= LEAST]
    ledger = Ledger(problem)
    return tuple(replace(one, breaks=_breaks(ledger, starts, one)) for one in asked[:MOST])


def _missing(problem: Problem) -> Iterator[Asked]:
    """What is not there at all."""
    points = {step.points_per_year for step in problem.steps if step.points_per_year}
    if objective_of(problem).points and not problem.threats:
        yield Asked("losses", key="threats")
    if objective_of(problem).points and len(points) == 1 and len(problem.steps) > 1:
        yield Asked("importance", tuple(step.id for step in problem.steps if step.points_per_year), key="importance")


def _figures(problem: Problem, context: Context, starts: Mapping[str, int]) -> Iterator[tuple[float, Asked]]:
    """Every figure that is only illustrative, with the part of its sum that hangs on it."""
    ledger, steps = Ledger(problem), [step for step in problem.steps if step.id in starts]
    illustrative, written = _illustrative(context), _Written(context)
    places = {step.id: str(k) for k, step in enumerate(problem.steps)}
    money = {step.id: ledger.amount(ledger.whole(step, starts[step.id], "money"), "money") for step in steps}
    days = {step.id: math.fsum([*step.effort.values(), *step.effort_per_year.values()]) for step in steps}
    work = ("effort", "effort_per_year")
    for kind, fields, amounts in (("money", ("once", "per_year"), money), ("days", work, days)):
        total = math.fsum(amounts.values())
        if not total:
            continue
        groups: dict[str, list[tuple[Step, str]]] = {}
        for step in steps:
            known = [(at, field) for field in fields if (at := illustrative.get((places[step.id], field)))]
            if known and amounts[step.id]:
                # The field that says something, where both are nobody's own.
                field = next((field for _, field in known if getattr(step, field)), known[0][1])
                groups.setdefault(known[0][0], []).append((step, field))
        for at, members in groups.items():
            part = math.fsum(amounts[step.id] for step, _ in members)
            yield part / total, _of_steps(written, kind, members, (part, total), at)
    yield from _effects(problem, context, starts)


def _illustrative(context: Context) -> dict[tuple[str, str], str]:
    """Where figures of steps stand that are nobody's own: by the step's place and the field, the first of each."""
    found: dict[tuple[str, str], str] = {}
    for pointer, origin in context.origins.items():
        parts = pointer.split("/")
        if origin.illustrative and parts[1:2] == ["steps"] and len(parts) > 3:
            found.setdefault((parts[2], parts[3]), origin.at)
    return found


def _breaks(ledger: Ledger, starts: Starts, one: Asked) -> tuple[str, str] | None:
    """The first limit that a plan keeps, and breaks where the steps of a figure use twice as much."""
    if one.kind not in ("money", "days"):
        return None
    chosen = {step: starts[step] for step in one.steps}
    used: dict[str, tuple[list[int], list[int]]] = {}
    for window, limit in zip(ledger.problem.windows, ledger.limits, strict=True):
        name = window.resource
        if (name in MONEY) != (one.kind == "money"):
            continue
        if name not in used:
            used[name] = (ledger.total(starts, name), ledger.total(chosen, name))
        now, more = (sum(amounts[window.from_ : window.to + 1]) for amounts in used[name])
        if now <= limit < now + more:
            return name, window.label or "the horizon"
    return None


class _Written:
    """What a question's file says beside its numbers, looked up once for all figures."""

    def __init__(self, context: Context) -> None:
        self.steps = context.steps
        self.parameters = {one.id: one for one in context.parameters}
        #: The sheet that the scenario has, or nothing.
        self.sheet = next((file for origin in context.origins.values() if (file := _sheet(origin.at))), "")


def _of_steps(
    written: _Written, kind: str, members: Sequence[tuple[Step, str]], sums: tuple[float, float], at: str
) -> Asked:
    """A figure of steps, each with the field in which it stands, with what is taken of it and the sum that has it."""
    (part, total), steps = sums, [step for step, _ in members]
    entries = [written.steps[step.id] for step in steps if step.id in written.steps]
    reached = {
        _reached(written.parameters[entry.parameter], entry.level)
        for entry in entries
        if entry.parameter in written.parameters
    }
    return Asked(
        "money" if kind == "money" else "days",
        tuple(step.id for step in steps),
        level=next(iter(reached)) if len(reached) == 1 and len(steps) > FEW else "",
        taken=part,
        sum=total,
        least=total - part / 2,
        most=total + part,
        at=at,
        key=_own(written.sheet, kind, steps, members[0][1]),
    )


def _own(sheet: str, kind: str, steps: Sequence[Step], field: str) -> str:
    """Where an own figure goes: in the sheet, where the scenario has one, else in the scenario, of the first step."""
    if sheet:
        code = steps[0].id.rpartition(".")[0]
        return f"{sheet}, column {'Once' if kind == 'money' else 'Days'}" + (f", {code}" if len(steps) == 1 else "")
    names = [step.id.rpartition("/") for step in steps]
    if names[0][2].count(".") != 2:
        # A step of plain numbers stands in no scenario.
        return ""
    practice, scale, level = names[0][2].split(".")
    systems = {system for system, _, _ in names}
    where = f"systems.{names[0][0]}." if names[0][0] and len(systems) == 1 else ""
    same = len(steps) > 1 and {name.partition(".")[2] for _, _, name in names} == {f"{scale}.{level}"}
    own = f"effort.{next(iter(steps[0].effort))}" if field == "effort" else field
    return f"{where}costs.{'' if same else f'practices.{practice}.'}scales.{scale}.{level}.{own}"


def _sheet(at: str) -> str:
    """The sheet in which a figure stands; empty where it is no sheet."""
    file, mark, _ = at.partition("!")
    return file if mark else at.rsplit(":", 2)[0] if ".csv:" in at else ""


def _reached(parameter: Parameter, level: int) -> str:
    return f"{parameter.levels.get(str(level), str(level))} ({parameter.scale})"


def _effects(problem: Problem, context: Context, starts: Mapping[str, int]) -> Iterator[tuple[float, Asked]]:
    """Of each threat what is left of it with half and with double of what steps take off it."""
    total = math.fsum(threat.expected_loss_per_year for threat in problem.threats)
    for k, threat in enumerate(problem.threats):
        origin = context.origins.get(f"/threats/{k}/factors")
        helping = [name for name in threat.factors if name in starts]
        if origin is None or not origin.illustrative or not helping or not total:
            continue
        least, most = (_left(threat, helping, power) for power in (2.0, 0.5))
        now = _left(threat, helping, 1.0)
        today = threat.expected_loss_per_year
        one = Asked(
            "effect",
            tuple(helping),
            threat=threat.title,
            taken=today,
            sum=now,
            least=least,
            most=most,
            at=origin.at,
        )
        yield (most - least) / total, one


def _left(threat: Threat, steps: Sequence[str], power: float) -> float:
    """What a year of a threat costs with all of these in place, were each to take off so many times as much."""
    stronger = {name: factor**power for name, factor in threat.factors.items()}
    since = dict.fromkeys(steps, 0)
    return over_time(threat.model_copy(update={"factors": stronger}), since, 1)[-1]
