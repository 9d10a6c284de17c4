"""What differs between two plans: in the question, in the figures, and step by step, each with its reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from stepladder.analysis.steps import titles
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.threat import Threat
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.solution.reasons import against

MoveKind = Literal["earlier", "later", "new", "dropped", "gone"]
#: What time alone changes in a question: nobody has asked for it.
_PAST = (".earliest", ".start", ".needs", ".needs_any", ".latest_finish", ".required", ".duration")
_SPANS = ("windows.", "appetite.")
#: How losses come about is compared for itself.
_EVENTS: dict[str, Any] = {"threats": {"__all__": {"events", "cheaper"}}}
KINDS: tuple[MoveKind, ...] = ("earlier", "later", "new", "dropped", "gone")


@dataclass(frozen=True)
class Moved:
    """One step that does not stand where it stood.

    Attributes
    ----------
    step, title
        Its id and title.
    kind
        earlier, later; new: planned now only; dropped: planned before only; gone: so, and no step of the question any
        more.
    before, after
        Labels of the periods in which it starts; None where it is not planned.
    reason
        What speaks, in the plan after, against where it stood before.
    """

    step: str
    title: str
    kind: MoveKind
    before: str | None
    after: str | None
    reason: str


@dataclass(frozen=True)
class Changed:
    """One value of the question that is not what it was; None where there is none."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """From one plan to another.

    Attributes
    ----------
    before, after
        The plans.
    moved
        Steps that moved, by kind and then in the order of the problem.
    same
        How many planned steps stand where they stood.
    question
        What changed in the question.
    """

    before: Plan
    after: Plan
    moved: tuple[Moved, ...]
    same: int
    question: tuple[Changed, ...]

    def of(self, kind: MoveKind) -> list[Moved]:
        """The steps of one kind."""
        return [moved for moved in self.moved if moved.kind == kind]


def difference(before: Plan, after: Plan) -> Difference:
    """What differs between two verified plans. Steps are the same when their ids are, periods when they begin on the
    same day.
    """
    moved = sorted(_moved(before, after), key=lambda change: KINDS.index(change.kind))
    both = before.starts.keys() & after.starts.keys()
    return Difference(
        before,
        after,
        tuple(moved),
        len(both) - sum(change.kind in ("earlier", "later") for change in moved),
        tuple(_question(before, after)),
    )


def _moved(before: Plan, after: Plan) -> Iterator[Moved]:
    here = _same_periods(before.problem, after.problem)
    draft = Draft(Tables(Ledger(after.problem)), after.starts)
    known, names = {step.id for step in after.problem.steps}, titles(before.problem) | titles(after.problem)
    for name in names:
        old, new = before.starts.get(name), after.starts.get(name)
        was = None if old is None else before.problem.periods[old].label
        now = None if new is None else after.problem.periods[new].label
        if old is None and new is not None:
            reason = before.not_planned.get(name)
            yield Moved(
                name,
                names[name],
                "new",
                was,
                now,
                "was no step of the question" if reason is None else f"was left out: {reason.detail}",
            )
        elif old is not None and name not in known:
            yield Moved(name, names[name], "gone", was, now, "is no step of the question any more")
        elif old is not None and new is None:
            yield Moved(name, names[name], "dropped", was, now, after.left_out(name))
        elif old is not None and new is not None and here.get(old) != new:
            place = here.get(old)
            kind: MoveKind = (
                "later" if (place is None and old < new) or (place is not None and place < new) else "earlier"
            )
            yield Moved(name, names[name], kind, was, now, _why(after, draft, name, place, (was or "", now or "")))


def _why(after: Plan, draft: Draft, name: str, place: int | None, labels: tuple[str, str]) -> str:
    """What speaks against where a step stood before, the period's number there and the labels of both."""
    if after.state(name) != "open":
        return f"it began in {labels[1]}"
    if place is None:
        return "that period is not in the horizon any more"
    if place < after.now:
        return f"{labels[0]} is over"
    return f"in {labels[0]}, {against(draft, name, place)}"


def _same_periods(before: Problem, after: Problem) -> dict[int, int]:
    """The period of the one problem that is a period of the other: by their first days, or by number where there are
    none.
    """
    if all(period.start for period in (*before.periods, *after.periods)):
        days = {period.start: t for t, period in enumerate(after.periods)}
        return {t: days[period.start] for t, period in enumerate(before.periods) if period.start in days}
    return {t: t for t in range(min(before.horizon, after.horizon))}


def _question(before: Plan, after: Plan) -> Iterator[Changed]:
    old, new = _flat(before.problem), _flat(after.problem)
    later = before.as_of != after.as_of
    for path in dict.fromkeys([*old, *new]):
        if old.get(path) != new.get(path) and not (later and (path.endswith(_PAST) or path.startswith(_SPANS))):
            yield Changed(path, old.get(path), new.get(path))
    yield from _events(before.problem, after.problem)
    yield from _milestones(before, after)


def _events(before: Problem, after: Problem) -> Iterator[Changed]:
    """How losses come about, where both questions say so and the loss is the same: one that is another is listed
    already.
    """
    old = {threat.id: threat for threat in before.threats}
    for now in after.threats:
        was = old.get(now.id, now)
        if was.expected_loss_per_year == now.expected_loss_per_year:
            one, other = _come_about(was), _come_about(now)
            yield from (
                Changed(path, one[path], other[path]) for path in one if path in other and one[path] != other[path]
            )


def _come_about(threat: Threat) -> dict[str, Any]:
    """How a loss comes about, each value by its path; empty where that is not known."""
    if threat.events is None:
        return {}
    found = {f"threats.{threat.id}.events.{name}": held for name, held in threat.events.model_dump().items()}
    return {**found, f"threats.{threat.id}.cheaper": json.dumps(threat.cheaper)}


def _milestones(before: Plan, after: Plan) -> Iterator[Changed]:
    """Dates of milestones, which a problem only has as dates of steps."""
    old, new = ({milestone.name: milestone for milestone in plan.milestones} for plan in (before, after))
    for key in dict.fromkeys([*old, *new]):
        was, now = (str(by_name[key].date) if key in by_name else None for by_name in (old, new))
        if was != now:
            yield Changed(f"milestones.{(new.get(key) or old[key]).title}.by", was, now)


#: What an item of a list is called, so that its path does not depend on the order of the list.
_NAMES: dict[str, Callable[[dict[str, Any]], str]] = {
    "steps": lambda item: str(item["id"]),
    "threats": lambda item: str(item["id"]),
    "periods": lambda item: str(item["label"]),
    "windows": lambda item: f"{item['resource']} in {item['label'] or 'periods {from} to {to}'.format(**item)}",
    "appetite": lambda item: (
        f"{item['threat'] or 'all threats'} from {item['from']} to {'the end' if item['to'] is None else item['to']}"
    ),
}


def _flat(problem: Problem) -> dict[str, Any]:
    """Every value by its path."""
    texts: dict[str, Any] = {}

    def put(path: str, value: Any) -> None:
        """A value, or all those inside it, under its path."""
        if isinstance(value, dict):
            for key, inner in value.items():
                put(f"{path}.{key}", inner)
        else:
            texts[path] = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value

    for name, value in problem.model_dump(mode="json", by_alias=True, exclude=_EVENTS).items():
        seen: Counter[str] = Counter()
        for item in value if name in _NAMES else ():
            called = _NAMES[name](item)
            seen[called] += 1
            put(f"{name}.{called}" + (f" ({seen[called]})" if seen[called] > 1 else ""), item)
        if name not in _NAMES and name != "format":
            put(name, value)
    return texts
