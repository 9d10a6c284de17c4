"""Where the numbers of a question come from, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stepladder.data.formats import spread
from stepladder.data.formats.money import digits
from stepladder.data.formats.problem import Problem
from stepladder.wording import numbers
from stepladder.wording.language import _, mark, plural
from stepladder.wording.text import clean

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


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
    "once": mark("investment"),
    "spread": mark("shares of the investment by period"),
    "renew": mark("what comes again"),
    "per_year": mark("running cost a year"),
    "points_per_year": mark("points a year"),
    "duration": mark("duration in periods"),
    "expected_loss_per_year": mark("expected loss a year"),
    "factors": mark("what remains of the loss, by step"),
    "limit": mark("limit"),
    "latest_finish": mark("last period to finish in"),
    "premiums": mark("premium by policy year"),
}


_DAYS = {
    "effort": mark("{name}: person-days of {team}"),
    "effort_per_year": mark("{name}: person-days a year of {team}"),
}


def _pointed(problem: Problem, pointer: str) -> tuple[str, str]:
    """What a pointer such as ``/steps/3/once`` points to, in words, and its value."""
    kind, place, field, *rest = pointer.strip("/").split("/")
    record = getattr(problem, kind)[int(place)]
    name = clean(getattr(record, "title", "") or getattr(record, "label", "") or getattr(record, "id", ""))
    if kind == "windows":
        name = f"{numbers.team(record.resource, {}, begins=True)} {name}".strip()
    value = getattr(record, field)
    if field in _DAYS and rest:
        return _(_DAYS[field], name=name, team=rest[0]), numbers.amount(value[rest[0]])
    if field == "factors":
        return f"{name}: {_(_FIELDS[field])}", numbers.count(len(value), "step")
    if field == "premiums":
        shown = (_("none") if one is None else numbers.amount(one, digits(problem.currency)) for one in value)
        return f"{name}: {_(_FIELDS[field])}", ", ".join(shown)
    if field == "spread":
        return f"{name}: {_(_FIELDS[field])}", spread.shown(value) or _("evenly")
    if field == "renew":
        return f"{name}: {_(_FIELDS[field])}", clean(value.said(problem.currency)) if value else _("none")
    if field == "latest_finish":
        return f"{name}: {_(_FIELDS[field])}", _("none") if value is None else clean(problem.periods[value].label)
    return f"{name}: {_(_FIELDS[field]) if field in _FIELDS else field}", numbers.amount(
        value, max(2, digits(problem.currency))
    )


def illustration(illustrative: int, numbers_: int) -> str:
    """How many numbers are shipped defaults."""
    return plural(
        "{n} of {all} numbers is an illustrative default of the catalogue: put in your own before you rely on the"
        " amounts.",
        "{n} of {all} numbers are illustrative defaults of the catalogue: put in your own before you rely on the"
        " amounts.",
        illustrative,
        n=numbers.whole(illustrative),
        all=numbers.whole(numbers_),
    )
