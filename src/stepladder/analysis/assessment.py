"""A new assessment against a plan: it is the newer word. What it still asks for is open, what it finds reached is done,
and the difference is said.

What is done has been paid for and goes on costing, whoever asks: its steps stay. A loss that the assessment states
holds with what is in place now; it is brought back to the beginning, so that what is done is in it once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from stepladder.analysis.origins import followed
from stepladder.data.formats import money
from stepladder.data.formats.base import too_much
from stepladder.data.formats.context import Context, Milestone
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY, Problem, Step
from stepladder.data.formats.spread import Shares, in_proportion
from stepladder.data.formats.threat import Threat
from stepladder.data.happened import Happened, as_planned
from stepladder.errors import UsageError
from stepladder.evaluate import Ledger


@dataclass(frozen=True)
class Reconciled:
    """The new question with what has happened.

    Attributes
    ----------
    problem, context
        The new question, and in it the steps that are done and gone from it.
    happened
        To its steps; a step that is asked for again has not happened.
    notes
        Where the plan and the assessment do not say the same.
    """

    problem: Problem
    context: Context | None
    happened: Happened
    notes: tuple[str, ...]


def reconcile(published: Plan, problem: Problem, context: Context | None, happened: Happened) -> Reconciled:
    """Hold an assessment against a plan.

    Parameters
    ----------
    published
        The plan, and what is known of it so far.
    problem, context
        The question that the assessment asks, over the same periods.
    happened
        To the steps of the plan, as it is believed or reported.
    """
    asked = {step.id for step in problem.steps}
    again = {name for name in happened.started if name in asked and name not in happened.running}
    over = _over(published, happened, asked)
    started = {name: start for name, start in happened.started.items() if name not in again}
    duration = {**{name: happened.duration[name] for name in started}, **over}
    kept = replace(
        happened,
        started=started,
        duration=duration,
        running=frozenset(happened.running & asked),
        cancelled=happened.cancelled & asked,
        once={**happened.once, **_paid_so_far(published, happened, over), **_goes_on(published, happened, asked)},
        spread={
            **happened.spread,
            **_spread_so_far(published, happened, over),
            **_spread_on(published, happened, asked),
        },
        paid={name: paid for name, paid in happened.paid.items() if name in started and name not in over},
        sources={**happened.sources, **dict.fromkeys(over, "assessment")},
    )
    steps = published.problem.steps_by_id()
    there = _in_place(published, context, [name for name in started if name not in asked])
    carried = tuple(_carried(steps[name], there) for name in started if name not in asked)
    notes = (*_again(published, again, happened), *_reached(published, context, asked, happened, over))
    threats = tuple(_at_the_beginning(published, threat, there) for threat in problem.threats)
    whole = problem.model_copy(update={"steps": (*problem.steps, *carried), "threats": threats})
    return Reconciled(whole, _context(published, context, whole, {step.id for step in carried}, there), kept, notes)


def _goes_on(published: Plan, happened: Happened, asked: set[str]) -> dict[str, float]:
    """What running steps are still to cost, where that is known otherwise than a question asks it."""
    steps = published.problem.steps_by_id()
    return {
        name: happened.once.get(name, steps[name].once)
        for name in happened.running
        if name in asked and name in happened.paid
    }


def _spread_on(published: Plan, happened: Happened, asked: set[str]) -> dict[str, Shares]:
    """How the same falls over their periods."""
    steps = published.problem.steps_by_id()
    return {name: happened.costs(steps[name])["spread"] for name in _goes_on(published, happened, asked)}


def found(published: Plan, happened: Happened) -> tuple[Happened, tuple[str, ...]]:
    """Hold the levels that somebody has found against a plan: what happened by them, and where they say otherwise.

    A step whose level is reached is done; one that is not, and counted as done, is open again.
    """
    told = published.context.steps if published.context else {}
    places = {step.id: told[step.id] for step in published.problem.steps if step.id in told}
    level = {
        name: happened.levels[place.parameter] for name, place in places.items() if place.parameter in happened.levels
    }
    over = {name for name in level if name in happened.started and name not in happened.running}
    again = {name for name in over if places[name].level > level[name]}
    reached = {name for name in level if places[name].level <= level[name] and name not in over}
    running = {name for name in reached if name in happened.running}
    now, given = happened.now, reached - running
    started = {name: start for name, start in happened.started.items() if name not in again}
    duration = {name: happened.duration[name] for name in started} | {
        name: max(1, now - started[name]) for name in running
    }
    kept = replace(
        happened,
        started=started | dict.fromkeys(given, now - 1),
        duration=duration | dict.fromkeys(given, 1),
        paid={name: paid for name, paid in happened.paid.items() if name not in again | running},
        running=happened.running - running,
        cancelled=happened.cancelled - reached,
        given=happened.given | given,
        sources={**happened.sources, **dict.fromkeys(reached, "assessment")},
    )
    once, spread = _paid_so_far(published, happened, running), _spread_so_far(published, happened, running)
    return replace(kept, once={**happened.once, **once}, spread={**happened.spread, **spread}), (
        *_again(published, again, happened),
        *_given(published, reached, running),
        *_lost(published, happened),
    )


def _paid_so_far(published: Plan, happened: Happened, names: Collection[str]) -> dict[str, float]:
    """What steps that are over sooner than thought have cost once until now: nothing of them is still to come."""
    by_id = published.problem.steps_by_id()
    return {name: _once_so_far(published, happened, by_id[name]) for name in sorted(names)}


def _spread_so_far(published: Plan, happened: Happened, names: Collection[str]) -> dict[str, Shares]:
    """How the same falls over their periods, where it was not to fall evenly."""
    uneven = [step for step in published.problem.steps if step.id in names and step.spread]
    return {step.id: in_proportion(_parts_so_far(published, happened, step)) for step in uneven}


def _once_so_far(published: Plan, happened: Happened, step: Step) -> float:
    """What a step that has begun has cost once until now."""
    return float(sum(_parts_so_far(published, happened, step)))


def _parts_so_far(published: Plan, happened: Happened, step: Step) -> list[Fraction]:
    """The same by period."""
    parts = happened.invested(step.model_copy(update=happened.costs(step)), published.problem.currency)
    return parts[: happened.now - happened.started[step.id]]


def _given(published: Plan, reached: Collection[str], running: Collection[str]) -> Iterator[str]:
    for step in (step for step in published.problem.steps if step.id in reached):
        if step.id in running:
            yield f"{step.name} was running; it is found reached, so it counts as done."
        else:
            yield f"{step.name} is reached, though the plan has not done it; it costs nothing more."


def _lost(published: Plan, happened: Happened) -> Iterator[str]:
    """Levels below the one that the plan began at: it has no step that brings them back."""
    for parameter in published.context.parameters if published.context else ():
        level = happened.levels.get(parameter.id)
        if level is not None and level < parameter.current:
            yield (
                f"{parameter.id} was found at level {level}, below the level {parameter.current} at which the plan"
                " began; the plan has no step for that: ask anew with a scenario that has it (--assessment)."
            )


def _over(published: Plan, happened: Happened, asked: set[str]) -> dict[str, int]:
    """Steps that are thought to be running and are not asked for any more: they ended with the past. By step, how
    long they took.
    """
    return {
        name: max(1, happened.now - happened.started[name])
        for name in sorted(happened.running)
        if name not in asked and name in published.starts
    }


def _in_place(published: Plan, context: Context | None, done: Collection[str]) -> set[str]:
    """Of steps that are done those that are in place: all but the ones whose level the assessment does not find."""
    levels = {parameter.id: parameter.current for parameter in context.parameters} if context else {}
    told = published.context.steps if published.context else {}
    return {
        name
        for name in done
        if name not in told or levels.get(told[name].parameter, told[name].level) >= told[name].level
    }


def _carried(step: Step, there: Collection[str]) -> Step:
    """A step that is done, as part of a question that does not have it: what it costs, and what it is worth where it
    is in place.
    """
    kept = step.model_copy(update=dict.fromkeys(("needs", "needs_any", "needs_achievements"), ()))
    none = {"value_once": 0.0, "value_per_year": 0.0, "points_per_year": 0.0}
    return kept if step.id in there else kept.model_copy(update=none)


def _at_the_beginning(published: Plan, threat: Threat, there: Collection[str]) -> Threat:
    """A threat of an assessment, whose loss is with these steps in place, brought back to before any of them was; each
    takes off it what the plan says.
    """
    known = next((one for one in published.problem.threats if one.id == threat.id), None)
    factors = {name: known.factors[name] for name in known.factors if name in there} if known else {}
    if known is None or not factors:
        return threat
    cheaper = tuple(name for name in known.cheaper if name in factors)
    back = threat.model_copy(update={"factors": {**threat.factors, **factors}, "cheaper": (*threat.cheaper, *cheaper)})
    rarer, less = back.remains(factors)
    loss = threat.expected_loss_per_year / rarer / less
    wrong = too_much(f"{threat.name}: without what is done the loss would be", loss, "correct the new assessment")
    if wrong:
        raise UsageError(wrong)
    events = threat.events and threat.events.before(rarer, less)
    return back.model_copy(update={"expected_loss_per_year": loss, "events": events})


def _again(published: Plan, again: set[str], happened: Happened) -> Iterator[str]:
    for step in (step for step in published.problem.steps if step.id in again):
        yield (
            f"{step.name} counted as done, and the assessment does not find it: it is open again; what it has cost so"
            f" far, {_so_far(published, happened, step)}, stays spent."
        )


def taken_back(published: Plan, happened: Happened) -> Iterator[str]:
    """What a plan knows to have begun, and what has happened says has not."""
    before = as_planned(published, published.now)
    for step in published.problem.steps:
        if step.id in before.started and step.id not in happened.started:
            state = "running" if step.id in before.running else "done"
            gone = step.id in happened.cancelled
            now = "now it is cancelled" if gone else "now it is said not to have begun: it is open again"
            yield (
                f"{step.name} counted as {state}, and {now}; what it had cost before {published.as_of},"
                f" {_so_far(published, before, step)}, stays spent."
            )


def _so_far(published: Plan, happened: Happened, step: Step) -> str:
    """What a step has cost until now, once and running cost."""
    ledger = Ledger(published.problem)
    then = step.model_copy(update={"duration": happened.duration[step.id], "spread": ()})
    running = ledger.use(then, happened.started[step.id], MONEY[2])[: happened.now]
    paid = _once_so_far(published, happened, step) + ledger.amount(sum(running), MONEY[2])
    return money.shown(paid, published.problem.currency)


def _reached(
    published: Plan, context: Context | None, asked: set[str], happened: Happened, over: dict[str, int]
) -> Iterator[str]:
    """Steps that are gone from the question: reached though the plan has not done them, or done and not found."""
    levels = {parameter.id: parameter.current for parameter in context.parameters} if context else {}
    told = published.context.steps if published.context else {}
    for step in (step for step in published.problem.steps if step.id not in asked and step.id in told):
        level, title = levels.get(told[step.id].parameter), step.name
        reached = level is not None and level >= told[step.id].level
        done = step.id in happened.started and step.id not in happened.running
        if reached and step.id in over:
            yield f"{title} was running; the assessment finds it reached, so it counts as done."
        elif reached and not done and step.id in published.starts:
            yield f"{title} is reached, though the plan has not done it; it costs nothing more."
        elif done and level is not None and not reached:
            yield (
                f"{title} counted as done; the assessment does not find it and does not ask for it. What it costs is"
                " still counted."
            )


def _context(
    published: Plan, context: Context | None, whole: Problem, carried: Collection[str], there: Collection[str]
) -> Context | None:
    """What stands beside the new question, with what is known of the steps that are done and gone from it, of which
    these are in place.
    """
    known = published.context
    if context is None or known is None:
        return context
    parameters = {parameter.id for parameter in context.parameters}
    done = {name: told for name, told in known.steps.items() if name in carried and told.parameter in parameters}
    return context.model_copy(
        update={
            "steps": {**context.steps, **done},
            "milestones": tuple(_with_done(published, milestone, there) for milestone in context.milestones),
            "origins": {**context.origins, **followed(known.origins, published.problem, whole, carried)},
        }
    )


def _with_done(published: Plan, milestone: Milestone, there: Collection[str]) -> Milestone:
    """A milestone with what the plan has done for it already, so that it is known when it is met."""
    before = next((one for one in published.milestones if one.name == milestone.name), None)
    done = [name for name in (before.steps if before else ()) if name in there and name not in milestone.steps]
    return milestone.model_copy(update={"steps": (*done, *milestone.steps)}) if done else milestone
