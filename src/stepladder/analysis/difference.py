"""What differs between two plans: in the question, in the figures, and step by step, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stepladder.analysis.changes import changes
from stepladder.analysis.policy_changes import PolicyChange, policy_changes
from stepladder.analysis.sides import Changed
from stepladder.analysis.steps import titles
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.phrases import Phrase, left_out, not_planned, phrase
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.solution.reasons import against

MoveKind = Literal["earlier", "later", "new", "dropped", "gone"]
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
        What changed in the question, what weighs most first.
    policies
        Policies that are not in force as they were.
    """

    before: Plan
    after: Plan
    moved: tuple[Moved, ...]
    same: int
    question: tuple[Changed, ...]
    policies: tuple[PolicyChange, ...] = ()

    @property
    def insured(self) -> bool:
        """Whether either question has policies."""
        return bool(self.before.problem.policies or self.after.problem.policies)

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
        changes(before, after, _same_periods(before.problem, after.problem)),
        policy_changes(before, after),
    )


def _moved(before: Plan, after: Plan) -> Iterator[Moved]:
    here = _same_periods(before.problem, after.problem)
    draft = Draft(Tables(Ledger(after.problem)), after.decided)
    known, names = {step.id for step in after.problem.steps}, titles(before.problem) | titles(after.problem)
    for name in names:
        old, new = before.starts.get(name), after.starts.get(name)
        was = None if old is None else before.problem.periods[old].label
        now = None if new is None else after.problem.periods[new].label
        if old is None and new is not None:
            unasked = name not in before.not_planned
            why = phrase("was no step of the question") if unasked else _left_out(before, name)
            yield Moved(name, names[name], "new", was, now, why)
        elif old is not None and name not in known:
            yield Moved(name, names[name], "gone", was, now, phrase("is no step of the question any more"))
        elif old is not None and new is None:
            yield Moved(name, names[name], "dropped", was, now, left_out(after, name))
        elif old is not None and new is not None and here.get(old) != new:
            place = here.get(old)
            kind: MoveKind = (
                "later" if (place is None and old < new) or (place is not None and place < new) else "earlier"
            )
            yield Moved(name, names[name], kind, was, now, _why(after, draft, name, place, (was or "", now or "")))


def _why(after: Plan, draft: Draft, name: str, place: int | None, labels: tuple[str, str]) -> str:
    """What speaks against where a step stood before, the period's number there and the labels of both."""
    if after.state(name) == "done" and after.progress[name].source == "assessment":
        return phrase("an assessment found it reached")
    if after.state(name) != "open":
        return phrase("it began in {period}", period=labels[1])
    if place is None:
        return phrase("that period is not in the horizon any more")
    if place < after.now:
        return phrase("{period} is over", period=labels[0])
    return phrase("in {period}, {reason}", period=labels[0], reason=against(draft, name, place))


def _left_out(before: Plan, step: str) -> Phrase:
    """Why a step that is planned now was not."""
    return phrase("was left out: {reason}", reason=not_planned(before, step))


def _same_periods(before: Problem, after: Problem) -> dict[int, int]:
    """The period of the one problem that is a period of the other: by their first days, or by number where there are
    none.
    """
    if all(period.start for period in (*before.periods, *after.periods)):
        days = {period.start: t for t, period in enumerate(after.periods)}
        return {t: days[period.start] for t, period in enumerate(before.periods) if period.start in days}
    return {t: t for t in range(min(before.horizon, after.horizon))}
