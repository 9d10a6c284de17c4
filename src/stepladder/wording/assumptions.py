"""Where the numbers of a question come from, in words."""

from __future__ import annotations

from dataclasses import dataclass

from stepladder.data.formats.money import digits
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.wording import numbers
from stepladder.wording.text import clean


@dataclass(frozen=True)
class Assumption:
    """A number of the question: what it is, its value as text, where it was written, what it rests on, and whether
    it is a shipped default.
    """

    subject: str
    value: str
    at: str
    source: str
    illustrative: bool


def assumptions(plan: Plan) -> tuple[Assumption, ...]:
    """Where each number of a plan's question comes from, in the words of the plan and in the order of the problem."""
    rows = []
    for pointer, origin in (plan.context.origins if plan.context else {}).items():
        try:
            subject, value = _pointed(plan.problem, pointer)
        except (ValueError, IndexError, KeyError, AttributeError):
            # What stands beside a problem is not verified; a pointer that leads nowhere is left out.
            continue
        rows.append(Assumption(subject, value, clean(origin.at), clean(origin.source), origin.illustrative))
    return tuple(rows)


_FIELDS = {
    "once": "investment",
    "per_year": "running cost a year",
    "points_per_year": "points a year",
    "duration": "duration in periods",
    "expected_loss_per_year": "expected loss a year",
    "factors": "what remains of the loss, by step",
    "limit": "limit",
    "latest_finish": "last period to finish in",
}


def _pointed(problem: Problem, pointer: str) -> tuple[str, str]:
    """What a pointer such as ``/steps/3/once`` points to, in words, and its value."""
    kind, place, field, *rest = pointer.strip("/").split("/")
    record = getattr(problem, kind)[int(place)]
    name = clean(getattr(record, "title", "") or getattr(record, "label", "") or getattr(record, "id", ""))
    if kind == "windows":
        name = f"{numbers.team(record.resource, {}, begins=True)} {name}".strip()
    value = getattr(record, field)
    if field == "effort" and rest:
        return f"{name}: person-days of {rest[0]}", numbers.amount(value[rest[0]])
    if field == "factors":
        return f"{name}: {_FIELDS[field]}", numbers.count(len(value), "step")
    if field == "latest_finish":
        return f"{name}: {_FIELDS[field]}", "none" if value is None else clean(problem.periods[value].label)
    return f"{name}: {_FIELDS.get(field, field)}", numbers.amount(value, max(2, digits(problem.currency)))
