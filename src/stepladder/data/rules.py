"""The rules of planning: the one list of what a plan must keep to, and of what each rule brings with it.

Whoever adds a rule adds a row here, and a test (``tests/project/test_rules.py``) then asks for all the rest: its fields
in ``data.classes``, its rows with their formula and their golden text, its check in the verifier, in drafts and in the
brute force of the tests, and what it is to give it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: What a rule is as a demand that somebody could give up; see ``data.demand``. A ``fact`` is how things are.
Demanded = Literal["fact", "step", "budget", "team", "parallel", "excludes", "appetite"]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name
        As verifier and drafts call it.
    says
        What holds in every plan.
    short
        What stands in the way of a step that would break it, where a plan says why it leaves one out.
    fields
        The fields of a problem that it reads, beside those that say how long steps take and what they are called.
    rows
        The functions of ``optimise.formulation.rules`` that write it; dates of single steps are no rows, because there
        are no variables outside them.
    demand
        What it is to who asks what would have to give way.
    """

    name: str
    says: str
    short: str
    fields: tuple[str, ...]
    rows: tuple[str, ...]
    demand: Demanded


_WINDOW = ("Window.resource", "Window.from_", "Window.to", "Window.limit", "Problem.windows")
_CAP = (
    *("Appetite.from_", "Appetite.to", "Appetite.threat", "Appetite.expected_loss_per_year", "Problem.appetite"),
    *("Threat.expected_loss_per_year", "Threat.factors", "Problem.threats", "Problem.effect_lag"),
)

RULES: tuple[Rule, ...] = (
    Rule(
        "horizon",
        "every planned step starts and finishes within the horizon",
        "it cannot finish within the horizon",
        ("Problem.periods", "Step.duration"),
        ("started_variables", "once_started"),
        "fact",
    ),
    Rule(
        "earliest",
        "no step starts before its earliest period",
        "it may not start that early",
        ("Step.earliest",),
        ("started_variables",),
        "step",
    ),
    Rule(
        "pinned_start",
        "every pinned step starts in its period",
        "its start is fixed",
        ("Step.start",),
        ("started_variables",),
        "step",
    ),
    Rule(
        "latest_finish",
        "no planned step finishes after its deadline",
        "its deadline would be missed",
        ("Step.latest_finish",),
        ("started_variables",),
        "step",
    ),
    Rule(
        "required",
        "every required or pinned step is planned",
        "it must be done",
        ("Step.required", "Step.start"),
        ("required",),
        "step",
    ),
    Rule(
        "needs",
        "everything a step needs is planned and finished, with its lag, before the step starts",
        "what it needs is not finished in time",
        ("Step.needs", "Need.step", "Need.lag"),
        ("needs",),
        "fact",
    ),
    Rule(
        "needs_any",
        "of every group of alternatives at least one is planned and finished, with its lag, before the step starts",
        "none of the alternatives it needs is finished in time",
        ("Step.needs_any", "Need.step", "Need.lag"),
        ("needs_any",),
        "fact",
    ),
    Rule(
        "excludes",
        "no two steps that exclude each other are planned",
        "a step that excludes it is planned",
        ("Problem.excludes",),
        ("excludes",),
        "excludes",
    ),
    Rule(
        "max_parallel",
        "never more steps in work at once than allowed",
        "too many steps would be in work at once",
        ("Problem.max_parallel", "Problem.max_parallel_by_period"),
        ("max_parallel",),
        "parallel",
    ),
    Rule(
        "money",
        "money in every window is within its limit, to the currency's smallest coin",
        "the budget is used up",
        (*_WINDOW, "Step.once", "Step.per_year", "Period.years", "Problem.currency"),
        ("windows",),
        "budget",
    ),
    Rule(
        "money_once",
        "investment in every window is within its limit, to the currency's smallest coin",
        "the investment budget is used up",
        (*_WINDOW, "Step.once", "Problem.currency"),
        ("windows",),
        "budget",
    ),
    Rule(
        "money_per_year",
        "running cost in every window is within its limit",
        "the budget for running cost is used up",
        (*_WINDOW, "Step.per_year", "Period.years"),
        ("windows",),
        "budget",
    ),
    Rule(
        "teams",
        "every team's person-days in every window are within its limit",
        "the people are fully used",
        (*_WINDOW, "Step.effort"),
        ("windows",),
        "team",
    ),
    Rule(
        "appetite",
        "expected loss is within the appetite whenever one holds",
        "expected loss would be above the appetite",
        _CAP,
        ("appetite_of_threat", "appetite_of_all"),
        "appetite",
    ),
)
#: By name.
BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}
#: Fields that no rule reads: what steps, threats and times are called, and what the objective alone looks at.
NO_RULE = frozenset(
    (
        *("Problem.format", "Problem.title", "Problem.steps", "Problem.tail", "Problem.objective"),
        *("Period.label", "Period.start", "Period.end", "Period.discount", "Tail.years", "Tail.discount"),
        *("Step.id", "Step.title", "Step.value_once", "Step.value_per_year", "Step.points_per_year"),
        *("Threat.id", "Threat.title"),
        *("Threat.events", "Threat.cheaper", "Events.per_year", "Events.median", "Events.sigma"),
        "Window.label",
    )
)
