"""What has happened since a plan was made: a file of it read, against the plan, and written."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate
from pathlib import Path as File
from typing import Literal

from stepladder.data import findings
from stepladder.data.formats import money
from stepladder.data.formats.actuals import FORMAT, Actuals, StepActual
from stepladder.data.formats.base import unknown
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Path, Step
from stepladder.data.happened import Happened, Paid, as_planned, to_come
from stepladder.data.reading.validate import load_located
from stepladder.data.resolving import amounts
from stepladder.data.writing import dumped
from stepladder.errors import InvalidInput


def written(
    as_of: str,
    steps: Mapping[str, Mapping[str, str]],
    remarks: Mapping[str, str],
    source: Literal["actuals", "tracker"] = "actuals",
) -> str:
    """A file of actuals as YAML text: the first open period, and by step what became of it.

    Parameters
    ----------
    as_of
        The period's label.
    steps
        The fields of each step.
    source
        Who says so.
    remarks
        By step what is still to be said of it, a line of clean text each; they stand at the end as comments.
    """
    document = {
        "format": FORMAT,
        "as_of": as_of,
        **({} if source == "actuals" else {"source": source}),
        **({"steps": {name: dict(fields) for name, fields in steps.items()}} if steps else {}),
    }
    text = dumped(document)
    return text + "".join(f"# {name}: {remark}\n" for name, remark in remarks.items())


def scalar(text: str) -> str:
    """A text as YAML has it, in one line."""
    return dumped(text, width=10**6).removesuffix("...\n").strip()


def load_actuals(path: File, plan: Plan) -> Happened:
    """Read what has happened to a plan.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the file, or does not fit the plan.
    """
    actuals, root = load_located(Actuals, path, str(path))
    desk = findings.Desk(plan, actuals, root)
    happened = _read(desk)
    findings.check_sizes(desk, happened)
    desk.issues += amounts.issues(Actuals, root, plan.problem.currency)
    if desk.issues:
        raise InvalidInput(desk.issues)
    return happened


def _read(desk: findings.Desk) -> Happened:
    """What happened, in whole periods; what is wrong in the file is among the issues."""
    actuals = desk.actuals
    now = desk.now = desk.period(actuals.as_of, ("as_of",)) or 0
    steps = _Steps(desk, as_planned(desk.plan, now))
    steps.read()
    return Happened(
        now,
        steps.started,
        steps.duration,
        steps.once,
        steps.spread,
        steps.paid,
        frozenset(steps.running),
        frozenset(steps.cancelled),
        given=steps.base.given - actuals.steps.keys(),
        spent=findings.spent(desk),
        beside=findings.beside(desk),
        losses=findings.losses(desk),
        threats=tuple(findings.new_threats(desk)),
        levels=findings.levels(desk),
        insured=steps.base.insured,
        reasons=steps.reasons,
        sources={**steps.base.sources, **dict.fromkeys(actuals.steps, actuals.source)},
    )


class _Steps:
    """What became of each step: as it is known or was planned, and what the file says instead."""

    def __init__(self, desk: findings.Desk, base: Happened) -> None:
        self.desk, self.base = desk, base
        self.steps = desk.problem.steps_by_id()
        self.started, self.duration, self.paid = dict(base.started), dict(base.duration), dict(base.paid)
        self.once, self.spread = dict(base.once), dict(base.spread)
        self.running, self.cancelled, self.reasons = set(base.running), set(base.cancelled), dict(base.reasons)

    def read(self) -> None:
        """Go through the steps of the file."""
        for name, actual in self.desk.actuals.steps.items():
            if name not in self.steps:
                self.desk.wrong(("steps", name), "SL204", unknown("step", name, self.steps), key=True)
                continue
            for kept in (self.started, self.duration, self.once, self.spread, self.paid, self.reasons):
                kept.pop(name, None)
            self.running.discard(name)
            self.cancelled.discard(name)
            self._step(name, actual)
            if actual.reason is not None:
                self.reasons[name] = actual.reason

    def _step(self, name: str, actual: StepActual) -> None:
        path: Path = ("steps", name)
        if actual.to_come is not None and actual.status != "running":
            what = f"of a step that is {actual.status} nothing is still to come; leave `to_come` out"
            self.desk.wrong((*path, "to_come"), "SL104", what)
        self._odd(path, actual)
        if actual.status == "cancelled":
            self.cancelled.add(name)
        elif actual.status in ("done", "running"):
            span = self._span(self.steps[name], actual, path)
            if span is None:
                return
            self.started[name], self.duration[name] = span
            if actual.status == "running":
                self.running.add(name)
        self._cost(name, actual)

    def _odd(self, path: Path, actual: StepActual) -> None:
        """What goes with another status, or would change what a plan has closed."""
        allowed = {"started": ("done", "running"), "finished": ("done",), "remaining": ("running",)}
        for key, statuses in {**allowed, "spent": ("done", "running", "cancelled")}.items():
            if getattr(actual, key) is not None and actual.status not in statuses:
                hint = "; put money that was spent all the same under `unplanned`" if key == "spent" else ""
                goes = f"`{key}` goes with {' or '.join(statuses)}, not with {actual.status}; leave it out{hint}"
                self.desk.wrong((*path, key), "SL104", goes)
        told = self.desk.plan.progress.get(str(path[-1]))
        if told is not None and told.state == "done" and actual.status == "done" and actual.spent is not None:
            known = self.desk.plan.once(self.steps[str(path[-1])])
            if actual.spent != known:
                what = f"the plan has closed it with {known:,.12g}; put what has come later under `unplanned`"
                self.desk.wrong((*path, "spent"), "SL304", what)

    def _cost(self, name: str, actual: StepActual) -> None:
        """What a step has cost once and what is still to come. What a plan has closed stays as it was: what is
        otherwise falls into the periods since then.
        """
        plan, currency = self.desk.plan, self.desk.problem.currency
        if actual.status in ("cancelled", "slipped"):
            if actual.spent is not None:
                self.once[name] = actual.spent
            return
        start, last = self.started[name], self.started[name] + self.duration[name] - 1
        if self._goes_as_planned(name, actual):
            self._as_it_was(name)
            return
        was_running = name in plan.progress and self.base.started.get(name) == start < plan.now <= last
        closed = plan.now if was_running else start
        shares = self._planned(name)
        known = Paid(money.nearest(float(sum(shares[: closed - start])), currency), closed)
        total = money.nearest(float(sum(shares)), currency)
        if actual.status == "running":
            self._running(name, actual, known, total)
        elif closed > start or actual.spent is not None or name in {*self.base.paid, *self.base.once}:
            total = total if actual.spent is None else actual.spent
            rest = money.nearest(total - known.amount, currency)
            if closed > start and rest >= 0:
                self.paid[name] = self._so_far(name, known)
                self._to_come(name, rest, last - closed + 1, closed - start)
            else:
                self.once[name] = total

    def _goes_as_planned(self, name: str, actual: StepActual) -> bool:
        """Whether nothing differs of a step that is not paid evenly: in even parts its own would be lost."""
        span = (self.base.started.get(name), self.base.duration.get(name))
        said = actual.spent is not None or actual.to_come is not None
        return bool(self.steps[name].spread) and not said and span == (self.started[name], self.duration[name])

    def _as_it_was(self, name: str) -> None:
        """Leave what a step costs as it is known."""
        if name in self.base.once:
            self.once[name] = self.base.once[name]
        if name in self.base.spread:
            self.spread[name] = self.base.spread[name]
        if name in self.base.paid:
            self.paid[name] = self.base.paid[name]

    def _running(self, name: str, actual: StepActual, known: Paid, total: float) -> None:
        """The same of a step that goes on: what it had cost by the last plan, what it has cost by now, and the rest."""
        now, currency = self.desk.now, self.desk.problem.currency
        start, last = self.started[name], self.started[name] + self.duration[name] - 1
        segments = self._so_far(name, known) if known.until > start else ()
        if actual.spent is None and actual.to_come is None:
            if segments:
                rest = max(0.0, money.nearest(total - known.amount, currency))
                self.paid[name] = segments
                self._to_come(name, rest, last - known.until + 1, known.until - start)
            return
        shares = self._planned(name)
        so_far = money.nearest(float(sum(shares[: now - start])), currency) if actual.spent is None else actual.spent
        if known.until < now and so_far >= known.amount:
            segments = (*segments, Paid(so_far, now))
        else:
            segments = (Paid(so_far, now),)
        rest = max(0.0, money.nearest(total - so_far, currency)) if actual.to_come is None else actual.to_come
        self.paid[name] = segments
        self._to_come(name, rest, last - now + 1, now - start)

    def _to_come(self, name: str, amount: float, periods: int, gone: int) -> None:
        """Note what a step will still cost, in its last periods."""
        step, currency = self.steps[name], self.desk.problem.currency
        self.once[name], self.spread[name] = to_come(amount, step, periods, gone, currency)

    def _so_far(self, name: str, known: Paid) -> tuple[Paid, ...]:
        """What it had cost by the last plan: in all, and by period where it was not to fall evenly over them."""
        start = self.started[name]
        if not self.steps[name].spread:
            return (known,)
        sums = accumulate(map(float, self._planned(name)[: known.until - start]))
        currency = self.desk.problem.currency
        return tuple(Paid(money.nearest(amount, currency), t) for t, amount in enumerate(sums, start + 1))

    def _planned(self, name: str) -> list[Fraction]:
        """What it was to cost in each of its periods, as far as that is known."""
        step = self.steps[name]
        if name in self.base.started:
            return self.base.invested(step, self.desk.problem.currency)
        return step.invested(self.desk.problem.currency)

    def _span(self, step: Step, actual: StepActual, path: Path) -> tuple[int, int] | None:
        """Start and duration of a step that has begun."""
        now = self.desk.now
        planned = self.desk.plan.starts.get(step.id)
        start = planned if actual.started is None else self.desk.period(actual.started, (*path, "started"))
        if start is None:
            if actual.started is None:
                self.desk.wrong(path, "SL102", f"{step.id} was not planned, so its start is not known; add `started`")
            return None
        if start >= now:
            place = (*path, "started") if actual.started else path
            self.desk.wrong(
                place,
                "SL304",
                f"it starts in {self.desk.label(start)}, which is not past; add `started`, or leave it out",
            )
            return None
        if actual.status == "running":
            left = max(1, start + step.duration - now) if actual.remaining is None else actual.remaining
            if now + left > self.desk.problem.horizon:
                self.desk.wrong((*path, "remaining"), "SL304", "it would end after the horizon; correct it")
            return start, now - start + left
        end = step.finish(start) if actual.finished is None else self.desk.period(actual.finished, (*path, "finished"))
        if end is None:
            return None
        if not start <= end < now:
            place = (*path, "finished") if actual.finished else path
            between = f"it ends in {self.desk.label(end)}, which is not between its start and {self.desk.label(now)}"
            self.desk.wrong(place, "SL304", f"{between}; correct `finished` or the status")
            return None
        return start, end - start + 1
