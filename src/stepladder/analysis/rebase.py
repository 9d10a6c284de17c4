"""A question after some months: the past is fixed, what is running goes on, and limits count what is left of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from stepladder.analysis.in_force import decided, lapsed
from stepladder.analysis.limits import Limits, Use, check_size
from stepladder.analysis.steps import titles
from stepladder.data.formats import exceedance, money
from stepladder.data.formats.past import Missed, Past, StepProgress
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY, Appetite, Problem, Step
from stepladder.data.formats.threat import Threat
from stepladder.data.happened import Happened, as_planned
from stepladder.data.question import Overrun
from stepladder.errors import UsageError
from stepladder.evaluate import Ledger, exact

Cap = TypeVar("Cap", Appetite, exceedance.Exceedance)


@dataclass(frozen=True)
class Rebased:
    """A question as it stands after some periods.

    Attributes
    ----------
    problem
        The same horizon; what has happened is pinned, and nothing else may start in the past.
    settled
        Steps about which there is nothing to decide any more.
    notes
        What a reader should know: deadlines missed, money spent beyond a limit.
    now
        The first period that is still open.
    progress
        What became of the settled steps.
    missed
        Deadlines that can no longer be met; the problem has them where they can be.
    spent
        By past period: what was truly spent, all in; empty where nobody has counted it.
    asked
        The settled steps as they were asked, where what became of them is otherwise.
    overruns
        Of limits that what has happened and goes on has overrun: by how much. The problem has them as if by just that
        much more had been allowed.
    """

    problem: Problem
    settled: frozenset[str]
    notes: tuple[str, ...]
    now: int = 0
    progress: Mapping[str, StepProgress] = field(default_factory=dict)
    missed: tuple[Missed, ...] = ()
    spent: Mapping[int, float] = field(default_factory=dict)
    asked: Mapping[str, Step] = field(default_factory=dict)
    overruns: tuple[Overrun, ...] = ()

    @property
    def told(self) -> Past | None:
        """What has happened, as a plan keeps it; None where nothing can be decided any more."""
        periods = self.problem.periods
        if self.now >= len(periods):
            return None
        spent = {periods[t].label: amount for t, amount in self.spent.items()}
        return Past(periods[self.now].label, self.progress, self.missed, spent, self.asked)

    @property
    def past(self) -> dict[str, dict[str, Any]]:
        """What is so because it has happened, by step: what stands where, and that nothing else starts before now."""
        past: dict[str, dict[str, Any]] = {}
        for step in self.problem.steps:
            happened = {"required": step.required, "start": step.start, "earliest": step.earliest}
            past[step.id] = happened if step.id in self.settled else {"earliest": self.now}
        return past


def rebase(
    problem: Problem,
    happened: Happened,
    committed: Sequence[float] = (),
    before: tuple[Problem, Happened] | None = None,
    spent: Mapping[int, Fraction] | None = None,
    teams: Mapping[str, str] | None = None,
) -> Rebased:
    """The question with what has happened in it.

    Limits count the future only: of each, what the past has used is taken off; what is done or running may go on. Caps
    on losses hold from now on.

    Parameters
    ----------
    problem, happened
        The question, and the past.
    committed
        Money by period that was promised before: the limits are without it, and the books are with it.
    before
        The question in which all that has happened are steps, and what has happened to them, where they are others.
    spent
        By past period: what was truly spent, all in, by ``spent_until``; the books alone when left out.
    teams
        Titles of teams, by id.
    """
    old, notes = problem if before is None else before[0], list[str]()
    steps = tuple(_step(problem, step, happened, notes) for step in problem.steps)
    notes += [*_in_vain(problem, happened), *lapsed(problem, happened, old, titles(problem))]
    changed = problem.model_copy(
        update={"steps": steps, "threats": tuple(_threats(problem, happened)), **decided(problem, happened, old)}
    )
    ledger = Ledger(changed)
    past = _past(ledger, happened) if before is None else _past(Ledger(_with(*before)), before[1])
    spent = {t: exact(amount) for t, amount in happened.spent.items()} if spent is None else spent
    books = {t: amount - (exact(committed[t]) if committed else 0) for t, amount in spent.items()}
    notes += _short(problem, books, past("money"))
    limits = Limits(problem.currency, happened, past, _past(ledger, happened), books, teams or {})
    windows = tuple(left for window in problem.windows if (left := limits.rest(window)) is not None)
    settled, capped = frozenset({*happened.started, *happened.cancelled}), _capped(changed, happened.now)
    return Rebased(
        _eased(changed, happened).model_copy(update={"windows": windows, **capped}),
        settled,
        (*notes, *limits.notes),
        happened.now,
        {step.id: _progress(problem, step, happened) for step in steps if step.id in settled},
        spent={t: round(float(amount), money.digits(problem.currency)) for t, amount in spent.items()},
        asked={one.id: one for one, now in zip(problem.steps, steps, strict=True) if one.id in settled and one != now},
        overruns=tuple(limits.overruns),
    )


def _short(problem: Problem, books: Mapping[int, Fraction], used: Sequence[Fraction]) -> Iterator[str]:
    """Where books have less than what is known to have been done comes to: somebody may have forgotten it."""
    for t, amount in books.items():
        if used[t] - amount > Fraction(1, 100):
            shown = [money.shown(float(value), problem.currency) for value in (amount, used[t])]
            yield (
                f"{problem.periods[t].label}: {shown[0]} was spent, and what was done comes to {shown[1]}; the rest is"
                " free again."
            )


def spent_until(published: Plan, happened: Happened, committed: Sequence[float] = ()) -> dict[int, Fraction]:
    """What was truly spent in each past period, all in: what the books say; else what was known of it, with what is
    known otherwise now; else what the steps account for and what was promised before.

    Parameters
    ----------
    published
        The plan as it was.
    happened
        To its steps, until when.
    committed
        Money by period that was promised before.
    """
    then, problem = as_planned(published, published.now), published.problem
    now_used, then_used = (_past(Ledger(_with(problem, past)), past)("money") for past in (happened, then))
    spent = {}
    for t in range(happened.now):
        known = published.spent.get(problem.periods[t].label) if t < published.now else None
        if t in happened.spent:
            spent[t] = exact(happened.spent[t])
        elif known is not None:
            spent[t] = max(Fraction(0), exact(known) + now_used[t] - then_used[t])
        else:
            spent[t] = now_used[t] + (exact(committed[t]) if committed else 0)
    # What was paid for a step that is given up has no period of its own: at the latest it was the last one.
    if happened.now and happened.now - 1 not in happened.spent:
        given_up = (money for name, money in happened.once.items() if name in happened.cancelled)
        spent[happened.now - 1] += sum(map(exact, given_up), Fraction(0))
    return spent


def _in_vain(problem: Problem, happened: Happened) -> Iterator[str]:
    """What needs a step that is cancelled cannot be planned."""
    names = titles(problem)
    for step in problem.steps:
        if step.id not in happened.started and step.id not in happened.cancelled:
            gone = [names[need.step] for need in step.needs if need.step in happened.cancelled]
            yield from (f"{names[step.id]} needs {name}, which was cancelled: it cannot be planned." for name in gone)


def _progress(problem: Problem, step: Step, happened: Happened) -> StepProgress:
    """What a plan keeps of a step that is not open any more, as it stands in the question by what has happened."""
    name = step.id
    told: dict[str, Any] = {"reason": happened.reasons.get(name, ""), "source": happened.sources.get(name)}
    if name in happened.cancelled:
        return StepProgress(state="cancelled", **told)
    start, finish = happened.started[name], happened.started[name] + happened.duration[name] - 1
    paid = sum(happened.invested(step, problem.currency)[: happened.now - start], Fraction(0))
    told |= {"started": start, "finished": finish, "spent": money.nearest(float(paid), problem.currency)}
    if name in happened.running:
        return StepProgress(state="running", remaining=finish - happened.now + 1, **told)
    return StepProgress(state="done", **told)


def _step(problem: Problem, step: Step, happened: Happened, notes: list[str]) -> Step:
    title = step.name
    if step.id in happened.cancelled:
        if step.must:
            notes.append(f"{title} was cancelled, though it was demanded.")
        return step.model_copy(
            update={"earliest": happened.now + 10**4, "required": False, "start": None, "latest_finish": None}
        )
    if step.id not in happened.started:
        if step.start is not None and step.start < happened.now:
            notes.append(
                f"{title} was to start in {problem.periods[step.start].label} and did not; it is still demanded."
            )
            return step.model_copy(update={"earliest": happened.now, "start": None, "required": True})
        return step.model_copy(update={"earliest": max(step.earliest, happened.now)})
    start, duration = happened.started[step.id], happened.duration[step.id]
    late = step.latest_finish is not None and start + duration - 1 > step.latest_finish
    if late:
        notes.append(f"{title} {'finishes' if step.id in happened.running else 'finished'} after its deadline.")
    fixed = {
        "start": start,
        "earliest": 0,
        "needs": (),
        "needs_any": (),
        "needs_achievements": (),
        "latest_finish": None,
        "required": True,
    }
    if step.id in happened.given:
        free = {"duration": duration, "once": 0.0, "spread": (), "per_year": 0.0, "renew": None}
        return step.model_copy(update=fixed | free | {"effort": {}, "effort_per_year": {}})
    return step.model_copy(update=fixed | happened.costs(step))


def _threats(problem: Problem, happened: Happened) -> Iterator[Threat]:
    """The threats of the question, and those that somebody has seen since and that it does not know."""
    known = {threat.id for threat in problem.threats}
    for threat in (*problem.threats, *(new for new in happened.threats if new.id not in known)):
        yield _threat(problem, threat, happened)


def _threat(problem: Problem, threat: Threat, happened: Happened) -> Threat:
    """A loss that is stated with what is in place now, brought back to what was in place at the beginning."""
    loss = happened.at_the_beginning(problem, threat)
    check_size(f"{threat.name}: without what is in place now the loss would be", loss)
    if loss == threat.expected_loss_per_year:
        return threat
    events = threat.events and threat.events.coming_to(loss)
    return threat.model_copy(update={"expected_loss_per_year": loss, "events": events})


def _eased(problem: Problem, happened: Happened) -> Problem:
    """Without the rules that what has begun breaks among itself: that is what has happened."""
    pairs = tuple(pair for pair in problem.excludes if not {*pair} <= {*happened.started})
    return problem.model_copy(update={"excludes": pairs, "max_parallel_by_period": _parallel(problem, happened)})


def _parallel(problem: Problem, happened: Happened) -> tuple[int, ...]:
    """By period, how many steps may be in work at once: as many as before, and no fewer than are or were; empty where
    they never are more.
    """
    if problem.parallel is None:
        return ()
    busy = [0] * problem.horizon
    for name, start in happened.started.items():
        for t in range(start, min(start + happened.duration[name], problem.horizon)):
            busy[t] += 1
    by_period = tuple(map(max, problem.parallel, busy))
    return problem.max_parallel_by_period if by_period == problem.parallel else by_period


def _with(problem: Problem, happened: Happened) -> Problem:
    return problem.model_copy(update={"steps": tuple(_step(problem, step, happened, []) for step in problem.steps)})


def _past(ledger: Ledger, happened: Happened) -> Use:
    """What is done and running uses of a resource in each period."""

    def used(resource: str) -> list[Fraction]:
        """In each period, in the unit of the resource: exact."""
        if resource not in ledger.unit:
            return [Fraction(0)] * ledger.problem.horizon
        begun = {name: start for name, start in happened.insured.items() if name in ledger.steps}
        units = ledger.total({**happened.started, **begun}, resource)
        used = [Fraction(count, ledger.unit[resource]) for count in units]
        for t, more in happened.beside.unplanned.get(resource, {}).items():
            used[t] += more
        for name in happened.paid if resource in MONEY[:2] else ():
            step, currency = ledger.steps[name], ledger.problem.currency
            shares = zip(happened.invested(step, currency), step.invested(currency), strict=True)
            for t, (paid, share) in enumerate(shares, happened.started[name]):
                used[t] += paid - share
        return used

    return used


def _capped(problem: Problem, now: int) -> dict[str, Any]:
    """What caps of every kind are from now on."""
    large = _caps(problem.exceedance, problem.horizon, now)
    for _, _, wrong in exceedance.faults(large, problem.threats, problem.horizon):
        raise UsageError(f"a cap on large losses: {wrong}")
    return {"appetite": _caps(problem.appetite, problem.horizon, now), "exceedance": large}


def _caps(caps: Sequence[Cap], horizon: int, now: int) -> tuple[Cap, ...]:
    """The caps that hold from now on, without their past."""
    left = (cap for cap in caps if (horizon if cap.to is None else cap.to) >= now)
    return tuple(cap.model_copy(update={"from_": max(cap.from_, now)}) for cap in left)
