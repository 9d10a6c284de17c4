"""Why a step does not stand elsewhere in a plan: facts about this very plan, each checked by trying the start in question."""

from __future__ import annotations

from stepladder.data.plan import NotPlanned
from stepladder.data.problem import Problem, Step
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.solution.verify import RULES


def reasons(problem: Problem, starts: dict[str, int]) -> dict[str, NotPlanned]:
    """A checked fact for each step that is not planned: every possible start is tried."""
    draft = Draft(Tables(Ledger(problem)), starts)
    return {step.id: _reason(draft, step) for step in problem.steps if step.id not in starts}


def _reason(draft: Draft, step: Step) -> NotPlanned:
    problem, number = draft.tables.problem, draft.tables.number
    k = number[step.id]
    waits = [need.step for need in step.needs if draft.starts[number[need.step]] is None]
    if waits:
        # Whatever the start, what is needed is not there: no need to try each.
        names = " and ".join(draft.tables.ledger.steps[name].title or name for name in waits)
        return NotPlanned(reason="blocked", detail=f"needs {names}, which {'is' if len(waits) == 1 else 'are'} not in this plan")
    broken: dict[str, int] = {}
    changes: list[tuple[float, float]] = []
    for start in range(problem.horizon - step.duration + 1):
        rules = draft.broken(k, start)
        for rule in rules:
            broken[rule] = broken.get(rule, 0) + 1
        if not rules:
            changes.append(draft.change(k, start))
    if not changes:
        return NotPlanned(reason="blocked", detail=_blocked(broken))
    first, second = min(changes)
    if first < -SMALL:
        gain = f"would improve the plan by {-first:,.2f}{_unit(problem)} (present value); the search was stopped before that"
        return NotPlanned(reason="search_stopped", detail=gain)
    return NotPlanned(reason="worsens_objective", detail=_worsens(problem, first, second))


#: Changes of less than this, in currency, are none.
SMALL = 1e-6

_SHORT = {
    "horizon": "it cannot finish within the horizon",
    "earliest": "it may not start that early",
    "pinned_start": "its start is fixed",
    "latest_finish": "its deadline would be missed",
    "needs": "what it needs is not finished in time",
    "needs_any": "none of the alternatives it needs is finished in time",
    "excludes": "a step that excludes it is planned",
    "max_parallel": "too many steps would be in work at once",
    "money": "the budget is used up",
    "money_once": "the investment budget is used up",
    "money_per_year": "the budget for running cost is used up",
    "teams": "the people are fully used",
    "appetite": "expected loss would be above the appetite",
}


#: Of a start that is possible: what it makes worse, and better, in the first criterion and in the second.
_LOSS = ("it would leave {:,.2f}{} more loss (present value)", "it would leave {:,.2f}{} less loss (present value)")
_COST = ("it would cost {:,.2f}{} more (present value)", "it would cost {:,.2f}{} less (present value)")
_BOTH = ("it would cost {:,.2f}{} more than it saves (present value)", "it would save {:,.2f}{} more than it costs (present value)")
_WORSE = {"risk": (_LOSS, _COST), "spend": (_COST, _LOSS), "net": (_BOTH, _BOTH)}


def _blocked(broken: dict[str, int]) -> str:
    """The rules that stand in the way, the one that does so most often first."""
    if not broken:
        return _SHORT["horizon"]
    order = list(RULES)
    rules = sorted(broken, key=lambda rule: (-broken[rule], order.index(rule)))
    return "at every possible start: " + ", or ".join(_SHORT.get(rule, rule) for rule in rules)


def _worsens(problem: Problem, first: float, second: float) -> str:
    words = {
        "risk": ("would leave {:,.2f}{} more loss (present value)", "would remove no loss and cost {:,.2f}{} (present value)"),
        "spend": ("would cost {:,.2f}{} more (present value) and nothing demands it", "would cost nothing and gain nothing"),
        "net": ("would cost {:,.2f}{} more than it saves (present value)", "would cost as much as it saves"),
    }[problem.objective]
    unit = _unit(problem)
    return words[0].format(first, unit) if first > SMALL else words[1].format(second, unit)


def _unit(problem: Problem) -> str:
    return f" {problem.currency}" if problem.currency else ""


def against(draft: Draft, step: str, start: int | None) -> str:
    """What speaks against another start of a step (None: none at all), all else in the plan as it is: the rules it breaks, or what it changes."""
    problem, k = draft.tables.problem, draft.tables.number[step]
    rules = draft.broken(k, start)
    if rules:
        return " and ".join(_in_the_way(draft, k, start, rule) for rule in sorted(rules, key=list(RULES).index))
    first, second = draft.change(k, start)
    worse, more = _WORSE[problem.objective]
    for change, words in ((first, worse), (second, more)):
        if abs(change) > SMALL:
            return words[change < 0].format(abs(change), _unit(problem))
    return "it would make no difference"


def _in_the_way(draft: Draft, k: int, start: int | None, rule: str) -> str:
    if start is None:
        return {"required": "it must be done"}.get(rule, "planned steps need it")
    own = any((held := draft.starts[j]) is None or start < held + gap for j, gap in draft.tables.needs[k])
    if rule == "needs" and not own:
        return "planned steps that need it would start before it is finished"
    return _SHORT.get(rule, rule)
