"""What has happened since a plan was made, as ``stepladder-actuals/1``: a small YAML or JSON file, and what it means
for that plan.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Annotated, Literal

from pydantic import Field

from stepladder.data.formats.base import Money, Record, StepId, Text, too_much
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Path, Period, Problem, Step, unknown
from stepladder.data.formats.scenario import When
from stepladder.data.formats.threat import Threat
from stepladder.data.reading.tree import Node
from stepladder.data.reading.validate import load_located
from stepladder.data.resolving import amounts
from stepladder.errors import InvalidInput, Issue

FORMAT = "stepladder-actuals/1"

ActualStatus = Literal["done", "running", "slipped", "cancelled"]


class StepActual(Record):
    """What became of one step."""

    status: ActualStatus
    """done; running; slipped: planned for the past and not begun; cancelled: it will not be done."""
    started: When | None = None
    """The period in which it began; as planned when left out."""
    finished: When | None = None
    """Of a step that is done: the period in which it ended; as planned when left out."""
    remaining: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Of a step that is running: how many periods it still needs; as planned when left out."""
    spent: Money | None = None
    """What it has cost once, in all; as planned when left out."""
    reason: Text | None = None
    """Why."""


class ThreatActual(Record):
    """A threat as it is seen now."""

    expected_loss_per_year: Money
    """With what is in place now."""
    reason: Text | None = None
    """Why it is seen differently."""


class Actuals(Record):
    """What has happened."""

    format: Literal["stepladder-actuals/1"]
    """Which format this file is."""
    as_of: When
    """The first period that is still open, by its label or any of its days; everything before is past."""
    steps: dict[StepId, StepActual] = {}
    """By step; what is not mentioned went as planned."""
    spent: dict[str, Money] = {}
    """Money spent by past period, all in; what the steps account for when left out."""
    threats: dict[str, ThreatActual] = {}
    """Threats that are seen differently now."""


@dataclass(frozen=True)
class Happened:
    """The past of a plan in its own terms.

    Attributes
    ----------
    now
        The first period that is still open.
    started
        Start by step, of steps that are done or running.
    duration
        How many periods they took or will take.
    once
        What they cost, where that is not as planned.
    running
        Those of them that are not done.
    cancelled
        Steps that will not be done.
    spent
        Money by past period, where it is known.
    losses
        Expected loss per year by threat, with what is in place now.
    reasons
        By step, what somebody said of it.
    """

    now: int
    started: dict[str, int] = field(default_factory=dict)
    duration: dict[str, int] = field(default_factory=dict)
    once: dict[str, float] = field(default_factory=dict)
    running: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()
    spent: dict[int, float] = field(default_factory=dict)
    losses: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def at_the_beginning(self, problem: Problem, threat: Threat) -> float:
        """A threat's loss as it is seen now, brought back to what was in place at the beginning; as it was where it
        is not seen differently.
        """
        loss = self.losses.get(threat.id)
        if loss is None:
            return threat.expected_loss_per_year
        in_place = [
            name
            for name, start in self.started.items()
            if start + self.duration[name] - 1 + problem.effect_lag <= self.now
        ]
        remains = math.prod(threat.factors.get(name, 1.0) for name in in_place)
        return loss / remains if remains else math.inf


def written(as_of: str, steps: Mapping[str, Mapping[str, str]], remarks: Mapping[str, str]) -> str:
    """A file of actuals as YAML text: the first open period, and by step what became of it.

    Parameters
    ----------
    as_of
        The period's label.
    steps
        The fields of each step.
    remarks
        By step what is still to be said of it, a line of clean text each; they stand at the end as comments.
    """
    import yaml

    document = {
        "format": FORMAT,
        "as_of": as_of,
        **({"steps": {name: dict(fields) for name, fields in steps.items()}} if steps else {}),
    }
    text = str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))
    return text + "".join(f"# {name}: {remark}\n" for name, remark in remarks.items())


def scalar(text: str) -> str:
    """A text as YAML has it, in one line."""
    import yaml

    return str(yaml.safe_dump(text, allow_unicode=True, width=10**6)).removesuffix("...\n").strip()


def load_actuals(path: File, plan: Plan) -> Happened:
    """Read what has happened to a plan.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the file, or does not fit the plan.
    """
    actuals, root = load_located(Actuals, path, str(path))
    reader = _Reader(plan, actuals, root)
    happened = reader.read()
    reader.issues += amounts.issues(Actuals, reader.root, plan.problem.currency)
    if reader.issues:
        raise InvalidInput(reader.issues)
    return happened


def as_planned(plan: Plan, now: int) -> Happened:
    """The past when everything has gone as planned until a period."""
    steps = plan.problem.steps_by_id()
    begun = {name: start for name, start in plan.starts.items() if start < now}
    running = frozenset(name for name, start in begun.items() if start + steps[name].duration > now)
    cancelled = {name: told.reason for name, told in plan.progress.items() if told.state == "cancelled"}
    reasons = {name: told.reason for name, told in plan.progress.items() if told.reason}
    return Happened(
        now,
        begun,
        {name: steps[name].duration for name in begun},
        running=running,
        cancelled=frozenset(cancelled),
        reasons=reasons,
    )


