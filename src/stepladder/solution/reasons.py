"""Why a step does not stand elsewhere in a plan: facts about this very plan, each checked by trying the start in
question.
"""

from __future__ import annotations

from collections import Counter

from stepladder.data import unplanned
from stepladder.data.formats.plan import NotPlanned
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.objective import objective_of
from stepladder.data.phrases import Phrase, amount, joined, mark, phrase
from stepladder.data.pointless import pointless
from stepladder.data.rules import BY_NAME
from stepladder.data.unplanned import SMALL
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables


def reasons(problem: Problem, starts: dict[str, int], tables: Tables | None = None) -> dict[str, NotPlanned]:
    """A checked fact for each step that is not planned: every possible start is tried. The problem's arrays are made
    where there are none.
    """
    draft = Draft(tables or Tables(Ledger(problem)), starts)
    # What is in the way of a step that never pays is not why it is left out.
    never = dict.fromkeys(pointless(problem), unplanned.never_pays(problem.objective).told(problem.currency))
    return {step.id: never.get(step.id) or _reason(draft, step) for step in problem.steps if step.id not in starts}


def _reason(draft: Draft, step: Step) -> NotPlanned:
    problem, number = draft.tables.problem, draft.tables.number
    k = number[step.id]
    waits = [need.step for need in step.needs if draft.starts[number[need.step]] is None]
    if waits:
        # Whatever the start, what is needed is not there: no need to try each.
        return unplanned.waiting([draft.tables.ledger.steps[name] for name in waits]).told(problem.currency)
    trials = draft.trials(k)
    changes = [change for change, rules in zip(draft.changes(k), trials, strict=True) if not rules]
    broken = Counter(rule for rules in trials for rule in rules)
    reason = (
        unplanned.possible(problem.objective, *unplanned.best(changes), draft.criteria()[0])
        if changes
        else unplanned.blocked(broken)
    )
    return reason.told(problem.currency)


#: Of a start that is possible: what it makes worse, and better, in the first criterion and in the second.
_LOSS = (
    mark("it would leave {amount} more loss (present value)"),
    mark("it would leave {amount} less loss (present value)"),
)
_COST = (mark("it would cost {amount} more (present value)"), mark("it would cost {amount} less (present value)"))
_POINTS = (
    mark("it would be worth {amount} less (present value)"),
    mark("it would be worth {amount} more (present value)"),
)
_BOTH = (
    mark("it would cost {amount} more than it saves (present value)"),
    mark("it would save {amount} more than it costs (present value)"),
)


def against(draft: Draft, step: str, start: int | None) -> str:
    """What speaks against another start of a step (None: none at all), all else in the plan as it is: the rules it
    breaks, or what it changes.
    """
    problem, k = draft.tables.problem, draft.tables.number[step]
    rules = draft.broken(k, start)
    if rules:
        return joined([_in_the_way(draft, k, start, rule) for rule in sorted(rules, key=list(BY_NAME).index)])
    first, second = draft.change(k, start)
    objective = objective_of(problem)
    gain = _POINTS if objective.points else _LOSS
    worse, more = (_BOTH, _BOTH) if objective.both else objective.ordered(gain, _COST)
    for change, words, unit in ((first, worse, objective.unit(problem.currency)), (second, more, problem.currency)):
        if abs(change) > SMALL:
            return phrase(words[change < 0], amount=amount(abs(change), unit))
    return phrase("it would make no difference")


def _in_the_way(draft: Draft, k: int, start: int | None, rule: str) -> Phrase:
    if start is None:
        return phrase("it must be done") if rule == "required" else phrase("planned steps need it")
    if rule == "policy_needs" and not draft.tables.steps[k].is_work:
        return phrase("what it asks for is not finished before")
    own = any((other := draft.starts[j]) is None or start < other + gap for j, gap in draft.tables.needs[k])
    if rule == "needs" and not own:
        return phrase("planned steps that need it would start before it is finished")
    return phrase(BY_NAME[rule].short)
