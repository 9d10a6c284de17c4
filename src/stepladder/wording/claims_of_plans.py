"""How good a plan is, in sentences: each is made of a claim and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stepladder.data.objective import OBJECTIVES
from stepladder.wording import numbers
from stepladder.wording.language import _, mark
from stepladder.wording.numbers import money, money_down

if TYPE_CHECKING:
    from stepladder.analysis.claims import Claim
    from stepladder.data.formats.plan import Plan


def good(plan: Plan, claim: Claim) -> str:
    """How good a plan is: what is proved of every plan, and where this one stands."""
    objective = OBJECTIVES[plan.objective.name]
    unit, what = objective.unit(plan.problem.currency), aims(plan)
    farthest = numbers.money_up if objective.points else money_down
    value, bound = money(objective.shown(claim.high), unit), farthest(objective.shown(claim.low), unit)
    if plan.objective.gap == 0:
        return _(_VERBS[objective.verb].best, value=value, what=what)
    text = _(_VERBS[objective.verb].close, value=value, bound=bound, what=what, wide=_wide(plan, claim, unit))
    if plan.status == "optimal":
        return text
    if plan.wanted_gap is None:
        return _("A better plan may exist. {proved}", proved=text)
    return _(
        "A better plan may exist: the gap is wider than the {gap} that was wanted. {proved}",
        gap=numbers.wanted_gap(plan.wanted_gap),
        proved=text,
    )


def to_the_bound(plan: Plan) -> str:
    """How far a plan is from its proved bound, in a few words; empty where that is no part of its value."""
    gap = plan.objective.gap
    return "" if gap is None else _("Gap to the proved bound: {gap}.", gap=numbers.gap(gap))


def none_with(money: str) -> str:
    """That with so much money there is no plan."""
    return _("With {money} no plan meets all demands: that is proved.", money=money)


def _wide(plan: Plan, claim: Claim, unit: str) -> str:
    """How far apart the plan and the bound are."""
    gap = plan.objective.gap
    if gap is None:
        return _("a difference of {money}", money=money(claim.high - claim.low, unit))
    return _("a gap of {gap}: more work could bring no more than that", gap=numbers.gap(gap))


@dataclass(frozen=True)
class _Verb:
    """What is said of a plan that does this: that none is better, and how near it is to the best."""

    best: str
    close: str


#: By the verb of each objective.
_VERBS = {
    "leave": _Verb(
        mark("Proved: no plan that keeps all the rules can leave less than this one, {value}{what}."),
        mark(
            "Proved: no plan that keeps all the rules can leave less than {bound}{what}; this plan leaves {value},"
            " {wide}."
        ),
    ),
    "cost": _Verb(
        mark("Proved: no plan that keeps all the rules can cost less than this one, {value}{what}."),
        mark(
            "Proved: no plan that keeps all the rules can cost less than {bound}{what}; this plan costs {value},"
            " {wide}."
        ),
    ),
    "come to": _Verb(
        mark("Proved: no plan that keeps all the rules can come to less than this one, {value}{what}."),
        mark(
            "Proved: no plan that keeps all the rules can come to less than {bound}{what}; this plan comes to {value},"
            " {wide}."
        ),
    ),
    "be worth": _Verb(
        mark("Proved: no plan that keeps all the rules can be worth more than this one, {value}{what}."),
        mark(
            "Proved: no plan that keeps all the rules can be worth more than {bound}{what}; this plan is worth {value},"
            " {wide}."
        ),
    ),
}


def aims(plan: Plan) -> str:
    """What the amounts of the objective are of, to follow one of them; points are of nothing but themselves."""
    tail = plan.problem.tail.years
    value = (
        _("(present value, the {years} years after the horizon included)", years=numbers.amount(tail))
        if tail
        else _("(present value)")
    )
    objective = OBJECTIVES[plan.objective.name]
    if objective.points:
        return f" {value}"
    worth = any(step.value_once or step.value_per_year for step in plan.problem.steps)
    return f" {_(_OF[objective.both, objective.risk, objective.risk and worth])} {value}"


#: What an objective is of, by whether it is loss and money, whether loss, and whether steps are worth something.
_OF = {
    (True, True, False): mark("of expected loss and money together"),
    (True, True, True): mark("of expected loss less the worth of its steps and money together"),
    (False, True, False): mark("of expected loss"),
    (False, True, True): mark("of expected loss less the worth of its steps"),
    (False, False, False): mark("of money"),
}
