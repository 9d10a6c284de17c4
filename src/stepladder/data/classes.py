"""What a change of each field of a problem means to everything that reasons about changes: one row for each field, in
one place.

In doubt the answer is no: a field without a row counts as one that may not differ, and a test asks for the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from stepladder.data.formats.base import Record
from stepladder.data.formats.problem import Problem

Bounds = Literal["people", "same", "up", "down", "use", "more"]
Demandable = Literal["people", "fact", "demand"]
Beam = Literal["people", "kept", "judged"]
Counts = Literal["people", "counts"]


@dataclass(frozen=True)
class Classed:
    """How one field is read.

    Attributes
    ----------
    still_bounds
        Whether a bound on the old problem is one on the new: ``people``: no matter; ``same``: only where it does not
        differ; ``up``, ``down``: where the number is no lower, or no higher; ``use``: by what it comes to at each
        start; ``more``: where nothing of it is missing.
    without
        Also for ``dated``: a ``fact`` stays when demands are given up; a ``demand`` can go.
    beam
        ``kept``: no unfinished plan breaks it; ``judged``: finished plans are chosen by it.
    polish, verify, brute
        Local search, the verifier and the tests' brute force: whether it ``counts``.
    """

    still_bounds: Bounds
    without: Demandable = "fact"
    beam: Beam = "kept"
    polish: Counts = "counts"
    verify: Counts = "counts"
    brute: Counts = "counts"


_PEOPLE = Classed("people", "people", "people", "people", "people", "people")
_TOLD = Classed("people", "people", "people", "people", "counts", "people")

FIELDS: dict[str, Classed] = {
    "Problem.format": _PEOPLE,
    "Problem.title": _PEOPLE,
    # It says how finely money is spread.
    "Problem.currency": Classed("same"),
    "Problem.periods": Classed("same"),
    "Problem.tail": Classed("same", beam="judged"),
    "Problem.effect_lag": Classed("same", beam="judged"),
    "Problem.steps": Classed("same"),
    "Problem.achievements": Classed("same"),
    "Problem.threats": Classed("more", beam="judged"),
    "Problem.windows": Classed("more", "demand"),
    "Problem.max_parallel": Classed("down", "demand"),
    "Problem.max_parallel_by_period": Classed("same", "demand"),
    "Problem.excludes": Classed("more", "demand"),
    "Problem.appetite": Classed("more", "demand", beam="judged"),
    # No rule and no criterion: what goes on is not for a plan to choose, but its sum is told.
    "Problem.ongoing": _TOLD,
    "Ongoing.upkeep": _TOLD,
    "Ongoing.committed": _TOLD,
    "Ongoing.effort_per_year": _TOLD,
    "Problem.exceedance": Classed("more", "demand", beam="judged"),
    "Problem.objective": Classed("same", beam="judged"),
    "Period.label": _PEOPLE,
    "Period.start": _PEOPLE,
    "Period.end": _PEOPLE,
    "Period.years": Classed("same"),
    "Period.discount": Classed("same", beam="judged"),
    "Tail.years": Classed("same", beam="judged"),
    "Tail.discount": Classed("same", beam="judged"),
    "Need.step": Classed("more"),
    "Need.lag": Classed("up"),
    "Step.id": Classed("same"),
    "Step.title": _PEOPLE,
    "Step.duration": Classed("same"),
    "Step.once": Classed("use"),
    "Step.spread": Classed("use"),
    "Step.per_year": Classed("use"),
    "Step.effort": Classed("use"),
    "Step.effort_per_year": Classed("use"),
    "Step.renew": Classed("use"),
    "Renewal.every": Classed("use"),
    "Renewal.a_year": Classed("use"),
    "Renewal.once": Classed("use"),
    "Renewal.effort": Classed("use"),
    "Step.value_once": Classed("use", beam="judged"),
    "Step.value_per_year": Classed("use", beam="judged"),
    "Step.points_per_year": Classed("use", beam="judged"),
    "Step.needs": Classed("more"),
    "Step.needs_any": Classed("more"),
    "Step.needs_achievements": Classed("same"),
    "Step.earliest": Classed("up", "demand"),
    "Step.latest_finish": Classed("down", "demand"),
    "Step.start": Classed("more", "demand"),
    "Step.required": Classed("more", "demand"),
    "AchievementNeed.achievement": Classed("same"),
    "AchievementNeed.lag": Classed("same"),
    "Achievement.id": Classed("same"),
    "Achievement.title": _PEOPLE,
    "Achievement.all": Classed("same"),
    "Achievement.any": Classed("same"),
    "Achievement.score": Classed("same"),
    "Achievement.by": Classed("same", "demand", beam="judged"),
    "Achievement.points_per_year": Classed("same", beam="judged"),
    "Score.at_least": Classed("same"),
    "Score.of": Classed("same"),
    "Threat.id": Classed("more", beam="judged"),
    "Threat.title": _PEOPLE,
    "Threat.expected_loss_per_year": Classed("up", beam="judged"),
    "Threat.factors": Classed("up", beam="judged"),
    # How a loss comes about matters where large losses are capped: with no such cap before, it may differ.
    "Threat.events": Classed("more", beam="judged"),
    "Threat.cheaper": Classed("more", beam="judged"),
    "Events.per_year": Classed("more", beam="judged"),
    "Events.median": Classed("more", beam="judged"),
    "Events.sigma": Classed("more", beam="judged"),
    "Window.resource": Classed("more", "demand"),
    "Window.from_": Classed("more", "demand"),
    "Window.to": Classed("more", "demand"),
    "Window.limit": Classed("down", "demand"),
    "Window.label": _PEOPLE,
    "Problem.policy_years": Classed("same"),
    "Problem.policies": Classed("same"),
    "PolicyYear.from_": Classed("same"),
    "PolicyYear.to": Classed("same"),
    "PolicyYear.label": _PEOPLE,
    "PolicyYear.decided": Classed("same"),
    "PolicyYear.policy": Classed("same"),
    "Policy.id": Classed("same"),
    "Policy.title": _PEOPLE,
    "Policy.premiums": Classed("same"),
    "Policy.needs": Classed("same"),
    "Policy.terms": Classed("use", beam="judged"),
    # Nobody counts it in the choice: it is told beside the plan.
    "Policy.annual_limit": _PEOPLE,
    "Terms.retention": Classed("use", beam="judged"),
    "Terms.limit": Classed("use", beam="judged"),
    "Terms.share": Classed("use", beam="judged"),
    "Appetite.from_": Classed("more", "demand", beam="judged"),
    "Appetite.to": Classed("more", "demand", beam="judged"),
    "Appetite.threat": Classed("more", "demand", beam="judged"),
    "Appetite.expected_loss_per_year": Classed("down", "demand", beam="judged"),
    "Exceedance.of": Classed("more", "demand", beam="judged"),
    "Exceedance.above": Classed("down", "demand", beam="judged"),
    "Exceedance.chance": Classed("down", "demand", beam="judged"),
    "Exceedance.per_year": Classed("down", "demand", beam="judged"),
    "Exceedance.from_": Classed("down", "demand", beam="judged"),
    # A cap that is kept when it first binds is kept until a policy ends.
    "Exceedance.to": Classed("up", "demand", beam="judged"),
    "Exceedance.threat": Classed("more", "demand", beam="judged"),
}


def alike(before: Problem, after: Problem) -> bool:
    """Whether two problems are the same in every field that may not differ, those without a row included."""
    one, other = _by_kind(before), _by_kind(after)
    return list(one) == list(other) and all(one[kind] == other[kind] for kind in one)


def _by_kind(problem: Problem) -> dict[type[Record], list[tuple[object, ...]]]:
    """By kind of record, of each such record in turn, what may not differ; kinds of which all may differ are left
    out.
    """
    by_kind: dict[type[Record], list[tuple[object, ...]]] = {}
    for record in _records(problem):
        fields = _strict(type(record))
        if fields:
            values = (getattr(record, name) for name in fields)
            by_kind.setdefault(type(record), []).append(tuple(value for value in values if not _nested(value)))
    return by_kind


@cache
def _strict(kind: type[Record]) -> tuple[str, ...]:
    """The fields that may not differ."""
    # What stands in no file may have just the fields of what stands in one.
    bases = (base for base in kind.__mro__ if issubclass(base, Record))
    homes = [base.__name__ for base in bases if base.model_fields.keys() == kind.model_fields.keys()]
    classed = {
        name: next((row for home in homes if (row := FIELDS.get(f"{home}.{name}")) is not None), None)
        for name in kind.model_fields
    }
    return tuple(name for name, row in classed.items() if row is None or row.still_bounds == "same")


def _records(value: object) -> Iterator[Record]:
    """A record and all records inside it, in order."""
    if isinstance(value, Record):
        yield value
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if isinstance(inner, (Record, tuple, dict)):
                yield from _records(inner)
    elif isinstance(value, (tuple, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, (Record, tuple, dict)):
                yield from _records(inner)


def _nested(value: object) -> bool:
    """Whether a value is of records, which are looked at one by one."""
    return isinstance(value, (Record, tuple, dict)) and next(_records(value), None) is not None