def period_of(periods: tuple[Period, ...], when: str) -> int | None:
    """The period with this label, or the one that holds this day; None where there is none."""
    for t, period in enumerate(periods):
        if period.label == when:
            return t
    try:
        day = datetime.date.fromisoformat(when)
    except ValueError:
        return None
    return next(
        (t for t, period in enumerate(periods) if period.start and period.end and period.start <= day <= period.end),
        None,
    )


class _Reader:
    def __init__(self, plan: Plan, actuals: Actuals, root: Node) -> None:
        self.plan, self.said, self.root = plan, actuals, root
        self.problem = plan.problem
        self.steps = plan.problem.steps_by_id()
        self.issues: list[Issue] = []

    def _wrong(self, path: Path, code: str, message: str, *, key: bool = False) -> None:
        self.issues.append(Issue(self.root.nearest(path, key=key), code, message))

    def _period(self, when: str, path: Path) -> int | None:
        period = period_of(self.problem.periods, when)
        if period is None:
            first, last = self.problem.periods[0].label, self.problem.periods[-1].label
            self._wrong(path, "SL304", f"{when} is no period of the plan ({first} to {last}); correct it")
        return period

    def read(self) -> Happened:
        """What happened, in whole periods; what is wrong in the file is among the issues."""
        now = self._period(self.said.as_of, ("as_of",)) or 0
        base = as_planned(self.plan, now)
        started, duration, once, reasons = dict(base.started), dict(base.duration), {}, dict(base.reasons)
        running, cancelled = set(base.running), set(base.cancelled)
        for name, actual in self.said.steps.items():
            path: Path = ("steps", name)
            if name not in self.steps:
                self._wrong(path, "SL204", unknown("step", name, self.steps), key=True)
                continue
            started.pop(name, None)
            duration.pop(name, None)
            running.discard(name)
            cancelled.discard(name)
            reasons.pop(name, None)
            if actual.status == "cancelled":
                cancelled.add(name)
            elif actual.status in ("done", "running"):
                span = self._span(self.steps[name], actual, now, path)
                if span is not None:
                    started[name], duration[name] = span
                    running |= {name} if actual.status == "running" else set()
            if actual.spent is not None:
                once[name] = actual.spent
            if actual.reason is not None:
                reasons[name] = actual.reason
        happened = Happened(
            now,
            started,
            duration,
            once,
            frozenset(running),
            frozenset(cancelled),
            self._spent(now),
            self._losses(),
            reasons,
        )
        self._check_size(happened)
        return happened

    def _check_size(self, happened: Happened) -> None:
        """What follows from the amounts is not too large."""
        for threat in self.problem.threats:
            wrong = too_much(
                "without what is in place now the loss would be",
                happened.at_the_beginning(self.problem, threat),
                "correct it",
            )
            if wrong:
                self._wrong(("threats", threat.id, "expected_loss_per_year"), "SL104", wrong)
        paid: dict[Path, float] = {("steps", name, "spent"): money for name, money in happened.once.items()}
        paid |= {("spent", period): money for period, money in self.said.spent.items()}
        for kind in ("steps", "spent"):
            amounts_of = {path: money for path, money in paid.items() if path[0] == kind}
            wrong = too_much("all that was spent adds up to", math.fsum(amounts_of.values()), "correct it")
            if wrong:
                self._wrong(max(amounts_of, key=lambda path: paid[path]), "SL104", wrong)

    def _span(self, step: Step, actual: StepActual, now: int, path: Path) -> tuple[int, int] | None:
        """Start and duration of a step that has begun."""
        planned = self.plan.starts.get(step.id)
        start = planned if actual.started is None else self._period(actual.started, (*path, "started"))
        if start is None:
            if actual.started is None:
                self._wrong(path, "SL102", f"{step.id} was not planned, so its start is not known; add `started`")
            return None
        if start >= now:
            place = (*path, "started") if actual.started else path
            self._wrong(
                place, "SL304", f"it starts in {self._label(start)}, which is not past; add `started`, or leave it out"
            )
            return None
        if actual.status == "running":
            left = max(1, start + step.duration - now) if actual.remaining is None else actual.remaining
            if now + left > self.problem.horizon:
                self._wrong((*path, "remaining"), "SL304", "it would end after the horizon; correct it")
            return start, now - start + left
        end = step.finish(start) if actual.finished is None else self._period(actual.finished, (*path, "finished"))
        if end is None:
            return None
        if not start <= end < now:
            place = (*path, "finished") if actual.finished else path
            between = f"it ends in {self._label(end)}, which is not between its start and {self._label(now)}"
            self._wrong(place, "SL304", f"{between}; correct `finished` or the status")
            return None
        return start, end - start + 1

    def _label(self, t: int) -> str:
        return self.problem.periods[t].label if t < self.problem.horizon else "a period after the horizon"

    def _spent(self, now: int) -> dict[int, float]:
        spent = {}
        for label, money in self.said.spent.items():
            t = self._period(label, ("spent", label))
            if t is not None and t >= now:
                self._wrong(("spent", label), "SL304", f"{label} is not past; leave it out", key=True)
            elif t is not None:
                spent[t] = money
        return spent

    def _losses(self) -> dict[str, float]:
        threats = {threat.id for threat in self.problem.threats}
        return {
            name: threat.expected_loss_per_year
            for name, threat in self.said.threats.items()
            if self._known(name, threats)
        }

    def _known(self, name: str, threats: set[str]) -> bool:
        if name not in threats:
            self._wrong(("threats", name), "SL206", unknown("threat", name, threats), key=True)
        return name in threats
