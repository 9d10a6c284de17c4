"""Is this a plan? Rule by rule, from the problem and the starts alone.

Beside errors and data this module imports its own arithmetic only (``recount``, and what is counted with it): exact
fractions for money and person-days, products of floats for losses. It cannot reach the solver, so a plan that it passes
does not rest on the solver's word.

A bound cannot be proved again without solving. It is checked for sense only (``bound``), and ``RULES`` says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from stepladder.data import rules
from stepladder.data.formats.money import digits, text
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import is_choice, steps_in
from stepladder.data.formats.problem import MONEY, Problem, Step, Window
from stepladder.errors import Fault
from stepladder.solution import beside, stated
from stepladder.solution.insured import in_force, policies, policy_needs
from stepladder.solution.left_out import unlike_reasons
from stepladder.solution.past import missed, progress, spent
from stepladder.solution.proof import bound, seal, status
from stepladder.solution.reached import achievements, needs_achievements
from stepladder.solution.recount import Counted, Starts, exact, finish
from stepladder.solution.robust import promise
from stepladder.solution.tail import exceedance

#: Relative precision of losses, which are products of floats.
LOSS_PRECISION = 1e-9

#: What is checked, in order.
RULES: dict[str, str] = {
    "steps_known": "every planned step is a step of the problem",
    **{rule.name: rule.says for rule in rules.RULES},
    "figures_periods": "the figures stated for each period are the recomputed ones",
    "figures_totals": "the totals stated are the recomputed ones",
    "figures_objective": "the objective's name and value are the recomputed ones",
    "not_planned": "exactly the steps without a start have a reason, one of the documented ones",
    "reasons": "every reason, and every amount in one, comes out again when each start of the step is tried",
    "milestones": "every milestone's date and steps are those that the problem demands",
    "context": "the calendar, the years, the levels and the origins fit the problem",
    "robust": (
        "what is held back is of limits on money, and what is said of the futures in which the plan is kept makes sense"
        " together (they are not drawn again here)"
    ),
    "bound": "bound and gap make sense together (a bound itself is proved by solving, not here)",
    "progress": (
        "what is done, running or cancelled stands where it says, and nothing else starts before what can still be"
        " decided"
    ),
    "spent": "what was spent is said of every past period, and of no other",
    "missed": "a deadline that is said to be missed is one, and is met in the period that is stated",
    "status": "a plan is called optimal when its gap is within the wanted gap, and only then",
    "seal": (
        "what cannot be counted anew (question, bound, levels, dates, sources) is what was written, where the file has"
        " a seal"
    ),
}


def verify(plan: Plan, counted: Counted | None = None, broken: Sequence[Fault] | None = None) -> list[Fault]:
    """Every rule that a plan breaks, and every stated figure that is not the recomputed one; empty when all is well.

    Parameters
    ----------
    plan
        The plan.
    counted
        Its sums, where the verifier's own arithmetic has counted them just before.
    broken
        The rules that its starts break, where they have been looked at with these sums.
    """
    counted = counted or Counted(plan.problem, plan.decided)
    faults = list(broken_rules(plan.problem, plan.decided, counted) if broken is None else broken)
    if any(fault.rule in ("steps_known", "horizon") for fault in faults):
        # Without dates inside the horizon there are no figures to compare with.
        return [*faults, *stated.not_planned(plan), *_beside(plan)]
    figures = counted.figures
    found = [
        *stated.periods(plan, figures),
        *stated.totals(plan, figures),
        *stated.objective(plan, figures),
        *stated.not_planned(plan),
    ]
    # What stands in a step's way is known only where nothing stands there wrongly.
    found += [] if faults else unlike_reasons(plan, counted)
    return [*faults, *found, *_beside(plan)]


def _beside(plan: Plan) -> list[Fault]:
    """What is wrong with what needs no figures."""
    return [
        *beside.milestones(plan),
        *beside.context_faults(plan),
        *promise(plan),
        *bound(plan),
        *status(plan),
        *progress(plan),
        *spent(plan),
        *missed(plan),
        *seal(plan),
    ]


def broken_rules(problem: Problem, starts: Starts, counted: Counted | None = None) -> list[Fault]:
    """Every rule of the problem that these starts break, in the order of ``RULES``; sums that were counted already
    are taken over.
    """
    steps = problem.steps_by_id()
    faults = [
        Fault("steps_known", name, f"{name} is planned and is not a step of the problem")
        for name in steps_in(starts)
        if name not in steps
    ]
    known = {name: start for name, start in starts.items() if name in steps}
    insured = {name: start for name, start in starts.items() if is_choice(name)}
    outside = list(_horizon(problem, steps, known))
    faults += outside
    inside = {name: start for name, start in known.items() if name not in {fault.subject for fault in outside}}
    for rule in (_earliest, _pinned, _deadlines, _required, _needs, _needs_any, needs_achievements, achievements):
        faults += rule(problem, steps, known)
    faults += _excludes(problem, steps, known)
    faults += _parallel(problem, steps, inside)
    faults += [*policies(problem, insured), *policy_needs(problem, steps, starts)]
    whole = counted is not None and len(inside) + len(insured) == len(starts)
    recount = counted if counted is not None and whole else Counted(problem, inside | insured)
    for name in MONEY:
        faults += _windows(recount, name, lambda window, name=name: window.resource == name)  # type: ignore[misc]
    faults += _windows(recount, "teams", lambda window: window.resource not in MONEY)
    faults += _appetite(recount)
    faults += exceedance(problem, inside, in_force(problem, insured))
    return faults


def _title(step: Step) -> str:
    return step.title or step.id


def _label(problem: Problem, t: int) -> str:
    return problem.periods[t].label if 0 <= t < problem.horizon else f"period {t}"


# -- rules about dates -------------------------------------------------------------------------------------------------


def _horizon(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for name, start in starts.items():
        last = finish(steps[name], start)
        if start < 0 or last >= problem.horizon:
            message = (
                f"{_title(steps[name])} works in periods {start} to {last}; the horizon has periods 0 to"
                f" {problem.horizon - 1}"
            )
            yield Fault("horizon", name, message)


def _earliest(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for name, start in starts.items():
        if start < steps[name].earliest:
            message = (
                f"{_title(steps[name])} starts in {_label(problem, start)}, before"
                f" {_label(problem, steps[name].earliest)}"
            )
            yield Fault("earliest", name, message)


def _pinned(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for name, start in starts.items():
        pin = steps[name].start
        if pin is not None and start != pin:
            message = (
                f"{_title(steps[name])} starts in {_label(problem, start)}, and is pinned to {_label(problem, pin)}"
            )
            yield Fault("pinned_start", name, message)


def _deadlines(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for name, start in starts.items():
        latest = steps[name].latest_finish
        if latest is not None and finish(steps[name], start) > latest:
            message = (
                f"{_title(steps[name])} finishes in {_label(problem, finish(steps[name], start))}, after"
                f" {_label(problem, latest)}"
            )
            yield Fault("latest_finish", name, message)


def _required(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for step in steps.values():
        if (step.required or step.start is not None) and step.id not in starts:
            yield Fault("required", step.id, f"{_title(step)} must be done and is not planned")


# -- rules about order -------------------------------------------------------------------------------------------------


def _ready(steps: Mapping[str, Step], starts: Starts, other: str, lag: int, start: int) -> bool:
    """Whether ``other`` is planned and finished early enough for a start."""
    return other in starts and start >= finish(steps[other], starts[other]) + lag


def _needs(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for name, start in starts.items():
        for need in steps[name].needs:
            if not _ready(steps, starts, need.step, need.lag, start):
                other = _title(steps[need.step]) if need.step in steps else need.step
                if need.step not in starts:
                    message = f"{_title(steps[name])} needs {other}, which is not planned"
                else:
                    done = _label(problem, finish(steps[need.step], starts[need.step]))
                    message = (
                        f"{_title(steps[name])} starts in {_label(problem, start)}; {other} finishes in {done} and must"
                        f" be {need.lag} period(s) earlier"
                    )
                yield Fault("needs", name, message)


def _needs_any(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for name, start in starts.items():
        for group in steps[name].needs_any:
            if not any(_ready(steps, starts, need.step, need.lag, start) for need in group):
                listed = ", ".join(_title(steps[need.step]) if need.step in steps else need.step for need in group)
                yield Fault(
                    "needs_any",
                    name,
                    f"{_title(steps[name])} starts in {_label(problem, start)} and needs one of these before: {listed}",
                )


def _excludes(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for a, b in problem.excludes:
        if a in starts and b in starts:
            yield Fault(
                "excludes", a, f"{_title(steps[a])} and {_title(steps[b])} exclude each other, and both are planned"
            )


def _parallel(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    for t, most in enumerate(problem.parallel or ()):
        busy = sum(start <= t <= finish(steps[name], start) for name, start in starts.items())
        if busy > most:
            yield Fault(
                "max_parallel",
                _label(problem, t),
                f"{busy} steps are in work in {_label(problem, t)}, and at most {most} may be",
            )


# -- rules about money and people --------------------------------------------------------------------------------------


def _windows(counted: Counted, rule: str, mine: Callable[[Window], bool]) -> Iterator[Fault]:
    problem = counted.problem
    for window in filter(mine, problem.windows):
        used = sum(counted.total(window.resource)[window.from_ : window.to + 1], Fraction(0))
        limit = exact(window.limit)
        if used > limit:
            span = _label(problem, window.from_) + (
                f" to {_label(problem, window.to)}" if window.to > window.from_ else ""
            )
            decimals = digits(problem.currency) if window.resource in MONEY else 2
            over = [_amount(value, decimals) for value in (used, limit, used - limit)]
            message = f"{window.resource} in {span} is {over[0]}, over the limit {over[1]} by {over[2]}"
            yield Fault(rule, f"{window.resource} {window.label or span}", message)


def _amount(value: Fraction, decimals: int) -> str:
    """A sum as written: so many decimals, more only where they are needed to see it."""
    shown = f"{float(value):.{decimals}f}"
    return (
        shown
        if Fraction(shown) == value
        else f"{float(value):.6g}"
        if value < 1
        else f"{float(value):.6f}".rstrip("0").rstrip(".")
    )


# -- rules about losses ------------------------------------------------------------------------------------------------


def _appetite(counted: Counted) -> Iterator[Fault]:
    problem = counted.problem
    by_threat = counted.losses if problem.appetite else {}
    for cap in problem.appetite:
        chosen = list(by_threat.values()) if cap.threat is None else [by_threat[cap.threat]]
        last = problem.horizon if cap.to is None else cap.to
        for t in range(cap.from_, last + 1):
            loss = math.fsum(values[t] for values in chosen)
            if loss > cap.expected_loss_per_year * (1 + LOSS_PRECISION):
                when = "after the horizon" if t == problem.horizon else f"in {_label(problem, t)}"
                what = "expected loss" if cap.threat is None else f"expected loss from {cap.threat}"
                amounts = [text(amount, problem.currency) for amount in (loss, cap.expected_loss_per_year)]
                yield Fault(
                    "appetite", cap.threat or "all", f"{what} {when} is {amounts[0]} per year, above {amounts[1]}"
                )
